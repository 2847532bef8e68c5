//! Where contenders run against the clock.

use super::{
    experiment::{Pace, Timed},
    one::logits_of_one,
    rung::Rung,
    stopwatch::{Contender, cores, shortest},
};
use crate::{
    chapters::{
        Course,
        chapter_05_mnist::{Activation, Examples, Initialisation, Network, Rows},
    },
    dataset::{Digits, pixel_rows, scale_to_unit, shuffled},
    progress::Step,
    random::{Purpose, stream},
};
use ndarray::{Array2, s};
use rayon::ThreadPool;
use std::hint::black_box;

/// The network that is timed.
pub const SIZES: [usize; 5] = [784, 500, 600, 300, 10];
/// How many digits it is shown at once.
pub const MINI_BATCH: usize = 128;
/// Digits in an epoch of MNIST.
pub const EPOCH: usize = 60_000;
/// Digits that are really learned from while the clock runs, and how often.
const SLICE: usize = 20 * MINI_BATCH;
const ROUNDS: usize = 4;

/// Digits, and the cores to run on.
pub struct Track<'a> {
    pixels: Array2<u8>,
    labels: Vec<usize>,
    order: Vec<usize>,
    /// One core.
    pub one: ThreadPool,
    /// All of them.
    pub all: ThreadPool,
    course: &'a Course<'a>,
}

impl<'a> Track<'a> {
    pub fn new(digits: &Digits, course: &'a Course) -> Self {
        let m = digits.labels.len();
        Self {
            pixels: pixel_rows(&digits.images),
            labels: digits.labels.iter().map(|&label| label.into()).collect(),
            order: shuffled(m, &mut stream(course.seed, Purpose::Order)),
            one: cores(1),
            all: cores(rayon::current_num_threads()),
            course,
        }
    }

    pub fn tell(&self, done: usize) {
        (self.course.watch)(&Step { task: "the ladder", unit: "part", done, total: 4, cost: None });
    }

