use super::{
    rung::Rung,
    stopwatch::{Contender, bandwidth, cores, peak, processor, seconds_of_product, shortest},
};
use crate::{
    Error,
    chapters::{
        Adjustable, Course, Experiment,
        chapter_05_mnist::{Activation, Examples, Initialisation, Network, Rows},
    },
    dataset::{Digits, scale_to_unit, shuffled},
    progress::Step,
    random::{Purpose, stream},
    report::{Finding, Tolerance},
};
use ndarray::Array2;
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};

/// What chapter 6 found out. Its times are those of the machine that made it.
///
/// [In the book](../../../../book/chapter_06.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Which processor.
    pub processor: String,
    /// How many of its cores.
    pub cores: usize,
    /// Layers of the network.
    pub sizes: String,
    /// Examples shown at once.
    pub mini_batch: usize,
    /// Examples of an epoch: as many as MNIST has.
    pub epoch: usize,
    /// Additions and multiplications of the matrix products of an epoch, in units of 10⁹.
    pub operations: f64,
    /// How far the weights of the last rung are from chapter 5's after some steps, as a share.
    pub difference: f64,
    /// 10⁹ operations per second that matrix products reach at best, on one core and on all.
    pub peak: [f64; 2],
    /// 10⁹ bytes per second that a loop can read and write on one core.
    pub bandwidth: f64,
    /// Chapter 5's code, and each rung of the ladder.
    pub rungs: Vec<Pace>,
    /// The products of a step, on one core.
    pub products: Vec<Product>,
    /// Seconds per epoch on all cores, for mini-batches of different size.
    pub by_mini_batch: Vec<Timed>,
    /// The same for two hidden layers of different width.
    pub by_width: Vec<Timed>,
    /// Seconds that different numbers of examples take.
    pub by_examples: Vec<Timed>,
}

/// How fast a rung is.
///
/// [In the book](../../../../book/chapter_06.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct Pace {
    /// What is new on it.
    pub name: String,
    /// Seconds per epoch on one core.
    pub one_core: f64,
    /// Seconds per epoch on all.
    pub all_cores: f64,
    /// The share of one core's peak that it reaches.
    pub share_of_peak: f64,
}

/// How fast one product is.
///
/// [In the book](../../../../book/chapter_06.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct Product {
    /// Which, such as `forward, 784 to 500`.
    pub name: String,
    /// Operations for each byte that has to be read or written at least once.
    pub intensity: f64,
    /// 10⁹ operations per second.
    pub speed: f64,
}

/// How long something takes.
///
/// [In the book](../../../../book/chapter_06.html)
#[derive(Clone, Copy, Deserialize, Serialize)]
pub struct Timed {
    /// How many there are of what is varied.
    pub count: usize,
    /// Seconds that it takes.
    pub seconds: f64,
    /// 10⁹ operations of the matrix products.
    pub operations: f64,
}

const SIZES: [usize; 5] = [784, 500, 600, 300, 10];
const MINI_BATCH: usize = 128;
/// Digits in an epoch of MNIST.
const EPOCH: usize = 60_000;
/// Digits that are really learned from while the clock runs, and how often.
const SLICE: usize = 20 * MINI_BATCH;
const ROUNDS: usize = 4;

impl Experiment for Report {
    const NUMBER: usize = 6;
    const TITLE: &'static str = "As fast as the machine allows";
    const ADJUSTABLE: &'static [Adjustable] = &[];
    // Times are those of another machine, or of another moment.
    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[
        ("processor", Tolerance::Anything),
        ("cores", Tolerance::Anything),
        ("difference", Tolerance::Anything),
        ("peak", Tolerance::Anything),
        ("bandwidth", Tolerance::Anything),
        ("rungs", Tolerance::Anything),
        ("products", Tolerance::Anything),
        ("by_mini_batch", Tolerance::Anything),
        ("by_width", Tolerance::Anything),
        ("by_examples", Tolerance::Anything),
    ];

    fn run(course: &Course) -> Result<Self, Error> {
        let digits = course.digits(LARGEST, 0)?.train;
        let track = Track::new(&digits, course);
        let rungs = track.ladder();
        track.tell(2);
        let by_mini_batch = [8, 16, 32, 64, 128, 256, 512].map(|m| track.mini_batches_of(m));
        track.tell(3);
        let by_width = [64, 128, 256, 512, 1024].map(|width| track.width_of(width));
        let by_examples = [2000, 4000, 8000, LARGEST].map(|count| track.examples_of(count));
        let products = track.one.install(|| products(&track.sizes(&SIZES)));
        let fastest = products.iter().map(|product| product.speed).fold(0.0, f64::max);
        let [one, all] = [&track.one, &track.all].map(|pool| peak(pool) / 1e9);
        let peak = [one.max(fastest), all.max(fastest)];
        track.tell(4);
        Ok(Self {
            processor: processor(),
            cores: track.all.current_num_threads(),
            sizes: SIZES.map(|size| size.to_string()).join("-"),
            mini_batch: MINI_BATCH,
            epoch: EPOCH,
            operations: operations(&track.sizes(&SIZES), EPOCH),
            difference: track.difference(),
            peak,
            bandwidth: track.one.install(bandwidth) / 1e9,
            rungs: share_of_peak(rungs, peak[0], operations(&track.sizes(&SIZES), EPOCH)),
            products,
            by_mini_batch: by_mini_batch.to_vec(),
            by_width: by_width.to_vec(),
            by_examples: by_examples.to_vec(),
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let [first, last] = [self.rungs.first(), self.rungs.last()];
        let seconds = |pace: Option<&Pace>| pace.map_or(f64::NAN, |pace| pace.all_cores);
        vec![Finding::new(
            format!("{}, an epoch of {} digits", self.sizes, self.epoch),
            "no claim",
            format!("{:.2} s; plainly {:.2} s", seconds(last), seconds(first)),
        )]
    }

    #[cfg(feature = "figures")]
    fn figures(&self) -> Vec<crate::figure::Figure> {
        super::figures::figures(self)
    }
}

/// The most digits that are learned from while the clock runs.
const LARGEST: usize = 16_000;

/// Digits, and the cores to run on.
struct Track<'a> {
    pixels: Array2<u8>,
    labels: Vec<usize>,
    order: Vec<usize>,
    one: ThreadPool,
    all: ThreadPool,
    course: &'a Course<'a>,
}

impl<'a> Track<'a> {
    fn new(digits: &Digits, course: &'a Course) -> Self {
        let (m, rows, columns) = digits.images.dim();
        let pixels = digits.images.to_shape((m, rows * columns));
        Self {
            pixels: pixels.expect("a picture is as long as its pixels").into_owned(),
            labels: digits.labels.iter().map(|&label| label.into()).collect(),
            order: shuffled(m, &mut stream(course.seed, Purpose::Order)),
            one: cores(1),
            all: cores(rayon::current_num_threads()),
            course,
        }
    }

