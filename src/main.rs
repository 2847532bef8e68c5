//! The `handwritten` program.

mod cli;

fn main() {}
