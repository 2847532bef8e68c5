use super::{Input, formats::Inputs};
use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

/// The ranges of more would take too much of a model's header.
const MOST_FEATURES: usize = 100_000;

/// Between which numbers each feature lay in the training examples; empty for pictures, whose pixels
/// cannot lie elsewhere, for more than 100,000 features, and for models that do not say it.
///
/// [In the book](../../book/experiments.html#is-an-example-like-those-it-learned-from)
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Ranges(pub Vec<[f64; 2]>);

impl Ranges {
    /// The smallest and the largest value of each feature.
    pub(super) fn of(inputs: &Inputs) -> Self {
        let Inputs::Numbers { x, .. } = inputs else { return Self::default() };
        if x.ncols() > MOST_FEATURES {
            return Self::default();
        }
        let range = |column: ArrayView1<f64>| {
            let known = column.iter().filter(|x| !x.is_nan());
            let found = known.map(|&x| [x, x]);
            found
                .reduce(|[low, high], [x, _]| [low.min(x), high.max(x)])
                .unwrap_or([f64::MIN, f64::MAX])
        };
        Self(x.columns().into_iter().map(range).collect())
    }

    /// For each example the features whose values are far from those of the training examples: outside
    /// of their range by more than its width. There a network only continues what it learned elsewhere.
    pub fn far(&self, inputs: &Inputs) -> Vec<Vec<usize>> {
        let Inputs::Numbers { x, .. } = inputs else { return vec![Vec::new(); inputs.len()] };
        let is_far = |x: f64, [low, high]: [f64; 2]| {
            let width = high - low;
            x < low - width || x > high + width
        };
        let far = |row: ArrayView1<f64>| {
            let each = row.into_iter().zip(&self.0).enumerate();
            each.filter(|&(_, (&x, &range))| is_far(x, range)).map(|(i, _)| i).collect()
        };
        x.rows().into_iter().map(far).collect()
    }

    /// Says what does not match.
    pub(super) fn check(&self, input: &Input) -> Result<(), String> {
        let expected = match input {
            Input::Numbers { features, .. } => features.len(),
            Input::Pictures { .. } => 0,
        };
        let fits = self.0.is_empty() || self.0.len() == expected;
        if fits && self.0.iter().all(|[low, high]| low <= high) {
            return Ok(());
        }
        Err("the ranges of its features do not match them".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn what_lies_outside_by_more_than_the_width_is_far() {
        let numbers = |x| Inputs::Numbers { x, features: vec!["a".to_owned(), "b".to_owned()] };
        let ranges = Ranges::of(&numbers(array![[1.0, 7.0], [3.0, 7.0], [2.0, 7.0]]));
        assert_eq!(ranges.0, [[1.0, 3.0], [7.0, 7.0]]);
        let asked = array![[5.0, 7.0], [5.1, 7.0], [-1.0, 7.0], [-1.1, 7.5], [2.0, 7.5]];
        let expected: [&[usize]; 5] = [&[], &[0], &[], &[0, 1], &[1]];
        assert_eq!(ranges.far(&numbers(asked)), expected);
    }

    #[test]
    fn model_that_knows_no_ranges_finds_nothing_far() {
        let inputs = Inputs::Numbers { x: array![[1e9]], features: vec!["a".to_owned()] };
        assert_eq!(Ranges::default().far(&inputs), [[0; 0]]);
    }
}
