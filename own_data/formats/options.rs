//! How a table is read, and what a model must remember of it.

use serde::{Deserialize, Serialize};

use super::Labelled;

/// How a table is read where its text leaves a choice.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct TableOptions {
    /// The heading of the column of labels, or its number, counted from 1; without one, it is the column
    /// called `label`, otherwise the last.
    pub label: Option<String>,
    /// Whether the first row names the columns; without a word, the rows show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// Columns that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<String>,
    /// Columns of words, each of which becomes a feature of its own: 1 where it stands, 0 elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_hot: Vec<String>,
    /// What is done about missing values.
    #[serde(skip_serializing_if = "Missing::is_refused")]
    pub missing: Missing,
}

/// What is done about missing values.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// They are an error.
    #[default]
    Refuse,
    /// Rows with a missing value are left out.
    Drop,
    /// The mean of the training examples takes their place.
    Mean,
}

impl Missing {
    /// Whether they are an error.
    pub fn is_refused(&self) -> bool {
        *self == Self::Refuse
    }
}

/// How the columns of a table became features: what a model needs to read another table.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Encoding {
    /// The columns of words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_hot: Vec<OneHot>,
    /// What was done about missing values.
    #[serde(skip_serializing_if = "Missing::is_refused")]
    pub missing: Missing,
}

/// A column of words as features of 0 and 1.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OneHot {
    /// Its heading.
    pub column: String,
    /// Its words, each of which is a feature.
    pub categories: Vec<String>,
}

impl OneHot {
    /// What the features are called: `column=category`.
    pub fn features(&self) -> impl Iterator<Item = String> {
        self.categories.iter().map(|category| format!("{}={category}", self.column))
    }
}

impl Encoding {
    /// Whether columns are features as they are, and none of their values may be missing.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Examples from a file.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
#[derive(Debug)]
pub struct Loaded {
    /// The examples. Where missing values become the mean, they are `NAN`.
    pub examples: Labelled,
    /// How columns became features.
    pub encoding: Encoding,
    /// What the reader should know of how the file was read, a sentence each.
    pub notes: Vec<String>,
}

impl From<Labelled> for Loaded {
    fn from(examples: Labelled) -> Self {
        Self { examples, encoding: Encoding::default(), notes: Vec::new() }
    }
}
