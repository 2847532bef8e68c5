//! Chapter 6: the network of chapter 5, several times as fast.
//!
//! Nothing new is learned here, and nothing is learned differently: each rung of a ladder takes away
//! one thing that the computer did without need, and every step stays equal to chapter 5's to the
//! precision of `f32`.

#![expect(
    clippy::inline_always,
    reason = "vectors reach a loop only where it is part of the function that has them"
)]

mod awake;
mod blocks;
mod experiment;
#[cfg(feature = "figures")]
mod figures;
mod passes;
mod product;
mod rung;
mod stepper;
mod stopwatch;
mod track;
mod update;
mod workspace;

pub use awake::awake;
pub use experiment::{Pace, Product, Report, Timed};
pub use product::product;
pub use rung::Rung;
pub use stepper::Stepper;
