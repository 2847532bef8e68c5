use crate::{file_name, formats::Labelled};
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
        #[serde(with = "file_name")]
        images: PathBuf,
        /// Their labels.
        #[serde(with = "file_name")]
        labels: PathBuf,
    },
    /// One file, whose name implies its format.
    File {
        /// The file.
        #[serde(with = "file_name")]
        data: PathBuf,
        /// The heading of the column of labels, for a table.
        label: Option<String>,
    },
}

impl Source {
    /// Reads the examples.
    pub fn read(&self) -> Result<Labelled, DataError> {
        match self {
            Self::Idx { images, labels } => Labelled::read_idx_pair(images, labels),
            Self::File { data, label } => Labelled::read(data, label.as_deref()),
        }
    }
}
