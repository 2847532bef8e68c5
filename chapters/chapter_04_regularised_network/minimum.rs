use ndarray::Array1;
use serde::{Deserialize, Serialize};

/// Why a minimisation ended.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// The gradient vanishes: this is a minimum, or at least a flat place.
    GradientVanished,
    /// The last step hardly lowered the cost.
    CostSettled,
    /// All iterations were made.
    IterationsDone,
    /// No step along the direction went down.
    NoStepGoesDown,
    /// The cost at the start was infinite or not a number.
    StartNotFinite,
}

/// Where a minimisation ended.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Clone, Debug)]
pub struct Minimum {
    /// The parameters found, shape `(parameters,)`.
    pub theta: Array1<f64>,
    /// The gradient there.
    pub gradient: Array1<f64>,
    /// After each iteration: the evaluations made so far, and the cost. The start comes first.
    pub history: Vec<(usize, f64)>,
    /// How many curvature pairs the guard turned away.
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
