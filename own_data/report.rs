use super::{Calibration, Epoch, Judged, Source, Split, TrainConfig, Trainer};
use chapters::{
    chapter_05_mnist::{Examples, decide, logits},
    metrics::{
        ClassScores, balanced_accuracy, class_counts, commonest, confusion, scores_by_class,
    },
    report::percent,
};
use serde::{Deserialize, Serialize};

/// The result of a training run.
///
/// [In the book](../../book/experiments.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TrainingReport {
    /// What was learned from.
    pub source: Source,
    /// How.
    #[serde(rename = "recipe")]
    pub config: TrainConfig,
    /// Sizes of all layers.
    pub sizes: Vec<usize>,
    /// What the classes are called.
    pub classes: Vec<String>,
    /// How many examples were learned from.
    pub examples: usize,
    /// How many were held out for validation.
    pub held_out: usize,
    /// The result of each epoch.
    pub history: Vec<Epoch>,
    /// The epoch whose network was kept, counted from 1.
    pub kept: usize,
    /// How that network does on the training examples.
    pub on_training: Judged,
    /// What always predicting the class frequencies would cost on those.
    pub cost_of_guessing: f64,
    /// What the reader should know if anything went wrong.
    pub warning: Option<String>,
    /// How it does on the validation examples.
    pub on_held_out: Option<Judged>,
    /// How it does on each class: on the validation examples, or on the training examples if there are
    /// none.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How far its probabilities can be trusted, if there are validation examples.
    pub calibration: Option<Calibration>,
}

/// How a network does on each class.
///
/// [In the book](../../book/experiments.html#is-it-better-than-always-giving-one-answer)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Verdict {
    /// How often each class (rows) was read as each (columns).
    pub confusion: Vec<Vec<usize>>,
    /// Precision, recall and F1 of each class.
    pub by_class: Vec<ClassScores>,
    /// The mean recall of the classes.
    pub balanced_accuracy: f64,
    /// The most frequent class.
    pub commonest: String,
    /// The accuracy that always answering it would reach.
    pub commonest_share: f64,
}

impl Verdict {
    /// Sums up which class (`labels`) was read as which; there is at least one example.
    pub fn new(
        read: impl IntoIterator<Item = usize>,
        labels: &[usize],
        classes: &[String],
    ) -> Self {
        let counts = confusion(read, labels.iter().copied(), classes.len());
        let confusion: Vec<Vec<usize>> = counts.outer_iter().map(|row| row.to_vec()).collect();
        let by_class = scores_by_class(&confusion);
        let frequent = commonest(&class_counts(labels, classes.len()));
        let (class, commonest_share) = frequent.unwrap_or((0, f64::NAN));
        Self {
            balanced_accuracy: balanced_accuracy(&by_class),
            commonest: classes[class].clone(),
            confusion,
            by_class,
            commonest_share,
        }
    }

    /// The share of the examples that was read correctly.
    pub fn accuracy(&self) -> f64 {
        let right: usize = self.confusion.iter().enumerate().map(|(class, row)| row[class]).sum();
        right as f64 / self.confusion.iter().flatten().sum::<usize>() as f64
    }

    /// Whether one class makes up most of the examples, so that accuracy alone says little.
    pub fn is_lopsided(&self) -> bool {
        self.commonest_share > 0.5
    }

    /// What always giving the commonest answer would reach.
    pub fn baseline(&self) -> String {
        let (class, share) = (&self.commonest, percent(self.commonest_share));
        format!("always answering {class} would reach {share}")
    }

    /// What to tell the reader about a network that does no better than that where one class makes up most
    /// of the examples.
    pub fn warning(&self) -> Option<String> {
        let is_other = self.commonest_share < 1.0;
        let is_no_better = self.accuracy() <= self.commonest_share;
        (self.is_lopsided() && is_other && is_no_better).then(|| {
            format!(
                "the network reaches {}, but {}: look at the recall of each class, and add examples of \
                 the rare ones",
                percent(self.accuracy()),
                self.baseline()
            )
        })
    }
}

impl TrainingReport {
    /// Evaluates the network that is kept on everything once more.
    pub fn new(source: Source, split: &Split, trainer: &Trainer) -> Self {
        let network = trainer.chosen();
        let judge = |examples: &Examples<f32>| {
            (!examples.is_empty()).then(|| Judged::new(network, examples))
        };
        let shown = if split.held_out.is_empty() { &split.train } else { &split.held_out };
        let read = decide(logits(network, shown).view());
        let verdict = Verdict::new(read, &shown.labels, &split.classes);
        let on_training = Judged::new(network, &split.train);
        let cost_of_guessing = split.cost_of_guessing();
        let costs = trainer.history.iter().map(|epoch| epoch.cost);
        // What stopped early has stopped falling
        let is_whole = trainer.history.len() == trainer.config.epochs;
        let costs: Vec<f64> = costs.filter(|_| is_whole).collect();
        let warnings =
            [trainer.config.warning(on_training.cost, cost_of_guessing, &costs), verdict.warning()];
        let warnings: Vec<String> = warnings.into_iter().flatten().collect();
        Self {
            source,
            config: trainer.config.clone(),
            sizes: split.sizes(&trainer.config.hidden),
            classes: split.classes.clone(),
            examples: split.train.len(),
            held_out: split.held_out.len(),
            history: trainer.history.clone(),
            kept: trainer.kept_epoch(),
            on_training,
            cost_of_guessing,
            warning: (!warnings.is_empty()).then(|| warnings.join("; ")),
            on_held_out: judge(&split.held_out),
            verdict,
            calibration: (!split.held_out.is_empty())
                .then(|| Calibration::new(network, &split.held_out)),
        }
    }

    /// Why training stopped before its last epoch, if patience ran out.
    pub fn stopped(&self) -> Option<String> {
        let (patience, last) = (self.config.patience?, self.history.len());
        (last < self.config.epochs && last == self.kept + patience).then(|| {
            format!(
                "Stopped after epoch {last}: no lower validation cost for {patience} epochs; \
                 `--epochs N` trains exactly N"
            )
        })
    }
}
