use chapters::{
    CourseError, Setting,
    chapter_05_mnist::{Activation, Initialisation, Method, Schedule, Training},
    dataset::DataError,
    report::{advice_on_rate, grouped, short, worse_than_guessing},
};
use serde::{Deserialize, Serialize};

/// How a network is to be built and trained.
///
/// [In the book](../../book/experiments.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TrainConfig {
    /// Units of each hidden layer; none for a network without.
    pub hidden: Vec<usize>,
    /// What the hidden units make of their sums.
    pub activation: Activation,
    /// How wide starting weights are spread.
    pub initialisation: Initialisation,
    /// How a gradient moves the weights.
    pub optimiser: OptimiserKind,
    /// How far; [`OptimiserKind::Lbfgs`] finds its steps itself.
    pub learning_rate: f64,
    /// What becomes of the rate.
    pub schedule: Schedule,
    /// How many examples are shown at once; 0 for all.
    pub batch: usize,
    /// How often every example is shown; for L-BFGS, how many steps it takes.
    pub epochs: usize,
    /// The L2 penalty: the cost has `λ/2m · ‖w‖²` added to it.
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
/// [In the book](../../book/experiments.html#which-optimiser)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimiserKind {
    /// Down the gradient of a mini-batch.
    Sgd,
    /// The same, with momentum 0.9.
    Momentum,
    /// Adam, chapter 5.
    Adam,
    /// L-BFGS, chapter 4, on all examples at once.
    Lbfgs,
}

impl OptimiserKind {
    /// The rule for mini-batches, where it is one.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Sgd => Some(Method::Sgd),
            Self::Momentum => Some(Method::Momentum),
            Self::Adam => Some(Method::Adam),
            Self::Lbfgs => None,
        }
    }

    /// The memory that a training takes: for each weight, as measured, with what the optimiser
    /// remembers, a gradient and a checkpoint that is being written; and for each unit and each example
    /// shown at once, by counting arrays.
    fn bytes(self) -> [u128; 2] {
        match self {
            Self::Sgd | Self::Momentum => [48, 12],
            Self::Adam => [64, 12],
            // Ten pairs of vectors in double precision; examples are learned from in parts
            Self::Lbfgs => [700, 8],
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
        self.method().map_or(1.0, Method::usual_rate)
    }
}

impl TrainConfig {
    /// Refuses what nothing can be trained with, whatever the examples.
    pub fn check(&self) -> Result<(), CourseError> {
        self.hidden.iter().try_for_each(|&units| Setting::HIDDEN.check(units))?;
        Setting::LEARNING_RATE.check(self.learning_rate)?;
        Setting::EPOCHS.check(self.epochs)?;
        let usable = (0.0..=LARGEST_LAMBDA).contains(&self.lambda);
        CourseError::unless(usable, "price λ", "from 0 to 1e9", short(self.lambda))?;
        let usable = (0.0..1.0).contains(&self.validation);
        CourseError::unless(usable, "share set aside", "from 0 to less than 1", self.validation)?;
        let usable = self.patience != Some(0);
        CourseError::unless(usable, "patience", "at least 1 epoch", 0)?;
        let judged = self.patience.is_none() || self.validation > 0.0;
        CourseError::unless(judged, "share set aside", "above 0 where there is patience", 0)?;
        let stepwise = self.batch == 0 || self.optimiser != OptimiserKind::Lbfgs;
        CourseError::unless(
            stepwise,
            "batch",
            "left out for L-BFGS, which sees all examples",
            self.batch,
        )
    }

    /// Refuses a network of layers of these sizes that would not fit into the memory, and an L2
    /// penalty that undoes all that `m` examples teach.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn check_for(&self, sizes: &[usize], m: usize) -> Result<(), DataError> {
        if sizes[0] > MOST_FEATURES {
            let [found, most] = [sizes[0], MOST_FEATURES].map(grouped);
            return Err(DataError::plain(format!("the examples have {found} features")).expected(
                format!("at most {most}: leave columns out, or make the pictures smaller"),
            ));
        }
        let weights: u128 = sizes.windows(2).map(|s| (s[0] as u128 + 1) * s[1] as u128).sum();
        let units: u128 = sizes.iter().map(|&units| units as u128).sum();
        let [per_weight, per_unit] = self.optimiser.bytes();
        let at_once = self.training(m).mini_batch;
        let bytes = weights * per_weight + units * at_once as u128 * per_unit;
        if bytes > MOST_BYTES {
            return Err(too_large(sizes, weights, at_once, bytes));
        }
        // One step of descent takes this share of every weight away
        let rate = self.learning_rate.min(self.optimiser.usual_rate());
        let share = rate * self.lambda / m as f64;
        match self.optimiser {
            OptimiserKind::Sgd | OptimiserKind::Momentum if share > 1.0 => {
                let (lambda, rate) = (short(self.lambda), short(rate));
                Err(DataError::plain(format!(
                    "the price λ of {lambda} is too high for {m} examples and the learning rate \
                     {rate}: it alone would carry every weight past 0 in each step"
                ))
                .remedy("try 1"))
            }
            _ => Ok(()),
        }
    }

    /// What to tell the reader of a network whose cost at the end is no lower than that of guessing,
    /// and what to do about it.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn warning(&self, cost: f64, guessing: f64) -> Option<String> {
        let [rate, usual] = match self.optimiser {
            // It finds its steps itself
            OptimiserKind::Lbfgs => [1.0; 2],
            _ => [self.learning_rate, self.optimiser.usual_rate()],
        };
        let advice = if self.lambda > 0.0 && rate <= usual {
            let less = if self.lambda > 1.0 { 1.0 } else { 0.0 };
            format!("if that is for the price λ of {}, try {less}", short(self.lambda))
        } else if self.hidden.len() > DEEP && rate <= usual {
            "try fewer hidden layers".to_owned()
        } else {
            advice_on_rate(cost, guessing, rate, usual)
        };
        worse_than_guessing("the network", cost, guessing, &advice)
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

/// Refuses a network that would fill the memory: units of each layer, weights and biases between
/// them, examples shown at once, and what all this takes.
fn too_large(sizes: &[usize], weights: u128, at_once: usize, bytes: u128) -> DataError {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let (sizes, at_once) = (sizes.join("-"), grouped(at_once));
    let weights = grouped(usize::try_from(weights).unwrap_or(usize::MAX));
    let gigabytes = short((bytes as f64 / 1e8).ceil() / 10.0);
    DataError::plain(format!(
        "the network {sizes} has {weights} weights, and takes {gigabytes} GB to train with {at_once} \
         examples at once"
    ))
    .expected(format!(
        "at most {} GB: take fewer hidden units with `--hidden`, fewer examples at once with \
         `--batch`, or leave columns out",
        short(MOST_BYTES as f64 / 1e9)
    ))
}

/// With this penalty one weight of 0.001 costs more than any mistake, whatever the number of examples.
const LARGEST_LAMBDA: f64 = 1e9;
/// The names and scales of more do not fit into the head of a `.safetensors` file, 100 MB at most.
const MOST_FEATURES: usize = 1_000_000;
/// The memory that a training may take: what a small computer has to spare.
const MOST_BYTES: u128 = 2_000_000_000;
/// More hidden layers than this hand hardly any gradient on, without tricks of later years.
const DEEP: usize = 5;
/// Fewer mini-batches than this teach a network little.
const FEWEST_STEPS: usize = 3000;
