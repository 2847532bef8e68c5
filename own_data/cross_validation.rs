use super::{Judged, Source, Split, TrainConfig, Trainer, Verdict, formats::Labelled, stratified};
use chapters::{
    CourseError,
    chapter_05_mnist::{Examples, decide},
    chapter_06_speed::{Width, logits},
    dataset::DataError,
    metrics::mean_and_deviation,
    progress::{Step, Watch},
    random::{Purpose, stream},
    report::counted,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How networks with the same settings do, each trained without one part of the examples and tested on
/// it: every example is tested on once, by a network that has not seen it (Kohavi, *A Study of
/// Cross-Validation and Bootstrap for Accuracy Estimation and Model Selection*, 1995).
///
/// [In the book](../../book/experiments.html#how-much-is-luck)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CrossValidation {
    /// What was learned from.
    pub source: Source,
    /// How.
    #[serde(rename = "recipe")]
    pub config: TrainConfig,
    /// What the classes are called.
    pub classes: Vec<String>,
    /// Each part and how it was read.
    pub folds: Vec<Fold>,
    /// Mean and sample standard deviation of the accuracy over the folds.
    pub accuracy: [f64; 2],
    /// Mean and sample standard deviation of the cost over the folds.
    pub cost: [f64; 2],
    /// What the reader should know if anything went wrong.
    pub warning: Option<String>,
    /// How the networks do on each class, over all examples.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// One part of the examples, and the network that was tested on it.
///
/// [In the book](../../book/experiments.html#how-much-is-luck)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Fold {
    /// How many examples were learned from.
    pub examples: usize,
    /// How many others were held out to tell when to stop.
    pub held_out: usize,
    /// How many are in this part, and were tested on.
    pub tested: usize,
    /// The epoch whose network was tested, counted from 1.
    pub kept: usize,
    /// How it did.
    pub on_tested: Judged,
}

/// The true class of each example of a fold, and the class that it was read as.
struct Tested {
    fold: Fold,
    labels: Vec<usize>,
    read: Vec<usize>,
}

impl CrossValidation {
    /// Trains and tests a network for each of `folds` parts, at the same time; the result is the same on
    /// any number of threads.
    ///
    /// # Errors
    /// If there are fewer than two folds, or more than examples of some class; if the examples or the
    /// settings do not suit a network; or if a cost overflows or becomes NaN.
    pub fn new(
        source: Source,
        examples: &Labelled,
        config: &TrainConfig,
        folds: usize,
        watch: Watch,
    ) -> Result<Self, CourseError> {
        CourseError::unless(folds >= 2, "number of folds", "at least 2", folds)?;
        refuse_small_classes(examples, folds)?;
        let mut rng = stream(config.seed, Purpose::HeldOut);
        let parts = stratified::folds(&examples.labels, folds, &mut rng);
        let done = AtomicUsize::new(0);
        let test = |part: &Vec<usize>| {
            let tested = Tested::new(examples, part, config)?;
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            let cost = Some(tested.fold.on_tested.cost);
            watch(&Step { task: "folds", unit: "fold", done, total: folds, cost });
            Ok(tested)
        };
        let tested = parts.par_iter().map(test).collect::<Result<Vec<_>, CourseError>>()?;
        let labels: Vec<usize> = tested.iter().flat_map(|fold| fold.labels.clone()).collect();
        let read = tested.iter().flat_map(|fold| fold.read.clone());
        let verdict = Verdict::new(read, &labels, &examples.classes);
        let over_folds = |value: fn(Judged) -> f64| {
            let values: Vec<f64> = tested.iter().map(|one| value(one.fold.on_tested)).collect();
            let (mean, deviation) = mean_and_deviation(&values);
            [mean, deviation]
        };
        Ok(Self {
            source,
            config: config.clone(),
            classes: examples.classes.clone(),
            accuracy: over_folds(|judged| 1.0 - judged.error),
            cost: over_folds(|judged| judged.cost),
            warning: verdict.warning(),
            verdict,
            folds: tested.into_iter().map(|tested| tested.fold).collect(),
        })
    }
}

impl Tested {
    /// Trains a network on all examples but those of one part, as a single training run would, and tests
    /// it on that part.
    fn new(examples: &Labelled, part: &[usize], config: &TrainConfig) -> Result<Self, CourseError> {
        let mut is_tested = vec![false; examples.labels.len()];
        for &i in part {
            is_tested[i] = true;
        }
        let others: Vec<usize> = (0..is_tested.len()).filter(|&i| !is_tested[i]).collect();
        let split = Split::new(&examples.choose(&others), config.validation, config.seed)?;
        let patience = config.patience.filter(|_| !split.held_out.is_empty());
        let mut trainer = Trainer::begin(&TrainConfig { patience, ..config.clone() }, &split)?;
        trainer.learn(&split, &|_| (), |_| Ok::<_, CourseError>(()))?;
        let part = examples.choose(part);
        let mut shown = split.input.read(&part.inputs)?;
        shown.labels = part.labels;
        let kept = trainer.kept_epoch();
        let on_tested = Judged::new(trainer.chosen(), &shown);
        trainer.check(kept, on_tested)?;
        let read = decide(logits(trainer.chosen(), &shown, Width::in_use()).view()).to_vec();
        let [examples, held_out] = [&split.train, &split.held_out].map(Examples::len);
        let fold = Fold { examples, held_out, tested: read.len(), kept, on_tested };
        Ok(Self { fold, labels: shown.labels, read })
    }
}

/// Refuses more folds than some class has examples: then it would be missing in some.
fn refuse_small_classes(examples: &Labelled, folds: usize) -> Result<(), DataError> {
    let counts = examples.counts();
    let Some((class, &count)) = counts.iter().enumerate().min_by_key(|&(_, &count)| count) else {
        return Ok(());
    };
    if folds <= count {
        return Ok(());
    }
    let found = counted(count, "example", "examples");
    let cure = if count < 2 {
        "at least two: add some, or leave its only one out".to_owned()
    } else {
        format!("at most {count} folds: lower `--folds`, or add examples of the class")
    };
    let name = &examples.classes[class];
    Err(DataError::plain(format!(
        "the class {name:?} has {found}, too few for each of {folds} folds to test on one"
    ))
    .expected(cure))
}
