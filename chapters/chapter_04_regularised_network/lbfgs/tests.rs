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

/// `½ Σ k x_k²`: its minimum is at 0, and its curvatures are 1, 2, … up to the length of `x`.
fn quadratic(x: ArrayView1<f64>) -> (f64, Array1<f64>) {
    let k = Array1::from_iter((1..=x.len()).map(|k| k as f64));
    (0.5 * (&k * &x * x).sum(), k * x)
}

#[test]
fn minimum_of_a_quadratic_is_found() {
    let found = EXACT.minimise(Array1::ones(50), quadratic, |_, _| ());
    assert_eq!(found.stop, Stop::GradientVanished);
    assert!(found.theta.iter().all(|x| x.abs() < 1e-8));
    // SciPy's L-BFGS-B with the same memory and tolerance needs 67 evaluations.
    assert!(found.evaluations() <= 67, "{}", found.evaluations());
}

// ANCHOR: valley_test
#[test]
fn end_of_rosenbrocks_valley_is_found() {
    let found = EXACT.minimise(array![-1.2, 1.0], rosenbrock, |_, _| ());
    assert_eq!(found.stop, Stop::GradientVanished);
    assert!((&found.theta - 1.0).iter().all(|x| x.abs() < 1e-7));
    // SciPy's L-BFGS-B needs 46 evaluations from the same start; we allow a fifth more.
    assert!(found.evaluations() <= 55, "{}", found.evaluations());
}
// ANCHOR_END: valley_test

