use ndarray::{Array1, ArrayView1, ArrayView2};

/// A neuron that outputs a probability: `y_hat = sigmoid(x·w + b)`.
///
/// Cox, *The regression analysis of binary sequences*, Journal of the Royal Statistical Society B
/// 20, 1958.
///
/// [In the book](../../../book/chapter_02.html#how-does-a-neuron-give-a-probability)
// ANCHOR: logistic_regression
#[derive(Clone, Debug, PartialEq)]
pub struct LogisticRegression {
    /// One weight per feature, shape `(n,)`.
    pub w: Array1<f64>,
    /// The bias.
    pub b: f64,
}
// ANCHOR_END: logistic_regression

/// The derivatives of the cost with respect to each parameter of a [`LogisticRegression`].
///
/// [In the book](../../../book/chapter_02.html#in-which-direction-is-it-less-wrong)
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// With respect to the weights, shape `(n,)`.
    pub w: Array1<f64>,
    /// With respect to the bias.
    pub b: f64,
}

impl LogisticRegression {
    /// A model that has learned nothing: it gives both classes the probability 1/2 everywhere.
    pub fn new(features: usize) -> Self {
        Self { w: Array1::zeros(features), b: 0.0 }
    }

    /// The logit `z = x·w + b` of each example; `x` has the shape `(m, n)`, the result `(m,)`.
    // ANCHOR: predict
    pub fn logits(&self, x: ArrayView2<f64>) -> Array1<f64> {
        x.dot(&self.w) + self.b
    }

    /// The probability of class 1 for each example, shape `(m,)`.
    pub fn predict(&self, x: ArrayView2<f64>) -> Array1<f64> {
        self.logits(x).mapv_into(sigmoid)
    }
    // ANCHOR_END: predict

    /// The cost `J`: mean cross-entropy over the examples; `y` has the shape `(m,)`.
    // ANCHOR: cost
    pub fn cost(&self, x: ArrayView2<f64>, y: ArrayView1<f64>) -> f64 {
        mean_cross_entropy(self.logits(x).view(), y)
    }
    // ANCHOR_END: cost

    /// The derivatives of [`cost`](Self::cost): `xᵀ(y_hat - y) / m` and the mean of `y_hat - y`.
    // ANCHOR: gradient
    pub fn gradient(&self, x: ArrayView2<f64>, y: ArrayView1<f64>) -> Gradient {
        let m = y.len() as f64;
        let error = self.predict(x) - y;
        Gradient { w: x.t().dot(&error) / m, b: error.sum() / m }
    }
    // ANCHOR_END: gradient

    /// One step of gradient descent: subtracts `learning_rate` times the gradient.
    // ANCHOR: descend
    pub fn descend(&mut self, gradient: &Gradient, learning_rate: f64) {
        self.w.scaled_add(-learning_rate, &gradient.w);
        self.b -= learning_rate * gradient.b;
    }
    // ANCHOR_END: descend
}

/// The logistic activation function `1 / (1 + e⁻ᶻ)`, between 0 and 1.
///
/// It cannot overflow: where `e⁻ᶻ` is infinite, the result is 0.
///
/// [In the book](../../../book/chapter_02.html#how-does-a-neuron-give-a-probability)
// ANCHOR: sigmoid
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}
// ANCHOR_END: sigmoid

/// The loss `L` of one example: the cross-entropy `-y log y_hat - (1 - y) log(1 - y_hat)` of its
/// class `y`, 0 or 1, and the probability `y_hat = sigmoid(z)`.
///
/// It takes the logit `z`, not `y_hat`, and so never takes the logarithm of 0: at `z = ±1000` the
/// formula above gives infinity or NaN, this one 0 or 1000.
///
/// [In the book](../../../book/chapter_02.html#what-does-it-cost-to-be-wrong)
// ANCHOR: cross_entropy
pub fn cross_entropy(z: f64, y: f64) -> f64 {
    z.max(0.0) - y * z + (-z.abs()).exp().ln_1p()
}
// ANCHOR_END: cross_entropy

/// Mean of [`cross_entropy`] over the examples; both arguments have the shape `(m,)`.
///
/// [In the book](../../../book/chapter_02.html#what-does-it-cost-to-be-wrong)
// ANCHOR: mean_cross_entropy
pub fn mean_cross_entropy(z: ArrayView1<f64>, y: ArrayView1<f64>) -> f64 {
    let sum: f64 = z.iter().zip(y).map(|(&z, &y)| cross_entropy(z, y)).sum();
    sum / y.len() as f64
}
// ANCHOR_END: mean_cross_entropy

/// The predicted classes: 1 where its probability exceeds one half, 0 elsewhere; shape `(m,)`.
///
/// [In the book](../../../book/chapter_02.html#how-does-a-neuron-give-a-probability)
// ANCHOR: threshold
pub fn threshold(y_hat: ArrayView1<f64>) -> Array1<f64> {
    y_hat.mapv(|p| f64::from(p > 0.5))
}
// ANCHOR_END: threshold

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn sigmoid_reaches_its_ends_without_overflow() {
        assert_eq!([-1000.0, 0.0, 1000.0].map(sigmoid), [0.0, 0.5, 1.0]);
    }

    // ANCHOR: what_must_be_true
    #[test]
    fn cross_entropy_is_finite_however_sure_and_wrong() {
        assert_eq!(cross_entropy(1000.0, 0.0), 1000.0);
        assert_eq!(cross_entropy(-1000.0, 1.0), 1000.0);
        assert_eq!(cross_entropy(1000.0, 1.0), 0.0);
    }

    #[test]
    fn cross_entropy_is_the_textbook_formula_where_that_is_finite() {
        for (z, y) in [(0.3, 1.0), (-2.0, 1.0), (5.0, 0.0), (-0.7, 0.0)] {
            let y_hat = sigmoid(z);
            let textbook = -y * f64::ln(y_hat) - (1.0 - y) * f64::ln(1.0 - y_hat);
            // 1 - y_hat loses up to three of its sixteen digits at z = 5.
            assert!((cross_entropy(z, y) - textbook).abs() < 1e-13);
        }
    }

    #[test]
    fn coin_costs_the_logarithm_of_two() {
        let model = LogisticRegression::new(1);
        let cost = model.cost(array![[1.0], [2.0]].view(), array![0.0, 1.0].view());
        assert!((cost - 2.0_f64.ln()).abs() < 1e-15);
    }
    // ANCHOR_END: what_must_be_true

    #[test]
    fn descent_goes_down_on_overlapping_classes() {
        let (x, y) = (array![[-1.0], [0.5], [0.0], [2.0]], array![0.0, 0.0, 1.0, 1.0]);
        let mut model = LogisticRegression::new(1);
        let mut before = model.cost(x.view(), y.view());
        for _ in 0..100 {
            let gradient = model.gradient(x.view(), y.view());
            model.descend(&gradient, 0.5);
            let after = model.cost(x.view(), y.view());
            assert!(after < before);
            before = after;
        }
    }
}
