//! The end of a network: softmax over the classes, or a single output for two.
//!
//! Only differences between logits matter, so the first of two may as well be 0. Softmax over `(0, z)`
//! is the sigmoid of chapter 2: `e^z / (e^0 + e^z) = 1 / (1 + e^-z)`.

use super::{
    real::Real,
    softmax::{softmax, softmax_cross_entropy},
};
use crate::{dataset::one_hot, metrics::argmax};
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// How many outputs a network needs for this many classes.
///
/// [In the book](../../../book/chapter_05.html)
pub fn outputs_for(classes: usize) -> usize {
    if classes == 2 { 1 } else { classes }
}

/// The outputs that would be correct, shape `(m, outputs)`: a 1 in the column of the class, or in the
/// only column for the second of two classes.
///
/// [In the book](../../../book/chapter_05.html)
pub fn targets<F: Real>(labels: impl ExactSizeIterator<Item = usize>, outputs: usize) -> Array2<F> {
    match outputs {
        1 => Array1::from_iter(labels.map(|label| F::of(label as f64))).insert_axis(Axis(1)),
        _ => one_hot(labels, outputs),
    }
}

/// The probability of each class, or of the second of two; `z` has the shape `(m, outputs)`, and so
/// has the result.
///
/// [In the book](../../../book/chapter_05.html#how-do-ten-outputs-share-one-probability)
pub fn probabilities<F: Real>(z: ArrayView2<F>) -> Array2<F> {
    match z.ncols() {
        1 => z.mapv(|z| F::one() / (F::one() + (-z).exp())),
        _ => softmax(z),
    }
}

/// Mean cross-entropy; both arguments have the shape `(m, outputs)`.
///
/// [In the book](../../../book/chapter_05.html#how-do-ten-outputs-share-one-probability)
pub fn cross_entropy<F: Real>(z: ArrayView2<F>, y: ArrayView2<F>) -> f64 {
    match z.ncols() {
        // As in chapter 2: max(z, 0) - y z + log(1 + e^-|z|)
        1 => {
            let cost = |z: F, y: F| z.max(F::zero()) - y * z + (-z.abs()).exp().ln_1p();
            let costs = z.iter().zip(y).map(|(&z, &y)| cost(z, y).value());
            costs.sum::<f64>() / z.nrows() as f64
        }
        _ => softmax_cross_entropy(z, y),
    }
}

/// The most probable class of each example, shape `(m,)`; of equals, the first.
///
/// [In the book](../../../book/chapter_05.html)
pub fn decide<F: Real>(z: ArrayView2<F>) -> Array1<usize> {
    match z.ncols() {
        1 => z.column(0).mapv(|z| usize::from(z > F::zero())),
        _ => argmax(z),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapter_02_logistic_regression::{mean_cross_entropy, sigmoid};
    use ndarray::array;

    #[test]
    fn single_output_is_the_sigmoid_of_chapter_2() {
        let z: Array2<f64> = array![[-700.0], [-1.5], [0.0], [0.3], [40.0]];
        let y = targets(vec![0, 1, 1, 0, 1].into_iter(), 1);
        let expected = z.mapv(sigmoid);
        assert!((probabilities(z.view()) - &expected).iter().all(|d| d.abs() < 1e-15));
        let cost = mean_cross_entropy(z.column(0), y.column(0));
        assert!((cross_entropy(z.view(), y.view()) - cost).abs() < 1e-14);
        assert_eq!(decide(z.view()), array![0, 0, 0, 1, 1]);
    }

    #[test]
    fn single_output_agrees_with_two() {
        let one: Array2<f64> = array![[2.0], [-0.5]];
        let two: Array2<f64> = array![[1.0, 3.0], [0.25, -0.25]];
        let [y1, y2] = [1, 2].map(|outputs| targets(vec![1, 1].into_iter(), outputs));
        let costs = [cross_entropy(one.view(), y1.view()), cross_entropy(two.view(), y2.view())];
        assert!((costs[0] - costs[1]).abs() < 1e-15);
        assert_eq!(decide(one.view()), decide(two.view()));
        assert_eq!([2, 3, 10].map(outputs_for), [1, 3, 10]);
    }
}
