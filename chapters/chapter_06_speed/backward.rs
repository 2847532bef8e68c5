use super::{
    blocked::{Blocked, LINE},
    elementwise::backprop_block,
    forward::Activations,
    gradient::{bias_gradient, weight_gradient},
    learning::PackedLayer,
    matmul::{Lhs, Matmul},
    sharing::Cores,
    update::Rule,
    width::Width,
};
use crate::chapter_05_mnist::Activation;
use rayon::prelude::*;

/// The backward pass, in which each layer learns as soon as it can.
pub struct Backward<'a> {
    /// The inputs of all layers.
    pub activations: &'a Activations,
    /// Of the hidden units.
    pub activation: Activation,
    /// How many examples.
    pub m: usize,
    /// How each layer learns.
    pub rule: Rule,
    /// The vectors to compute with.
    pub width: Width,
    /// Who does the work.
    pub cores: Cores,
}

impl Backward<'_> {
    /// From the last of these layers to the first. `deltas` has room for `∂J/∂z` of each, a row for each
    /// unit; at the start, only the last is known. Once a layer has passed its delta down, it learns
    /// while the layers below go on.
    // ANCHOR: backward
    pub fn run(&self, layers: &mut [PackedLayer], deltas: &mut [Blocked]) {
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

    /// Computes `∂J/∂z` of the layer below layer `l`.
    fn pass_down(&self, l: usize, w: &Blocked, delta: &Blocked, below: &mut Blocked) {
        let (strips, all_strips) = (self.m.div_ceil(LINE), below.strips());
        let (units, n) = w.dim();
        // Each core takes blocks of the units below
        let least = self.cores.least_parts(units * n * self.m);
        let blocks = below.par_blocks_mut().enumerate().with_min_len(least).with_max_len(1);
        blocks.for_each(|(b, c)| {
            // Wᵀ · delta
            let rows = c.len() / all_strips;
            let lhs = Lhs::Columns { matrix: w, first: b * delta.block_rows() };
            Matmul { lhs, rhs: delta, strips, c, rows }.write(self.width);
            // Times the derivative, while it is in the cache
            let (delta, a) = (&mut c[..strips * rows], self.activations.by_unit[l - 1].block(b));
            self.width.elementwise(
                #[inline(always)]
                || backprop_block(self.activation, delta, a),
            );
        });
    }

    /// Moves the weights and biases of layer `l`.
    fn learn(&self, l: usize, layer: &mut PackedLayer, delta: &Blocked) {
        let (m, width) = (self.m, self.width);
        let seen = self.activations.seen_by_example(l);
        let least = self.cores.least_parts(delta.dim().0 * seen.1.count() * m);
        let biases = bias_gradient(delta, m);
        layer.update(self.rule, &biases, (width, least), |b, take| {
            weight_gradient(delta, b, m, seen, width, take);
        });
    }
}
