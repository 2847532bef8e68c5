use super::{Data, RunConfig, SweepGrid};
use crate::{Error, Judged, Trainer};

/// What came of one training.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What was trained.
    pub setting: RunConfig,
    /// Share of the training examples right.
    pub train: f64,
    /// Share of the examples held out right.
    pub held_out: f64,
    /// The cost at some places from the start to the end, [`SweepGrid::places`].
    pub costs: Vec<f64>,
}

/// How many costs of a training are kept at the most.
const MOST_COSTS: usize = 51;

impl SweepGrid {
    /// After how many epochs costs are kept; the first are those before any, or of the first.
    pub fn places(&self) -> Vec<usize> {
        let intervals = self.epochs.min(MOST_COSTS - 1);
        (0..=intervals).map(|i| i * self.epochs / intervals).collect()
    }

    /// Trains one network; the same setting always gives the same run.
    pub fn train(&self, setting: RunConfig, data: &Data) -> Result<Run, Error> {
        let (trainer, costs, split) = self.learn(setting, data)?;
        let [train, held_out] =
            [&split.train, &split.held_out].map(|examples| Judged::new(&trainer.network, examples));
        trainer.check(costs.len(), train)?;
        let costs: Vec<f64> = costs.into_iter().chain([train.cost]).collect();
        let last = costs.len() - 1;
        Ok(Run {
            setting,
            train: 1.0 - train.error,
            held_out: 1.0 - held_out.error,
            // An optimiser that finds its minimum early stays there
            costs: self.places().into_iter().map(|place| costs[place.min(last)]).collect(),
        })
    }

    /// A trained network with the cost of each epoch, and what it learned from.
    pub(super) fn learn(
        &self,
        setting: RunConfig,
        data: &Data,
    ) -> Result<(Trainer, Vec<f64>, crate::Split), Error> {
        let split = data.split(setting.seed)?;
        let mut trainer = Trainer::begin(&self.config(&setting), &split)?;
        let mut costs = Vec::with_capacity(self.epochs);
        while costs.len() < self.epochs {
            let Some(cost) = trainer.epoch(&split, costs.len())? else { break };
            costs.push(cost);
        }
        Ok((trainer, costs, split))
    }
}
