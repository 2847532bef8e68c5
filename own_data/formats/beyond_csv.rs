//! What would not be the same when read back from a table.

use std::path::Path;

use super::cell::is_missing;
use super::classes::MOST_CLASSES;
use super::table::{are_pixels, pixel_names};
use super::{Inputs, Labelled};
use chapters::dataset::DataError;

impl Labelled {
    /// Refuses what [`read_csv`](Self::read_csv) would misread or reject.
    pub(super) fn check_for_csv(&self, path: &Path) -> Result<(), DataError> {
        let reason = self.inputs.reason_against_csv().or_else(|| reason_against(&self.classes));
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
            Self::Numbers { features, .. } => features.iter().find_map(|name| spaces_around(name)),
        }
    }
}

fn reason_against(classes: &[String]) -> Option<String> {
    let missing = || classes.iter().find(|class| is_missing(class));
    if classes.len() > MOST_CLASSES {
        let found = classes.len();
        return Some(format!("{found} classes, because a table has at most {MOST_CLASSES}"));
    }
    missing()
        .map(|class| format!("the class {class:?}, because it means a missing value"))
        .or_else(|| classes.iter().find_map(|name| spaces_around(name)))
}

fn spaces_around(name: &str) -> Option<String> {
    let has_spaces = name.trim() != name;
    has_spaces.then(|| format!("the name {name:?}, because spaces around names are ignored"))
}
