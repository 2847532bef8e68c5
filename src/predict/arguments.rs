use clap::Args;
use std::path::{Path, PathBuf};

/// Classify examples with a trained model
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten predict photo.png scan.png
  handwritten predict target/train/model.safetensors new.csv
  handwritten predict target/train/model.safetensors new.csv --label species --csv predictions.csv
  handwritten predict digits.safetensors photo.png scan.png --json
  handwritten predict digits.safetensors t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz

A photo (PNG, JPEG or WebP) may have any size, dark ink on light paper or light on dark; on ruled or squared
paper, in a shadow, on a table, turned by its EXIF note: it is made even, cropped to its ink, scaled and
centred like MNIST's digits. Where there is not one digit, it is refused, and the reason is said. From a
table, the columns that the model was trained on are read.")]
pub struct Predict {
    /// What to classify: PNG, JPEG, WebP, CSV, IDX, NPY, or any other format of `handwritten data export`;
    /// before it a model that `handwritten train` has written, ending in .safetensors [default: a reader of
    /// digits that the program brings with it]
    #[arg(required = true, value_name = "FILE")]
    pub named: Vec<PathBuf>,
    /// The label column of a table, to report the accuracy as well
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// Take the first row of a table for headings [default: if it is not like the others]
    #[arg(long, conflicts_with = "no_header")]
    pub header: bool,
    /// Take the first row of a table for an example [default: if it is like the others]
    #[arg(long)]
    pub no_header: bool,
    /// The labels of a file of IDX or of an array of NumPy's, to report the accuracy as well
    #[arg(long, value_name = "FILE", conflicts_with = "label")]
    pub labels: Option<PathBuf>,
    /// Swap rows and columns of pictures (but for photos), as those of EMNIST need
    #[arg(long)]
    pub transpose: bool,
    /// Write all predictions to this file as well, one row for each: with the true class and whether it is
    /// a miss where labels are known, and the probability of every class
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

impl Predict {
    /// The file of the model, if one was named.
    pub fn model(&self) -> Option<&Path> {
        let first = self.named.first()?;
        first
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors"))
            .then_some(first)
    }

    /// What to classify.
    pub fn files(&self) -> &[PathBuf] {
        &self.named[usize::from(self.model().is_some())..]
    }
}
