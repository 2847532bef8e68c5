use super::{Epoch, Judged, Source, Split, TrainConfig, Trainer};
use chapters::{
    chapter_05_mnist::{Examples, decide, logits},
    metrics::confusion,
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
    /// How often each class (rows) was read as each (columns): on the validation examples, or on the
    /// training examples if there are none.
    pub confusion: Vec<Vec<usize>>,
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
        let counts = confusion(read, shown.labels.iter().copied(), split.classes.len());
        let kept = match trainer.best {
            Some(_) => trainer.best_epoch(),
            None => trainer.history.len(),
        };
        let on_training = Judged::new(network, &split.train);
        let cost_of_guessing = split.cost_of_guessing();
        Self {
            source,
            config: trainer.config.clone(),
            sizes: split.sizes(&trainer.config.hidden),
            classes: split.classes.clone(),
            examples: split.train.len(),
            held_out: split.held_out.len(),
            history: trainer.history.clone(),
            kept,
            on_training,
            cost_of_guessing,
            warning: trainer.config.warning(on_training.cost, cost_of_guessing),
            on_held_out: judge(&split.held_out),
            confusion: counts.outer_iter().map(|row| row.to_vec()).collect(),
        }
    }
}
