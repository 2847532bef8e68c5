use crate::{
    Error,
    chapters::chapter_05_mnist::{Activation, Initialisation, Method, Schedule, Training},
};
use serde::{Deserialize, Serialize};

/// How a network is to be built and trained.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Recipe {
    /// Units of each hidden layer; none for a network without.
    pub hidden: Vec<usize>,
    /// What the hidden units make of their sums.
    pub activation: Activation,
    /// How wide starting weights are spread.
    pub initialisation: Initialisation,
    /// How a gradient moves the weights.
    pub optimiser: Optimiser,
    /// How far; [`Optimiser::Lbfgs`] finds its steps itself.
    pub learning_rate: f64,
    /// What becomes of the rate.
    pub schedule: Schedule,
    /// How many examples are shown at once; 0 for all.
    pub batch: usize,
    /// How often every example is shown; for L-BFGS, how many steps it takes.
    pub epochs: usize,
    /// The price of large weights: the cost has `λ/2m · ‖w‖²` added to it.
    pub lambda: f64,
    /// The share of the examples that is set aside to judge by.
    pub validation: f64,
    /// Stop after so many epochs in which the cost of those was no lower, and go back to the best.
    pub patience: Option<usize>,
    /// Where all random numbers come from.
    pub seed: u64,
    /// Whether mini-batches are learned from by the code of chapter 5 instead of chapter 6's.
    pub plain: bool,
}

/// By which rule weights move.
///
/// [In the book](../../../book/experiments.html#which-optimiser)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimiser {
    /// Down the gradient of a mini-batch.
    Sgd,
    /// The same, with momentum 0.9.
    Momentum,
    /// Adam, chapter 5.
    Adam,
    /// L-BFGS, chapter 4, on all examples at once.
    Lbfgs,
}

impl Optimiser {
    /// The rule for mini-batches, where it is one.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Sgd => Some(Method::Sgd),
            Self::Momentum => Some(Method::Momentum),
            Self::Adam => Some(Method::Adam),
            Self::Lbfgs => None,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sgd => "sgd",
            Self::Momentum => "momentum",
            Self::Adam => "adam",
            Self::Lbfgs => "lbfgs",
        }
    }

    /// A rate that suits most data whose numbers are of the size 1.
    pub fn usual_rate(self) -> f64 {
        match self {
            Self::Sgd => 0.1,
            Self::Momentum => 0.02,
            Self::Adam => 0.003,
            Self::Lbfgs => 1.0,
        }
    }
}

impl Recipe {
    /// Refuses what nothing can be trained with.
    pub fn check(&self) -> Result<(), Error> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        for &units in &self.hidden {
            let usable = (1..=LARGEST_LAYER).contains(&units);
            Error::unless(usable, "number of hidden units", "from 1 to 100000", units)?;
        }
        let rate = self.learning_rate;
        Error::unless(positive(rate), "learning rate", "a positive number", rate)?;
        Error::unless(self.epochs > 0, "number of epochs", "at least 1", self.epochs)?;
        let usable = self.lambda == 0.0 || positive(self.lambda);
        Error::unless(usable, "price λ", "0 or a positive number", self.lambda)?;
        let usable = (0.0..1.0).contains(&self.validation);
        Error::unless(usable, "share set aside", "from 0 to less than 1", self.validation)?;
        let usable = self.patience != Some(0);
        Error::unless(usable, "patience", "at least 1 epoch", 0)?;
        let judged = self.patience.is_none() || self.validation > 0.0;
        Error::unless(judged, "share set aside", "above 0 where there is patience", 0)?;
        let stepwise = self.batch == 0 || self.optimiser != Optimiser::Lbfgs;
        Error::unless(stepwise, "batch", "left out for L-BFGS, which sees all examples", self.batch)
    }

    /// How many epochs it takes to show so many examples in a few thousand mini-batches.
    pub fn epochs_for(examples: usize, batch: usize) -> usize {
        FEWEST_STEPS.div_ceil(examples.div_ceil(batch).max(1))
    }

    /// How mini-batches are learned from, out of `m` examples.
    pub fn training(&self, m: usize) -> Training {
        Training {
            epochs: self.epochs,
            mini_batch: if self.batch == 0 { m } else { self.batch.min(m) },
            method: self.optimiser.method().unwrap_or(Method::Sgd),
            learning_rate: self.learning_rate,
            schedule: self.schedule,
            weight_decay: 0.0,
            lambda: self.lambda,
            error_threshold: None,
        }
    }
}

/// No layer is larger: a slip of the finger would fill the memory.
const LARGEST_LAYER: usize = 100_000;
/// Fewer mini-batches than this teach a network little.
const FEWEST_STEPS: usize = 3000;
