use super::super::training_step::TrainingStep;
use crate::chapter_05_mnist::{Examples, Network, Optimiser};

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

impl TrainingStep for Plain {
    fn step(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        [learning_rate, l2]: [f64; 2],
    ) -> f64 {
        let Self { network, optimiser } = self;
        // Gather
        let (x, y) = examples.batch(chosen, network.outputs());
        // Forward, cost and backward
        let (cost, mut gradient) = network.cost_and_gradient(x.view(), y.view());
        // Update
        network.add_l2_gradient(l2, &mut gradient);
        optimiser.step(network, &gradient, learning_rate);
        cost
    }

    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        network.clone_from(&self.network);
        optimiser.clone_from(&self.optimiser);
    }
}
