//! The chapters of *Handwritten*, which teaches neural networks by building them: from one perceptron
//! to a network that reads handwriting.
//!
//! Each chapter is one step up, and stands only on the ground floor and on the chapters below it.
//! Everything goes one way: a [`dataset`] trains a chapter's network, an experiment turns the outcome
//! into a report of numbers and curves, and figures are drawn from the report alone.
//!
//! Rows are examples everywhere: `x` has the shape `(m, n)`, `m` examples of `n` features.
//!
//! [In the book](../../book/opening.html#what-will-be-built)

pub use error::Error;

use dataset::{DigitSet, DigitSource, check_variety};
use progress::Watch;
use report::{Committed, Finding, Tolerance, short};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::path::PathBuf;

pub mod chapter_01_perceptron;
pub mod chapter_02_logistic_regression;
pub mod chapter_03_shallow_network;
pub mod chapter_04_regularised_network;
pub mod chapter_05_mnist;
pub mod chapter_06_speed;
pub mod dataset;
mod error;
pub mod gradient_check;
pub mod metrics;
pub mod progress;
pub mod random;
pub mod report;

/// Every chapter there is, in order; nothing else enumerates them.
pub const CHAPTERS: [Chapter; 6] = [
    Chapter::of::<chapter_01_perceptron::Report>(),
    Chapter::of::<chapter_02_logistic_regression::Report>(),
    Chapter::of::<chapter_03_shallow_network::Report>(),
    Chapter::of::<chapter_04_regularised_network::Report>(),
    Chapter::of::<chapter_05_mnist::Report>(),
    Chapter::of::<chapter_06_speed::Report>(),
];

/// What each chapter does, written down as its report: train, say what came out, draw it.
pub trait Experiment: Serialize + DeserializeOwned {
    /// The chapter's number.
    const NUMBER: usize;
    /// What the book calls the chapter.
    const TITLE: &'static str;
    /// Which settings of [`Overrides`] the chapter knows what to do with.
    const ADJUSTABLE: &'static [Adjustable];

    /// How far values may be from those of the committed report where it is more than a rounding
    /// error, by name.
    const TOLERANCES: &'static [(&'static str, Tolerance)];

    /// Over how many seeds the committed report averages, where it is more than the course does.
    const BOOK_SEEDS: Option<usize> = None;

    /// Over how many seeds it averages where the whole course is run, where it is fewer than alone.
    const COURSE_SEEDS: Option<usize> = None;

    /// Names of values that are other people's data and are left out of the committed report.
    const WITHHELD: &'static [&'static str] = &[];

    /// Trains the chapter's networks: data, settings and a seed in, report out.
    fn run(course: &Course) -> Result<Self, Error>;

    /// The chapter's lines in the table of claims.
    fn findings(&self) -> Vec<Finding>;

    /// What the reader should know of settings that went wrong, and what to do.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A step of the staircase, seen from outside: reports go in and out as JSON, so that nothing but
/// the report can reach a table or a picture.
pub struct Chapter {
    /// From 1 upwards.
    pub number: usize,
    /// What the book calls it.
    pub title: &'static str,
    /// What the committed report is made with.
    pub book: Overrides,
    /// What the chapter is run with where the whole course is.
    pub course: Overrides,
    run: fn(&Course) -> Result<Value, Error>,
    adjustable: &'static [Adjustable],
    tolerances: &'static [(&'static str, Tolerance)],
    withheld: &'static [&'static str],
    findings: fn(Value) -> serde_json::Result<Vec<Finding>>,
    warnings: fn(Value) -> serde_json::Result<Vec<String>>,
}

impl Chapter {
    const fn of<E: Experiment>() -> Self {
        Self {
            number: E::NUMBER,
            title: E::TITLE,
            book: Overrides { seeds: E::BOOK_SEEDS, ..Overrides::NONE },
            course: Overrides { seeds: E::COURSE_SEEDS, ..Overrides::NONE },
            run: |course| {
                serde_json::to_value(E::run(course)?).map_err(|error| malformed(E::NUMBER, &error))
            },
            adjustable: E::ADJUSTABLE,
            tolerances: E::TOLERANCES,
            withheld: E::WITHHELD,
            findings: |report| Ok(serde_json::from_value::<E>(report)?.findings()),
            warnings: |report| Ok(serde_json::from_value::<E>(report)?.warnings()),
        }
    }

