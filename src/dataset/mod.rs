//! The data that the chapters learn from, and what is done to it before it reaches a network.

pub mod atomic_file;
pub mod digit_rows;
mod digit_set;
mod digits;
mod error;
pub mod idx;
pub mod mnist;

pub use digit_rows::DigitRows;
pub use digit_set::{DigitSet, Origin};
pub use digits::Digits;
pub use error::Error;
