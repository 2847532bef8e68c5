//! *Handwritten* teaches neural networks by building them: from one perceptron to a network that
//! reads handwriting.
//!
//! Everything goes one way: a [`dataset`] trains a network in [`chapters`], an experiment turns the
//! outcome into a [`report`] of numbers and curves, and figures are drawn from the report alone.
//!
//! Rows are examples everywhere: `x` has the shape `(m, n)`, `m` examples of `n` features.

#[cfg(feature = "book")]
pub mod bookbinder;
#[path = "../chapters/mod.rs"]
pub mod chapters;
pub mod dataset;
mod error;
#[cfg(feature = "figures")]
pub mod figure;
pub mod gradient_check;
pub mod metrics;
pub mod progress;
pub mod random;
pub mod report;
pub mod sweep;
pub mod workbench;

pub use error::Error;
