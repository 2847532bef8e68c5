use chapters::{CourseError, chapter_06_speed::WidthError, dataset::DataError};
use own_data::formats::picture::NoDigit;
use std::{io, path::PathBuf};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Course(#[from] CourseError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Refused(DataError),
    #[error("could not draw {name}: {source}")]
    Figure { name: String, source: figures::kit::DrawError },
    #[error(transparent)]
    Vectors(#[from] WidthError),
    #[error("cannot write to {path}: {source}; choose a writable folder with `--out DIR`")]
    Unwritable { path: PathBuf, source: io::Error },
    #[error(
        "the book's reports are made from MNIST, which is not here: run `handwritten fetch mnist`, \
         or name its folder with `--data-dir DIR`"
    )]
    BlessWithoutMnist,
    #[error("cannot read {path}: {source}; run the command that writes it again")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "the report of chapter {chapter} differs from the committed one:\n  {differences}\nif this \
         is intended, run `handwritten bless`"
    )]
    Moved { chapter: usize, differences: String },
    #[error("there is no sweep in {path}: name a folder that `handwritten sweep` has written")]
    NoSweep { path: PathBuf },
    #[error(
        "{path} holds another sweep: {differences}; choose another folder with `--out DIR`, or \
         delete this one"
    )]
    OtherSweep { path: PathBuf, differences: String },
    #[error(
        "{missing} of {all} runs are missing: name the folders of all parts, once they are finished"
    )]
    PartsMissing { missing: usize, all: usize },
    #[error(
        "another `handwritten` is at work in {path}: wait for it, or choose another folder with \
         `--out DIR`"
    )]
    AtWork { path: PathBuf },
    #[error(
        "there is nothing to learn from: name a table with `--data FILE.csv`, or pictures with \
         `--images FILE --labels FILE`"
    )]
    NothingToLearn,
    #[error(
        "{path} already holds a training run: continue it with `--resume`, start over with \
         `--overwrite`, or choose another folder with `--out DIR`"
    )]
    TrainingThere { path: PathBuf },
    #[error(
        "there is no training run to continue in {path}: name the folder that `handwritten train` \
         wrote to with `--out DIR`, or leave `--resume` out"
    )]
    NoTraining { path: PathBuf },
    #[error(
        "{path} holds another training run: {differences}; leave these settings out to continue it, \
         or start over with `--overwrite`"
    )]
    OtherTraining { path: PathBuf, differences: String },
    #[error("{path} is damaged and cannot be resumed: {reason}; start over with `--overwrite`")]
    DamagedCheckpoint { path: PathBuf, reason: String },
    #[error(
        "the examples are not those that the training run in {path} began with: restore them, or \
         start over with `--overwrite`"
    )]
    OtherExamples { path: PathBuf },
    #[error("there is nothing to classify: name a picture or a table after the model")]
    NothingToPredict,
    #[error("nothing was read")]
    NothingRead,
    #[error("{file} is a picture, but the model reads {input}: give it a table")]
    NotForPictures { file: PathBuf, input: String },
    #[error("could not start the threads: {0}; try `--jobs 1`")]
    Threads(String),
    #[error(transparent)]
    Book(#[from] bookbinder::BindError),
    #[error("the book is bound, but could not be opened in a browser: {0}")]
    Browser(String),
    #[error("`handwritten {command}`, which the book shows, failed: {source}")]
    Console { command: String, source: io::Error },
    #[error(
        "`handwritten {command}` no longer prints what the book shows: {difference}; if this is \
         intended, run `handwritten bless --consoles`"
    )]
    ConsoleMoved { command: String, difference: String },
    #[error(
        "{path}, read back, is not what was written; use another format, and please report this"
    )]
    NotReadBack { path: PathBuf },
    #[error("{path} is not {format}: leave `--as` out, or choose a name that ends in .{ending}")]
    OtherEnding { path: PathBuf, format: String, ending: &'static str },
    #[error("not confirmed: {names}")]
    NotConfirmed { names: String },
    #[error("the record {name} cannot be run: {reason}")]
    BadRecord { name: String, reason: String },
    #[error("a record names its own seed: leave `--seed` out")]
    SeedOfRecord,
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
    #[error("cannot read or print the report: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the number of {what} digits must be {expected}, but it is {found}")]
    Count { what: &'static str, expected: &'static str, found: usize },
}

impl From<NoDigit> for Error {
    fn from(no_digit: NoDigit) -> Self {
        match no_digit {
            NoDigit::File(error) => Self::Data(error),
            NoDigit::Refused(error) => Self::Refused(error),
        }
    }
}

impl Error {
    /// Whether the reader of the output has stopped, as in `handwritten | head`.
    pub fn is_closed_pipe(&self) -> bool {
        match self {
            Self::Print(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Self::Json(error) => error.io_error_kind() == Some(io::ErrorKind::BrokenPipe),
            _ => false,
        }
    }

    /// 2 if the command line is at fault, 1 for everything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Count { .. }
            | Self::OtherEnding { .. }
            | Self::NothingToLearn
            | Self::NothingToPredict
            | Self::SeedOfRecord
            | Self::Vectors(_)
            | Self::Course(
                CourseError::Setting { .. }
                | CourseError::NoSuchSetting { .. }
                | CourseError::UnknownChapter { .. },
            ) => 2,
            _ => 1,
        }
    }
}
