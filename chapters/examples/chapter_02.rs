//! Logistic regression fails on two rings, and succeeds with one more feature, as in chapter 2.
//!
//! `cargo run -p handwritten-chapters --example chapter_02`

use chapters::{
    chapter_02_logistic_regression::{LogisticRegression, threshold},
    dataset::GaussianQuantiles,
    metrics::accuracy,
    random::{Purpose, stream},
};
use ndarray::{Array2, Axis, concatenate};

const LEARNING_RATE: f64 = 1.2;
const ITERATIONS: usize = 1000;

/// Trains on two rings and returns the accuracy on other points.
pub fn run() -> f64 {
    // Data: 200 points to learn from, and 200 others for the test
    let rings = GaussianQuantiles::ARTICLE;
    let train = rings.draw(&mut stream(1, Purpose::Data)).expect("the rings can be drawn");
    let test = rings.draw(&mut stream(1, Purpose::HeldOut)).expect("the rings can be drawn");
    let (x, y) = (with_squared_distance(&train.x), train.y());
    let x_test = with_squared_distance(&test.x);

    // Training: gradient descent on all points at once
    let mut model = LogisticRegression::new(x.ncols());
    for iteration in 0..ITERATIONS {
        if iteration % 100 == 0 {
            println!("iteration {iteration}: cost {:.3}", model.cost(x.view(), y.view()));
        }
        let gradient = model.gradient(x.view(), y.view());
        model.descend(&gradient, LEARNING_RATE);
    }

    // Test
    let y_hat = threshold(model.predict(x_test.view()).view());
    accuracy(y_hat, test.y())
}

/// The same points with `x1² + x2²` as a third feature.
fn with_squared_distance(x: &Array2<f64>) -> Array2<f64> {
    let squared = x.map_axis(Axis(1), |point| point.dot(&point)).insert_axis(Axis(1));
    concatenate![Axis(1), *x, squared]
}

fn main() {
    println!("accuracy on the test points: {:.1} %", 100.0 * run());
}
