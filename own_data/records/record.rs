use super::Goal;
use crate::TrainConfig;
use chapters::{CourseError, report::percent};
use serde::{Deserialize, Serialize};

/// A record: networks, how they are trained, and what came out.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Record {
    /// What it is about.
    pub goal: Goal,
    /// How each network is built and trained on MNIST's 60,000 training digits.
    pub config: TrainConfig,
    /// How many networks there are, with seeds that count up from the configuration's; their
    /// probabilities are averaged.
    pub networks: usize,
    /// What came out.
    pub measured: Measured,
    /// On which machine.
    pub hardware: Hardware,
    /// Whose record it is.
    pub by: String,
}

/// What a record is judged by.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Measured {
    /// The share of MNIST's 10,000 test digits that all networks together misread.
    pub error: f64,
    /// The share that each of them misreads.
    pub errors: Vec<f64>,
    /// Seconds of training, of all networks.
    pub seconds: f64,
    /// Weights and biases of all networks.
    pub weights: usize,
    /// Additions and multiplications of the training, of all networks.
    pub operations: f64,
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

/// Whether a record was found again.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// It was.
    Kept,
    /// It was not, and why.
    Broken(String),
}

/// Another processor rounds otherwise, trains another network, and misreads a few more digits.
const FEW_MORE: f64 = 0.0005;

impl Record {
    /// Refuses what cannot be run.
    ///
    /// # Errors
    /// [`CourseError::Setting`], with what is expected.
    pub fn check(&self) -> Result<(), CourseError> {
        self.config.check()?;
        let found = self.networks;
        CourseError::unless((1..=100).contains(&found), "number of networks", "from 1 to 100", found)?;
        let usable = self.config.validation == 0.0;
        let expected = "0: a record learns from all 60,000 digits";
        CourseError::unless(usable, "validation share", expected, self.config.validation)
    }

    /// Compares what it claims with what was found when it was run again. Seconds are those of another
    /// machine, or of another moment, and are not compared.
    pub fn verify(&self, found: &Measured) -> Verified {
        let (claimed, most) = (&self.measured, self.goal.most_error());
        if found.error > claimed.error + FEW_MORE {
            let [found, claimed] = [found.error, claimed.error].map(percent);
            Verified::Broken(format!("it misreads {found} of the test digits, not {claimed}"))
        } else if found.error > most + FEW_MORE {
            let [found, most] = [found.error, most].map(percent);
            Verified::Broken(format!("it misreads {found} of the test digits, more than {most}"))
        } else if found.weights != claimed.weights {
            let (found, claimed) = (found.weights, claimed.weights);
            Verified::Broken(format!("it has {found} weights, not {claimed}"))
        } else {
            Verified::Kept
        }
    }
}
