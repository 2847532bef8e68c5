//! Chapter 3: a layer of hidden units between the features and the answer.
//!
//! To the logistic regression of chapter 2 this step adds units that nobody tells what to say, and
//! backpropagation, which finds out what they should have said. Now the boundary can bend.

mod by_hand;
mod experiment;
mod network;
mod report;
mod rings;

pub use network::{Activations, Network};
pub use report::{ByHand, COST_EVERY, Claims, Parameters, Report, Size};
pub use rings::{Rings, Trained};
