use chapters::dataset::{DataError, are_all_alike, check_variety, idx::hexadecimal};
use chapters::metrics::class_counts;
use ndarray::{Array2, Array3, ArrayView1, Axis};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Examples of any kind with a class each: the reader's own, or the project's to be exported.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// What the examples look like.
    pub inputs: Inputs,
    /// The class of each example, an index into `classes`.
    pub labels: Vec<usize>,
    /// What the classes are called; each has at least one example.
    pub classes: Vec<String>,
}

/// What examples look like.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inputs {
    /// Grey values from 0 (paper) to 255 (ink), shape `(m, rows, columns)`.
    Pictures(Array3<u8>),
    /// One row of numbers each.
    Numbers {
        /// Shape `(m, n)`; all are finite.
        x: Array2<f64>,
        /// What the `n` columns are called.
        features: Vec<String>,
    },
}

impl Labelled {
    /// The SHA-256 of everything in it, as 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        match &self.inputs {
            Inputs::Pictures(pictures) => pictures.iter().for_each(|&grey| digest.update([grey])),
            Inputs::Numbers { x, features } => {
                digest.update(features.join("\n"));
                x.iter().for_each(|x| digest.update(x.to_le_bytes()));
            }
        }
        digest.update(self.classes.join("\n"));
        self.labels.iter().for_each(|label| digest.update(label.to_le_bytes()));
        hexadecimal(&digest.finalize(), "")
    }

    /// The examples at these positions; all classes keep their names.
    pub fn choose(&self, chosen: &[usize]) -> Self {
        Self {
            inputs: self.inputs.choose(chosen),
            labels: chosen.iter().map(|&i| self.labels[i]).collect(),
            classes: self.classes.clone(),
        }
    }

    /// What the class of each example is called.
    pub fn names(&self) -> Vec<String> {
        self.labels.iter().map(|&label| self.classes[label].clone()).collect()
    }

    /// How many examples there are of each class, in the order of the classes.
    pub fn counts(&self) -> Vec<usize> {
        class_counts(&self.labels, self.classes.len())
    }

    /// How many examples are identical to an earlier one of another class: no network can get both
    /// right.
    ///
    /// [In the book](../../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn contradictions(&self) -> usize {
        let mut first = HashMap::new();
        let looks = (0..self.labels.len()).map(|i| self.inputs.look(i));
        let same = looks
            .zip(&self.labels)
            .filter(|(look, label)| *first.entry(look.clone()).or_insert(**label) != **label);
        same.count()
    }

    /// The names of the features that have the same value in every example: they teach nothing.
    ///
    /// Pixels have no names, so that pictures give none.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn constant_columns(&self) -> Vec<&str> {
        let Inputs::Numbers { x, features } = &self.inputs else { return Vec::new() };
        let is_constant = |column: &ArrayView1<f64>| column.iter().all(|&value| value == column[0]);
        let named = x.columns().into_iter().zip(features);
        named.filter(|(column, _)| is_constant(column)).map(|(_, name)| name.as_str()).collect()
    }
}

impl Inputs {
    fn choose(&self, chosen: &[usize]) -> Self {
        match self {
            Self::Pictures(pictures) => Self::Pictures(pictures.select(Axis(0), chosen)),
            Self::Numbers { x, features } => {
                Self::Numbers { x: x.select(Axis(0), chosen), features: features.clone() }
            }
        }
    }

    /// Refuses examples that are all identical.
    ///
    /// [In the book](../../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn check_variety(&self) -> Result<(), DataError> {
        match self {
            Self::Pictures(pictures) => check_variety(pictures.view()),
            Self::Numbers { x, .. } if are_all_alike(x.view()) => {
                Err(DataError::all_alike(x.nrows(), false))
            }
            Self::Numbers { .. } => Ok(()),
        }
    }

    /// Pictures with rows and columns swapped, as EMNIST's must be to stand upright. `path` is named in
    /// errors.
    ///
    /// Fails for rows of numbers.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn transposed(self, path: &Path) -> Result<Self, DataError> {
        let Self::Pictures(pictures) = self else {
            return Err(DataError::new(path, "holds rows of numbers")
                .expected("pictures, whose rows and columns can be swapped")
                .remedy("leave `--transpose` out"));
        };
        let swapped = pictures.permuted_axes([0, 2, 1]);
        Ok(Self::Pictures(swapped.as_standard_layout().into_owned()))
    }

    /// What example `i` looks like: the same bytes for the same numbers.
    fn look(&self, i: usize) -> Vec<u8> {
        match self {
            Self::Pictures(pictures) => pictures.index_axis(Axis(0), i).iter().copied().collect(),
            // Adding 0 makes -0 the same as 0
            Self::Numbers { x, .. } => {
                x.row(i).iter().flat_map(|x| (x + 0.0).to_ne_bytes()).collect()
            }
        }
    }

    /// How many examples there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Pictures(pictures) => pictures.dim().0,
            Self::Numbers { x, .. } => x.nrows(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Names for those that have none: a letter and a number, `count` of them.
pub(super) fn numbered(letter: &str, first: usize, count: usize) -> Vec<String> {
    (first..first + count).map(|number| format!("{letter}{number}")).collect()
}

/// Labels as indices into the classes that occur, and the names of these: their numbers.
pub(super) fn classes_of<N: Copy + Ord + ToString>(marks: &[N]) -> (Vec<usize>, Vec<String>) {
    let occurring: Vec<N> = marks.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let place = |mark: &N| occurring.partition_point(|other| other < mark);
    (marks.iter().map(place).collect(), occurring.iter().map(N::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn labelled(inputs: Inputs) -> Labelled {
        let classes = vec!["no".to_owned(), "yes".to_owned()];
        Labelled { inputs, labels: vec![0, 1], classes }
    }

    #[test]
    fn columns_that_never_change_are_named() {
        let features = ["a", "b", "c"].map(str::to_owned).to_vec();
        let x = array![[1.0, 2.0, 3.0], [1.0, 5.0, 3.0]];
        assert_eq!(labelled(Inputs::Numbers { x, features }).constant_columns(), ["a", "c"]);
    }

    #[test]
    fn examples_that_contradict_others_are_counted() {
        let features = vec!["a".to_owned()];
        let x = array![[0.0], [1.0], [-0.0], [1.0]];
        let inputs = Inputs::Numbers { x, features };
        let classes = vec!["no".to_owned(), "yes".to_owned()];
        let examples = Labelled { inputs, labels: vec![0, 1, 1, 1], classes };
        assert_eq!(examples.contradictions(), 1);
        assert!(examples.inputs.check_variety().is_ok());
        assert!(examples.choose(&[0, 2]).inputs.check_variety().is_err());
    }

    #[test]
    fn pictures_have_no_columns() {
        let pictures = Inputs::Pictures(Array3::zeros((2, 3, 3)));
        assert!(labelled(pictures).constant_columns().is_empty());
    }
}
