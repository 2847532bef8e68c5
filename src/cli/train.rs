use super::{
    arguments::{Common, named},
    error::Error,
    output::{self, Workplace},
    progress::Progress,
};
use chapters::{
    chapter_05_mnist::{Activation, Initialisation, Schedule},
    dataset::atomic_file,
    metrics::quantile,
    progress::Step,
    report::{percent, short},
};
use clap::Args;
use own_data::{
    Archive, Checkpoint, Epoch, Error as WorkbenchError, Model, OptimiserKind, Source, Split,
    TrainConfig, Trainer, TrainingReport,
    formats::{Labelled, list},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Train a network on examples of your own
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten train --data iris.csv --label species
  handwritten train --data moons.csv --hidden 8,8 --activation tanh --optimiser lbfgs
  handwritten train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --hidden 128,64 --patience 3
  handwritten train --resume

A table has a row of headings, one column of labels, and numbers in all others. Into --out go the
model, a checkpoint after each epoch, a report, the learning curves and a table of confusions.")]
pub struct Train {
    /// Pictures in an IDX file, plain or .gz
    #[arg(long, value_name = "FILE", requires = "labels")]
    images: Option<PathBuf>,
    /// Their labels in an IDX file
    #[arg(long, value_name = "FILE", requires = "images")]
    labels: Option<PathBuf>,
    /// Examples in one file: CSV, or what `handwritten data export` writes
    #[arg(long, value_name = "FILE", conflicts_with_all = ["images", "labels"])]
    data: Option<PathBuf>,
    /// The heading of a table's column of labels [default: `label`, or else the last]
    #[arg(long, value_name = "COLUMN", requires = "data")]
    label: Option<String>,
    #[command(flatten)]
    pub settings: Settings,
    /// The share of the examples that is set aside to judge by [default: 0.2]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Stop after so many epochs without a lower cost on those, and keep the best network
    #[arg(long, value_name = "EPOCHS")]
    patience: Option<usize>,
    /// Go on where a training into the same folder was left
    #[arg(long)]
    resume: bool,
    /// Take the plain steps of chapter 5 instead of chapter 6's faster ones
    #[arg(long)]
    plain: bool,
    /// Begin anew in a folder that holds a training already
    #[arg(long, conflicts_with = "resume")]
    overwrite: bool,
}

/// How a network is built and trained.
#[derive(Args, Debug)]
pub struct Settings {
    /// Units of each hidden layer, such as 128,64; 0 for none [default: 100]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    hidden: Vec<usize>,
    /// What hidden units make of their sums: relu, tanh or sigmoid [default: relu]
    #[arg(long, value_name = "NAME", value_parser = named::<Activation>)]
    activation: Option<Activation>,
    /// How weights move: sgd, momentum, adam or lbfgs [default: adam]
    #[arg(long, value_name = "NAME", value_parser = named::<OptimiserKind>)]
    optimiser: Option<OptimiserKind>,
    /// How far they move [default: 0.1 for sgd, 0.02 for momentum, 0.003 for adam]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// How the rate changes: constant, linear_to_zero or warm_up [default: linear_to_zero]
    #[arg(long, value_name = "NAME", value_parser = named::<Schedule>)]
    schedule: Option<Schedule>,
    /// How many examples are shown at once; 0 for all [default: 32; lbfgs: all]
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// How often every example is shown [default: 20, or more for few examples; lbfgs: 200]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// The price of large weights, λ/2m · ‖w‖² [default: 0]
    #[arg(long, value_name = "LAMBDA", allow_negative_numbers = true)]
    lambda: Option<f64>,
}

/// Checkpoints are no closer together than this, unless epochs are longer.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_millis(200);

/// Trains a network, or goes on with one, and writes what came of it.
pub fn run(common: &Common, arguments: &Train) -> Result<(), Error> {
    let folder = Folder(common.out(super::arguments::TRAINED));
    let _workplace = Workplace::enter(&folder.0)?;
    let Begun { source, digest, task, mut learner } = if arguments.resume {
        folder.resume(common, arguments)?
    } else {
        folder.begin(common, arguments)?
    };
    let progress = Progress::new(common.quiet);
    let clock = Mutex::new(Clock { since: Instant::now(), epochs: Vec::new() });
    let clock = || clock.lock().unwrap_or_else(PoisonError::into_inner);
    let watch = |step: &Step| {
        clock().stop();
        progress.show(step);
    };
    let mut last = Instant::now();
    let mut warned = false;
    let learned = learner.learn(&task, &watch, |learner| {
        if last.elapsed() >= BETWEEN_CHECKPOINTS {
            last = Instant::now();
            folder.keep(learner, &source, &digest)?;
        }
        if let Some(warning) = learner.warning(&task).filter(|_| !warned) {
            warned = true;
            progress.warn(&warning);
        }
        clock().since = Instant::now();
        Ok::<_, Error>(())
    });
    progress.clear();
    learned?;
    folder.keep(&learner, &source, &digest)?;
    let seconds = quantile(&clock().epochs, 0.5);
    folder.finish(common, source, task, &learner, seconds)
}

/// How long epochs take, without the checkpoints in between.
struct Clock {
    since: Instant,
    epochs: Vec<f64>,
}

impl Clock {
    fn stop(&mut self) {
        self.epochs.push(self.since.elapsed().as_secs_f64());
    }
}

/// A training before its next epoch.
struct Begun {
    source: Source,
    digest: String,
    task: Split,
    learner: Trainer,
}

/// Where a training is kept.
struct Folder(PathBuf);

impl Folder {
    fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint.safetensors")
    }

    fn begin(&self, common: &Common, arguments: &Train) -> Result<Begun, Error> {
        if self.checkpoint().exists() && !arguments.overwrite {
            return Err(Error::TrainingThere { path: self.0.clone() });
        }
        let source = arguments.source().ok_or(Error::NothingToLearn)?;
        let examples = source.read()?;
        let recipe = arguments.recipe(common.seed(), usual(&examples));
        recipe.check()?;
        let task = Split::new(&examples, recipe.validation, recipe.seed)?;
        if recipe.patience.is_some() && task.held_out.is_empty() {
            return Err(WorkbenchError::NoneAside { found: task.train.len() }.into());
        }
        let learner = Trainer::begin(&recipe, &task)?;
        warn_of(&Progress::new(common.quiet), &examples, &task);
        Ok(Begun { source, digest: examples.digest(), task, learner })
    }

    fn resume(&self, common: &Common, arguments: &Train) -> Result<Begun, Error> {
        let path = self.checkpoint();
        if !path.exists() {
            return Err(Error::NoTraining { path: self.0.clone() });
        }
        let refuse = |reason| Error::DamagedCheckpoint { path: path.clone(), reason };
        let archive = Archive::read(&path).map_err(|error| match error {
            WorkbenchError::NotAModel { reason, .. } => refuse(reason),
            other => other.into(),
        })?;
        let Checkpoint { source, digest, config: recipe, .. } = archive.about().map_err(refuse)?;
        let asked = arguments.recipe(common.seed.unwrap_or(recipe.seed), recipe.clone());
        asked.check()?;
        refuse_other(&self.0, &recipe, &asked)?;
        let source = arguments.source().unwrap_or(source);
        let examples = source.read()?;
        if examples.digest() != digest {
            return Err(Error::OtherExamples { path: self.0.clone() });
        }
        let task = Split::new(&examples, recipe.validation, recipe.seed)?;
        let mut learner = Trainer::load_checkpoint(&archive, &task).map_err(refuse)?;
        learner.config = asked;
        Ok(Begun { source, digest, task, learner })
    }

    fn keep(&self, learner: &Trainer, source: &Source, digest: &str) -> Result<(), Error> {
        Ok(learner.save_checkpoint(source, digest).write(&self.checkpoint())?)
    }

    fn finish(
        &self,
        common: &Common,
        source: Source,
        task: Split,
        learner: &Trainer,
        seconds_per_epoch: f64,
    ) -> Result<(), Error> {
        let report = TrainingReport::new(source, &task, learner);
        learner.check(report.kept, report.on_training)?;
        if let Some(warning) = &report.warning {
            Progress::new(common.quiet).warn(warning);
        }
        let Split { classes, input, .. } = task;
        let model = self.0.join("model.safetensors");
        Model { network: learner.chosen().clone(), classes, input }.write(&model)?;
        write_curves(&self.0.join("curves.csv"), &report.history)?;
        output::write(&self.0.join("report.json"), &serde_json::to_vec_pretty(&report)?)?;
        for figure in figures::training::figures(&report) {
            output::draw(&self.0, &figure, common.format)?;
        }
        if common.json {
            let mut told = serde_json::to_value(&report)?;
            // Not in the report, which is the same each time
            told["seconds_per_epoch"] = json!(seconds_per_epoch);
            return output::print_json(&told);
        }
        output::print_line(&told(&report, &model))
    }
}

