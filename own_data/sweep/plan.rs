use super::{Data, DataSource};
use crate::{OptimiserKind, TrainConfig};
use chapters::{
    Error,
    chapter_03_shallow_network::Rings,
    chapter_05_mnist::{Activation, Initialisation, Schedule},
    random::seeds,
    report::short,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// What is to be trained: every combination of the settings, from every seed.
///
/// [In the book](../../../book/sweeps.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SweepGrid {
    /// What is learned from.
    pub data: DataSource,
    /// Numbers of hidden units.
    pub hidden: Vec<usize>,
    /// Strengths of the L2 penalty.
    pub lambda: Vec<f64>,
    /// Learning rates; 0 for what suits the optimiser.
    pub learning_rate: Vec<f64>,
    /// How many examples are shown at once; 0 for all.
    pub batch: Vec<usize>,
    /// How weights move.
    pub optimiser: Vec<OptimiserKind>,
    /// What hidden units make of their sums.
    pub activation: Activation,
    /// How wide starting weights are spread.
    pub initialisation: Initialisation,
    /// How often every example is shown.
    pub epochs: usize,
    /// How many seeds.
    pub seeds: usize,
    /// The first of them.
    pub seed: u64,
}

/// One training of a plan.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct RunConfig {
    /// Hidden units.
    pub hidden: usize,
    /// Strength of the L2 penalty.
    pub lambda: f64,
    /// Learning rate.
    pub learning_rate: f64,
    /// Examples at once; 0 for all.
    pub batch: usize,
    /// How weights move.
    pub optimiser: OptimiserKind,
    /// Seed of data and weights.
    pub seed: u64,
}

/// A setting that a plan may have several values of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Quantity {
    /// [`RunConfig::hidden`]
    Hidden,
    /// [`RunConfig::lambda`]
    Lambda,
    /// [`RunConfig::learning_rate`]
    LearningRate,
    /// [`RunConfig::batch`]
    Batch,
    /// [`RunConfig::optimiser`]
    Optimiser,
}

/// The most trainings of one sweep: each is a line in memory, and takes a while.
const MOST_RUNS: usize = 1_000_000;

impl SweepGrid {
    /// The article's sweep, with enough seeds to judge its claims.
    pub fn article() -> Self {
        Self {
            data: DataSource::Rings,
            hidden: Rings::SIZES.to_vec(),
            lambda: vec![0.0],
            learning_rate: vec![Rings::LEARNING_RATE],
            batch: vec![0],
            optimiser: vec![OptimiserKind::Sgd],
            activation: Activation::Tanh,
            initialisation: Initialisation::Small,
            epochs: Rings::ITERATIONS,
            seeds: Rings::SEEDS,
            seed: 1,
        }
    }

    /// What suits data with so many examples to learn from.
    pub fn usual(data: DataSource, examples: usize) -> Self {
        let digits = matches!(data, DataSource::Digits { .. });
        if data == DataSource::Rings {
            return Self::article();
        }
        let activation = if digits { Activation::Relu } else { Activation::Tanh };
        Self {
            data,
            hidden: if digits { vec![10, 25, 50, 100] } else { Rings::SIZES.to_vec() },
            learning_rate: vec![0.0],
            batch: vec![32],
            optimiser: vec![OptimiserKind::Adam],
            activation,
            initialisation: activation.suited_initialisation(),
            epochs: TrainConfig::epochs_for(examples, 32).max(10),
            seeds: 5,
            ..Self::article()
        }
    }

    /// Refuses what nothing can be trained with, and what would be trained twice.
    pub fn check(&self) -> Result<(), Error> {
        // Count before anything is listed
        Error::unless(self.seeds > 0, "number of seeds", "at least 1", self.seeds)?;
        let lists = [self.hidden.len(), self.lambda.len(), self.learning_rate.len()];
        let lists = lists.into_iter().chain([self.batch.len(), self.optimiser.len(), self.seeds]);
        let runs = lists.fold(1, usize::saturating_mul);
        let expected = "from 1 to a million";
        Error::unless((1..=MOST_RUNS).contains(&runs), "number of trainings", expected, runs)?;

        let settings = self.settings();
        for setting in &settings {
            let usable = setting.hidden > 0;
            Error::unless(usable, "number of hidden units", "at least 1", setting.hidden)?;
            self.config(setting).check()?;
        }
        let mut known = HashSet::new();
        let twice = settings.iter().find(|setting| !known.insert(setting.key()));
        let repeated = twice.map_or_else(String::new, RunConfig::to_string);
        Error::unless(twice.is_none(), "list of settings", "without repetitions", repeated)
    }

