use super::{
    evidence::{
        gradient_table, idx_header, misread, penned_digits, table_of_mistakes, units_as_pictures,
    },
    examples::logits,
    report::{Report, Trained},
    running_means::running_means,
    systems::{DigitSplit, System, TRAIN},
    trials::{USUAL_RATE, choose_rate, penned_to_mnist, starts, train_seeds},
};
use crate::{
    Course, CourseError, Experiment, Setting,
    dataset::{DigitSource, Origin},
    metrics::{cost_of_guessing, mean_and_deviation},
    report::{Claimed, Finding, Tolerance, advice_on_rate, percent, worse_than_guessing},
};

/// Of penned digits, fewer teach almost as much, and nobody has to wait.
const PENNED_TRAIN: usize = 20_000;
/// Test digits, at most.
const TEST: usize = 10_000;
/// Fewer digits than this are too few to learn handwriting from.
const FEWEST: usize = 100;

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
        // Thousands of steps in single precision: another processor trains another network, and one as
        // good as this.
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
        // Digits: most to learn from, some to choose settings on, others to test on
        let train = if matches!(course.digits, DigitSource::Penned) { PENNED_TRAIN } else { TRAIN };
        let digits = course.digits(train, TEST)?;
        let found = digits.train.len();
        CourseError::unless(found >= FEWEST, "number of training digits", "at least 100", found)?;
        let on_mnist = matches!(digits.origin, Origin::Mnist { .. });
        let source = digits.name.clone();
        let digits = DigitSplit::new(digits, course.seed);

        // Settings: the reader's, or the learning rate that does best in short trials
        let (mut d, mut e) = (System::d(), System::e());
        for system in [&mut d, &mut e] {
            let training = &mut system.training;
            training.weight_decay = course.overrides.weight_decay.unwrap_or(training.weight_decay);
            training.error_threshold = course.overrides.error_threshold;
        }
        if let Some(hidden) = course.overrides.hidden {
            e.hidden = vec![hidden];
        }
        let d_rates = choose_rate(course, &mut d, "D", &digits)?;
        let e_rates = choose_rate(course, &mut e, "E", &digits)?;

        // Training: two halves that take about the same time, one for each of two cores
        let (first, second) = rayon::join(
            || {
                Ok::<_, CourseError>((
                    train_seeds(course, &d, "D", &digits, d_rates)?,
                    starts(course, &d, &digits)?,
                ))
            },
            || {
                let system_e = train_seeds(course, &e, "E", &digits, e_rates)?;
                let penned = on_mnist.then(|| penned_to_mnist(course, &d, &digits)).transpose()?;
                Ok::<_, CourseError>((system_e, penned))
            },
        );
        let ((system_d, network), starts) = first?;
        let ((system_e, _), penned) = second?;

        // What came out
        let logits = logits(&network, &d.examples(&digits.test));
        let mean = |trained: &Trained| mean_and_deviation(&trained.errors).0;
        Ok(Self {
            system_d_error: mean(&system_d),
            system_e_error: mean(&system_e),
            penned_to_mnist_accuracy: penned,
            source,
            learned_from: digits.train.len(),
            validation: digits.validation.len(),
            tested_on: digits.test.len(),
            system_d,
            system_e,
            confusion: table_of_mistakes(&logits, &digits.test),
            misread: misread(&logits, &digits.test),
            first_layer: units_as_pictures(&network, digits.test.size),
            starts,
            penned_digits: penned_digits(course.seed)?,
            idx_header: idx_header(),
            running_means: running_means(course.seed),
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
            )
            .about_mnist(&self.source),
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
            let advice = advice_on_rate(cost, guessing, trained.learning_rate, USUAL_RATE);
            worse_than_guessing(name, cost, guessing, &advice)
        };
        [("system D", &self.system_d), ("system E", &self.system_e)]
            .into_iter()
            .filter_map(of)
            .collect()
    }
}
