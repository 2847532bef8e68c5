use super::Goal;
use crate::TrainConfig;
use chapters::{
    CourseError,
    chapter_06_speed::Width,
    random::seeds,
    report::{Raster, grouped},
};
use serde::{Deserialize, Serialize};
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
/// No record takes more networks.
const MOST_NETWORKS: usize = 100;
/// Nor more digits.
const MOST_DIGITS: usize = 10_000_000;

/// A share of ten thousand digits, such as `0.43 %`.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

impl Record {
    /// Where its networks are kept while they are trained, one for each seed.
    pub fn networks_in(&self, folder: &Path) -> impl Iterator<Item = PathBuf> {
        let name = |seed| folder.join(format!("{}-{seed}.safetensors", self.name));
        seeds(self.config.seed, self.networks).map(name)
    }

    /// Refuses what cannot be run.
    ///
    /// # Errors
    /// [`CourseError::Setting`], with what is expected.
    pub fn check(&self) -> Result<(), CourseError> {
        self.config.check()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let usable = !self.name.is_empty() && self.name.len() <= 60 && self.name.chars().all(plain);
        let expected = "of letters, digits and hyphens, at most 60";
        CourseError::unless(usable, "name of a record", expected, &self.name)?;
        let usable = (1..=MOST_NETWORKS).contains(&self.networks);
        CourseError::unless(usable, "number of networks", "from 1 to 100", self.networks)?;
        let usable = (100..=MOST_DIGITS).contains(&self.digits);
        CourseError::unless(usable, "number of digits", "from 100 to 10 million", self.digits)?;
        let usable = self.learns_from != Corpus::MnistTraining;
        CourseError::unless(
            usable,
            "what a record learns from",
            "mnist or penned",
            "mnist_training",
        )?;
        let usable = self.goal == Goal::Study || self.config.validation == 0.0;
        let expected = "0 for a record, which is measured on test digits";
        CourseError::unless(usable, "validation share", expected, self.config.validation)
    }

    /// Compares what it claims with what was found when it was run again; says what is wrong with it.
    /// Seconds are those of another machine, or of another moment, and are not compared.
    pub fn refute(&self, found: &Measured) -> Option<String> {
        let Some(claimed) = &self.measured else {
            return Some("it claims nothing: it has no `measured`".to_owned());
        };
        let more = |than: f64| FEW_MORE[0].max(FEW_MORE[1] * than) + than;
        let most = self.goal.most_error();
        if found.weights != claimed.weights {
            let [found, claimed] = [found.weights, claimed.weights].map(grouped);
            Some(format!("it has {found} weights and biases, not {claimed}"))
        } else if claimed.error > most {
            let [claimed, most] = [claimed.error, most].map(percent);
            Some(format!("it claims to misread {claimed}, but {} allows {most}", self.goal))
        } else if found.error > more(claimed.error) {
            let [found, claimed] = [found.error, claimed.error].map(percent);
            Some(format!("it misreads {found}, not {claimed}"))
        } else if found.error < claimed.error - (more(claimed.error) - claimed.error) {
            let [found, claimed] = [found.error, claimed.error].map(percent);
            Some(format!("it misreads only {found}, not {claimed}: it is another network"))
        } else {
            None
        }
    }
}
