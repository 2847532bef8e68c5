//! A network with four hidden units separates two rings, as in chapter 3.
//!
//! `cargo run -p handwritten-chapters --example chapter_03`

use chapters::{
    chapter_02_logistic_regression::{mean_cross_entropy, threshold},
    chapter_03_shallow_network::Network,
    dataset::GaussianQuantiles,
    metrics::accuracy,
    random::{Purpose, stream},
};

const HIDDEN: usize = 4;
const LEARNING_RATE: f64 = 1.2;
const ITERATIONS: usize = 5000;

/// Trains on two rings and returns the accuracy on other points.
pub fn run() -> f64 {
    // Data: 200 points to learn from, and 200 others for the test
    let rings = GaussianQuantiles::ARTICLE;
    let train = rings.draw(&mut stream(1, Purpose::Data)).expect("the rings can be drawn");
    let test = rings.draw(&mut stream(1, Purpose::HeldOut)).expect("the rings can be drawn");
    let (x, y) = (train.x.view(), train.y());

    // Training: forward, backward, update
    let mut network = Network::random(x.ncols(), HIDDEN, &mut stream(1, Purpose::Weights));
    for iteration in 0..ITERATIONS {
        let activations = network.forward(x);
        if iteration % 500 == 0 {
            let cost = mean_cross_entropy(activations.z2.view(), y.view());
            println!("iteration {iteration}: cost {cost:.3}");
        }
        let gradient = network.backward(x, y.view(), &activations);
        network.descend(&gradient, LEARNING_RATE);
    }

    // Test
    let y_hat = threshold(network.predict(test.x.view()).view());
    accuracy(y_hat, test.y())
}

fn main() {
    println!("accuracy on the test points: {:.1} %", 100.0 * run());
}
