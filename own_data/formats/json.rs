//! Examples as one JSON object without spaces:
//!
//! ```json
//! {"inputs": {"pictures": {"v": 1, "dim": [1, 2, 2], "data": [0, 255, 255, 0]}},
//!  "labels": [0], "classes": ["zero"]}
//! ```
//!
//! or, for rows of numbers,
//! `"inputs": {"numbers": {"x": {"v": 1, "dim": [1, 2], "data": [0.5, 1.5]}, "features": ["x1", "x2"]}}`.
//! In each array, `v` is the version of the encoding, `dim` the shape, and `data` the numbers, the last
//! dimension running fastest.

use std::fs;
use std::io;
use std::path::Path;

use super::Labelled;
use chapters::dataset::{DataError, atomic_file};

impl Labelled {
    /// Reads examples from the JSON that [`write_json`](Self::write_json) writes.
    ///
    /// Fails if the file cannot be read, is not that JSON, or contradicts itself.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_json(path: &Path) -> Result<Self, DataError> {
        let json = fs::read(path).map_err(DataError::unreadable(path))?;
        let examples = serde_json::from_slice::<Self>(&json).map_err(|source| {
            DataError::new(path, format!("is not a JSON file of examples: {source}"))
                .remedy("`handwritten data export rings --as json` writes one to compare with")
        });
        examples?.checked(path)
    }

    /// Writes examples as one JSON object: inputs with their shape, labels and names.
    ///
    /// Fails if the file cannot be written, or if the examples contradict themselves.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write_json(&self, path: &Path) -> Result<(), DataError> {
        self.check(path)?;
        atomic_file::write(path, |file| serde_json::to_writer(file, self).map_err(io::Error::from))
            .map_err(DataError::unwritable(path))
    }
}
