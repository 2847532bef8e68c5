use super::Goal;
use crate::{OptimiserKind, TrainConfig};
use chapters::{
    CourseError,
    chapter_06_speed::Width,
    dataset::idx::hexadecimal,
    random::seeds,
    report::{Raster, grouped, short},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A record: networks, how they are trained, and what came out.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What it is called; its networks are kept under this name.
    pub name: String,
    /// What it is about.
    pub goal: Goal,
    /// Whose it is.
    pub by: String,
    /// What it does, in a few words.
    #[serde(default)]
    pub note: String,
    /// Which digits the networks learn from.
    #[serde(default)]
    pub learns_from: Corpus,
    /// Of which digits the error is measured, unless some of the former are held out.
    #[serde(default)]
    pub judged_on: Corpus,
    /// How many digits the networks learn from, at most; of these, some may be held out.
    #[serde(default = "all_of_mnist")]
    pub digits: usize,
    /// How many networks there are, with seeds that count up from the configuration's.
    #[serde(default = "one")]
    pub networks: usize,
    /// How each network is built and trained.
    pub config: TrainConfig,
    /// What came out; nothing yet if it has not been run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
}

fn all_of_mnist() -> usize {
    60_000
}

fn one() -> usize {
    1
}

/// A collection of digits.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Corpus {
    /// MNIST.
    #[default]
    Mnist,
    /// The first 10,000 training digits of MNIST: to choose settings on, for networks that learn from others.
    MnistTraining,
    /// The digits that the course pens itself.
    Penned,
}

/// What a record is judged by.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The share of the digits misread by the mean of all networks' probabilities; where each network has
    /// its own digits held out, the mean of their errors.
    pub error: f64,
    /// The share that each of them misreads.
    pub errors: Vec<f64>,
    /// Seconds of training, of all networks.
    pub seconds: f64,
    /// Weights and biases of all networks.
    pub weights: usize,
    /// Billions of operations of the training, of all networks.
    pub operations: f64,
    /// The digits that the networks misread, if they are no more than a sheet can show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misread: Vec<Misread>,
    /// On which machine.
    pub hardware: Hardware,
}

/// A digit that was misread.
///
/// [In the book](../../../book/chapter_07.html#what-is-still-misread)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Misread {
    /// Which of the test digits it is, counted from 0.
    pub index: usize,
    /// What it is said to be.
    pub label: usize,
    /// What it was taken for.
    pub read: usize,
    /// How probable the networks found that.
    pub sure: f64,
    /// How probable they found what it is said to be.
    pub of_label: f64,
    /// The picture, which is MNIST's and not written to reports.
    #[serde(skip)]
    pub picture: Option<Raster>,
}

/// A machine.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Hardware {
    /// What its processor calls itself.
    pub processor: String,
    /// The vectors that were used.
    pub vectors: String,
    /// How many threads trained.
    pub threads: usize,
}

impl Hardware {
    /// This machine.
    pub fn here() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model =
            cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        Self {
            processor: model.map_or(std::env::consts::ARCH, |(_, name)| name.trim()).to_owned(),
            vectors: Width::in_use().to_string(),
            threads: rayon::current_num_threads(),
        }
    }
}

/// Another processor rounds otherwise, trains another network, and misreads a few more digits: five of ten
/// thousand, and a twentieth of what is misread.
const FEW_MORE: [f64; 2] = [0.0005, 0.05];
/// One network alone varies more than many together.
const EACH: f64 = 2.0;
/// No thread does more billion operations in a second: the widest vectors at their highest clock do less.
const FASTEST: f64 = 400.0;
/// No record takes more networks.
const MOST_NETWORKS: usize = 100;
/// The pen draws no more digits.
const MOST_PENNED: usize = 10_000_000;

/// A share of ten thousand digits, such as `0.43 %`.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

impl Record {
    /// Where its networks are kept while they are trained, one for each seed. What they learn from and how is
    /// part of the name, so that a changed record begins with new networks.
    pub fn networks_in(&self, folder: &Path) -> impl Iterator<Item = PathBuf> {
        let config = TrainConfig { seed: 0, ..self.config.clone() };
        let about = json!([self.learns_from, self.digits, config]).to_string();
        let digest = hexadecimal(&Sha256::digest(about)[..4], "");
        let file = move |seed| folder.join(format!("{}-{digest}-{seed}.safetensors", self.name));
        seeds(self.config.seed, self.networks).map(file)
    }

