use crate::{common::Common, error::Error, output};
use chapters::dataset::{DigitSource, idx, mnist};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Pen digits in the project's own handwriting, as IDX files named like MNIST's
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten pen
  handwritten pen --train 1000 --test 100 --seed 7 --out target/mine
  handwritten --own-data target/mine
  handwritten pen --rows digits.csv")]
pub struct Pen {
    /// Number of training digits
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    train: usize,
    /// Number of test digits
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    test: usize,
    /// Write plain files instead of gzip
    #[arg(long)]
    plain: bool,
    /// Write 5,000 digits of 20×20 pixels as a table instead, one row each
    #[arg(long, value_name = "FILE.csv")]
    rows: Option<PathBuf>,
}

/// How many of each digit a table of 20×20 digits has.
const PER_CLASS: usize = 500;

/// Writes penned digits: four IDX files, or a table.
pub fn run(common: &Common, arguments: &Pen) -> Result<(), Error> {
    match &arguments.rows {
        Some(path) => write_rows(common, path),
        None => write_idx(common, arguments),
    }
}

fn write_idx(common: &Common, arguments: &Pen) -> Result<(), Error> {
    for (what, found) in [("training", arguments.train), ("test", arguments.test)] {
        if found == 0 {
            return Err(Error::Count { what, expected: "at least 1", found });
        }
    }
    let folder = common.out("target/pen");
    let _made = output::create_folder(&folder)?;
    let digits = DigitSource::Penned.load(arguments.train, arguments.test, common.seed())?;
    let contents = [digits.train, digits.test].map(|digits| digits.to_idx());
    let ending = if arguments.plain { "" } else { ".gz" };
    let names = mnist::FILES.map(|file| format!("{}{ending}", file.name));
    for (name, content) in names.iter().zip(contents.iter().flatten()) {
        idx::write(&folder.join(name), content)?;
    }
    let Pen { train, test, .. } = arguments;
    let folder = folder.display().to_string();
    if common.json {
        let seed = common.seed();
        return output::print_json(&json!({
            "pen": { "folder": folder, "files": names, "train": train, "test": test, "seed": seed }
        }));
    }
    output::print_line(&format!(
        "Penned {train} training and {test} test digits into {folder}; learn from them with \
         `handwritten --own-data {folder}`."
    ))
}

fn write_rows(common: &Common, path: &Path) -> Result<(), Error> {
    let digits = DigitSource::Penned.load(10 * PER_CLASS, 0, common.seed())?;
    let digits = digits.train.balanced(PER_CLASS)?;
    digits.write_csv(path)?;
    let count = digits.len();
    let path = path.display().to_string();
    if common.json {
        let seed = common.seed();
        return output::print_json(
            &json!({ "pen": { "rows": path, "digits": count, "seed": seed } }),
        );
    }
    output::print_line(&format!(
        "Penned {count} digits into {path}; learn from them with `handwritten chapter 4 --rows \
         {path}`."
    ))
}
