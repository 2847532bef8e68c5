//! The trainings of the chapter.

use super::{
    initialisation::Initialisation,
    network::Network,
    report::{Candidate, Start, Trained},
    systems::{DigitSplit, System, TRAIN, VALIDATION},
    training::Epoch,
};
use crate::{Course, CourseError, dataset::DigitSource, random::seeds, report::short};
use rayon::prelude::*;

/// A learning rate that suits both systems.
pub const USUAL_RATE: f64 = 1e-3;
/// The learning rates that are tried, and on how many digits and for how many epochs.
const RATES: [f64; 3] = [5e-4, USUAL_RATE, 2e-3];
const TRIAL_DIGITS: usize = 10_000;
const TRIAL_EPOCHS: usize = 3;
/// With more, each step would carry every weight past 0.
const MOST_DECAY: &str = "at most 1 divided by the learning rate";
/// Training on penned digits, the error on MNIST hardly falls after this many.
const PENNED_EPOCHS: usize = 5;

/// Sets the number of epochs and the learning rate: the reader's, or the rate that does best on the
/// validation digits after a short training.
pub fn choose_rate(
    course: &Course,
    system: &mut System,
    label: &str,
    digits: &DigitSplit,
) -> Result<Vec<Candidate>, CourseError> {
    // The reader's rate, or some to choose from
    let rates = course.overrides.learning_rate.map_or(RATES.to_vec(), |rate| vec![rate]);
    if let Some(decay) = course.overrides.weight_decay {
        let usable = rates.iter().all(|rate| rate * decay <= 1.0);
        CourseError::unless(usable, "weight decay", MOST_DECAY, short(decay))?;
    }
    // A short training at each rate
    let few = digits.train.range(0..TRIAL_DIGITS);
    let candidates = rates.par_iter().map(|&learning_rate| {
        let mut trial = system.clone();
        trial.training.learning_rate = learning_rate;
        trial.training.epochs = TRIAL_EPOCHS;
        let label = format!("{label} at rate {}", short(learning_rate));
        let (_, epochs) = trial.train(course, &label, [&few, &digits.validation], course.seed)?;
        Ok(Candidate {
            learning_rate,
            validation_error: epochs.last().map_or(1.0, |epoch| epoch.validation_error),
        })
    });
    let candidates: Vec<Candidate> = candidates.collect::<Result<_, CourseError>>()?;
    // The rate with the fewest mistakes
    let best = candidates.iter().min_by(|a, b| a.validation_error.total_cmp(&b.validation_error));
    if let Some(best) = best {
        system.training.learning_rate = best.learning_rate;
    }
    if let Some(epochs) = course.overrides.epochs {
        system.training.epochs = epochs;
    }
    Ok(candidates)
}

/// Trains a system once per seed; returns the first network with the results of all.
pub fn train_seeds(
    course: &Course,
    system: &System,
    label: &str,
    digits: &DigitSplit,
    candidates: Vec<Candidate>,
) -> Result<(Trained, Network<f32>), CourseError> {
    // Train and test with each seed
    let seeds: Vec<u64> = seeds(course.seed, course.overrides.seeds.unwrap_or(1)).collect();
    let runs = seeds.into_par_iter().map(|seed| {
        let label = format!("{label}, seed {seed}");
        let (network, epochs) =
            system.train(course, &label, [&digits.train, &digits.validation], seed)?;
        let error = system.error(&network, &digits.test);
        Ok((error, (network, epochs)))
    });
    let (errors, runs): (Vec<f64>, Vec<_>) =
        runs.collect::<Result<Vec<_>, CourseError>>()?.into_iter().unzip();
    // Learning curves of the first seed
    let (network, epochs) = runs.into_iter().next().expect("there is at least one seed");
    let each = |value: fn(&Epoch) -> f64| epochs.iter().map(value).collect();
    let trained = Trained {
        sizes: system.name(digits.train.pixels.ncols()),
        activation: system.activation,
        initialisation: system.initialisation,
        mini_batch: system.training.mini_batch,
        candidates,
        learning_rate: system.training.learning_rate,
        schedule: system.training.schedule,
        weight_decay: system.training.weight_decay,
        costs: each(Epoch::cost),
        validation_costs: each(|epoch| epoch.validation_cost),
        validation_errors: each(|epoch| epoch.validation_error),
        errors,
    };
    Ok((trained, network))
}

/// Trains a system on penned digits alone; returns its accuracy on MNIST's test digits.
pub fn penned_to_mnist(
    course: &Course,
    system: &System,
    digits: &DigitSplit,
) -> Result<f64, CourseError> {
    let penned = DigitSource::Penned.load(TRAIN, VALIDATION, course.seed)?;
    let mut system = system.clone();
    system.training.epochs = system.training.epochs.min(PENNED_EPOCHS);
    let (network, _) =
        system.train(course, "D on penned digits", [&penned.train, &penned.test], course.seed)?;
    Ok(1.0 - system.error(&network, &digits.test))
}

/// The same network from two initialisations, one that suits its size and one that does not.
pub fn starts(
    course: &Course,
    system: &System,
    digits: &DigitSplit,
) -> Result<Vec<Start>, CourseError> {
    let few = digits.train.range(0..TRIAL_DIGITS);
    let spreads = [Initialisation::He, Initialisation::StandardNormal];
    let starts = spreads.into_par_iter().map(|initialisation| {
        let mut system = System { initialisation, ..system.clone() };
        system.training.epochs = TRIAL_EPOCHS;
        let label = format!("D from {initialisation:?} weights");
        let (_, epochs) = system.train(course, &label, [&few, &digits.validation], course.seed)?;
        Ok(Start {
            initialisation,
            validation_error: epochs.last().map_or(1.0, |epoch| epoch.validation_error),
            costs: epochs.into_iter().flat_map(|epoch| epoch.costs).collect(),
        })
    });
    starts.collect()
}
