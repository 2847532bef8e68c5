use crate::{
    file_name,
    formats::{Labelled, Loaded, TableOptions},
};
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
        /// Whether rows and columns of the pictures are swapped.
        #[serde(default, skip_serializing_if = "is_false")]
        transpose: bool,
    },
    /// One file, whose name implies its format.
    File {
        /// The file.
        #[serde(with = "file_name")]
        data: PathBuf,
        /// How it is read, for a table.
        #[serde(flatten)]
        table: TableOptions,
        /// Whether rows and columns of pictures are swapped.
        #[serde(default, skip_serializing_if = "is_false")]
        transpose: bool,
    },
}

impl Source {
    /// Whether rows and columns of pictures are swapped.
    pub fn is_transposed(&self) -> bool {
        match self {
            Self::Idx { transpose, .. } | Self::File { transpose, .. } => *transpose,
        }
    }

    /// The same files, with rows and columns of pictures swapped or not.
    pub fn with_transposition(mut self, asked: bool) -> Self {
        match &mut self {
            Self::Idx { transpose, .. } | Self::File { transpose, .. } => *transpose = asked,
        }
        self
    }

    /// Reads the examples.
    pub fn read(&self) -> Result<Loaded, DataError> {
        let (path, transpose, mut loaded) = match self {
            Self::Idx { images, labels, transpose } => {
                let mut notes = Vec::new();
                let examples = Labelled::read_pair(images, labels, &mut notes)?;
                (images, transpose, Loaded { notes, ..examples.into() })
            }
            Self::File { data, table, transpose } => {
                (data, transpose, Labelled::read(data, table)?)
            }
        };
        if *transpose {
            loaded.examples.inputs = loaded.examples.inputs.transposed(path)?;
        }
        Ok(loaded)
    }
}

/// What is left out where it was written before there was such a choice.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(choice: &bool) -> bool {
    !choice
}
