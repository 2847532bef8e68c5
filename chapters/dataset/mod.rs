//! The data that the chapters learn from, and what is done to it before it reaches a network.
//!
//! [In the book](../../../book/opening.html#where-does-the-handwriting-come-from)

pub mod atomic_file;
pub mod contents;
mod digit_set;
mod digit_source;
mod digit_table;
mod digits;
mod error;
pub mod frame;
mod gaussian_quantiles;
pub mod idx;
pub mod mnist;
pub mod numbers;
pub mod pen;
mod prepare;
pub mod rows;

pub use digit_set::{DigitSet, MNIST, Origin};
pub use digit_source::DigitSource;
pub use digits::Digits;
pub use error::DataError;
pub use gaussian_quantiles::{GaussianQuantiles, Points, label_by_quantile};
pub use prepare::{
    are_all_alike, check_variety, few_of_each, one_hot, scale_to_symmetric, scale_to_unit,
    shuffled, split,
};
