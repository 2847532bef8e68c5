//! The data that the chapters learn from, and what is done to it before it reaches a network.
//!
//! [In the book](../../../book/opening.html#where-does-the-handwriting-come-from)

pub mod atomic_file;
mod beyond_csv;
mod check;
mod columns;
mod course_sets;
mod digit_rows;
mod digit_set;
mod digits;
mod error;
mod format;
mod frame;
mod gaussian_quantiles;
pub mod idx;
mod idx_pair;
mod json;
mod labelled;
pub mod mnist;
mod npz;
pub mod pen;
#[cfg(feature = "figures")]
pub mod picture;
mod prepare;
mod rows;
mod table;

pub use columns::list;
pub use digit_rows::DigitRows;
pub use digit_set::{DigitSet, DigitSource, Origin};
pub use digits::Digits;
pub use error::Error;
pub use format::Format;
pub use gaussian_quantiles::{GaussianQuantiles, Points, label_by_quantile};
pub use labelled::{Inputs, Labelled, check_variety};
pub use prepare::{
    few_of_each, one_hot, pixel_rows, scale_to_symmetric, scale_to_unit, shuffled, split,
};
pub use table::{read_features, read_pixels};
