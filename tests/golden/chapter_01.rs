use crate::{
    fixture::{self, assert_close},
    solutions::pocket,
};
use chapters::chapter_01_perceptron::{Perceptron, novikoff_bound, step};
use ndarray::{Array1, ArrayView1, array};
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
    // Epoch 1: 01 is wrong. Epoch 2: 00 and 10 are wrong. Epoch 3: 00 is wrong. Epoch 4: none.
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let y = array![0.0, 1.0, 1.0, 1.0];
    let mut neuron = Perceptron::new(2);
    let mistakes: Vec<usize> = (0..4).map(|_| neuron.epoch(x.view(), y.view())).collect();
    assert_eq!(mistakes, [1, 2, 1, 0]);
    assert_eq!((neuron.w, neuron.b), (array![1.0, 1.0], 0.0));
}
// ANCHOR_END: by_hand

// ANCHOR: pocket
#[test]
fn pocket_keeps_the_best_line() {
    // XOR, of which a line gets three of four, and AND; in the order 00, 11, 01, 10
    let x = array![[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]];
    for (y, most_correct) in [([0.0, 0.0, 1.0, 1.0], 3), ([0.0, 1.0, 0.0, 0.0], 4)] {
        let neuron = pocket(x.view(), ArrayView1::from(&y), 20);
        let predictions: Vec<f64> = x.rows().into_iter().map(|x| neuron.predict(x)).collect();
        let correct = (0..4).filter(|&i| predictions[i] == y[i]).count();
        assert_eq!(correct, most_correct);
    }
}
// ANCHOR_END: pocket

#[test]
fn bound_is_the_squared_ratio() {
    assert_eq!(novikoff_bound(3.0, 0.5), 36.0);
}

#[test]
fn step_rises_behind_zero() {
    assert_eq!([-1.0, 0.0, 1e-300].map(step), [0.0, 0.0, 1.0]);
}
