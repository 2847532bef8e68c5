//! What all commands share.

use chapters::dataset::{DataError, DigitSource, mnist};
use clap::{Args, ValueEnum};
use serde::de::DeserializeOwned;
use std::path::PathBuf;

/// What every command understands.
#[derive(Args, Debug)]
pub struct Common {
    /// Where all random numbers come from: the same seed gives the same report [default: 1]
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Where files are written [default: target/course; claims: target/claims; sweep: target/sweep; train: target/train; data: target/data; fetch: data/mnist; pen: target/pen; book: target/book; bless: book]
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print one JSON object on standard output, and everything else on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// How figures are drawn
    #[arg(long, global = true, value_enum, default_value_t = Format::Png)]
    pub format: Format,
    /// Show no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Where MNIST lies [default: $MNIST_DIR, or else data/mnist]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// A folder with digits of your own, in files named as MNIST's
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "data_dir")]
    pub own_data: Option<PathBuf>,
}

/// What figures are drawn as.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    Png,
    Svg,
}

impl Common {
    /// Where all random numbers come from.
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }

    /// Where files are written, unless a command has a place of its own for them.
    pub fn out(&self, otherwise: &str) -> PathBuf {
        self.out.clone().unwrap_or_else(|| otherwise.into())
    }

    /// The reader's own digits, or MNIST where it is, or else penned ones.
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
