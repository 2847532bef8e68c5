//! Chapter 4: a network of any depth, kept from learning by heart, and a better way downhill.
//!
//! To the network of chapter 3 this step adds layers as a list of sizes, all parameters in one vector
//! θ, a price on large weights, and L-BFGS, which remembers the last steps to guess where the bottom
//! is. It reads handwriting for the first time.

mod experiment;
mod lbfgs;
mod line_search;
mod network;
mod online;
mod valley;

pub use experiment::{ERRORS_PER_POINT, OnlineRun, Penalty, Race, Report};
pub use lbfgs::{CurvaturePair, Lbfgs, LbfgsState, Minimum, Stop};
pub use line_search::{C1, C2, LinePoint, LineSearch};
pub use network::{Activations, Architecture, Layer};
pub use online::Online;
pub use valley::{Bowl, Line, Valley, rosenbrock};
