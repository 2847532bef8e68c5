use crate::fixture::{self, assert_close};
use chapters::chapter_01_perceptron::{Perceptron, novikoff_bound, step};
use ndarray::{Array1, array};
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    tolerance: f64,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    mistakes: Vec<usize>,
    weights_after_epochs: Vec<Vec<f64>>,
}

#[test]
fn weights_and_mistakes_are_those_of_scikit_learn() {
    let oracle: Oracle = fixture::read(1);
    let (x, y) = (fixture::matrix(&oracle.x), fixture::vector(&oracle.y));
    let mut neuron = Perceptron::new(x.ncols());
    for (mistakes, line) in oracle.mistakes.iter().zip(&oracle.weights_after_epochs) {
        assert_eq!(neuron.epoch(x.view(), y.view()), *mistakes);
        let found: Array1<f64> = neuron.w.iter().copied().chain([neuron.b]).collect();
        // The same additions in the same order: only their rounding could differ.
        assert_close("weights", &found, line, oracle.tolerance);
    }
}

// ANCHOR: by_hand
#[test]
fn or_is_learned_as_worked_out_by_hand() {
    // Inputs 00, 01, 10, 11 in this order, from w = (0, 0), b = 0; z > 0 says 1.
    // Epoch 1: 00 right (z = 0 says 0); 01 wrong (z = 0), so w = (0, 1), b = 1; 10 right (z = 1);
    //          11 right.
    // Epoch 2: 00 wrong (z = 1), so b = 0; 01 right (z = 1); 10 wrong (z = 0), so w = (1, 1),
    //          b = 1; 11 right.
    // Epoch 3: 00 wrong (z = 1), so b = 0; the rest is right. Epoch 4: all right.
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let y = array![0.0, 1.0, 1.0, 1.0];
    let mut neuron = Perceptron::new(2);
    let mistakes: Vec<usize> = (0..4).map(|_| neuron.epoch(x.view(), y.view())).collect();
    assert_eq!(mistakes, [1, 2, 1, 0]);
    assert_eq!((neuron.w, neuron.b), (array![1.0, 1.0], 0.0));
}
// ANCHOR_END: by_hand

#[test]
fn bound_is_the_squared_ratio() {
    assert_eq!(novikoff_bound(3.0, 0.5), 36.0);
}

#[test]
fn step_rises_behind_zero() {
    assert_eq!([-1.0, 0.0, 1e-300].map(step), [0.0, 0.0, 1.0]);
}
