//! Chapter 2: logistic regression, a neuron that outputs a probability and learns by gradient descent.
//!
//! To chapter 1's perceptron it adds a smooth activation function, a cost that measures how wrong a
//! probability is, and the gradient of that cost. Its decision boundary is still a straight line.

mod experiment;
mod logistic_regression;
mod report;

pub use logistic_regression::{
    Gradient, LogisticRegression, cross_entropy, mean_cross_entropy, sigmoid, threshold,
};
pub use report::{Report, Surface};
