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
mod experiment;
#[cfg(feature = "figures")]
mod figures;
mod in_parts;
mod one;
mod panel;
mod passes;
mod product;
mod rung;
mod stepper;
mod stopwatch;
mod strips;
mod track;
mod update;
mod workspace;

pub use awake::awake;
pub use experiment::{Pace, ProductSpeed, Report, Timed};
pub use in_parts::cost_and_gradient_in_parts;
pub use one::logits_of_one;
pub use panel::{Panel, Strided};
pub use product::{Factors, Product};
pub use rung::Rung;
pub use stepper::Stepper;
