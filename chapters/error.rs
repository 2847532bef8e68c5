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
    /// A number that an experiment cannot work with.
    #[error("the {name} must be {expected}, but it is {found}")]
    Setting {
        /// What the number sets, in the reader's words.
        name: &'static str,
        /// Which values make sense.
        expected: &'static str,
        /// The value given.
        found: String,
    },
    /// A chapter was given a setting that nothing in it can use.
    #[error(
        "chapter {chapter} has no {name} to set: leave --{option} out, or give it to a chapter that has"
    )]
    NoSuchSetting {
        /// The chapter's number.
        chapter: usize,
        /// What the setting sets, in the reader's words.
        name: &'static str,
        /// The option that gave it, without its dashes.
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
    /// Training left the numbers that a computer can hold.
    #[error(
        "the cost became {} at {step} of {task}: the learning rate {} is too large, try {}",
        if cost.is_nan() { "not a number" } else { "infinite" },
        short(*learning_rate),
        short(*advice)
    )]
    Diverged {
        /// Which network was being trained.
        task: String,
        /// The step at which it was first seen, such as `iteration 12`.
        step: String,
        /// What the cost had become: infinite or not a number.
        cost: f64,
        /// The rate that did it.
        learning_rate: f64,
        /// A rate to try instead.
        advice: f64,
    },
    /// A report that does not have the form its chapter writes.
    #[error("the report of chapter {chapter} cannot be read: {reason}")]
    Report {
        /// The chapter's number.
        chapter: usize,
        /// What was missing or malformed.
        reason: String,
    },
}

impl CourseError {
    /// A chapter's report that does not have the form that the chapter writes.
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

    /// Refuses to go on from a cost that is infinite or not a number. `usual` is a rate that suits
    /// the task: it is advised in place of a larger one, and a tenth in place of any other.
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
