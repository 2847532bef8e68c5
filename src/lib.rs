//! *Handwritten* teaches neural networks by building them: from one perceptron to a network that
//! reads handwriting.
//!
//! Everything goes one way: a [`dataset`] trains a network in [`chapters`], an experiment turns the
//! outcome into a report of numbers and curves, and figures are drawn from the report alone.
//!
//! Rows are examples everywhere: `x` has the shape `(m, n)`, `m` examples of `n` features.

pub mod dataset;
