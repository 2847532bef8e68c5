//! Open records of fully connected networks, and what was measured on the way to them: what counts, what
//! each takes, and how to make it again.
//!
//! [In the book](../../../book/chapter_07.html#which-records-are-open)

mod collection;
mod goal;
mod measure;
mod record;

pub use collection::Collection;
pub use goal::Goal;
pub use measure::measure;
pub use record::{Corpus, Hardware, Measured, Misread, Record, percent};
