//! Sweeps: the same training many times, with other settings and other seeds.
//!
//! A [`Plan`] says which [`Setting`]s are trained, in order; each gives a [`Run`]. Runs know nothing
//! of each other, so that they can be made in any order, on any number of threads or machines, and
//! give the same [`Summary`].
//!
//! [In the book](../../../book/sweeps.html)

#[cfg(feature = "figures")]
mod figures;
mod runs;

#[cfg(feature = "figures")]
pub use figures::figures;
pub use runs::{read_runs, write_runs};

use crate::{
    Error,
    chapters::chapter_03_shallow_network::Rings,
    metrics::quantile,
    report::{Map, Scatter},
};
use serde::{Deserialize, Serialize};

/// What is to be trained: every size at every rate, from every seed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Plan {
    /// Numbers of hidden units.
    pub hidden: Vec<usize>,
    /// Learning rates.
    pub learning_rate: Vec<f64>,
    /// Iterations of gradient descent.
    pub epochs: usize,
    /// How many seeds.
    pub seeds: usize,
    /// The first of them.
    pub seed: u64,
}

/// One training of a plan.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Setting {
    /// Hidden units.
    pub hidden: usize,
    /// Learning rate.
    pub learning_rate: f64,
    /// Seed of data and weights.
    pub seed: u64,
}

/// What came of one training.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What was trained.
    pub setting: Setting,
    /// Share of the training points right.
    pub train: f64,
    /// Share of fresh points right.
    pub fresh: f64,
    /// The cost at [`COSTS`] places from the start to the end.
    pub costs: Vec<f64>,
}

/// How many costs of a training are kept.
pub const COSTS: usize = 51;

/// What came of all trainings.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Summary {
    /// What was trained.
    pub plan: Plan,
    /// One entry for each size and rate.
    pub cells: Vec<Cell>,
    /// The points of the first seed.
    pub points: Scatter,
}

/// What came of one size and rate.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Cell {
    /// Hidden units.
    pub hidden: usize,
    /// Learning rate.
    pub learning_rate: f64,
    /// Share of training points right, over the seeds.
    pub train: Spread,
    /// Share of fresh points right, over the seeds.
    pub fresh: Spread,
    /// Cost at the end, over the seeds.
    pub cost: Spread,
    /// Median cost over the seeds, at [`COSTS`] places from the start to the end.
    pub costs: Vec<f64>,
    /// The probability of class 1 over the plane, as learned from the first seed.
    pub map: Map,
}

/// Values over the seeds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// Below this lie 5 % of them.
    pub low: f64,
    /// Below this lie 95 % of them.
    pub high: f64,
    /// Each of them.
    pub values: Vec<f64>,
}

impl Plan {
    /// The article's sweep, with enough seeds to judge its claims.
    pub fn article() -> Self {
        Self {
            hidden: Rings::SIZES.to_vec(),
            learning_rate: vec![Rings::LEARNING_RATE],
            epochs: Rings::ITERATIONS,
            seeds: Rings::SEEDS,
            seed: 1,
        }
    }

    /// Refuses what nothing can be trained with, and what would be trained twice.
    pub fn check(&self) -> Result<(), Error> {
        let Self { hidden, learning_rate, epochs, seeds, .. } = self;
        let cells = hidden.len() * learning_rate.len();
        Error::unless(cells > 0, "number of settings", "at least 1", cells)?;
        for &found in hidden {
            Error::unless(found > 0, "number of hidden units", "at least 1", found)?;
        }
        for &found in learning_rate {
            let usable = found > 0.0 && found.is_finite();
            Error::unless(usable, "learning rate", "a positive number", found)?;
        }
        Error::unless(*epochs > 0, "number of epochs", "at least 1", epochs)?;
        Error::unless(*seeds > 0, "number of seeds", "at least 1", seeds)?;
        let settings = self.settings();
        let twice = settings.iter().enumerate().find(|(i, s)| settings[..*i].contains(s));
        let repeated = twice.map_or(String::new(), |(_, s)| s.to_string());
        Error::unless(twice.is_none(), "list of settings", "without repetitions", repeated)
    }

    /// Every training, in order.
    pub fn settings(&self) -> Vec<Setting> {
        let seeds = self.seed..self.seed + self.seeds as u64;
        self.cells()
            .flat_map(|(hidden, learning_rate)| {
                seeds.clone().map(move |seed| Setting { hidden, learning_rate, seed })
            })
            .collect()
    }

