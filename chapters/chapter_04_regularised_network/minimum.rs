use ndarray::Array1;
use serde::{Deserialize, Serialize};

/// Why a minimisation ended.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#and-all-of-it-together)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// No component of the gradient is larger than the tolerance: a minimum, or at least a flat place.
    GradientVanished,
    /// The last step lowered the cost by no more than the tolerance.
    CostSettled,
    /// All iterations were used up.
    IterationsDone,
    /// The line search found no lower cost: rounding at the minimum, or a gradient that is wrong.
    NoStepGoesDown,
    /// The cost at the start was infinite or NaN.
    StartNotFinite,
}

/// Where a minimisation ended.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#and-all-of-it-together)
#[derive(Clone, Debug)]
pub struct Minimum {
    /// The parameters found, shape `(parameters,)`.
    pub theta: Array1<f64>,
    /// The gradient there.
    pub gradient: Array1<f64>,
    /// After each iteration: the evaluations made so far, and the cost. The start comes first.
    pub history: Vec<(usize, f64)>,
    /// How many curvature pairs were refused because `s·y` was not positive.
    pub pairs_refused: usize,
    /// Why it ended.
    pub stop: Stop,
}

impl Minimum {
    /// The cost at the end.
    pub fn cost(&self) -> f64 {
        self.history.last().map_or(f64::NAN, |&(_, cost)| cost)
    }

    /// How many steps were taken.
    pub fn iterations(&self) -> usize {
        self.history.len() - 1
    }

    /// How often the cost and the gradient were computed.
    pub fn evaluations(&self) -> usize {
        self.history.last().map_or(0, |&(evaluations, _)| evaluations)
    }
}