    /// Refuses what cannot be trained on these data, before anything is.
    pub fn check_for(&self, data: &Data) -> Result<(), crate::Error> {
        let split = data.split(self.seed)?;
        let found = split.train.len();
        if split.held_out.is_empty() {
            return Err(crate::Error::NoneHeldOut { found });
        }
        self.cells()
            .iter()
            .map(|cell| self.config(cell))
            .try_for_each(|config| config.check_for(&split.sizes(&config.hidden), found))
    }

    /// Every training, in order.
    pub fn settings(&self) -> Vec<RunConfig> {
        let seeds = seeds(self.seed, self.seeds);
        let cells = self.cells().into_iter();
        cells.flat_map(|cell| seeds.clone().map(move |seed| RunConfig { seed, ..cell })).collect()
    }

    /// The trainings of one of several parts, counted from 1: they are dealt out like cards, so that
    /// no part has all the large networks.
    pub fn part(&self, part: usize, of: usize) -> Vec<RunConfig> {
        self.settings().into_iter().skip(part - 1).step_by(of).collect()
    }

    /// Every combination of settings, in order, with the first seed.
    pub fn cells(&self) -> Vec<RunConfig> {
        fn with_each<T: Copy>(
            cells: Vec<RunConfig>,
            values: &[T],
            set: impl Fn(RunConfig, T) -> RunConfig,
        ) -> Vec<RunConfig> {
            let set = &set;
            let each = |cell| values.iter().map(move |&value| set(cell, value));
            cells.into_iter().flat_map(each).collect()
        }
        let blank = RunConfig {
            hidden: 0,
            lambda: 0.0,
            learning_rate: 0.0,
            batch: 0,
            optimiser: OptimiserKind::Sgd,
            seed: self.seed,
        };
        let cells =
            with_each(vec![blank], &self.optimiser, |c, optimiser| RunConfig { optimiser, ..c });
        let cells = with_each(cells, &self.batch, |c, batch| RunConfig { batch, ..c });
        let cells = with_each(cells, &self.lambda, |c, lambda| RunConfig { lambda, ..c });
        let cells = with_each(cells, &self.hidden, |c, hidden| RunConfig { hidden, ..c });
        with_each(cells, &self.learning_rate, |c, learning_rate| RunConfig { learning_rate, ..c })
    }

    /// By what cells are told apart: the settings of which there are several values, or the number of
    /// hidden units if there are none.
    pub fn swept(&self) -> Vec<Quantity> {
        let counts = [
            (Quantity::Hidden, self.hidden.len()),
            (Quantity::Lambda, self.lambda.len()),
            (Quantity::LearningRate, self.learning_rate.len()),
            (Quantity::Batch, self.batch.len()),
            (Quantity::Optimiser, self.optimiser.len()),
        ];
        let several = counts.into_iter().filter(|&(_, count)| count > 1);
        let swept: Vec<Quantity> = several.map(|(quantity, _)| quantity).collect();
        if swept.is_empty() { vec![Quantity::Hidden] } else { swept }
    }

    /// How a network of this setting is built and trained.
    pub fn config(&self, setting: &RunConfig) -> TrainConfig {
        let RunConfig { hidden, lambda, learning_rate, batch, optimiser, seed } = *setting;
        TrainConfig {
            hidden: vec![hidden],
            activation: self.activation,
            initialisation: self.initialisation,
            optimiser,
            learning_rate: if learning_rate == 0.0 {
                optimiser.usual_rate()
            } else {
                learning_rate
            },
            schedule: Schedule::Constant,
            batch: if optimiser == OptimiserKind::Lbfgs { 0 } else { batch },
            epochs: self.epochs,
            lambda,
            validation: 0.0,
            patience: None,
            seed,
            plain: false,
        }
    }
}

