//! Chapter 1: one neuron that says yes or no, and learns from its mistakes.
//!
//! There is nothing below this step but the ground floor. What a perceptron can learn is decided by
//! whether a straight line can do it: AND, OR and NAND yes, XOR no, a 0 from a 1 yes.

mod experiment;
mod perceptron;
mod report;

pub use perceptron::{Perceptron, novikoff_bound, step};
pub use report::{Gate, Margin, Report, ZeroOrOne};
