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
    /// Units of each hidden layer; none for a network without any.
    pub hidden: Vec<usize>,
    /// Activation function of the hidden units.
    pub activation: Activation,
    /// How the initial weights are drawn.
    pub initialisation: Initialisation,
    /// How a gradient moves the weights.
    pub optimiser: OptimiserKind,
    /// Learning rate; [`OptimiserKind::Lbfgs`] finds its step sizes itself.
    pub learning_rate: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Size of mini-batches; 0 for the full batch.
    pub batch: usize,
    /// How often every example is shown; for L-BFGS, how many steps it takes.
    pub epochs: usize,
    /// Strength λ of the L2 penalty: `λ/2m · ‖w‖²` is added to the cost.
    pub lambda: f64,
    /// The share of the examples that is held out for validation.
    pub validation: f64,
    /// Stop after this many epochs without a lower validation cost, and go back to the best.
    pub patience: Option<usize>,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Whether mini-batches are trained on by chapter 5's code instead of chapter 6's.
    pub plain: bool,
}

/// The rule by which weights move.
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
    /// The rule for mini-batches, if it is one.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Sgd => Some(Method::Sgd),
            Self::Momentum => Some(Method::Momentum),
            Self::Adam => Some(Method::Adam),
            Self::Lbfgs => None,
        }
    }

    /// The memory that training takes: for each weight, as measured, including the state of the
    /// optimiser, a gradient and a checkpoint that is being written; and for each unit and each example
    /// of a mini-batch, by counting arrays.
    fn bytes(self) -> [u128; 2] {
        match self {
            Self::Sgd | Self::Momentum => [48, 12],
            Self::Adam => [64, 12],
            // Ten pairs of vectors in double precision; the examples are processed in pieces
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

    /// A learning rate that suits most data whose numbers are of the order of 1.
    pub fn usual_rate(self) -> f64 {
        self.method().map_or(1.0, Method::usual_rate)
    }
}

impl TrainConfig {
    /// Refuses what cannot be trained with, whatever the examples.
    pub fn check(&self) -> Result<(), CourseError> {
        self.hidden.iter().try_for_each(|&units| Setting::HIDDEN.check(units))?;
        Setting::LEARNING_RATE.check(self.learning_rate)?;
        Setting::EPOCHS.check(self.epochs)?;
        let usable = (0.0..=LARGEST_LAMBDA).contains(&self.lambda);
        CourseError::unless(usable, "L2 penalty λ", "from 0 to 1e9", short(self.lambda))?;
        let usable = (0.0..1.0).contains(&self.validation);
        CourseError::unless(usable, "validation share", "from 0 to less than 1", self.validation)?;
        let usable = self.patience != Some(0);
        CourseError::unless(usable, "patience", "at least 1 epoch", 0)?;
        let judged = self.patience.is_none() || self.validation > 0.0;
        CourseError::unless(judged, "validation share", "above 0 with `--patience`", 0)?;
        let stepwise = self.batch == 0 || self.optimiser != OptimiserKind::Lbfgs;
        CourseError::unless(
            stepwise,
            "mini-batch size",
            "left out for L-BFGS, which uses all examples at once",
            self.batch,
        )
    }

    /// Refuses a network with layers of these sizes if it would not fit into memory, and an L2 penalty
    /// that undoes everything that `m` examples teach.
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
        // One step of gradient descent takes away this share of every weight
        let rate = self.learning_rate.min(self.optimiser.usual_rate());
        let share = rate * self.lambda / m as f64;
        match self.optimiser {
            OptimiserKind::Sgd | OptimiserKind::Momentum if share > 1.0 => {
                let (lambda, rate) = (short(self.lambda), short(rate));
                Err(DataError::plain(format!(
                    "the L2 penalty λ = {lambda} is too strong for {m} examples and a learning rate of \
                     {rate}: it alone would push every weight past 0 in each step"
                ))
                .remedy("try 1"))
            }
            _ => Ok(()),
        }
    }

    /// What to tell the reader about a network whose final cost is no lower than that of guessing, and
    /// what to do about it.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn warning(&self, cost: f64, guessing: f64) -> Option<String> {
        let [rate, usual] = match self.optimiser {
            // It finds its step sizes itself
            OptimiserKind::Lbfgs => [1.0; 2],
            _ => [self.learning_rate, self.optimiser.usual_rate()],
        };
        let advice = if self.lambda > 0.0 && rate <= usual {
            let less = if self.lambda > 1.0 { 1.0 } else { 0.0 };
            format!("if the L2 penalty λ = {} is the reason, try {less}", short(self.lambda))
        } else if self.hidden.len() > DEEP && rate <= usual {
            "try fewer hidden layers".to_owned()
        } else {
            advice_on_rate(cost, guessing, rate, usual)
        };
        worse_than_guessing("the network", cost, guessing, &advice)
    }

    /// How many epochs make a few thousand mini-batches out of this many examples.
    pub fn epochs_for(examples: usize, batch: usize) -> usize {
        FEWEST_STEPS.div_ceil(examples.div_ceil(batch).max(1))
    }

    /// How to train on mini-batches out of `m` examples.
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

/// Refuses a network that would fill the memory: the units of each layer, the weights and biases between
/// them, the examples of a mini-batch, and the memory that all this takes.
fn too_large(sizes: &[usize], weights: u128, at_once: usize, bytes: u128) -> DataError {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let (sizes, at_once) = (sizes.join("-"), grouped(at_once));
    let weights = grouped(usize::try_from(weights).unwrap_or(usize::MAX));
    let gigabytes = short((bytes as f64 / 1e8).ceil() / 10.0);
    DataError::plain(format!(
        "the network {sizes} has {weights} weights and takes {gigabytes} GB of memory to train on \
         {at_once} examples at once"
    ))
    .expected(format!(
        "at most {} GB: use fewer hidden units (`--hidden`) or smaller mini-batches (`--batch`), or \
         leave columns out",
        short(MOST_BYTES as f64 / 1e9)
    ))
}

/// With a stronger penalty, one weight of 0.001 costs more than any mistake, whatever the number of
/// examples.
const LARGEST_LAMBDA: f64 = 1e9;
/// The names and scales of more do not fit into the header of a `.safetensors` file, at most 100 MB.
const MOST_FEATURES: usize = 1_000_000;
/// The memory that training may take: what a small computer can spare.
const MOST_BYTES: u128 = 2_000_000_000;
/// More hidden layers than this pass on hardly any gradient, without techniques of later years.
const DEEP: usize = 5;
/// Fewer mini-batches than this teach a network little.
const FEWEST_STEPS: usize = 3000;
