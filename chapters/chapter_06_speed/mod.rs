//! Chapter 6: the network of chapter 5, several times as fast.
//!
//! Nothing new is learned here, and nothing is learned differently: each version in the [`LADDER`]
//! removes one thing that the computer did needlessly, and every step stays equal to chapter 5's up to
//! rounding.

#![expect(
    clippy::inline_always,
    reason = "a loop gets vectors only where it is compiled into the function that has them"
)]

mod backward;
mod benchmark;
mod blocked;
mod cache_blocking;
mod cost;
mod elementwise;
mod experiment;
mod factors;
mod forward;
mod gradient;
mod growth;
mod in_parts;
mod input;
mod ladder;
mod lanes;
mod learning;
mod matmul;
mod one;
mod operations;
mod packed;
mod peak;
mod products;
mod report;
mod scratch;
mod sharing;
mod stepper;
mod stopwatch;
mod tile;
mod tile_size;
mod training_step;
mod two_by_two;
mod update;
mod width;

pub use blocked::{Blocked, Line};
pub use forward::{judge, logits};
pub use in_parts::cost_and_gradient_in_parts;
pub use ladder::{LADDER, Variant};
pub use matmul::{Columns, Lhs, Matmul};
pub use one::logits_of_one;
pub use operations::operations;
pub use report::{OfWidth, ProductSpeed, Report, Timed, VariantTimes};
pub use stepper::Stepper;
pub use tile_size::TileSize;
pub use training_step::TrainingStep;
pub use two_by_two::two_by_two;
pub use width::{VECTORS, Width, WidthError};
