use crate::dataset;
use std::path::{Path, PathBuf};

/// What can go wrong between the reader's examples and a model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting that does not work, or a training that went astray.
    #[error(transparent)]
    Course(#[from] crate::Error),
    /// Examples that could not be read.
    #[error(transparent)]
    Dataset(#[from] dataset::Error),
    /// A file that is no model of this program.
    #[error(
        "{path} is not a model of this program: {reason}; name a file that `handwritten train` has \
         written"
    )]
    NotAModel {
        /// The file.
        path: PathBuf,
        /// What is missing or malformed.
        reason: String,
    },
    /// Examples of another form than those that a model learned from.
    #[error(
        "the model reads {expected}, but {found} came: give it examples of the form it learned"
    )]
    OtherForm {
        /// What the model learned from.
        expected: String,
        /// What it was given.
        found: String,
    },
    /// Too few examples to set some aside.
    #[error(
        "{found} examples are too few to learn from, once {held_out} are set aside: bring more, or \
         lower the share with `--validation`"
    )]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many would be set aside.
        held_out: usize,
    },
    /// Examples that are all alike in what is to be learned.
    #[error(
        "all examples are of the class {class:?}, expected at least two classes: there is nothing to \
         tell apart; add examples of another class"
    )]
    OneClass {
        /// The only class.
        class: String,
    },
    /// Patience, and no examples to be patient about.
    #[error(
        "none of {found} examples is set aside, so that patience has nothing to judge by: raise the \
         share with `--validation`, or leave `--patience` out"
    )]
    NoneAside {
        /// How many examples there are.
        found: usize,
    },
    /// An example of which a network computes nothing that is a number.
    #[error(
        "example {example} has numbers too far from those that the model learned from, expected some \
         of their size: correct them, or leave the example out"
    )]
    TooFar {
        /// Which, counted from 1.
        example: usize,
    },
    /// Numbers whose mean or standard deviation is beyond all numbers, or some that are so far from
    /// the others that they are beyond single precision.
    #[error(
        "the numbers of {feature:?} are too large to be scaled: divide the column by its largest \
         number, or leave it out"
    )]
    TooLarge {
        /// The name of their column.
        feature: String,
    },
}

impl Error {
    /// Says what is wrong with a file that should hold a model.
    pub(super) fn not_a_model(path: &Path) -> impl Fn(String) -> Self {
        move |reason| Self::NotAModel { path: path.to_owned(), reason }
    }
}
