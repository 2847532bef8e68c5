use std::path::PathBuf;

use super::{Digits, Error, mnist, pen};

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

/// Where digits are to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DigitSource {
    /// The MNIST database in a folder.
    Mnist(PathBuf),
    /// The reader's own digits in a folder, in files named as MNIST's.
    Own(PathBuf),
    /// The project's own pen.
    Penned,
}

impl DigitSource {
    /// The first `train` digits to learn from and the first `test` digits to be tested on, or as
    /// many as there are; only penned digits depend on the seed.
    pub fn load(&self, train: usize, test: usize, seed: u64) -> Result<DigitSet, Error> {
        let mut set = match self {
            Self::Mnist(folder) => mnist::load(folder)?,
            Self::Own(folder) => mnist::own_data(folder)?,
            Self::Penned => penned(train, test, seed),
        };
        set.train = set.train.range(0..train);
        set.test = set.test.range(0..test);
        Ok(set)
    }
}

fn penned(train: usize, test: usize, seed: u64) -> DigitSet {
    DigitSet {
        name: "penned digits".to_owned(),
        origin: Origin::Penned,
        train: pen::pen_digits(train, seed),
        // Another seed, so that none of them is among the training digits.
        test: pen::pen_digits(test, !seed),
    }
}
