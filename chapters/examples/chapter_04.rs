//! A 400-25-10 network reads penned digits, trained by L-BFGS with an L2 penalty, as in chapter 4.
//!
//! `cargo run -p handwritten-chapters --example chapter_04`

use chapters::{
    chapter_04_regularised_network::{Architecture, Lbfgs},
    dataset::{one_hot, pen::pen_digits, scale_to_unit},
    metrics::accuracy,
    random::{Purpose, stream},
};
use ndarray::Array2;

const HIDDEN: usize = 25;
const LAMBDA: f64 = 1.0;
const ITERATIONS: usize = 50;

/// Trains the network and returns its accuracy on digits that it has not seen.
pub fn run() -> f64 {
    // Data: 2,000 penned digits for training, and 2,000 others for the test
    let (x, labels) = digits(1);
    let (x_test, labels_test) = digits(2);
    let y = one_hot(labels.iter().copied(), 10);

    // Training: the cost and its gradient by all parameters, minimised by L-BFGS
    let network = Architecture { sizes: vec![x.ncols(), HIDDEN, 10] };
    let minimum = Lbfgs { iterations: ITERATIONS, ..Lbfgs::default() }.minimise(
        network.random(&mut stream(1, Purpose::Weights)),
        |theta| network.cost_and_gradient(theta, x.view(), y.view(), LAMBDA),
        |iteration, cost| println!("iteration {iteration}: cost {cost:.3}"),
    );

    // Test
    let predicted = network.predict(minimum.theta.view(), x_test.view());
    accuracy(predicted, labels_test)
}

/// Pixels from 0 to 1, shape `(2000, 400)`, and the class of each digit.
fn digits(seed: u64) -> (Array2<f64>, Vec<usize>) {
    let digits = pen_digits(2000, seed).fitted();
    (scale_to_unit(digits.pixels.view()), digits.labels)
}

fn main() {
    println!("{:.1} % of the test digits are read", 100.0 * run());
}
