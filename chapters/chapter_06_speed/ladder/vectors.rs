use super::super::{
    blocked::{BLOCK, Blocked, LINE, transpose_block},
    cost::mean_cross_entropy,
    elementwise::{activate_block, backprop_block},
    forward::Activations,
    gradient::bias_gradient,
    learning::PackedNetwork,
    matmul::{Columns, Lhs, Matmul},
    packed::Packed,
    scratch::with_scratch,
    sharing::Cores,
    training_step::TrainingStep,
    width::Width,
};
use crate::chapter_05_mnist::{Examples, Network, Optimiser, StepSizes, TrainStep};
use rayon::prelude::*;

/// The third rung: the step of [`Tiles`](super::tiles::Tiles) with wide vectors for the elementwise loops
/// too, and with these loops fused into the products: each block of units is finished while it is in the
/// cache. No gradient is ever stored as a whole.
pub struct Vectors {
    network: PackedNetwork,
    activations: Activations,
    /// `∂J/∂z` of each layer, a row for each unit.
    deltas: Vec<Blocked>,
    width: Width,
}

impl Vectors {
    pub fn new(network: &Network<f32>, optimiser: &Optimiser<f32>, m: usize, width: Width) -> Self {
        let activations = Activations::new(network, m);
        Self {
            network: PackedNetwork::new(network, optimiser),
            deltas: activations.by_unit.clone(),
            activations,
            width,
        }
    }
}

impl TrainStep<f32> for Vectors {
    fn step(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        StepSizes { learning_rate, l2 }: StepSizes,
    ) -> f64 {
        let Self { network, activations, deltas, width } = self;
        let Activations { input, by_unit, by_example } = activations;
        let (m, last, width) = (chosen.len(), network.layers.len() - 1, *width);
        let (strips, activation) = (m.div_ceil(LINE), network.activation);
        // Gather: a row for each example and, transposed, a row for each pixel
        input.write(examples, chosen, (width, Cores::Together));
        // Forward: each core takes blocks of units
        for (l, layer) in network.layers.iter().enumerate() {
            let Packed { w, b: biases } = &layer.weights;
            let (hidden, columns) = ((l < last).then_some(activation), Columns::First(w.dim().1));
            let (below, z) = by_unit.split_at_mut(l);
            let (rhs, z) = (below.last().unwrap_or(&input.by_unit), &mut z[0]);
            let (all_strips, examples) = (z.strips(), by_example[l].dim().0);
            let parts = z.par_blocks_mut().zip(by_example[l].par_strips_mut()).enumerate();
            parts.for_each(|(b, (c, by_example))| {
                let rows = c.len() / all_strips;
                let lhs = Lhs::Rows { block: w.block(b), columns };
                Matmul { lhs, rhs, strips, c, rows }.write(width);
                let z = &mut c[..strips * rows];
                width.elementwise(
                    #[inline(always)]
                    || {
                        activate_block(z, &biases[b * BLOCK..][..rows], hidden);
                        transpose_block(z, rows, by_example, examples);
                    },
                );
            });
        }
        // Cost: the last delta is (softmax(z) - y) / m
        deltas[last].copy_from(&by_unit[last]);
        let labels: Vec<usize> = chosen.iter().map(|&i| examples.labels[i]).collect();
        let cost = mean_cross_entropy(&mut deltas[last], &labels, width);
        // Backward: the delta of the layer below; then the layer may learn
        let rule = network.next_rule(learning_rate, l2);
        for (l, layer) in network.layers.iter_mut().enumerate().rev() {
            let (below, delta) = deltas.split_at_mut(l);
            let delta = &delta[0];
            if let Some(below) = below.last_mut() {
                let (w, all_strips) = (&layer.weights.w, below.strips());
                below.par_blocks_mut().enumerate().for_each(|(b, c)| {
                    let rows = c.len() / all_strips;
                    let lhs = Lhs::Columns { matrix: w, first: b * BLOCK };
                    Matmul { lhs, rhs: delta, strips, c, rows }.write(width);
                    let (delta, a) = (&mut c[..strips * rows], by_unit[l - 1].block(b));
                    width.elementwise(
                        #[inline(always)]
                        || backprop_block(activation, delta, a),
                    );
                });
            }
            // Update: with each block of the gradient
            let rhs = if l > 0 { &by_example[l - 1] } else { &input.by_example };
            layer.update(rule, &bias_gradient(delta, m), (width, 1), |b, take| {
                let block = delta.block(b);
                let rows = block.len() / delta.strips();
                let lhs = Lhs::Rows { block, columns: Columns::First(m) };
                with_scratch(rows * rhs.strips(), |c| {
                    Matmul { lhs, rhs, strips: rhs.strips(), c: &mut *c, rows }.write(width);
                    take(c);
                });
            });
        }
        cost
    }
}

impl TrainingStep for Vectors {
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        self.network.write_to(network, optimiser);
    }
}
