use crate::{
    Source, Split, TrainConfig,
    formats::{Labelled, Loaded},
};
use chapters::{
    CourseError,
    chapter_03_shallow_network::Rings,
    dataset::{DigitSource, Digits, GaussianQuantiles},
    metrics::cost_of_guessing,
    random::Purpose,
};
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// What the networks of a sweep learn from.
///
/// [In the book](../../../book/sweeps.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// The article's two rings of chapter 3, with other points for each seed; 20,000 more are held out.
    Rings,
    /// Pictures of digits.
    Digits {
        /// Pixels of each side: 20, as in chapter 4, or 28, as in chapter 5.
        side: usize,
        /// How many there are, some of them held out.
        examples: usize,
        /// Their digest.
        digest: String,
    },
    /// The reader's own examples.
    Own {
        /// Where they are read from.
        source: Source,
        /// Their digest.
        digest: String,
    },
}

/// The data themselves.
pub enum Data {
    /// They are drawn for each seed.
    Rings,
    /// They are split for each seed.
    Examples(Box<Labelled>),
}

impl DataSource {
    /// Reads the data, and notes their digest; also returns what the reader should know of how they were
    /// read.
    pub fn load(self, digits: &DigitSource) -> Result<(Self, Data, Vec<String>), CourseError> {
        let mut told = Vec::new();
        let (data, examples) = match self {
            Self::Rings => return Ok((Self::Rings, Data::Rings, told)),
            Self::Digits { side, examples, .. } => {
                let set = digits.load(examples, 0, 1)?;
                let pictures = Labelled::from(match side {
                    Digits::TABLE_SIDE => set.train.fitted(),
                    _ => set.train,
                });
                let (examples, digest) = (pictures.labels.len(), pictures.digest());
                (Self::Digits { side, examples, digest }, pictures)
            }
            Self::Own { source, .. } => {
                let Loaded { examples, notes, .. } = source.read()?;
                told = notes;
                (Self::Own { source, digest: examples.digest() }, examples)
            }
        };
        Ok((data, Data::Examples(Box::new(examples)), told))
    }
}

impl Data {
    /// What a network with this seed is trained and validated on.
    pub fn split(&self, seed: u64) -> Result<Split, CourseError> {
        match self {
            Self::Rings => {
                let [points, fresh] =
                    [(Purpose::Data, RINGS), (Purpose::HeldOut, Rings::FRESH_POINTS)]
                        .map(|(purpose, samples)| rings(seed, purpose, samples));
                Ok(Split::plain(&points?, &fresh?))
            }
            Self::Examples(examples) => Ok(Split::new(examples, TrainConfig::VALIDATION, seed)?),
        }
    }

    /// How many examples there are, some of which are held out where data are split.
    pub fn examples(&self) -> usize {
        match self {
            Self::Rings => RINGS,
            Self::Examples(all) => all.labels.len(),
        }
    }

    /// What always predicting the class frequencies would cost.
    pub fn cost_of_guessing(&self) -> f64 {
        match self {
            // Half of the points are in each ring
            Self::Rings => LN_2,
            Self::Examples(examples) => cost_of_guessing(&examples.counts()),
        }
    }

    /// What the classes are called.
    pub fn classes(&self) -> Vec<String> {
        match self {
            Self::Rings => ["inner half", "outer half"].map(str::to_owned).to_vec(),
            Self::Examples(examples) => examples.classes.clone(),
        }
    }
}

const RINGS: usize = GaussianQuantiles::ARTICLE.samples;

fn rings(seed: u64, purpose: Purpose, samples: usize) -> Result<Labelled, CourseError> {
    let points: Labelled = Rings::draw(seed, purpose, samples)?.into();
    Ok(Labelled { classes: Data::Rings.classes(), ..points })
}
