//! How good predictions are.
//!
//! [In the book](../../../book/chapter_01.html#can-one-neuron-read)

use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// The share of predictions that equal the labels, from 0 to 1.
///
/// Both give one item per example; an empty pair has no accuracy and gives `NaN`.
pub fn accuracy<T: PartialEq>(
    predicted: impl IntoIterator<Item = T>,
    labels: impl IntoIterator<Item = T>,
) -> f64 {
    let (right, all) = predicted
        .into_iter()
        .zip(labels)
        .fold((0_u32, 0_u32), |(right, all), (p, l)| (right + u32::from(p == l), all + 1));
    f64::from(right) / f64::from(all)
}

/// How many examples each of `classes` classes has, given the class of each example.
pub fn class_counts(labels: &[usize], classes: usize) -> Vec<usize> {
    let mut counts = vec![0; classes];
    for &label in labels {
        counts[label] += 1;
    }
    counts
}

/// The mean cross-entropy of always predicting the class frequencies, given how many examples each
/// class has: the baseline that a network has to beat. It is the entropy of those frequencies, in nats
/// (Shannon, *A Mathematical Theory of Communication*, 1948, section 6).
pub fn cost_of_guessing(counts: &[usize]) -> f64 {
    let all = counts.iter().sum::<usize>() as f64;
    let shares = counts.iter().filter(|&&count| count > 0).map(|&count| count as f64 / all);
    shares.map(|share| -share * share.ln()).sum()
}

/// The most frequent class, given how many examples each has, and its share of them, from 0 to 1: the
/// accuracy of always answering it. Of several, the first; nothing if there are no examples.
pub fn commonest(counts: &[usize]) -> Option<(usize, f64)> {
    let all: usize = counts.iter().sum();
    let (class, &count) = counts.iter().enumerate().rev().max_by_key(|&(_, &count)| count)?;
    (all > 0).then(|| (class, count as f64 / all as f64))
}

/// The column of the largest value in each row, shape `(m,)`; the first of equals.
pub fn argmax<F: PartialOrd + Copy>(scores: ArrayView2<F>) -> Array1<usize> {
    scores.map_axis(Axis(1), |row| {
        row.iter()
            .enumerate()
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map_or(0, |(column, _)| column)
    })
}

/// The confusion matrix: how often class `row` was read as class `column`, shape `(classes, classes)`.
///
/// Pairs with a label or a prediction of `classes` or more are not counted.
pub fn confusion(
    predicted: impl IntoIterator<Item = usize>,
    labels: impl IntoIterator<Item = usize>,
    classes: usize,
) -> Array2<usize> {
    let mut counts = Array2::zeros((classes, classes));
    for (predicted, label) in predicted.into_iter().zip(labels) {
        if let Some(count) = counts.get_mut((label, predicted)) {
            *count += 1;
        }
    }
    counts
}

/// The most frequent mistake in a confusion matrix: the class shown, the class read, and how often;
/// nothing if there is no mistake. Of several, the last.
pub fn worst_mistake(confusion: &[Vec<usize>]) -> Option<(usize, usize, usize)> {
    let cells = confusion.iter().enumerate().flat_map(|(shown, row)| {
        row.iter().enumerate().map(move |(read, &count)| (shown, read, count))
    });
    let mistakes = cells.filter(|&(shown, read, count)| shown != read && count > 0);
    mistakes.max_by_key(|&(_, _, count)| count)
}

/// How well one class is told from all others, in shares from 0 to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct ClassScores {
    /// How many examples have the class.
    pub examples: usize,
    /// Precision: the share that has the class, of the examples that were read as it. Nothing if none
    /// was.
    pub precision: Option<f64>,
    /// Recall: the share that was read as the class, of the examples that have it. Nothing if none has.
    pub recall: Option<f64>,
    /// F1: the harmonic mean of precision and recall, `2 TP / (2 TP + FP + FN)` for `TP` examples read
    /// as the class that have it, `FP` that do not, and `FN` of the class read as another (van Rijsbergen,
    /// *Information Retrieval*, 1979, chapter 7, with equal weights). Nothing if all three are 0.
    pub f1: Option<f64>,
}

