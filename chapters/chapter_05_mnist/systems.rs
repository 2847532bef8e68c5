//! Systems D and E, and the digits that they see.

use super::{
    examples::{Examples, Rows, judge},
    initialisation::Initialisation,
    network::{Activation, Network},
    optimiser::Method,
    training::{Epoch, Schedule, Training},
};
use crate::{
    Course, CourseError,
    dataset::{self, DigitSet, pixel_rows, scale_to_symmetric, scale_to_unit, split},
    random::{Purpose, stream},
    report::Raster,
};
use ndarray::{Array2, ArrayView2, Axis};

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
    /// System D of the claims: deep, `ReLU`, mini-batches of 100.
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

    /// System E: sigmoid hidden units, pixels from -1 to 1. The article leaves the sizes open.
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

    pub fn examples<'a>(&self, digits: &'a Flat) -> Examples<'a, f32> {
        let rows = Rows::Pixels { pixels: digits.pixels.view(), scale: self.scale };
        Examples { rows, labels: &digits.labels }
    }

    /// Trains one network; returns it with its learning curve.
    pub fn train(
        &self,
        course: &Course,
        label: &str,
        [train, validation]: [&Flat; 2],
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
    pub fn error(&self, network: &Network<f32>, digits: &Flat) -> f64 {
        judge(network, &self.examples(digits)).1
    }
}

/// Digits whose pixels stand in one row each.
pub struct Flat {
    /// Shape `(m, pixels)`.
    pub pixels: Array2<u8>,
    pub labels: Vec<usize>,
}

impl Flat {
    pub fn new(digits: &dataset::Digits) -> Self {
        Self {
            pixels: pixel_rows(&digits.images),
            labels: digits.labels.iter().map(|&label| usize::from(label)).collect(),
        }
    }

    pub fn choose(&self, chosen: &[usize]) -> Self {
        Self {
            pixels: self.pixels.select(Axis(0), chosen),
            labels: chosen.iter().map(|&i| self.labels[i]).collect(),
        }
    }

    pub fn first(&self, count: usize) -> Self {
        self.choose(&(0..count.min(self.labels.len())).collect::<Vec<_>>())
    }
}

/// All that the networks see.
pub struct Data {
    pub train: Flat,
    /// For choosing settings: no network learns from these.
    pub validation: Flat,
    /// For the final figure: nothing is chosen by these.
    pub test: Flat,
    /// Pictures are this high and this wide.
    pub size: (usize, usize),
}

impl Data {
    /// A test digit as a picture.
    pub fn picture(&self, i: usize) -> Raster {
        let picture = self.test.pixels.row(i).into_shape_with_order(self.size);
        Raster::grey(picture.expect("a byte for each pixel"))
    }

    pub fn new(digits: &DigitSet, seed: u64) -> Self {
        let all = Flat::new(&digits.train);
        let m = all.labels.len();
        let held_out = VALIDATION.min(m / 6);
        let (train, validation) = split(m, held_out, &mut stream(seed, Purpose::Split));
        let (_, rows, columns) = digits.train.images.dim();
        Self {
            train: all.choose(&train),
            validation: all.choose(&validation),
            test: Flat::new(&digits.test),
            size: (rows, columns),
        }
    }
}
/// Digits set aside for choosing settings, at the most.
pub const VALIDATION: usize = 5_000;
