use chapters::{
    chapter_05_mnist::{Examples, Network, Real, cross_entropy, probabilities, targets},
    chapter_06_speed::{Width, logits},
    metrics::{ConfidenceBin, argmax, by_confidence, expected_calibration_error},
};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use serde::{Deserialize, Serialize};

/// How certain a network is, compared with how often it is right, and the temperature that brings both
/// together: its logits are divided by one number, which changes no prediction (Guo et al., *On
/// Calibration of Modern Neural Networks*, 2017, section 4.2).
///
/// [In the book](../../book/experiments.html#how-far-may-i-trust-a-probability)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Calibration {
    /// The temperature at which the validation examples cost least; 1 if there is none, as where all of
    /// them are right.
    pub temperature: f64,
    /// The network as it was trained.
    pub before: Reliability,
    /// The network at a temperature. Each fifth of the validation examples is measured at the one that
    /// suits the other four, so that nothing is fitted to what it is measured on.
    pub after: Reliability,
}

/// How certain predictions are, compared with how often they are right.
///
/// [In the book](../../book/experiments.html#how-far-may-i-trust-a-probability)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Reliability {
    /// Mean cross-entropy.
    pub cost: f64,
    /// The expected calibration error, from 0 to 1, over 15 bins.
    pub expected_calibration_error: f64,
    /// The bins that are not empty.
    pub bins: Vec<ConfidenceBin>,
}

/// Into how many parts the examples are dealt to measure a temperature on others than it was fitted to.
const PARTS: usize = 5;
/// As many bins as in the paper.
const BINS: usize = 15;
/// Where a temperature is looked for.
const TEMPERATURES: [f64; 2] = [0.05, 20.0];
/// Halvings of that interval, which leave twelve digits.
const HALVINGS: usize = 45;

impl Calibration {
    /// Fits a temperature to validation examples, of which there is at least one.
    pub fn new(network: &Network<f32>, examples: &Examples<f32>) -> Self {
        let z = logits(network, examples, Width::in_use()).mapv(Real::value);
        // The first of two logits may as well be 0
        let z = match z.ncols() {
            1 => concatenate![Axis(1), Array2::zeros(z.raw_dim()), z],
            _ => z,
        };
        Self::of(&z, &examples.labels)
    }

    /// The same for logits of shape `(m, classes)`.
    fn of(z: &Array2<f64>, labels: &[usize]) -> Self {
        let before = Reliability::of(z.view(), labels);
        let Some(temperature) = fit(z.view(), labels) else {
            return Self { temperature: 1.0, after: before.clone(), before };
        };
        let mut scaled = z.clone();
        for part in 0..PARTS {
            let others: Vec<usize> = (0..labels.len()).filter(|i| i % PARTS != part).collect();
            let chosen: Vec<usize> = others.iter().map(|&i| labels[i]).collect();
            let temperature = fit(z.select(Axis(0), &others).view(), &chosen).unwrap_or(1.0);
            scaled.outer_iter_mut().skip(part).step_by(PARTS).for_each(|mut z| z /= temperature);
        }
        Self { temperature, before, after: Reliability::of(scaled.view(), labels) }
    }
}

impl Reliability {
    /// Of logits, shape `(m, classes)`, with `m > 0`.
    fn of(z: ArrayView2<f64>, labels: &[usize]) -> Self {
        let p = probabilities(z);
        let read = argmax(z);
        let each = p.outer_iter().zip(&read).zip(labels);
        let predictions: Vec<(f64, bool)> =
            each.map(|((p, &read), &label)| (p[read], read == label)).collect();
        let bins = by_confidence(&predictions, BINS);
        Self {
            cost: cross_entropy(z, targets(labels.iter().copied(), z.ncols()).view()),
            expected_calibration_error: expected_calibration_error(&bins),
            bins,
        }
    }
}

