//! Two functions of two parameters on which L-BFGS can be watched: Rosenbrock's valley and a bowl.

use super::{
    lbfgs::{Lbfgs, LbfgsState},
    line_search::zoom_trials,
    report::{Bowl, Line, Remembered, RememberedPair, Valley},
    two_loop::{remember, two_loop},
};
use crate::report::Map;
use ndarray::{Array1, ArrayView1, Axis, array};
use std::collections::VecDeque;

/// Where Rosenbrock started, in 1960.
const START: [f64; 2] = [-1.2, 1.0];
const DESCENT_RATE: f64 = 1e-3;
const DESCENT_STEPS: usize = 1000;
/// How far the first direction is followed, and at how many points.
const LINE: f64 = 3.2;
const LINE_POINTS: usize = 401;
/// The bowl is shown from minus this to this.
const REACH: f64 = 2.6;
/// How much steeper the bowl is upwards than sideways.
const STEEPNESS: f64 = 6.0;
const BOWL_START: [f64; 2] = [-2.3, 0.6];
const BOWL_STEPS: usize = 2;

/// `(1 - a)² + 100 (b - a²)²` and its gradient: a bent valley with its minimum at `(1, 1)`
/// (Rosenbrock, *An automatic method for finding the greatest or least value of a function*, 1960).
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
pub fn rosenbrock(x: ArrayView1<f64>) -> (f64, Array1<f64>) {
    let (a, b) = (x[0], x[1]);
    let bend = b - a * a;
    let cost = (1.0 - a).powi(2) + 100.0 * bend * bend;
    (cost, array![-2.0 * (1.0 - a) - 400.0 * a * bend, 200.0 * bend])
}

/// `½ (x² + k y²)` and its gradient.
fn bowl(x: ArrayView1<f64>) -> (f64, Array1<f64>) {
    let steepness = array![1.0, STEEPNESS];
    (0.5 * (&steepness * &x * x).sum(), steepness * x)
}

/// Runs both methods in the valley.
pub(super) fn explore() -> Valley {
    let mut lbfgs = Vec::new();
    let watched = |x: ArrayView1<f64>| {
        lbfgs.push([x[0], x[1]]);
        rosenbrock(x)
    };
    Lbfgs::default().minimise(Array1::from_iter(START), watched, |_, _| ());
    // The cost is 0 at the bottom, and 0 has no logarithm.
    let height = |x: ArrayView1<f64>| (rosenbrock(x).0 + 0.1).log10();
    Valley {
        height: Map::new(2.0, [-1.0, 3.6], |points| points.map_axis(Axis(1), height)),
        descent: gradient_descent(rosenbrock, START, DESCENT_RATE, DESCENT_STEPS),
        descent_rate: DESCENT_RATE,
        lbfgs,
        line: along_the_first_direction(),
        bowl: two_steps_in_a_bowl(),
        remembered: remembered_in_a_bowl(),
        zoom: zoom_trials(),
    }
}

/// The valley's cost and slope along the gradient at the start.
fn along_the_first_direction() -> Line {
    let start = Array1::from_iter(START);
    let (_, gradient) = rosenbrock(start.view());
    let direction = -&gradient / gradient.dot(&gradient).sqrt();
    let steps = Array1::linspace(0.0, LINE, LINE_POINTS);
    let (costs, slopes) = steps
        .iter()
        .map(|&step| {
            let (cost, gradient) = rosenbrock((&start + &(step * &direction)).view());
            (cost, gradient.dot(&direction))
        })
        .unzip();
    Line { steps: steps.to_vec(), costs, slopes }
}

/// Two steps down the gradient; and the second step again, with the curvature pair of the first.
fn two_steps_in_a_bowl() -> Bowl {
    // Down the gradient
    let down_the_gradient =
        |x: &Array1<f64>| Some(lowest_along(x, &-bowl(x.view()).1)).filter(|next| next != x);
    let start = Some(Array1::from_iter(BOWL_START));
    let descent: Vec<_> =
        std::iter::successors(start, down_the_gradient).take(BOWL_STEPS + 1).collect();

    // The second step again, with the pair of the first
    let s = &descent[1] - &descent[0];
    let y = bowl(descent[1].view()).1 - bowl(descent[0].view()).1;
    let mut memory = VecDeque::new();
    remember(&mut memory, 1, s, y);
    let direction = -two_loop(&memory, bowl(descent[1].view()).1);
    let end = lowest_along(&descent[1], &direction);

    let cost = |points: ArrayView1<f64>| bowl(points).0;
    let highest = bowl(array![REACH, REACH].view()).0;
    Bowl {
        cost: Map::new(REACH, [0.0, highest], |points| points.map_axis(Axis(1), cost)),
        with_a_pair: [&descent[1], &end].map(|x| [x[0], x[1]]).into(),
        descent: descent.iter().map(|x| [x[0], x[1]]).collect(),
    }
}

