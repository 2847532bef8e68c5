use super::{
    blocked::{Blocked, LINE, Line},
    elementwise,
    forward::Activations,
    kernels::Kernels,
    matmul::{Columns, Lhs, Matmul},
    packed::{Learning, Memory},
    sharing::{Cores, with_room},
    update::Rule,
};
use crate::chapter_05_mnist::Activation;
use rayon::prelude::*;

/// The way back through the layers, which learn as it goes.
pub struct Backward<'a> {
    /// What each layer has seen.
    pub activations: &'a Activations,
    /// Of the hidden units.
    pub activation: Activation,
    /// How many examples.
    pub m: usize,
    /// How each layer learns.
    pub rule: Rule,
    /// Which kernels do it.
    pub kernels: Kernels,
    /// Who does it.
    pub cores: Cores,
}

impl Backward<'_> {
    /// From the last of some layers to the first; `deltas` has `∂J/∂z` of each, a row for each unit, of
    /// which the last is known. Once a layer's delta has been passed down, the layer learns, and the
    /// layers below go on meanwhile.
    // ANCHOR: backward
    pub fn run(&self, layers: &mut [Learning], deltas: &mut [Blocked]) {
        let Some((layer, layers)) = layers.split_last_mut() else { return };
        let (delta, deltas) = deltas.split_last_mut().expect("a delta for each layer");
        let l = layers.len();
        if let Some(below) = deltas.last_mut() {
            self.pass_down(l, &layer.weights.w, delta, below);
        }
        let (units, n) = layer.weights.w.dim();
        self.cores.both(
            units * n * self.m,
            || self.learn(l, layer, delta),
            || self.run(layers, deltas),
        );
    }
    // ANCHOR_END: backward

    /// `∂J/∂z` of the layer below layer `l`.
    fn pass_down(&self, l: usize, w: &Blocked, delta: &Blocked, below: &mut Blocked) {
        let (strips, all_strips, kernels) = (self.strips(), below.strips(), self.kernels);
        let (units, n) = w.dim();
        let blocks = below.par_blocks_mut().enumerate();
        let blocks =
            blocks.with_min_len(self.cores.least_parts(units * n * self.m)).with_max_len(1);
        blocks.for_each(|(b, c)| {
            let lhs = Lhs::Columns { matrix: w, first: b * delta.block_rows() };
            let height = c.len() / all_strips;
            Matmul { lhs, rhs: delta, strips, c, rows: height }.write(kernels.matmul);
            let a = self.activations.by_unit[l - 1].block(b);
            kernels.elementwise.elementwise(
                #[inline(always)]
                || {
                    for (delta, a) in c.iter_mut().zip(a).take(strips * height) {
                        elementwise::backprop_activation(self.activation, &mut delta.0, &a.0);
                    }
                },
            );
        });
    }

    /// Layer `l` learns.
    fn learn(&self, l: usize, layer: &mut Learning, delta: &Blocked) {
        let weights = &mut layer.weights;
        let w = weights.w.par_blocks_mut();
        let g_b = self.bias_gradient(delta);
        match (self.rule, &mut layer.memory) {
            (Rule::Momentum(step), Memory::Velocity(velocity)) => {
                let blocks = w.zip(velocity.w.par_blocks_mut());
                self.each_gradient(
                    l,
                    delta,
                    blocks,
                    #[inline(always)]
                    |(w, v), g| {
                        for ((w, v), g) in w.iter_mut().zip(v).zip(g) {
                            step.update([&mut w.0, &mut v.0], &g.0);
                        }
                    },
                );
                step.of_biases().update([&mut weights.b, &mut velocity.b], &g_b);
            }
            (Rule::Adam(step), Memory::Moments(m, v)) => {
                let blocks = w.zip(m.w.par_blocks_mut()).zip(v.w.par_blocks_mut());
                self.each_gradient(
                    l,
                    delta,
                    blocks,
                    #[inline(always)]
                    |((w, m), v), g| {
                        for (((w, m), v), g) in w.iter_mut().zip(m).zip(v).zip(g) {
                            step.update([&mut w.0, &mut m.0, &mut v.0], &g.0);
                        }
                    },
                );
                step.of_biases().update([&mut weights.b, &mut m.b, &mut v.b], &g_b);
            }
            _ => unreachable!("a network learns with the optimiser that it began with"),
        }
    }

    /// Works out the gradient of layer `l`, a block of units at a time, and hands each to `take` with
    /// what belongs to the same units, while it is in the cache.
    fn each_gradient<P: Send>(
        &self,
        l: usize,
        delta: &Blocked,
        blocks: impl IndexedParallelIterator<Item = P>,
        take: impl Fn(P, &[Line]) + Sync,
    ) {
        let (rhs, columns) = self.activations.seen_by_example(l);
        let (n, strips) = (rhs.strips(), columns.count().div_ceil(LINE));
        let work = delta.dim().0 * columns.count() * self.m;
        let blocks = blocks.enumerate().with_min_len(self.cores.least_parts(work)).with_max_len(1);
        blocks.for_each(|(b, part)| {
            let block = delta.block(b);
            let rows = block.len() / delta.strips();
            with_room(rows * (strips + n), |room| {
                let (c, g) = room.split_at_mut(rows * strips);
                let lhs = Lhs::Rows { block, columns: Columns::First(self.m) };
                Matmul { lhs, rhs, strips, c, rows }.write(self.kernels.matmul);
                let g = match columns {
                    Columns::First(_) => c,
                    Columns::Chosen(columns) => spread(c, columns, rows, g),
                };
                self.kernels.elementwise.elementwise(
                    #[inline(always)]
                    || take(part, g),
                );
            });
        });
    }

    /// The gradient of the biases.
    fn bias_gradient(&self, delta: &Blocked) -> Vec<f32> {
        let blocks = (0..delta.dim().0.div_ceil(delta.block_rows())).map(|b| delta.block(b));
        let of_block = |block: &[Line]| -> Vec<f32> {
            let height = block.len() / delta.strips();
            let of_unit = |unit: usize| {
                let lines = block[unit..].iter().step_by(height).take(self.strips());
                let mut sum = [0.0; LINE];
                for line in lines {
                    sum.iter_mut().zip(&line.0).for_each(|(sum, delta)| *sum += delta);
                }
                sum.iter().sum()
            };
            (0..height).map(of_unit).collect()
        };
        blocks.flat_map(of_block).collect()
    }

    fn strips(&self) -> usize {
        self.m.div_ceil(LINE)
    }
}

/// Puts the columns of a gradient where they belong; those that were left out are 0.
// ANCHOR: spread
fn spread<'a>(from: &[Line], columns: &[u32], rows: usize, to: &'a mut [Line]) -> &'a [Line] {
    to.fill(Line::default());
    for (strip, columns) in from.chunks(rows).zip(columns.chunks(LINE)) {
        for (lane, &k) in columns.iter().enumerate() {
            let (to_strip, to_lane) = (k as usize / LINE, k as usize % LINE);
            for (to, from) in to[to_strip * rows..][..rows].iter_mut().zip(strip) {
                to.0[to_lane] = from.0[lane];
            }
        }
    }
    to
}
// ANCHOR_END: spread
