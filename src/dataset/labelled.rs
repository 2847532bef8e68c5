use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use ndarray::{Array2, Array3};
use serde::{Deserialize, Serialize};

use super::Error;

/// Examples of any kind with a class each: the reader's own, or the project's to be given away.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// What the examples look like.
    pub inputs: Inputs,
    /// The class of each example, an index into `classes`.
    pub labels: Vec<usize>,
    /// What the classes are called; each has an example at least.
    pub classes: Vec<String>,
}

/// What examples look like.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inputs {
    /// Grey values from 0 (paper) to 255 (ink), shape `(m, rows, columns)`.
    Pictures(Array3<u8>),
    /// One row of numbers each.
    Numbers {
        /// Shape `(m, n)`; all are finite.
        x: Array2<f64>,
        /// What the `n` columns are called.
        features: Vec<String>,
    },
}

impl Labelled {
    /// How many examples there are of each class, in the order of the classes.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for &label in &self.labels {
            counts[label] += 1;
        }
        counts
    }

    /// Refuses what a file promised and did not keep: it is an error unless all that the fields say
    /// of themselves is true. `path` is named in errors.
    pub(super) fn check(self, path: &Path) -> Result<Self, Error> {
        self.inputs.check(path)?;
        self.check_labels(path)?;
        check_names(&self.classes, path)?;
        Ok(self)
    }

    fn check_labels(&self, path: &Path) -> Result<(), Error> {
        let path = path.to_path_buf();
        let (examples, labels, classes) =
            (self.inputs.len(), self.labels.len(), self.classes.len());
        if examples != labels {
            return Err(Error::LabelCount { path, examples, labels });
        }
        if let Some(position) = self.labels.iter().position(|&label| label >= classes) {
            let label = self.labels[position] as i64;
            return Err(Error::LabelOutOfRange { path, label, position, classes });
        }
        match self.counts().iter().position(|&count| count == 0) {
            Some(class) => {
                Err(Error::ClassWithoutExample { path, class: self.classes[class].clone() })
            }
            None => Ok(()),
        }
    }
}

impl Inputs {
    /// How many examples there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Pictures(pictures) => pictures.dim().0,
            Self::Numbers { x, .. } => x.nrows(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        if self.is_empty() {
            return Err(Error::NoExamples { path: path.to_path_buf() });
        }
        match self {
            Self::Pictures(pictures) => check_pixels(pictures.dim(), path),
            Self::Numbers { x, features } => check_numbers(x, features, path),
        }
    }
}

fn check_pixels((_, rows, columns): (usize, usize, usize), path: &Path) -> Result<(), Error> {
    if rows > 0 && columns > 0 {
        return Ok(());
    }
    Err(Error::NoPixels { path: path.to_path_buf(), rows, columns })
}

fn check_numbers(x: &Array2<f64>, features: &[String], path: &Path) -> Result<(), Error> {
    let (columns, names) = (x.ncols(), features.len());
    if columns == 0 || columns != names {
        return Err(Error::FeatureNames { path: path.to_path_buf(), columns, names });
    }
    match x.indexed_iter().find(|(_, number)| !number.is_finite()) {
        Some(((row, column), &found)) => {
            let (path, example, column): (PathBuf, _, _) = (path.into(), row + 1, column + 1);
            Err(Error::NotFinite { path, found, example, column })
        }
        None => check_names(features, path),
    }
}

/// Refuses names that do not tell apart what they name.
fn check_names(names: &[String], path: &Path) -> Result<(), Error> {
    let mut known = HashSet::new();
    match names.iter().find(|name| !known.insert(*name)) {
        Some(name) => Err(Error::NameTwice { path: path.to_path_buf(), name: name.clone() }),
        None => Ok(()),
    }
}

/// Names for those that have none: a letter and a number, `count` of them.
pub(super) fn numbered(letter: &str, first: usize, count: usize) -> Vec<String> {
    (first..first + count).map(|number| format!("{letter}{number}")).collect()
}

/// Labels as indices into the classes that occur, and these, which are called by their numbers.
pub(super) fn classes_of<N: Copy + Ord + ToString>(marks: &[N]) -> (Vec<usize>, Vec<String>) {
    let occurring: Vec<N> = marks.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let place = |mark: &N| occurring.partition_point(|other| other < mark);
    (marks.iter().map(place).collect(), occurring.iter().map(N::to_string).collect())
}