/// Precision, recall and F1 of each class, from a confusion matrix with the true classes in rows.
pub fn scores_by_class(confusion: &[Vec<usize>]) -> Vec<ClassScores> {
    let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
    let scores = |(class, row): (usize, &Vec<usize>)| {
        let (right, examples) = (row[class], row.iter().sum());
        let read: usize = confusion.iter().map(|row| row[class]).sum();
        ClassScores {
            examples,
            precision: share(right, read),
            recall: share(right, examples),
            f1: share(2 * right, read + examples),
        }
    };
    confusion.iter().enumerate().map(scores).collect()
}

/// Balanced accuracy: the mean recall of the classes that have examples, so that each class counts the
/// same however rare it is (Brodersen et al., *The Balanced Accuracy and Its Posterior Distribution*,
/// 2010).
pub fn balanced_accuracy(scores: &[ClassScores]) -> f64 {
    let recalls: Vec<f64> = scores.iter().filter_map(|scores| scores.recall).collect();
    recalls.iter().sum::<f64>() / recalls.len() as f64
}

/// Predictions with about the same confidence.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct ConfidenceBin {
    /// How many there are.
    pub examples: usize,
    /// Their mean confidence: the probability of the class that was read, from 0 to 1.
    pub confidence: f64,
    /// The share of them that is right.
    pub accuracy: f64,
}

/// Predictions by confidence, in this many bins of equal width; bins without predictions are left out.
/// Bin `i` reaches from `i / bins` (excluded) to `(i + 1) / bins` (included). Each prediction is its
/// confidence, and whether it is right.
pub fn by_confidence(predictions: &[(f64, bool)], bins: usize) -> Vec<ConfidenceBin> {
    let bin_of = |confidence: f64| ((confidence * bins as f64).ceil() as usize).clamp(1, bins) - 1;
    let mut sums = vec![(0_usize, 0.0, 0_usize); bins];
    for &(confidence, is_right) in predictions {
        let (examples, total, right) = &mut sums[bin_of(confidence)];
        *examples += 1;
        *total += confidence;
        *right += usize::from(is_right);
    }
    let filled = sums.into_iter().filter(|&(examples, ..)| examples > 0);
    let mean = |(examples, total, right): (usize, f64, usize)| {
        let [confidence, accuracy] = [total, right as f64].map(|sum| sum / examples as f64);
        ConfidenceBin { examples, confidence, accuracy }
    };
    filled.map(mean).collect()
}

/// The expected calibration error, from 0 to 1: how far confidence and accuracy are apart, on average
/// over all predictions (Guo et al., *On Calibration of Modern Neural Networks*, 2017, equation 3).
pub fn expected_calibration_error(bins: &[ConfidenceBin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.examples).sum();
    let gap = |bin: &ConfidenceBin| bin.examples as f64 * (bin.accuracy - bin.confidence).abs();
    bins.iter().map(gap).sum::<f64>() / all as f64
}

/// Mean and sample standard deviation (with `n - 1`); the deviation of one value is 0.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0).max(1.0)).sqrt())
}

