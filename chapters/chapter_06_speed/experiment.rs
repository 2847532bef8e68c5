use super::{
    benchmark::Benchmark,
    growth,
    operations::{EPOCH, MINI_BATCH, SIZES, operations, weights},
    products::by_width,
    report::{Report, VariantTimes},
    stopwatch::{bandwidth, processor, seconds_of_update},
    width::Width,
};
use crate::{
    Course, CourseError, Experiment, Setting,
    report::{Finding, Tolerance},
};

/// The most digits that are learned from while the clock runs.
const LARGEST: usize = 16_000;

impl Experiment for Report {
    const NUMBER: usize = 6;
    const TITLE: &'static str = "Performance";
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

    fn run(course: &Course) -> Result<Self, CourseError> {
        let digits = course.digits(LARGEST, 0)?.train;
        let benchmark = Benchmark::new(&digits, course);
        let sizes = benchmark.sizes(&SIZES);
        // The ladder: each version of the training step, in turn
        let rungs = benchmark.ladder();
        benchmark.tell(1);
        // How time grows with the mini-batch, the network and the examples
        let by_mini_batch =
            [8, 16, 32, 64, 128, 256, 512].map(|m| growth::with_mini_batch(&benchmark, m));
        benchmark.tell(2);
        let of_width =
            [64, 128, 256, 512, 1024].map(|width| growth::with_hidden_width(&benchmark, width));
        benchmark.tell(3);
        let by_examples =
            [0.125, 0.25, 0.5, 1.0].map(|share| growth::with_examples(&benchmark, share));
        benchmark.tell(4);
        // The matrix products alone, Adam alone, and the peak
        let widths = benchmark.one.install(|| by_width(&sizes));
        benchmark.tell(5);
        let update = || seconds_of_update(weights(&sizes).sum(), 20, Width::in_use());
        let vectors = Width::in_use().to_string();
        let in_use =
            widths.iter().find(|of| of.width == vectors).expect("measured with the others");
        let (peak, products) = (in_use.peak, in_use.milliseconds / 1e3);
        // All times scaled up to an epoch
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
        let seconds = |rung: Option<&VariantTimes>| rung.map_or(f64::NAN, |rung| rung.all_cores);
        vec![Finding::new(
            format!("{}, an epoch of {} digits, scaled up from a slice", self.sizes, self.epoch),
            "no claim",
            format!(
                "{:.2} s with {} vectors; {:.2} s with chapter 5’s code",
                seconds(last),
                self.vectors,
                seconds(first)
            ),
        )]
    }
}

fn share_of_peak(rungs: Vec<VariantTimes>, peak: f64, operations: f64) -> Vec<VariantTimes> {
    let share = |rung: VariantTimes| VariantTimes {
        share_of_peak: operations / rung.one_core / peak,
        ..rung
    };
    rungs.into_iter().map(share).collect()
}

/// The steps of an epoch.
fn steps() -> f64 {
    EPOCH as f64 / MINI_BATCH as f64
}
