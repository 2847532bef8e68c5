use super::arguments::{Train, usual};
use crate::{common::Common, error::Error, output, progress::Progress};
use chapters::{
    chapter_05_mnist::Schedule,
    dataset::{DataError, atomic_file},
    report::{counted, percent, short},
};
use own_data::{
    Archive, Checkpoint, Epoch, Model, OptimiserKind, Source, Split, TrainConfig, Trainer,
    TrainingReport,
    formats::{Labelled, list},
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A training run before its next epoch.
pub struct Begun {
    pub source: Source,
    pub digest: String,
    pub split: Split,
    pub trainer: Trainer,
}

/// The folder of a training run.
pub struct Folder(pub PathBuf);

impl Folder {
    fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint.safetensors")
    }

    pub fn begin(&self, common: &Common, arguments: &Train) -> Result<Begun, Error> {
        if self.checkpoint().exists() && !arguments.overwrite {
            return Err(Error::TrainingThere { path: self.0.clone() });
        }
        let source = arguments.source().ok_or(Error::NothingToLearn)?;
        let examples = source.read()?;
        let config = arguments.config(common.seed(), usual(&examples));
        config.check()?;
        let split = Split::new(&examples, config.validation, config.seed)?;
        if config.patience.is_some() && split.held_out.is_empty() {
            let found = split.train.len();
            return Err(DataError::plain(format!(
                "none of {found} examples is held out for validation, which `--patience` needs: \
                 raise the share with `--validation`, or leave `--patience` out"
            ))
            .into());
        }
        let trainer = Trainer::begin(&config, &split)?;
        warn_of(&Progress::new(common.quiet), &examples, &split);
        Ok(Begun { source, digest: examples.digest(), split, trainer })
    }

    pub fn resume(&self, common: &Common, arguments: &Train) -> Result<Begun, Error> {
        let path = self.checkpoint();
        if !path.exists() {
            return Err(Error::NoTraining { path: self.0.clone() });
        }
        let refuse = |reason| Error::DamagedCheckpoint { path: path.clone(), reason };
        let archive = Archive::read(&path, refuse)?;
        let Checkpoint { source, digest, config, .. } = archive.about().map_err(refuse)?;
        let asked = arguments.config(common.seed.unwrap_or(config.seed), config.clone());
        asked.check()?;
        refuse_other(&self.0, &config, &asked)?;
        let source = arguments.source().unwrap_or(source);
        let examples = source.read()?;
        if examples.digest() != digest {
            return Err(Error::OtherExamples { path: self.0.clone() });
        }
        let split = Split::new(&examples, config.validation, config.seed)?;
        let mut trainer = Trainer::load_checkpoint(&archive, &split).map_err(refuse)?;
        trainer.config = asked;
        Ok(Begun { source, digest, split, trainer })
    }

    pub fn keep(&self, trainer: &Trainer, source: &Source, digest: &str) -> Result<(), Error> {
        Ok(trainer.save_checkpoint(source, digest).write(&self.checkpoint())?)
    }

    pub fn finish(
        &self,
        common: &Common,
        source: Source,
        split: Split,
        trainer: &Trainer,
        seconds_per_epoch: f64,
    ) -> Result<(), Error> {
        let report = TrainingReport::new(source, &split, trainer);
        trainer.check(report.kept, report.on_training)?;
        if let Some(warning) = &report.warning {
            Progress::new(common.quiet).warn(warning);
        }
        let Split { classes, input, .. } = split;
        let model = self.0.join("model.safetensors");
        Model { network: trainer.chosen().clone(), classes, input }.write(&model)?;
        write_curves(&self.0.join("curves.csv"), &report.history)?;
        output::write(&self.0.join("report.json"), &serde_json::to_vec_pretty(&report)?)?;
        for figure in figures::training::figures(&report) {
            output::draw(&self.0, &figure, common.format)?;
        }
        let names = figures::training::names(&report);
        let explained = names.explained().unwrap_or_default();
        let key = output::write_key(&self.0.join("names.csv"), &[names])?;
        if common.json {
            let mut told = serde_json::to_value(&report)?;
            // Not in the report, which is the same every time
            told["seconds_per_epoch"] = json!(seconds_per_epoch);
            return output::print_json(&told);
        }
        output::print_line(&told(&report, &model))?;
        key.map_or(Ok(()), |key| output::print_line(&format!("{explained} {key}")))
    }
}

/// Warns of examples that teach nothing, or that contradict each other.
fn warn_of(progress: &Progress, examples: &Labelled, split: &Split) {
    let constant = examples.constant_columns();
    if !constant.is_empty() {
        let (verb, ending) = if constant.len() == 1 { ("is", "es") } else { ("are", "") };
        let names = list(constant.into_iter());
        progress
            .warn(&format!("{names} {verb} the same in every row, and so teach{ending} nothing"));
    }
    for (feature, number) in split.drowned(examples) {
        progress.warn(&format!(
            "the value {} of {feature:?} is so far from all others that they look identical beside \
             it: correct it, or leave its example out",
            short(number)
        ));
    }
    let contradictions = examples.contradictions();
    if contradictions > 0 {
        let all = examples.labels.len();
        progress.warn(&format!(
            "{contradictions} of {all} examples are identical to one of another class: no network can \
             get both right; check their labels"
        ));
    }
    let unseen = split.unseen_classes();
    if !unseen.is_empty() {
        let names = list(unseen.into_iter());
        progress.warn(&format!(
            "there is no training example of {names}: add more of each class, or lower the share held \
             out with `--validation`"
        ));
    }
}

fn told(report: &TrainingReport, model: &Path) -> String {
    let sizes: Vec<String> = report.sizes.iter().map(usize::to_string).collect();
    let accuracy = |error: f64| percent(1.0 - error);
    let held_out = report.on_held_out.map_or_else(String::new, |judged| {
        format!(", {} on {} validation examples", accuracy(judged.error), report.held_out)
    });
    format!(
        "{} after {}: accuracy {} on {} training examples{held_out}.\nThe model is {}, with report \
         and figures beside it; `handwritten predict` uses it.",
        sizes.join("-"),
        counted(report.kept, "epoch", "epochs"),
        accuracy(report.on_training.error),
        report.examples,
        model.display()
    )
}

fn write_curves(path: &Path, history: &[Epoch]) -> Result<(), Error> {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    atomic_file::write(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(["epoch", "training_cost", "held_out_cost", "held_out_error"])?;
        for (epoch, Epoch { cost, held_out }) in (1_usize..).zip(history) {
            let [held_out_cost, error] = [held_out.map(|j| j.cost), held_out.map(|j| j.error)];
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

/// Refuses to continue with other settings; more epochs are fine if they change nothing before.
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
