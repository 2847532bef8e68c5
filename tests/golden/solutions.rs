//! Our answers to the exercises that ask for a function from scratch. The tests that check them import
//! them; a reader writes their own in place of the import.

use chapters::{
    chapter_01_perceptron::Perceptron,
    chapter_02_logistic_regression::{LogisticRegression, sigmoid},
    metrics::accuracy,
};
use ndarray::{Array1, ArrayView1, ArrayView2, Axis, array, concatenate};

/// Chapter 1: trains a perceptron and returns it as it was when it classified most examples correctly
/// (Gallant, *Perceptron-based learning algorithms*, 1990).
pub fn pocket(x: ArrayView2<f64>, y: ArrayView1<f64>, epochs: usize) -> Perceptron {
    let share = |neuron: &Perceptron| {
        accuracy(x.rows().into_iter().map(|x| neuron.predict(x)), y.iter().copied())
    };
    let mut neuron = Perceptron::new(x.ncols());
    let mut best = neuron.clone();
    for _ in 0..epochs {
        for (x, &y) in x.rows().into_iter().zip(y) {
            if neuron.learn(x, y) && share(&neuron) > share(&best) {
                best = neuron.clone();
            }
        }
    }
    best
}

/// Chapter 2: descends from zero, one example at a time.
pub fn one_at_a_time(
    x: ArrayView2<f64>,
    y: ArrayView1<f64>,
    learning_rate: f64,
    epochs: usize,
) -> LogisticRegression {
    let mut model = LogisticRegression::new(x.ncols());
    for _ in 0..epochs {
        for (x, &y) in x.rows().into_iter().zip(y) {
            let error = sigmoid(x.dot(&model.w) + model.b) - y;
            model.w.scaled_add(-learning_rate * error, &x);
            model.b -= learning_rate * error;
        }
    }
    model
}

/// Chapter 2: Newton's method from zero, for two features.
pub fn newton(x: ArrayView2<f64>, y: ArrayView1<f64>, iterations: usize) -> LogisticRegression {
    let m = y.len() as f64;
    let with_ones = concatenate![Axis(1), x, Array1::ones(y.len()).insert_axis(Axis(1))];
    let mut theta: Array1<f64> = Array1::zeros(3);
    for _ in 0..iterations {
        let y_hat = with_ones.dot(&theta).mapv(sigmoid);
        let gradient = with_ones.t().dot(&(&y_hat - &y)) / m;
        let slope = y_hat.mapv(|p| p * (1.0 - p)).insert_axis(Axis(1));
        let hessian = with_ones.t().dot(&(&with_ones * &slope)) / m;
        let rows = [0, 1, 2].map(|i| [0, 1, 2].map(|j| hessian[[i, j]]));
        let step = solve(rows, [gradient[0], gradient[1], gradient[2]]);
        theta -= &Array1::from_iter(step);
    }
    LogisticRegression { w: array![theta[0], theta[1]], b: theta[2] }
}

/// The `s` for which `a·s = b`, by Gaussian elimination; `a` is symmetric and positive definite, so
/// that no pivot is 0.
pub fn solve(mut a: [[f64; 3]; 3], mut b: [f64; 3]) -> [f64; 3] {
    // Forward: make everything below the diagonal 0
    for i in 0..3 {
        for below in i + 1..3 {
            let factor = a[below][i] / a[i][i];
            let above = a[i];
            for (below, above) in a[below].iter_mut().zip(above) {
                *below -= factor * above;
            }
            b[below] -= factor * b[i];
        }
    }
    // Back: from the last unknown to the first
    for i in (0..3).rev() {
        for j in i + 1..3 {
            b[i] -= a[i][j] * b[j];
        }
        b[i] /= a[i][i];
    }
    b
}
