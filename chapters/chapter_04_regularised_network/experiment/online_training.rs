//! System B: a network that learns from one digit at a time.

use super::digits::Split;
use crate::{
    Course, CourseError,
    chapter_04_regularised_network::{
        network::Architecture,
        online::Online,
        report::{ERRORS_PER_POINT, OnlineRun},
    },
    metrics::mean_and_deviation,
    progress::Step,
    random::{Purpose, stream},
};
use rayon::prelude::*;

/// The hidden units of the article, and the learning rate that suits its claim.
pub const ONLINE_HIDDEN: usize = 35;
pub const ONLINE_RATE: f64 = 0.1;

/// Trains one network for each split, in parallel.
pub fn train_online(course: &Course, splits: &[Split]) -> Result<OnlineRun, CourseError> {
    let learning_rate = course.overrides.learning_rate.unwrap_or(ONLINE_RATE);
    let passes = course.overrides.epochs.unwrap_or(1);
    let runs = splits.par_iter().map(|split| train(course, split, passes, learning_rate));
    let (test, errors): (Vec<_>, Vec<_>) =
        runs.collect::<Result<Vec<_>, CourseError>>()?.into_iter().unzip();
    let mean = |digits: &[f64]| mean_and_deviation(digits).0;
    Ok(OnlineRun {
        learning_rate,
        passes,
        test,
        squared_errors: errors[0].chunks(ERRORS_PER_POINT).map(mean).collect(),
    })
}

/// Accuracy on held-out digits, and the squared error of each training digit when it was shown.
fn train(
    course: &Course,
    split: &Split,
    passes: usize,
    learning_rate: f64,
) -> Result<(f64, Vec<f64>), CourseError> {
    // A network with random weights
    let sizes = vec![split.train.x.ncols(), ONLINE_HIDDEN, 10];
    let mut weights = stream(split.seed, Purpose::Weights);
    let mut network = Online::new(Architecture { sizes }, &mut weights);
    let task = format!("one digit at a time, seed {}", split.seed);

    // Training: each pass shows every digit once
    let mut errors = Vec::new();
    for pass in 1..=passes {
        let of_pass = network.train(split.train.x.view(), split.train.y.view(), learning_rate);
        let cost = of_pass.mean().unwrap_or(0.0);
        let step = format_args!("pass {pass}");
        CourseError::unless_finite(cost, "the online network", step, learning_rate, ONLINE_RATE)?;
        errors.extend(of_pass);
        (course.watch)(&Step {
            task: &task,
            unit: "pass",
            done: pass,
            total: passes,
            cost: Some(cost),
        });
    }

    // Test
    Ok((network.score(split.test.x.view(), &split.test.labels), errors))
}