    /// Refuses what cannot be run.
    ///
    /// # Errors
    /// [`CourseError::Setting`], with what is expected.
    pub fn check(&self) -> Result<(), CourseError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let usable = !self.name.is_empty() && self.name.len() <= 60 && self.name.chars().all(plain);
        let (expected, found) = ("of letters, digits and hyphens, at most 60", &self.name);
        CourseError::unless(usable, "name of a record", expected, format!("{found:?}"))?;
        self.config.check()?;
        let usable = (1..=MOST_NETWORKS).contains(&self.networks);
        CourseError::unless(usable, "number of networks", "from 1 to 100", self.networks)?;
        let (most, expected) = match self.learns_from {
            Corpus::Penned => (MOST_PENNED, "from 100 to 10 million"),
            _ => (all_of_mnist(), "from 100 to 60,000, MNIST's training digits"),
        };
        let usable = (100..=most).contains(&self.digits);
        CourseError::unless(usable, "number of digits", expected, self.digits)?;
        let usable = self.learns_from != Corpus::MnistTraining;
        let (name, expected) = ("what a record learns from", "mnist or penned");
        CourseError::unless(usable, name, expected, "mnist_training")?;
        let usable = self.judged_on != Corpus::MnistTraining || self.learns_from == Corpus::Penned;
        let (name, expected) =
            ("what a record is judged on", "mnist, which it has not learned from");
        CourseError::unless(usable, name, expected, "mnist_training")?;
        if self.goal == Goal::Study {
            return Ok(());
        }
        let usable = self.config.validation == 0.0 && self.config.patience.is_none();
        let expected = "0 for a record, which is measured on test digits, and without patience";
        CourseError::unless(usable, "validation share", expected, self.config.validation)?;
        let usable = self.judged_on == Corpus::Mnist;
        CourseError::unless(usable, "what a record is judged on", "mnist", "penned")?;
        let usable = self.goal != Goal::Lbfgs || self.config.optimiser == OptimiserKind::Lbfgs;
        let found = self.config.optimiser.name();
        CourseError::unless(usable, "optimiser of this record", "lbfgs", found)
    }

    /// Why what was found misses what the record is about, if it does.
    pub fn misses(&self, found: &Measured) -> Option<String> {
        let most = self.goal.most_error();
        (found.error > most).then(|| {
            let [found, most] = [found.error, most].map(percent);
            format!("it misreads {found}, but a record for {} at most {most}", self.goal)
        })
    }

    /// Compares what it claims with what was found when it was run again; says what is wrong with it.
    /// Seconds are those of one machine at one moment: they must be possible, and no more can be held.
    pub fn refute(&self, claimed: &Measured, found: &Measured) -> Option<String> {
        let missed = self.misses(claimed);
        if missed.is_some() {
            return missed;
        }
        let close = |found: f64, claimed: f64, times: f64| {
            (found - claimed).abs() <= times * FEW_MORE[0].max(FEW_MORE[1] * claimed)
        };
        let pairs = || found.errors.iter().zip(&claimed.errors);
        let threads = claimed.hardware.threads as f64;
        let rounded = |operations: f64| (1e3 * operations).round();
        if found.weights != claimed.weights {
            let [found, claimed] = [found.weights, claimed.weights].map(grouped);
            Some(format!("it has {found} weights and biases, not {claimed}"))
        } else if rounded(found.operations) != rounded(claimed.operations) {
            let [found, claimed] = [found.operations, claimed.operations].map(short);
            Some(format!("its training takes {found} billion operations, not {claimed}"))
        } else if !close(found.error, claimed.error, 1.0) {
            let [found, claimed] = [found.error, claimed.error].map(percent);
            Some(format!("it misreads {found}, not {claimed}"))
        } else if found.errors.len() != claimed.errors.len() {
            let [found, claimed] = [found.errors.len(), claimed.errors.len()];
            Some(format!("it has the errors of {found} networks, not of {claimed}"))
        } else if let Some((found, claimed)) = pairs().find(|(f, c)| !close(**f, **c, EACH)) {
            let [found, claimed] = [*found, *claimed].map(percent);
            Some(format!("one of its networks misreads {found}, not {claimed}"))
        } else if claimed.seconds < found.operations / FASTEST / threads {
            let [threads, seconds] = [threads, claimed.seconds].map(short);
            Some(format!("no processor with {threads} threads trains it in {seconds} s"))
        } else {
            None
        }
    }
}
