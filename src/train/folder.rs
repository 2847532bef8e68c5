use super::{arguments::Train, told};
use crate::{common::Common, error::Error, output, progress::Progress};
use chapters::{
    chapter_05_mnist::Schedule,
    dataset::{DataError, atomic_file},
    report::short,
};
use own_data::{
    Archive, Checkpoint, Epoch, Model, OptimiserKind, Provenance, Source, Split, TrainConfig,
    Trainer, TrainingReport,
    formats::{Inputs, Labelled, Loaded, lie_on_their_side, list},
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
        let progress = Progress::new(common.quiet);
        let Loaded { examples, encoding, notes } = source.read()?;
        progress.note(&notes);
        let mut config = arguments.usual_config(common.seed(), examples.labels.len());
        config.check()?;
        let split = Split::new(&examples, config.validation, config.seed)?.with_encoding(encoding);
        if arguments.patience.is_none() && split.held_out.is_empty() {
            config.patience = None;
        }
        if config.patience.is_some() && split.held_out.is_empty() {
            let found = split.train.len();
            return Err(DataError::plain(format!(
                "none of {found} examples is held out for validation, which `--patience` needs: \
                 raise the share with `--validation`, or leave `--patience` out"
            ))
            .into());
        }
        let trainer = Trainer::begin(&config, &split)?;
        warn_of(&progress, &examples, &split);
        warn_of_side(&progress, &examples.inputs, &examples.names(), arguments.transpose);
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
        let transpose = source.is_transposed();
        if arguments.transpose && !transpose {
            let differences = "transpose is now true but was false".to_owned();
            return Err(Error::OtherTraining { path: self.0.clone(), differences });
        }
        let elsewhere = arguments.source().map(|asked| asked.with_transposition(transpose));
        let source = elsewhere.unwrap_or(source);
        let Loaded { examples, encoding, .. } = source.read()?;
        if examples.digest() != digest {
            return Err(Error::OtherExamples { path: self.0.clone() });
        }
        let split = Split::new(&examples, config.validation, config.seed)?.with_encoding(encoding);
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
        (source, digest): (Source, String),
        split: Split,
        trainer: &Trainer,
        seconds_per_epoch: f64,
    ) -> Result<(), Error> {
        let report = TrainingReport::new(source, &split, trainer);
        trainer.check(report.kept, report.on_training)?;
        if let Some(warning) = &report.warning {
            Progress::new(common.quiet).warn(warning);
        }
        let Split { classes, input, ranges, .. } = split;
        let model = self.0.join("model.safetensors");
        let network = trainer.chosen().clone();
        let provenance = Some(Provenance {
            source: report.source.clone(),
            digest,
            config: report.config.clone(),
            on_held_out: report.on_held_out,
        });
        let temperature = report.calibration.as_ref().map_or(1.0, |found| found.temperature);
        Model { network, classes, input, temperature, ranges, provenance }.write(&model)?;
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
        told::print(&report, &model)?;
        key.map_or(Ok(()), |key| output::print_line(&format!("{explained} {key}")))
    }
}

/// Warns of digits or letters that seem to lie on their side.
pub fn warn_of_side(progress: &Progress, inputs: &Inputs, names: &[String], transposed: bool) {
    let Inputs::Pictures(pictures) = inputs else { return };
    if lie_on_their_side(pictures.view(), names) {
        let remedy = if transposed { "leave `--transpose` out" } else { "try `--transpose`" };
        progress.warn(&format!(
            "if the pictures are digits or letters, they seem to lie on their side: most are wider than \
             tall; {remedy}"
        ));
    }
}

/// Warns of examples that teach nothing, or that contradict each other.
pub fn warn_of(progress: &Progress, examples: &Labelled, split: &Split) {
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
    if begun.schedule == Some(Schedule::Constant) || begun.optimiser == OptimiserKind::Lbfgs {
        begun.epochs = asked.epochs;
    }
    let differences = output::differences(&begun, asked);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::OtherTraining { path: folder.to_owned(), differences: differences.join(", ") })
}
