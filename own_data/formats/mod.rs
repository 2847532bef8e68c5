//! Examples with a class each, in files of all formats.
//!
//! [In the book](../../../book/experiments.html)

mod arrays;
mod beyond_csv;
mod cell;
mod check;
mod classes;
mod columns;
mod course_sets;
mod format;
mod growing;
mod idx_pair;
mod json;
mod labelled;
mod npy;
mod npz;
mod options;
pub mod picture;
mod pixels;
mod roles;
mod table;
mod upright;

pub use classes::ClassOf;
pub use columns::list;
pub use format::Format;
pub use idx_pair::read_arrays;
pub use labelled::{Inputs, Labelled};
pub use options::{Encoding, Loaded, Missing, OneHot, TableOptions};
pub use table::{ToPredict, read_features, read_pixels};
pub use upright::lie_on_their_side;
