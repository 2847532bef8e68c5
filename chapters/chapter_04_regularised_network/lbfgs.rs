use super::{
    line_search::{LinePoint, LineSearch},
    minimum::{Minimum, Stop},
    two_loop::{CurvaturePair, remember, two_loop},
};
use ndarray::{Array1, ArrayView1};
use std::collections::VecDeque;

/// Limited-memory BFGS: a quasi-Newton method that needs only the cost and its gradient, and remembers
/// the last few curvature pairs in place of a matrix (Nocedal, *Updating quasi-Newton matrices with limited
/// storage*, 1980; Nocedal & Wright, *Numerical Optimization*, 2006, algorithm 7.5).
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
#[derive(Clone, Copy, Debug)]
pub struct Lbfgs {
    /// How many curvature pairs are remembered, at least 1.
    pub memory: usize,
    /// How many iterations there are at most.
    pub iterations: usize,
    /// How often one line search may evaluate the cost and the gradient.
    pub evaluations_per_search: usize,
    /// Stop when no component of the gradient is larger than this.
    pub gradient_tolerance: f64,
    /// Stop when an iteration lowers the cost by no more than this share of it; below a cost of 1, by
    /// no more than this.
    pub cost_tolerance: f64,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self {
            memory: 10,
            iterations: 1000,
            evaluations_per_search: 20,
            gradient_tolerance: 1e-5,
            cost_tolerance: 1e-9,
        }
    }
}

/// The state of a minimisation between two iterations; it can be saved and resumed.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#and-all-of-it-together)
#[derive(Clone, Debug)]
pub struct LbfgsState {
    /// Where it has got to.
    pub here: Minimum,
    /// The last curvature pairs, the newest at the back.
    pub memory: VecDeque<CurvaturePair>,
}

impl LbfgsState {
    /// The state before the first iteration, at `theta`, shape `(parameters,)`.
    pub fn begin(
        theta: Array1<f64>,
        f: &mut impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>),
    ) -> Self {
        let (cost, gradient) = f(theta.view());
        let history = vec![(1, cost)];
        let stop = Stop::IterationsDone;
        let here = Minimum { theta, gradient, history, pairs_refused: 0, stop };
        Self { here, memory: VecDeque::new() }
    }
}

impl Lbfgs {
    /// Minimises the cost whose value and gradient `f` returns, starting at `theta`, shape
    /// `(parameters,)`. After each iteration `watch` is called with its number and the cost.
    pub fn minimise(
        &self,
        theta: Array1<f64>,
        mut f: impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>),
        mut watch: impl FnMut(usize, f64),
    ) -> Minimum {
        let mut state = LbfgsState::begin(theta, &mut f);
        while state.here.iterations() < self.iterations && self.step(&mut state, &mut f) {
            watch(state.here.iterations(), state.here.cost());
        }
        state.here
    }

    /// Takes one step and returns true; or notes why it stops, and returns false.
    // ANCHOR: minimise
    pub fn step(
        &self,
        LbfgsState { here, memory }: &mut LbfgsState,
        f: &mut impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>),
    ) -> bool {
        // Stop?
        if let Some(stop) = self.stopping_criterion(here) {
            here.stop = stop;
            return false;
        }
        // Direction: minus the approximate inverse Hessian times the gradient
        let direction = -two_loop(memory, here.gradient.clone());
        // Step size: where the Wolfe conditions hold
        let Some(next) = self.line_search(here, &direction, memory.is_empty(), f) else {
            here.stop = Stop::NoStepGoesDown;
            return false;
        };
        // Update; remember the curvature pair
        let s = next.step * direction;
        let y = &next.gradient - &here.gradient;
        here.theta += &s;
        here.gradient = next.gradient;
        here.pairs_refused += usize::from(!remember(memory, self.memory, s, y));
        true
    }
    // ANCHOR_END: minimise

    /// The reason to stop here, if there is one.
    fn stopping_criterion(&self, here: &Minimum) -> Option<Stop> {
        let settled = here.history.windows(2).next_back().is_some_and(|pair| {
            pair[0].1 - pair[1].1 <= self.cost_tolerance * pair[1].1.abs().max(1.0)
        });
        let vanished = max_norm(&here.gradient) <= self.gradient_tolerance;
        let started = here.cost().is_finite();
        [
            (!started, Stop::StartNotFinite),
            (settled, Stop::CostSettled),
            (vanished, Stop::GradientVanished),
        ]
        .into_iter()
        .find_map(|(holds, stop)| holds.then_some(stop))
    }

    /// Searches along `direction`; adds the evaluations and the cost found to the history.
    fn line_search(
        &self,
        here: &mut Minimum,
        direction: &Array1<f64>,
        is_first: bool,
        f: &mut impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>),
    ) -> Option<LinePoint> {
        // The start of the search
        let start = LinePoint {
            step: 0.0,
            cost: here.cost(),
            slope: here.gradient.dot(direction),
            gradient: here.gradient.clone(),
        };
        // ANCHOR: search
        // The cost as a function of the step
        let mut evaluations = here.evaluations();
        let evaluate = |step: f64| {
            evaluations += 1;
            let (cost, gradient) = f((&here.theta + &(step * direction)).view());
            LinePoint { step, cost, slope: gradient.dot(direction), gradient }
        };
        let search =
            LineSearch { start: &start, evaluate, evaluations: self.evaluations_per_search };
        // Without a curvature pair nothing is known of the scale: try a distance of 1 at most.
        let length = direction.dot(direction).sqrt();
        let found = search.run(if is_first { 1.0 / length.max(1.0) } else { 1.0 })?;
        // The evaluations made so far, and the cost
        here.history.push((evaluations, found.cost));
        Some(found)
        // ANCHOR_END: search
    }
}

/// The largest component, by absolute value.
fn max_norm(gradient: &Array1<f64>) -> f64 {
    gradient.fold(0.0, |most, g| g.abs().max(most))
}

#[cfg(test)]
mod tests;
