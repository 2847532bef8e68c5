//! Networks for data of one's own.
//!
//! A [`Split`] is made from examples, a [`TrainConfig`] says how to learn it, a [`Trainer`] does so epoch
//! by epoch and can be put aside in between, and a [`Model`] is what is left to use.
//!
//! [In the book](../../book/experiments.html)

mod archive;
mod checkpoint;
pub mod formats;
mod learner;
mod model;
mod recipe;
mod report;
mod source;
pub mod sweep;
mod task;

pub use archive::Archive;
pub use checkpoint::Checkpoint;
pub use learner::{Epoch, Judged, Trainer};
pub use model::Model;
pub use recipe::{Optimiser, TrainConfig};
pub use report::Report;
pub use source::Source;
pub use task::{Input, Part, Split};
