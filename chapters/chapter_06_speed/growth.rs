//! How the last version's time grows with the amount of work.

use super::{
    benchmark::Benchmark,
    operations::{EPOCH, MINI_BATCH, SIZES, operations},
    report::Timed,
};

/// An epoch in mini-batches of `count`.
pub fn with_mini_batch(benchmark: &Benchmark, count: usize) -> Timed {
    // Small mini-batches take several times as long
    let slice = benchmark.slice;
    let digits = benchmark.whole_batches((slice * count) as f64 / MINI_BATCH as f64);
    let digits = digits.clamp(4 * count, slice.max(4 * count));
    let seconds = benchmark.timed(&SIZES, count, digits, EPOCH);
    Timed { count, seconds, operations: operations(&benchmark.sizes(&SIZES), EPOCH) }
}

/// An epoch with two hidden layers of `count` units each.
pub fn with_hidden_width(benchmark: &Benchmark, count: usize) -> Timed {
    let sizes = [SIZES[0], count, count, 10];
    let [these, usual] =
        [&sizes[..], &SIZES].map(|sizes| operations(&benchmark.sizes(sizes), EPOCH));
    let digits = benchmark.whole_batches(benchmark.slice as f64 * (usual / these).min(4.0));
    let seconds = benchmark.timed(&sizes, MINI_BATCH, digits, EPOCH);
    Timed { count, seconds, operations: these }
}

/// A `share` of the digits that take about half a second.
pub fn with_examples(benchmark: &Benchmark, share: f64) -> Timed {
    let count = benchmark.whole_batches(8.0 * share * benchmark.slice as f64);
    let seconds = benchmark.timed(&SIZES, MINI_BATCH, count, count);
    Timed { count, seconds, operations: operations(&benchmark.sizes(&SIZES), count) }
}
