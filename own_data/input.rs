use crate::formats::{Encoding, Inputs};
use chapters::{
    chapter_05_mnist::{Examples, Features},
    dataset::{DataError, scale_to_unit},
    report::short,
};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// How examples are scaled to numbers around 0.
///
/// [In the book](../../book/experiments.html#what-does-the-network-see)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Grey values from 0 to 255, divided by 255, row by row.
    Pictures {
        /// Pixels from top to bottom.
        rows: usize,
        /// Pixels from left to right.
        columns: usize,
    },
    /// Each feature minus its mean, divided by its standard deviation.
    Numbers {
        /// Their names.
        features: Vec<String>,
        /// Mean of each over the training examples.
        mean: Vec<f64>,
        /// Standard deviation of each, or 1 where it is 0.
        deviation: Vec<f64>,
        /// How columns of a table became features.
        #[serde(default, skip_serializing_if = "Encoding::is_plain")]
        encoding: Encoding,
    },
}

impl Input {
    pub(super) fn of(inputs: &Inputs) -> Self {
        match inputs {
            Inputs::Pictures(pictures) => {
                let (_, rows, columns) = pictures.dim();
                Self::Pictures { rows, columns }
            }
            Inputs::Numbers { x, features } => {
                // Missing values, which are NAN, take no part
                let [mean, deviation] = if x.iter().any(|x| x.is_nan()) {
                    let of_column = |column: ArrayView1<f64>| {
                        let there: Array1<f64> =
                            column.iter().copied().filter(|x| !x.is_nan()).collect();
                        [there.mean().unwrap_or(0.0), there.std(0.0)]
                    };
                    let columns: Vec<[f64; 2]> = x.columns().into_iter().map(of_column).collect();
                    [0, 1].map(|i| columns.iter().map(|column| column[i]).collect())
                } else {
                    let mean = x.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(x.ncols()));
                    [mean, x.std_axis(Axis(0), 0.0)]
                };
                // A feature that never changes is 0 for the network
                let deviation = deviation.mapv(|d| if d > 0.0 { d } else { 1.0 });
                let (features, encoding) = (features.clone(), Encoding::default());
                let [mean, deviation] = [mean, deviation].map(|numbers| numbers.to_vec());
                Self::Numbers { features, mean, deviation, encoding }
            }
        }
    }

    /// The same with what a model must remember of a table.
    #[must_use]
    pub fn with(mut self, of_table: Encoding) -> Self {
        if let Self::Numbers { encoding, .. } = &mut self {
            *encoding = of_table;
        }
        self
    }

    /// How many inputs the network gets for each example.
    pub fn len(&self) -> usize {
        match self {
            Self::Pictures { rows, columns } => rows.saturating_mul(*columns),
            Self::Numbers { features, .. } => features.len(),
        }
    }

    /// Whether the network gets no input.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Refuses numbers that their own mean and deviation cannot scale to the order of 1.
    pub(super) fn check_scale(&self, inputs: &Inputs) -> Result<(), DataError> {
        let (Self::Numbers { features, mean, deviation, .. }, Inputs::Numbers { x, .. }) =
            (self, inputs)
        else {
            return Ok(());
        };
        for (i, feature) in features.iter().enumerate() {
            if !(mean[i].is_finite() && deviation[i].is_finite()) {
                return Err(DataError::plain(format!(
                    "the values of {feature:?} are too large to be scaled: divide the column by its \
                     largest value, or leave it out"
                )));
            }
            let column = x.column(i);
            let spread = column.iter().map(|x| (x - column[0]).abs()).fold(0.0, f64::max);
            if 0.0 < spread && spread < SMALLEST_SPREAD {
                return Err(DataError::plain(format!(
                    "the values of {feature:?} are too close to 0 to be scaled: multiply the column \
                     until its largest value is about 1, or leave it out"
                )));
            }
        }
        Ok(())
    }

    /// Refuses numbers that are further from the training examples than a network can compute with.
    pub(super) fn check_reach(&self, inputs: &Inputs) -> Result<(), DataError> {
        let (Self::Numbers { features, mean, deviation, .. }, Inputs::Numbers { x, .. }) =
            (self, inputs)
        else {
            return Ok(());
        };
        let scaled = |(_, i): (usize, usize), x: f64| (x - mean[i]) / deviation[i];
        let off = x.indexed_iter().find(|&(at, &x)| scaled(at, x).abs() >= FURTHEST);
        let Some(((row, i), &found)) = off else { return Ok(()) };
        let [number, scaled] = [found, scaled((row, i), found)].map(short);
        let (feature, example) = (&features[i], row + 1);
        Err(DataError::plain(format!(
            "the value {number} of {feature:?} in example {example} becomes {scaled} when scaled like \
             the training examples"
        ))
        .expected("less than a million: correct it, or leave the example out"))
    }

    /// Examples in this form as the network gets them.
    pub(super) fn prepare(&self, inputs: &Inputs, labels: Vec<usize>) -> Examples<f32> {
        let x = match inputs {
            Inputs::Pictures(pictures) => {
                let rows = pictures.to_shape((inputs.len(), self.len()));
                let pixels = rows.expect("a picture is as long as its pixels").into_owned();
                Features::Pixels { pixels: pixels.into_shared(), scale: scale_to_unit }
            }
            Inputs::Numbers { x, .. } => {
                Features::Numbers(self.standardise(x.view()).into_shared())
            }
        };
        Examples { x, labels }
    }

    /// Examples whose classes are unknown.
    ///
    /// # Errors
    /// If they are not in this form.
    pub fn read(&self, inputs: &Inputs) -> Result<Examples<f32>, DataError> {
        let fits = match (self, inputs) {
            (Self::Pictures { rows, columns }, Inputs::Pictures(pictures)) => {
                pictures.dim() == (inputs.len(), *rows, *columns)
            }
            (Self::Numbers { features, .. }, Inputs::Numbers { x, .. }) => {
                x.ncols() == features.len()
            }
            _ => false,
        };
        if fits {
            self.check_reach(inputs)?;
            return Ok(self.prepare(inputs, vec![0; inputs.len()]));
        }
        let [expected, found] = [self, &Self::of(inputs)].map(Self::to_string);
        Err(DataError::plain(format!(
            "the model reads {expected}, but got {found}: give it examples like those it was trained on"
        )))
    }

    /// Numbers as the network gets them, shape `(m, n)`.
    // ANCHOR: standardise
    fn standardise(&self, x: ArrayView2<f64>) -> Array2<f32> {
        let Self::Numbers { mean, deviation, .. } = self else { return x.mapv(|x| x as f32) };
        let [mean, deviation] = [mean, deviation].map(|v| Array1::from(v.clone()));
        // The mean takes the place of a missing value
        ((&x - &mean) / deviation).mapv(|x| if x.is_nan() { 0.0 } else { x as f32 })
    }
    // ANCHOR_END: standardise
}

impl std::fmt::Display for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Pictures { rows, columns } => write!(f, "pictures of {rows} × {columns} pixels"),
            Self::Numbers { features, .. } if features.len() <= 6 => {
                write!(f, "the features {}", features.join(", "))
            }
            Self::Numbers { features, .. } => write!(f, "{} features", features.len()),
        }
    }
}

/// The square of a smaller difference underflows in double precision.
const SMALLEST_SPREAD: f64 = 1e-150;
/// No column has a value this many standard deviations away from its mean, except by mistake.
const FURTHEST: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn mean_takes_the_place_of_a_missing_value() {
        let x = array![[1.0, 5.0], [f64::NAN, 7.0], [5.0, f64::NAN]];
        let features = vec!["a".to_owned(), "b".to_owned()];
        let input = Input::of(&Inputs::Numbers { x: x.clone(), features });
        let Input::Numbers { mean, deviation, .. } = &input else { unreachable!() };
        assert_eq!((mean, deviation), (&vec![3.0, 6.0], &vec![2.0, 1.0]));
        let scaled = input.standardise(x.view());
        assert_eq!(scaled, array![[-1.0, -1.0], [0.0, 1.0], [1.0, 0.0]]);
    }
}
