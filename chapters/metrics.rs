//! How good predictions are.
//!
//! [In the book](../../../book/chapter_01.html#can-one-neuron-read)

use ndarray::{Array1, Array2, ArrayView2, Axis};

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
