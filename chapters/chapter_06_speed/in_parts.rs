use crate::chapter_05_mnist::{Layer, Network};
use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

/// Examples are divided into this many parts, whatever the number of cores, so that no result depends on
/// it.
const PARTS: usize = 8;
/// Fewer examples than this are not worth a part of their own.
const FEW: usize = 128;

/// Mean cross-entropy of some examples and its gradient: each core computes those of some parts, and
/// they are added up in order. `y` has the shape `(m, outputs)`.
///
/// [In the book](../../../book/chapter_06.html#how-do-two-cores-share-the-work)
// ANCHOR: in_parts
pub fn cost_and_gradient_in_parts(
    network: &Network<f64>,
    x: ArrayView2<f64>,
    y: ArrayView2<f64>,
) -> (f64, Vec<Layer<f64>>) {
    let (m, rows) = (x.nrows() as f64, x.nrows().div_ceil(PARTS).max(FEW));
    let x = x.axis_chunks_iter(Axis(0), rows).into_par_iter();
    let y = y.axis_chunks_iter(Axis(0), rows).into_par_iter();
    let of_parts = x.zip(y).map(|(x, y)| (x.nrows(), network.cost_and_gradient(x, y)));
    let mut sum = (0.0, network.zeros());
    for (rows, (cost, gradient)) in of_parts.collect::<Vec<_>>() {
        let share = rows as f64 / m;
        sum.0 += share * cost;
        for (sum, part) in sum.1.iter_mut().zip(gradient) {
            sum.w.scaled_add(share, &part.w);
            sum.b.scaled_add(share, &part.b);
        }
    }
    sum
}
// ANCHOR_END: in_parts

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_05_mnist::{Activation, Initialisation, targets},
        random::{Purpose, stream},
    };
    use ndarray::Array2;

    #[test]
    fn parts_add_up_to_the_whole_on_any_number_of_cores() {
        let mut rng = stream(1, Purpose::Weights);
        let network =
            Network::random(&[5, 4, 3], Activation::Sigmoid, Initialisation::Xavier, &mut rng);
        let x = Array2::from_shape_fn((1000, 5), |(i, j)| ((7 * i + 3 * j) % 11) as f64 / 11.0);
        let y = targets((0..1000).map(|i| i % 3), 3);
        let (cost, gradient) = network.cost_and_gradient(x.view(), y.view());
        let on = |cores| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
            pool.install(|| cost_and_gradient_in_parts(&network, x.view(), y.view()))
        };
        let (cost_in_parts, gradient_in_parts) = on(1);
        // Sums of a thousand terms, each rounded to 53 bits
        assert!((cost_in_parts - cost).abs() < 1e-14);
        for (part, whole) in gradient_in_parts.iter().zip(&gradient) {
            assert!((&part.w - &whole.w).iter().all(|d| d.abs() < 1e-14));
            assert!((&part.b - &whole.b).iter().all(|d| d.abs() < 1e-14));
        }
        assert!([2, 3, 5].iter().all(|&cores| on(cores) == on(1)));
    }
}
