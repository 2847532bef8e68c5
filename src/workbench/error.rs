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
}

impl Error {
    /// Says what is wrong with a file that should hold a model.
    pub(super) fn not_a_model(path: &Path) -> impl Fn(String) -> Self {
        move |reason| Self::NotAModel { path: path.to_owned(), reason }
    }
}
