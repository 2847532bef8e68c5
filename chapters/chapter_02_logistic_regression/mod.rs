//! Chapter 2: a neuron that says how sure it is, and learns by going downhill.
//!
//! To the perceptron of chapter 1 this step adds a smooth activation, a cost that measures how wrong
//! a probability is, and the gradient of that cost. It still draws a straight line.

mod experiment;
mod logistic_regression;
mod report;

pub use logistic_regression::{
    Gradient, LogisticRegression, cross_entropy, mean_cross_entropy, sigmoid, threshold,
};
pub use report::{Report, Surface};
