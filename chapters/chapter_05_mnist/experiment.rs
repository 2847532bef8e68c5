use super::{
    examples::logits,
    initialisation::Initialisation,
    network::{Activation, Network},
    softmax::softmax,
    systems::{CLASSES, Data, Flat, System, VALIDATION},
    training::{Epoch, Schedule},
    unrolled::{roll, unroll},
};
use crate::{
    Course, CourseError, Experiment, Setting,
    dataset::{self, DigitSource, Digits, Origin, few_of_each},
    gradient_check::{self, Block},
    metrics::{argmax, confusion, cost_of_guessing, mean_and_deviation},
    random::{Purpose, seeds, stream},
    report::{
        Claimed, Finding, Raster, Tolerance, advice_on_rate, percent, short, worse_than_guessing,
    },
};
use ndarray::{Array2, ArrayView1, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What chapter 5 found out. `--hidden` sets the hidden units of system E; `--epochs`,
/// `--learning-rate`, `--weight-decay` and `--until-error` those of both systems; `--seeds` over how
/// many seeds errors are averaged.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Mean share of the test digits that system D misreads.
    pub system_d_error: f64,
    /// Mean share of the test digits that system E misreads.
    pub system_e_error: f64,
    /// Share of MNIST's test digits that system D reads rightly after learning from penned digits
    /// alone; nothing without MNIST.
    pub penned_to_mnist_accuracy: Option<f64>,
    /// Whose handwriting.
    pub source: String,
    /// How many digits the networks learned from.
    pub learned_from: usize,
    /// How many digits settings were chosen on.
    pub validation: usize,
    /// How many digits the networks were judged by.
    pub tested_on: usize,
    /// 784-500-600-300-10, `ReLU`.
    pub system_d: Trained,
    /// Sigmoid hidden units, pixels from -1 to 1.
    pub system_e: Trained,
    /// How often system D read each digit (row) as each (column), with the first seed.
    pub confusion: Vec<Vec<usize>>,
    /// The test digits that system D misread with the first seed, the surest first.
    pub misread: Vec<Misread>,
    /// What some units of system D's first layer look for.
    pub first_layer: Vec<Raster>,
    /// System D from starting weights of different spread.
    pub starts: Vec<Start>,
    /// Digits that this program has penned, in MNIST's form.
    pub penned_digits: Vec<Raster>,
    /// The gradient against central differences.
    pub gradient_table: Vec<gradient_check::Row>,
}

/// A system, its settings and what came of it.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Trained {
    /// Layers, such as `784-500-600-300-10`.
    pub sizes: String,
    /// Of the hidden units.
    pub activation: Activation,
    /// Of the weights.
    pub initialisation: Initialisation,
    /// Examples shown at once.
    pub mini_batch: usize,
    /// The learning rates that were tried, and how they did on the validation digits.
    pub candidates: Vec<Candidate>,
    /// The one that was chosen.
    pub learning_rate: f64,
    /// What became of it during training.
    pub schedule: Schedule,
    /// The price of large weights.
    pub weight_decay: f64,
    /// Mean cost of the mini-batches of each epoch, with the first seed.
    pub costs: Vec<f64>,
    /// Cost of the validation digits after each epoch, likewise.
    pub validation_costs: Vec<f64>,
    /// Share of the validation digits misread after each epoch, likewise.
    pub validation_errors: Vec<f64>,
    /// Share of the test digits misread, for each seed.
    pub errors: Vec<f64>,
}

/// A learning rate that was tried in a short training.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct Candidate {
    /// The rate.
    pub learning_rate: f64,
    /// Share of the validation digits misread.
    pub validation_error: f64,
}

/// A test digit that was misread.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Misread {
    /// The picture; not in the committed report, because MNIST's are not ours to pass on.
    pub image: Option<Raster>,
    /// What it shows.
    pub shown: usize,
    /// What it was taken for.
    pub read: usize,
    /// How sure the network was, from 0 to 1.
    pub probability: f64,
}

/// How training began from weights of one spread.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Deserialize, Serialize)]
pub struct Start {
    /// How the weights were drawn.
    pub initialisation: Initialisation,
    /// The cost of each mini-batch.
    pub costs: Vec<f64>,
    /// Share of the validation digits misread at the end.
    pub validation_error: f64,
}

