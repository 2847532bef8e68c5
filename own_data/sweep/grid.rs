use super::{Data, DataSource};
use crate::{OptimiserKind, TrainConfig, train_config::FINDS_STEPS};
use chapters::{
    CourseError,
    chapter_03_shallow_network::Rings,
    chapter_05_mnist::{Activation, Initialisation, Schedule},
    dataset::DataError,
    random::seeds,
    report::{counted, short},
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
    /// Sizes of mini-batches; 0 for the full batch.
    pub batch: Vec<usize>,
    /// Optimisers.
    pub optimiser: Vec<OptimiserKind>,
    /// Activation function of the hidden units.
    pub activation: Activation,
    /// How the initial weights are drawn.
    pub initialisation: Initialisation,
    /// How often every example is shown, at most.
    pub epochs: usize,
    /// Stop after this many epochs without a lower cost of the examples held out, and go back to the
    /// best.
    #[serde(default)]
    pub patience: Option<usize>,
    /// How many seeds.
    pub seeds: usize,
    /// The first of them.
    pub seed: u64,
}

/// One training run of a grid.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct RunConfig {
    /// Hidden units.
    pub hidden: usize,
    /// Strength of the L2 penalty.
    pub lambda: f64,
    /// Learning rate, what suits the optimiser if none was asked for.
    pub learning_rate: f64,
    /// Size of mini-batches; 0 for the full batch.
    pub batch: usize,
    /// Optimiser.
    pub optimiser: OptimiserKind,
    /// Seed of data and weights.
    pub seed: u64,
}

/// A setting for which a grid may have several values.
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

