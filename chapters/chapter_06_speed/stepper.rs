use super::{
    backward::Backward,
    blocked::Blocked,
    cost::mean_cross_entropy,
    forward::Activations,
    learning::{PackedLayer, PackedNetwork},
    sharing::{Cores, Sharing},
    training_step::TrainingStep,
    width::Width,
};
use crate::chapter_05_mnist::{Examples, Network, Optimiser, StepSizes, TrainStep};
use std::mem;

/// Takes the steps of chapter 5, but faster: the last version of the ladder. Pixels that are blank in a whole
/// mini-batch are left out, a layer learns while those below it go on, and cores share the work as
/// long as that pays.
///
/// It uses the cores of the thread pool in which it runs, and computes the same numbers on any number of
/// them.
///
/// [In the book](../../../book/chapter_06.html)
pub struct Stepper {
    network: PackedNetwork,
    activations: Activations,
    /// `∂J/∂z` of each layer, a row for each unit.
    deltas: Vec<Blocked>,
    width: Width,
    sharing: Sharing,
}

impl Stepper {
    /// Takes over a network and its optimiser's state, for mini-batches of up to `m` examples.
    pub fn new(network: &Network<f32>, optimiser: &Optimiser<f32>, m: usize, width: Width) -> Self {
        let activations = Activations::new(network, m);
        Self {
            network: PackedNetwork::new(network, optimiser),
            deltas: activations.by_unit.clone(),
            activations,
            width,
            sharing: Sharing::default(),
        }
    }

    fn step_with(
        &mut self,
        cores: Cores,
        examples: &Examples<f32>,
        chosen: &[usize],
        StepSizes { learning_rate, l2 }: StepSizes,
    ) -> f64 {
        // ANCHOR: step
        let (m, width, last) = (chosen.len(), self.width, self.network.layers.len() - 1);
        let Self { network, activations, deltas, .. } = self;
        // Forward
        activations.input.gather(examples, chosen, (width, cores));
        for (l, layer) in network.layers.iter().enumerate() {
            let hidden = (l < last).then_some(network.activation);
            activations.layer(l, &layer.weights, hidden, m, (width, cores));
        }
        // Cost: the last delta is (softmax(z) - y) / m
        deltas[last].copy_from(&activations.by_unit[last]);
        let labels: Vec<usize> = chosen.iter().map(|&i| examples.labels[i]).collect();
        let cost = mean_cross_entropy(&mut deltas[last], &labels, width);
        // Backward, and update
        let rule = network.next_rule(learning_rate, l2);
        let activation = network.activation;
        let backward = Backward { activations, activation, m, rule, width, cores };
        backward.run(&mut network.layers, deltas);
        cost
        // ANCHOR_END: step
    }
}

impl TrainStep<f32> for Stepper {
    fn step(&mut self, examples: &Examples<f32>, chosen: &[usize], step_sizes: StepSizes) -> f64 {
        // Alone, if there is little to do
        let m = chosen.len();
        let weights = |layer: &PackedLayer| layer.weights.w.dim().0 * layer.weights.w.dim().1;
        let most = self.network.layers.iter().map(weights).max().unwrap_or(0);
        if Cores::Together.least_parts(most * m) > 1 {
            return self.step_with(Cores::Alone, examples, chosen, step_sizes);
        }
        // Else alone or together, whichever is faster
        let mut sharing = mem::take(&mut self.sharing);
        let cost = sharing.step(m, |cores| self.step_with(cores, examples, chosen, step_sizes));
        self.sharing = sharing;
        cost
    }
}

impl TrainingStep for Stepper {
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        self.network.write_to(network, optimiser);
    }
}
