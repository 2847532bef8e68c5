use super::report::ZoomCase;
use ndarray::Array1;

mod zoom_cases;

pub(super) use zoom_cases::zoom_trials;

/// A point along a search direction.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
#[derive(Clone, Debug)]
pub struct LinePoint {
    /// How far along the direction, 0 at the start.
    pub step: f64,
    /// The cost there.
    pub cost: f64,
    /// The derivative of the cost along the direction.
    pub slope: f64,
    /// The gradient there, with respect to all parameters.
    pub gradient: Array1<f64>,
}

/// `c₁` of the sufficient decrease condition: the cost must fall by at least this share of what the
/// slope at the start promises.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
pub const C1: f64 = 1e-4;
/// `c₂` of the curvature condition: the slope must flatten to at most this share of the slope at the
/// start.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-long-should-a-step-be)
pub const C2: f64 = 0.9;

/// A search along one direction for a point that satisfies the strong Wolfe conditions (Nocedal &
/// Wright, *Numerical Optimization*, 2006, algorithms 3.5 and 3.6).
///
/// [In the book](../../../book/chapter_04_lbfgs.html#how-does-the-line-search-find-such-a-step)
pub struct LineSearch<'a, F> {
    /// The point it starts from, whose slope is negative.
    pub start: &'a LinePoint,
    /// The cost and the gradient at a step.
    pub evaluate: F,
    /// How many more times `evaluate` may be called.
    pub evaluations: usize,
}

impl<F: FnMut(f64) -> LinePoint> LineSearch<'_, F> {
    /// Brackets: lengthens the step until a point satisfies both conditions, or until such points lie
    /// between the last two; then it zooms in on them.
    ///
    /// If the evaluations run out, it returns the lowest point found with sufficient decrease;
    /// `None` means that no point had it.
    // ANCHOR: extrapolate
    pub fn run(mut self, first_step: f64) -> Option<LinePoint> {
        let mut previous = self.start.clone();
        let mut step = first_step;
        while self.evaluations > 0 {
            let point = self.evaluate_at(step);
            // Too far: good points lie between
            if !self.sufficient_decrease(&point)
                || (previous.step > 0.0 && point.cost >= previous.cost)
            {
                return self.zoom(previous, point);
            }
            if self.curvature_condition(&point) {
                return Some(point);
            }
            // Past the minimum: good points lie between
            if point.slope >= 0.0 {
                return self.zoom(point, previous);
            }
            // Not far enough: still falling steeply
            step = extrapolate(&previous, &point);
            previous = point;
        }
        (previous.step > 0.0).then_some(previous)
    }
    // ANCHOR_END: extrapolate

    /// Narrows the interval between `low` and `high`. Three things stay true: `low` is the lowest point
    /// so far with sufficient decrease (or the start); from `low` towards `high` the cost falls; so
    /// between them lie points that satisfy both conditions.
    // ANCHOR: zoom
    fn zoom(&mut self, mut low: LinePoint, mut high: LinePoint) -> Option<LinePoint> {
        while self.evaluations > 0 {
            let point = self.evaluate_at(interpolate(&low, &high));
            match self.zoom_case(&low, &high, &point) {
                ZoomCase::TooHigh => high = point,
                ZoomCase::Accepted => return Some(point),
                ZoomCase::SlopesAway => (low, high) = (point, low),
                ZoomCase::SlopesTowards => low = point,
            }
        }
        (low.step > 0.0).then_some(low)
    }

    fn zoom_case(&self, low: &LinePoint, high: &LinePoint, point: &LinePoint) -> ZoomCase {
        if !self.sufficient_decrease(point) || point.cost >= low.cost {
            ZoomCase::TooHigh
        } else if self.curvature_condition(point) {
            ZoomCase::Accepted
        } else if point.slope * (high.step - low.step) >= 0.0 {
            ZoomCase::SlopesAway
        } else {
            ZoomCase::SlopesTowards
        }
    }
    // ANCHOR_END: zoom

    fn evaluate_at(&mut self, step: f64) -> LinePoint {
        self.evaluations -= 1;
        (self.evaluate)(step)
    }

    /// The first Wolfe condition; a cost that is infinite or NaN does not satisfy it.
    // ANCHOR: wolfe_conditions
    fn sufficient_decrease(&self, point: &LinePoint) -> bool {
        point.cost <= self.start.cost + C1 * point.step * self.start.slope
    }

    /// The second Wolfe condition, in its strong form.
    fn curvature_condition(&self, point: &LinePoint) -> bool {
        point.slope.abs() <= C2 * self.start.slope.abs()
    }
    // ANCHOR_END: wolfe_conditions
}

/// A longer step: to the minimum of the cubic through both points, but at least twice and at most
/// ten times as far; ten times where the cubic has no minimum.
// ANCHOR: safeguards
fn extrapolate(previous: &LinePoint, point: &LinePoint) -> f64 {
    let step = cubic_minimum(previous, point).unwrap_or(f64::INFINITY);
    step.clamp(2.0 * point.step, 10.0 * point.step)
}

