use super::{
    line_search::{LinePoint, LineSearch},
    minimum::{Minimum, Stop},
    two_loop::{CurvaturePair, remember, two_loop},
};
use ndarray::{Array1, ArrayView1};
use std::collections::VecDeque;

/// Limited-memory BFGS: a quasi-Newton method that needs the cost and its gradient, and remembers
/// the last few steps instead of a matrix (Nocedal, *Updating quasi-Newton matrices with limited
/// storage*, 1980; Nocedal & Wright, *Numerical Optimization*, 2006, algorithm 7.5).
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
#[derive(Clone, Copy, Debug)]
pub struct Lbfgs {
    /// How many steps are remembered.
    pub memory: usize,
    /// How many steps are taken at the most.
    pub iterations: usize,
    /// How often a line search may ask for the cost and the gradient.
    pub evaluations_per_search: usize,
    /// Stop where no component of the gradient is larger.
    pub gradient_tolerance: f64,
    /// Stop where a step lowers the cost by no more than this share of it.
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

/// A minimisation on its way, which can be left and taken up again.
///
/// [In the book](../../../book/chapter_04.html)
#[derive(Clone, Debug)]
pub struct LbfgsState {
    /// Where it is.
    pub here: Minimum,
    /// What the last steps taught, the newest at the end.
    pub memory: VecDeque<CurvaturePair>,
}

impl LbfgsState {
    /// Before the first step from `theta`, shape `(parameters,)`.
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
    /// Goes downhill from `theta`, shape `(parameters,)`, on the cost whose value and gradient `f`
    /// returns. `watch` is told the number of steps taken and the cost after each.
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

    /// Takes one step, or says why there is none to take: then it returns false.
    // ANCHOR: minimise
    pub fn step(
        &self,
        LbfgsState { here, memory }: &mut LbfgsState,
        f: &mut impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>),
    ) -> bool {
        // Is this the end?
        if let Some(stop) = self.stopping_criterion(here) {
            here.stop = stop;
            return false;
        }
        // Direction: the gradient, turned by what the memory knows of the curvature
        let direction = -two_loop(memory, here.gradient.clone());
        // Length: where the Wolfe conditions hold
        let Some(next) = self.line_search(here, &direction, memory.is_empty(), f) else {
            here.stop = Stop::NoStepGoesDown;
            return false;
        };
        // Update, and remember how the gradient changed
        let s = next.step * direction;
        let y = &next.gradient - &here.gradient;
        here.theta += &s;
        here.gradient = next.gradient;
        here.pairs_refused += usize::from(!remember(memory, self.memory, s, y));
        true
    }
    // ANCHOR_END: minimise

    /// Why to stop here, if that is so.
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

    /// Looks for a step along `direction`; notes in the history what it took.
    fn line_search(
        &self,
        here: &mut Minimum,
        direction: &Array1<f64>,
        is_first: bool,
        f: &mut impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>),
    ) -> Option<LinePoint> {
        // Where the search starts
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
        // Without memory nothing is known of the scale: go a distance of 1 at the most.
        let length = direction.dot(direction).sqrt();
        let found = search.run(if is_first { 1.0 / length.max(1.0) } else { 1.0 })?;
        // What it took
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
mod tests {
    use super::*;
    use crate::chapter_04_regularised_network::rosenbrock;
    use ndarray::array;

    const EXACT: Lbfgs = Lbfgs {
        memory: 10,
        iterations: 1000,
        evaluations_per_search: 20,
        gradient_tolerance: 1e-8,
        cost_tolerance: 0.0,
    };

    /// `½ Σ k x_k²`, whose minimum is at 0 and whose condition number is the length of `x`.
    fn quadratic(x: ArrayView1<f64>) -> (f64, Array1<f64>) {
        let k = Array1::from_iter((1..=x.len()).map(|k| k as f64));
        (0.5 * (&k * &x * x).sum(), k * x)
    }

    #[test]
    fn bottom_of_a_quadratic_is_found() {
        let found = EXACT.minimise(Array1::ones(50), quadratic, |_, _| ());
        assert_eq!(found.stop, Stop::GradientVanished);
        assert!(found.theta.iter().all(|x| x.abs() < 1e-8));
        // SciPy's L-BFGS-B with the same memory and tolerance needs 67.
        assert!(found.evaluations() <= 67, "{}", found.evaluations());
    }

    // ANCHOR: valley_test
    #[test]
    fn end_of_rosenbrocks_valley_is_found() {
        let found = EXACT.minimise(array![-1.2, 1.0], rosenbrock, |_, _| ());
        assert_eq!(found.stop, Stop::GradientVanished);
        assert!((&found.theta - 1.0).iter().all(|x| x.abs() < 1e-7));
        // SciPy's L-BFGS-B needs 46 from the same start; a fifth more would be too many.
        assert!(found.evaluations() <= 55, "{}", found.evaluations());
    }
    // ANCHOR_END: valley_test

    #[test]
    fn guard_turns_away_downward_curvature() {
        // cos x curves downwards near its top; with two tries per search, the second Wolfe
        // condition cannot be waited for, and the first pair has s·y < 0.
        let hasty = Lbfgs { evaluations_per_search: 2, ..EXACT };
        let cosine = |x: ArrayView1<f64>| (x[0].cos(), array![-x[0].sin()]);
        let found = hasty.minimise(array![0.1], cosine, |_, _| ());
        assert!(found.pairs_refused > 0);
        assert_eq!(found.stop, Stop::GradientVanished);
        assert!((found.theta[0].abs() - std::f64::consts::PI).abs() < 1e-7);
    }

    #[test]
    fn each_reason_to_stop_is_given() {
        let stop = |lbfgs: Lbfgs, start| lbfgs.minimise(start, rosenbrock, |_, _| ()).stop;
        let valley = || array![-1.2, 1.0];
        let short = Lbfgs { iterations: 3, ..EXACT };
        let coarse = Lbfgs { cost_tolerance: 0.5, ..EXACT };
        assert_eq!(stop(EXACT, array![1.0, 1.0]), Stop::GradientVanished);
        assert_eq!(stop(short, valley()), Stop::IterationsDone);
        assert_eq!(stop(coarse, valley()), Stop::CostSettled);
        assert_eq!(stop(EXACT, array![f64::NAN, 0.0]), Stop::StartNotFinite);
        let liar = |x: ArrayView1<f64>| (x[0].abs(), array![-x[0].signum()]);
        assert_eq!(EXACT.minimise(array![1.0], liar, |_, _| ()).stop, Stop::NoStepGoesDown);
    }

    #[test]
    fn steps_are_counted() {
        let three = Lbfgs { iterations: 3, ..EXACT };
        let found = three.minimise(array![-1.2, 1.0], rosenbrock, |_, _| ());
        assert_eq!(found.iterations(), 3);
        assert!(found.evaluations() >= 4);
    }

    #[test]
    fn fall_is_measured_against_the_cost() {
        // On a floor of a million, a fall of less than a thousand is less than a thousandth.
        let raised = |x: ArrayView1<f64>| {
            let (cost, gradient) = quadratic(x);
            (1e6 + cost, gradient)
        };
        let coarse = Lbfgs { cost_tolerance: 1e-3, ..EXACT };
        let found = coarse.minimise(Array1::ones(50), raised, |_, _| ());
        assert_eq!((found.stop, found.iterations()), (Stop::CostSettled, 1));
    }

    #[test]
    fn costs_never_rise() {
        let found = EXACT.minimise(array![-1.2, 1.0], rosenbrock, |_, _| ());
        assert!(found.history.windows(2).all(|pair| pair[1].1 < pair[0].1));
    }
}
