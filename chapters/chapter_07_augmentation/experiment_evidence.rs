//! The parts of the report that show distorted digits, and what they cost.

use super::{
    affine::Affine,
    ahead,
    distortion::{Amounts, Distortion},
    elastic::{Gaussian, rough},
    report::{Field, Times},
    sample::sample,
};
use crate::{
    CourseError,
    chapter_05_mnist::{Activation, Examples, Initialisation, Method, Network, Schedule, Training},
    chapter_06_speed::{Stepper, Width},
    dataset::{Digits, pen, scale_to_unit},
    random::{Purpose, stream},
    report::Raster,
};
use ndarray::{Array2, Axis};
use rayon::ThreadPoolBuilder;
use std::time::Instant;

/// Pictures on the page of the same digit.
const WAYS: usize = 40;

/// A penned digit, for pictures.
fn digit(label: usize, seed: u64) -> Digits {
    let digits = pen::pen_digits(100, seed);
    let found = digits.labels.iter().position(|&digit| digit == label);
    digits.select(&[found.expect("there is each digit among a hundred")])
}

/// A penned digit, and the same digit distorted in many ways.
pub fn forty_ways(seed: u64) -> (Raster, Vec<Raster>) {
    let digit = digit(3, seed);
    let distortion = Distortion::new(Amounts::DIGITS, digit.size, seed);
    let pixels = distortion.pictures(digit.pixels.view(), &[0; WAYS], 0);
    let pictures = Digits { pixels: pixels.into_shared(), labels: vec![3; WAYS], ..digit.clone() };
    let each = pictures.pictures();
    let each = each.axis_iter(Axis(0)).map(Raster::grey).collect();
    (Raster::grey(digit.picture(0)), each)
}

/// How a digit is bent, step by step.
pub fn field(seed: u64) -> Field {
    let digit = digit(5, seed);
    let Amounts { alpha, sigma, .. } = Amounts::DIGITS;
    let gaussian = Gaussian::new(sigma, digit.size);
    let mut rng = stream(seed, Purpose::Distortion);
    let rough = [(); 2].map(|()| rough(digit.size, &mut rng));
    let smooth = rough.each_ref().map(|rough| gaussian.smooth(rough));
    let displacement = smooth.each_ref().map(|smooth| smooth * alpha);
    let mut places = displacement.clone();
    Affine::turned(0.0, [1.0, 1.0], [0.0, 0.0]).add_places(&mut places);
    let signed = |field: &Array2<f32>| Raster::signed(field.mapv(f64::from).view());
    let [by_row, by_column] = &displacement;
    Field {
        rough: signed(&rough[0]),
        smooth: signed(&smooth[0]),
        displacement: by_row.iter().zip(by_column).map(|(&y, &x)| [y.into(), x.into()]).collect(),
        before: Raster::grey(digit.picture(0)),
        after: Raster::grey(sample(digit.picture(0), &places).view()),
    }
}

/// A network worth distorting digits for, and what is timed.
const SIZES: [usize; 3] = [800, 400, 10];
const MINI_BATCH: usize = 128;
const BATCHES: usize = 48;

/// What distortion costs beside learning.
pub fn times(digits: &Digits, seed: u64) -> Result<Times, CourseError> {
    let digits = digits.range(0..MINI_BATCH * BATCHES);
    let examples = Examples::of_digits(&digits, scale_to_unit);
    let sizes = [&[digits.pixels.ncols()], &SIZES[..]].concat();
    let mut weights = stream(seed, Purpose::Weights);
    let network = Network::random(&sizes, Activation::Relu, Initialisation::He, &mut weights);
    let training = Training {
        epochs: 1,
        mini_batch: MINI_BATCH,
        method: Method::Adam,
        learning_rate: 1e-3,
        schedule: Schedule::Constant,
        weight_decay: 0.0,
        lambda: 0.0,
        error_threshold: None,
    };
    let optimiser = training.method.begin(&network, 0.0);
    let mut stepper = Stepper::new(&network, &optimiser, MINI_BATCH, Width::in_use());
    let distortion = Distortion::new(Amounts::DIGITS, digits.size, seed);
    let order = || stream(seed, Purpose::Order);
    // One core: distortion alone, and steps alone
    let one = ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a machine that runs this has a thread to give");
    let all: Vec<usize> = (0..digits.len()).collect();
    let mut best = [f64::INFINITY; 4];
    let mut note = |what: usize, start: Instant| {
        best[what] = best[what].min(start.elapsed().as_secs_f64());
    };
    // In turns, and the shortest times count
    for _ in 0..4 {
        let start = Instant::now();
        one.install(|| distortion.pictures(digits.pixels.view(), &all, 0));
        note(0, start);
        let start = Instant::now();
        one.install(|| training.epoch(0, "steps", &examples, &mut stepper, &mut order()))?;
        note(1, start);
        let start = Instant::now();
        training.epoch(0, "steps", &examples, &mut stepper, &mut order())?;
        note(2, start);
        let start = Instant::now();
        let distorted = (&examples, &distortion);
        ahead::epoch(&training, 0, "steps", distorted, &mut stepper, &mut order())?;
        note(3, start);
    }
    let each = 1e6 / digits.len() as f64;
    Ok(Times {
        sizes: sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-"),
        distortion: best[0] * each,
        steps: best[1] * each,
        epoch: [best[2], best[3]],
    })
}
