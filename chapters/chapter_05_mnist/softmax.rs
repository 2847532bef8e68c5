use super::real::Real;
use ndarray::{Array2, ArrayView2, Axis, Zip};

/// Probabilities that sum to 1 in each row: `e^z / Σ e^z`, from logits of shape `(m, classes)`.
///
/// The largest logit of each row is subtracted first. That cancels out, and no power exceeds 1.
///
/// [In the book](../../../book/chapter_05.html#how-do-ten-outputs-share-one-probability)
// ANCHOR: softmax
pub fn softmax<F: Real>(z: ArrayView2<F>) -> Array2<F> {
    let mut p = z.to_owned();
    for mut row in p.rows_mut() {
        let largest = row.fold(F::neg_infinity(), |most, &z| most.max(z));
        row.mapv_inplace(|z| (z - largest).exp());
        row /= row.sum();
    }
    p
}
// ANCHOR_END: softmax

/// Mean over the examples of `-Σ y log softmax(z)`; both arguments have the shape `(m, classes)`,
/// and each row of `y` has a single 1.
///
/// Written as `log Σ e^z - Σ y z`, with the largest logit subtracted from all of them first, it can
/// neither overflow nor take the logarithm of 0, and large logits cost it no digits.
///
/// [In the book](../../../book/chapter_05.html#how-do-ten-outputs-share-one-probability)
// ANCHOR: softmax_cross_entropy
pub fn softmax_cross_entropy<F: Real>(z: ArrayView2<F>, y: ArrayView2<F>) -> f64 {
    let costs = Zip::from(z.rows()).and(y.rows()).map_collect(|z, y| {
        let largest = z.fold(F::neg_infinity(), |most, &z| most.max(z));
        let sum = z.fold(F::zero(), |sum, &z| sum + (z - largest).exp());
        let correct = z.iter().zip(y).fold(F::zero(), |sum, (&z, &y)| sum + y * (z - largest));
        (sum.ln() - correct).value()
    });
    costs.sum() / z.len_of(Axis(0)) as f64
}
// ANCHOR_END: softmax_cross_entropy

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    // ANCHOR: what_must_be_true
    #[test]
    fn probabilities_sum_to_one_however_large_the_logits() {
        for z in [array![[1.0_f32, 2.0, 3.0]], array![[1000.0, -1000.0, 0.0]]] {
            assert!((softmax(z.view()).sum() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn adding_the_same_to_every_logit_changes_nothing() {
        let z = array![[0.5_f64, -1.0, 2.0]];
        let difference = softmax(z.view()) - softmax((&z + 100.0).view());
        assert!(difference.iter().all(|d| d.abs() < 1e-14));
    }

    #[test]
    fn cost_of_a_confident_mistake_is_finite() {
        let z = array![[1000.0_f32, -1000.0]];
        assert_eq!(softmax_cross_entropy(z.view(), array![[0.0, 1.0]].view()), 2000.0);
        assert_eq!(softmax_cross_entropy(z.view(), array![[1.0, 0.0]].view()), 0.0);
    }
    // ANCHOR_END: what_must_be_true

    #[test]
    fn equal_logits_cost_the_logarithm_of_the_number_of_classes() {
        let y = array![[0.0_f64, 1.0, 0.0, 0.0]];
        let cost = softmax_cross_entropy(Array2::zeros((1, 4)).view(), y.view());
        assert!((cost - 4.0_f64.ln()).abs() < 1e-15);
    }
}
