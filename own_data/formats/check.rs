//! What every set of examples must be, wherever it was read from and wherever it is written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::{Inputs, Labelled};
use chapters::dataset::Error;

impl Labelled {
    /// Refuses what contradicts itself: it is an error unless all that the fields say of themselves
    /// is true. `path` is named in errors.
    pub(super) fn check(&self, path: &Path) -> Result<(), Error> {
        self.inputs.check(path)?;
        self.check_labels(path)?;
        check_names(&self.classes, path)
    }

    /// The same of what a file promised and may not have kept.
    pub(super) fn checked(self, path: &Path) -> Result<Self, Error> {
        self.check(path)?;
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
