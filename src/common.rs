//! What all commands have in common.

use chapters::dataset::{DataError, DigitSource, mnist};
use clap::{Args, ValueEnum};
use serde::de::DeserializeOwned;
use std::path::PathBuf;

/// The heading of their options in the help, below those of a command.
const COMMON: &str = "Common options";

/// What every command understands.
#[derive(Args, Debug)]
pub struct Common {
    /// Seed of all random numbers: the same seed gives the same report [default: 1]
    #[arg(long, help_heading = COMMON, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Folder to write files to [default: target/course; claims: target/claims; sweep: target/sweep; train: target/train, with --folds target/folds; data: target/data; fetch: data/mnist; pen: target/pen; records: target/records, with --check target/check; book: target/book; bless: book]
    #[arg(long, help_heading = COMMON, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print one JSON object to standard output (indented on a terminal, otherwise on one line), and
    /// everything else to standard error
    #[arg(long, help_heading = COMMON, global = true)]
    pub json: bool,
    /// Image format of figures
    #[arg(long, help_heading = COMMON, global = true, value_enum, default_value_t = Format::Png)]
    pub format: Format,
    /// Show no progress
    #[arg(long, short, help_heading = COMMON, global = true)]
    pub quiet: bool,
    /// Folder with MNIST [default: $MNIST_DIR, otherwise data/mnist]
    #[arg(long, help_heading = COMMON, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Folder with your own digits, in files named like MNIST's
    #[arg(long, help_heading = COMMON, global = true, value_name = "DIR", conflicts_with = "data_dir")]
    pub own_data: Option<PathBuf>,
}

/// The image format of figures.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    Png,
    Svg,
}

impl Common {
    /// The seed of all random numbers.
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }

    /// The folder to write files to: the one named, or the default of a command.
    pub fn out(&self, otherwise: &str) -> PathBuf {
        self.out.clone().unwrap_or_else(|| otherwise.into())
    }

    /// The reader's own digits if named, otherwise MNIST if it is there, otherwise penned digits.
    pub fn digits(&self) -> Result<DigitSource, DataError> {
        if let Some(folder) = &self.own_data {
            return Ok(DigitSource::Own(folder.clone()));
        }
        let mnist_dir = std::env::var_os("MNIST_DIR").map(PathBuf::from);
        let folder = mnist::find(self.data_dir.as_deref(), mnist_dir.as_deref())?;
        Ok(folder.map_or(DigitSource::Penned, DigitSource::Mnist))
    }
}

/// A setting by the name that it has in reports.
pub fn named<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    let name = name.replace('-', "_");
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}
