use super::{
    stopwatch::{bandwidth, peak, processor, seconds_of_product, seconds_of_update},
    track::{EPOCH, MINI_BATCH, SIZES, Track, operations, weights},
};
use crate::{
    Error,
    chapters::{Adjustable, Course, Experiment},
    report::{Finding, Tolerance},
};
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
    /// Seconds per epoch that the products of a step take on one core, each by itself.
    pub products_alone: f64,
    /// Seconds per epoch that Adam takes on one core by itself, once it has the gradient.
    pub update_alone: f64,
    /// Microseconds in which one digit is read, by itself, on one core.
    pub one_digit: f64,
    /// The products of a step, on one core.
    pub products: Vec<ProductSpeed>,
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

/// The most digits that are learned from while the clock runs.
const LARGEST: usize = 16_000;

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
        ("products_alone", Tolerance::Anything),
        ("update_alone", Tolerance::Anything),
        ("one_digit", Tolerance::Anything),
        ("products", Tolerance::Anything),
        ("by_mini_batch", Tolerance::Anything),
        ("by_width", Tolerance::Anything),
        ("by_examples", Tolerance::Anything),
    ];

    fn run(course: &Course) -> Result<Self, Error> {
        let digits = course.digits(LARGEST, 0)?.train;
        let track = Track::new(&digits, course);
        let sizes = track.sizes(&SIZES);
        let rungs = track.ladder();
        track.tell(2);
        let by_mini_batch = [8, 16, 32, 64, 128, 256, 512].map(|m| track.mini_batches_of(m));
        track.tell(3);
        let by_width = [64, 128, 256, 512, 1024].map(|width| track.width_of(width));
        let by_examples = [2000, 4000, 8000, LARGEST].map(|count| track.examples_of(count));
        let products = track.one.install(|| products(&sizes));
        let update = track.one.install(|| seconds_of_update(weights(&sizes).sum(), 20));
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
            operations: operations(&sizes, EPOCH),
            difference: track.difference(),
            peak,
            bandwidth: track.one.install(bandwidth) / 1e9,
            rungs: share_of_peak(rungs, peak[0], operations(&sizes, EPOCH)),
            products_alone: steps() * products.iter().map(|product| product.seconds).sum::<f64>(),
            update_alone: update * steps(),
            one_digit: 1e6 * track.one.install(|| track.one_digit()),
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

fn share_of_peak(rungs: Vec<Pace>, peak: f64, operations: f64) -> Vec<Pace> {
    let share = |pace: Pace| Pace { share_of_peak: operations / pace.one_core / peak, ..pace };
    rungs.into_iter().map(share).collect()
}

/// Every product of a step, by itself.
fn products(sizes: &[usize]) -> Vec<ProductSpeed> {
    let pairs = sizes.windows(2).enumerate();
    let of_layer = |(l, pair): (usize, &[usize])| {
        let (m, [n, k]) = (MINI_BATCH, [pair[0], pair[1]]);
        let layer = format!("{n} to {k}");
        let forward = product_of(format!("forward, {layer}"), [k, n, m]);
        let gradient = product_of(format!("gradient, {layer}"), [k, m, n]);
        let back = (l > 0).then(|| product_of(format!("back, {layer}"), [n, k, m]));
        [Some(forward), Some(gradient), back].into_iter().flatten()
    };
    pairs.flat_map(of_layer).collect()
}

fn product_of(name: String, [m, k, n]: [usize; 3]) -> ProductSpeed {
    let operations = 2.0 * (m * k * n) as f64;
    let bytes = 4.0 * (m * k + k * n + m * n) as f64;
    let seconds = seconds_of_product([m, k, n], 20);
    let speed = operations / seconds / 1e9;
    ProductSpeed { name, intensity: operations / bytes, speed, seconds }
}

/// Of an epoch.
fn steps() -> f64 {
    EPOCH as f64 / MINI_BATCH as f64
}