    /// Every size with every rate, in order.
    fn cells(&self) -> impl Iterator<Item = (usize, f64)> {
        let rates = |&hidden: &usize| self.learning_rate.iter().map(move |&rate| (hidden, rate));
        self.hidden.iter().flat_map(rates)
    }

    /// Trains one network; the same setting always gives the same run.
    pub fn train(&self, setting: Setting) -> Result<Run, Error> {
        let rings = self.rings(setting);
        let trained = rings.train()?;
        let last = trained.costs.len() - 1;
        Ok(Run {
            setting,
            train: trained.accuracy,
            fresh: rings.fresh_accuracy(&trained.network)?,
            costs: (0..COSTS).map(|i| trained.costs[i * last / (COSTS - 1)]).collect(),
        })
    }

    fn rings(&self, Setting { hidden, learning_rate, seed }: Setting) -> Rings {
        Rings { seed, hidden, learning_rate, iterations: self.epochs }
    }

    /// Sums up all runs of the plan; `runs` are in its order.
    pub fn summarise(&self, runs: &[Run]) -> Result<Summary, Error> {
        let cells = self.cells().zip(runs.chunks(self.seeds)).map(|((hidden, rate), runs)| {
            let spread = |value: fn(&Run) -> f64| Spread::of(runs.iter().map(value).collect());
            let cost_at =
                |i: usize| quantile(&runs.iter().map(|r| r.costs[i]).collect::<Vec<_>>(), 0.5);
            let rings = self.rings(runs[0].setting);
            let network = rings.train()?.network;
            let points = rings.points()?;
            let reach = 1.1 * Scatter::new(points.x.view(), []).reach();
            Ok(Cell {
                hidden,
                learning_rate: rate,
                train: spread(|run| run.train),
                fresh: spread(|run| run.fresh),
                cost: spread(|run| run.costs[COSTS - 1]),
                costs: (0..COSTS).map(cost_at).collect(),
                map: Map::new(reach, [0.0, 1.0], |x| network.predict(x)),
            })
        });
        let cells = cells.collect::<Result<_, Error>>()?;
        let points = self.rings(self.settings()[0]).points()?;
        let points = Scatter::new(points.x.view(), points.labels.iter().copied());
        Ok(Summary { plan: self.clone(), cells, points })
    }
}

impl Spread {
    fn of(values: Vec<f64>) -> Self {
        let at = |p: f64| quantile(&values, p);
        Self { median: at(0.5), low: at(0.05), high: at(0.95), values }
    }
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self { hidden, learning_rate, seed } = self;
        write!(f, "{hidden} hidden units, rate {learning_rate}, seed {seed}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Plan {
        Plan { hidden: vec![1, 3], learning_rate: vec![0.5, 1.0], epochs: 30, seeds: 2, seed: 7 }
    }

    #[test]
    fn settings_are_every_combination_in_order() {
        let settings = small().settings();
        assert_eq!(settings.len(), 8);
        assert_eq!(settings[0], Setting { hidden: 1, learning_rate: 0.5, seed: 7 });
        assert_eq!(settings[7], Setting { hidden: 3, learning_rate: 1.0, seed: 8 });
    }

    #[test]
    fn summary_has_an_entry_for_each_size_and_rate() {
        let plan = small();
        let runs: Vec<Run> = plan.settings().into_iter().map(|s| plan.train(s).unwrap()).collect();
        let summary = plan.summarise(&runs).unwrap();
        assert_eq!(summary.cells.len(), 4);
        let cell = &summary.cells[3];
        assert_eq!((cell.hidden, cell.learning_rate), (3, 1.0));
        assert_eq!(cell.fresh.values, [runs[6].fresh, runs[7].fresh]);
        assert!(cell.costs[COSTS - 1] < cell.costs[0]);
    }

    #[test]
    fn plans_that_cannot_be_carried_out_are_refused() {
        let refusal = |plan: Plan| plan.check().unwrap_err().to_string();
        assert!(small().check().is_ok());
        assert!(refusal(Plan { hidden: vec![0], ..small() }).contains("hidden units"));
        assert!(refusal(Plan { learning_rate: vec![-1.0], ..small() }).contains("learning rate"));
        assert!(refusal(Plan { seeds: 0, ..small() }).contains("seeds"));
        let twice = refusal(Plan { hidden: vec![2, 2], ..small() });
        assert!(twice.contains("2 hidden units, rate 0.5, seed 7"), "{twice}");
    }
}
