use super::minimum::Stop;
use crate::{
    gradient_check,
    report::{Map, Raster},
};
use serde::{Deserialize, Serialize};

/// The results of chapter 4. `--hidden` sets the hidden units of the network that L-BFGS trains;
/// `--epochs` and `--learning-rate` set the passes and the learning rate of the online network;
/// `--seeds` sets over how many splits and starts each accuracy is averaged.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Mean accuracy of the online network on held-out digits.
    pub online_accuracy: f64,
    /// Mean accuracy of the L-BFGS network on its training digits.
    pub lbfgs_train_accuracy: f64,
    /// Mean accuracy of the L-BFGS network on held-out digits.
    pub lbfgs_test_accuracy: f64,
    /// Where the digits come from.
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
    /// The weights of each hidden unit, as a picture of 20×20.
    pub hidden_units: Vec<Raster>,
    /// Digits from 0 to 9 that this program drew, row after row.
    pub penned_digits: Vec<Raster>,
    /// L-BFGS on surfaces that can be looked at.
    pub valley: Valley,
    /// The gradient against central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// A network that learned one digit at a time.
///
/// [In the book](../../../book/chapter_04.html#what-if-it-sees-each-digit-only-once)
#[derive(Deserialize, Serialize)]
pub struct OnlineRun {
    /// The learning rate.
    pub learning_rate: f64,
    /// How many times it saw each digit.
    pub passes: usize,
    /// Accuracy on held-out digits, for each seed.
    pub test: Vec<f64>,
    /// Mean squared error of each [`ERRORS_PER_POINT`] digits in turn, for the first seed.
    pub squared_errors: Vec<f64>,
}

/// Networks trained with one L2 penalty.
///
/// [In the book](../../../book/chapter_04.html#why-penalise-large-weights)
#[derive(Deserialize, Serialize)]
pub struct Penalty {
    /// The strength λ of the penalty.
    pub lambda: f64,
    /// Accuracy on training digits, for each seed.
    pub train: Vec<f64>,
    /// Accuracy on held-out digits, for each seed.
    pub test: Vec<f64>,
    /// Why each minimisation ended.
    pub stops: Vec<Stop>,
}

/// The cost against the gradients computed, for one method.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-far-does-it-get-with-the-digits)
#[derive(Deserialize, Serialize)]
pub struct ConvergenceCurve {
    /// The method and its settings.
    pub method: String,
    /// How many gradients had been computed, and the cost then.
    pub costs: Vec<(usize, f64)>,
}

/// How many digits are averaged for one point of the online curve.
///
/// [In the book](../../../book/chapter_04.html#what-if-it-sees-each-digit-only-once)
pub const ERRORS_PER_POINT: usize = 100;

/// What the figures of L-BFGS show.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
#[derive(Deserialize, Serialize)]
pub struct Valley {
    /// Logarithm of the cost of Rosenbrock's valley.
    pub height: Map,
    /// Where gradient descent was, after each step.
    pub descent: Vec<[f64; 2]>,
    /// The learning rate of that descent.
    pub descent_rate: f64,
    /// Where L-BFGS evaluated the cost and the gradient.
    pub lbfgs: Vec<[f64; 2]>,
    /// The valley along the direction of the first step.
    pub line: Line,
    /// Directions in a bowl.
    pub bowl: Bowl,
    /// What L-BFGS remembers after two steps in that bowl.
    pub remembered: Remembered,
    /// A line search that narrows an interval, trial after trial.
    pub zoom: Vec<ZoomTrial>,
}

/// What L-BFGS remembers in the plane, and what the two loops make of it.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
#[derive(Deserialize, Serialize)]
pub struct Remembered {
    /// The curvature pairs, the oldest first.
    pub pairs: Vec<RememberedPair>,
    /// Where the last step ended.
    pub at: [f64; 2],
    /// The gradient there.
    pub gradient: [f64; 2],
    /// Where the next step goes from there.
    pub direction: [f64; 2],
}

/// A step in the plane, and what it taught.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
#[derive(Deserialize, Serialize)]
pub struct RememberedPair {
    /// Where the step began.
    pub from: [f64; 2],
    /// The step.
    pub s: [f64; 2],
    /// The change of the gradient along it.
    pub y: [f64; 2],
}

/// A trial of a line search between two points, and what came of it.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
#[derive(Deserialize, Serialize)]
pub struct ZoomTrial {
    /// The best point so far.
    pub low: PointOnLine,
    /// The other end of the interval, on whose side of `low` the cost falls.
    pub high: PointOnLine,
    /// The point that was tried, between the two.
    pub trial: PointOnLine,
    /// What the trial turned out to be.
    pub case: ZoomCase,
    /// The first and the last step at which the cost is known.
    pub shown: [f64; 2],
    /// The cost at steps from the one to the other, at equal distances.
    pub costs: Vec<f64>,
}

/// A point along a search direction.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
#[derive(Clone, Copy, Deserialize, Serialize)]
pub struct PointOnLine {
    /// How far along the direction.
    pub step: f64,
    /// The cost there.
    pub cost: f64,
    /// Its derivative along the direction.
    pub slope: f64,
}

/// What a trial of a line search turned out to be.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoomCase {
    /// It does not decrease the cost enough, or lies no lower than `low`: it becomes `high`.
    TooHigh,
    /// It lies lower, and from there the cost falls away from `high`: `low` becomes `high`, and the trial
    /// `low`.
    SlopesAway,
    /// It lies lower, and from there the cost falls towards `high`: it becomes `low`.
    SlopesTowards,
    /// It satisfies both Wolfe conditions.
    Accepted,
}

/// A cost along a direction.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
#[derive(Deserialize, Serialize)]
pub struct Line {
    /// How far along the direction.
    pub steps: Vec<f64>,
    /// The cost there.
    pub costs: Vec<f64>,
    /// Its derivative along the direction.
    pub slopes: Vec<f64>,
}

/// Directions in a bowl, with and without a curvature pair; every step goes to the lowest point along
/// its direction.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-are-the-lessons-put-together)
#[derive(Deserialize, Serialize)]
pub struct Bowl {
    /// The cost.
    pub cost: Map,
    /// Two steps down the gradient from the start.
    pub descent: Vec<[f64; 2]>,
    /// From the end of the first step on, with its curvature pair remembered.
    pub with_a_pair: Vec<[f64; 2]>,
}
