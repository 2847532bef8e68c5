//! Chapter 8: the address book.
//!
//! A photo of a page comes in, and its phone numbers come out: made even, parted into ink and paper, into
//! pieces, lines and digits, each of which chapter 7's network reads.

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
