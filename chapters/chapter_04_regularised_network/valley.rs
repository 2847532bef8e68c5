//! Two surfaces over a plane on which one can watch L-BFGS work: Rosenbrock's valley and a bowl.

use super::{
    lbfgs::Lbfgs,
    line_search::zoom_trials,
    report::{Bowl, Line, RememberedPair, Valley},
    two_loop::{CurvaturePair, remember, two_loop},
};
use crate::report::Map;
use ndarray::{Array1, ArrayView1, Axis, array};
use std::collections::VecDeque;

/// Where Rosenbrock started, in 1960.
const START: [f64; 2] = [-1.2, 1.0];
const DESCENT_RATE: f64 = 1e-3;
const DESCENT_STEPS: usize = 1000;
/// How far the first direction is followed, and in how many points.
const LINE: f64 = 3.2;
const LINE_POINTS: usize = 401;
/// The bowl is shown as far as this.
const REACH: f64 = 2.6;
/// How much steeper the bowl is upwards than sideways.
const STEEPNESS: f64 = 6.0;
const BOWL_START: [f64; 2] = [-2.3, 0.6];
const BOWL_STEPS: usize = 2;

/// `(1 - a)² + 100 (b - a²)²` and its gradient: a bent valley with its minimum at `(1, 1)`
/// (Rosenbrock, *An automatic method for finding the greatest or least value of a function*, 1960).
///
/// [In the book](../../../book/chapter_04.html)
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

/// Lets both methods go down the valley.
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

/// Two steps down the gradient, and a second step that remembers the first.
fn two_steps_in_a_bowl() -> Bowl {
    // Down the gradient
    let down_the_gradient =
        |x: &Array1<f64>| Some(lowest_along(x, &-bowl(x.view()).1)).filter(|next| next != x);
    let start = Some(Array1::from_iter(BOWL_START));
    let descent: Vec<_> =
        std::iter::successors(start, down_the_gradient).take(BOWL_STEPS + 1).collect();

    // What the first step taught turns the second
    let mut memory = VecDeque::new();
    let mut learn = |from: &Array1<f64>, to: &Array1<f64>| {
        let y = bowl(to.view()).1 - bowl(from.view()).1;
        remember(&mut memory, BOWL_STEPS, to - from, y);
        memory.clone()
    };
    let direction = -two_loop(&learn(&descent[0], &descent[1]), bowl(descent[1].view()).1);
    let end = lowest_along(&descent[1], &direction);

    // What both taught
    let pairs = learn(&descent[1], &end).into_iter().zip(&descent);
    let pairs = pairs.map(|(CurvaturePair { s, y, .. }, from)| RememberedPair {
        from: [from[0], from[1]],
        s: [s[0], s[1]],
        y: [y[0], y[1]],
    });

    let cost = |points: ArrayView1<f64>| bowl(points).0;
    let highest = bowl(array![REACH, REACH].view()).0;
    Bowl {
        cost: Map::new(REACH, [0.0, highest], |points| points.map_axis(Axis(1), cost)),
        with_a_pair: [&descent[1], &end].map(|x| [x[0], x[1]]).into(),
        pairs: pairs.collect(),
        descent: descent.iter().map(|x| [x[0], x[1]]).collect(),
    }
}

/// The lowest point of the bowl along a direction.
fn lowest_along(x: &Array1<f64>, direction: &Array1<f64>) -> Array1<f64> {
    let slope = bowl(x.view()).1.dot(direction);
    // The bowl's gradient is linear: along the direction it grows by that of the direction.
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
    fn pairs_show_how_steep_the_bowl_is_and_are_conjugate() {
        let pairs = two_steps_in_a_bowl().pairs;
        assert_eq!((pairs.len(), pairs[0].from), (2, BOWL_START));
        for RememberedPair { s, y, .. } in &pairs {
            assert!((y[0] - s[0]).abs() < 1e-12 && (y[1] - STEEPNESS * s[1]).abs() < 1e-12);
        }
        let [s, y] = [pairs[0].s, pairs[1].y];
        assert!((s[0] * y[0] + s[1] * y[1]).abs() < 1e-12);
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
