use serde::{Deserialize, Serialize};
use std::fmt;

/// What a record is about: the smaller, the better.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The lowest error of one network, or of several whose probabilities are averaged.
    LowestError,
    /// The fewest weights and biases of a network that misreads at most 2 %.
    #[serde(rename = "fewest_weights_for_98")]
    FewestWeightsFor98,
    /// The same at 1 %.
    #[serde(rename = "fewest_weights_for_99")]
    FewestWeightsFor99,
    /// The shortest training of a network that misreads at most 2 %.
    #[serde(rename = "seconds_to_98")]
    SecondsTo98,
    /// The same at 1 %.
    #[serde(rename = "seconds_to_99")]
    SecondsTo99,
    /// The lowest error by L-BFGS on all examples at once.
    Lbfgs,
    /// None: one step of many on the way to a record.
    Study,
}

impl Goal {
    /// The largest share of the digits that may be misread.
    pub fn most_error(self) -> f64 {
        match self {
            Self::LowestError | Self::Lbfgs | Self::Study => 1.0,
            Self::FewestWeightsFor98 | Self::SecondsTo98 => 0.02,
            Self::FewestWeightsFor99 | Self::SecondsTo99 => 0.01,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::LowestError => "lowest error",
            Self::FewestWeightsFor98 => "fewest weights for 98 %",
            Self::FewestWeightsFor99 => "fewest weights for 99 %",
            Self::SecondsTo98 => "seconds to 98 %",
            Self::SecondsTo99 => "seconds to 99 %",
            Self::Lbfgs => "lowest error by L-BFGS",
            Self::Study => "study",
        })
    }
}
