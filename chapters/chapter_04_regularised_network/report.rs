use super::minimum::Stop;
use crate::{
    gradient_check,
    report::{Map, Raster},
};
use serde::{Deserialize, Serialize};

/// What chapter 4 found out. `--hidden` sets the hidden units of the network that L-BFGS trains;
/// `--epochs` and `--learning-rate` the passes and the rate of the online network; `--seeds` over
/// how many splits and starts each share is averaged.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Mean share of held-out digits that the online network reads rightly.
    pub online_accuracy: f64,
    /// Mean share of its own digits that the L-BFGS network reads rightly.
    pub lbfgs_train_accuracy: f64,
    /// Mean share of held-out digits that the L-BFGS network reads rightly.
    pub lbfgs_test_accuracy: f64,
    /// Whose handwriting.
    pub source: String,
    /// How many digits the networks learned from.
    pub learned_from: usize,
    /// How many digits were held out.
    pub held_out: usize,
    /// System B, one digit at a time.
    pub online: OnlineRun,
    /// System C with λ = 1, as the article has it.
    pub lbfgs: Penalty,
    /// Iterations of [`lbfgs`](Self::lbfgs) and of [`penalties`](Self::penalties).
    pub iterations: [usize; 2],
    /// Hidden units of the networks that L-BFGS trains.
    pub hidden: usize,
    /// λ against accuracy.
    pub penalties: Vec<Penalty>,
    /// Gradient descent against L-BFGS from the same start.
    pub race: Vec<ConvergenceCurve>,
    /// What each hidden unit looks for, 20×20 weights each.
    pub hidden_units: Vec<Raster>,
    /// Digits from 0 to 9 as this program pens them, row after row.
    pub penned_digits: Vec<Raster>,
    /// L-BFGS on surfaces that can be looked at.
    pub valley: Valley,
    /// The gradient against central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// A network that learned one digit at a time.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct OnlineRun {
    /// How far each step went.
    pub learning_rate: f64,
    /// How often it saw each digit.
    pub passes: usize,
    /// Share of held-out digits read rightly, for each seed.
    pub test: Vec<f64>,
    /// Mean squared error of each [`ERRORS_PER_POINT`] digits in turn, for the first seed.
    pub squared_errors: Vec<f64>,
}

/// Networks trained with one L2 penalty.
///
/// [In the book](../../../book/chapter_04.html#why-should-weights-have-a-price)
#[derive(Deserialize, Serialize)]
pub struct Penalty {
    /// How much the squares of the weights cost.
    pub lambda: f64,
    /// Share of their own digits read rightly, for each seed.
    pub train: Vec<f64>,
    /// Share of held-out digits read rightly, for each seed.
    pub test: Vec<f64>,
    /// Why each minimisation ended.
    pub stops: Vec<Stop>,
}

/// The cost as one method brings it down.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct ConvergenceCurve {
    /// The method and its settings.
    pub method: String,
    /// How many gradients had been computed, and the cost then.
    pub costs: Vec<(usize, f64)>,
}

/// How many digits are averaged for one point of the online curve.
///
/// [In the book](../../../book/chapter_04.html)
pub const ERRORS_PER_POINT: usize = 100;

/// What the pictures of L-BFGS show.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct Valley {
    /// Logarithm of the cost of Rosenbrock's valley.
    pub height: Map,
    /// Where gradient descent was, after each step.
    pub descent: Vec<[f64; 2]>,
    /// The rate of that descent.
    pub descent_rate: f64,
    /// Where L-BFGS asked for the cost and the gradient.
    pub lbfgs: Vec<[f64; 2]>,
    /// The valley along the direction of the first step.
    pub line: Line,
    /// Directions in a bowl.
    pub bowl: Bowl,
}

/// A cost along a direction.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct Line {
    /// How far along the direction.
    pub steps: Vec<f64>,
    /// The cost there.
    pub costs: Vec<f64>,
    /// Its derivative along the direction.
    pub slopes: Vec<f64>,
}

/// What the two-loop recursion makes of a gradient when it remembers one step; every step goes to the
/// lowest point along its direction.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct Bowl {
    /// The cost.
    pub cost: Map,
    /// From the start down the gradient, and once more.
    pub descent: Vec<[f64; 2]>,
    /// From the end of the first step on with its curvature pair in mind.
    pub with_a_pair: Vec<[f64; 2]>,
}
