use crate::chapter_05_mnist::Network;

/// Takes the `n`th network into the mean of the `n - 1` before it.
///
/// Source: Polyak & Juditsky, Acceleration of stochastic approximation by averaging (1992).
///
/// [In the book](../../../book/chapter_07.html#what-else-helps)
// ANCHOR: average
pub fn average(mean: &mut Network<f32>, last: &Network<f32>, n: usize) {
    let share = 1.0 / n as f32;
    for (mean, last) in mean.layers.iter_mut().zip(&last.layers) {
        mean.w.zip_mut_with(&last.w, |mean, w| *mean += share * (w - *mean));
        mean.b.zip_mut_with(&last.b, |mean, b| *mean += share * (b - *mean));
    }
}
// ANCHOR_END: average

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapter_05_mnist::{Activation, Layer};
    use ndarray::array;

    #[test]
    fn mean_of_three_networks_is_the_one_worked_out_by_hand() {
        let network = |w: f32| Network {
            layers: vec![Layer { w: array![[w, 2.0]], b: array![-w, 0.0] }],
            activation: Activation::Relu,
        };
        let mut mean = network(3.0);
        average(&mut mean, &network(6.0), 2);
        average(&mut mean, &network(0.0), 3);
        assert_eq!(mean, network(3.0));
    }
}
