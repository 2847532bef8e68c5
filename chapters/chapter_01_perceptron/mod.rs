//! Chapter 1: the perceptron, one neuron that outputs 0 or 1 and learns from its mistakes.
//!
//! This is the first step: below it there are only data and tools. A perceptron learns what a straight
//! line can separate: AND, OR, NAND, and a 0 from a 1; not XOR.

mod experiment;
mod perceptron;
mod report;

pub use perceptron::{Perceptron, novikoff_bound, step};
pub use report::{Gate, Margin, Report, ZeroOrOne};
