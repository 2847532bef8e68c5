use super::{Data, RunConfig, SweepGrid};
use crate::{Judged, Trainer};
use chapters::CourseError;

/// The result of one training run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What was trained.
    pub config: RunConfig,
    /// Accuracy on the training examples.
    pub train: f64,
    /// Accuracy on the examples held out.
    pub held_out: f64,
    /// The cost at some epochs from the start to the end, [`SweepGrid::places`].
    pub costs: Vec<f64>,
}

/// How many costs of a run are kept, at most.
const MOST_COSTS: usize = 51;

impl SweepGrid {
    /// After how many epochs costs are kept; the first is that before any epoch, or of the first.
    pub fn places(&self) -> Vec<usize> {
        let intervals = self.epochs.min(MOST_COSTS - 1);
        (0..=intervals).map(|i| i * self.epochs / intervals).collect()
    }

    /// Trains one network; the same configuration always gives the same run.
    pub fn train(&self, config: RunConfig, data: &Data) -> Result<Run, CourseError> {
        let (trainer, costs, split) = self.learn(config, data)?;
        let [train, held_out] =
            [&split.train, &split.held_out].map(|part| Judged::new(trainer.chosen(), part));
        trainer.check(costs.len(), train)?;
        let costs: Vec<f64> = costs.into_iter().chain([train.cost]).collect();
        let last = costs.len() - 1;
        Ok(Run {
            config,
            train: 1.0 - train.error,
            held_out: 1.0 - held_out.error,
            // A training that ends early stays where it ended
            costs: self.places().into_iter().map(|place| costs[place.min(last)]).collect(),
        })
    }

    /// A trained network with the cost of each epoch, and what it was trained on.
    pub(super) fn learn(
        &self,
        config: RunConfig,
        data: &Data,
    ) -> Result<(Trainer, Vec<f64>, crate::Split), CourseError> {
        let split = data.split(config.seed)?;
        let mut trainer = Trainer::begin(&self.train_config(&config), &split)?;
        if self.patience.is_some() {
            trainer.learn(&split, &|_| (), |_| Ok::<_, CourseError>(()))?;
            let costs = trainer.history.iter().map(|epoch| epoch.cost).collect();
            return Ok((trainer, costs, split));
        }
        let mut costs = Vec::with_capacity(self.epochs);
        while costs.len() < self.epochs {
            let Some(cost) = trainer.epoch(&split, costs.len())? else { break };
            costs.push(cost);
        }
        Ok((trainer, costs, split))
    }
}