/// The most training runs of one sweep: each is a line in memory, and takes a while.
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
            patience: None,
            seeds: Rings::SEEDS,
            seed: 1,
        }
    }

    /// What suits this many examples and these optimisers: what a single training run would use with the
    /// first of them. `optimisers` may be empty for the usual one.
    pub fn usual(data: DataSource, examples: usize, optimisers: &[OptimiserKind]) -> Self {
        let digits = matches!(data, DataSource::Digits { .. });
        if data == DataSource::Rings {
            return Self::article();
        }
        let first = optimisers.first().copied().unwrap_or(OptimiserKind::Adam);
        let usual = TrainConfig::usual(examples, first);
        Self {
            data,
            hidden: if digits { vec![10, 25, 50, 100] } else { Rings::SIZES.to_vec() },
            learning_rate: vec![0.0],
            batch: vec![usual.batch],
            optimiser: vec![first],
            activation: usual.activation,
            initialisation: usual.initialisation,
            epochs: usual.epochs,
            patience: usual.patience,
            seeds: 5,
            ..Self::article()
        }
    }

    /// Refuses what nothing can be trained with, and what would be trained twice.
    pub fn check(&self) -> Result<(), CourseError> {
        // Count before anything is listed
        CourseError::unless(self.seeds > 0, "number of seeds", "at least 1", self.seeds)?;
        let lists = [self.hidden.len(), self.lambda.len(), self.learning_rate.len()];
        let lists = lists.into_iter().chain([self.batch.len(), self.optimiser.len(), self.seeds]);
        let runs = lists.fold(1, usize::saturating_mul);
        let expected = "from 1 to a million";
        CourseError::unless((1..=MOST_RUNS).contains(&runs), "number of runs", expected, runs)?;

        let has_rates = self.learning_rate.iter().any(|&rate| rate != 0.0);
        let only_lbfgs = self.optimiser.iter().all(|&kind| kind == OptimiserKind::Lbfgs);
        let found = short(self.learning_rate[0]);
        CourseError::unless(!(has_rates && only_lbfgs), "learning rate", FINDS_STEPS, found)?;

        let configs = self.configs();
        for config in &configs {
            self.train_config(config).check()?;
        }
        let mut known = HashSet::new();
        let twice = configs.iter().find(|config| !known.insert(config.key()));
        let repeated = twice.map_or_else(String::new, |config| format!("one with {config} twice"));
        CourseError::unless(
            twice.is_none(),
            "list of settings",
            "one without repetitions",
            repeated,
        )
    }

    /// Refuses what cannot be trained on these data, before anything is.
    pub fn check_for(&self, data: &Data) -> Result<(), CourseError> {
        let split = data.split(self.seed)?;
        if split.held_out.is_empty() {
            let found = split.train.len();
            return Err(DataError::plain(format!(
                "{found} examples are too few for a sweep, which holds out a fifth of them"
            ))
            .expected("at least three: add more")
            .into());
        }
        for config in self.groups().iter().map(|group| self.train_config(group)) {
            config.check_for(&split.sizes(&config.hidden), split.train.len())?;
        }
        Ok(())
    }

    /// Every training run, in order.
    pub fn configs(&self) -> Vec<RunConfig> {
        let seeds = seeds(self.seed, self.seeds);
        let groups = self.groups().into_iter();
        groups
            .flat_map(|group| seeds.clone().map(move |seed| RunConfig { seed, ..group }))
            .collect()
    }

    /// The runs of one of several parts, counted from 1: they are dealt out like cards, so that no part
    /// gets all the large networks.
    pub fn part(&self, part: usize, of: usize) -> Vec<RunConfig> {
        self.configs().into_iter().skip(part - 1).step_by(of).collect()
    }

    /// Every combination of settings, in order, with the first seed.
    pub fn groups(&self) -> Vec<RunConfig> {
        fn with_each<T: Copy>(
            groups: Vec<RunConfig>,
            values: &[T],
            set: impl Fn(RunConfig, T) -> RunConfig,
        ) -> Vec<RunConfig> {
            let set = &set;
            let each = |group| values.iter().map(move |&value| set(group, value));
            groups.into_iter().flat_map(each).collect()
        }
        let blank = RunConfig {
            hidden: 0,
            lambda: 0.0,
            learning_rate: 0.0,
            batch: 0,
            optimiser: OptimiserKind::Sgd,
            seed: self.seed,
        };
        let groups =
            with_each(vec![blank], &self.optimiser, |c, optimiser| RunConfig { optimiser, ..c });
        let groups = with_each(groups, &self.batch, |c, batch| RunConfig { batch, ..c });
        let groups = with_each(groups, &self.lambda, |c, lambda| RunConfig { lambda, ..c });
        let groups = with_each(groups, &self.hidden, |c, hidden| RunConfig { hidden, ..c });
        with_each(groups, &self.learning_rate, |c, learning_rate| RunConfig {
            learning_rate: if learning_rate == 0.0 || c.optimiser == OptimiserKind::Lbfgs {
                c.optimiser.usual_rate()
            } else {
                learning_rate
            },
            ..c
        })
    }

    /// What distinguishes groups: the settings that have several values, or the number of hidden units
    /// if none has.
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

    /// How a network of this configuration is built and trained.
    pub fn train_config(&self, config: &RunConfig) -> TrainConfig {
        let RunConfig { hidden, lambda, learning_rate, batch, optimiser, seed } = *config;
        let is_lbfgs = optimiser == OptimiserKind::Lbfgs;
        TrainConfig {
            hidden: vec![hidden],
            activation: self.activation,
            initialisation: self.initialisation,
            optimiser,
            learning_rate: (!is_lbfgs).then_some(learning_rate),
            // As in chapter 3, or as in a single training run
            schedule: match self.data {
                _ if is_lbfgs => None,
                DataSource::Rings => Some(Schedule::Constant),
                _ => Some(Schedule::LinearToZero),
            },
            batch: if is_lbfgs { 0 } else { batch },
            epochs: self.epochs,
            lambda,
            validation: TrainConfig::VALIDATION,
            patience: self.patience,
            augment: None,
            average: None,
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
            Self::Lambda => "L2 penalty λ",
            Self::LearningRate => "learning rate",
            Self::Batch => "mini-batch size",
            Self::Optimiser => "optimiser",
        }
    }

    /// Its value, in short form beside its title.
    pub fn value(self, config: &RunConfig) -> String {
        match self {
            Self::Hidden => config.hidden.to_string(),
            Self::Lambda => short(config.lambda),
            Self::LearningRate => short(config.learning_rate),
            Self::Batch if config.batch == 0 => "all".to_owned(),
            Self::Batch => config.batch.to_string(),
            Self::Optimiser => config.optimiser.name().to_owned(),
        }
    }

    /// Its value, in a form that can be understood alone.
    pub fn phrase(self, config: &RunConfig) -> String {
        let value = self.value(config);
        match self {
            Self::Hidden => counted(config.hidden, "hidden unit", "hidden units"),
            Self::Lambda => format!("λ = {value}"),
            Self::LearningRate => format!("rate {value}"),
            Self::Batch if config.batch == 0 => "full batch".to_owned(),
            Self::Batch => format!("mini-batches of {value}"),
            Self::Optimiser => value,
        }
    }
}

