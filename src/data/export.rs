use super::source::{OUT, Source};
use crate::{common::Common, error::Error, output};
use chapters::report::counted;
use clap::{Args, ValueEnum};
use own_data::formats::{Format, Inputs, Labelled, TableOptions};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Write examples as CSV, JSON, NPZ or IDX, read them back and compare
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten data export rings --as json
  handwritten data export rings --count 1000 --to rings.csv
  handwritten data export digits --test --as npz --out digits
  handwritten data export rows --as idx
  handwritten data export rings.csv --label label --as npz

CSV is a table with a header row: p0, p1, … for pixels, row by row, or the names of the columns, then
label. JSON is one object with inputs (and their shape), labels and classes. NPZ holds the arrays x, y,
classes and features, for numpy.load. IDX is the format of MNIST: two files of numbers, without names.")]
pub struct Export {
    #[command(flatten)]
    source: Source,
    /// The format to write
    #[arg(long = "as", value_name = "FORMAT", value_enum, required_unless_present = "to")]
    written_as: Option<As>,
    /// How many examples [default: 200 rings, 5000 rows, all digits]
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// The file to write, whose name sets the format [default: a file in --out]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum As {
    Json,
    Csv,
    Npz,
    Idx,
}

impl From<As> for Format {
    fn from(asked: As) -> Self {
        match asked {
            As::Json => Self::Json,
            As::Csv => Self::Csv,
            As::Npz => Self::Npz,
            As::Idx => Self::Idx,
        }
    }
}

/// Shorter times, in seconds, are not worth mentioning.
const WORTH_TELLING: f64 = 0.5;

/// What was written.
struct Written {
    /// Their names.
    files: Vec<String>,
    bytes: u64,
    writing: Duration,
    reading: Duration,
}

impl Export {
    pub fn run(&self, common: &Common) -> Result<(), Error> {
        let named = self.to.as_deref().map(|path| self.check_name(path)).transpose()?;
        let examples = self.source.load(common, self.count)?;
        let folder = common.out(OUT);
        let (path, _made) = match named {
            Some(path) => (path.to_path_buf(), None),
            None => (folder.join(self.name(&examples)), Some(output::create_folder(&folder)?)),
        };
        let written = write_and_read_back(&examples, &path)?;
        if common.json { written.print_json(&examples) } else { written.print(&examples) }
    }

    /// Refuses a name that implies another format than the one asked for.
    fn check_name<'a>(&self, path: &'a Path) -> Result<&'a Path, Error> {
        let told = Format::of(path)?;
        match self.written_as.map(Format::from).filter(|&asked| asked != told) {
            Some(asked) => Err(Error::OtherEnding {
                path: path.to_path_buf(),
                format: asked.to_string(),
                ending: asked.ending(),
            }),
            None => Ok(path),
        }
    }

    /// A name that describes what is in the file.
    fn name(&self, examples: &Labelled) -> String {
        let format = self.written_as.map_or(Format::Csv, Format::from);
        let which = match (format, &examples.inputs) {
            (Format::Idx, Inputs::Pictures(_)) => "-images",
            (Format::Idx, Inputs::Numbers { .. }) => "-features",
            _ => "",
        };
        format!("{}{which}.{}", self.source.name(), format.ending())
    }
}

/// Writes examples, reads them back and compares.
fn write_and_read_back(examples: &Labelled, path: &Path) -> Result<Written, Error> {
    let start = Instant::now();
    let files = examples.write(path)?;
    let writing = start.elapsed();
    let start = Instant::now();
    let read = Labelled::read(path, &TableOptions::default())?.examples;
    let reading = start.elapsed();

    if !is_same(&read, examples, Format::of(path)?) {
        return Err(Error::NotReadBack { path: path.to_path_buf() });
    }
    let size = |file: &PathBuf| fs::metadata(file).map(|data| data.len());
    let bytes = files.iter().map(size).sum::<Result<_, _>>();
    let unreadable = |source| Error::Unreadable { path: path.to_path_buf(), source };
    let files = files.iter().map(|file| file.display().to_string()).collect();
    Ok(Written { files, bytes: bytes.map_err(unreadable)?, writing, reading })
}

/// Whether two sets of examples are the same. A table is free to renumber its classes, and IDX keeps
/// no names of columns.
fn is_same(read: &Labelled, written: &Labelled, format: Format) -> bool {
    let same_inputs = match (&read.inputs, &written.inputs) {
        (Inputs::Numbers { x, .. }, Inputs::Numbers { x: given, .. }) if format == Format::Idx => {
            x == given
        }
        (read, written) => read == written,
    };
    let names = |examples: &Labelled| -> Vec<String> {
        examples.labels.iter().map(|&label| examples.classes[label].clone()).collect()
    };
    same_inputs && names(read) == names(written)
}

impl Written {
    fn print(&self, examples: &Labelled) -> Result<(), Error> {
        let [writing, reading] = [self.writing, self.reading].map(|time| time.as_secs_f64());
        let times = if writing + reading < WORTH_TELLING {
            String::new()
        } else {
            format!(" ({writing:.1} s to write, {reading:.1} s to read)")
        };
        output::print_line(&format!(
            "Wrote {}: {}, {}, {}, read back and equal{times}.",
            self.files.join(" and "),
            counted(examples.labels.len(), "example", "examples"),
            counted(examples.classes.len(), "class", "classes"),
            size_in_words(self.bytes),
        ))
    }

    fn print_json(&self, examples: &Labelled) -> Result<(), Error> {
        output::print_json(&json!({ "export": {
            "files": self.files,
            "bytes": self.bytes,
            "examples": examples.labels.len(),
            "classes": examples.classes,
            "seconds_to_write": self.writing.as_secs_f64(),
            "seconds_to_read": self.reading.as_secs_f64(),
            "read_back_and_equal": true,
        } }))
    }
}

/// A number of bytes in kilobytes or megabytes.
fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
