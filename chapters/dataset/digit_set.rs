use super::Digits;
use std::path::PathBuf;

/// What reports call the MNIST database.
pub const MNIST: &str = "MNIST";

/// Digits to learn from and digits to be tested on, with the name that reports call them by.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitSet {
    /// What this set is called: [`MNIST`], `penned digits`, or `own digits in DIR`.
    pub name: String,
    /// Where the digits come from.
    pub origin: Origin,
    /// The digits to learn from.
    pub train: Digits,
    /// The digits that no network sees before it is tested, of the same size in pixels.
    pub test: Digits,
}

/// Where digits come from, and hence what a result on them may be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The MNIST database, every file verified.
    Mnist {
        /// The folder that it was read from.
        folder: PathBuf,
    },
    /// The reader's own files, in the right form but otherwise unverified.
    Own {
        /// The folder that they were read from.
        folder: PathBuf,
    },
    /// The digits that this project pens itself.
    Penned,
}