    /// The chapter with this number.
    pub fn numbered(number: usize) -> Result<&'static Self, Error> {
        let unknown = Error::UnknownChapter { found: number, last: CHAPTERS.len() };
        CHAPTERS.iter().find(|chapter| chapter.number == number).ok_or(unknown)
    }

    /// Whether it can average over several seeds, and so hold a claim to more than one run.
    pub fn takes_seeds(&self) -> bool {
        self.adjustable.contains(&Adjustable::Seeds)
    }

    /// The chapter's name among files and in JSON, such as `chapter_03`.
    pub fn key(&self) -> String {
        format!("chapter_{:02}", self.number)
    }

    /// Trains the chapter's networks and returns the report.
    pub fn run(&self, course: &Course) -> Result<Value, Error> {
        course.changes.check(self)?;
        if course.rows.is_some() {
            self.must_have(Adjustable::Rows, "table of digits", "--rows")?;
        }
        (self.run)(course)
    }

    /// The report as it is committed, with how well another machine must agree.
    pub fn commit(&self, mut report: Value) -> Committed {
        withhold(&mut report, self.withheld);
        let named = self.tolerances.iter().map(|&(name, tolerance)| (name.to_owned(), tolerance));
        Committed { command: "handwritten bless".to_owned(), tolerances: named.collect(), report }
    }

    /// The lines that a report adds to the table of claims.
    pub fn findings(&self, report: &Value) -> Result<Vec<Finding>, Error> {
        (self.findings)(report.clone()).map_err(|error| malformed(self.number, &error))
    }

    /// What the reader should know of settings that went wrong.
    pub fn warnings(&self, report: &Value) -> Result<Vec<String>, Error> {
        (self.warnings)(report.clone()).map_err(|error| malformed(self.number, &error))
    }
}

/// Takes values out by name, wherever they stand.
fn withhold(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !names.contains(&name.as_str()));
            map.values_mut().for_each(|value| withhold(value, names));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| withhold(value, names)),
        _ => {}
    }
}

fn malformed(chapter: usize, error: &serde_json::Error) -> Error {
    Error::Report { chapter, reason: error.to_string() }
}

/// What the experiments of a chapter are given.
pub struct Course<'a> {
    /// The one seed that everything random comes from.
    pub seed: u64,
    /// Where handwriting comes from.
    pub digits: DigitSource,
    /// A table of digits that chapter 4 reads instead.
    pub rows: Option<PathBuf>,
    /// What the reader set in place of the chapter's own choice.
    pub changes: Overrides,
    /// Who is told of every step.
    pub watch: Watch<'a>,
}

impl Course<'_> {
    /// At most `train` digits to learn from and `test` digits to be judged by.
    ///
    /// Fails where there are none, and where all look the same.
    pub fn digits(&self, train: usize, test: usize) -> Result<DigitSet, Error> {
        let set = self.digits.load(train, test, self.seed)?;
        check_variety(set.train.pictures())?;
        Ok(set)
    }
}

/// A setting that the reader may change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Adjustable {
    /// [`Overrides::hidden`].
    Hidden,
    /// [`Overrides::epochs`].
    Epochs,
    /// [`Overrides::learning_rate`].
    LearningRate,
    /// [`Overrides::weight_decay`].
    WeightDecay,
    /// [`Overrides::error_threshold`].
    ErrorThreshold,
    /// [`Overrides::seeds`].
    Seeds,
    /// [`Course::rows`].
    Rows,
}

/// Settings in place of a chapter's own; each chapter's `Report` says what it makes of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overrides {
    /// How many hidden units.
    pub hidden: Option<usize>,
    /// How often every example is shown.
    pub epochs: Option<usize>,
    /// How far each step of descent goes.
    pub learning_rate: Option<f64>,
    /// The price of large weights.
    pub weight_decay: Option<f64>,
    /// Below which share of mistakes training stops early.
    pub error_threshold: Option<f64>,
    /// Over how many seeds results are averaged.
    pub seeds: Option<usize>,
}

impl Overrides {
    /// The chapter's own choice in everything.
    pub const NONE: Self = Self {
        hidden: None,
        epochs: None,
        learning_rate: None,
        weight_decay: None,
        error_threshold: None,
        seeds: None,
    };

