//! One line search whose zoom meets every case, kept so that it can be drawn.

use super::{LinePoint, LineSearch, interpolate};
use crate::chapter_04_regularised_network::report::{PointOnLine, ZoomCase, ZoomTrial};
use ndarray::Array1;

/// Where the search begins: too short, so that it goes on to ten times as far and finds the bottom
/// behind it.
const FIRST_STEP: f64 = 1.0;
/// More than enough for this search.
const EVALUATIONS: usize = 20;
/// In how many points the cost is drawn, and how far beyond the interval, as a share of its width.
const POINTS: usize = 121;
const BEYOND: f64 = 0.2;

/// A valley between two steep sides, the right one twice as steep as the left; only near its bottom, a
/// little to the left of 7.2, is it flat enough.
fn valley(step: f64) -> LinePoint {
    let from_bend = step - 7.2;
    let bend = (from_bend * from_bend + 0.01).sqrt();
    LinePoint {
        step,
        cost: 1.5 * bend + 0.5 * from_bend,
        slope: 1.5 * from_bend / bend + 0.5,
        gradient: Array1::zeros(0),
    }
}

/// The trials of the search's zoom, in order.
pub fn zoom_trials() -> Vec<ZoomTrial> {
    let start = valley(0.0);
    let (mut low, mut high) = bracket(&start);
    let search = LineSearch { start: &start, evaluate: valley, evaluations: EVALUATIONS };
    let mut trials = Vec::new();
    loop {
        let trial = valley(interpolate(&low, &high));
        let case = search.zoom_case(&low, &high, &trial);
        trials.push(describe(&low, &high, &trial, case));
        match case {
            ZoomCase::Accepted => return trials,
            ZoomCase::TooHigh => high = trial,
            ZoomCase::SlopesAway => (low, high) = (trial, low),
            ZoomCase::SlopesTowards => low = trial,
        }
    }
}

/// The interval that the search hands to its zoom: two evaluations, of which the second lies past the
/// bottom and below the first.
fn bracket(start: &LinePoint) -> (LinePoint, LinePoint) {
    let mut evaluated = Vec::new();
    let evaluate = |step| {
        evaluated.push(valley(step));
        valley(step)
    };
    LineSearch { start, evaluate, evaluations: 2 }.run(FIRST_STEP);
    let high = evaluated.swap_remove(0);
    (evaluated.swap_remove(0), high)
}

fn describe(low: &LinePoint, high: &LinePoint, trial: &LinePoint, case: ZoomCase) -> ZoomTrial {
    let beyond = BEYOND * (high.step - low.step).abs();
    let shown = [low.step.min(high.step) - beyond, low.step.max(high.step) + beyond];
    let steps = Array1::linspace(shown[0], shown[1], POINTS);
    let [low, high, trial] = [low, high, trial]
        .map(|&LinePoint { step, cost, slope, .. }| PointOnLine { step, cost, slope });
    let costs = steps.iter().map(|&step| valley(step).cost).collect();
    ZoomTrial { low, high, trial, case, shown, costs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_are_those_that_the_search_evaluates_and_meet_every_case() {
        let trials = zoom_trials();
        let mut steps = Vec::new();
        let evaluate = |step| {
            steps.push(step);
            valley(step)
        };
        let start = valley(0.0);
        let found =
            LineSearch { start: &start, evaluate, evaluations: EVALUATIONS }.run(FIRST_STEP);
        let tried: Vec<f64> = trials.iter().map(|trial| trial.trial.step).collect();
        assert_eq!(steps[2..], tried);
        assert_eq!(found.map(|point| point.step), tried.last().copied());
        for case in [ZoomCase::TooHigh, ZoomCase::SlopesAway, ZoomCase::SlopesTowards] {
            assert!(trials.iter().any(|trial| trial.case == case), "{case:?}");
        }
    }

    #[test]
    fn cost_falls_from_low_towards_high_in_every_trial() {
        for ZoomTrial { low, high, trial, .. } in zoom_trials() {
            assert!(low.slope * (high.step - low.step) < 0.0);
            assert!((low.step.min(high.step)..low.step.max(high.step)).contains(&trial.step));
        }
    }

    #[test]
    fn slope_is_the_derivative_of_the_cost() {
        for step in [0.0, 6.9, 7.2, 7.3, 10.0] {
            let numerical = (valley(step + 1e-6).cost - valley(step - 1e-6).cost) / 2e-6;
            assert!((valley(step).slope - numerical).abs() < 1e-6, "{step}");
        }
    }
}