/// What L-BFGS remembers of its first steps in the bowl, and what the two loops make of it.
fn remembered_in_a_bowl() -> Remembered {
    let mut f = bowl;
    let mut state = LbfgsState::begin(Array1::from_iter(BOWL_START), &mut f);
    let of_step = |_| {
        let from = state.here.theta.clone();
        Lbfgs::default().step(&mut state, &mut f);
        let pair = state.memory.back()?;
        let [from, s, y] = [&from, &pair.s, &pair.y].map(|x| [x[0], x[1]]);
        Some(RememberedPair { from, s, y })
    };
    let pairs = (0..BOWL_STEPS).filter_map(of_step).collect();
    let gradient = &state.here.gradient;
    let direction = -two_loop(&state.memory, gradient.clone());
    let [at, gradient, direction] = [&state.here.theta, gradient, &direction].map(|x| [x[0], x[1]]);
    Remembered { pairs, at, gradient, direction }
}

/// The lowest point of the bowl along a direction.
fn lowest_along(x: &Array1<f64>, direction: &Array1<f64>) -> Array1<f64> {
    let slope = bowl(x.view()).1.dot(direction);
    // The bowl's gradient is H x, so p·H p is the gradient at p, times p.
    let curvature = bowl(direction.view()).1.dot(direction);
    x - &(slope / curvature * direction)
}

/// Gradient descent: where it starts, and where it is after each step.
fn gradient_descent(
    f: fn(ArrayView1<f64>) -> (f64, Array1<f64>),
    start: [f64; 2],
    learning_rate: f64,
    steps: usize,
) -> Vec<[f64; 2]> {
    let next = |x: &[f64; 2]| {
        let gradient = f(ArrayView1::from(x)).1;
        Some([x[0] - learning_rate * gradient[0], x[1] - learning_rate * gradient[1]])
    };
    std::iter::successors(Some(start), next).take(steps + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient_check::central_differences;

    #[test]
    fn gradients_of_both_surfaces_match_central_differences() {
        for f in [rosenbrock, bowl] {
            let x = array![0.7, -1.3];
            let numerical = central_differences(x.view(), 1e-6, |x| f(x).0);
            assert!((f(x.view()).1 - numerical).iter().all(|d| d.abs() < 1e-6));
        }
    }

    #[test]
    fn one_pair_points_to_the_bottom_of_a_bowl() {
        let Bowl { descent, with_a_pair, .. } = two_steps_in_a_bowl();
        let distance = |points: &[[f64; 2]]| points.last().map(|[x, y]| x.hypot(*y)).unwrap();
        assert!(distance(&with_a_pair) < 1e-12);
        assert!(distance(&descent) > 0.1);
    }

    #[test]
    fn two_pairs_show_how_steep_the_bowl_is_and_where_its_bottom_is() {
        let Remembered { pairs, at, gradient, direction } = remembered_in_a_bowl();
        assert_eq!((pairs.len(), pairs[0].from), (2, BOWL_START));
        for RememberedPair { s, y, .. } in &pairs {
            assert!((y[0] - s[0]).abs() < 1e-12 && (y[1] - STEEPNESS * s[1]).abs() < 1e-12);
        }
        // A whole step along the direction ends near the bottom, one down the gradient far from it
        let after = |step: [f64; 2]| (at[0] + step[0]).hypot(at[1] + step[1]);
        assert!(after(direction) < 0.02);
        assert!(after(gradient.map(|g| -g)) > 0.7);
    }

    #[test]
    fn lbfgs_reaches_the_end_of_the_valley_and_descent_does_not() {
        let valley = explore();
        let distance = |x: &[[f64; 2]]| x.last().map(|x| (x[0] - 1.0).hypot(x[1] - 1.0)).unwrap();
        assert!(distance(&valley.lbfgs) < 1e-4);
        assert!(distance(&valley.descent) > 0.1);
        assert!(valley.lbfgs.len() < valley.descent.len() / 10);
    }
}
