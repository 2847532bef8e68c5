use super::{
    benchmark::{Benchmark, EPOCH, MINI_BATCH, SIZES, operations, weights},
    kernels::Kernels,
    products::by_width,
    stopwatch::{bandwidth, processor, seconds_of_update},
    width::Width,
};
use crate::{
    Course, Error, Experiment, Setting,
    report::{Finding, Tolerance},
};
use serde::{Deserialize, Serialize};

/// What chapter 6 found out. Its times are those of the machine that made it.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Which processor.
    pub processor: String,
    /// The width of the vectors in use.
    pub vectors: String,
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
    /// 10⁹ operations per second that one core reaches at most with the vectors in use.
    pub peak: f64,
    /// 10⁹ bytes per second that a loop can read and write on one core.
    pub bandwidth: f64,
    /// Chapter 5's code, and each rung of the ladder.
    pub rungs: Vec<Rung>,
    /// Seconds per epoch that the products of a step take on one core, each by itself.
    pub products_alone: f64,
    /// Seconds per epoch that Adam takes on one core by itself, once it has the gradient.
    pub update_alone: f64,
    /// Microseconds in which one digit is read, by itself, on one core.
    pub one_digit: f64,
    /// The products of a step on one core, at each width of vectors that the processor has, the
    /// narrowest first.
    pub widths: Vec<OfWidth>,
    /// Seconds per epoch on all cores, for mini-batches of different size.
    pub by_mini_batch: Vec<Timed>,
    /// The same for two hidden layers of different width.
    pub by_width: Vec<Timed>,
    /// Seconds that different numbers of examples take.
    pub by_examples: Vec<Timed>,
}

/// How fast a rung is.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct Rung {
    /// What is new on it.
    pub name: String,
    /// Seconds per epoch on one core.
    pub one_core: f64,
    /// Seconds per epoch on all.
    pub all_cores: f64,
    /// The share of one core's peak that it reaches.
    pub share_of_peak: f64,
}

/// How fast the products of a step are at one width of vectors, on one core.
///
/// [In the book](../../../book/chapter_06.html#which-vectors)
#[derive(Clone, Deserialize, Serialize)]
pub struct OfWidth {
    /// Which width, such as `avx2`.
    pub width: String,
    /// 10⁹ operations per second of independent multiply-adds.
    pub peak: f64,
    /// How long all products of a step take.
    pub milliseconds: f64,
    /// How long `ndarray` takes for them, in the same minute, with the vectors that it chooses.
    pub ndarray_milliseconds: f64,
    /// The share of the peak that they reach.
    pub share_of_peak: f64,
    /// The same of the products forward, back and for the gradient.
    pub share_by_role: [f64; 3],
    /// Our time as a multiple of `ndarray`'s, of the same.
    pub against_ndarray_by_role: [f64; 3],
    /// Each product.
    pub products: Vec<ProductSpeed>,
}

/// How fast one product is.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct ProductSpeed {
    /// Which, such as `forward, 784 to 500`.
    pub name: String,
    /// Operations for each byte that has to be read or written at least once.
    pub intensity: f64,
    /// 10⁹ operations per second.
    pub speed: f64,
    /// How long it takes.
    pub seconds: f64,
}

/// How long something takes.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Clone, Copy, Deserialize, Serialize)]
pub struct Timed {
    /// How many there are of what is varied.
    pub count: usize,
    /// Seconds that it takes.
    pub seconds: f64,
    /// 10⁹ operations of the matrix products.
    pub operations: f64,
}

/// The most digits that are learned from while the clock runs.
const LARGEST: usize = 16_000;

impl Experiment for Report {
    const NUMBER: usize = 6;
    const TITLE: &'static str = "As fast as the machine allows";
    const ADJUSTABLE: &'static [Setting] = &[];
    // Times are those of another machine, or of another moment.
    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[
        ("processor", Tolerance::Anything),
        ("cores", Tolerance::Anything),
        ("vectors", Tolerance::Anything),
        ("difference", Tolerance::Anything),
        ("peak", Tolerance::Anything),
        ("bandwidth", Tolerance::Anything),
        ("rungs", Tolerance::Anything),
        ("products_alone", Tolerance::Anything),
        ("update_alone", Tolerance::Anything),
        ("one_digit", Tolerance::Anything),
        ("widths", Tolerance::Anything),
        ("by_mini_batch", Tolerance::Anything),
        ("by_width", Tolerance::Anything),
        ("by_examples", Tolerance::Anything),
    ];

    fn run(course: &Course) -> Result<Self, Error> {
        let digits = course.digits(LARGEST, 0)?.train;
        let benchmark = Benchmark::new(&digits, course);
        let sizes = benchmark.sizes(&SIZES);
        let rungs = benchmark.ladder();
        benchmark.tell(1);
        let by_mini_batch = [8, 16, 32, 64, 128, 256, 512].map(|m| benchmark.mini_batches_of(m));
        benchmark.tell(2);
        let of_width = [64, 128, 256, 512, 1024].map(|width| benchmark.width_of(width));
        benchmark.tell(3);
        let by_examples = [0.125, 0.25, 0.5, 1.0].map(|share| benchmark.examples_of(share));
        benchmark.tell(4);
        let widths = benchmark.one.install(|| by_width(&sizes));
        benchmark.tell(5);
        let update = || seconds_of_update(weights(&sizes).sum(), 20, Kernels::default());
        let vectors = Width::in_use().to_string();
        let in_use =
            widths.iter().find(|of| of.width == vectors).expect("measured with the others");
        let (peak, products) = (in_use.peak, in_use.milliseconds / 1e3);
        let report = Self {
            processor: processor(),
            vectors,
            cores: benchmark.all.current_num_threads(),
            sizes: SIZES.map(|size| size.to_string()).join("-"),
            mini_batch: MINI_BATCH,
            epoch: EPOCH,
            operations: operations(&sizes, EPOCH),
            difference: benchmark.difference(),
            peak,
            bandwidth: benchmark.one.install(bandwidth) / 1e9,
            rungs: share_of_peak(rungs, peak, operations(&sizes, EPOCH)),
            products_alone: steps() * products,
            update_alone: steps() * benchmark.one.install(update),
            one_digit: 1e6 * benchmark.one.install(|| benchmark.one_digit()),
            widths,
            by_mini_batch: by_mini_batch.to_vec(),
            by_width: of_width.to_vec(),
            by_examples: by_examples.to_vec(),
        };
        benchmark.tell(6);
        Ok(report)
    }

    fn findings(&self) -> Vec<Finding> {
        let [first, last] = [self.rungs.first(), self.rungs.last()];
        let seconds = |rung: Option<&Rung>| rung.map_or(f64::NAN, |rung| rung.all_cores);
        vec![Finding::new(
            format!("{}, an epoch of {} digits", self.sizes, self.epoch),
            "no claim",
            format!(
                "{:.2} s with {} vectors; plainly {:.2} s",
                seconds(last),
                self.vectors,
                seconds(first)
            ),
        )]
    }
}

fn share_of_peak(rungs: Vec<Rung>, peak: f64, operations: f64) -> Vec<Rung> {
    let share = |rung: Rung| Rung { share_of_peak: operations / rung.one_core / peak, ..rung };
    rungs.into_iter().map(share).collect()
}

/// Of an epoch.
fn steps() -> f64 {
    EPOCH as f64 / MINI_BATCH as f64
}