impl RunConfig {
    /// What distinguishes it from every other, to the last digit of each number.
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
    fn runs_are_every_combination_in_order() {
        let configs = small().configs();
        let told: Vec<_> = configs.iter().map(|c| (c.hidden, c.learning_rate, c.seed)).collect();
        let expected = [(1, 0.5, 7), (1, 0.5, 8), (1, 1.0, 7), (1, 1.0, 8), (3, 0.5, 7)];
        assert_eq!(told[..5], expected);
        assert_eq!(told.len(), 8);
        assert_eq!(small().swept(), [Quantity::Hidden, Quantity::LearningRate]);
    }

    #[test]
    fn every_quantity_can_be_swept() {
        let grid = SweepGrid {
            lambda: vec![0.0, 1.0],
            batch: vec![10, 0],
            optimiser: vec![OptimiserKind::Sgd, OptimiserKind::Adam, OptimiserKind::Momentum],
            ..small()
        };
        assert_eq!(grid.configs().len(), 2 * 2 * 2 * 2 * 3 * 2);
        assert_eq!(grid.swept().len(), 5);
        assert!(grid.check().is_ok());
        let last = grid.groups().pop().unwrap().to_string();
        assert_eq!(last, "3 hidden units, λ = 1, rate 1, full batch, momentum, seed 7");
    }

    #[test]
    fn default_learning_rate_is_that_of_each_optimiser() {
        let optimiser = vec![OptimiserKind::Sgd, OptimiserKind::Adam];
        let grid = SweepGrid { learning_rate: vec![0.0], optimiser, ..small() };
        for config in grid.configs() {
            assert_eq!(config.learning_rate, config.optimiser.usual_rate());
        }
    }

    #[test]
    fn grids_that_cannot_be_trained_are_refused() {
        let refusal = |grid: SweepGrid| grid.check().unwrap_err().to_string();
        assert!(small().check().is_ok());
        assert!(refusal(SweepGrid { hidden: vec![0], ..small() }).contains("hidden units"));
        assert!(
            refusal(SweepGrid { learning_rate: vec![-1.0], ..small() }).contains("learning rate")
        );
        assert!(refusal(SweepGrid { lambda: vec![-1.0], ..small() }).contains("L2 penalty λ"));
        assert!(refusal(SweepGrid { seeds: 0, ..small() }).contains("seeds"));
        assert!(refusal(SweepGrid { seeds: usize::MAX, seed: 0, ..small() }).contains("a million"));
        let close = SweepGrid { learning_rate: vec![0.5, 0.500_000_000_1], ..small() };
        assert!(close.check().is_ok());
        let twice = refusal(SweepGrid { hidden: vec![2, 2], ..small() });
        assert!(twice.contains("one with 2 hidden units, λ = 0, rate 0.5"), "{twice}");
    }
}
