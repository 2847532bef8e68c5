use super::{data::Data, predict::Predict, train::Train};
use chapters::{Overrides, chapter_05_mnist::Activation, dataset::mnist};
use clap::{Args, Parser, Subcommand, ValueEnum};
use own_data::{
    OptimiserKind, Source,
    sweep::{self, SweepGrid},
};
use serde::de::DeserializeOwned;
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
  handwritten train --data iris.csv    train a network on a table of your own
  handwritten predict MODEL photo.png  let a model read a picture
  handwritten fetch mnist              download MNIST into data/mnist
  handwritten data show rings          draw examples, and count them
  handwritten book --open              bind the book and show it

Environment:
  MNIST_DIR=DIR                        where MNIST lies
  HANDWRITTEN_VECTORS=WIDTH            compute with narrower vectors than the processor has:
                                       plain, neon, avx2 or avx512
  RAYON_NUM_THREADS=N                  compute on fewer cores

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

#[derive(Debug, Subcommand)]
pub enum Command {
    Chapter(Chapter),
    Claims(Claims),
    Sweep(Sweep),
    Train(Train),
    Predict(Predict),
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
    pub fn changes(&self) -> Overrides {
        Overrides {
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

/// Train many networks with other settings, from many seeds, and draw how well they do
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten sweep
  handwritten sweep --hidden 2,4,8,16 --learning-rate 0.3,1.2 --seeds 5
  handwritten sweep --data iris.csv --label species --optimiser sgd,adam
  handwritten sweep --digits 20 --hidden 25,50 --lambda 0,1,3 --optimiser lbfgs --epochs 50
  handwritten sweep --shard 1/3 --out parts/1
  handwritten sweep --merge parts/1 parts/2 parts/3 --out whole

Each list is swept; several lists make a grid. Without --data and --digits, networks part the rings
of chapter 3. A sweep that was interrupted goes on where it was, when it is started again into the
same folder.")]
pub struct Sweep {
    #[command(flatten)]
    pub swept: Swept,
    /// Join the parts that lie in these folders
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with = "Swept")]
    pub merge: Vec<PathBuf>,
}

/// What is trained, and which part of it.
#[derive(Args, Debug)]
pub struct Swept {
    /// Numbers of hidden units [default: 1,2,3,4,5,20,50; digits: 10,25,50,100]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    hidden: Vec<usize>,
    /// Prices of large weights, λ/2m · ‖w‖² [default: 0]
    #[arg(long, value_name = "LAMBDA,…", value_delimiter = ',', allow_negative_numbers = true)]
    lambda: Vec<f64>,
    /// How far each step goes [default: 1.2 for the rings, else what suits the optimiser]
    #[arg(long, value_name = "RATE,…", value_delimiter = ',', allow_negative_numbers = true)]
    learning_rate: Vec<f64>,
    /// How many examples are shown at once; 0 for all [default: 0 for the rings, else 32]
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    batch: Vec<usize>,
    /// How weights move: sgd, momentum, adam, lbfgs [default: sgd for the rings, else adam]
    #[arg(
        long,
        value_name = "NAME,…",
        value_delimiter = ',',
        value_parser = named::<OptimiserKind>
    )]
    optimiser: Vec<OptimiserKind>,
    /// What hidden units make of their sums: relu, tanh or sigmoid [default: tanh; digits: relu]
    #[arg(long, value_name = "NAME", value_parser = named::<Activation>)]
    activation: Option<Activation>,
    /// How often every example is shown [default: 5000 for the rings; else 10, or more for few]
    #[arg(long, value_name = "N", visible_alias = "iterations")]
    epochs: Option<usize>,
    /// How many seeds, counted up from --seed [default: 20; data and digits: 5]
    #[arg(long, value_name = "N")]
    seeds: Option<usize>,
    /// Learn from a table of your own, with two or more numeric features and a column of labels
    #[arg(long, value_name = "FILE", conflicts_with = "digits")]
    pub data: Option<PathBuf>,
    /// The heading of its column of labels [default: `label`, or else the last]
    #[arg(long, value_name = "COLUMN", requires = "data")]
    pub label: Option<String>,
    /// Learn from digits of 20×20 or 28×28 pixels
    #[arg(long, value_name = "SIDE", value_parser = side)]
    pub digits: Option<usize>,
    /// How many digits, a fifth of them held out
    #[arg(long, value_name = "N", default_value_t = 5000, requires = "digits")]
    pub examples: usize,
    /// How many runs are made side by side [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Make only the I-th of N parts, for machines that work side by side
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
}

fn side(text: &str) -> Result<usize, String> {
    match text {
        "20" | "20x20" => Ok(20),
        "28" | "28x28" => Ok(28),
        _ => Err("there are digits of 20 and of 28 pixels".to_owned()),
    }
}

impl Swept {
    /// What is to be learned from.
    pub fn data_source(&self) -> sweep::DataSource {
        let digest = String::new();
        match (&self.data, self.digits) {
            (Some(data), _) => {
                let source = Source::File { data: data.clone(), label: self.label.clone() };
                sweep::DataSource::Own { source, digest }
            }
            (_, Some(side)) => sweep::DataSource::Digits { side, examples: self.examples, digest },
            _ => sweep::DataSource::Rings,
        }
    }

    /// What suits the data, with the reader's changes; there are so many examples to learn from.
    pub fn plan(&self, seed: u64, data: sweep::DataSource, examples: usize) -> SweepGrid {
        fn or<T: Clone>(asked: &[T], otherwise: Vec<T>) -> Vec<T> {
            if asked.is_empty() { otherwise } else { asked.to_vec() }
        }
        let usual = SweepGrid::usual(data, examples);
        let optimiser = or(&self.optimiser, usual.optimiser.clone());
        // A rate that suits one optimiser need not suit another
        let rate = if optimiser == usual.optimiser { usual.learning_rate } else { vec![0.0] };
        let activation = self.activation.unwrap_or(usual.activation);
        SweepGrid {
            hidden: or(&self.hidden, usual.hidden),
            lambda: or(&self.lambda, usual.lambda),
            learning_rate: or(&self.learning_rate, rate),
            batch: or(&self.batch, usual.batch),
            optimiser,
            activation,
            initialisation: match self.activation {
                Some(activation) => activation.suited_initialisation(),
                None => usual.initialisation,
            },
            epochs: self.epochs.unwrap_or(usual.epochs),
            seeds: self.seeds.unwrap_or(usual.seeds),
            seed,
            data: usual.data,
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
  handwritten fetch mnist --out /data/mnist --mirror https://example.org/mnist/
  handwritten fetch mnist --timeout 600")]
    Mnist {
        /// Ask this mirror instead of the known ones; may be given several times
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
        /// Give a mirror so long for each file, then ask the next one
        #[arg(
            long,
            value_name = "SECONDS",
            default_value_t = 120,
            value_parser = clap::value_parser!(u64).range(1..)
        )]
        timeout: u64,
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

/// A setting by the name that it has in reports.
pub fn named<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    let name = name.replace('-', "_");
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
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
}

/// Where the course, the claims, a sweep, a training, data and the pen write, where the book is,
/// where it is bound and
/// where MNIST is kept.
pub const COURSE: &str = "target/course";
pub const JUDGED: &str = "target/claims";
pub const SWEPT: &str = "target/sweep";
pub const TRAINED: &str = "target/train";
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
