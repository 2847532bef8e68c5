//! Examples with a class each, in files of all formats.
//!
//! [In the book](../../../book/experiments.html)

mod beyond_csv;
mod cell;
mod check;
mod classes;
mod columns;
mod course_sets;
mod format;
mod idx_pair;
mod json;
mod labelled;
mod npz;
mod numbers;
mod options;
pub mod picture;
mod pixels;
mod table;

pub use classes::is_same_class;
pub use columns::list;
pub use format::Format;
pub use labelled::{Inputs, Labelled};
pub use options::{Encoding, Loaded, Missing, OneHot, TableOptions};
pub use table::{ToPredict, read_features, read_pixels};
