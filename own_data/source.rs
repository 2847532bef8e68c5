use crate::formats::{Labelled, Loaded, TableOptions};
use chapters::dataset::DataError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where examples are read from.
///
/// [In the book](../../book/experiments.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Pictures and their labels, in two IDX files.
    Idx {
        /// The pictures.
        images: PathBuf,
        /// Their labels.
        labels: PathBuf,
    },
    /// One file, whose name implies its format.
    File {
        /// The file.
        data: PathBuf,
        /// How it is read, for a table.
        #[serde(flatten)]
        table: TableOptions,
    },
}

impl Source {
    /// Reads the examples.
    pub fn read(&self) -> Result<Loaded, DataError> {
        match self {
            Self::Idx { images, labels } => Ok(Labelled::read_idx_pair(images, labels)?.into()),
            Self::File { data, table } => Labelled::read(data, table),
        }
    }
}
