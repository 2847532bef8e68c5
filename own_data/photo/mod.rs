//! A photo of a handwritten digit, made to look like MNIST's: the sheet found and squared, the light made even,
//! ink parted from paper, printed lines removed, the pieces of ink chosen that are the digit.
//!
//! [In the book](../../../book/experiments.html#what-photos-does-it-read)

mod clean;
mod digit;
mod even;
mod integral;
mod pieces;
mod ruling;
mod sheet;

pub use clean::{Blank, Clean, Expected, clean};
pub use digit::{Found, Refusal, find_digit};
pub use even::even;
pub use integral::{Integral, mean_around, sauvola};
pub use pieces::{Area, Piece, pieces, stroke_width};
pub use ruling::remove_lines;
pub use sheet::{Corners, Perspective, corners};
