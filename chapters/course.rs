//! What a chapter is, seen from outside: an experiment that is given a course and leaves a report.

use crate::{
    CourseError,
    dataset::{DigitSet, DigitSource, check_variety},
    progress::Watch,
    report::{Committed, Finding, Tolerance},
    settings::{Overrides, Setting},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::path::PathBuf;

/// What each chapter does: train, and write down what came out as its report.
pub trait Experiment: Serialize + DeserializeOwned {
    /// The chapter's number.
    const NUMBER: usize;
    /// What the book calls the chapter.
    const TITLE: &'static str;
    /// The settings of [`Overrides`] that the chapter takes.
    const ADJUSTABLE: &'static [Setting];

    /// Whether it can read [`Course::rows`].
    const TAKES_ROWS: bool = false;

    /// Tolerances against the committed report, by name, for values that may differ by more than
    /// rounding.
    const TOLERANCES: &'static [(&'static str, Tolerance)];

    /// How many seeds the committed report averages over, if more than usual.
    const BOOK_SEEDS: Option<usize> = None;

    /// How many seeds the chapter averages over as part of the whole course, if fewer than alone.
    const COURSE_SEEDS: Option<usize> = None;

    /// Names of values that are other people's data, and so are left out of the committed report.
    const WITHHELD: &'static [&'static str] = &[];

    /// Trains the chapter's networks: data, settings and a seed in, report out.
    fn run(course: &Course) -> Result<Self, CourseError>;

    /// The chapter's lines in the table of claims.
    fn findings(&self) -> Vec<Finding>;

    /// What the reader should know about settings that went wrong, and what to do.
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
    /// What the chapter is run with as part of the whole course.
    pub course: Overrides,
    run: fn(&Course) -> Result<Value, CourseError>,
    adjustable: &'static [Setting],
    takes_rows: bool,
    tolerances: &'static [(&'static str, Tolerance)],
    withheld: &'static [&'static str],
    findings: fn(Value) -> serde_json::Result<Vec<Finding>>,
    warnings: fn(Value) -> serde_json::Result<Vec<String>>,
}

impl Chapter {
    /// The chapter of an experiment.
    pub const fn of<E: Experiment>() -> Self {
        Self {
            number: E::NUMBER,
            title: E::TITLE,
            book: Overrides { seeds: E::BOOK_SEEDS, ..Overrides::NONE },
            course: Overrides { seeds: E::COURSE_SEEDS, ..Overrides::NONE },
            run: |course| {
                serde_json::to_value(E::run(course)?).map_err(CourseError::report(E::NUMBER))
            },
            adjustable: E::ADJUSTABLE,
            takes_rows: E::TAKES_ROWS,
            tolerances: E::TOLERANCES,
            withheld: E::WITHHELD,
            findings: |report| Ok(serde_json::from_value::<E>(report)?.findings()),
            warnings: |report| Ok(serde_json::from_value::<E>(report)?.warnings()),
        }
    }

    /// Whether it can average over several seeds, and so judge a claim by more than one run.
    pub fn takes_seeds(&self) -> bool {
        self.adjustable.contains(&Setting::SEEDS)
    }

    /// The chapter's name among files and in JSON, such as `chapter_03`.
    pub fn key(&self) -> String {
        format!("chapter_{:02}", self.number)
    }

    /// Trains the chapter's networks and returns the report.
    pub fn run(&self, course: &Course) -> Result<Value, CourseError> {
        self.check(&course.overrides)?;
        self.must_have(self.takes_rows || course.rows.is_none(), "table of digits", "rows")?;
        (self.run)(course)
    }

    /// The report as it is committed, with how closely another machine must agree.
    pub fn commit(&self, mut report: Value) -> Committed {
        withhold(&mut report, self.withheld);
        let named = self.tolerances.iter().map(|&(name, tolerance)| (name.to_owned(), tolerance));
        Committed { command: "handwritten bless".to_owned(), tolerances: named.collect(), report }
    }

    /// The lines that a report adds to the table of claims.
    pub fn findings(&self, report: &Value) -> Result<Vec<Finding>, CourseError> {
        (self.findings)(report.clone()).map_err(CourseError::report(self.number))
    }

    /// What the reader should know about settings that went wrong.
    pub fn warnings(&self, report: &Value) -> Result<Vec<String>, CourseError> {
        (self.warnings)(report.clone()).map_err(CourseError::report(self.number))
    }

    /// Refuses values that nothing can be trained with, and settings that the chapter does not take.
    fn check(&self, overrides: &Overrides) -> Result<(), CourseError> {
        for (setting, value) in overrides.set() {
            self.must_have(self.adjustable.contains(setting), setting.name, setting.options[0])?;
            setting.check(value)?;
        }
        Ok(())
    }

    fn must_have(
        &self,
        has: bool,
        name: &'static str,
        option: &'static str,
    ) -> Result<(), CourseError> {
        if has {
            Ok(())
        } else {
            Err(CourseError::NoSuchSetting { chapter: self.number, name, option })
        }
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

/// What the experiments of a chapter are given.
pub struct Course<'a> {
    /// The one seed that everything random comes from.
    pub seed: u64,
    /// Where handwriting comes from.
    pub digits: DigitSource,
    /// A table of digits that chapter 4 reads instead.
    pub rows: Option<PathBuf>,
    /// What the reader set in place of the chapter's own settings.
    pub overrides: Overrides,
    /// Who is told about every step.
    pub watch: Watch<'a>,
}

impl Course<'_> {
    /// At most `train` digits to learn from and `test` digits to be tested on.
    ///
    /// Fails if there are none, or if all look the same.
    pub fn digits(&self, train: usize, test: usize) -> Result<DigitSet, CourseError> {
        let set = self.digits.load(train, test, self.seed)?;
        check_variety(set.train.pictures())?;
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CHAPTERS;

    #[test]
    fn withheld_values_are_left_out_wherever_they_stand() {
        let mut report = serde_json::json!({ "a": [{ "image": 1, "b": 2 }], "image": { "c": 3 } });
        withhold(&mut report, &["image"]);
        assert_eq!(report, serde_json::json!({ "a": [{ "b": 2 }] }));
    }

    #[test]
    fn settings_that_a_chapter_cannot_use_are_refused() {
        let check = |overrides| CHAPTERS[0].check(&overrides);
        assert!(check(Overrides { epochs: Some(3), ..Overrides::NONE }).is_ok());
        assert!(matches!(
            check(Overrides { epochs: Some(0), ..Overrides::NONE }),
            Err(CourseError::Setting { name: "number of epochs", .. })
        ));
        assert!(matches!(
            check(Overrides { hidden: Some(3), ..Overrides::NONE }),
            Err(CourseError::NoSuchSetting { chapter: 1, .. })
        ));
    }
}
