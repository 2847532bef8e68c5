use crate::{
    gradient_check,
    report::{Map, Scatter},
};
use serde::{Deserialize, Serialize};

/// What chapter 3 found out. `--hidden` sets the size of the network, `--epochs` the iterations of
/// gradient descent, `--seeds` the number of datasets of the network and of the sweep.
///
/// [In the book](../../../book/chapter_03.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Median over the datasets of the accuracy on training points.
    pub network_accuracy: f64,
    /// Median over the datasets of the cost at iteration 4,000, or at the last where there are
    /// fewer.
    pub cost_at_4000: f64,
    /// Hidden units of the network.
    pub hidden: usize,
    /// The learning rate of all runs.
    pub learning_rate: f64,
    /// Share of training points right, for each dataset.
    pub accuracies: Vec<f64>,
    /// Cost at iteration 4,000, for each dataset.
    pub costs_at_4000: Vec<f64>,
    /// The cost of the first dataset every [`COST_EVERY`] iterations, from the start.
    pub costs: Vec<f64>,
    /// The sweep, one entry per number of hidden units.
    pub sweep: Vec<Size>,
    /// What the article claims, checked on each dataset.
    pub claims: Claims,
    /// The first dataset.
    pub data: Scatter,
    /// The network that is worked out with a pencil.
    pub by_hand: ByHand,
    /// The gradient against central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// Statements of the article, and whether each is true of each dataset.
///
/// [In the book](../../../book/chapter_03.html#what-did-the-article-claim-and-what-did-we-find)
#[derive(Deserialize, Serialize)]
pub struct Claims {
    /// No other size gets more fresh points right than four hidden units.
    pub four_is_best: Vec<bool>,
    /// Fifty hidden units get all training points right.
    pub fifty_knows_all: Vec<bool>,
    /// Fifty hidden units get fewer fresh points right than four.
    pub fifty_is_worse: Vec<bool>,
    /// The cost halfway between two networks of equal cost is no higher than theirs, as it would have
    /// to be if the cost were convex.
    pub no_hump: Vec<bool>,
    /// The cost of each of the two networks on the first dataset, and halfway between them.
    pub hump: [f64; 2],
}

/// Networks of one size.
///
/// [In the book](../../../book/chapter_03.html#how-many-hidden-units-does-it-need)
#[derive(Deserialize, Serialize)]
pub struct Size {
    /// Number of hidden units.
    pub hidden: usize,
    /// Share of training points right, for each dataset.
    pub train: Vec<f64>,
    /// Share of fresh points right, for each dataset.
    pub fresh: Vec<f64>,
    /// The probability of class 1 over the plane, learned from the first dataset.
    pub map: Map,
}

/// A 2-2-1 network and one example, forward and backward.
///
/// [In the book](../../../book/chapter_03.html#does-it-work-out-with-a-pencil)
#[derive(Deserialize, Serialize)]
pub struct ByHand {
    /// The features of the example.
    pub x: [f64; 2],
    /// Its class.
    pub y: f64,
    /// Weights and biases.
    pub network: Parameters,
    /// The activations of the hidden units.
    pub a1: [f64; 2],
    /// The logit, the output before its sigmoid.
    pub z2: f64,
    /// The probability of class 1.
    pub y_hat: f64,
    /// The derivatives of the loss. Those by the biases are the errors `delta1` and `delta2`, since
    /// there is one example.
    pub gradient: Parameters,
}

/// The parameters of a 2-2-1 network, or the derivatives with respect to them.
///
/// [In the book](../../../book/chapter_03.html#does-it-work-out-with-a-pencil)
#[derive(Deserialize, Serialize)]
pub struct Parameters {
    /// From feature `k` to hidden unit `j`: `w1[k][j]`.
    pub w1: [[f64; 2]; 2],
    /// Biases of the hidden units.
    pub b1: [f64; 2],
    /// From the hidden units to the output.
    pub w2: [f64; 2],
    /// Bias of the output.
    pub b2: f64,
}

/// How many iterations lie between two costs of [`Report::costs`].
///
/// [In the book](../../../book/chapter_03.html)
pub const COST_EVERY: usize = 25;
