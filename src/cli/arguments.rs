use super::data::Data;
use clap::{Args, Parser, Subcommand, ValueEnum};
use handwritten::{chapters::Changes, dataset::mnist, sweep::Plan};
use std::{path::PathBuf, str::FromStr};

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
  handwritten sweep --hidden 2,4,8     train other sizes, and draw how well they do
  handwritten fetch mnist              download MNIST into data/mnist
  handwritten data show rings          draw examples, and count them
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
    /// Where files are written [default: target/course; claims: target/claims; sweep: target/sweep; data: target/data; fetch: data/mnist; pen: target/pen; book: target/book; bless: book]
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
    Claims(Claims),
    Sweep(Sweep),
    Data(Data),
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

/// Re-run every claim of the articles from several seeds, and say what is to be said of it
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten claims
  handwritten claims --seeds 20 --json > claims.json

A number holds if at least 95 % of the runs are as good, and is typical if more than 5 % are; a
statement holds if it is true of at least 95 % of the runs, and is typical if of more than 75 %.")]
pub struct Claims {
    /// How many seeds, counted up from --seed [default: as many as the book has]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..))]
    pub seeds: Option<u32>,
}

/// Train the network of chapter 3 with other sizes and rates, from many seeds
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten sweep
  handwritten sweep --hidden 2,4,8,16 --learning-rate 0.3,1.2 --seeds 5
  handwritten sweep --shard 1/3 --out parts/1
  handwritten sweep --merge parts/1 parts/2 parts/3 --out whole

A sweep that was interrupted goes on where it was, when it is started again into the same folder.")]
pub struct Sweep {
    /// Numbers of hidden units [default: 1,2,3,4,5,20,50]
    #[arg(long, value_name = "N,…", value_delimiter = ',', conflicts_with = "merge")]
    hidden: Vec<usize>,
    /// How far each step of descent goes; several make a grid [default: 1.2]
    #[arg(
        long,
        value_name = "RATE,…",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with = "merge"
    )]
    learning_rate: Vec<f64>,
    /// Iterations of gradient descent [default: 5000]
    #[arg(long, value_name = "N", visible_alias = "iterations", conflicts_with = "merge")]
    epochs: Option<usize>,
    /// How many seeds, counted up from --seed [default: 20]
    #[arg(long, value_name = "N", conflicts_with = "merge")]
    seeds: Option<usize>,
    /// How many runs are made side by side [default: one for each core]
    #[arg(long, value_name = "N", conflicts_with = "merge")]
    pub jobs: Option<usize>,
    /// Make only the I-th of N parts, for machines that work side by side
    #[arg(long, value_name = "I/N", conflicts_with = "merge")]
    pub shard: Option<Shard>,
    /// Join the parts that lie in these folders
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub merge: Vec<PathBuf>,
}

impl Sweep {
    /// The article's plan with the reader's changes.
    pub fn plan(&self, seed: u64) -> Plan {
        fn or<T: Clone>(asked: &[T], otherwise: Vec<T>) -> Vec<T> {
            if asked.is_empty() { otherwise } else { asked.to_vec() }
        }
        let article = Plan::article();
        Plan {
            hidden: or(&self.hidden, article.hidden),
            learning_rate: or(&self.learning_rate, article.learning_rate),
            epochs: self.epochs.unwrap_or(article.epochs),
            seeds: self.seeds.unwrap_or(article.seeds),
            seed,
        }
    }
}

/// One of several parts of a sweep.
#[derive(Clone, Copy, Debug)]
pub struct Shard {
    /// Which part, from 1.
    pub part: usize,
    /// How many there are.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| {
            let (part, of) = (part.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&part).then_some(Self { part, of })
        });
        numbers.ok_or_else(|| "write the part and the number of parts, such as 2/3".to_owned())
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

/// Where the course, the claims, a sweep, data and the pen write, where the book is, where it is bound and
/// where MNIST is kept.
pub const COURSE: &str = "target/course";
pub const JUDGED: &str = "target/claims";
pub const SWEPT: &str = "target/sweep";
pub const GIVEN: &str = "target/data";
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
