//! What would not be the same when read back from a table.

use std::collections::HashMap;
use std::path::Path;

use super::cell::key;
use super::classes::{MOST_CLASSES, are_measured};
use super::columns::{list, numbers_rows};
use super::table::{are_pixels, pixel_names};
use super::{Inputs, Labelled};
use chapters::dataset::{DataError, rows::is_missing};

impl Labelled {
    /// Refuses what [`read_csv`](Self::read_csv) would misread or reject.
    pub(super) fn check_for_csv(&self, path: &Path) -> Result<(), DataError> {
        let reason = self.inputs.reason_against_csv();
        let reason = reason.or_else(|| reason_against(&self.classes, self.labels.len()));
        reason.map_or(Ok(()), |reason| {
            let found = format!("cannot hold {reason}");
            Err(DataError::new(path, found).remedy("write JSON or NPZ"))
        })
    }
}

impl Inputs {
    fn reason_against_csv(&self) -> Option<String> {
        match self {
            Self::Pictures(pictures) => {
                let (_, rows, columns) = pictures.dim();
                let is_read = rows == columns && rows > 1;
                (!is_read).then(|| {
                    format!(
                        "pictures of {rows} × {columns} pixels, because only square pictures of at \
                         least 2 × 2 pixels can be read back"
                    )
                })
            }
            Self::Numbers { x, features } if are_pixels(x, features) => {
                let last = &pixel_names(x.ncols())[x.ncols() - 1];
                Some(format!(
                    "whole numbers up to 255 in columns called p0 to {last}, because they would be \
                     read back as pictures"
                ))
            }
            Self::Numbers { x, features } => {
                let columns = || features.iter().zip(x.columns());
                let index = columns().find(|(name, column)| numbers_rows(name, *column));
                let index = index.map(|(name, _)| {
                    format!("the column {name:?}, which numbers the rows and would be left out")
                });
                let says_nothing =
                    |name: &String| is_missing(name) || !name.contains(char::is_alphanumeric);
                if features.iter().all(says_nothing) {
                    return Some(format!(
                        "the names {}, because they are not taken for headings",
                        list(features.iter().map(String::as_str))
                    ));
                }
                let number = || features.iter().find(|name| name.parse::<f64>().is_ok());
                index.or_else(|| features.iter().find_map(|name| spaces_around(name))).or_else(
                    || {
                        Some(format!(
                            "the name {:?}, because a number is not taken for a heading",
                            number()?
                        ))
                    },
                )
            }
        }
    }
}

fn reason_against(classes: &[String], examples: usize) -> Option<String> {
    let missing = || classes.iter().find(|class| is_missing(class));
    if classes.len() > MOST_CLASSES {
        let found = classes.len();
        return Some(format!("{found} classes, because a table has at most {MOST_CLASSES}"));
    }
    if are_measured(classes, examples) {
        return Some(
            "this many different labels, because they look like a measured quantity".to_owned(),
        );
    }
    let mut known: HashMap<String, &String> = HashMap::new();
    for class in classes {
        let written_otherwise =
            class.parse::<f64>().is_ok_and(f64::is_finite) && key(class) != *class;
        if written_otherwise {
            return Some(format!("the class {class:?}, because it is read back as {}", key(class)));
        }
        if let Some(other) = known.insert(key(class), class) {
            return Some(format!(
                "the classes {other:?} and {class:?}, because they are read back as one"
            ));
        }
    }
    missing()
        .map(|class| format!("the class {class:?}, because it means a missing value"))
        .or_else(|| classes.iter().find_map(|name| spaces_around(name)))
}

fn spaces_around(name: &str) -> Option<String> {
    let has_spaces = name.trim() != name;
    has_spaces.then(|| format!("the name {name:?}, because spaces around names are ignored"))
}
