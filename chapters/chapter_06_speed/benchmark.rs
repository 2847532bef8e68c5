//! Versions of the same training step, timed against one another.

use super::{
    experiment::{Rung, Timed},
    in_place::InPlace,
    kernels::Kernels,
    one::logits_of_one,
    stepper::Stepper,
    stopwatch::{cores, shortest},
    width::Width,
};
use crate::{
    Course,
    chapter_05_mnist::{
        self as plain, Activation, Examples, Initialisation, Method, Network, StepSizes, TrainStep,
    },
    dataset::{Digits, scale_to_unit, shuffled},
    progress::Step,
    random::{Purpose, stream},
};
use rayon::ThreadPool;
use std::hint::black_box;

/// The network that is timed.
pub const SIZES: [usize; 5] = [784, 500, 600, 300, 10];
/// How many digits it is shown at once.
pub const MINI_BATCH: usize = 128;
/// Digits in an epoch of MNIST.
pub const EPOCH: usize = 60_000;
/// How often the versions take turns.
const ROUNDS: usize = 4;
/// Seconds for which a version learns before another has its turn, about: what is slow learns from
/// fewer digits, so that the chapter takes as long on any machine.
const SLICE_SECONDS: f64 = 0.1;

/// A version of the training step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// Chapter 5's own code.
    Plain,
    /// [`InPlace`].
    InPlace,
    /// [`Stepper`].
    Kernels(Kernels),
}

impl Version {
    /// The rungs of the ladder, from the bottom to the top, for vectors of one width.
    pub fn ladder(width: Width) -> [(&'static str, Self); 5] {
        let tiles = Kernels { matmul: width, elementwise: Width::Plain, skip_blank: false };
        let vectors = Kernels { elementwise: width, ..tiles };
        [
            ("chapter 5", Self::Plain),
            ("in place", Self::InPlace),
            ("tiles", Self::Kernels(tiles)),
            ("vectors", Self::Kernels(vectors)),
            ("no blank pixels", Self::Kernels(Kernels::new(width))),
        ]
    }
}

/// A version at work on a network.
struct Contender {
    network: Network<f32>,
    optimiser: plain::Optimiser<f32>,
    at_work: AtWork,
}

enum AtWork {
    Plain,
    InPlace(InPlace),
    Kernels(Box<Stepper>),
}

impl Contender {
    fn new(network: Network<f32>, mini_batch: usize, version: Version) -> Self {
        let optimiser = Method::Adam.begin(&network, 0.0);
        let at_work = match version {
            Version::Plain => AtWork::Plain,
            Version::InPlace => AtWork::InPlace(InPlace::new(&network, mini_batch)),
            Version::Kernels(kernels) => {
                AtWork::Kernels(Box::new(Stepper::new(&network, &optimiser, mini_batch, kernels)))
            }
        };
        Self { network, optimiser, at_work }
    }

    /// Learns from some mini-batches.
    fn learn(&mut self, examples: &Examples<f32>, order: &[usize], mini_batch: usize) {
        let Self { network, optimiser, at_work } = self;
        let sizes = StepSizes { learning_rate: 1e-3, l2: 0.0 };
        let batches = order.chunks(mini_batch);
        match at_work {
            AtWork::Plain => batches.for_each(|chosen| {
                plain::Backprop { network, optimiser }.step(examples, chosen, sizes);
            }),
            AtWork::InPlace(version) => batches.for_each(|chosen| {
                version.step(network, optimiser, examples, chosen, sizes);
            }),
            AtWork::Kernels(stepper) => batches.for_each(|chosen| {
                stepper.step(examples, chosen, sizes);
            }),
        }
    }

    /// The network as it is now.
    fn network(mut self) -> Network<f32> {
        if let AtWork::Kernels(stepper) = &mut self.at_work {
            stepper.write_to(&mut self.network, &mut self.optimiser);
        }
        self.network
    }
}

/// Digits, and the cores to run on.
pub struct Benchmark<'a> {
    digits: Digits,
    examples: Examples<f32>,
    order: Vec<usize>,
    /// One core.
    pub one: ThreadPool,
    /// All of them.
    pub all: ThreadPool,
    /// Digits that the last version learns from on one core in [`SLICE_SECONDS`].
    slice: usize,
    course: &'a Course<'a>,
}

impl<'a> Benchmark<'a> {
    pub fn new(digits: &Digits, course: &'a Course) -> Self {
        let mut benchmark = Self {
            digits: digits.clone(),
            examples: Examples::of_digits(digits, scale_to_unit),
            order: shuffled(digits.len(), &mut stream(course.seed, Purpose::Order)),
            one: cores(1),
            all: cores(rayon::current_num_threads()),
            slice: 0,
            course,
        };
        let mut last =
            benchmark.contender(&SIZES, MINI_BATCH, Version::Kernels(Kernels::default()));
        let few = 4 * MINI_BATCH;
        let time = |_| benchmark.seconds(&benchmark.one, &mut last, few, MINI_BATCH);
        let digits_per_second = few as f64 / (0..3).map(time).fold(f64::INFINITY, f64::min);
        benchmark.slice = benchmark.whole_batches(digits_per_second * SLICE_SECONDS);
        benchmark
    }

    fn whole_batches(&self, digits: f64) -> usize {
        let batches = (digits / MINI_BATCH as f64).ceil().max(2.0) as usize;
        (batches * MINI_BATCH).min(self.order.len())
    }

