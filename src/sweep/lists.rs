use crate::{common::named, table::TableArguments};
use chapters::chapter_05_mnist::Activation;
use clap::Args;
use own_data::{
    OptimiserKind, Source,
    sweep::{DataSource, SweepGrid},
};
use std::{path::PathBuf, str::FromStr};

/// What is trained, and which part of it.
#[derive(Args, Debug)]
pub struct Lists {
    /// Hidden units [default: 1,2,3,4,5,20,50; digits: 10,25,50,100]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    hidden: Vec<usize>,
    /// Strengths λ of the L2 penalty, λ/2m · ‖w‖² [default: 0]
    #[arg(long, value_name = "LAMBDA,…", value_delimiter = ',', allow_negative_numbers = true)]
    lambda: Vec<f64>,
    /// Learning rates [default: 1.2 for the rings, otherwise 0.1 for sgd, 0.02 for momentum, 0.003 for
    /// adam]
    #[arg(long, value_name = "RATE,…", value_delimiter = ',', allow_negative_numbers = true)]
    learning_rate: Vec<f64>,
    /// Mini-batch sizes; 0 for the full batch [default: 0 for the rings, otherwise 32]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    batch: Vec<usize>,
    /// Optimisers: sgd, momentum, adam, lbfgs [default: sgd for the rings, otherwise adam]
    #[arg(
        long,
        value_name = "NAME,…",
        value_delimiter = ',',
        value_parser = named::<OptimiserKind>
    )]
    optimiser: Vec<OptimiserKind>,
    /// Activation function of the hidden units: relu, tanh or sigmoid [default: tanh for the rings,
    /// otherwise relu]
    #[arg(long, value_name = "NAME", value_parser = named::<Activation>)]
    activation: Option<Activation>,
    /// Epochs: how often every example is shown [default: 5000 for the rings, otherwise as for `train`]
    #[arg(long, value_name = "N", visible_alias = "iterations")]
    epochs: Option<usize>,
    /// How many seeds, counted up from --seed [default: 20 for the rings, otherwise 5]
    #[arg(long, value_name = "N")]
    seeds: Option<usize>,
    /// Train on your own table of numeric columns and a label column
    #[arg(long, value_name = "FILE", conflicts_with = "digits")]
    data: Option<PathBuf>,
    #[command(flatten)]
    table: TableArguments,
    /// Train on digits of 20×20 or 28×28 pixels
    #[arg(long, value_name = "SIDE", value_parser = side)]
    digits: Option<usize>,
    /// How many digits, of which a fifth is held out
    #[arg(long, value_name = "N", default_value_t = 5000, requires = "digits")]
    examples: usize,
    /// How many runs to make in parallel [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Make only part I of N, to spread a sweep over several machines
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
}

fn side(text: &str) -> Result<usize, String> {
    match text {
        "20" | "20x20" => Ok(20),
        "28" | "28x28" => Ok(28),
        _ => Err("digits have 20×20 or 28×28 pixels: write 20 or 28".to_owned()),
    }
}

impl Lists {
    /// What is to be learned from.
    pub fn data_source(&self) -> DataSource {
        let digest = String::new();
        match (&self.data, self.digits) {
            (Some(data), _) => {
                let (data, table) = (data.clone(), self.table.options());
                let source = Source::File { data, table, transpose: false };
                DataSource::Own { source, digest }
            }
            (_, Some(side)) => DataSource::Digits { side, examples: self.examples, digest },
            _ => DataSource::Rings,
        }
    }

    /// What suits the data and this number of training examples, with the reader's lists.
    pub fn grid(&self, seed: u64, data: DataSource, examples: usize) -> SweepGrid {
        fn or<T: Clone>(asked: &[T], otherwise: Vec<T>) -> Vec<T> {
            if asked.is_empty() { otherwise } else { asked.to_vec() }
        }
        let usual = SweepGrid::usual(data, examples, &self.optimiser);
        let optimiser = or(&self.optimiser, usual.optimiser.clone());
        // A learning rate that suits one optimiser need not suit another
        let rate = if optimiser == usual.optimiser { usual.learning_rate } else { vec![0.0] };
        let activation = self.activation.unwrap_or(usual.activation);
        SweepGrid {
            hidden: or(&self.hidden, usual.hidden),
            lambda: or(&self.lambda, usual.lambda),
            learning_rate: or(&self.learning_rate, rate),
            batch: or(&self.batch, usual.batch),
            optimiser,
            activation,
            initialisation: match self.activation {
                Some(activation) => activation.suited_initialisation(),
                None => usual.initialisation,
            },
            epochs: self.epochs.unwrap_or(usual.epochs),
            patience: usual.patience.filter(|_| self.epochs.is_none()),
            seeds: self.seeds.unwrap_or(usual.seeds),
            seed,
            data: usual.data,
        }
    }
}

/// One of several parts of a sweep.
#[derive(Clone, Copy, Debug)]
pub struct Shard {
    /// Which part, from 1.
    pub part: usize,
    /// How many there are.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| {
            let (part, of) = (part.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&part).then_some(Self { part, of })
        });
        numbers.ok_or_else(|| "write the part and the number of parts, such as 2/3".to_owned())
    }
}
