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

/// How many iterations lie between two costs of [`Report::costs`].
///
/// [In the book](../../../book/chapter_03.html)
pub const COST_EVERY: usize = 25;