/// A step between two points: the minimum of the cubic through both, or the middle if there is none,
/// or none that is at least a tenth of the interval away from both ends.
fn interpolate(low: &LinePoint, high: &LinePoint) -> f64 {
    let width = high.step - low.step;
    let share = |step: f64| (step - low.step) / width;
    cubic_minimum(low, high)
        .filter(|&step| (0.1..=0.9).contains(&share(step)))
        .unwrap_or(low.step + 0.5 * width)
}
// ANCHOR_END: safeguards

/// The minimum of the cubic that has the costs and slopes of two points (Nocedal & Wright, equation
/// 3.59); `None` if it has none.
// ANCHOR: cubic
fn cubic_minimum(a: &LinePoint, b: &LinePoint) -> Option<f64> {
    let d1 = a.slope + b.slope - 3.0 * (a.cost - b.cost) / (a.step - b.step);
    let d2 = (b.step - a.step).signum() * (d1 * d1 - a.slope * b.slope).sqrt();
    let step = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    step.is_finite().then_some(step)
}
// ANCHOR_END: cubic

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches along a function of one variable and its derivative.
    fn search(f: impl Fn(f64) -> (f64, f64), first_step: f64) -> Option<LinePoint> {
        let evaluate = |step| {
            let (cost, slope) = f(step);
            LinePoint { step, cost, slope, gradient: Array1::zeros(0) }
        };
        let start = evaluate(0.0);
        let search = LineSearch { start: &start, evaluate, evaluations: 20 };
        let found = search.run(first_step)?;
        assert!(found.cost <= start.cost + C1 * found.step * start.slope);
        assert!(found.slope.abs() <= C2 * start.slope.abs());
        Some(found)
    }

    #[test]
    fn steps_that_are_too_short_or_too_long_are_corrected() {
        let parabola = |t: f64| ((t - 3.0).powi(2), 2.0 * (t - 3.0));
        for first_step in [1e-6, 0.1, 1.0, 5.9, 100.0, 1e6] {
            assert!(search(parabola, first_step).is_some(), "{first_step}");
        }
    }

    #[test]
    fn cubic_finds_the_bottom_of_a_parabola_at_once() {
        let found = search(|t| ((t - 3.0).powi(2), 2.0 * (t - 3.0)), 100.0);
        assert!((found.unwrap().step - 3.0).abs() < 1e-9);
    }

    #[test]
    fn bottom_between_steep_sides_is_found_from_either_side() {
        // The sides are as steep as the start, so that only the bottom itself is flat enough.
        let valley = |t: f64| {
            let cost = ((t - 3.0).powi(2) + 1e-6).sqrt();
            (cost, (t - 3.0) / cost)
        };
        for first_step in [0.7, 2.0, 2.9, 3.2, 5.0, 5.9, 8.0] {
            let found = search(valley, first_step).unwrap();
            assert!((found.step - 3.0).abs() < 0.01, "{first_step}: {}", found.step);
        }
    }

    /// A point of `t³ - 3t`, moved to the right: its minimum is at `bottom`.
    fn on_cubic(step: f64, bottom: f64) -> LinePoint {
        let t = step - bottom + 1.0;
        let (cost, slope) = (t * t * t - 3.0 * t, 3.0 * t * t - 3.0);
        LinePoint { step, cost, slope, gradient: Array1::zeros(0) }
    }

    #[test]
    fn minimum_of_a_cubic_is_found_from_any_two_points() {
        for (a, b) in [(4.5, 6.0), (6.0, 4.5), (5.2, 5.9), (1.0, 5.5)] {
            let found = cubic_minimum(&on_cubic(a, 5.0), &on_cubic(b, 5.0)).unwrap();
            assert!((found - 5.0).abs() < 1e-12, "{a}, {b}: {found}");
        }
    }

    #[test]
    fn step_between_two_points_keeps_away_from_both() {
        let between =
            |bottom: f64, low, high| interpolate(&on_cubic(low, bottom), &on_cubic(high, bottom));
        // A minimum well inside is taken; one near an end gives way to the middle.
        assert!((between(4.5, 4.0, 6.0) - 4.5).abs() < 1e-12);
        assert!((between(4.5, 6.0, 4.0) - 4.5).abs() < 1e-12);
        assert_eq!(between(4.1, 4.0, 6.0), 5.0);
        assert_eq!(between(5.9, 4.0, 6.0), 5.0);
    }

    #[test]
    fn flat_place_as_high_as_the_start_is_not_enough() {
        // -t (1 - t)² is 0 at t = 1, and flat there; its bottom is at t = 1/3.
        let wave = |t: f64| (-t * (1.0 - t).powi(2), -(1.0 - t) * (1.0 - 3.0 * t));
        let found = search(wave, 1.0).unwrap();
        assert!((found.step - 1.0 / 3.0).abs() < 0.3, "{}", found.step);
    }

    #[test]
    fn infinite_costs_are_backed_away_from() {
        // -log(1 - t) - 2t is infinite from t = 1 on; its minimum is at 1/2.
        let barrier = |t: f64| {
            if t < 1.0 {
                (-(1.0 - t).ln() - 2.0 * t, 1.0 / (1.0 - t) - 2.0)
            } else {
                (f64::INFINITY, f64::NAN)
            }
        };
        assert!(search(barrier, 50.0).unwrap().step < 1.0);
    }

    #[test]
    fn function_that_only_rises_has_no_step() {
        // It claims to fall, and does not.
        assert!(search(|t| (t, -1.0), 1.0).is_none());
    }
}
