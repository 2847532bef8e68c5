//! Systems D and E, and the digits they learn from.

use super::{
    examples::{Examples, judge},
    initialisation::Initialisation,
    network::{Activation, Network},
    optimiser::Method,
    schedule::Schedule,
    training::{Epoch, Training},
};
use crate::{
    Course, CourseError,
    dataset::{DigitSet, Digits, scale_to_symmetric, scale_to_unit, split},
    random::{Purpose, stream},
};
use ndarray::{Array2, ArrayView2};

/// The digits from 0 to 9.
pub const CLASSES: usize = 10;

/// A network and how it is trained.
#[derive(Clone)]
pub struct System {
    pub hidden: Vec<usize>,
    pub activation: Activation,
    pub initialisation: Initialisation,
    pub scale: fn(ArrayView2<u8>) -> Array2<f32>,
    pub training: Training,
}

impl System {
    /// System D: deep, `ReLU`, mini-batches of 100.
    pub fn d() -> Self {
        Self {
            hidden: vec![500, 600, 300],
            activation: Activation::Relu,
            initialisation: Initialisation::He,
            scale: scale_to_unit,
            training: Training {
                epochs: 10,
                mini_batch: 100,
                method: Method::Adam,
                learning_rate: 1e-3,
                schedule: Schedule::LinearToZero,
                weight_decay: 0.5,
                lambda: 0.0,
                error_threshold: None,
            },
        }
    }

    /// System E: one sigmoid hidden layer, pixels from -1 to 1. The article leaves the sizes open.
    pub fn e() -> Self {
        Self {
            hidden: vec![500],
            activation: Activation::Sigmoid,
            initialisation: Initialisation::Xavier,
            scale: scale_to_symmetric,
            training: Training {
                epochs: 15,
                mini_batch: 64,
                weight_decay: 0.1,
                ..Self::d().training
            },
        }
    }

    pub fn network(&self, pixels: usize, seed: u64) -> Network<f32> {
        let sizes = self.sizes(pixels);
        let mut rng = stream(seed, Purpose::Weights);
        Network::random(&sizes, self.activation, self.initialisation, &mut rng)
    }

    pub fn sizes(&self, pixels: usize) -> Vec<usize> {
        [&[pixels], self.hidden.as_slice(), &[CLASSES]].concat()
    }

    pub fn name(&self, pixels: usize) -> String {
        let sizes: Vec<String> = self.sizes(pixels).iter().map(usize::to_string).collect();
        sizes.join("-")
    }

    pub fn examples(&self, digits: &Digits) -> Examples<f32> {
        Examples::of_digits(digits, self.scale)
    }

    /// Trains one network; returns it with what each epoch reached.
    pub fn train(
        &self,
        course: &Course,
        label: &str,
        [train, validation]: [&Digits; 2],
        seed: u64,
    ) -> Result<(Network<f32>, Vec<Epoch>), CourseError> {
        let pixels = train.pixels.ncols();
        let mut network = self.network(pixels, seed);
        let task = format!("{label}, {}", self.name(pixels));
        let examples = [&self.examples(train), &self.examples(validation)];
        let mut rng = stream(seed, Purpose::Order);
        let epochs = self.training.run(&task, &mut network, examples, &mut rng, course.watch)?;
        Ok((network, epochs))
    }

    /// The share of digits that a network misreads.
    pub fn error(&self, network: &Network<f32>, digits: &Digits) -> f64 {
        judge(network, &self.examples(digits)).1
    }
}

/// Digits in three sets.
pub struct DigitSplit {
    pub train: Digits,
    /// To choose settings on: no network learns from these.
    pub validation: Digits,
    /// For the final judgement: no setting is chosen on these.
    pub test: Digits,
}

/// Digits to learn from and to choose settings on, at most.
pub const TRAIN: usize = 60_000;
/// Those of them that are set aside to choose settings on.
pub const VALIDATION: usize = 5_000;

impl DigitSplit {
    /// Shuffles the training digits, and sets some aside for validation.
    pub fn new(digits: DigitSet, seed: u64) -> Self {
        let m = digits.train.len();
        let held_out = VALIDATION.min(m / 6);
        let (train, validation) = split(m, held_out, &mut stream(seed, Purpose::Split));
        let [train, validation] = [train, validation].map(|chosen| digits.train.select(&chosen));
        Self { train, validation, test: digits.test }
    }
}
