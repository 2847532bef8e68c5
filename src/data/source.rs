use crate::{common::Common, error::Error, progress::Progress, table::TableArguments};
use chapters::{
    CourseError,
    chapter_03_shallow_network::Rings,
    dataset::{Digits, GaussianQuantiles},
    random::Purpose,
};
use clap::Args;
use own_data::formats::{Format, Inputs, Labelled, Loaded, Missing, TableOptions, picture};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Which examples are meant.
#[derive(Args, Debug)]
pub struct Source {
    /// `rings`, `digits` (28×28 pixels), `rows` (5,000 digits of 20×20 pixels), or a file: a table, .json
    /// as `data export` writes it, .npz or .npy, the pictures of two IDX files, or a photo of a digit, .png
    #[arg(id = "data", value_name = "WHAT")]
    what: What,
    #[command(flatten)]
    table: TableArguments,
    /// Use the test digits instead of the training digits
    #[arg(long)]
    test: bool,
}

#[derive(Clone, Debug)]
enum What {
    Rings,
    Digits,
    Rows,
    File(PathBuf),
}

impl From<OsString> for What {
    fn from(name: OsString) -> Self {
        match name.to_str() {
            Some("rings") => Self::Rings,
            Some("digits") => Self::Digits,
            Some("rows") => Self::Rows,
            _ => Self::File(name.into()),
        }
    }
}

/// The folder for data and for sheets of them.
pub const OUT: &str = "target/data";

/// Rows and columns of MNIST's pictures.
const MNIST_SIZE: (usize, usize) = (28, 28);

/// As many digits as MNIST has, and as a table of rows.
const TRAIN: usize = 60_000;
const TEST: usize = 10_000;
const ROWS: usize = 5_000;

impl Source {
    /// What files of these examples are called, without an extension.
    pub fn name(&self) -> String {
        match &self.what {
            What::Rings => "rings".to_owned(),
            What::Digits if self.test => "digits-test".to_owned(),
            What::Digits => "digits".to_owned(),
            What::Rows => "rows".to_owned(),
            What::File(path) => stem(path),
        }
    }

    /// Makes or reads the examples, `count` of them if it is given.
    pub fn load(&self, common: &Common, count: Option<usize>) -> Result<Labelled, Error> {
        self.check(count)?;
        match &self.what {
            What::Rings => rings(common, count),
            What::Digits => Ok(self.digits(common, count)?.into()),
            What::Rows => rows(common, count.unwrap_or(ROWS)),
            What::File(path) if is_photo(path) => photo(path),
            What::File(path) => {
                let Loaded { examples, notes, .. } = Labelled::read(path, &self.table.options())?;
                Progress::new(common.quiet).note(&notes);
                Ok(examples)
            }
        }
    }

    /// Refuses options that make no sense for these examples.
    fn check(&self, count: Option<usize>) -> Result<(), CourseError> {
        let is_file = matches!(self.what, What::File(_));
        let is_digits = matches!(self.what, What::Digits);
        let is_table = matches!(&self.what, What::File(path) if !is_photo(path));
        let none = "left out for a file";
        CourseError::unless(!is_file || count.is_none(), "count", none, count.unwrap_or(0))?;
        CourseError::unless(count != Some(0), "count", "at least 1", 0)?;
        CourseError::unless(
            is_digits || !self.test,
            "option --test",
            "left out except for `digits`",
            "given",
        )?;
        let options = self.table.options();
        CourseError::unless(
            options.missing != Missing::Mean,
            "option --missing",
            "drop or refuse, since only a training run has means to fill in",
            "mean",
        )?;
        CourseError::unless(
            is_table || options == TableOptions::default(),
            "label column and everything else about a table",
            "left out except for a table",
            options.label.unwrap_or_else(|| "given".to_owned()),
        )
    }

    fn digits(&self, common: &Common, count: Option<usize>) -> Result<Digits, Error> {
        let source = common.digits()?;
        Ok(if self.test {
            source.load(0, count.unwrap_or(TEST), common.seed())?.test
        } else {
            source.load(count.unwrap_or(TRAIN), 0, common.seed())?.train
        })
    }
}

fn rings(common: &Common, count: Option<usize>) -> Result<Labelled, Error> {
    let count = count.unwrap_or(GaussianQuantiles::ARTICLE.samples);
    Ok(Rings::draw(common.seed(), Purpose::Data, count)?.into())
}

/// Whether a file is a picture of a single digit.
fn is_photo(path: &Path) -> bool {
    Format::of_file(path).is_ok_and(|format| format == Format::Picture)
}

/// A picture as a model trained on MNIST sees it; its class is the name of the file.
fn photo(path: &Path) -> Result<Labelled, Error> {
    let inputs = Inputs::Pictures(picture::read_digit(path, MNIST_SIZE)?);
    Ok(Labelled { inputs, labels: vec![0], classes: vec![stem(path)] })
}

/// Equally many rows of each digit, as in chapter 4.
fn rows(common: &Common, count: usize) -> Result<Labelled, Error> {
    CourseError::unless(count.is_multiple_of(10), "count", "a multiple of 10 for `rows`", count)?;
    let digits = common.digits()?.load(2 * ROWS.max(count), 0, common.seed())?.train;
    Ok(digits.balanced(count / 10)?.into())
}

/// The name of a file without what implies its format.
fn stem(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let ends = ["-images", "-features"].iter().filter_map(|part| name.rfind(part));
    name[..ends.min().unwrap_or(name.len())].to_owned()
}
