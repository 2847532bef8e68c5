//! Open records of fully connected networks on MNIST: what counts, what each takes, and how to make it
//! again.

mod goal;
mod record;
mod run;

pub use goal::Goal;
pub use record::{Hardware, Measured, Record, Verified};
pub use run::{Trained, committee, train};
