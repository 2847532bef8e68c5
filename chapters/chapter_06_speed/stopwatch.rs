//! How long things take, on a machine that has other things to do as well.

use super::{
    awake::awake,
    panel::Panel,
    product::{Factors, Product},
    rung::Rung,
    stepper::Stepper,
    update::Pace,
};
use crate::chapters::chapter_05_mnist::{self as plain, Examples, Method, Network};
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

/// So many cores to work with.
pub fn cores(count: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(count).build();
    pool.expect("a machine that runs this has threads to give")
}

/// Something that learns from mini-batches: chapter 5's code, or a rung.
pub struct Contender {
    pub network: Network<f32>,
    optimiser: plain::Optimiser<f32>,
    stepper: Option<Stepper>,
}

impl Contender {
    /// Chapter 5's code where there is no rung.
    pub fn new(mut network: Network<f32>, mini_batch: usize, rung: Option<Rung>) -> Self {
        let mut optimiser = Method::Adam.begin(&network, 0.0);
        let stepper = rung.map(|rung| Stepper::new(&mut network, &mut optimiser, mini_batch, rung));
        Self { network, optimiser, stepper }
    }

    /// Learns from some mini-batches; what runs on all cores keeps them awake.
    pub fn learn(&mut self, examples: &Examples<f32>, order: &[usize], mini_batch: usize) {
        awake(|| self.learn_all(examples, order, mini_batch));
    }

    fn learn_all(&mut self, examples: &Examples<f32>, order: &[usize], mini_batch: usize) {
        let Self { network, optimiser, stepper } = self;
        for chosen in order.chunks(mini_batch) {
            let pace = [1e-3, 0.0];
            match stepper {
                Some(fast) => fast.step(network, optimiser, examples, chosen, pace),
                None => plain::step(network, optimiser, examples, chosen, pace),
            };
        }
    }
}

/// Seconds that a product of an `(m, k)` with a `(k, n)` matrix takes.
pub fn seconds_of_product([m, k, n]: [usize; 3], times: usize) -> f64 {
    let [a, b] = [[k, n], [m, k]].map(|[rows, columns]| noise(rows, columns));
    let mut c = Panel::new(m, n);
    let b = Factors::Rows(b.rows());
    shortest(times, || Product::new(b, (a.rows(), k), (&mut c, m), n).write())
}

/// Seconds in which Adam moves so many weights, whose gradient is in the cache.
pub fn seconds_of_update(weights: usize, times: usize) -> f64 {
    let mut parts = [0.1, 0.0, 0.0].map(|value| vec![value; weights]);
    let gradient = noise(1, IN_CACHE);
    let pace = Pace::first(1e-3);
    shortest(times, || {
        let [w, m, v] = parts.each_mut().map(|part| part.chunks_mut(IN_CACHE));
        for ((w, m), v) in w.zip(m).zip(v) {
            let g = &gradient.rows().numbers[..w.len()];
            Rung::Vectors.pass(
                #[inline(always)]
                || pace.update([w, m, v], g),
            );
        }
    })
}

/// So many numbers fit into the cache of a core.
const IN_CACHE: usize = 32_768;

/// A matrix of many different numbers, as data has them.
fn noise(rows: usize, columns: usize) -> Panel {
    Panel::from_fn(rows, columns, |i, j| ((i * columns + j) * 7919 % 1013) as f32 / 1013.0 - 0.5)
}

/// Operations per second that products reach at best, on each core of a pool at the same time.
pub fn peak(pool: &ThreadPool) -> f64 {
    const SIDE: usize = 1000;
    let operations = 2.0 * (SIDE as f64).powi(3);
    let seconds = pool.broadcast(|_| seconds_of_product([SIDE; 3], 15));
    seconds.into_iter().map(|seconds| operations / seconds).sum()
}

/// Bytes per second that go through a loop over more numbers than any cache holds.
pub fn bandwidth() -> f64 {
    const COUNT: usize = 100_000_000;
    let (from, mut to) = (vec![1.0_f32; COUNT], vec![0.0_f32; COUNT]);
    // Each number is read once and written once
    let copy = || black_box(&mut to).copy_from_slice(black_box(&from));
    8.0 * COUNT as f64 / shortest(3, copy)
}

/// The processor's own name, where the system tells it.
pub fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}
