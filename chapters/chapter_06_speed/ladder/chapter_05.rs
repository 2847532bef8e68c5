use super::super::training_step::TrainingStep;
use crate::chapter_05_mnist::{Backprop, Examples, Network, Optimiser, StepSizes, TrainStep};

/// The bottom of the ladder: chapter 5's own code.
pub struct Plain {
    network: Network<f32>,
    optimiser: Optimiser<f32>,
}

impl Plain {
    pub fn new(network: &Network<f32>, optimiser: &Optimiser<f32>) -> Self {
        Self { network: network.clone(), optimiser: optimiser.clone() }
    }
}

impl TrainStep<f32> for Plain {
    fn step(&mut self, examples: &Examples<f32>, chosen: &[usize], step_sizes: StepSizes) -> f64 {
        let Self { network, optimiser } = self;
        Backprop { network, optimiser }.step(examples, chosen, step_sizes)
    }
}

impl TrainingStep for Plain {
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        network.clone_from(&self.network);
        optimiser.clone_from(&self.optimiser);
    }
}
