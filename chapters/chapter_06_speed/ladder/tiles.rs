use super::super::{
    blocked::{BLOCK, Blocked, LINE, transpose_block},
    cost::mean_cross_entropy,
    elementwise::{activate_block, backprop_block},
    forward::Activations,
    gradient::bias_gradient,
    learning::PackedNetwork,
    matmul::{Columns, Lhs, Matmul},
    packed::Packed,
    sharing::Cores,
    training_step::TrainingStep,
    width::Width,
};
use crate::chapter_05_mnist::{Examples, Network, Optimiser, StepSizes, TrainStep};
use rayon::prelude::*;

/// The second rung: the step of [`InPlace`](super::in_place::InPlace) with matrix products of our own, in
/// register tiles. All matrices are packed in blocks, the weights from the first step to the last.
/// Everything else takes a pass of its own, with the vectors that any processor has.
pub struct Tiles {
    network: PackedNetwork,
    activations: Activations,
    /// `∂J/∂z` of each layer, a row for each unit.
    deltas: Vec<Blocked>,
    gradient: Vec<Packed>,
    width: Width,
}

impl Tiles {
    pub fn new(network: &Network<f32>, optimiser: &Optimiser<f32>, m: usize, width: Width) -> Self {
        let activations = Activations::new(network, m);
        Self {
            network: PackedNetwork::new(network, optimiser),
            deltas: activations.by_unit.clone(),
            activations,
            gradient: network.zeros().iter().map(Packed::new).collect(),
            width,
        }
    }
}

impl TrainStep<f32> for Tiles {
    fn step(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        StepSizes { learning_rate, l2 }: StepSizes,
    ) -> f64 {
        let Self { network, activations, deltas, gradient, width } = self;
        let Activations { input, by_unit, by_example } = activations;
        let (m, last) = (chosen.len(), network.layers.len() - 1);
        let strips = m.div_ceil(LINE);
        // Gather: a row for each example and, transposed, a row for each pixel
        input.write(examples, chosen, (Width::Plain, Cores::Together));
        // Forward: each layer writes where the next one reads
        for (l, layer) in network.layers.iter().enumerate() {
            let Packed { w, b } = &layer.weights;
            let (below, z) = by_unit.split_at_mut(l);
            let (seen, z) = (below.last().unwrap_or(&input.by_unit), &mut z[0]);
            let columns = Columns::First(w.dim().1);
            matmul(*width, |b| Lhs::Rows { block: w.block(b), columns }, seen, strips, z);
            let hidden = (l < last).then_some(network.activation);
            for (z, b) in z.blocks_mut().zip(b.chunks(BLOCK)) {
                activate_block(&mut z[..strips * b.len()], b, hidden);
            }
            transpose(z, strips, &mut by_example[l]);
        }
        // Cost: the last delta is (softmax(z) - y) / m
        deltas[last].copy_from(&by_unit[last]);
        let labels: Vec<usize> = chosen.iter().map(|&i| examples.labels[i]).collect();
        let cost = mean_cross_entropy(&mut deltas[last], &labels, Width::Plain);
        // Backward: the gradient of each layer, and the delta of the one below
        for (l, layer) in network.layers.iter().enumerate().rev() {
            let (below, delta) = deltas.split_at_mut(l);
            let delta = &delta[0];
            let seen = if l > 0 { &by_example[l - 1] } else { &input.by_example };
            let (g, columns) = (&mut gradient[l], Columns::First(m));
            let rows = |b| Lhs::Rows { block: delta.block(b), columns };
            matmul(*width, rows, seen, seen.strips(), &mut g.w);
            g.b = bias_gradient(delta, m);
            if let Some(below) = below.last_mut() {
                let w = &layer.weights.w;
                let columns = |b| Lhs::Columns { matrix: w, first: b * BLOCK };
                matmul(*width, columns, delta, strips, below);
                for (b, delta) in below.blocks_mut().enumerate() {
                    backprop_block(network.activation, delta, by_unit[l - 1].block(b));
                }
            }
        }
        // Update
        let rule = network.next_rule(learning_rate, l2);
        for (layer, g) in network.layers.iter_mut().zip(gradient) {
            layer.update(rule, &g.b, (Width::Plain, 1), |b, take| take(g.w.block(b)));
        }
        cost
    }
}

impl TrainingStep for Tiles {
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        self.network.write_to(network, optimiser);
    }
}

/// `C = B · A` in the first strips, where `lhs` has the rows of `B` for each block of `C`. Each core takes
/// blocks.
fn matmul<'a>(
    width: Width,
    lhs: impl Fn(usize) -> Lhs<'a> + Sync,
    rhs: &Blocked,
    strips: usize,
    c: &mut Blocked,
) {
    let all_strips = c.strips();
    c.par_blocks_mut().enumerate().for_each(|(b, c)| {
        let rows = c.len() / all_strips;
        Matmul { lhs: lhs(b), rhs, strips, c, rows }.write(width);
    });
}

/// Writes the first strips with a row for each column.
fn transpose(from: &Blocked, strips: usize, to: &mut Blocked) {
    let (all_strips, height) = (from.strips(), to.dim().0);
    for (b, to) in to.strips_mut().enumerate() {
        let block = from.block(b);
        let rows = block.len() / all_strips;
        transpose_block(&block[..strips * rows], rows, to, height);
    }
}
