//! Adam's running means of a gradient that is known, but for noise.

use super::{
    adam::Adam,
    network::{Activation, Layer, Network},
    report::RunningMeans,
};
use crate::random::{Purpose, stream};
use ndarray::array;
use ndarray_rand::{rand::Rng, rand_distr::StandardNormal};

/// The gradient, and in how many steps; the noise has a standard deviation of 1.
const GRADIENT: f64 = 1.0;
const STEPS: usize = 40;

/// Lets Adam take steps with the same gradient, each time with other noise.
///
/// [In the book](../../../book/chapter_05.html#how-does-it-step-when-each-gradient-is-a-guess)
pub fn running_means(seed: u64) -> RunningMeans {
    // A network of a single weight, and Adam for it
    let layer = |w: f64| Layer { w: array![[w]], b: array![0.0] };
    let mut network = Network { layers: vec![layer(0.0)], activation: Activation::Relu };
    let mut adam = Adam::new(&network, 0.0);
    let mut rng = stream(seed, Purpose::Data);

    // What it remembers after each step, with its bias towards 0 and without
    let mut means = RunningMeans { gradient: GRADIENT, ..RunningMeans::default() };
    for t in 1..=STEPS as i32 {
        let noise: f64 = rng.sample(StandardNormal);
        let g = GRADIENT + noise;
        adam.step(&mut network, &[layer(g)], 1.0);
        let [m, v] = [&adam.m, &adam.v].map(|of_layers| of_layers[0].w[[0, 0]]);
        means.noisy.push(g);
        means.m.push(m);
        means.m_hat.push(m / (1.0 - adam.beta1.powi(t)));
        means.root_v.push(v.sqrt());
        means.root_v_hat.push((v / (1.0 - adam.beta2.powi(t))).sqrt());
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_mean_without_its_bias_is_the_first_gradient() {
        let RunningMeans { noisy, m, m_hat, root_v_hat, .. } = running_means(1);
        assert!((m[0] - 0.1 * noisy[0]).abs() < 1e-12);
        assert!((m_hat[0] - noisy[0]).abs() < 1e-12);
        assert!((root_v_hat[0] - noisy[0].abs()).abs() < 1e-12);
    }

    #[test]
    fn means_are_steadier_than_the_gradients_they_are_of() {
        let RunningMeans { gradient, noisy, m_hat, root_v, root_v_hat, .. } = running_means(1);
        let off = |values: &[f64]| {
            let late = &values[STEPS / 2..];
            late.iter().map(|value| (value - gradient).abs()).sum::<f64>() / late.len() as f64
        };
        assert!(off(&m_hat) < off(&noisy) / 2.0);
        // The square of the gradient and that of the noise, on average
        assert!((root_v_hat[STEPS - 1] - f64::sqrt(2.0)).abs() < 0.3);
        assert!(root_v[STEPS - 1] < 0.3);
    }
}
