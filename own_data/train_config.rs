use super::Input;
use chapters::{
    CourseError, Setting,
    chapter_05_mnist::{Activation, Initialisation, Method, Schedule, Training},
    chapter_07_augmentation::{Amounts, Distortion},
    dataset::DataError,
    report::{grouped, short, worse_than_guessing},
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
    /// Learning rate; none for [`OptimiserKind::Lbfgs`], which finds its step sizes itself.
    pub learning_rate: Option<f64>,
    /// How the learning rate changes; none for [`OptimiserKind::Lbfgs`].
    pub schedule: Option<Schedule>,
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
    /// How much pictures are distorted, in every epoch differently; none to leave them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<Amounts>,
    /// Over how many of the last epochs the weights are averaged; none to keep those of the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<usize>,
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
    /// The share of the examples that is usually held out.
    pub const VALIDATION: f64 = 0.2;

    /// What suits this many examples, of which a fifth is held out: the defaults of a single training
    /// run and of a sweep.
    pub fn usual(examples: usize, optimiser: OptimiserKind) -> Self {
        let epochs = match optimiser {
            OptimiserKind::Lbfgs => LBFGS_STEPS,
            _ => FEWEST_STEPS
                .div_ceil(examples.div_ceil(BATCH).max(1))
                .clamp(FEWEST_EPOCHS, MANY_EPOCHS),
        };
        let activation = Activation::Relu;
        let blank = Self {
            hidden: vec![100],
            activation,
            initialisation: activation.suited_initialisation(),
            optimiser,
            learning_rate: None,
            schedule: None,
            batch: 0,
            epochs,
            lambda: 0.0,
            validation: Self::VALIDATION,
            // Where it cannot run out, the last network is the one to keep
            patience: (epochs > PATIENCE).then_some(PATIENCE),
            augment: None,
            average: None,
            seed: 1,
            plain: false,
        };
        blank.with_optimiser(optimiser)
    }

    /// The same with another optimiser, and what suits that.
    pub fn with_optimiser(self, optimiser: OptimiserKind) -> Self {
        let learning_rate = optimiser.method().map(Method::usual_rate);
        let schedule = learning_rate.map(|_| Schedule::LinearToZero);
        let batch = learning_rate.map_or(0, |_| BATCH);
        Self { optimiser, learning_rate, schedule, batch, ..self }
    }

    /// The learning rate, or one that stands for it where there is none.
    pub(super) fn rate(&self) -> f64 {
        self.learning_rate.unwrap_or(self.optimiser.usual_rate())
    }

    /// Refuses what cannot be trained with, whatever the examples.
    pub fn check(&self) -> Result<(), CourseError> {
        self.hidden.iter().try_for_each(|&units| Setting::HIDDEN.check(units))?;
        Setting::LEARNING_RATE.check(self.rate())?;
        Setting::EPOCHS.check(self.epochs)?;
        let usable = (0.0..=LARGEST_LAMBDA).contains(&self.lambda);
        CourseError::unless(usable, "L2 penalty λ", "from 0 to 1e9", short(self.lambda))?;
        let usable = (0.0..1.0).contains(&self.validation);
        CourseError::unless(usable, "validation share", "from 0 to less than 1", self.validation)?;
        let usable = self.patience != Some(0);
        CourseError::unless(usable, "patience", "at least 1 epoch", 0)?;
        let judged = self.patience.is_none() || self.validation > 0.0;
        CourseError::unless(judged, "validation share", "above 0 with `--patience`", 0)?;
        self.augment.map_or(Ok(()), Amounts::check)?;
        let averaged = self.average.unwrap_or(1);
        let usable = (1..=self.epochs).contains(&averaged);
        CourseError::unless(
            usable,
            "epochs to average",
            "from 1 to the number of epochs",
            averaged,
        )?;
        let usable = self.average.is_none() || self.patience.is_none();
        let expected = "left out with `--patience`, which keeps the best epoch";
        CourseError::unless(usable, "epochs to average", expected, averaged)?;
        if self.optimiser != OptimiserKind::Lbfgs {
            return Ok(());
        }
        let usable = self.augment.is_none();
        CourseError::unless(usable, "augmentation", ALL_AT_ONCE, "asked for")?;
        let usable = self.average.is_none();
        CourseError::unless(usable, "epochs to average", ALL_AT_ONCE, averaged)?;
        CourseError::unless(self.batch == 0, "mini-batch size", ALL_AT_ONCE, self.batch)?;
        let rate = self.learning_rate.map_or_else(String::new, short);
        CourseError::unless(self.learning_rate.is_none(), "learning rate", FINDS_STEPS, rate)?;
        let schedule = format!("{:?}", self.schedule);
        CourseError::unless(self.schedule.is_none(), "schedule", FINDS_STEPS, schedule)
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
        let rate = self.rate().min(self.optimiser.usual_rate());
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
    /// what to do about it; `costs` are those along the way, and may be left out of a training that stopped
    /// early.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn warning(&self, cost: f64, guessing: f64, costs: &[f64]) -> Option<String> {
        let costs: Vec<f64> = costs.iter().copied().chain([cost]).collect();
        worse_than_guessing("the network", cost, guessing, &self.advice(guessing, &costs))
    }

    /// What to change about a training that ended no better than guessing. Where its cost was still
    /// falling, no other learning rate helps as surely as more epochs; but a strong penalty holds it up
    /// however long it takes.
    fn advice(&self, guessing: f64, costs: &[f64]) -> String {
        let [rate, usual] = [self.rate(), self.optimiser.usual_rate()];
        let is_falling = is_falling(costs);
        let rose = costs.iter().any(|&cost| cost > ROSE * costs[0]);
        let other_rate = |than: &str, other: f64| {
            format!("the learning rate {} is too {than}, try {}", short(rate), short(other))
        };
        if rate > usual && (rose || !is_falling || costs[0] > FAR_ABOVE * guessing) {
            other_rate("large", usual)
        } else if is_falling && self.lambda <= 1.0 {
            let more = self.epochs.saturating_mul(MORE).min(MOST_EPOCHS);
            format!("the cost was still falling at the end, try `--epochs {more}`")
        } else if rate < usual && !rose && self.lambda <= 1.0 {
            other_rate("small", usual)
        } else if self.lambda > 0.0 {
            let less = if self.lambda > 1.0 { 1.0 } else { 0.0 };
            format!("if the L2 penalty λ = {} is the reason, try {less}", short(self.lambda))
        } else if self.hidden.len() > DEEP {
            "try fewer hidden layers".to_owned()
        } else if self.optimiser != OptimiserKind::Lbfgs && rose {
            other_rate("large", rate / 10.0)
        } else {
            "the cost no longer falls, so check that the features can tell the classes apart, or try \
             more hidden units"
                .to_owned()
        }
    }

    /// How pictures are distorted, if they are.
    pub(super) fn distortion(&self, input: &Input) -> Option<Distortion> {
        let Input::Pictures { rows, columns } = *input else { return None };
        Some(Distortion::new(self.augment?, (rows, columns), self.seed))
    }

    /// How to train on mini-batches out of `m` examples.
    pub fn training(&self, m: usize) -> Training {
        Training {
            epochs: self.epochs,
            mini_batch: if self.batch == 0 { m } else { self.batch.min(m) },
            method: self.optimiser.method().unwrap_or(Method::Sgd),
            learning_rate: self.rate(),
            schedule: self.schedule.unwrap_or(Schedule::Constant),
            weight_decay: 0.0,
            lambda: self.lambda,
            error_threshold: None,
        }
    }
}

