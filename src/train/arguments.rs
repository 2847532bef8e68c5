use super::augment;
use crate::{common::named, table::TableArguments};
use chapters::{
    chapter_05_mnist::{Activation, Schedule},
    chapter_07_augmentation::Amounts,
};
use clap::Args;
use own_data::{OptimiserKind, Source, TrainConfig};
use std::path::PathBuf;

/// Train a network on your own examples
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten train --data iris.csv --label species
  handwritten train --data moons.csv --hidden 8,8 --activation tanh --optimiser lbfgs
  handwritten train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --hidden 128,64 --patience 3
  handwritten train --data titanic.csv --label Survived --drop Name,Ticket,Cabin --one-hot Sex,Embarked --missing mean
  handwritten train --data emnist.npz --transpose
  handwritten train --data digits.npz --augment
  handwritten train --data letters.npz --augment affine,elastic=30
  handwritten train --data iris.csv --label species --folds 5
  handwritten train --resume

A table has one column of labels, and numbers in all other columns; its first row names them. It may be
.csv, .tsv, .txt or .data, plain or .gz, with any usual separator. Arrays of NumPy and Keras may have any of
the usual names, types and shapes. The model, a
checkpoint after each epoch, a report, the learning curves and the confusion matrix go to --out.")]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Train {
    /// Pictures in an IDX file, plain or .gz, or in an array of NumPy's
    #[arg(long, value_name = "FILE", requires = "labels")]
    images: Option<PathBuf>,
    /// Their labels in another
    #[arg(long, value_name = "FILE", requires = "images")]
    labels: Option<PathBuf>,
    /// Examples in one file: a table (- for standard input), or any other format of `handwritten data
    /// export`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["images", "labels"])]
    data: Option<PathBuf>,
    #[command(flatten)]
    table: TableArguments,
    /// Swap rows and columns of pictures, as those of EMNIST need
    #[arg(long)]
    pub transpose: bool,
    /// Distort pictures, in every epoch differently; to choose how, name shift, affine or elastic, or
    /// amounts such as shift=2,angle=10,scale=0.1,elastic=30,sigma=5
    #[arg(long, value_name = "HOW", num_args = 0..=1, default_missing_value = "shift,affine,elastic", value_parser = augment::amounts)]
    augment: Option<Amounts>,
    #[command(flatten)]
    settings: Settings,
    /// The share of the examples that is held out for validation [default: 0.2]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Stop after this many epochs without a lower validation cost, and keep the best network
    #[arg(long, value_name = "EPOCHS")]
    pub patience: Option<usize>,
    /// Keep the mean of the weights of this many last epochs
    #[arg(long, value_name = "EPOCHS", conflicts_with = "patience")]
    average: Option<usize>,
    /// Cross-validate instead: train without each of K parts, test on it, and report mean and deviation;
    /// no model is kept
    #[arg(long, value_name = "K", conflicts_with_all = ["resume", "overwrite"])]
    pub folds: Option<usize>,
    /// Continue the training run in the same folder where it stopped
    #[arg(long)]
    pub resume: bool,
    /// Train with chapter 5's plain code instead of chapter 6's faster code
    #[arg(long)]
    plain: bool,
    /// Start over in a folder that already holds a training run
    #[arg(long, conflicts_with = "resume")]
    pub overwrite: bool,
}

/// How a network is built and trained.
#[derive(Args, Debug)]
struct Settings {
    /// Units of each hidden layer, such as 128,64; 0 for no hidden layer [default: 100]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    hidden: Vec<usize>,
    /// Activation function of the hidden units: relu, tanh or sigmoid [default: relu]
    #[arg(long, value_name = "NAME", value_parser = named::<Activation>)]
    activation: Option<Activation>,
    /// Optimiser: sgd, momentum, adam or lbfgs [default: adam]
    #[arg(long, value_name = "NAME", value_parser = named::<OptimiserKind>)]
    optimiser: Option<OptimiserKind>,
    /// Learning rate [default: 0.1 for sgd, 0.02 for momentum, 0.003 for adam]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// Schedule of the learning rate: constant, linear_to_zero or warm_up [default: linear_to_zero]
    #[arg(long, value_name = "NAME", value_parser = named::<Schedule>)]
    schedule: Option<Schedule>,
    /// Mini-batch size; 0 for the full batch [default: 32; lbfgs: full batch]
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Epochs: how often every example is shown [default: at most 20, or more for few examples, with
    /// --patience 20; lbfgs: at most 200]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// Strength λ of the L2 penalty, λ/2m · ‖w‖² [default: 0]
    #[arg(long, value_name = "LAMBDA", allow_negative_numbers = true)]
    lambda: Option<f64>,
}

impl Train {
    pub fn source(&self) -> Option<Source> {
        if let Some(data) = &self.data {
            let (data, table) = (data.clone(), self.table.options());
            return Some(Source::File { data, table, transpose: self.transpose });
        }
        let (images, labels) = (self.images.clone()?, self.labels.clone()?);
        Some(Source::Idx { images, labels, transpose: self.transpose })
    }

    /// What suits this many examples, with the settings asked for.
    pub fn usual_config(&self, seed: u64, examples: usize) -> TrainConfig {
        let optimiser = self.settings.optimiser.unwrap_or(OptimiserKind::Adam);
        let mut usual = TrainConfig::usual(examples, optimiser);
        // Epochs that were asked for are made, and without validation nothing tells when to stop
        if self.settings.epochs.is_some() || self.validation == Some(0.0) || self.average.is_some()
        {
            usual.patience = None;
        }
        self.config(seed, usual)
    }

    /// A configuration with the settings asked for in place of its own.
    pub fn config(&self, seed: u64, base: TrainConfig) -> TrainConfig {
        let base = self.settings.over(base);
        let validation = self.validation.unwrap_or(base.validation);
        let patience = self.patience.or(base.patience);
        let augment = self.augment.or(base.augment);
        let average = self.average.or(base.average);
        TrainConfig {
            validation,
            patience,
            augment,
            average,
            seed,
            plain: self.plain || base.plain,
            ..base
        }
    }
}

impl Settings {
    /// Another configuration, with the settings asked for in place of its own.
    fn over(&self, base: TrainConfig) -> TrainConfig {
        let optimiser = self.optimiser.unwrap_or(base.optimiser);
        // What suits one optimiser need not suit another
        let base = if optimiser == base.optimiser { base } else { base.with_optimiser(optimiser) };
        let activation = self.activation.unwrap_or(base.activation);
        TrainConfig {
            hidden: match self.hidden.as_slice() {
                [] => base.hidden,
                [0] => Vec::new(),
                units => units.to_vec(),
            },
            activation,
            initialisation: activation.suited_initialisation(),
            learning_rate: self.learning_rate.or(base.learning_rate),
            schedule: self.schedule.or(base.schedule),
            batch: self.batch.unwrap_or(base.batch),
            epochs: self.epochs.unwrap_or(base.epochs),
            lambda: self.lambda.unwrap_or(base.lambda),
            ..base
        }
    }
}