const TRAIN: usize = 60_000;
/// Where they are penned, fewer teach nearly as much, and nobody waits.
const PENNED_TRAIN: usize = 20_000;
const TEST: usize = 10_000;
/// What is too little to learn handwriting from.
const FEWEST: usize = 100;
/// The learning rates that are tried, and how briefly.
const RATES: [f64; 3] = [5e-4, 1e-3, 2e-3];
const TRIAL_DIGITS: usize = 10_000;
const TRIAL_EPOCHS: usize = 3;
/// More would carry every weight past 0 in each step.
const MOST_DECAY: &str = "at most 1 divided by the learning rate";
/// On penned digits the error on MNIST hardly falls after this many.
const PENNED_EPOCHS: usize = 5;
/// How much of the evidence a page can hold.
const MISREAD: usize = 24;
const UNITS: usize = 40;
/// Digits penned for the picture, and how many of each kind it shows.
const PENNED: usize = 400;
const PENNED_PER_CLASS: usize = 4;

impl Experiment for Report {
    const NUMBER: usize = 5;
    const TITLE: &'static str = "MNIST";
    const ADJUSTABLE: &'static [Setting] = &[
        Setting::HIDDEN,
        Setting::EPOCHS,
        Setting::LEARNING_RATE,
        Setting::WEIGHT_DECAY,
        Setting::ERROR_THRESHOLD,
        Setting::SEEDS,
    ];

    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[
        ("gradient_table", Tolerance::Anything),
        // Thousands of steps in single precision: another processor trains another network, as good
        // as this one.
        ("system_d_error", Tolerance::Absolute(0.003)),
        ("system_e_error", Tolerance::Absolute(0.003)),
        ("penned_to_mnist_accuracy", Tolerance::Absolute(0.015)),
        ("system_d", Tolerance::Anything),
        ("system_e", Tolerance::Anything),
        ("system_d.sizes", Tolerance::Absolute(0.0)),
        ("system_e.sizes", Tolerance::Absolute(0.0)),
        ("system_d.errors", Tolerance::Absolute(0.004)),
        ("system_e.errors", Tolerance::Absolute(0.004)),
        ("confusion", Tolerance::Absolute(20.0)),
        ("misread", Tolerance::Anything),
        ("first_layer", Tolerance::Anything),
        ("starts", Tolerance::Anything),
    ];

    const BOOK_SEEDS: Option<usize> = Some(5);

    const WITHHELD: &'static [&'static str] = &["image"];

    fn run(course: &Course) -> Result<Self, CourseError> {
        let train = if matches!(course.digits, DigitSource::Penned) { PENNED_TRAIN } else { TRAIN };
        let digits = course.digits(train, TEST)?;
        let found = digits.train.labels.len();
        CourseError::unless(found >= FEWEST, "number of training digits", "at least 100", found)?;
        let data = Data::new(&digits, course.seed);
        let (mut d, mut e) = (System::d(), System::e());
        for system in [&mut d, &mut e] {
            let training = &mut system.training;
            training.weight_decay = course.overrides.weight_decay.unwrap_or(training.weight_decay);
            training.error_threshold = course.overrides.error_threshold;
        }
        if let Some(hidden) = course.overrides.hidden {
            e.hidden = vec![hidden];
        }
        let d_rates = choose(course, &mut d, "D", &data)?;
        let e_rates = choose(course, &mut e, "E", &data)?;
        let on_mnist = matches!(digits.origin, Origin::Mnist { .. });
        // Two cores, two errands of about the same length
        let (first, second) = rayon::join(
            || {
                Ok::<_, CourseError>((
                    train_seeds(course, &d, "D", &data, d_rates)?,
                    starts(course, &d, &data)?,
                ))
            },
            || {
                let system_e = train_seeds(course, &e, "E", &data, e_rates)?;
                let penned = on_mnist.then(|| penned_to_mnist(course, &d, &data)).transpose()?;
                Ok::<_, CourseError>((system_e, penned))
            },
        );
        let ((system_d, network), starts) = first?;
        let ((system_e, _), penned) = second?;
        let logits = logits(&network, &d.examples(&data.test));
        let mean = |trained: &Trained| mean_and_deviation(&trained.errors).0;
        Ok(Self {
            system_d_error: mean(&system_d),
            system_e_error: mean(&system_e),
            penned_to_mnist_accuracy: penned,
            source: digits.name,
            learned_from: data.train.labels.len(),
            validation: data.validation.labels.len(),
            tested_on: data.test.labels.len(),
            system_d,
            system_e,
            confusion: table_of_mistakes(&logits, &data.test),
            misread: misread(&logits, &data),
            first_layer: pictures(&network, data.size),
            starts,
            penned_digits: penned_digits(course)?,
            gradient_table: gradient_table(course.seed),
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let seeds = self.system_d.errors.len();
        let of = |trained: &Trained| {
            let (mean, deviation) = mean_and_deviation(&trained.errors);
            match seeds {
                1 => format!("{:.2} %, one seed", 100.0 * mean),
                _ => format!("{:.2} ± {:.2} %, {seeds} seeds", 100.0 * mean, 100.0 * deviation),
            }
        };
        let penned = self.penned_to_mnist_accuracy.map_or("needs MNIST".to_owned(), percent);
        vec![
            Finding::number(
                format!("E: {}, sigmoid, test error on {}", self.system_e.sizes, self.source),
                Claimed::AtMost(0.0197),
                &self.system_e.errors,
                |error| format!("{:.2} %", 100.0 * error),
            ),
            Finding::new(
                format!("D: {}, ReLU, test error on {}", self.system_d.sizes, self.source),
                "only a picture",
                of(&self.system_d),
            ),
            Finding::new("MNIST's digits read after penned ones alone", "no claim", penned),
        ]
    }

    fn warnings(&self) -> Vec<String> {
        let counts: Vec<usize> = self.confusion.iter().map(|row| row.iter().sum()).collect();
        let guessing = cost_of_guessing(&counts);
        let of = |(name, trained): (&str, &Trained)| {
            let cost = *trained.costs.last()?;
            let advice = advice_on_rate(cost, guessing, trained.learning_rate, RATES[1]);
            worse_than_guessing(name, cost, guessing, &advice)
        };
        [("system D", &self.system_d), ("system E", &self.system_e)]
            .into_iter()
            .filter_map(of)
            .collect()
    }
}

/// Sets the number of epochs and the learning rate: the reader's, or the rate that does best on the
/// validation digits after a short training.
fn choose(
    course: &Course,
    system: &mut System,
    label: &str,
    data: &Data,
) -> Result<Vec<Candidate>, CourseError> {
    let few = data.train.first(TRIAL_DIGITS);
    let rates = course.overrides.learning_rate.map_or(RATES.to_vec(), |rate| vec![rate]);
    if let Some(decay) = course.overrides.weight_decay {
        let usable = rates.iter().all(|rate| rate * decay <= 1.0);
        CourseError::unless(usable, "weight decay", MOST_DECAY, short(decay))?;
    }
    let candidates = rates.par_iter().map(|&learning_rate| {
        let mut trial = system.clone();
        trial.training.learning_rate = learning_rate;
        trial.training.epochs = TRIAL_EPOCHS;
        let label = format!("{label} at rate {}", short(learning_rate));
        let (_, epochs) = trial.train(course, &label, [&few, &data.validation], course.seed)?;
        Ok(Candidate {
            learning_rate,
            validation_error: epochs.last().map_or(1.0, |epoch| epoch.validation_error),
        })
    });
    let candidates: Vec<Candidate> = candidates.collect::<Result<_, CourseError>>()?;
    let best = candidates.iter().min_by(|a, b| a.validation_error.total_cmp(&b.validation_error));
    if let Some(best) = best {
        system.training.learning_rate = best.learning_rate;
    }
    if let Some(epochs) = course.overrides.epochs {
        system.training.epochs = epochs;
    }
    Ok(candidates)
}

/// Trains a system once per seed; returns the first network with what came of all.
fn train_seeds(
    course: &Course,
    system: &System,
    label: &str,
    data: &Data,
    candidates: Vec<Candidate>,
) -> Result<(Trained, Network<f32>), CourseError> {
    let seeds: Vec<u64> = seeds(course.seed, course.overrides.seeds.unwrap_or(1)).collect();
    let runs = seeds.into_par_iter().map(|seed| {
        let label = format!("{label}, seed {seed}");
        let (network, epochs) =
            system.train(course, &label, [&data.train, &data.validation], seed)?;
        let error = system.error(&network, &data.test);
        Ok((error, (network, epochs)))
    });
    let (errors, runs): (Vec<f64>, Vec<_>) =
        runs.collect::<Result<Vec<_>, CourseError>>()?.into_iter().unzip();
    let (network, epochs) = runs.into_iter().next().expect("there is at least one seed");
    let each = |value: fn(&Epoch) -> f64| epochs.iter().map(value).collect();
    let trained = Trained {
        sizes: system.name(data.train.pixels.ncols()),
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

/// Trains a system on penned digits alone; returns the share of MNIST's test digits read rightly.
fn penned_to_mnist(course: &Course, system: &System, data: &Data) -> Result<f64, CourseError> {
    let penned = DigitSource::Penned.load(TRAIN, VALIDATION, course.seed)?;
    let [train, validation] = [&penned.train, &penned.test].map(Flat::new);
    let mut system = system.clone();
    system.training.epochs = system.training.epochs.min(PENNED_EPOCHS);
    let (network, _) =
        system.train(course, "D on penned digits", [&train, &validation], course.seed)?;
    Ok(1.0 - system.error(&network, &data.test))
}

/// A few digits of each kind, penned whether MNIST is there or not.
fn penned_digits(course: &Course) -> Result<Vec<Raster>, CourseError> {
    let Digits { images, labels } = DigitSource::Penned.load(PENNED, 0, course.seed)?.train;
    let chosen = few_of_each(&labels.to_vec(), CLASSES as u8, PENNED_PER_CLASS);
    Ok(chosen.into_iter().map(|i| Raster::grey(images.index_axis(Axis(0), i))).collect())
}

fn table_of_mistakes(logits: &Array2<f32>, test: &Flat) -> Vec<Vec<usize>> {
    let counts = confusion(argmax(logits.view()), test.labels.iter().copied(), CLASSES);
    counts.rows().into_iter().map(|row| row.to_vec()).collect()
}

/// The digits that were misread, the surest first.
fn misread(logits: &Array2<f32>, data: &Data) -> Vec<Misread> {
    let read = argmax(logits.view());
    let p = softmax(logits.view());
    let mut wrong: Vec<usize> =
        (0..read.len()).filter(|&i| read[i] != data.test.labels[i]).collect();
    wrong.sort_by(|&i, &j| p[[j, read[j]]].total_cmp(&p[[i, read[i]]]));
    let describe = |&i: &usize| Misread {
        image: Some(data.picture(i)),
        shown: data.test.labels[i],
        read: read[i],
        probability: f64::from(p[[i, read[i]]]),
    };
    wrong.iter().take(MISREAD).map(describe).collect()
}

/// The weights of the first units as pictures.
fn pictures(network: &Network<f32>, size: (usize, usize)) -> Vec<Raster> {
    let units = network.layers[0].w.columns();
    let picture = |unit: ArrayView1<f32>| {
        let square = unit.mapv(f64::from).into_shape_with_order(size);
        Raster::signed(square.expect("a weight for each pixel").view())
    };
    units.into_iter().take(UNITS).map(picture).collect()
}

/// The same network, once from weights that suit its size and once from weights that do not.
fn starts(course: &Course, system: &System, data: &Data) -> Result<Vec<Start>, CourseError> {
    let few = data.train.first(TRIAL_DIGITS);
    let spreads = [Initialisation::He, Initialisation::StandardNormal];
    let starts = spreads.into_par_iter().map(|initialisation| {
        let mut system = System { initialisation, ..system.clone() };
        system.training.epochs = TRIAL_EPOCHS;
        let label = format!("D from {initialisation:?} weights");
        let (_, epochs) = system.train(course, &label, [&few, &data.validation], course.seed)?;
        Ok(Start {
            initialisation,
            validation_error: epochs.last().map_or(1.0, |epoch| epoch.validation_error),
            costs: epochs.into_iter().flat_map(|epoch| epoch.costs).collect(),
        })
    });
    starts.collect()
}

/// Checks the gradient in double precision, for a network small enough to move every weight.
fn gradient_table(seed: u64) -> Vec<gradient_check::Row> {
    let mut rng = stream(seed, Purpose::Weights);
    let sizes = [6, 5, 4, 3];
    let network = Network::random(&sizes, Activation::Relu, Initialisation::He, &mut rng);
    let x = Array2::random_using((7, 6), StandardNormal, &mut stream(seed, Purpose::Data));
    let y = dataset::one_hot((0..7).map(|i| i % 3), 3);
    let (_, gradient) = network.cost_and_gradient(x.view(), y.view());
    let blocks = (1..).zip(&network.layers).flat_map(|(l, layer)| {
        [Block::new(format!("w{l}"), layer.w.len()), Block::new(format!("b{l}"), layer.b.len())]
    });
    let blocks: Vec<Block> = blocks.collect();
    let theta = unroll(&network.layers);
    gradient_check::table(&blocks, theta.view(), unroll(&gradient).view(), |theta| {
        roll(theta, &network).cost_and_gradient(x.view(), y.view()).0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradient_matches_central_differences() {
        let rows = gradient_table(1);
        let table = gradient_check::markdown(&rows);
        assert!(rows.iter().all(|row| row.relative_error < 1e-7), "{table}");
    }
}
