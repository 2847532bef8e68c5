use clap::{Args, Parser, Subcommand, ValueEnum};
use handwritten::{chapters::Changes, dataset::mnist};
use std::path::PathBuf;

/// A course that teaches neural networks by building them.
///
/// Without a command, the whole course runs: every chapter trains its networks, draws its figures
/// and adds its lines to a table of what the articles claim and what came out.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  handwritten                          run the course, on MNIST if it is there
  handwritten --seed 7 --out runs/7    run it again with other random numbers
  handwritten chapter 3 --hidden 8     run one chapter, with a change
  handwritten fetch mnist              download MNIST into data/mnist
  handwritten book --open              bind the book and show it

Exit codes: 0 done, 1 failed, 2 bad usage."
)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Args, Debug)]
pub struct Common {
    /// Where all random numbers come from: the same seed gives the same report
    #[arg(long, global = true, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Where files are written [default: target/course; fetch: data/mnist; pen: target/pen; book: target/book; bless: book]
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

#[derive(Debug, Subcommand)]
pub enum Command {
    Chapter(Chapter),
    Fetch(Fetch),
    Pen(Pen),
    Book(Book),
    Bless(Bless),
}

/// Run one chapter
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten chapter 3
  handwritten chapter 3 --hidden 8 --learning-rate 0.5
  handwritten chapter 5 --seeds 5 --json > chapter_05.json
  handwritten chapter 4 --rows my_digits.csv")]
pub struct Chapter {
    /// The chapter's number
    pub number: usize,
    /// How many hidden units, where the chapter has a network with one hidden layer
    #[arg(long, value_name = "N")]
    hidden: Option<usize>,
    /// How often every example is shown at the most
    #[arg(long, value_name = "N", visible_alias = "iterations")]
    epochs: Option<usize>,
    /// How far each step of descent goes
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// How fast large weights shrink: the price of weights where there is no λ
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    weight_decay: Option<f64>,
    /// Stop training once no larger a share of the validation digits is misread
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    until_error: Option<f64>,
    /// Over how many seeds, counted up from --seed, results are averaged
    #[arg(long, value_name = "N")]
    seeds: Option<usize>,
    /// Chapter 4: read digits from this table instead, as `handwritten pen --rows` writes it
    #[arg(long, value_name = "FILE.csv")]
    pub rows: Option<PathBuf>,
}

impl Chapter {
    /// What the reader set in place of the chapter's own choice.
    pub fn changes(&self) -> Changes {
        Changes {
            hidden: self.hidden,
            epochs: self.epochs,
            learning_rate: self.learning_rate,
            weight_decay: self.weight_decay,
            error_threshold: self.until_error,
            seeds: self.seeds,
        }
    }
}

/// Download data: the only command that opens a network connection
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten fetch mnist
  handwritten fetch mnist --out /data/mnist --mirror https://example.org/mnist/")]
pub struct Fetch {
    #[command(subcommand)]
    pub what: Fetchable,
}

#[derive(Debug, Subcommand)]
pub enum Fetchable {
    /// The MNIST database of handwritten digits, 11 MB: download, verify, keep
    #[command(after_help = "Examples:
  handwritten fetch mnist
  handwritten fetch mnist --out /data/mnist --mirror https://example.org/mnist/")]
    Mnist {
        /// Ask this mirror instead of the known ones; may be given several times
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
    },
}

/// Write the project's own handwriting as IDX files, named as MNIST's
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten pen
  handwritten pen --train 1000 --test 100 --seed 7 --out target/mine
  handwritten --own-data target/mine
  handwritten pen --rows digits.csv")]
pub struct Pen {
    /// How many training digits
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    pub train: usize,
    /// How many test digits
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub test: usize,
    /// Write plain files, not gzipped ones
    #[arg(long)]
    pub plain: bool,
    /// Instead: write 5,000 digits of 20×20 pixels as a table, one row each
    #[arg(long, value_name = "FILE.csv")]
    pub rows: Option<PathBuf>,
}

/// Bind the book: listings from the code, numbers from the committed reports
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten book --open
  handwritten book --source ../handwritten --out /tmp/book")]
pub struct Book {
    /// Show it in a browser
    #[arg(long)]
    pub open: bool,
    /// The folder of the project, in which `book` is
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
}

/// Make the book's committed reports, figures and console blocks anew, from a full run on MNIST
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten bless
  handwritten bless 2 3
  handwritten bless --consoles
  handwritten bless --check")]
pub struct Bless {
    /// Only these chapters
    pub chapters: Vec<usize>,
    /// Only the blocks of console output
    #[arg(long, conflicts_with = "chapters")]
    pub consoles: bool,
    /// Write nothing: say where what is committed differs from what a run gives now
    #[arg(long)]
    pub check: bool,
}

impl Common {
    /// Where files are written, unless a command has a place of its own for them.
    pub fn out(&self, otherwise: &str) -> PathBuf {
        self.out.clone().unwrap_or_else(|| otherwise.into())
    }
}

/// Where the course writes, where the pen does, where the book is, where it is bound and where MNIST
/// is kept.
pub const COURSE: &str = "target/course";
pub const PENNED: &str = "target/pen";
pub const BOOK: &str = "book";
pub const BOUND_BOOK: &str = "target/book";
pub const FETCHED: &str = mnist::DEFAULT_FOLDER;

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
