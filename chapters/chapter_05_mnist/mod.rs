//! Chapter 5: a network that reads handwriting.
//!
//! To the network of chapter 4 this step adds mini-batches, so that one epoch has hundreds of steps;
//! `ReLU` and softmax; He initialisation, which keeps a deep network's activations in range; and Adam,
//! which gives each weight a step size of its own.

mod adam;
mod evidence;
mod examples;
mod experiment;
mod initialisation;
mod network;
mod optimiser;
mod output;
mod real;
mod report;
mod running_means;
mod schedule;
mod softmax;
mod systems;
mod training;
mod trials;
mod unrolled;

pub use adam::Adam;
pub use examples::{Examples, Features, judge, judge_logits, logits};
pub use initialisation::Initialisation;
pub use network::{Activation, Layer, Network};
pub use optimiser::{Method, Momentum, Optimiser};
pub use output::{cross_entropy, decide, outputs_for, probabilities, targets};
pub use real::{Real, flush_denormals};
pub use report::{Candidate, Misread, Report, RunningMeans, Start, Trained};
pub use schedule::Schedule;
pub use softmax::{softmax, softmax_cross_entropy};
pub use training::{Backprop, Epoch, StepSizes, TrainStep, Training};
pub use unrolled::{roll, unroll};
