use super::{Data, Run, RunConfig, SweepGrid};
use chapters::{
    CourseError,
    chapter_05_mnist::{Examples, Features, Network, Real, probabilities},
    metrics::quantile,
    report::{Map, Scatter},
};
use ndarray::s;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The results of all runs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Summary {
    /// What was trained.
    #[serde(rename = "plan")]
    pub grid: SweepGrid,
    /// What the classes are called.
    pub classes: Vec<String>,
    /// One entry for each combination of settings.
    #[serde(rename = "cells")]
    pub groups: Vec<Group>,
    /// What always predicting the class frequencies would cost.
    pub cost_of_guessing: f64,
    /// What the networks with the first seed were trained on, if it lies in a plane.
    pub points: Option<Scatter>,
}

/// The results of one combination of settings.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Group {
    /// The settings, with the first seed.
    #[serde(rename = "setting")]
    pub config: RunConfig,
    /// Accuracy on the training examples, over the seeds.
    pub train: Spread,
    /// Accuracy on the examples held out, over the seeds.
    pub held_out: Spread,
    /// Cost at the end, over the seeds.
    pub cost: Spread,
    /// Median cost over the seeds, at [`SweepGrid::places`].
    pub costs: Vec<f64>,
    /// The output of the network with the first seed over the plane: the probability of class 1 of two,
    /// or that of each class; empty if examples do not lie in a plane.
    pub maps: Vec<Map>,
}

/// Values over the seeds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// Below this lie 5 % of them.
    pub low: f64,
    /// Below this lie 95 % of them.
    pub high: f64,
    /// Each of them.
    pub values: Vec<f64>,
}

/// More points than these would hide each other.
const MOST_POINTS: usize = 1000;

impl SweepGrid {
    /// Summarises all runs of the grid; `runs` are in its order.
    pub fn summarise(&self, runs: &[Run], data: &Data) -> Result<Summary, CourseError> {
        let points = points_of_plane(&data.split(self.seed)?.train);
        let groups = self.groups().into_par_iter().zip(runs.par_chunks(self.seeds));
        let groups = groups.map(|(config, runs)| {
            let maps = match &points {
                Some(points) => {
                    let trainer = self.learn(config, data)?.0;
                    maps(trainer.chosen(), 1.1 * points.reach())
                }
                None => Vec::new(),
            };
            Ok(Group::new(config, runs, maps))
        });
        let groups = groups.collect::<Result<_, CourseError>>()?;
        let cost_of_guessing = data.cost_of_guessing();
        let (grid, classes) = (self.clone(), data.classes());
        Ok(Summary { grid, classes, groups, cost_of_guessing, points })
    }
}

impl Summary {
    /// What to tell the reader about settings with which at least half of the networks are no better
    /// than guessing.
    pub fn warnings(&self) -> Vec<String> {
        let warning = |group: &Group| {
            let config = self.grid.train_config(&group.config);
            let warning = config.warning(group.cost.median, self.cost_of_guessing, &group.costs)?;
            let swept = self.grid.swept().into_iter();
            let phrases: Vec<String> = swept.map(|q| q.phrase(&group.config)).collect();
            Some(format!("{}: {warning}", phrases.join(", ")))
        };
        self.groups.iter().filter_map(warning).collect()
    }
}

impl Group {
    fn new(config: RunConfig, runs: &[Run], maps: Vec<Map>) -> Self {
        let spread = |value: fn(&Run) -> f64| Spread::of(runs.iter().map(value).collect());
        let median =
            |i: usize| quantile(&runs.iter().map(|run| run.costs[i]).collect::<Vec<_>>(), 0.5);
        Self {
            config,
            train: spread(|run| run.train),
            held_out: spread(|run| run.held_out),
            cost: spread(|run| run.costs[run.costs.len() - 1]),
            costs: (0..runs[0].costs.len()).map(median).collect(),
            maps,
        }
    }
}

/// The first points and their classes, if examples are points in a plane.
fn points_of_plane(examples: &Examples<f32>) -> Option<Scatter> {
    let few = examples.len().min(MOST_POINTS);
    match &examples.x {
        Features::Numbers(x) if x.ncols() == 2 => {
            let x = x.slice(s![..few, ..]).mapv(Real::value);
            Some(Scatter::new(x.view(), examples.labels[..few].iter().copied()))
        }
        _ => None,
    }
}

/// The probabilities of a network over a square of the plane, one map for each output.
fn maps(network: &Network<f32>, reach: f64) -> Vec<Map> {
    let map = |output: usize| {
        Map::new(reach, [0.0, 1.0], |x| {
            let z = network.forward(x.mapv(|x| x as f32).view()).z;
            probabilities(z.view()).column(output).mapv(f64::from)
        })
    };
    (0..network.outputs()).map(map).collect()
}

impl Spread {
    fn of(values: Vec<f64>) -> Self {
        let at = |p: f64| quantile(&values, p);
        Self { median: at(0.5), low: at(0.05), high: at(0.95), values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_has_an_entry_for_each_combination() {
        let grid = SweepGrid {
            hidden: vec![1, 3],
            learning_rate: vec![0.5, 1.0],
            epochs: 30,
            seeds: 2,
            ..SweepGrid::article()
        };
        let train = |config| grid.train(config, &Data::Rings).unwrap();
        let runs: Vec<Run> = grid.configs().into_iter().map(train).collect();
        let summary = grid.summarise(&runs, &Data::Rings).unwrap();
        assert_eq!(summary.groups.len(), 4);
        let group = &summary.groups[3];
        assert_eq!((group.config.hidden, group.config.learning_rate), (3, 1.0));
        assert_eq!(group.held_out.values, [runs[6].held_out, runs[7].held_out]);
        assert!(group.costs[30] < group.costs[0]);
        assert_eq!(group.maps.len(), 1);
    }
}