    /// Refuses values that nothing can be trained with, and settings that the chapter has not.
    fn check(&self, chapter: &Chapter) -> Result<(), Error> {
        use Adjustable::{Epochs, ErrorThreshold, Hidden, LearningRate, Seeds, WeightDecay};
        // More would fill the memory, or take for ever: a slip of the finger
        for (value, setting, name, option, most, expected) in [
            (self.hidden, Hidden, "number of hidden units", "--hidden", 10_000, "from 1 to 10000"),
            (self.epochs, Epochs, "number of epochs", "--epochs", 1_000_000, "from 1 to 1000000"),
            (self.seeds, Seeds, "number of seeds", "--seeds", 1_000, "from 1 to 1000"),
        ] {
            let Some(found) = value else { continue };
            chapter.must_have(setting, name, option)?;
            Error::unless((1..=most).contains(&found), name, expected, found)?;
        }
        if let Some(found) = self.learning_rate {
            chapter.must_have(LearningRate, "learning rate", "--learning-rate")?;
            let usable = found > 0.0 && found.is_finite();
            Error::unless(usable, "learning rate", "a positive number", short(found))?;
        }
        if let Some(found) = self.weight_decay {
            chapter.must_have(WeightDecay, "weight decay", "--weight-decay")?;
            let usable = found >= 0.0 && found.is_finite();
            Error::unless(usable, "weight decay", "0 or a positive number", short(found))?;
        }
        if let Some(found) = self.error_threshold {
            chapter.must_have(ErrorThreshold, "error to stop at", "--until-error")?;
            let usable = (0.0..=1.0).contains(&found);
            Error::unless(usable, "error to stop at", "a share from 0 to 1", found)?;
        }
        Ok(())
    }
}

impl Chapter {
    fn must_have(
        &self,
        setting: Adjustable,
        name: &'static str,
        option: &'static str,
    ) -> Result<(), Error> {
        if self.adjustable.contains(&setting) {
            return Ok(());
        }
        Err(Error::NoSuchSetting { chapter: self.number, name, option })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn chapters_are_numbered_from_one() {
        for (number, chapter) in (1..).zip(&CHAPTERS) {
            assert_eq!(chapter.number, number);
        }
    }

    #[test]
    fn every_chapter_has_tests_that_its_name_finds() {
        // A filter that matches nothing passes: so count what each chapter's filter finds.
        let tests = std::env::current_exe().unwrap();
        for chapter in &CHAPTERS {
            let list = Command::new(&tests).args([&chapter.key(), "--list"]).output().unwrap();
            let found = String::from_utf8(list.stdout).unwrap().matches(": test").count();
            assert!(found >= 5, "`cargo test {}` finds only {found} tests", chapter.key());
        }
    }

    #[test]
    fn withheld_values_are_left_out_wherever_they_stand() {
        let mut report = serde_json::json!({ "a": [{ "image": 1, "b": 2 }], "image": { "c": 3 } });
        withhold(&mut report, &["image"]);
        assert_eq!(report, serde_json::json!({ "a": [{ "b": 2 }] }));
    }

    #[test]
    fn unknown_chapters_are_refused() {
        let error = Chapter::numbered(99).err().unwrap().to_string();
        assert_eq!(
            error,
            format!("there is no chapter 99: the course has chapters 1 to {}", CHAPTERS.len())
        );
    }

    #[test]
    fn settings_that_nothing_can_be_trained_with_are_refused() {
        let check =
            |changes: Overrides| changes.check(&CHAPTERS[2]).map_err(|error| error.to_string());
        let refusal = |changes| check(changes).unwrap_err();
        assert!(check(Overrides { hidden: Some(3), ..Overrides::NONE }).is_ok());
        assert_eq!(
            refusal(Overrides { hidden: Some(0), ..Overrides::NONE }),
            "the number of hidden units must be from 1 to 10000, but it is 0"
        );
        assert_eq!(
            refusal(Overrides { epochs: Some(0), ..Overrides::NONE }),
            "the number of epochs must be from 1 to 1000000, but it is 0"
        );
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = refusal(Overrides { learning_rate: Some(rate), ..Overrides::NONE });
            assert_eq!(
                error,
                format!("the learning rate must be a positive number, but it is {rate}")
            );
        }
    }

    #[test]
    fn setting_that_a_chapter_has_not_is_refused() {
        let changes = Overrides { hidden: Some(3), ..Overrides::NONE };
        assert!(matches!(
            changes.check(&CHAPTERS[0]),
            Err(Error::NoSuchSetting { chapter: 1, .. })
        ));
    }
}