    pub fn tell(&self, done: usize) {
        (self.course.watch)(&Step { task: "measured", unit: "part", done, total: 6, cost: None });
    }

    /// Layers from as many pixels as there are.
    pub fn sizes(&self, sizes: &[usize]) -> Vec<usize> {
        [&[self.digits.pixels.ncols()], &sizes[1..]].concat()
    }

    fn contender(&self, sizes: &[usize], mini_batch: usize, version: Version) -> Contender {
        let mut rng = stream(self.course.seed, Purpose::Weights);
        let (activation, start) = (Activation::Relu, Initialisation::He);
        let network = Network::random(&self.sizes(sizes), activation, start, &mut rng);
        Contender::new(network, mini_batch, version)
    }

    /// Each version in turn, round after round, so that a noisy moment is noisy for all.
    pub fn ladder(&self) -> Vec<Rung> {
        let versions = Version::ladder(Width::in_use());
        let mut contenders =
            versions.map(|(_, version)| self.contender(&SIZES, MINI_BATCH, version));
        let mut best = versions.map(|_| [f64::INFINITY; 2]);
        for _ in 0..ROUNDS {
            for (contender, best) in contenders.iter_mut().zip(&mut best) {
                for (pool, best) in [&self.one, &self.all].into_iter().zip(best) {
                    *best = best.min(self.seconds(pool, contender, self.slice, MINI_BATCH));
                }
            }
        }
        let scale = EPOCH as f64 / self.slice as f64;
        let rung = |((name, _), [one, all]): ((&str, Version), [f64; 2])| Rung {
            name: name.to_owned(),
            one_core: one * scale,
            all_cores: all * scale,
            share_of_peak: f64::NAN,
        };
        versions.into_iter().zip(best).map(rung).collect()
    }

    /// Seconds in which a contender learns from the first `count` digits.
    fn seconds(
        &self,
        pool: &ThreadPool,
        contender: &mut Contender,
        count: usize,
        mini_batch: usize,
    ) -> f64 {
        let order = &self.order[..count.min(self.order.len())];
        pool.install(|| shortest(1, || contender.learn(&self.examples, order, mini_batch)))
    }

    /// The last version on all cores: the shorter time of two slices of `count` digits, scaled to as
    /// many as are asked for.
    fn timed(&self, sizes: &[usize], mini_batch: usize, count: usize, scaled_to: usize) -> f64 {
        let mut contender = self.contender(sizes, mini_batch, Version::Kernels(Kernels::default()));
        let time = |_| self.seconds(&self.all, &mut contender, count, mini_batch);
        let best = (0..2).map(time).fold(f64::INFINITY, f64::min);
        best * scaled_to as f64 / count.min(self.order.len()) as f64
    }

    pub fn mini_batches_of(&self, count: usize) -> Timed {
        // Small mini-batches take several times as long
        let digits = self.whole_batches((self.slice * count) as f64 / MINI_BATCH as f64);
        let seconds =
            self.timed(&SIZES, count, digits.clamp(4 * count, self.slice.max(4 * count)), EPOCH);
        Timed { count, seconds, operations: operations(&self.sizes(&SIZES), EPOCH) }
    }

    pub fn width_of(&self, count: usize) -> Timed {
        let sizes = [SIZES[0], count, count, 10];
        let [these, usual] =
            [&sizes[..], &SIZES].map(|sizes| operations(&self.sizes(sizes), EPOCH));
        let digits = self.whole_batches(self.slice as f64 * (usual / these).min(4.0));
        let seconds = self.timed(&sizes, MINI_BATCH, digits, EPOCH);
        Timed { count, seconds, operations: these }
    }

    /// For `share` of as many digits as are learned from in half a second or so.
    pub fn examples_of(&self, share: f64) -> Timed {
        let count = self.whole_batches(8.0 * share * self.slice as f64);
        let seconds = self.timed(&SIZES, MINI_BATCH, count, count);
        Timed { count, seconds, operations: operations(&self.sizes(&SIZES), count) }
    }

    /// Seconds in which one digit after the other is read, each by itself.
    pub fn one_digit(&self) -> f64 {
        const COUNT: usize = 300;
        let network = self.contender(&SIZES, MINI_BATCH, Version::Plain).network;
        let x = scale_to_unit(self.digits.range(0..COUNT).pixels.view());
        let read =
            || x.rows().into_iter().for_each(|x| drop(black_box(logits_of_one(&network, x))));
        shortest(5, read) / x.nrows() as f64
    }

    /// How far the last version is from chapter 5's code after a slice, as a share of the weights.
    pub fn difference(&self) -> f64 {
        let learned = |version| {
            let mut contender = self.contender(&SIZES, MINI_BATCH, version);
            self.seconds(&self.all, &mut contender, STEPS_COMPARED * MINI_BATCH, MINI_BATCH);
            contender.network()
        };
        let [plain, fast] = [Version::Plain, Version::Kernels(Kernels::default())].map(learned);
        let pairs = plain.layers.iter().zip(&fast.layers).flat_map(|(p, f)| p.w.iter().zip(&f.w));
        let [apart, size] = pairs.fold([0.0, 0.0], |[apart, size], (p, f)| {
            [apart + f64::from(p - f).powi(2), size + f64::from(*p).powi(2)]
        });
        (apart / size).sqrt()
    }
}

/// After so many steps the versions are compared; each step magnifies what the last one rounded.
const STEPS_COMPARED: usize = 10;

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