/// The value below which the share `p` (0 to 1) of the values lies, interpolated linearly between
/// neighbours as `NumPy`'s default does; `quantile(values, 0.5)` is the median.
pub fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = p * (sorted.len() as f64 - 1.0);
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    match (sorted.get(low), sorted.get(high)) {
        (Some(a), Some(b)) => a + (b - a) * place.fract(),
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn accuracy_is_the_share_of_hits() {
        assert_eq!(accuracy([1, 2, 3, 4], [1, 2, 0, 4]), 0.75);
        assert!(accuracy::<u8>([], []).is_nan());
    }

    #[test]
    fn guessing_costs_the_entropy_of_the_shares() {
        assert!((cost_of_guessing(&[5, 5]) - 2.0_f64.ln()).abs() < 1e-15);
        assert!((cost_of_guessing(&[3; 10]) - 10.0_f64.ln()).abs() < 1e-14);
        assert_eq!(cost_of_guessing(&[7, 0]), 0.0);
        let uneven = -0.25 * 0.25_f64.ln() - 0.75 * 0.75_f64.ln();
        assert!((cost_of_guessing(&[1, 0, 3]) - uneven).abs() < 1e-15);
    }

    #[test]
    fn argmax_takes_the_first_of_equals() {
        let scores = array![[0.1, 0.7, 0.2], [0.5, 0.5, 0.0]];
        assert_eq!(argmax(scores.view()), array![1, 0]);
    }

    #[test]
    fn confusion_counts_labels_in_rows_and_predictions_in_columns() {
        let counts = confusion([0, 1, 1, 1], [0, 0, 1, 1], 2);
        assert_eq!(counts, array![[1, 1], [0, 2]]);
    }

    #[test]
    fn worst_mistake_is_the_most_frequent_one() {
        assert_eq!(worst_mistake(&[vec![9, 1], vec![3, 8]]), Some((1, 0, 3)));
        assert_eq!(worst_mistake(&[vec![9, 0], vec![0, 8]]), None);
    }

    #[test]
    fn commonest_class_is_the_first_of_equals() {
        assert_eq!(commonest(&[1, 3, 3, 1]), Some((1, 0.375)));
        assert_eq!(commonest(&[0, 0]), None);
        assert_eq!(commonest(&[]), None);
    }

    /// Of five examples of class 0, four are read as it, one as class 1; of two of class 1, one as class
    /// 0; class 2 neither occurs nor is read.
    #[test]
    fn scores_are_those_worked_out_by_hand() {
        let scores = scores_by_class(&[vec![4, 1, 0], vec![1, 1, 0], vec![0; 3]]);
        let expected = [
            (5, Some(4.0 / 5.0), Some(4.0 / 5.0), Some(4.0 / 5.0)),
            (2, Some(1.0 / 2.0), Some(1.0 / 2.0), Some(1.0 / 2.0)),
            (0, None, None, None),
        ];
        let expected = expected.map(|(examples, precision, recall, f1)| ClassScores {
            examples,
            precision,
            recall,
            f1,
        });
        assert_eq!(scores, expected);
        assert!((balanced_accuracy(&scores) - 0.65).abs() < 1e-15);

        // One of two and one of four: the harmonic mean of 1/2 and 1/4 is 1/3
        let ClassScores { precision, recall, f1, .. } =
            scores_by_class(&[vec![1, 3], vec![1, 5]])[0];
        assert_eq!((precision, recall, f1), (Some(0.5), Some(0.25), Some(1.0 / 3.0)));
    }

    #[test]
    fn calibration_error_is_the_one_worked_out_by_hand() {
        // The edge 0.5 belongs to the bin below it
        let predictions = [(0.5, true), (0.5, false), (0.9, true), (0.7, false), (1.0, true)];
        let bins = by_confidence(&predictions, 2);
        assert_eq!(bins[0], ConfidenceBin { examples: 2, confidence: 0.5, accuracy: 0.5 });
        assert_eq!((bins[1].examples, bins[1].accuracy), (3, 2.0 / 3.0));
        assert!((bins[1].confidence - 2.6 / 3.0).abs() < 1e-15);
        assert!((expected_calibration_error(&bins) - 0.12).abs() < 1e-15);
        assert_eq!(by_confidence(&[(0.0, false)], 15).len(), 1);
    }

    #[test]
    fn deviation_divides_by_one_less_than_the_count() {
        assert_eq!(mean_and_deviation(&[1.0, 3.0]), (2.0, 2.0_f64.sqrt()));
        assert_eq!(mean_and_deviation(&[5.0]), (5.0, 0.0));
    }

    #[test]
    fn quantiles_are_interpolated() {
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
        assert_eq!(quantile(&[1.0, 2.0, 3.0], 1.0), 3.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