impl Quantity {
    /// What it is called on an axis.
    pub fn title(self) -> &'static str {
        match self {
            Self::Hidden => "hidden units",
            Self::Lambda => "λ, the price of large weights",
            Self::LearningRate => "learning rate",
            Self::Batch => "examples at once",
            Self::Optimiser => "optimiser",
        }
    }

    /// Its value, as short as it can be understood beside its title.
    pub fn value(self, setting: &RunConfig) -> String {
        match self {
            Self::Hidden => setting.hidden.to_string(),
            Self::Lambda => short(setting.lambda),
            Self::LearningRate if setting.learning_rate == 0.0 => "usual".to_owned(),
            Self::LearningRate => short(setting.learning_rate),
            Self::Batch if setting.batch == 0 => "all".to_owned(),
            Self::Batch => setting.batch.to_string(),
            Self::Optimiser => setting.optimiser.name().to_owned(),
        }
    }

    /// Its value, as it can be understood alone.
    pub fn phrase(self, setting: &RunConfig) -> String {
        let value = self.value(setting);
        match self {
            Self::Hidden if setting.hidden == 1 => "1 hidden unit".to_owned(),
            Self::Hidden => format!("{value} hidden units"),
            Self::Lambda => format!("λ = {value}"),
            Self::LearningRate => format!("rate {value}"),
            Self::Batch => format!("{value} at once"),
            Self::Optimiser => value,
        }
    }
}

impl RunConfig {
    /// What tells it from every other one, to the last digit of each number.
    pub fn key(&self) -> String {
        format!("{self:?}")
    }
}

impl std::fmt::Display for RunConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let all = [
            Quantity::Hidden,
            Quantity::Lambda,
            Quantity::LearningRate,
            Quantity::Batch,
            Quantity::Optimiser,
        ];
        let phrases = all.map(|quantity| quantity.phrase(self));
        write!(f, "{}, seed {}", phrases.join(", "), self.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> SweepGrid {
        SweepGrid {
            hidden: vec![1, 3],
            learning_rate: vec![0.5, 1.0],
            epochs: 30,
            seeds: 2,
            seed: 7,
            ..SweepGrid::article()
        }
    }

    #[test]
    fn settings_are_every_combination_in_order() {
        let settings = small().settings();
        let told: Vec<_> = settings.iter().map(|s| (s.hidden, s.learning_rate, s.seed)).collect();
        let expected = [(1, 0.5, 7), (1, 0.5, 8), (1, 1.0, 7), (1, 1.0, 8), (3, 0.5, 7)];
        assert_eq!(told[..5], expected);
        assert_eq!(told.len(), 8);
        assert_eq!(small().swept(), [Quantity::Hidden, Quantity::LearningRate]);
    }

    #[test]
    fn every_quantity_can_be_swept() {
        let plan = SweepGrid {
            lambda: vec![0.0, 1.0],
            batch: vec![10, 0],
            optimiser: vec![OptimiserKind::Sgd, OptimiserKind::Adam, OptimiserKind::Momentum],
            ..small()
        };
        assert_eq!(plan.settings().len(), 2 * 2 * 2 * 2 * 3 * 2);
        assert_eq!(plan.swept().len(), 5);
        assert!(plan.check().is_ok());
        let last = plan.cells().pop().unwrap().to_string();
        assert_eq!(last, "3 hidden units, λ = 1, rate 1, all at once, momentum, seed 7");
    }

    #[test]
    fn plans_that_cannot_be_carried_out_are_refused() {
        let refusal = |plan: SweepGrid| plan.check().unwrap_err().to_string();
        assert!(small().check().is_ok());
        assert!(refusal(SweepGrid { hidden: vec![0], ..small() }).contains("hidden units"));
        assert!(
            refusal(SweepGrid { learning_rate: vec![-1.0], ..small() }).contains("learning rate")
        );
        assert!(refusal(SweepGrid { lambda: vec![-1.0], ..small() }).contains("price λ"));
        assert!(refusal(SweepGrid { seeds: 0, ..small() }).contains("seeds"));
        assert!(refusal(SweepGrid { seeds: usize::MAX, seed: 0, ..small() }).contains("a million"));
        let close = SweepGrid { learning_rate: vec![0.5, 0.500_000_000_1], ..small() };
        assert!(close.check().is_ok());
        let twice = refusal(SweepGrid { hidden: vec![2, 2], ..small() });
        assert!(twice.contains("2 hidden units, λ = 0, rate 0.5"), "{twice}");
    }
}
