//! What chapter 6 times.

/// Layers of the network.
pub const SIZES: [usize; 5] = [784, 500, 600, 300, 10];
/// Digits in a mini-batch.
pub const MINI_BATCH: usize = 128;
