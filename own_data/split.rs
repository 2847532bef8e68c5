use super::{Input, Ranges, stratified};
use crate::formats::{Encoding, Inputs, Labelled};
use chapters::{
    chapter_05_mnist::{Examples, Features, Real, outputs_for, targets},
    dataset::{DataError, scale_to_unit},
    metrics::{class_counts, cost_of_guessing},
    random::{Purpose, stream},
};
use ndarray::Array2;

/// Training examples, examples held out, and what a network must know about both.
///
/// [In the book](../../book/experiments.html)
pub struct Split {
    /// What is learned from.
    pub train: Examples<f32>,
    /// What the network is validated on; it may be empty.
    pub held_out: Examples<f32>,
    /// How examples become the inputs of the network.
    pub input: Input,
    /// What the classes are called.
    pub classes: Vec<String>,
    /// Between which numbers each feature lies in the training examples.
    pub ranges: Ranges,
}

impl Split {
    /// Holds out a random share of the examples, of each class alike, and standardises numbers by the
    /// others. A class with a single example is left to train on. The same seed gives the same split.
    pub fn new(examples: &Labelled, share: f64, seed: u64) -> Result<Self, DataError> {
        let found = examples.labels.len();
        let held_out = (share * found as f64).round() as usize;
        if found < held_out + 2 {
            return Err(DataError::plain(format!(
                "with {held_out} of {found} examples held out, too few are left to train on"
            ))
            .expected("at least two: add examples, or lower the share with `--validation`"));
        }
        if let [class] = examples.classes.as_slice() {
            return Err(DataError::plain(format!("all examples have the class {class:?}"))
                .expected("at least two classes: there is nothing to tell apart")
                .remedy(
                    "add examples of another class, or name a table's column of classes with \
                     `--label COLUMN`",
                ));
        }
        examples.inputs.check_variety()?;
        let (labels, classes) = (&examples.labels, examples.classes.len());
        let mut rng = stream(seed, Purpose::Split);
        let (train, aside) = stratified::hold_out(labels, classes, held_out, &mut rng);
        let [train, aside] = [train, aside].map(|chosen| examples.choose(&chosen));
        let input = Input::of(&train.inputs);
        input.check_scale(&train.inputs)?;
        input.check_reach(&examples.inputs)?;
        Ok(Self::with(input, &train, &aside))
    }

    /// The same with what a model must remember of a table.
    #[must_use]
    pub fn with_encoding(self, encoding: Encoding) -> Self {
        Self { input: self.input.with(encoding), ..self }
    }

    /// Examples to train on, and others to validate on.
    pub fn of(train: &Labelled, held_out: &Labelled) -> Self {
        Self::with(Input::of(&train.inputs), train, held_out)
    }

    /// The same, with numbers left as they are.
    pub fn plain(train: &Labelled, held_out: &Labelled) -> Self {
        let input = match Input::of(&train.inputs) {
            Input::Numbers { features, mean, deviation, encoding } => Input::Numbers {
                features,
                encoding,
                mean: vec![0.0; mean.len()],
                deviation: vec![1.0; deviation.len()],
            },
            pictures @ Input::Pictures { .. } => pictures,
        };
        Self::with(input, train, held_out)
    }

    fn with(input: Input, train: &Labelled, held_out: &Labelled) -> Self {
        Self {
            train: input.prepare(&train.inputs, train.labels.clone()),
            held_out: input.prepare(&held_out.inputs, held_out.labels.clone()),
            classes: train.classes.clone(),
            ranges: Ranges::of(&train.inputs),
            input,
        }
    }

    /// For each feature with one value so far off that all others look identical to the network: its
    /// name and that value.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn drowned<'a>(&'a self, examples: &'a Labelled) -> Vec<(&'a str, f64)> {
        let (Input::Numbers { features, mean, deviation, .. }, Inputs::Numbers { x, .. }) =
            (&self.input, &examples.inputs)
        else {
            return Vec::new();
        };
        let of = |(i, name): (usize, &'a String)| {
            let column: Vec<f64> = x.column(i).iter().copied().filter(|x| !x.is_nan()).collect();
            let far = |x: &&f64| (**x - mean[i]).abs();
            let furthest = *column.iter().max_by(|a, b| far(a).total_cmp(&far(b)))?;
            let others = || column.iter().copied().filter(move |&x| x != furthest);
            let spread = others().fold(f64::MIN, f64::max) - others().fold(f64::MAX, f64::min);
            let drowned = 0.0 < spread && spread < deviation[i] * f64::from(f32::EPSILON);
            drowned.then_some((name.as_str(), furthest))
        };
        features.iter().enumerate().filter_map(of).collect()
    }

    /// The cost of always predicting the class frequencies of the training examples.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn cost_of_guessing(&self) -> f64 {
        cost_of_guessing(&class_counts(&self.train.labels, self.classes.len()))
    }

    /// The sizes of all layers of a network with these hidden ones.
    pub fn sizes(&self, hidden: &[usize]) -> Vec<usize> {
        [&[self.input.len()], hidden, &[outputs_for(self.classes.len())]].concat()
    }
}

/// All examples at once in double precision: `x`, shape `(m, n)`, and `y`, shape `(m, outputs)`.
///
/// [In the book](../../book/experiments.html)
pub fn in_double(examples: &Examples<f32>, outputs: usize) -> (Array2<f64>, Array2<f64>) {
    let x = match &examples.x {
        Features::Pixels { pixels, .. } => scale_to_unit(pixels.view()),
        Features::Numbers(x) => x.mapv(Real::value),
    };
    (x, targets(examples.labels.iter().copied(), outputs))
}
