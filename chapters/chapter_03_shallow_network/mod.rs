//! Chapter 3: a layer of hidden units between the features and the answer.
//!
//! To the logistic regression of chapter 2 this step adds hidden units, whose outputs the data do not
//! prescribe, and backpropagation, which computes the gradient of the cost by their weights. Now the
//! boundary can bend.

mod by_hand;
mod experiment;
mod network;
mod report;
mod rings;

pub use network::{Activations, Network};
pub use report::{ByHand, COST_EVERY, Claims, Parameters, Report, Size};
pub use rings::{Rings, Trained};
