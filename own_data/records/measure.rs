//! Trains the networks of a record, keeps each in a folder, and judges them.

use super::{Corpus, Hardware, Measured, Misread, Record};
use crate::{
    Archive, Source, Split, TrainConfig, Trainer,
    checkpoint::parameters,
    formats::{Labelled, TableOptions},
};
use chapters::{
    CourseError,
    chapter_05_mnist::{Examples, probabilities},
    chapter_06_speed::{Width, logits, operations},
    dataset::{DataError, DigitSet, DigitSource, Digits, scale_to_unit},
    metrics::{argmax, mean_and_deviation},
    progress::{Step, Watch},
    random::seeds,
};
use ndarray::{Array2, Ix1, array};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The test digits of MNIST, and as many penned ones.
const TEST: usize = 10_000;
/// A sheet shows at most this many misread digits.
const SHEET: usize = 100;
/// The shortest time between checkpoints.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_secs(5);

/// Trains all networks of a record and judges them. Each is kept in `folder` while it trains and afterwards,
/// so that a break costs a few seconds. `mnist` is the folder with MNIST, if there is one.
///
/// # Errors
/// If the record cannot be run, digits not be read or a checkpoint not be written, or if a training diverges.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
pub fn measure(
    record: &Record,
    mnist: Option<&Path>,
    folder: &Path,
    watch: Watch,
) -> Result<Measured, CourseError> {
    record.check()?;
    let [train, test] = digits(record, mnist)?;
    let examples = Labelled::from(train);
    let test_examples = Examples::of_digits(&test, scale_to_unit);
    let (mut errors, mut seconds, mut weights, mut billions) = (Vec::new(), 0.0, 0, 0.0);
    let mut sum: Option<Array2<f32>> = None;
    let seeds = seeds(record.config.seed, record.networks);
    for (seed, path) in seeds.zip(record.networks_in(folder)) {
        let config = TrainConfig { seed, ..record.config.clone() };
        let split = Split::new(&examples, config.validation, seed)?;
        let task = format!("{}, seed {seed}", record.name);
        let told = |step: &Step| watch(&Step { task: &task, ..*step });
        let Trained { trainer, seconds: taken } = trained(&config, &split, &path, &told)?;
        // What it took
        let sizes = split.sizes(&config.hidden);
        seconds += taken;
        weights += parameters(&sizes);
        billions += operations(&sizes, trainer.history.len() * split.train.len());
        // How it reads
        let has_own = !split.held_out.is_empty();
        let judged_on = if has_own { &split.held_out } else { &test_examples };
        let p = probabilities(logits(trainer.chosen(), judged_on, Width::in_use()).view());
        errors.push(error(&p, &judged_on.labels));
        if !has_own {
            sum = Some(sum.map_or_else(|| p.clone(), |sum| sum + &p));
        }
    }
    let together = sum.map(|sum| sum / record.networks as f32);
    let misread = together.as_ref().map_or_else(Vec::new, |p| misread(p, &test.labels));
    Ok(Measured {
        error: match &together {
            Some(p) => error(p, &test.labels),
            None => mean_and_deviation(&errors).0,
        },
        errors,
        seconds,
        weights,
        operations: billions,
        misread: if misread.len() <= SHEET { misread } else { Vec::new() },
        hardware: Hardware::here(),
    })
}

/// Digits to learn from and digits to be judged on.
fn digits(record: &Record, mnist: Option<&Path>) -> Result<[Digits; 2], CourseError> {
    let load = |corpus| {
        let source = match (corpus, mnist) {
            (Corpus::Penned, _) => DigitSource::Penned,
            (_, Some(folder)) => DigitSource::Mnist(folder.to_owned()),
            (_, None) => {
                let error =
                    DataError::plain(format!("{} needs MNIST, which is not here", record.name));
                return Err(error.remedy(FETCH));
            }
        };
        source.load(record.digits, TEST, record.config.seed)
    };
    let DigitSet { train, test, .. } = load(record.learns_from)?;
    let judged_on = match record.judged_on {
        same if same == record.learns_from => test,
        Corpus::MnistTraining => load(Corpus::Mnist)?.train.range(0..TEST),
        other => load(other)?.test,
    };
    Ok([train, judged_on])
}

/// Where MNIST comes from.
const FETCH: &str = "run `handwritten fetch mnist`, or name its folder with `--data-dir DIR`";

/// A trained network, and in how many seconds.
struct Trained {
    trainer: Trainer,
    seconds: f64,
}

/// Trains a network, or continues to, from its checkpoint in this file.
fn trained(
    config: &TrainConfig,
    split: &Split,
    path: &Path,
    watch: Watch,
) -> Result<Trained, CourseError> {
    let Trained { mut trainer, mut seconds } = begun(config, split, path)?;
    let (mut start, mut saved) = (Instant::now(), Instant::now());
    trainer.learn(split, watch, |trainer| {
        seconds += start.elapsed().as_secs_f64();
        if saved.elapsed() >= BETWEEN_CHECKPOINTS {
            save(trainer, seconds, path)?;
            saved = Instant::now();
        }
        start = Instant::now();
        Ok::<_, CourseError>(())
    })?;
    save(&trainer, seconds, path)?;
    Ok(Trained { trainer, seconds })
}

/// Writes a checkpoint that knows how long it took so far. What is learned from, the record knows.
fn save(trainer: &Trainer, seconds: f64, path: &Path) -> Result<(), DataError> {
    let (data, table) = (PathBuf::new(), TableOptions::default());
    let mut archive = trainer.save_checkpoint(&Source::File { data, table, transpose: false }, "");
    archive.put_double(SECONDS, &array![seconds]);
    archive.write(path)
}

/// A network before its first epoch, or as its checkpoint left it.
fn begun(config: &TrainConfig, split: &Split, path: &Path) -> Result<Trained, CourseError> {
    if !path.exists() {
        return Ok(Trained { trainer: Trainer::begin(config, split)?, seconds: 0.0 });
    }
    let refuse = |reason: String| {
        let error = DataError::new(path, format!("cannot be continued: {reason}"));
        error.remedy("remove it, or name another folder with `--out`")
    };
    let archive = Archive::read(path, refuse)?;
    let trainer = Trainer::load_checkpoint(&archive, split).map_err(refuse)?;
    if trainer.config != *config {
        return Err(refuse("it is a network with other settings".to_owned()).into());
    }
    let seconds = archive.array::<Ix1>(SECONDS).map_err(refuse)?;
    Ok(Trained { trainer, seconds: seconds.sum() })
}

/// Where a checkpoint keeps how long it took so far.
const SECONDS: &str = "seconds";

/// The examples whose most probable class is another than their label: their positions, and that class.
fn wrong(p: &Array2<f32>, labels: &[usize]) -> Vec<(usize, usize)> {
    let read = argmax(p.view());
    read.into_iter().enumerate().filter(|&(i, read)| read != labels[i]).collect()
}

/// The share of such examples.
fn error(p: &Array2<f32>, labels: &[usize]) -> f64 {
    wrong(p, labels).len() as f64 / labels.len() as f64
}

/// The digits that were misread.
fn misread(p: &Array2<f32>, labels: &[usize]) -> Vec<Misread> {
    let describe = |(index, read): (usize, usize)| Misread {
        index,
        label: labels[index],
        read,
        sure: p[[index, read]].into(),
        of_label: p[[index, labels[index]]].into(),
        picture: None,
    };
    wrong(p, labels).into_iter().map(describe).collect()
}
