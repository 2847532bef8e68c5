use super::real::Real;
use crate::random::Rng;
use ndarray::Array2;
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use serde::{Deserialize, Serialize};

/// The standard deviation of the starting weights, which are drawn from a normal distribution around
/// 0.
///
/// [In the book](../../../book/chapter_05.html#how-should-it-start)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Initialisation {
    /// Standard deviation `√(2 / inputs)`, which keeps the size of activations through `ReLU` (He,
    /// Zhang, Ren & Sun, *Delving deep into rectifiers*, 2015, equation 10).
    He,
    /// Standard deviation `√(2 / (inputs + outputs))`, a compromise between activations and gradients
    /// (Glorot & Bengio, *Understanding the difficulty of training deep feedforward neural
    /// networks*, 2010, equation 12).
    Xavier,
    /// Standard deviation 0.01, for layers of any size, as in chapter 3: for one hidden layer.
    Small,
    /// Standard deviation 1, for layers of any size: what not to do.
    StandardNormal,
}

impl Initialisation {
    /// Weights from `inputs` units to `outputs` units, shape `(inputs, outputs)`.
    pub fn draw<F: Real>(self, inputs: usize, outputs: usize, rng: &mut Rng) -> Array2<F> {
        let deviation = self.deviation(inputs, outputs);
        let normal = Array2::random_using((inputs, outputs), StandardNormal, rng);
        normal.mapv(|weight: f64| F::of(deviation * weight))
    }

    // ANCHOR: spread
    fn deviation(self, inputs: usize, outputs: usize) -> f64 {
        match self {
            Self::He => (2.0 / inputs as f64).sqrt(),
            Self::Xavier => (2.0 / (inputs + outputs) as f64).sqrt(),
            Self::Small => 0.01,
            Self::StandardNormal => 1.0,
        }
    }
    // ANCHOR_END: spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};

    #[test]
    fn spread_is_the_one_asked_for() {
        for (initialisation, variance) in [
            (Initialisation::He, 2.0 / 300.0),
            (Initialisation::Xavier, 2.0 / 500.0),
            (Initialisation::StandardNormal, 1.0),
        ] {
            let mut rng = stream(1, Purpose::Weights);
            let w: Array2<f64> = initialisation.draw(300, 200, &mut rng);
            // 60,000 weights give the variance with a standard error of √(2 / 60,000) = 0.6 %.
            assert!((w.var(0.0) / variance - 1.0).abs() < 0.03, "{initialisation:?}");
            assert!(w.sum().abs() / 60_000.0 < 4.0 * (variance / 60_000.0).sqrt());
        }
    }

    #[test]
    fn single_and_double_precision_start_from_the_same_weights() {
        let single: Array2<f32> = Initialisation::He.draw(3, 2, &mut stream(1, Purpose::Weights));
        let double: Array2<f64> = Initialisation::He.draw(3, 2, &mut stream(1, Purpose::Weights));
        assert_eq!(single, double.mapv(|weight| weight as f32));
    }
}