/// What is expected of mini-batches for L-BFGS.
const ALL_AT_ONCE: &str = "left out for L-BFGS, which uses all examples at once";
/// What is expected of a learning rate for L-BFGS.
pub(super) const FINDS_STEPS: &str = "left out for L-BFGS, which finds its step sizes itself";

/// Whether the last quarter of these costs is clearly lower than the quarter before.
fn is_falling(costs: &[f64]) -> bool {
    let quarter = costs.len().div_ceil(4);
    let mean = |costs: &[f64]| costs.iter().sum::<f64>() / costs.len() as f64;
    let mut quarters = costs.rchunks_exact(quarter).map(mean);
    let [last, before] = [quarters.next(), quarters.next()];
    last.zip(before).is_some_and(|(last, before)| last < FALLING * before)
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
/// A cost this many times that of the start has risen.
const ROSE: f64 = 1.05;
/// A first epoch that costs this many times as much as guessing went astray: initial weights cost less.
const FAR_ABOVE: f64 = 2.0;
/// A cost below this many times that of a little earlier is still falling.
const FALLING: f64 = 0.99;
/// How many times as many epochs to try where the cost was still falling.
const MORE: usize = 4;
/// No training takes more epochs.
const MOST_EPOCHS: usize = 1_000_000;
/// The usual size of a mini-batch.
const BATCH: usize = 32;
/// Fewer mini-batches than this teach a network little.
const FEWEST_STEPS: usize = 5000;
/// Fewer epochs than this teach a network little, however many examples there are.
const FEWEST_EPOCHS: usize = 20;
/// What a small table can teach, it has taught after this many epochs.
const MANY_EPOCHS: usize = 200;
/// The usual number of epochs without a lower validation cost after which training stops.
const PATIENCE: usize = 20;
/// The usual number of steps of L-BFGS.
const LBFGS_STEPS: usize = 200;