    fn examples(&self) -> Examples<'_, f32> {
        let rows = Rows::Pixels { pixels: self.pixels.view(), scale: scale_to_unit };
        Examples { rows, labels: &self.labels }
    }

    /// Layers from as many pixels as there are.
    pub fn sizes(&self, sizes: &[usize]) -> Vec<usize> {
        [&[self.pixels.ncols()], &sizes[1..]].concat()
    }

    fn contender(&self, sizes: &[usize], mini_batch: usize, rung: Option<Rung>) -> Contender {
        let mut rng = stream(self.course.seed, Purpose::Weights);
        let (activation, start) = (Activation::Relu, Initialisation::He);
        let network = Network::random(&self.sizes(sizes), activation, start, &mut rng);
        Contender::new(network, mini_batch, rung)
    }

    /// Each contender in turn, round after round, so that a noisy moment is noisy for all.
    pub fn ladder(&self) -> Vec<Pace> {
        let rungs = [None].into_iter().chain(Rung::ALL.map(Some));
        let mut contenders: Vec<(Option<Rung>, Contender, [f64; 2])> = rungs
            .map(|rung| (rung, self.contender(&SIZES, MINI_BATCH, rung), [f64::INFINITY; 2]))
            .collect();
        for _ in 0..ROUNDS {
            for (_, contender, best) in &mut contenders {
                for (pool, best) in [&self.one, &self.all].into_iter().zip(best) {
                    let seconds = self.seconds(pool, contender, SLICE, MINI_BATCH);
                    *best = best.min(seconds);
                }
            }
        }
        self.tell(1);
        let slice = SLICE.min(self.order.len()) as f64;
        let pace = |(rung, _, best): (Option<Rung>, Contender, [f64; 2])| {
            let [one_core, all_cores] = best.map(|seconds| seconds * EPOCH as f64 / slice);
            Pace { name: name(rung).to_owned(), one_core, all_cores, share_of_peak: f64::NAN }
        };
        contenders.into_iter().map(pace).collect()
    }

    /// Seconds in which a contender learns from the first `count` digits, at best.
    fn seconds(
        &self,
        pool: &ThreadPool,
        contender: &mut Contender,
        count: usize,
        mini_batch: usize,
    ) -> f64 {
        let order = &self.order[..count.min(self.order.len())];
        pool.install(|| shortest(1, || contender.learn(&self.examples(), order, mini_batch)))
    }

    /// The last rung on all cores: the shortest of three slices of `count` digits, scaled to as many
    /// as are asked for.
    fn timed(&self, sizes: &[usize], mini_batch: usize, count: usize, scaled_to: usize) -> f64 {
        let mut contender = self.contender(sizes, mini_batch, Some(Rung::Vectors));
        let time = |_| self.seconds(&self.all, &mut contender, count, mini_batch);
        let best = (0..3).map(time).fold(f64::INFINITY, f64::min);
        best * scaled_to as f64 / count.min(self.order.len()) as f64
    }

    pub fn mini_batches_of(&self, count: usize) -> Timed {
        let seconds = self.timed(&SIZES, count, SLICE, EPOCH);
        Timed { count, seconds, operations: operations(&self.sizes(&SIZES), EPOCH) }
    }

    pub fn width_of(&self, count: usize) -> Timed {
        let sizes = [SIZES[0], count, count, 10];
        let seconds = self.timed(&sizes, MINI_BATCH, SLICE, EPOCH);
        Timed { count, seconds, operations: operations(&self.sizes(&sizes), EPOCH) }
    }

    pub fn examples_of(&self, count: usize) -> Timed {
        let count = count.min(self.order.len());
        let seconds = self.timed(&SIZES, MINI_BATCH, count, count);
        Timed { count, seconds, operations: operations(&self.sizes(&SIZES), count) }
    }

    /// Seconds in which one digit after the other is read, each by itself.
    pub fn one_digit(&self) -> f64 {
        const COUNT: usize = 1000;
        let network = self.contender(&SIZES, MINI_BATCH, None).network;
        let x = scale_to_unit(self.pixels.slice(s![..COUNT.min(self.order.len()), ..]));
        let read =
            || x.rows().into_iter().for_each(|x| drop(black_box(logits_of_one(&network, x))));
        shortest(5, read) / x.nrows() as f64
    }

    /// How far the last rung is from chapter 5's code after a slice, as a share of the weights.
    pub fn difference(&self) -> f64 {
        let learned = |rung| {
            let mut contender = self.contender(&SIZES, MINI_BATCH, rung);
            self.seconds(&self.all, &mut contender, STEPS_COMPARED * MINI_BATCH, MINI_BATCH);
            contender.network
        };
        let [plain, fast] = [None, Some(Rung::Vectors)].map(learned);
        let pairs = plain.layers.iter().zip(&fast.layers).flat_map(|(p, f)| p.w.iter().zip(&f.w));
        let [apart, size] = pairs.fold([0.0, 0.0], |[apart, size], (p, f)| {
            [apart + f64::from(p - f).powi(2), size + f64::from(*p).powi(2)]
        });
        (apart / size).sqrt()
    }
}

/// After so many steps the rungs are compared; each step magnifies what the last one rounded.
const STEPS_COMPARED: usize = 10;

fn name(rung: Option<Rung>) -> &'static str {
    match rung {
        None => "chapter 5",
        Some(Rung::InPlace) => "in place",
        Some(Rung::Fused) => "fused",
        Some(Rung::Product) => "our product",
        Some(Rung::Vectors) => "vectors, in strips",
    }
}

/// Three products for each layer, and two for the first, whose input needs no gradient; in units of
/// 10⁹ operations.
// ANCHOR: operations
pub fn operations(sizes: &[usize], examples: usize) -> f64 {
    let products =
        weights(sizes).enumerate().map(|(l, weights)| if l > 0 { 3 } else { 2 } * weights);
    2e-9 * (products.sum::<usize>() * examples) as f64
}

/// How many weights each layer has.
pub fn weights(sizes: &[usize]) -> impl Iterator<Item = usize> {
    sizes.windows(2).map(|pair| pair[0] * pair[1])
}
// ANCHOR_END: operations

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_an_epoch_are_those_of_its_products() {
        // One layer: forward and gradient; two: these of both, and one product back.
        assert!((operations(&[3, 2], 1) - 2e-9 * 12.0).abs() < 1e-18);
        assert!((operations(&[3, 2, 1], 1) - 2e-9 * (12.0 + 6.0)).abs() < 1e-18);
    }
}