    fn tell(&self, done: usize) {
        (self.course.watch)(&Step { task: "the ladder", unit: "part", done, total: 4, cost: None });
    }

    fn examples(&self) -> Examples<'_, f32> {
        let rows = Rows::Pixels { pixels: self.pixels.view(), scale: scale_to_unit };
        Examples { rows, labels: &self.labels }
    }

    /// Layers from as many pixels as there are.
    fn sizes(&self, sizes: &[usize]) -> Vec<usize> {
        [&[self.pixels.ncols()], &sizes[1..]].concat()
    }

    fn contender(&self, sizes: &[usize], mini_batch: usize, rung: Option<Rung>) -> Contender {
        let mut rng = stream(self.course.seed, Purpose::Weights);
        let (activation, start) = (Activation::Relu, Initialisation::He);
        let network = Network::random(&self.sizes(sizes), activation, start, &mut rng);
        Contender::new(network, mini_batch, rung)
    }

    /// Each contender in turn, round after round, so that a noisy moment is noisy for all.
    fn ladder(&self) -> Vec<Pace> {
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

    fn mini_batches_of(&self, count: usize) -> Timed {
        let seconds = self.timed(&SIZES, count, SLICE, EPOCH);
        Timed { count, seconds, operations: operations(&self.sizes(&SIZES), EPOCH) }
    }

    fn width_of(&self, count: usize) -> Timed {
        let sizes = [SIZES[0], count, count, 10];
        let seconds = self.timed(&sizes, MINI_BATCH, SLICE, EPOCH);
        Timed { count, seconds, operations: operations(&self.sizes(&sizes), EPOCH) }
    }

    fn examples_of(&self, count: usize) -> Timed {
        let count = count.min(self.order.len());
        let seconds = self.timed(&SIZES, MINI_BATCH, count, count);
        Timed { count, seconds, operations: operations(&self.sizes(&SIZES), count) }
    }

    /// How far the last rung is from chapter 5's code after a slice, as a share of the weights.
    fn difference(&self) -> f64 {
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
        Some(Rung::Product) => "better product",
        Some(Rung::Vectors) => "wide vectors",
    }
}

/// Three products for each layer, and two for the first, whose input needs no gradient; in units of
/// 10⁹ operations.
// ANCHOR: operations
fn operations(sizes: &[usize], examples: usize) -> f64 {
    let weights = sizes.windows(2).map(|pair| pair[0] * pair[1]);
    let products = weights.enumerate().map(|(l, weights)| if l > 0 { 3 } else { 2 } * weights);
    2e-9 * (products.sum::<usize>() * examples) as f64
}
// ANCHOR_END: operations

fn share_of_peak(rungs: Vec<Pace>, peak: f64, operations: f64) -> Vec<Pace> {
    let share = |pace: Pace| Pace { share_of_peak: operations / pace.one_core / peak, ..pace };
    rungs.into_iter().map(share).collect()
}

/// Every product of a step, by itself.
fn products(sizes: &[usize]) -> Vec<Product> {
    let pairs = sizes.windows(2).enumerate();
    let of_layer = |(l, pair): (usize, &[usize])| {
        let (m, [n, k]) = (MINI_BATCH, [pair[0], pair[1]]);
        let layer = format!("{n} to {k}");
        let forward = product_of(format!("forward, {layer}"), [m, n, k]);
        let gradient = product_of(format!("gradient, {layer}"), [n, m, k]);
        let back = (l > 0).then(|| product_of(format!("back, {layer}"), [m, k, n]));
        [Some(forward), Some(gradient), back].into_iter().flatten()
    };
    pairs.flat_map(of_layer).collect()
}

fn product_of(name: String, [m, k, n]: [usize; 3]) -> Product {
    let operations = 2.0 * (m * k * n) as f64;
    let bytes = 4.0 * (m * k + k * n + m * n) as f64;
    let speed = operations / seconds_of_product([m, k, n], 20) / 1e9;
    Product { name, intensity: operations / bytes, speed }
}

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
