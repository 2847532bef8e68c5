//! How long things take, on a machine that has other things to do as well.

use super::{
    blocked::{Blocked, Line},
    update::AdamStep,
    width::Width,
};
use crate::chapter_05_mnist::{Activation, Adam, Network};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::{hint::black_box, time::Instant};

/// Seconds that `work` takes: the shortest of several times, because whatever else the machine does
/// can only make it longer.
// ANCHOR: shortest
pub fn shortest(times: usize, mut work: impl FnMut()) -> f64 {
    let mut time = || {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    (0..times).map(|_| time()).fold(f64::INFINITY, f64::min)
}
// ANCHOR_END: shortest

/// A thread pool of `threads` threads.
pub fn thread_pool(threads: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("a machine that runs this has threads to give")
}

/// Seconds that Adam takes to move `weights` weights, given a gradient that is in the cache.
pub fn seconds_of_update(weights: usize, times: usize, width: Width) -> f64 {
    let lines = weights.div_ceil(16);
    let mut parts = [0.1, 0.0, 0.0].map(|value| vec![Line([value; 16]); lines]);
    let gradient = vec![Line([0.25; 16]); LINES_IN_CACHE];
    let no_network = Network { layers: Vec::new(), activation: Activation::Relu };
    let step = AdamStep::next(&mut Adam::new(&no_network, 0.0), 1e-3, 0.0);
    shortest(times, || {
        let [w, m, v] = parts.each_mut().map(|part| part.chunks_mut(LINES_IN_CACHE));
        for ((w, m), v) in w.zip(m).zip(v) {
            width.elementwise(
                #[inline(always)]
                || {
                    for i in 0..w.len() {
                        step.update([&mut w[i].0, &mut m[i].0, &mut v[i].0], &gradient[i].0);
                    }
                },
            );
        }
    })
}

/// Lines that fit into a core's L2 cache.
const LINES_IN_CACHE: usize = 2048;

/// A matrix of many different numbers, like data.
pub fn noise(rows: usize, columns: usize) -> Blocked {
    Blocked::from_fn(rows, columns, |i, j| ((i * columns + j) * 7919 % 1013) as f32 / 1013.0 - 0.5)
}

/// Bytes per second that a loop moves, over more numbers than any cache holds.
pub fn bandwidth() -> f64 {
    const COUNT: usize = 50_000_000;
    let (from, mut to) = (vec![1.0_f32; COUNT], vec![0.0_f32; COUNT]);
    // Each number is read once and written once
    let copy = || black_box(&mut to).copy_from_slice(black_box(&from));
    8.0 * COUNT as f64 / shortest(3, copy)
}

/// The processor's name, where the system tells it.
pub fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}
