use ndarray::{Array2, Array3};

/// Examples of any kind with a class each: the reader's own, or the project's to be given away.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// What the examples look like.
    pub inputs: Inputs,
    /// The class of each example, an index into `classes`.
    pub labels: Vec<usize>,
    /// What the classes are called; each has an example at least.
    pub classes: Vec<String>,
}

/// What examples look like.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Debug, PartialEq)]
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
