use super::{
    network::Network,
    output::{cross_entropy, decide, targets},
    real::Real,
};
use crate::metrics::accuracy;
use ndarray::{Array2, ArrayView2, Axis, Slice};

/// Examples to learn from or to be judged by.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Copy)]
pub struct Examples<'a, F> {
    /// What they look like, one row each.
    pub rows: Rows<'a, F>,
    /// Their classes, counted from 0.
    pub labels: &'a [usize],
}

/// What examples look like.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Copy)]
pub enum Rows<'a, F> {
    /// Bytes, which are numbers only while a network looks at them: that takes a quarter of the room.
    Pixels {
        /// From 0 to 255, shape `(m, pixels)`.
        pixels: ArrayView2<'a, u8>,
        /// From bytes to numbers, such as [`scale_to_unit`](crate::dataset::scale_to_unit).
        scale: fn(ArrayView2<u8>) -> Array2<F>,
    },
    /// Numbers, shape `(m, n)`.
    Numbers(ArrayView2<'a, F>),
}

/// How many examples are looked at in one go when nothing is learned from them.
const AT_ONCE: usize = 1000;

impl<F: Real> Examples<'_, F> {
    /// The chosen examples as `x`, shape `(chosen, pixels)`, and `y`, shape `(chosen, outputs)`.
    // ANCHOR: batch
    pub fn batch(&self, chosen: &[usize], outputs: usize) -> (Array2<F>, Array2<F>) {
        let x = match self.rows {
            Rows::Pixels { pixels, scale } => scale(pixels.select(Axis(0), chosen).view()),
            Rows::Numbers(x) => x.select(Axis(0), chosen),
        };
        (x, targets(chosen.iter().map(|&i| self.labels[i]), outputs))
    }
    // ANCHOR_END: batch
}

/// What the network says of all examples before its softmax, shape `(m, outputs)`.
///
/// [In the book](../../../book/chapter_05.html)
pub fn logits<F: Real>(network: &Network<F>, examples: &Examples<F>) -> Array2<F> {
    let mut z = Array2::zeros((examples.labels.len(), network.outputs()));
    for (k, mut z) in z.axis_chunks_iter_mut(Axis(0), AT_ONCE).enumerate() {
        let rows = Slice::from(k * AT_ONCE..k * AT_ONCE + z.nrows());
        z.assign(&match examples.rows {
            Rows::Pixels { pixels, scale } => {
                network.forward(scale(pixels.slice_axis(Axis(0), rows)).view()).z
            }
            Rows::Numbers(x) => network.forward(x.slice_axis(Axis(0), rows)).z,
        });
    }
    z
}

/// The mean cost of examples, and the share that a network takes for another class.
///
/// [In the book](../../../book/chapter_05.html)
pub fn judge<F: Real>(network: &Network<F>, examples: &Examples<F>) -> (f64, f64) {
    judge_logits(logits(network, examples).view(), examples)
}

/// The same, of what the network says of them before its softmax, shape `(m, outputs)`.
///
/// [In the book](../../../book/chapter_05.html)
pub fn judge_logits<F: Real>(z: ArrayView2<F>, examples: &Examples<F>) -> (f64, f64) {
    let labels = examples.labels.iter().copied();
    let y = targets(labels.clone(), z.ncols());
    (cross_entropy(z, y.view()), 1.0 - accuracy(decide(z), labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mini_batch_holds_the_chosen_digits() {
        let pixels = Array2::from_shape_fn((3, 2), |(i, j)| (100 * i + j) as u8);
        let all = Examples::<f64> {
            rows: Rows::Pixels { pixels: pixels.view(), scale: |pixels| pixels.mapv(f64::from) },
            labels: &[4, 5, 6],
        };
        let (x, y) = all.batch(&[2, 0], 10);
        assert_eq!(x, ndarray::array![[200.0, 201.0], [0.0, 1.0]]);
        assert_eq!(decide(y.view()), ndarray::array![6, 4]);
    }
}