/// The temperature at which the mean cross-entropy is least; nothing if that is so at no temperature of
/// reasonable size, as where every example is right: then more certainty always costs less.
///
/// The cost is convex in `β = 1/T`, with the slope `mean(Σ p_k z_k - z_y)`, so that the sign of the slope
/// tells on which side the minimum lies.
fn fit(z: ArrayView2<f64>, labels: &[usize]) -> Option<f64> {
    let of_labels: f64 = z.outer_iter().zip(labels).map(|(z, &label)| z[label]).sum();
    let rises = |temperature: f64| {
        let p = probabilities(z.mapv(|z| z / temperature).view());
        (p * z).sum() > of_labels
    };
    let [mut low, mut high] = TEMPERATURES;
    if !rises(low) || rises(high) {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        if rises(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some((low * high).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn temperature_of_two_logits_is_the_one_worked_out_by_hand() {
        // Three of four are right, at logits that promise 0.95: they must promise 3/4 = 1/(1 + e^-ln 3)
        let z = 2.944_438_979_166_440_3;
        let z = array![[0.0, z], [0.0, z], [0.0, z], [0.0, z]];
        let found = fit(z.view(), &[1, 1, 0, 1]).unwrap();
        assert!((found - 19_f64.ln() / 3_f64.ln()).abs() < 1e-12, "{found}");
        let at_best = Reliability::of(z.mapv(|z| z / found).view(), &[1, 1, 0, 1]);
        assert!(at_best.expected_calibration_error < 1e-12);
    }

    #[derive(Deserialize)]
    struct Oracle {
        tolerance: f64,
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        z: Vec<Vec<f64>>,
        labels: Vec<usize>,
        read: Vec<usize>,
        temperature: f64,
        cost: f64,
        cost_at_temperature: f64,
        calibration_error: f64,
        precision: Vec<f64>,
        recall: Vec<f64>,
        f1: Vec<f64>,
        examples: Vec<usize>,
        balanced_accuracy: f64,
    }

    fn oracle() -> Oracle {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/oracle/calibration.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    #[test]
    fn temperature_cost_and_calibration_error_are_those_of_scipy_and_numpy() {
        let Oracle { tolerance, cases } = oracle();
        for case in cases {
            let z = Array2::from_shape_fn((case.z.len(), case.z[0].len()), |(i, k)| case.z[i][k]);
            let Calibration { temperature, before, .. } = Calibration::of(&z, &case.labels);
            let scaled = Reliability::of(z.mapv(|z| z / temperature).view(), &case.labels);
            for (found, expected) in [
                (temperature, case.temperature),
                (before.cost, case.cost),
                (scaled.cost, case.cost_at_temperature),
                (before.expected_calibration_error, case.calibration_error),
            ] {
                assert!((found - expected).abs() < tolerance, "{found}, not {expected}");
            }
        }
    }

    #[test]
    fn scores_of_classes_are_those_of_scikit_learn() {
        for case in oracle().cases {
            let classes: Vec<String> = (0..case.f1.len()).map(|class| class.to_string()).collect();
            let verdict = crate::Verdict::new(case.read, &case.labels, &classes);
            assert!((verdict.balanced_accuracy - case.balanced_accuracy).abs() < 1e-12);
            for (class, found) in verdict.by_class.iter().enumerate() {
                assert_eq!(found.examples, case.examples[class]);
                let [precision, recall, f1] =
                    [found.precision, found.recall, found.f1].map(Option::unwrap);
                assert!((precision - case.precision[class]).abs() < 1e-12);
                assert!((recall - case.recall[class]).abs() < 1e-12);
                assert!((f1 - case.f1[class]).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn no_temperature_suits_examples_that_are_all_right_or_all_wrong() {
        let z = array![[0.0, 2.0], [3.0, 0.0]];
        assert_eq!(fit(z.view(), &[1, 0]), None);
        assert_eq!(fit(z.view(), &[0, 1]), None);
        let calibration = Calibration::of(&z, &[1, 0]);
        assert_eq!(calibration.temperature, 1.0);
        assert_eq!(calibration.before, calibration.after);
        assert_eq!(fit(Array2::zeros((0, 2)).view(), &[]), None);
    }

    #[test]
    fn after_is_measured_on_examples_that_the_temperature_was_not_fitted_to() {
        // The examples at 0, 5 and 10 are wrong, the others right: those alone need no temperature
        let labels: Vec<usize> = (0..15).map(|i| usize::from(i % 5 != 0)).collect();
        let z = Array2::from_shape_fn((15, 2), |(_, class)| 3.0 * class as f64);
        let Calibration { temperature, before, after } = Calibration::of(&z, &labels);
        assert!((temperature - 3.0 / 4_f64.ln()).abs() < 1e-12);
        let fitted = Reliability::of(z.mapv(|z| z / temperature).view(), &labels);
        assert!(fitted.cost < before.cost && fitted.cost < after.cost);
    }
}
