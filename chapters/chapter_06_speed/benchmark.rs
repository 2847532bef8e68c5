//! Versions of the same training step, timed against one another.

use super::{
    ladder::{LADDER, Variant},
    one::logits_of_one,
    operations::{EPOCH, MINI_BATCH, SIZES},
    report::VariantTimes,
    stopwatch::{shortest, thread_pool},
    training_step::TrainingStep,
    width::Width,
};
use crate::{
    Course,
    chapter_05_mnist::{
        self as plain, Activation, Examples, Initialisation, Method, Network, StepSizes,
    },
    dataset::{Digits, scale_to_unit, shuffled},
    progress::Step,
    random::{Purpose, stream},
};
use rayon::ThreadPool;
use std::hint::black_box;

/// How many turns each version has.
const ROUNDS: usize = 4;
/// About how many seconds the last version learns in its turn. A slow machine learns from fewer digits,
/// so that the chapter takes equally long everywhere.
const SLICE_SECONDS: f64 = 0.1;

/// The fastest version.
const LAST: Variant = LADDER[LADDER.len() - 1];
/// The versions are compared after this many steps; each step magnifies the rounding of those before.
const STEPS_COMPARED: usize = 10;

/// A version of the training step at work on a network.
struct Contender {
    network: Network<f32>,
    optimiser: plain::Optimiser<f32>,
    version: Box<dyn TrainingStep>,
}

impl Contender {
    /// Learns from some mini-batches.
    fn learn(&mut self, examples: &Examples<f32>, order: &[usize], mini_batch: usize) {
        let step_sizes = StepSizes { learning_rate: 1e-3, l2: 0.0 };
        for chosen in order.chunks(mini_batch) {
            self.version.step(examples, chosen, step_sizes);
        }
    }

    /// The network as it is now.
    fn network(mut self) -> Network<f32> {
        self.version.write_to(&mut self.network, &mut self.optimiser);
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
    pub slice: usize,
    course: &'a Course<'a>,
}

impl<'a> Benchmark<'a> {
    pub fn new(digits: &Digits, course: &'a Course) -> Self {
        let mut benchmark = Self {
            digits: digits.clone(),
            examples: Examples::of_digits(digits, scale_to_unit),
            order: shuffled(digits.len(), &mut stream(course.seed, Purpose::Order)),
            one: thread_pool(1),
            all: thread_pool(rayon::current_num_threads()),
            slice: 0,
            course,
        };
        // How many digits the last version learns from while a slice of time passes
        let mut last = benchmark.contender(&SIZES, MINI_BATCH, LAST);
        let few = 4 * MINI_BATCH;
        let time = |_| benchmark.seconds(&benchmark.one, &mut last, few, MINI_BATCH);
        let digits_per_second = few as f64 / (0..3).map(time).fold(f64::INFINITY, f64::min);
        benchmark.slice = benchmark.whole_batches(digits_per_second * SLICE_SECONDS);
        benchmark
    }

    /// At least this many digits, in whole mini-batches; all of them, if there are fewer.
    pub fn whole_batches(&self, digits: f64) -> usize {
        let batches = (digits / MINI_BATCH as f64).ceil().max(2.0) as usize;
        (batches * MINI_BATCH).min(self.order.len())
    }

    pub fn tell(&self, done: usize) {
        (self.course.watch)(&Step { task: "measured", unit: "part", done, total: 6, cost: None });
    }

    /// Sizes of the layers, with an input for each pixel of these digits.
    pub fn sizes(&self, sizes: &[usize]) -> Vec<usize> {
        [&[self.digits.pixels.ncols()], &sizes[1..]].concat()
    }

    fn contender(&self, sizes: &[usize], mini_batch: usize, variant: Variant) -> Contender {
        let mut rng = stream(self.course.seed, Purpose::Weights);
        let (activation, start) = (Activation::Relu, Initialisation::He);
        let network = Network::random(&self.sizes(sizes), activation, start, &mut rng);
        let optimiser = Method::Adam.begin(&network, 0.0);
        let version = (variant.begin)(&network, &optimiser, mini_batch, Width::in_use());
        Contender { network, optimiser, version }
    }

    /// Each version in turn, round after round, so that a noisy moment is noisy for all.
    pub fn ladder(&self) -> Vec<VariantTimes> {
        let mut contenders = LADDER.map(|variant| self.contender(&SIZES, MINI_BATCH, variant));
        // The shortest seconds of each, on one core and on all
        let mut best = [[f64::INFINITY; 2]; LADDER.len()];
        for _ in 0..ROUNDS {
            for (contender, best) in contenders.iter_mut().zip(&mut best) {
                for (pool, best) in [&self.one, &self.all].into_iter().zip(best) {
                    *best = best.min(self.seconds(pool, contender, self.slice, MINI_BATCH));
                }
            }
        }
        // Scaled to an epoch
        let scale = EPOCH as f64 / self.slice as f64;
        let times = |(variant, [one, all]): (Variant, [f64; 2])| VariantTimes {
            name: variant.name.to_owned(),
            one_core: one * scale,
            all_cores: all * scale,
            share_of_peak: f64::NAN,
        };
        LADDER.into_iter().zip(best).map(times).collect()
    }

    /// Seconds that a contender takes to learn from the first `count` digits.
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

    /// The last version on all cores: the shorter time of two slices of `count` digits, scaled up to
    /// `scaled_to` digits.
    pub fn timed(&self, sizes: &[usize], mini_batch: usize, count: usize, scaled_to: usize) -> f64 {
        let mut contender = self.contender(sizes, mini_batch, LAST);
        let time = |_| self.seconds(&self.all, &mut contender, count, mini_batch);
        let best = (0..2).map(time).fold(f64::INFINITY, f64::min);
        best * scaled_to as f64 / count.min(self.order.len()) as f64
    }

    /// Seconds per digit when digits are read one at a time.
    pub fn one_digit(&self) -> f64 {
        const COUNT: usize = 300;
        let network = self.contender(&SIZES, MINI_BATCH, LADDER[0]).network;
        let x = scale_to_unit(self.digits.range(0..COUNT).pixels.view());
        let read =
            || x.rows().into_iter().for_each(|x| drop(black_box(logits_of_one(&network, x))));
        shortest(5, read) / x.nrows() as f64
    }

    /// How far the last version's weights are from those of chapter 5's code after a few steps, relative
    /// to their size.
    pub fn difference(&self) -> f64 {
        let learned = |variant| {
            let mut contender = self.contender(&SIZES, MINI_BATCH, variant);
            self.seconds(&self.all, &mut contender, STEPS_COMPARED * MINI_BATCH, MINI_BATCH);
            contender.network()
        };
        let [plain, fast] = [LADDER[0], LAST].map(learned);
        let pairs = plain.layers.iter().zip(&fast.layers).flat_map(|(p, f)| p.w.iter().zip(&f.w));
        let [apart, size] = pairs.fold([0.0, 0.0], |[apart, size], (p, f)| {
            [apart + f64::from(p - f).powi(2), size + f64::from(*p).powi(2)]
        });
        (apart / size).sqrt()
    }
}
