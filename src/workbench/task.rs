use super::Error;
use crate::{
    chapters::chapter_05_mnist::{Examples, Real, Rows, outputs_for, targets},
    dataset::{Inputs, Labelled, pixel_rows, scale_to_unit, split},
    random::{Purpose, stream},
};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// Examples to learn from, examples set aside, and what a network has to know of both.
///
/// [In the book](../../../book/experiments.html)
pub struct Task {
    /// What is learned from.
    pub train: Part,
    /// What is judged by; it may be empty.
    pub held_out: Part,
    /// How examples are turned into what the network sees.
    pub input: Input,
    /// What the classes are called.
    pub classes: Vec<String>,
}

/// Some examples, as a network sees them.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone)]
pub struct Part {
    values: Values,
    /// Their classes, counted from 0.
    pub labels: Vec<usize>,
}

#[derive(Clone)]
enum Values {
    /// Shape `(m, pixels)`; they are scaled when they are looked at.
    Pixels(Array2<u8>),
    /// Shape `(m, n)`, standardised.
    Numbers(Array2<f32>),
}

/// How examples are turned into numbers around 1.
///
/// [In the book](../../../book/experiments.html#what-does-the-network-see)
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
    /// Each feature less its mean, divided by its standard deviation.
    Numbers {
        /// Their names.
        features: Vec<String>,
        /// Mean of each over the examples learned from.
        mean: Vec<f64>,
        /// Standard deviation of each, or 1 where it is 0.
        deviation: Vec<f64>,
    },
}

impl Task {
    /// Sets a random share of the examples aside, and standardises numbers by the others.
    pub fn new(examples: &Labelled, share: f64, seed: u64) -> Result<Self, Error> {
        let found = examples.labels.len();
        let held_out = (share * found as f64).round() as usize;
        if found < held_out + 2 {
            return Err(Error::TooFew { found, held_out });
        }
        if let [class] = examples.classes.as_slice() {
            return Err(Error::OneClass { class: class.clone() });
        }
        let (train, aside) = split(found, held_out, &mut stream(seed, Purpose::Split));
        let task = Self::of(&examples.choose(&train), &examples.choose(&aside));
        match task.feature_beyond_scale() {
            Some(feature) => Err(Error::TooLarge { feature: feature.to_owned() }),
            None => Ok(task),
        }
    }

    /// Examples to learn from, and others to be judged by.
    pub fn of(train: &Labelled, held_out: &Labelled) -> Self {
        Self::with(Input::of(&train.inputs), train, held_out)
    }

    /// The same with numbers as they are.
    pub fn plain(train: &Labelled, held_out: &Labelled) -> Self {
        let input = match Input::of(&train.inputs) {
            Input::Numbers { features, mean, deviation } => Input::Numbers {
                features,
                mean: vec![0.0; mean.len()],
                deviation: vec![1.0; deviation.len()],
            },
            pictures @ Input::Pictures { .. } => pictures,
        };
        Self::with(input, train, held_out)
    }

    fn with(input: Input, train: &Labelled, held_out: &Labelled) -> Self {
        Self {
            train: input.part(&train.inputs, train.labels.clone()),
            held_out: input.part(&held_out.inputs, held_out.labels.clone()),
            classes: train.classes.clone(),
            input,
        }
    }

    /// The first feature that has no finite mean or deviation, or that has a number beyond single
    /// precision once it is scaled.
    fn feature_beyond_scale(&self) -> Option<&str> {
        let Input::Numbers { features, mean, deviation } = &self.input else { return None };
        let is_beyond = |&column: &usize| {
            let parts = [&self.train, &self.held_out];
            let scaled = mean[column].is_finite() && deviation[column].is_finite();
            !scaled || parts.iter().any(|part| !part.is_finite(column))
        };
        (0..features.len()).find(is_beyond).map(|column| features[column].as_str())
    }

    /// The sizes of all layers of a network with these hidden ones.
    pub fn sizes(&self, hidden: &[usize]) -> Vec<usize> {
        [&[self.input.len()], hidden, &[outputs_for(self.classes.len())]].concat()
    }
}

impl Input {
    fn of(inputs: &Inputs) -> Self {
        match inputs {
            Inputs::Pictures(pictures) => {
                let (_, rows, columns) = pictures.dim();
                Self::Pictures { rows, columns }
            }
            Inputs::Numbers { x, features } => {
                let mean = x.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(x.ncols()));
                let deviation = x.std_axis(Axis(0), 0.0);
                // A feature that is always the same is 0 for the network.
                let deviation = deviation.mapv(|d| if d > 0.0 { d } else { 1.0 });
                let features = features.clone();
                Self::Numbers { features, mean: mean.to_vec(), deviation: deviation.to_vec() }
            }
        }
    }

    /// How many numbers the network sees of each example.
    pub fn len(&self) -> usize {
        match self {
            Self::Pictures { rows, columns } => rows.saturating_mul(*columns),
            Self::Numbers { features, .. } => features.len(),
        }
    }

    /// Whether the network sees nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Examples of this form as the network sees them.
    fn part(&self, inputs: &Inputs, labels: Vec<usize>) -> Part {
        let values = match inputs {
            Inputs::Pictures(pictures) => Values::Pixels(pixel_rows(pictures)),
            Inputs::Numbers { x, .. } => Values::Numbers(self.standardise(x.view())),
        };
        Part { values, labels }
    }

    /// Examples whose classes are unknown.
    ///
    /// # Errors
    /// Where they are not of this form.
    pub fn read(&self, inputs: &Inputs) -> Result<Part, Error> {
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
            return Ok(self.part(inputs, vec![0; inputs.len()]));
        }
        let [expected, found] = [self, &Self::of(inputs)].map(Self::to_string);
        Err(Error::OtherForm { expected, found })
    }

    /// Numbers as the network sees them, shape `(m, n)`.
    // ANCHOR: standardise
    fn standardise(&self, x: ArrayView2<f64>) -> Array2<f32> {
        let Self::Numbers { mean, deviation, .. } = self else { return x.mapv(|x| x as f32) };
        let [mean, deviation] = [mean, deviation].map(|v| Array1::from(v.clone()));
        ((&x - &mean) / deviation).mapv(|x| x as f32)
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

impl Part {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Whether all numbers of a column are finite, as the network sees them.
    fn is_finite(&self, column: usize) -> bool {
        match &self.values {
            Values::Pixels(_) => true,
            Values::Numbers(x) => x.column(column).iter().all(|x| x.is_finite()),
        }
    }

    /// For a network to look at.
    pub fn examples(&self) -> Examples<'_, f32> {
        let rows = match &self.values {
            Values::Pixels(pixels) => Rows::Pixels { pixels: pixels.view(), scale: scale_to_unit },
            Values::Numbers(x) => Rows::Numbers(x.view()),
        };
        Examples { rows, labels: &self.labels }
    }

    /// The points and their classes, where examples are points of a plane; shape `(m, 2)`.
    pub fn plane(&self) -> Option<(Array2<f64>, &[usize])> {
        match &self.values {
            Values::Numbers(x) if x.ncols() == 2 => Some((x.mapv(Real::value), &self.labels)),
            _ => None,
        }
    }

    /// All at once in double precision: `x`, shape `(m, n)`, and `y`, shape `(m, outputs)`.
    pub fn all(&self, outputs: usize) -> (Array2<f64>, Array2<f64>) {
        let x = match &self.values {
            Values::Pixels(pixels) => scale_to_unit(pixels.view()),
            Values::Numbers(x) => x.mapv(Real::value),
        };
        (x, targets(self.labels.iter().copied(), outputs))
    }
}
