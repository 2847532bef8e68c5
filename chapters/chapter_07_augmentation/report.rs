use super::Amounts;
use crate::report::Raster;
use serde::{Deserialize, Serialize};

/// What chapter 7 found out. `--hidden` sets the units of the hidden layer, `--epochs` how often every digit
/// is shown, and `--seeds` over how many seeds errors are averaged.
///
/// [In the book](../../../book/chapter_07.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Where the digits come from.
    pub source: String,
    /// How many digits the networks learned from.
    pub learned_from: usize,
    /// How many validation digits the errors along the way are of.
    pub validation: usize,
    /// How many test digits the networks were judged by.
    pub tested_on: usize,
    /// Layers, such as `784-100-10`.
    pub sizes: String,
    /// Examples in a mini-batch.
    pub mini_batch: usize,
    /// The learning rate of the first step; it falls to 0 in a straight line.
    pub learning_rate: f64,
    /// The same network with each kind of distortion, with all of them, and without any.
    pub runs: Vec<Run>,
    /// A penned digit.
    pub original: Raster,
    /// The same digit, distorted in many ways.
    pub distorted: Vec<Raster>,
    /// How one of those came about.
    pub field: Field,
    /// What distortion costs.
    pub times: Times,
}

/// One kind of distortion, and what the network learned from digits distorted like that.
///
/// [In the book](../../../book/chapter_07.html#does-it-help)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Run {
    /// What was done to the digits.
    pub name: String,
    /// How much of it.
    pub amounts: Amounts,
    /// Mean cost of the mini-batches of each epoch, with the first seed.
    pub costs: Vec<f64>,
    /// Share of the validation digits misread after each epoch, likewise.
    pub validation_errors: Vec<f64>,
    /// Share of the test digits misread, for each seed.
    pub errors: Vec<f64>,
}

/// An elastic distortion, step by step.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-bend-a-picture)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Field {
    /// A random number from -1 to 1 for each pixel.
    pub rough: Raster,
    /// The same, smoothed by a Gaussian.
    pub smooth: Raster,
    /// How far from each pixel its new value lies: row and column, in the order of the pixels.
    pub displacement: Vec<[f64; 2]>,
    /// The digit that is bent.
    pub before: Raster,
    /// The digit bent.
    pub after: Raster,
}

/// How long it takes to distort and to learn.
///
/// [In the book](../../../book/chapter_07.html#does-it-take-long)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Times {
    /// The network that learns, such as `784-800-400-10`.
    pub sizes: String,
    /// Microseconds in which one core distorts a digit.
    pub distortion: f64,
    /// Microseconds of steps on one core, for each digit.
    pub steps: f64,
    /// Seconds of some mini-batches on all cores, from digits as they are and from distorted ones.
    pub epoch: [f64; 2],
}
