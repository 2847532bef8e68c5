//! Chapter 4: regularisation and L-BFGS, for networks of any depth.
//!
//! To the network of chapter 3 this step adds layers as a list of sizes, all parameters in one vector
//! θ, an L2 penalty on the weights against overfitting, and L-BFGS, a quasi-Newton method that learns
//! the curvature of the cost from its last steps. It reads handwriting for the first time.

mod experiment;
mod lbfgs;
mod line_search;
mod minimum;
mod network;
mod online;
mod report;
mod two_loop;
mod valley;

pub use lbfgs::{Lbfgs, LbfgsState};
pub use line_search::{C1, C2, LinePoint, LineSearch};
pub use minimum::{Minimum, Stop};
pub use network::{Activations, Architecture, Layer};
pub use online::Online;
pub use report::{
    Bowl, ConvergenceCurve, ERRORS_PER_POINT, Line, OnlineRun, Penalty, PointOnLine, Remembered,
    RememberedPair, Report, Valley, ZoomCase, ZoomTrial,
};
pub use two_loop::CurvaturePair;
pub use valley::rosenbrock;
