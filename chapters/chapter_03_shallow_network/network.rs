use crate::{
    chapter_02_logistic_regression::{mean_cross_entropy, sigmoid},
    random::Rng,
};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};

/// A network with one hidden layer: `n` features, `h` hidden units, one output.
///
/// The hidden units compute `a1 = tanh(x·w1 + b1)`, the output `y_hat = sigmoid(a1·w2 + b2)`. A
/// gradient has the same four parts, so it is a `Network` too.
///
/// [In the book](../../../book/chapter_03.html#what-is-the-network)
// ANCHOR: network
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// From the features to the hidden units, shape `(n, h)`.
    pub w1: Array2<f64>,
    /// Biases of the hidden units, shape `(h,)`.
    pub b1: Array1<f64>,
    /// From the hidden units to the output, shape `(h,)`.
    pub w2: Array1<f64>,
    /// Bias of the output.
    pub b2: f64,
}
// ANCHOR_END: network

/// What the forward pass computed, kept for the backward pass.
///
/// [In the book](../../../book/chapter_03.html#what-is-the-network)
pub struct Activations {
    /// Activations of the hidden units, shape `(m, h)`.
    pub a1: Array2<f64>,
    /// The output's pre-activation, before its sigmoid, shape `(m,)`.
    pub z2: Array1<f64>,
}

impl Network {
    /// Weights of `0.01 · N(0, 1)`, biases of 0.
    ///
    /// Hidden units with equal weights would stay equal for ever; small weights keep `tanh` away from
    /// its flat ends.
    // ANCHOR: random
    pub fn random(features: usize, hidden: usize, rng: &mut Rng) -> Self {
        Self {
            w1: Array2::random_using((features, hidden), StandardNormal, rng) * 0.01,
            b1: Array1::zeros(hidden),
            w2: Array1::random_using(hidden, StandardNormal, rng) * 0.01,
            b2: 0.0,
        }
    }
    // ANCHOR_END: random

    /// The forward pass: from examples, shape `(m, n)`, to the activations of every unit.
    // ANCHOR: forward
    pub fn forward(&self, x: ArrayView2<f64>) -> Activations {
        let a1 = (x.dot(&self.w1) + &self.b1).mapv_into(f64::tanh);
        let z2 = a1.dot(&self.w2) + self.b2;
        Activations { a1, z2 }
    }
    // ANCHOR_END: forward

    /// Backpropagation: the gradient of the mean cross-entropy, from the error at the output back to
    /// every weight.
    // ANCHOR: backward
    pub fn backward(
        &self,
        x: ArrayView2<f64>,
        y: ArrayView1<f64>,
        Activations { a1, z2 }: &Activations,
    ) -> Self {
        let m = y.len() as f64;
        // ∂J/∂z2 = (y_hat - y) / m
        let delta2 = (z2.mapv(sigmoid) - y) / m;
        // ∂J/∂a1 = delta2 w2ᵀ
        let d_a1 = outer(&delta2, &self.w2);
        // ∂J/∂z1 = ∂J/∂a1 ∘ (1 - a1²), since tanh' = 1 - tanh²
        let delta1 = d_a1 * a1.mapv(|a| 1.0 - a * a);
        Self {
            w1: x.t().dot(&delta1),
            b1: delta1.sum_axis(Axis(0)),
            w2: a1.t().dot(&delta2),
            b2: delta2.sum(),
        }
    }
    // ANCHOR_END: backward

    /// Mean cross-entropy; `x` has the shape `(m, n)`, `y` the shape `(m,)`.
    pub fn cost(&self, x: ArrayView2<f64>, y: ArrayView1<f64>) -> f64 {
        mean_cross_entropy(self.forward(x).z2.view(), y)
    }

    /// The probability of class 1 for each example, shape `(m,)`.
    pub fn predict(&self, x: ArrayView2<f64>) -> Array1<f64> {
        self.forward(x).z2.mapv_into(sigmoid)
    }

    /// One step of gradient descent: subtracts `learning_rate` times the gradient.
    pub fn descend(&mut self, gradient: &Self, learning_rate: f64) {
        self.w1.scaled_add(-learning_rate, &gradient.w1);
        self.b1.scaled_add(-learning_rate, &gradient.b1);
        self.w2.scaled_add(-learning_rate, &gradient.w2);
        self.b2 -= learning_rate * gradient.b2;
    }

    /// Gradient descent on all examples at once. Returns the cost before each iteration and after
    /// the last, `iterations + 1` numbers.
    // ANCHOR: train
    pub fn train(
        &mut self,
        x: ArrayView2<f64>,
        y: ArrayView1<f64>,
        learning_rate: f64,
        iterations: usize,
    ) -> Vec<f64> {
        let mut costs = Vec::with_capacity(iterations + 1);
        for _ in 0..iterations {
            // Forward: activations and cost
            let activations = self.forward(x);
            costs.push(mean_cross_entropy(activations.z2.view(), y));
            // Backward: the gradient
            let gradient = self.backward(x, y, &activations);
            // Update
            self.descend(&gradient, learning_rate);
        }
        costs.push(self.cost(x, y));
        costs
    }
    // ANCHOR_END: train
}

/// The outer product `column · rowᵀ`: each number of one times each of the other, shape
/// `(column, row)`.
// ANCHOR: outer
fn outer(column: &Array1<f64>, row: &Array1<f64>) -> Array2<f64> {
    let column = column.view().insert_axis(Axis(1));
    &column * row
}
// ANCHOR_END: outer

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_02_logistic_regression::threshold,
        dataset::GaussianQuantiles,
        metrics::accuracy,
        random::{Purpose, stream},
    };
    use ndarray::array;

    fn trained(hidden: usize) -> (Vec<f64>, f64) {
        let points = GaussianQuantiles::ARTICLE.draw(&mut stream(1, Purpose::Data)).unwrap();
        let mut network = Network::random(2, hidden, &mut stream(1, Purpose::Weights));
        let costs = network.train(points.x.view(), points.y().view(), 1.2, 5000);
        let y_hat = network.predict(points.x.view());
        (costs, accuracy(threshold(y_hat.view()), points.y()))
    }

    // ANCHOR: what_must_be_true
    #[test]
    fn small_weights_start_at_the_cost_of_a_coin() {
        let (costs, _) = trained(4);
        assert!((costs[0] - 2.0_f64.ln()).abs() < 1e-3, "{}", costs[0]);
    }

    #[test]
    fn four_hidden_units_separate_the_rings() {
        let (costs, accuracy) = trained(4);
        assert_eq!(costs.len(), 5001);
        // Over 30 datasets an independent implementation found 93.2 to 99.5 %.
        assert!((0.93..=0.995).contains(&accuracy), "{accuracy}");
    }

    #[test]
    fn one_hidden_unit_draws_a_single_line() {
        let (_, accuracy) = trained(1);
        assert!(accuracy < 0.75, "{accuracy}");
    }
    // ANCHOR_END: what_must_be_true

    // ANCHOR: equal_stay_equal
    #[test]
    fn equal_hidden_units_stay_equal() {
        let mut network = Network {
            w1: array![[0.1, 0.1], [-0.2, -0.2]],
            b1: array![0.0, 0.0],
            w2: array![0.3, 0.3],
            b2: 0.0,
        };
        let (x, y) = (array![[1.0, 2.0], [-1.0, 0.5]], array![1.0, 0.0]);
        network.train(x.view(), y.view(), 1.0, 10);
        assert_eq!(network.w1.column(0), network.w1.column(1));
        assert_eq!(network.w2[0], network.w2[1]);
    }
    // ANCHOR_END: equal_stay_equal
}
