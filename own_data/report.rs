use super::{Epoch, Judged, Part, Source, Split, TrainConfig, Trainer};
use chapters::{
    chapter_05_mnist::{decide, logits},
    metrics::confusion,
};
use serde::{Deserialize, Serialize};

/// What came of a training.
///
/// [In the book](../../book/experiments.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Report {
    /// What was learned from.
    pub source: Source,
    /// How.
    pub recipe: TrainConfig,
    /// Sizes of all layers.
    pub sizes: Vec<usize>,
    /// What the classes are called.
    pub classes: Vec<String>,
    /// How many examples were learned from.
    pub examples: usize,
    /// How many were set aside.
    pub held_out: usize,
    /// What each epoch brought.
    pub history: Vec<Epoch>,
    /// The epoch whose network was kept, counted from 1.
    pub kept: usize,
    /// How that network does on what it learned from.
    pub on_training: Judged,
    /// What always guessing the shares of the classes would cost on those.
    pub cost_of_guessing: f64,
    /// What the reader should know, if anything went wrong.
    pub warning: Option<String>,
    /// How it does on what was set aside.
    pub on_held_out: Option<Judged>,
    /// How often each class (rows) was taken for each (columns): of the examples set aside, or of
    /// those learned from where none were.
    pub confusion: Vec<Vec<usize>>,
}

impl Report {
    /// Lets the network that is kept look at everything once more.
    pub fn new(source: Source, task: &Split, learner: &Trainer) -> Self {
        let network = learner.chosen();
        let judge = |part: &Part| (!part.is_empty()).then(|| Judged::new(network, part));
        let shown = if task.held_out.is_empty() { &task.train } else { &task.held_out };
        let read = decide(logits(network, &shown.examples()).view());
        let counts = confusion(read, shown.labels.iter().copied(), task.classes.len());
        let kept = match learner.best {
            Some(_) => learner.best_epoch(),
            None => learner.history.len(),
        };
        let on_training = Judged::new(network, &task.train);
        let cost_of_guessing = task.cost_of_guessing();
        Self {
            source,
            recipe: learner.recipe.clone(),
            sizes: task.sizes(&learner.recipe.hidden),
            classes: task.classes.clone(),
            examples: task.train.len(),
            held_out: task.held_out.len(),
            history: learner.history.clone(),
            kept,
            on_training,
            cost_of_guessing,
            warning: learner.recipe.warning(on_training.cost, cost_of_guessing),
            on_held_out: judge(&task.held_out),
            confusion: counts.outer_iter().map(|row| row.to_vec()).collect(),
        }
    }
}
