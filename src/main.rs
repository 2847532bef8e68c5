//! The `handwritten` program.

fn main() {}
