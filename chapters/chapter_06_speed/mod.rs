//! Chapter 6: the network of chapter 5, several times as fast.
//!
//! Nothing new is learned here, and nothing is learned differently: each rung of a ladder takes away
//! one thing that the computer did without need, and every step stays equal to chapter 5's to the
//! precision of `f32`.

#![expect(
    clippy::inline_always,
    reason = "vectors reach a loop only where it is part of the function that has them"
)]

mod backward;
mod benchmark;
mod blocked;
mod elementwise;
mod experiment;
mod forward;
mod in_parts;
mod in_place;
mod input;
mod kernels;
mod lanes;
mod matmul;
mod one;
mod packed;
mod peak;
mod products;
mod sharing;
mod stepper;
mod stopwatch;
mod update;
mod width;

pub use blocked::{Blocked, Line};
pub use experiment::{OfWidth, ProductSpeed, Report, Rung, Timed};
pub use forward::{judge, logits};
pub use in_parts::cost_and_gradient_in_parts;
pub use in_place::InPlace;
pub use kernels::Kernels;
pub use matmul::{Columns, Lhs, Matmul};
pub use one::logits_of_one;
pub use stepper::Stepper;
pub use width::{VECTORS, Width, WidthError};
