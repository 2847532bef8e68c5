//! A 784-100-10 network reads penned digits, trained by Adam on mini-batches, as in chapter 5.
//!
//! `cargo run -p handwritten-chapters --example chapter_05`

use chapters::{
    chapter_05_mnist::{Activation, Adam, Initialisation, Network, cross_entropy},
    dataset::{one_hot, pen::pen_digits, scale_to_unit, shuffled},
    metrics::{accuracy, argmax},
    random::{Purpose, stream},
};
use ndarray::{Array2, Axis};

const SIZES: [usize; 3] = [784, 100, 10];
const LEARNING_RATE: f64 = 1e-3;
const MINI_BATCH: usize = 50;
const EPOCHS: usize = 10;

/// Trains the network and returns its accuracy on other digits.
pub fn run() -> f64 {
    // Data: 4,000 penned digits to learn from, and 1,000 others for the test
    let [train, test] = [pen_digits(4000, 1), pen_digits(1000, 2)];
    let x: Array2<f32> = scale_to_unit(train.pixels.view());
    let y = one_hot(train.labels.iter().copied(), 10);

    // Training: shuffle, and for each mini-batch: forward, backward, update
    let mut weights = stream(1, Purpose::Weights);
    let mut network = Network::random(&SIZES, Activation::Relu, Initialisation::He, &mut weights);
    let mut adam = Adam::new(&network, 0.0);
    let mut order = stream(1, Purpose::Order);
    for epoch in 1..=EPOCHS {
        for chosen in shuffled(x.nrows(), &mut order).chunks(MINI_BATCH) {
            let (x, y) = (x.select(Axis(0), chosen), y.select(Axis(0), chosen));
            let activations = network.forward(x.view());
            let gradient = network.backward(x.view(), y.view(), &activations);
            adam.step(&mut network, &gradient, LEARNING_RATE);
        }
        let cost = cross_entropy(network.forward(x.view()).z.view(), y.view());
        println!("epoch {epoch}: cost {cost:.3}");
    }

    // Test
    let y_hat = network.predict(scale_to_unit(test.pixels.view()).view());
    accuracy(argmax(y_hat.view()), test.labels)
}

fn main() {
    println!("accuracy on the test digits: {:.1} %", 100.0 * run());
}