/// Examples that teach nothing, or the opposite of each other, deserve a word.
fn warn_of(progress: &Progress, examples: &Labelled, task: &Split) {
    let constant = examples.constant_columns();
    if !constant.is_empty() {
        let verb = if constant.len() == 1 { "is" } else { "are" };
        let names = list(constant.into_iter());
        progress.warn(&format!("{names} {verb} the same in every row, and will teach nothing"));
    }
    for (feature, number) in task.drowned(examples) {
        progress.warn(&format!(
            "{} in {feature:?} is so far from all others that these look the same beside it: correct \
             it, or leave its example out",
            short(number)
        ));
    }
    let contradictions = examples.contradictions();
    if contradictions > 0 {
        let all = examples.labels.len();
        progress.warn(&format!(
            "{contradictions} of {all} examples look the same as one of another class: no network \
             can be right about both; check their labels"
        ));
    }
    let unseen = task.unseen_classes();
    if !unseen.is_empty() {
        let names = list(unseen.into_iter());
        progress.warn(&format!(
            "there is no example of {names} among those learned from: bring more of each class, or \
             lower the share set aside with `--validation`"
        ));
    }
}

fn told(report: &TrainingReport, model: &Path) -> String {
    let sizes: Vec<String> = report.sizes.iter().map(usize::to_string).collect();
    let right = |error: f64| percent(1.0 - error);
    let held_out = report.on_held_out.map_or_else(String::new, |judged| {
        format!(", and {} of {} set aside", right(judged.error), report.held_out)
    });
    format!(
        "{} after {}: {} of {} examples learned from are right{held_out}.\nThe model is {}, \
         with report and figures beside it; `handwritten predict` uses it.",
        sizes.join("-"),
        if report.kept == 1 { "1 epoch".to_owned() } else { format!("{} epochs", report.kept) },
        right(report.on_training.error),
        report.examples,
        model.display()
    )
}

