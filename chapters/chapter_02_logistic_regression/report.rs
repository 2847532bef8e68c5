use crate::{
    gradient_check,
    report::{Map, Scatter},
};
use serde::{Deserialize, Serialize};

/// What chapter 2 found. `--epochs` sets the number of iterations of gradient descent, `--seeds` the
/// number of datasets.
///
/// [In the book](../../../book/chapter_02.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Accuracy on the training points, median over the datasets.
    pub logistic_accuracy: f64,
    /// Accuracy on the training points of each dataset.
    pub accuracies: Vec<f64>,
    /// The same, with the squared distance from the origin as a third feature.
    pub accuracies_with_distance: Vec<f64>,
    /// The learning rate of all runs.
    pub learning_rate: f64,
    /// The points in the pictures.
    pub data: Scatter,
    /// Accuracy on these points of the model that learned from them.
    pub accuracy: f64,
    /// The most accurate straight line's accuracy on these points, whatever its cost.
    pub best_accuracy: f64,
    /// That model's probability of class 1 all over the plane.
    pub line: Map,
    /// The cost before each iteration and after the last.
    pub costs: Vec<f64>,
    /// The cost over the weights, and the path of descent.
    pub surface: Surface,
    /// The gradient compared with central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// The cost as a function of the two weights, at the bias that descent ended with.
///
/// [In the book](../../../book/chapter_02.html)
#[derive(Deserialize, Serialize)]
pub struct Surface {
    /// The cost, `w1` to the right and `w2` upwards.
    pub cost: Map,
    /// `[w1, w2]` before each iteration and after the last.
    pub path: Vec<[f64; 2]>,
}
