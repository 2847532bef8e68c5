use super::network::Architecture;
use crate::{chapter_02_logistic_regression::sigmoid, metrics::accuracy, random::Rng};
use ndarray::{Array1, ArrayView1, ArrayView2, Axis};

/// A network that learns online, from one example at a time, by the squared error `½ ‖y_hat - y‖²`.
///
/// This is system B of the claims: forward, backward, update, next example.
///
/// [In the book](../../../book/chapter_04.html#what-if-it-sees-each-digit-only-once)
#[derive(Clone, Debug)]
pub struct Online {
    /// The sizes of its layers.
    pub architecture: Architecture,
    /// All its parameters in one vector.
    pub theta: Array1<f64>,
}

impl Online {
    /// A network with random weights.
    pub fn new(architecture: Architecture, rng: &mut Rng) -> Self {
        let theta = architecture.random(rng);
        Self { architecture, theta }
    }

    /// The outputs for one example, shape `(outputs,)`; `x` has the shape `(features,)`.
    pub fn feedforward(&self, x: ArrayView1<f64>) -> Array1<f64> {
        let z = self.architecture.forward(self.theta.view(), x.insert_axis(Axis(0))).z;
        z.index_axis_move(Axis(0), 0).mapv_into(sigmoid)
    }

    /// Learns from one example and returns the mean squared error of the outputs before learning. `x` has the shape `(features,)`, `y` the shape `(outputs,)`.
    // ANCHOR: learn
    pub fn learn(&mut self, x: ArrayView1<f64>, y: ArrayView1<f64>, learning_rate: f64) -> f64 {
        // Forward
        let x = x.insert_axis(Axis(0));
        let activations = self.architecture.forward(self.theta.view(), x);
        let y_hat = activations.y_hat();
        // Backward, from ∂L/∂z = (y_hat - y) ∘ y_hat ∘ (1 - y_hat)
        let error = &y_hat - &y;
        let delta = &error * y_hat.mapv(|a| a * (1.0 - a));
        let gradient = self.architecture.backward(self.theta.view(), x, &activations, delta);
        // Update
        self.theta.scaled_add(-learning_rate, &gradient);
        error.pow2().mean().unwrap_or(0.0)
    }
    // ANCHOR_END: learn

    /// Learns from every example once, in order; returns each one's squared error, shape `(m,)`.
    pub fn train(
        &mut self,
        x: ArrayView2<f64>,
        y: ArrayView2<f64>,
        learning_rate: f64,
    ) -> Array1<f64> {
        let examples = x.rows().into_iter().zip(y.rows());
        examples.map(|(x, y)| self.learn(x, y, learning_rate)).collect()
    }

    /// The share of examples classified correctly, from 0 to 1.
    pub fn score(&self, x: ArrayView2<f64>, labels: &[usize]) -> f64 {
        let predicted = self.architecture.predict(self.theta.view(), x);
        accuracy(predicted, labels.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gradient_check::{central_differences, norm},
        random::{Purpose, stream},
    };
    use ndarray::array;

    fn network() -> Online {
        let architecture = Architecture { sizes: vec![3, 4, 2] };
        Online::new(architecture, &mut stream(1, Purpose::Weights))
    }

    #[test]
    fn one_step_goes_down_the_gradient_of_the_squared_error() {
        let (x, y) = (array![0.3, -1.0, 2.0], array![1.0, 0.0]);
        let mut network = network();
        let before = network.clone();
        let numerical = central_differences(before.theta.view(), 1e-5, |theta| {
            let moved = Online { theta: theta.to_owned(), ..before.clone() };
            0.5 * (moved.feedforward(x.view()) - &y).pow2().sum()
        });
        network.learn(x.view(), y.view(), 0.5);
        let expected = &before.theta - 0.5 * &numerical;
        // Central differences at 1e-5 are good to about 1e-10.
        assert!(norm((network.theta - expected).view()) < 1e-9);
    }

    #[test]
    fn repeated_example_is_learned() {
        let (x, y) = (array![[0.3, -1.0, 2.0]], array![[1.0, 0.0]]);
        let mut network = network();
        let errors: Vec<f64> =
            (0..200).map(|_| network.train(x.view(), y.view(), 1.0)[0]).collect();
        assert!(errors.windows(2).all(|pair| pair[1] < pair[0]));
        assert_eq!(network.score(x.view(), &[0]), 1.0);
    }
}
