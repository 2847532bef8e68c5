use super::{
    ahead,
    distortion::{Amounts, Distortion},
    experiment_evidence::{field, forty_ways, times},
    report::{Report, Run},
};
use crate::{
    Course, CourseError, Experiment, Setting,
    chapter_05_mnist::{Activation, Examples, Initialisation, Method, Network, Schedule, Training},
    chapter_06_speed::{Stepper, TrainingStep, Width, judge},
    dataset::{DigitSet, scale_to_unit, split},
    metrics::mean_and_deviation,
    progress::Step,
    random::{Purpose, seeds, stream},
    report::{Finding, Tolerance},
};
use rayon::prelude::*;

/// Digits to learn from, at most: few enough for the whole chapter to take seconds.
const TRAIN: usize = 10_000;
/// Digits that settings could be chosen on.
const VALIDATION: usize = 2000;
const TEST: usize = 10_000;
const HIDDEN: usize = 100;
const EPOCHS: usize = 15;
const MINI_BATCH: usize = 50;
const LEARNING_RATE: f64 = 2e-3;
const CLASSES: usize = 10;
/// Fewer digits than this are too few to learn handwriting from.
const FEWEST: usize = 100;

impl Experiment for Report {
    const NUMBER: usize = 7;
    const TITLE: &'static str = "Data augmentation";
    const ADJUSTABLE: &'static [Setting] = &[Setting::HIDDEN, Setting::EPOCHS, Setting::SEEDS];
    // Thousands of steps in single precision: another processor trains another network, and one as good
    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[
        ("runs", Tolerance::Anything),
        ("runs.errors", Tolerance::Absolute(0.008)),
        ("runs.name", Tolerance::Absolute(0.0)),
        ("distorted", Tolerance::Anything),
        ("field", Tolerance::Anything),
        ("times", Tolerance::Anything),
    ];
    const BOOK_SEEDS: Option<usize> = Some(3);

    fn run(course: &Course) -> Result<Self, CourseError> {
        // Digits: some to learn from, some to validate on, others to test on
        let set = course.digits(TRAIN + VALIDATION, TEST)?;
        let found = set.train.len();
        CourseError::unless(found >= FEWEST, "number of training digits", "at least 100", found)?;
        let DigitSet { name: source, train: digits, test, .. } = set;
        let held_out = VALIDATION.min(found / 6);
        let (train, validation) = split(found, held_out, &mut stream(course.seed, Purpose::Split));
        let [train, validation] = [train, validation].map(|chosen| digits.select(&chosen));

        // The same network, with each kind of distortion and with all
        let task = Task {
            hidden: course.overrides.hidden.unwrap_or(HIDDEN),
            training: Training { epochs: course.overrides.epochs.unwrap_or(EPOCHS), ..TRAINING },
            size: train.size,
            examples: [&train, &validation, &test].map(|d| Examples::of_digits(d, scale_to_unit)),
        };
        let runs = kinds().into_par_iter().map(|(name, amounts)| task.run(course, name, amounts));
        let runs: Vec<Run> = runs.collect::<Result<_, CourseError>>()?;

        let (original, distorted) = forty_ways(course.seed);
        Ok(Self {
            source,
            learned_from: train.len(),
            validation: validation.len(),
            tested_on: test.len(),
            sizes: task.sizes().map(|size| size.to_string()).join("-"),
            mini_batch: MINI_BATCH,
            learning_rate: LEARNING_RATE,
            runs,
            original,
            distorted,
            field: field(course.seed),
            times: times(&train, course.seed)?,
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let of = |run: Option<&Run>| run.map_or(f64::NAN, |run| mean_and_deviation(&run.errors).0);
        vec![Finding::new(
            format!(
                "{}, test error on {}, digits as they are or distorted",
                self.sizes, self.source
            ),
            "no claim",
            format!(
                "{:.2} or {:.2} %",
                100.0 * of(self.runs.first()),
                100.0 * of(self.runs.last())
            ),
        )]
    }
}

/// How the networks learn.
const TRAINING: Training = Training {
    epochs: EPOCHS,
    mini_batch: MINI_BATCH,
    method: Method::Adam,
    learning_rate: LEARNING_RATE,
    schedule: Schedule::LinearToZero,
    weight_decay: 0.0,
    lambda: 0.0,
    error_threshold: None,
};

/// What is done to the digits: nothing, one thing at a time, everything.
fn kinds() -> [(&'static str, Amounts); 5] {
    let (none, all) = (Amounts::NONE, Amounts::DIGITS);
    [
        ("as they are", none),
        ("shifted", Amounts { shift: all.shift, ..none }),
        ("turned and scaled", Amounts { angle: all.angle, scale: all.scale, ..none }),
        ("bent", Amounts { alpha: all.alpha, ..none }),
        ("all of it", all),
    ]
}

/// The network and the digits that all runs share.
struct Task {
    hidden: usize,
    training: Training,
    size: (usize, usize),
    /// To learn from, to validate on and to test on.
    examples: [Examples<f32>; 3],
}

impl Task {
    fn sizes(&self) -> [usize; 3] {
        [self.size.0 * self.size.1, self.hidden, CLASSES]
    }

    /// Trains a network with each seed on digits distorted by so much.
    fn run(&self, course: &Course, name: &str, amounts: Amounts) -> Result<Run, CourseError> {
        let mut run = Run {
            name: name.to_owned(),
            amounts,
            costs: Vec::new(),
            validation_errors: Vec::new(),
            errors: Vec::new(),
        };
        for seed in seeds(course.seed, course.overrides.seeds.unwrap_or(1)) {
            let task = format!("digits {name}, seed {seed}");
            let [costs, validation_errors] = self.train(course, &task, seed, &mut run)?;
            if run.errors.len() == 1 {
                (run.costs, run.validation_errors) = (costs, validation_errors);
            }
        }
        Ok(run)
    }

    /// Trains one network, and judges it: its test error goes into `run`; returns the cost and the
    /// validation error of each epoch.
    fn train(
        &self,
        course: &Course,
        task: &str,
        seed: u64,
        run: &mut Run,
    ) -> Result<[Vec<f64>; 2], CourseError> {
        let [train, validation, test] = &self.examples;
        let mut weights = stream(seed, Purpose::Weights);
        let (activation, start) = (Activation::Relu, Initialisation::He);
        let mut network = Network::random(&self.sizes(), activation, start, &mut weights);
        let mut optimiser = self.training.method.begin(&network, 0.0);
        let mut stepper = Stepper::new(&network, &optimiser, MINI_BATCH, Width::in_use());
        let distortion = Distortion::new(run.amounts, self.size, seed);
        let mut order = stream(seed, Purpose::Order);
        let (mut costs, mut errors) = (Vec::new(), Vec::new());
        for before in 0..self.training.epochs {
            let digits = (train, &distortion);
            let training = &self.training;
            let each = ahead::epoch(training, before, task, digits, &mut stepper, &mut order)?;
            stepper.write_to(&mut network, &mut optimiser);
            let cost = each.iter().sum::<f64>() / each.len() as f64;
            costs.push(cost);
            errors.push(judge(&network, validation).1);
            let (done, total) = (before + 1, self.training.epochs);
            (course.watch)(&Step { task, unit: "epoch", done, total, cost: Some(cost) });
        }
        run.errors.push(judge(&network, test).1);
        Ok([costs, errors])
    }
}
