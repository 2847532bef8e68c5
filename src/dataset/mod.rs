//! The data that the chapters learn from, and what is done to it before it reaches a network.

mod digits;

pub use digits::Digits;
