use super::Digits;
use std::path::PathBuf;

/// Digits to learn from and digits to be tested on, with the name that reports call them by.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitSet {
    /// What a reader may call this set: `MNIST`, or `own digits in DIR`.
    pub name: String,
    /// Where the digits come from.
    pub origin: Origin,
    /// The digits to learn from.
    pub train: Digits,
    /// The digits that no network sees before it is tested, of the same size in pixels.
    pub test: Digits,
}

/// Where digits come from, and hence what may be said of a result on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The MNIST database, every file verified.
    Mnist {
        /// The folder that it was read from.
        folder: PathBuf,
    },
    /// The reader's own files, of the right form and otherwise unverified.
    Own {
        /// The folder that they were read from.
        folder: PathBuf,
    },
    /// The digits that this project pens itself.
    Penned,
}
