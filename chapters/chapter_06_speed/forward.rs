use super::{
    blocked::{BLOCK, Blocked, LINE, transpose_block},
    elementwise::activate_block,
    input::Input,
    matmul::{Columns, Lhs, Matmul},
    packed::Packed,
    sharing::Cores,
    width::Width,
};
use crate::chapter_05_mnist::{Activation, Examples, Network, judge_logits};
use ndarray::Array2;
use rayon::prelude::*;
use std::mem;

/// A mini-batch and the activations of all layers: allocated once, used again in every step.
pub struct Activations {
    /// The mini-batch.
    pub input: Input,
    /// The activations of each layer, a row for each unit; those of the last layer are logits.
    pub by_unit: Vec<Blocked>,
    /// The same, a row for each example.
    pub by_example: Vec<Blocked>,
}

impl Activations {
    /// Room for a network's activations for up to `m` examples.
    pub fn new(network: &Network<f32>, m: usize) -> Self {
        let units = || network.layers.iter().map(|layer| layer.w.ncols());
        Self {
            input: Input::new(network.layers.first().map_or(0, |layer| layer.w.nrows()), m),
            by_unit: units().map(|units| Blocked::zeros(units, m)).collect(),
            by_example: units().map(|units| Blocked::one_block(m, units)).collect(),
        }
    }

    /// The input of layer `l`, with a row for each input number, and which of all inputs those are.
    pub fn seen_by_unit(&self, l: usize) -> (&Blocked, Columns<'_>) {
        match l.checked_sub(1) {
            None => (&self.input.by_unit, self.input.columns()),
            Some(below) => (&self.by_unit[below], Columns::First(self.by_unit[below].dim().0)),
        }
    }

    /// The same with a row for each example.
    pub fn seen_by_example(&self, l: usize) -> (&Blocked, Columns<'_>) {
        let (_, columns) = self.seen_by_unit(l);
        (l.checked_sub(1).map_or(&self.input.by_example, |below| &self.by_example[below]), columns)
    }

    /// Computes the activations of layer `l` for `m` examples; `hidden` is `None` for the logits.
    pub fn layer(
        &mut self,
        l: usize,
        layer: &Packed,
        hidden: Option<Activation>,
        m: usize,
        (width, cores): (Width, Cores),
    ) {
        // Take out what will be written, so that the rest can be read meanwhile
        let [mut by_unit, mut by_example] = [&mut self.by_unit, &mut self.by_example]
            .map(|answers| mem::replace(&mut answers[l], Blocked::zeros(0, 0)));
        let (rhs, columns) = self.seen_by_unit(l);
        let (all_strips, strips, examples) =
            (by_unit.strips(), m.div_ceil(LINE), by_example.dim().0);
        // ANCHOR: forward
        // Each core takes blocks of units
        let parts = by_unit.par_blocks_mut().zip(by_example.par_strips_mut()).enumerate();
        let least = cores.least_parts(layer.b.len() * columns.count() * m);
        parts.with_min_len(least).with_max_len(1).for_each(|(b, (c, by_example))| {
            let rows = c.len() / all_strips;
            let lhs = Lhs::Rows { block: layer.w.block(b), columns };
            Matmul { lhs, rhs, strips, c, rows }.write(width);
            // While the block is in the cache
            let c = &mut c[..strips * rows];
            let biases = &layer.b[b * BLOCK..][..rows];
            width.elementwise(
                #[inline(always)]
                || {
                    activate_block(c, biases, hidden);
                    transpose_block(c, rows, by_example, examples);
                },
            );
        });
        // ANCHOR_END: forward
        (self.by_unit[l], self.by_example[l]) = (by_unit, by_example);
    }
}

/// The cost, and the share of examples that a network misclassifies: as in chapter 5, but faster.
///
/// [In the book](../../../book/chapter_06.html#and-the-rest)
pub fn judge(network: &Network<f32>, examples: &Examples<f32>) -> (f64, f64) {
    judge_logits(logits(network, examples, Width::in_use()).view(), examples)
}

/// Examples in one forward pass when nothing is learned from them.
const AT_ONCE: usize = 256;

/// Logits of all examples, shape `(m, outputs)`: as in chapter 5, but faster.
///
/// [In the book](../../../book/chapter_06.html#and-the-rest)
pub fn logits(network: &Network<f32>, examples: &Examples<f32>, width: Width) -> Array2<f32> {
    // Pack the weights, once for all examples
    let m = examples.labels.len();
    let layers: Vec<Packed> = network.layers.iter().map(Packed::new).collect();
    let mut activations = Activations::new(network, AT_ONCE.min(m));
    let all: Vec<usize> = (0..m).collect();
    let mut z = Array2::zeros((m, network.outputs()));
    let with = (width, Cores::Together);
    for chosen in all.chunks(AT_ONCE) {
        // Forward
        activations.input.gather(examples, chosen, with);
        for (l, layer) in layers.iter().enumerate() {
            let hidden = (l + 1 < layers.len()).then_some(network.activation);
            activations.layer(l, layer, hidden, chosen.len(), with);
        }
        // Unpack the logits
        let outputs = activations.by_unit.last().expect("a network has layers");
        for (column, &i) in chosen.iter().enumerate() {
            for (class, z) in z.row_mut(i).iter_mut().enumerate() {
                *z = outputs.get(class, column);
            }
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_05_mnist::{Features, Initialisation},
        dataset::scale_to_unit,
        random::{Purpose, stream},
    };

    #[test]
    fn judging_is_that_of_chapter_5() {
        let (sizes, start) = ([130, 70, 33, 10], Initialisation::He);
        let mut rng = stream(1, Purpose::Weights);
        let network = Network::random(&sizes, Activation::Relu, start, &mut rng);
        let pixels = Array2::from_shape_fn((600, 130), |(i, j)| ((i * 131 + j * j) % 256) as u8);
        let labels: Vec<usize> = (0..600).map(|i| i % 10).collect();
        let x = Features::Pixels { pixels: pixels.into_shared(), scale: scale_to_unit };
        let examples = Examples { x, labels };
        let plain = crate::chapter_05_mnist::logits(&network, &examples);
        for width in Width::available() {
            let fast = logits(&network, &examples, width);
            assert!((&fast - &plain).iter().all(|d| d.abs() < 1e-4), "{width}");
        }
    }
}
