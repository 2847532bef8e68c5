use crate::formats::{Inputs, Labelled};
use chapters::{
    chapter_05_mnist::{Examples, Real, Rows, outputs_for, targets},
    dataset::{DataError, pixel_rows, scale_to_unit, split},
    metrics::{class_counts, cost_of_guessing},
    random::{Purpose, stream},
    report::short,
};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// Examples to learn from, examples set aside, and what a network has to know of both.
///
/// [In the book](../../book/experiments.html)
pub struct Split {
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
/// [In the book](../../book/experiments.html)
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

impl Split {
    /// Sets a random share of the examples aside, and standardises numbers by the others.
    pub fn new(examples: &Labelled, share: f64, seed: u64) -> Result<Self, DataError> {
        let found = examples.labels.len();
        let held_out = (share * found as f64).round() as usize;
        if found < held_out + 2 {
            return Err(DataError::plain(format!(
                "of {found} examples in all, {held_out} set aside, too few are left to learn from"
            ))
            .expected("two at least: bring more, or lower the share with `--validation`"));
        }
        if let [class] = examples.classes.as_slice() {
            return Err(DataError::plain(format!("all examples are of the class {class:?}"))
                .expected("at least two classes: there is nothing to tell apart")
                .remedy(
                    "add examples of another class, or name the column of classes of a table with \
                     `--label HEADING`",
                ));
        }
        examples.inputs.check_variety()?;
        let (train, aside) = split(found, held_out, &mut stream(seed, Purpose::Split));
        let [train, aside] = [train, aside].map(|chosen| examples.choose(&chosen));
        let input = Input::of(&train.inputs);
        input.check_scale(&train.inputs)?;
        input.check_reach(&examples.inputs)?;
        Ok(Self::with(input, &train, &aside))
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

    /// Of each feature of which one number is so far off that all others look the same to the network:
    /// its name and that number.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn drowned<'a>(&'a self, examples: &'a Labelled) -> Vec<(&'a str, f64)> {
        let (Input::Numbers { features, mean, deviation }, Inputs::Numbers { x, .. }) =
            (&self.input, &examples.inputs)
        else {
            return Vec::new();
        };
        let of = |(i, name): (usize, &'a String)| {
            let column = x.column(i);
            let far = |x: &&f64| (**x - mean[i]).abs();
            let furthest = *column.iter().max_by(|a, b| far(a).total_cmp(&far(b)))?;
            let others = || column.iter().copied().filter(move |&x| x != furthest);
            let spread = others().fold(f64::MIN, f64::max) - others().fold(f64::MAX, f64::min);
            let drowned = 0.0 < spread && spread < deviation[i] * f64::from(f32::EPSILON);
            drowned.then_some((name.as_str(), furthest))
        };
        features.iter().enumerate().filter_map(of).collect()
    }

    /// The cost of always guessing the shares of the classes among the examples learned from.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn cost_of_guessing(&self) -> f64 {
        cost_of_guessing(&self.class_counts())
    }

    /// How many of the examples learned from are of each class.
    fn class_counts(&self) -> Vec<usize> {
        class_counts(&self.train.labels, self.classes.len())
    }

    /// The classes that only examples set aside belong to.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn unseen_classes(&self) -> Vec<&str> {
        let counted = self.classes.iter().zip(self.class_counts());
        counted.filter(|&(_, count)| count == 0).map(|(class, _)| class.as_str()).collect()
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

    /// Refuses numbers that their own mean and deviation cannot bring to the size 1.
    fn check_scale(&self, inputs: &Inputs) -> Result<(), DataError> {
        let (Self::Numbers { features, mean, deviation }, Inputs::Numbers { x, .. }) =
            (self, inputs)
        else {
            return Ok(());
        };
        for (i, feature) in features.iter().enumerate() {
            if !(mean[i].is_finite() && deviation[i].is_finite()) {
                return Err(DataError::plain(format!(
                    "the numbers of {feature:?} are too large to be scaled: divide the column by \
                     its largest number, or leave it out"
                )));
            }
            let column = x.column(i);
            let spread = column.iter().map(|x| (x - column[0]).abs()).fold(0.0, f64::max);
            if 0.0 < spread && spread < SMALLEST_SPREAD {
                return Err(DataError::plain(format!(
                    "the numbers of {feature:?} are too close to 0 to be scaled: multiply the column \
                     until its largest number is about 1, or leave it out"
                )));
            }
        }
        Ok(())
    }

    /// Refuses numbers that are further from those learned from than a network can calculate with.
    fn check_reach(&self, inputs: &Inputs) -> Result<(), DataError> {
        let (Self::Numbers { features, mean, deviation }, Inputs::Numbers { x, .. }) =
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
            "the number {number} of {feature:?} in example {example} becomes {scaled} when it is \
             scaled as the numbers learned from"
        ))
        .expected("less than a million: correct it, or leave the example out"))
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
    pub fn read(&self, inputs: &Inputs) -> Result<Part, DataError> {
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
            return Ok(self.part(inputs, vec![0; inputs.len()]));
        }
        let [expected, found] = [self, &Self::of(inputs)].map(Self::to_string);
        Err(DataError::plain(format!(
            "the model reads {expected}, but {found} came: give it examples of the form it learned"
        )))
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

/// The square of a smaller difference is less than a number in double precision can be.
const SMALLEST_SPREAD: f64 = 1e-150;
/// No column has a number as many standard deviations away from its mean, unless it is a slip.
const FURTHEST: f64 = 1e6;

impl Part {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
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
