use super::{
    network::Network,
    output::{cross_entropy, decide, targets},
    real::Real,
};
use crate::{dataset::Digits, metrics::accuracy};
use ndarray::{ArcArray2, Array2, ArrayView2, Axis, Slice};

/// Examples to learn from or to judge by; clones share their features.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone)]
pub struct Examples<F> {
    /// Their features, a row for each.
    pub x: Features<F>,
    /// Their classes, counted from 0.
    pub labels: Vec<usize>,
}

/// The features of examples.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone)]
pub enum Features<F> {
    /// Bytes, which become numbers one mini-batch at a time: that takes a quarter of the memory.
    Pixels {
        /// From 0 to 255, shape `(m, pixels)`.
        pixels: ArcArray2<u8>,
        /// From bytes to numbers, such as [`scale_to_unit`](crate::dataset::scale_to_unit).
        scale: fn(ArrayView2<u8>) -> Array2<F>,
    },
    /// Numbers, shape `(m, n)`.
    Numbers(ArcArray2<F>),
}

/// How many examples go forward at once when nothing is learned from them.
const AT_ONCE: usize = 1000;

impl<F: Real> Examples<F> {
    /// Digits, with the function that scales their pixels.
    pub fn of_digits(digits: &Digits, scale: fn(ArrayView2<u8>) -> Array2<F>) -> Self {
        let x = Features::Pixels { pixels: digits.pixels.clone(), scale };
        Self { x, labels: digits.labels.clone() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// A mini-batch of the chosen examples: `x`, shape `(chosen, n)`, and `y`, shape
    /// `(chosen, outputs)`.
    // ANCHOR: batch
    pub fn batch(&self, chosen: &[usize], outputs: usize) -> (Array2<F>, Array2<F>) {
        let x = match &self.x {
            Features::Pixels { pixels, scale } => scale(pixels.select(Axis(0), chosen).view()),
            Features::Numbers(x) => x.select(Axis(0), chosen),
        };
        (x, targets(chosen.iter().map(|&i| self.labels[i]), outputs))
    }
    // ANCHOR_END: batch
}

/// The logits of all examples, shape `(m, outputs)`.
///
/// [In the book](../../../book/chapter_05.html)
pub fn logits<F: Real>(network: &Network<F>, examples: &Examples<F>) -> Array2<F> {
    let mut z = Array2::zeros((examples.len(), network.outputs()));
    for (k, mut z) in z.axis_chunks_iter_mut(Axis(0), AT_ONCE).enumerate() {
        let rows = Slice::from(k * AT_ONCE..k * AT_ONCE + z.nrows());
        z.assign(&match &examples.x {
            Features::Pixels { pixels, scale } => {
                network.forward(scale(pixels.slice_axis(Axis(0), rows)).view()).z
            }
            Features::Numbers(x) => network.forward(x.slice_axis(Axis(0), rows)).z,
        });
    }
    z
}

/// The mean cost of examples, and the share that a network misclassifies.
///
/// [In the book](../../../book/chapter_05.html)
pub fn judge<F: Real>(network: &Network<F>, examples: &Examples<F>) -> (f64, f64) {
    judge_logits(logits(network, examples).view(), examples)
}

/// The same, from their logits, shape `(m, outputs)`.
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
        let x = Features::Pixels {
            pixels: pixels.into_shared(),
            scale: |pixels| pixels.mapv(f64::from),
        };
        let all = Examples::<f64> { x, labels: vec![4, 5, 6] };
        let (x, y) = all.batch(&[2, 0], 10);
        assert_eq!(x, ndarray::array![[200.0, 201.0], [0.0, 1.0]]);
        assert_eq!(decide(y.view()), ndarray::array![6, 4]);
    }
}
