use crate::random::Rng;
use ndarray::Array2;
use rand::Rng as _;

/// Smooths a field by a Gaussian.
///
/// The Gaussian of a distance in the plane is the product of two, one of the rows apart and one of the
/// columns apart. So columns can be smoothed first and rows afterwards, each by a matrix product.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-bend-a-picture)
#[derive(Clone, Debug)]
pub struct Gaussian {
    /// What each row gives to each other row, shape `(rows, rows)`.
    pub rows: Array2<f32>,
    /// What each column gives to each other column, shape `(columns, columns)`.
    pub columns: Array2<f32>,
}

/// A Gaussian this many deviations away is as good as 0.
const REACH: f32 = 4.0;

impl Gaussian {
    /// With deviation `sigma`, in pixels, for fields of this size; beyond the edge a field is 0.
    pub fn new(sigma: f32, (rows, columns): (usize, usize)) -> Self {
        Self { rows: weights(sigma, rows), columns: weights(sigma, columns) }
    }

    /// A smooth field from a rough one of the same shape.
    // ANCHOR: smooth
    pub fn smooth(&self, field: &Array2<f32>) -> Array2<f32> {
        self.rows.dot(field).dot(&self.columns)
    }
    // ANCHOR_END: smooth
}

/// The weights of a Gaussian that sum to 1, a row for each of `n` places in a line.
// ANCHOR: weights
fn weights(sigma: f32, n: usize) -> Array2<f32> {
    let reach = (REACH * sigma).round() as usize;
    let weight = |distance: usize| (-0.5 * (distance as f32 / sigma).powi(2)).exp();
    let sum = weight(0) + 2.0 * (1..=reach).map(weight).sum::<f32>();
    Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
        near if near <= reach => weight(near) / sum,
        _ => 0.0,
    })
}
// ANCHOR_END: weights

/// A random displacement of every pixel, in rows and in columns: from -1 to 1, smoothed by a Gaussian, and
/// multiplied by `alpha`.
///
/// Source: Simard, Steinkraus & Platt, Best practices for convolutional neural networks applied to visual
/// document analysis (2003), section 2.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-bend-a-picture)
// ANCHOR: elastic
pub fn elastic(alpha: f32, gaussian: &Gaussian, rng: &mut Rng) -> [Array2<f32>; 2] {
    let size = (gaussian.rows.nrows(), gaussian.columns.nrows());
    [(); 2].map(|()| match alpha {
        0.0 => Array2::zeros(size),
        _ => gaussian.smooth(&rough(size, rng)) * alpha,
    })
}

/// A random number from -1 to 1 for each pixel; one of 256, since bytes are drawn quickly.
pub fn rough(size: (usize, usize), rng: &mut Rng) -> Array2<f32> {
    let mut bytes = Array2::zeros(size);
    rng.fill(bytes.as_slice_mut().expect("made in one piece"));
    bytes.mapv(|byte: u8| f32::from(byte) / 127.5 - 1.0)
}
// ANCHOR_END: elastic

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    #[test]
    fn weights_sum_to_one_where_no_edge_is_near() {
        let row = weights(1.5, 21).row(10).sum();
        assert!((row - 1.0).abs() < 1e-6, "{row}");
        // At the edge nearly half of the Gaussian lies outside
        let edge = weights(1.5, 21).row(0).sum();
        assert!((0.5..0.7).contains(&edge), "{edge}");
    }

    #[test]
    fn two_products_are_the_double_sum() {
        let size = (5, 7);
        let field = rough(size, &mut stream(1, Purpose::Data));
        let gaussian = Gaussian::new(1.2, size);
        let smooth = gaussian.smooth(&field);
        for ((i, j), &found) in smooth.indexed_iter() {
            let terms = field
                .indexed_iter()
                .map(|((k, l), r)| gaussian.rows[[i, k]] * gaussian.columns[[j, l]] * r);
            let expected: f32 = terms.sum();
            assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
        }
    }

    #[test]
    fn fields_go_both_ways_and_grow_with_alpha() {
        let gaussian = Gaussian::new(2.0, (20, 20));
        let field = |alpha| elastic(alpha, &gaussian, &mut stream(1, Purpose::Distortion));
        let [by_row, by_column] = field(30.0);
        for field in [&by_row, &by_column] {
            assert!(field.iter().any(|&d| d > 0.5) && field.iter().any(|&d| d < -0.5));
        }
        assert_ne!(by_row, by_column);
        assert!(field(0.0).iter().flatten().all(|&d| d == 0.0));
    }
}
