//! The workbench: networks for data of one's own.
//!
//! A [`Task`] is made from examples, a [`Recipe`] says how to learn it, a [`Learner`] does so epoch
//! by epoch and can be put aside in between, and a [`Model`] is what is left to use.
//!
//! [In the book](../../../book/experiments.html)

mod archive;
mod checkpoint;
mod error;
#[cfg(feature = "figures")]
mod figures;
mod learner;
mod model;
mod recipe;
mod report;
mod source;
mod task;

pub use archive::Archive;
pub use checkpoint::Checkpoint;
pub use error::Error;
#[cfg(feature = "figures")]
pub use figures::figures;
pub use learner::{Epoch, Judged, Learner};
pub use model::Model;
pub use recipe::{Optimiser, Recipe};
pub use report::Report;
pub use source::Source;
pub use task::{Input, Part, Task};
