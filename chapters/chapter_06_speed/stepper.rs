use super::{
    backward::Backward,
    blocked::{Blocked, LINE, Line},
    elementwise,
    forward::Activations,
    kernels::Kernels,
    packed::Learning,
    sharing::{Cores, Sharing},
    update::Rule,
};
use crate::chapter_05_mnist::{
    Activation, Adam, Examples, Momentum, Network, Optimiser, StepSizes, TrainStep,
};
use std::mem;

/// Takes the steps of chapter 5, faster.
///
/// It uses as many cores as the thread pool that it is run in, and comes to the same numbers on any
/// number of them.
///
/// [In the book](../../../book/chapter_06.html)
pub struct Stepper {
    layers: Vec<Learning>,
    activation: Activation,
    /// Settings and the number of steps; what it remembers of weights is in the layers.
    optimiser: Optimiser<f32>,
    activations: Activations,
    /// `∂J/∂z` of each layer, a row for each unit.
    deltas: Vec<Blocked>,
    kernels: Kernels,
    sharing: Sharing,
}

impl Stepper {
    /// Takes over a network and what its optimiser remembers, for mini-batches of `m` at most.
    pub fn new(
        network: &Network<f32>,
        optimiser: &Optimiser<f32>,
        m: usize,
        kernels: Kernels,
    ) -> Self {
        let sizes: Vec<_> = network.layers.iter().map(|layer| layer.w.dim()).collect();
        let activations = Activations::new(&sizes, m);
        Self {
            layers: Learning::layers(network, optimiser),
            activation: network.activation,
            optimiser: match optimiser {
                Optimiser::Momentum(Momentum { beta, .. }) => {
                    Optimiser::Momentum(Momentum { beta: *beta, velocity: Vec::new() })
                }
                Optimiser::Adam(adam) => {
                    Optimiser::Adam(Adam { m: Vec::new(), v: Vec::new(), ..*adam })
                }
            },
            deltas: activations.by_unit.clone(),
            activations,
            kernels,
            sharing: Sharing::default(),
        }
    }

    /// Learns once from the chosen examples; returns their cost before that.
    pub fn step(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        step_sizes: StepSizes,
    ) -> f64 {
        let m = chosen.len();
        let weights = |layer: &Learning| layer.weights.w.dim().0 * layer.weights.w.dim().1;
        let most = self.layers.iter().map(weights).max().unwrap_or(0);
        if Cores::Together.least_parts(most * m) > 1 {
            return self.step_with(Cores::Alone, examples, chosen, step_sizes);
        }
        let mut sharing = mem::take(&mut self.sharing);
        let cost = sharing.step(m, |cores| self.step_with(cores, examples, chosen, step_sizes));
        self.sharing = sharing;
        cost
    }

    // ANCHOR: step
    fn step_with(
        &mut self,
        cores: Cores,
        examples: &Examples<f32>,
        chosen: &[usize],
        StepSizes { learning_rate, l2 }: StepSizes,
    ) -> f64 {
        let (m, kernels, last) = (chosen.len(), self.kernels, self.layers.len() - 1);
        self.activations.input.gather(examples, chosen, (kernels, cores));
        for (l, layer) in self.layers.iter().enumerate() {
            let hidden = (l < last).then_some(self.activation);
            self.activations.layer(l, &layer.weights, hidden, m, (kernels, cores));
        }
        let cost = self.cost(examples, chosen);
        let rule = Rule::next(&mut self.optimiser, learning_rate, l2);
        let (activations, activation) = (&self.activations, self.activation);
        let backward = Backward { activations, activation, m, rule, kernels, cores };
        backward.run(&mut self.layers, &mut self.deltas);
        cost
    }
    // ANCHOR_END: step

    /// Writes back what has been learned.
    pub fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        for (l, layer) in self.layers.iter_mut().enumerate() {
            layer.write_to(l, network, optimiser);
        }
        if let (Optimiser::Adam(from), Optimiser::Adam(to)) = (&self.optimiser, optimiser) {
            to.t = from.t;
        }
    }

    /// Mean cross-entropy; writes `(softmax(z) - y) / m` as the last layer's delta.
    fn cost(&mut self, examples: &Examples<f32>, chosen: &[usize]) -> f64 {
        let m = chosen.len() as f32;
        let z = self.activations.by_unit.last().expect("a network has layers");
        let delta = self.deltas.last_mut().expect("a delta for each layer");
        delta.copy_from(z);
        let labels: Vec<usize> = chosen.iter().map(|&i| examples.labels[i]).collect();
        let (units, strips) = (z.dim().0, z.strips());
        let cost: f64 = if units == 1 {
            let y: Vec<f32> = labels.iter().map(|&label| label as f32).collect();
            let lines = delta.blocks_mut().next().into_iter().flatten();
            let mut cost = 0.0;
            self.kernels.elementwise.elementwise(
                #[inline(always)]
                || cost = elementwise::cost_of_two(lines, &y),
            );
            cost
        } else {
            let mut lines: Vec<Vec<&mut Line>> = (0..strips).map(|_| Vec::new()).collect();
            for block in delta.blocks_mut() {
                let height = block.len() / strips;
                for (s, strip) in block.chunks_mut(height).enumerate() {
                    lines[s].extend(strip);
                }
            }
            let strips = lines.iter_mut().zip(labels.chunks(LINE));
            strips.map(|(z, labels)| elementwise::cost_of_strip(z, labels, m)).sum()
        };
        cost / f64::from(m)
    }
}

impl TrainStep<f32> for Stepper {
    fn step(&mut self, examples: &Examples<f32>, chosen: &[usize], step_sizes: StepSizes) -> f64 {
        Stepper::step(self, examples, chosen, step_sizes)
    }
}

#[cfg(test)]
mod tests;
