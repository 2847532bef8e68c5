use crate::{
    dataset::DataError,
    report::{short, smaller_rate},
};
use std::fmt::Display;

/// What can go wrong between the reader's input and a report.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// A file or a folder of data could not be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A value that an experiment cannot work with.
    #[error("the {name} must be {expected}, but it is {found}")]
    Setting {
        /// What the number sets, in plain words.
        name: &'static str,
        /// Which values make sense.
        expected: &'static str,
        /// The value given.
        found: String,
    },
    /// A chapter was given a setting that it does not use.
    #[error(
        "chapter {chapter} has no setting for the {name}: leave --{option} out, or use it with a chapter that has one"
    )]
    NoSuchSetting {
        /// The chapter's number.
        chapter: usize,
        /// What it sets, in plain words.
        name: &'static str,
        /// The option it was given with, without its dashes.
        option: &'static str,
    },
    /// No chapter has this number.
    #[error("there is no chapter {found}: the course has chapters 1 to {last}")]
    UnknownChapter {
        /// The number asked for.
        found: usize,
        /// The highest number there is.
        last: usize,
    },
    /// The cost overflowed or became NaN.
    #[error(
        "while training {task}, the cost {} at {step}: the learning rate {} is too large, try {}",
        if cost.is_nan() { "became NaN" } else { "overflowed" },
        short(*learning_rate),
        short(*advice)
    )]
    Diverged {
        /// Which network was being trained.
        task: String,
        /// The step at which this was first seen, such as `iteration 12`.
        step: String,
        /// What the cost had become: infinite or NaN.
        cost: f64,
        /// The learning rate that caused it.
        learning_rate: f64,
        /// A learning rate to try instead.
        advice: f64,
    },
    /// A report that is not in the form its chapter writes.
    #[error("the report of chapter {chapter} cannot be read: {reason}")]
    Report {
        /// The chapter's number.
        chapter: usize,
        /// What was missing or malformed.
        reason: String,
    },
}

impl CourseError {
    /// A chapter's report that is not in the form the chapter writes.
    pub fn report(chapter: usize) -> impl FnOnce(serde_json::Error) -> Self {
        move |error| Self::Report { chapter, reason: error.to_string() }
    }

    /// Refuses a setting that is not usable.
    pub fn unless(
        usable: bool,
        name: &'static str,
        expected: &'static str,
        found: impl ToString,
    ) -> Result<(), Self> {
        let found = found.to_string();
        if usable { Ok(()) } else { Err(Self::Setting { name, expected, found }) }
    }

    /// Refuses to continue from a cost that is infinite or NaN. `usual` is a learning rate that suits
    /// the task: the advice is to try it if the rate was larger, and otherwise a tenth of the rate.
    pub fn unless_finite(
        cost: f64,
        task: &str,
        step: impl Display,
        learning_rate: f64,
        usual: f64,
    ) -> Result<(), Self> {
        if cost.is_finite() {
            return Ok(());
        }
        Err(Self::Diverged {
            task: task.to_owned(),
            step: step.to_string(),
            cost,
            learning_rate,
            advice: smaller_rate(learning_rate, usual),
        })
    }
}