#[test]
fn guard_refuses_negative_curvature() {
    // cos x curves downwards near its top. With only two evaluations per search, the search ends
    // before the curvature condition holds, and the first pair has s·y < 0.
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
fn decrease_is_measured_relative_to_the_cost() {
    // Where the cost is a million, a decrease of less than a thousand is less than a thousandth.
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

#[test]
fn minimum_is_found_from_far_away() {
    let found = EXACT.minimise(array![-120.0, 100.0], rosenbrock, |_, _| ());
    assert_eq!(found.stop, Stop::GradientVanished);
    assert!((&found.theta - 1.0).iter().all(|x| x.abs() < 1e-7));
    // SciPy's L-BFGS-B needs 146 evaluations.
    assert!(found.evaluations() <= 146, "{}", found.evaluations());
}

#[test]
fn narrow_minimum_is_found() {
    // Along each of three axes the sides are straight, and the bottom is a thousandth wide.
    let narrow = |x: ArrayView1<f64>| {
        let costs = x.mapv(|x| ((x - 3.0).powi(2) + 1e-6).sqrt());
        (costs.sum(), (&x - 3.0) / costs)
    };
    let found = EXACT.minimise(array![0.0, -5.0, 10.0], narrow, |_, _| ());
    assert_eq!(found.stop, Stop::GradientVanished);
    assert!((&found.theta - 3.0).iter().all(|x| x.abs() < 1e-7));
    // SciPy's L-BFGS-B needs 53 evaluations.
    assert!(found.evaluations() <= 53, "{}", found.evaluations());
}

/// One iteration of L-BFGS on a cost of one number that is known at these places alone: a row is a
/// place, the cost and the slope there. They must be asked for in this order, and no others. The
/// slope at 0 is -1 or steeper, so that the first step leads to 1. Returns where the iteration ends.
fn end_of_search(rows: &[(f64, f64, f64)], evaluations_per_search: usize) -> f64 {
    let mut expected = rows.iter();
    let known = |x: ArrayView1<f64>| {
        let x = x[0];
        let &(place, cost, slope) = expected.next().unwrap_or_else(|| panic!("{x} is asked for"));
        assert!((x - place).abs() < 1e-6, "{x} is asked for, not {place}");
        (cost, array![slope])
    };
    let once = Lbfgs { iterations: 1, evaluations_per_search, ..EXACT };
    let found = once.minimise(array![0.0], known, |_, _| ());
    assert_eq!(expected.next(), None, "not asked for");
    found.theta[0]
}

/// The last place that is asked for must be where the iteration ends.
fn assert_search(rows: &[(f64, f64, f64)]) {
    let last = rows[rows.len() - 1].0;
    assert!((end_of_search(rows, 20) - last).abs() < 1e-6);
}

/// The cost at 1 is too high for any cubic, and ends a search there.
const WALL: (f64, f64, f64) = (1.0, f64::INFINITY, f64::NAN);

#[test]
fn good_step_is_taken_at_once() {
    assert_search(&[(0.0, 0.0, -3.0), (1.0, -2.0, -1.0)]);
}

#[test]
fn short_step_is_lengthened_twice_to_ten_times() {
    // Along a straight line the cubic has no minimum.
    assert_search(&[(0.0, 0.0, -1.0), (1.0, -1.0, -1.0), (10.0, -9.0, 0.0)]);
    // It has one at 100, at 5, at 3/2.
    assert_search(&[(0.0, 0.0, -1.0), (1.0, -0.995, -0.99), (10.0, -9.5, 0.0)]);
    assert_search(&[(0.0, 0.0, -15.0), (1.0, -20.0, -24.0), (5.0, -100.0, 0.0)]);
    assert_search(&[(0.0, 0.0, -9.0), (1.0, -16.0, -15.0), (2.0, -18.0, 0.0)]);
    // The cubic goes through the last two points: 0 and 1, then 1 and 2: its minimum is at 5.
    let twice = [(0.0, 0.0, -9.0), (1.0, -16.0, -15.0), (2.0, -32.25, -16.875), (5.0, -50.0, 0.0)];
    assert_search(&twice);
}

#[test]
fn long_step_is_bracketed_by_the_last_two_points() {
    // No lower than the point before, though flat
    assert_search(&[(0.0, 0.0, -1.0), (1.0, -1.0, -1.0), (10.0, -0.5, 0.0), (3.7, -2.0, 0.0)]);
    // Lower, but the slope has turned
    assert_search(&[(0.0, 0.0, -3.0), (1.0, -3.0, -4.0), (10.0, -12.0, 3.0), (7.0, -13.0, 0.0)]);
}

// ANCHOR: zoom_test
#[test]
fn zoom_keeps_the_lowest_point_and_the_side_on_which_the_cost_falls() {
    // Too high, and again: the far end comes nearer.
    let start = (0.0, 0.0, -1.0);
    assert_search(&[start, (1.0, 1.0, 3.0), (0.25, 0.5, 5.0), (1.0 / 24.0, -0.1, 0.0)]);
    // Lower and still falling: only the low end moves. Lower and rising: the low end was the far one.
    assert_search(&[start, WALL, (0.5, -1.0, -3.0), (0.75, -1.125, 2.0), (0.65, -2.0, 0.0)]);
    // The same with the low end on the right
    let [start, low] = [(0.0, 0.0, -3.0), (1.0, -5.0 / 3.0, 5.0)];
    assert_search(&[start, low, (0.75, -1.75, 9.0), (9.0 / 16.0, -2.0, 0.0)]);
    assert_search(&[start, low, (0.75, -23.0 / 12.0, -3.0), (27.0 / 32.0, -2.0, 0.0)]);
    // Flat, but no lower than the low end
    assert_search(&[start, low, (0.75, -1.25, 0.0), (0.95, -2.0, 0.0)]);
    // Lower than the start, but by less than the first condition asks for, and by more
    assert_search(&[start, WALL, (0.5, -1e-9, -5.0), (1.0 / 12.0, -1.0, 0.0)]);
    assert_search(&[start, WALL, (0.5, -2e-4, 0.0)]);
}
// ANCHOR_END: zoom_test

#[test]
fn zoom_takes_the_middle_where_the_cubic_is_of_no_use() {
    // Its minimum is at 1/20, less than a tenth of the way.
    assert_search(&[(0.0, 0.0, -1.0), (1.0, 9.0, 19.0), (0.5, -1.0, 0.0)]);
    // It has none.
    assert_search(&[(0.0, 0.0, -1.0), WALL, (0.5, -1.0, 0.0)]);
}

#[test]
fn lowest_point_is_taken_where_the_evaluations_run_out() {
    let (start, steep) = ((0.0, 0.0, -1.0), (0.5, -1.0, -3.0));
    assert_eq!(end_of_search(&[start, (1.0, -1.0, -1.0)], 1), 1.0);
    assert_eq!(end_of_search(&[start, WALL, steep], 2), 0.5);
    assert_eq!(end_of_search(&[start, WALL, steep, (0.75, f64::INFINITY, f64::NAN)], 3), 0.5);
    assert_eq!(end_of_search(&[start, WALL, (0.5, f64::INFINITY, f64::NAN)], 2), 0.0);
}
