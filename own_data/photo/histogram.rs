use ndarray::Array2;

/// How often each value from 0 to `last` occurs.
pub fn histogram(values: impl IntoIterator<Item = usize>, last: usize) -> Vec<usize> {
    let mut counts = vec![0; last + 1];
    values.into_iter().for_each(|value| counts[value] += 1);
    counts
}

/// The first value up to which more than a share of all is counted; 0 if nothing is.
pub fn quantile(counts: &[usize], share: f64) -> usize {
    let rank = (share * counts.iter().sum::<usize>() as f64) as usize;
    let mut before = 0;
    let found = counts.iter().position(|count| {
        before += count;
        before > rank
    });
    found.unwrap_or(0)
}

/// The grey that best separates the darker from the lighter pixels: the one with the largest variance
/// between the two classes (Otsu, *A threshold selection method from gray-level histograms*, 1979,
/// equation 14). It belongs to the darker ones.
pub fn otsu_threshold(picture: &Array2<u8>) -> u8 {
    let counts = histogram(picture.iter().map(|&grey| usize::from(grey)), 255);
    // Weight and sum of a class
    let class = |counts: &[usize], first: usize| {
        let sum: usize = counts.iter().zip(first..).map(|(count, grey)| count * grey).sum();
        (counts.iter().sum::<usize>() as f64, sum as f64)
    };
    let variance = |threshold: u8| {
        let (dark, light) = counts.split_at(usize::from(threshold) + 1);
        let ((w0, sum0), (w1, sum1)) = (class(dark, 0), class(light, dark.len()));
        // A class without pixels has no mean, and nothing is separated
        (w0 * w1 * (sum1 / w1 - sum0 / w0).powi(2)).max(0.0)
    };
    (0..=254).max_by(|&a, &b| variance(a).total_cmp(&variance(b))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn quantile_is_the_value_at_its_rank() {
        let counts = histogram([3, 1, 1, 4], 5);
        assert_eq!([0.0, 0.49, 0.5, 0.99].map(|share| quantile(&counts, share)), [1, 1, 3, 4]);
        assert_eq!(quantile(&[0; 9], 0.5), 0);
    }

    #[test]
    fn otsu_parts_two_heaps_of_grey() {
        let greys = array![[10, 11, 12, 10, 11, 200, 201, 199]];
        assert!((12..199).contains(&otsu_threshold(&greys)));
    }
}
