use crate::{
    gradient_check,
    report::{Map, Scatter},
};
use serde::{Deserialize, Serialize};

/// What chapter 2 found out. `--epochs` sets the iterations of gradient descent, `--seeds` the
/// number of datasets.
///
/// [In the book](../../../book/chapter_02.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Median over the datasets of the share of training points on the right side of the line.
    pub logistic_accuracy: f64,
    /// The same for each dataset.
    pub accuracies: Vec<f64>,
    /// The same with the squared distance from the middle as a third feature, for each dataset.
    pub accuracies_with_distance: Vec<f64>,
    /// The learning rate of all runs.
    pub learning_rate: f64,
    /// The data of the pictures.
    pub data: Scatter,
    /// Share of that data on the right side of its line.
    pub accuracy: f64,
    /// What the model learned from that data says all over the plane.
    pub line: Map,
    /// The cost before each iteration and after the last.
    pub costs: Vec<f64>,
    /// The cost for all weights, and the way down.
    pub surface: Surface,
    /// The gradient against central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// The cost as a landscape over the two weights, at the bias that descent ended with.
///
/// [In the book](../../../book/chapter_02.html)
#[derive(Deserialize, Serialize)]
pub struct Surface {
    /// The cost, `w1` to the right and `w2` upwards.
    pub cost: Map,
    /// `[w1, w2]` before each iteration and after the last.
    pub path: Vec<[f64; 2]>,
}
