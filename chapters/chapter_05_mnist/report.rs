use super::{initialisation::Initialisation, network::Activation, schedule::Schedule};
use crate::{gradient_check, report::Raster};
use serde::{Deserialize, Serialize};

/// What chapter 5 found out. `--hidden` sets the hidden units of system E; `--epochs`,
/// `--learning-rate`, `--weight-decay` and `--until-error` apply to both systems; `--seeds` sets over
/// how many seeds errors are averaged.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Mean share of the test digits that system D misreads.
    pub system_d_error: f64,
    /// Mean share of the test digits that system E misreads.
    pub system_e_error: f64,
    /// System D's accuracy on MNIST's test digits after learning from penned digits alone; nothing
    /// without MNIST.
    pub penned_to_mnist_accuracy: Option<f64>,
    /// Where the digits come from.
    pub source: String,
    /// How many digits the networks learned from.
    pub learned_from: usize,
    /// How many validation digits settings were chosen on.
    pub validation: usize,
    /// How many test digits the networks were judged by.
    pub tested_on: usize,
    /// 784-500-600-300-10, `ReLU`.
    pub system_d: Trained,
    /// Sigmoid hidden units, pixels from -1 to 1.
    pub system_e: Trained,
    /// How often system D read each digit (row) as each (column), with the first seed.
    pub confusion: Vec<Vec<usize>>,
    /// The test digits that system D misread with the first seed, the most confident mistakes first.
    pub misread: Vec<Misread>,
    /// The weights of some units of system D's first layer, as pictures.
    pub first_layer: Vec<Raster>,
    /// System D from two initialisations.
    pub starts: Vec<Start>,
    /// Digits that this program has penned, in MNIST's form.
    pub penned_digits: Vec<Raster>,
    /// The first bytes of the file of training digits that `handwritten pen` writes; the pixels of the
    /// first of [`penned_digits`](Self::penned_digits) follow.
    pub idx_header: [u8; 16],
    /// What Adam remembers of a noisy gradient.
    pub running_means: RunningMeans,
    /// The gradient against central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// A system, its settings and its results.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Trained {
    /// Layers, such as `784-500-600-300-10`.
    pub sizes: String,
    /// The activation function of the hidden units.
    pub activation: Activation,
    /// How the starting weights were drawn.
    pub initialisation: Initialisation,
    /// Examples in a mini-batch.
    pub mini_batch: usize,
    /// The learning rates that were tried, with their errors on the validation digits.
    pub candidates: Vec<Candidate>,
    /// The learning rate that was chosen.
    pub learning_rate: f64,
    /// How it changed during training.
    pub schedule: Schedule,
    /// Strength of the weight decay.
    pub weight_decay: f64,
    /// Mean cost of the mini-batches of each epoch, with the first seed.
    pub costs: Vec<f64>,
    /// Cost of the validation digits after each epoch, likewise.
    pub validation_costs: Vec<f64>,
    /// Share of the validation digits misread after each epoch, likewise.
    pub validation_errors: Vec<f64>,
    /// Share of the test digits misread, for each seed.
    pub errors: Vec<f64>,
}

/// A learning rate that was tried in a short training.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct Candidate {
    /// The learning rate.
    pub learning_rate: f64,
    /// Share of the validation digits misread.
    pub validation_error: f64,
}

/// A test digit that was misread.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Misread {
    /// The picture; not in the committed report, because MNIST's are not ours to pass on.
    pub image: Option<Raster>,
    /// What it shows.
    pub shown: usize,
    /// What it was read as.
    pub read: usize,
    /// The probability that the network gave to what it read.
    pub probability: f64,
}

/// How training began from one initialisation.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Start {
    /// How the starting weights were drawn.
    pub initialisation: Initialisation,
    /// The cost of each mini-batch.
    pub costs: Vec<f64>,
    /// Share of the validation digits misread at the end.
    pub validation_error: f64,
}

/// A gradient in noise, and Adam's running means of it after each step.
///
/// [In the book](../../../book/chapter_05.html#how-does-it-step-when-each-gradient-is-a-guess)
#[derive(Default, Deserialize, Serialize)]
pub struct RunningMeans {
    /// The gradient without noise.
    pub gradient: f64,
    /// The gradient of each step, with noise of standard deviation 1.
    pub noisy: Vec<f64>,
    /// Running mean of the gradient, which starts at 0.
    pub m: Vec<f64>,
    /// The same without the bias towards 0.
    pub m_hat: Vec<f64>,
    /// Root of the running mean of the squared gradient, which starts at 0 as well.
    pub root_v: Vec<f64>,
    /// The same without the bias towards 0.
    pub root_v_hat: Vec<f64>,
}
