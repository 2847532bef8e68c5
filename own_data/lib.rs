//! Networks for your own data.
//!
//! A [`Split`] is made from examples, a [`TrainConfig`] says how to train on it, a [`Trainer`] does so epoch
//! by epoch and can be saved in between, and a [`Model`] is what comes out, ready to use.
//!
//! [In the book](../../book/experiments.html)

mod archive;
mod calibration;
mod checkpoint;
mod cross_validation;
mod file_name;
pub mod formats;
mod input;
mod model;
mod onnx;
pub mod photo;
mod ranges;
pub mod records;
mod report;
mod source;
mod split;
mod stratified;
pub mod sweep;
mod train_config;
mod trainer;

pub use archive::Archive;
pub use calibration::{Calibration, Reliability};
pub use checkpoint::Checkpoint;
pub use cross_validation::{CrossValidation, Fold};
pub use input::Input;
pub use model::{Model, Provenance};
pub use onnx::Port;
pub use ranges::Ranges;
pub use report::{TrainingReport, Verdict};
pub use source::Source;
pub use split::{Split, in_double};
pub use train_config::{OptimiserKind, TrainConfig};
pub use trainer::{Epoch, Judged, Trainer};
