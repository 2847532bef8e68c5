//! What every set of examples must be, wherever it was read from and wherever it is written.

use std::collections::HashSet;
use std::fmt::Display;
use std::path::Path;

use ndarray::Array2;

use super::{Inputs, Labelled};
use chapters::dataset::DataError;

impl Labelled {
    /// Refuses examples that contradict themselves: it is an error unless everything that is documented
    /// about the fields is true. `path` is named in errors.
    pub(super) fn check(&self, path: &Path) -> Result<(), DataError> {
        self.inputs.check(path)?;
        self.check_labels(path)?;
        check_names(&self.classes, path)
    }

    /// The same for examples from a file, which may not have kept its promises.
    pub(super) fn checked(self, path: &Path) -> Result<Self, DataError> {
        self.check(path)?;
        Ok(self)
    }

    fn check_labels(&self, path: &Path) -> Result<(), DataError> {
        let (examples, labels, classes) =
            (self.inputs.len(), self.labels.len(), self.classes.len());
        if examples != labels {
            let found = format!("holds {examples} examples and {labels} labels");
            return Err(DataError::new(path, found)
                .expected("one label for each example")
                .remedy("create the file again"));
        }
        if let Some(position) = self.labels.iter().position(|&label| label >= classes) {
            return Err(label_out_of_range(self.labels[position], position, classes, path));
        }
        let Some(class) = self.counts().iter().position(|&count| count == 0) else { return Ok(()) };
        let found = format!("has no example of the class {:?}", self.classes[class]);
        Err(DataError::new(path, found)
            .expected("at least one example of each class")
            .remedy("leave the class out, or add an example"))
    }
}

/// The error for a label that stands for none of the classes.
pub(super) fn label_out_of_range(
    label: impl Display,
    position: usize,
    classes: usize,
    path: &Path,
) -> DataError {
    DataError::new(path, format!("has the label {label} at position {position}"))
        .expected(format!("one of its {classes} classes, counted from 0"))
        .remedy("correct it")
}

impl Inputs {
    fn check(&self, path: &Path) -> Result<(), DataError> {
        if self.is_empty() {
            return Err(DataError::no_examples(path));
        }
        match self {
            Self::Pictures(pictures) => check_pixels(pictures.dim(), path),
            Self::Numbers { x, features } => check_numbers(x, features, path),
        }
    }
}

fn check_pixels((_, rows, columns): (usize, usize, usize), path: &Path) -> Result<(), DataError> {
    if rows > 0 && columns > 0 {
        return Ok(());
    }
    Err(DataError::no_pixels(path, rows, columns))
}

fn check_numbers(x: &Array2<f64>, features: &[String], path: &Path) -> Result<(), DataError> {
    let (columns, names) = (x.ncols(), features.len());
    if columns == 0 || columns != names {
        let found = format!("has {columns} columns of numbers and {names} names for them");
        return Err(DataError::new(path, found)
            .expected("at least one column, and a name for each")
            .remedy("create the file again"));
    }
    let not_finite = x.indexed_iter().find(|(_, number)| !number.is_finite());
    let Some(((row, column), found)) = not_finite else { return check_names(features, path) };
    let (example, column) = (row + 1, column + 1);
    let place = format!("in example {example}, column {column}, both counted from 1");
    Err(DataError::new(path, format!("has {found} {place}"))
        .expected("a finite number")
        .remedy("correct it, or leave the example out"))
}

/// Refuses names that are not unique.
fn check_names(names: &[String], path: &Path) -> Result<(), DataError> {
    let mut known = HashSet::new();
    names.iter().find(|name| !known.insert(*name)).map_or(Ok(()), |name| {
        Err(DataError::new(path, format!("has the name {name:?} twice"))
            .expected("unique names")
            .remedy("rename one of the two"))
    })
}
