//! A photo of a handwritten digit, made to look like MNIST's: the sheet found and squared, the light made even,
//! ink parted from paper, printed lines removed, the pieces of ink chosen that are the digit.
//!
//! [In the book](../../../book/experiments.html#what-photos-does-it-read)

mod clean;
mod digit;
mod even;
mod histogram;
mod integral;
mod pieces;
mod ruling;
mod sheet;

pub use clean::Blank;
pub use digit::{Refusal, find_digit};
