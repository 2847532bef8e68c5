//! Chapter 7: handwriting that nobody wrote.
//!
//! The network and its steps are those of the chapters before. New are the digits: each is shifted, turned,
//! scaled and bent a little, and differently in every epoch.

mod affine;
mod ahead;
mod average;
mod distortion;
mod elastic;
mod experiment;
mod experiment_evidence;
mod report;
mod sample;

pub use affine::Affine;
pub use ahead::epoch;
pub use average::average;
pub use distortion::{Amounts, Distortion};
pub use elastic::{Gaussian, elastic};
pub use report::{Field, Report, Run, Times};
pub use sample::sample;
