//! One neuron learns to tell a 0 from a 1, as chapter 1 does.
//!
//! `cargo run -p handwritten-chapters --example chapter_01`

use chapters::{
    chapter_01_perceptron::Perceptron,
    dataset::{pen::pen_digits, scale_to_unit},
    metrics::accuracy,
};
use ndarray::{Array1, Array2};

/// Trains the neuron and returns its accuracy on other digits.
pub fn run() -> f64 {
    // Data: the zeros and ones among 2,000 penned digits, and among 2,000 others for the test
    let (x, y) = zeros_and_ones(1);
    let (x_test, y_test) = zeros_and_ones(2);

    // Training: show every example again and again, until an epoch goes by without a mistake
    let mut neuron = Perceptron::new(x.ncols());
    for epoch in 1..=100 {
        let mistakes = neuron.epoch(x.view(), y.view());
        println!("epoch {epoch}: {mistakes} mistakes");
        if mistakes == 0 {
            break;
        }
    }

    // Test
    let y_hat = x_test.rows().into_iter().map(|x| neuron.predict(x));
    accuracy(y_hat, y_test)
}

/// Pixels from 0 to 1, shape `(m, 784)`, and classes, shape `(m,)`.
fn zeros_and_ones(seed: u64) -> (Array2<f64>, Array1<f64>) {
    let digits = pen_digits(2000, seed);
    let chosen: Vec<usize> = (0..digits.len()).filter(|&i| digits.labels[i] < 2).collect();
    let digits = digits.select(&chosen);
    let y = digits.labels.iter().map(|&label| label as f64).collect();
    (scale_to_unit(digits.pixels.view()), y)
}

fn main() {
    println!("accuracy on the test digits: {:.1} %", 100.0 * run());
}
