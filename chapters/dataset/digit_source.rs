use super::{DataError, DigitSet, Origin, mnist, pen};
use std::path::PathBuf;

/// Where digits are to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DigitSource {
    /// The MNIST database in a folder.
    Mnist(PathBuf),
    /// The reader's own digits in a folder, in files named like MNIST's.
    Own(PathBuf),
    /// The project's own pen.
    Penned,
}

impl DigitSource {
    /// The first `train` digits to learn from and the first `test` digits to be tested on, or as
    /// many as there are; only penned digits depend on the seed.
    pub fn load(&self, train: usize, test: usize, seed: u64) -> Result<DigitSet, DataError> {
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