fn write_curves(path: &Path, history: &[Epoch]) -> Result<(), Error> {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    atomic_file::write(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(["epoch", "training_cost", "held_out_cost", "held_out_error"])?;
        for (n, Epoch { cost, held_out }) in (1..).zip(history) {
            let [held_out_cost, error] = [held_out.map(|j| j.cost), held_out.map(|j| j.error)];
            let epoch: usize = n;
            table.write_record([
                epoch.to_string(),
                cost.to_string(),
                number(held_out_cost),
                number(error),
            ])?;
        }
        Ok::<_, csv::Error>(table.flush()?)
    })
    .map_err(|source| Error::Unwritable { path: path.to_owned(), source: source.into() })
}

/// What suits examples of this kind.
fn usual(examples: &Labelled) -> TrainConfig {
    TrainConfig {
        hidden: vec![100],
        activation: Activation::Relu,
        initialisation: Initialisation::He,
        optimiser: OptimiserKind::Adam,
        learning_rate: 0.0,
        schedule: Schedule::LinearToZero,
        batch: 32,
        epochs: TrainConfig::epochs_for(examples.labels.len(), 32).max(20),
        lambda: 0.0,
        validation: 0.2,
        patience: None,
        seed: 1,
        plain: false,
    }
}

impl Train {
    fn source(&self) -> Option<Source> {
        if let Some(data) = &self.data {
            return Some(Source::File { data: data.clone(), label: self.label.clone() });
        }
        let (images, labels) = (self.images.clone()?, self.labels.clone()?);
        Some(Source::Idx { images, labels })
    }

    fn recipe(&self, seed: u64, base: TrainConfig) -> TrainConfig {
        let base = self.settings.over(base);
        let validation = self.validation.unwrap_or(base.validation);
        let patience = self.patience.or(base.patience);
        TrainConfig { validation, patience, seed, plain: self.plain || base.plain, ..base }
    }
}

impl Settings {
    /// What was asked for in place of another recipe's settings.
    fn over(&self, base: TrainConfig) -> TrainConfig {
        let optimiser = self.optimiser.unwrap_or(base.optimiser);
        let changed = optimiser != base.optimiser || base.learning_rate == 0.0;
        let lbfgs = optimiser == OptimiserKind::Lbfgs && changed;
        let activation = self.activation.unwrap_or(base.activation);
        TrainConfig {
            hidden: match self.hidden.as_slice() {
                [] => base.hidden,
                [0] => Vec::new(),
                units => units.to_vec(),
            },
            activation,
            initialisation: activation.suited_initialisation(),
            optimiser,
            learning_rate: self.learning_rate.unwrap_or(if changed {
                optimiser.usual_rate()
            } else {
                base.learning_rate
            }),
            schedule: self.schedule.unwrap_or(base.schedule),
            batch: self.batch.unwrap_or(if lbfgs { 0 } else { base.batch }),
            epochs: self.epochs.unwrap_or(if lbfgs { 200 } else { base.epochs }),
            lambda: self.lambda.unwrap_or(base.lambda),
            ..base
        }
    }
}

/// Refuses to go on with other settings; more epochs are fine where they change nothing before.
fn refuse_other(folder: &Path, begun: &TrainConfig, asked: &TrainConfig) -> Result<(), Error> {
    let mut begun = begun.clone();
    if begun.schedule == Schedule::Constant || begun.optimiser == OptimiserKind::Lbfgs {
        begun.epochs = asked.epochs;
    }
    let differences = output::differences(&begun, asked);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::OtherTraining { path: folder.to_owned(), differences: differences.join(", ") })
}
