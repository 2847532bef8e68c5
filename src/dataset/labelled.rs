use ndarray::{Array2, Array3, ArrayView1};

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

impl Labelled {
    /// What the features are called that have the same value in every example: they teach nothing.
    ///
    /// Pixels have no names; of pictures, none is returned.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn constant_columns(&self) -> Vec<&str> {
        let Inputs::Numbers { x, features } = &self.inputs else { return Vec::new() };
        let is_constant = |column: &ArrayView1<f64>| column.iter().all(|&value| value == column[0]);
        let named = x.columns().into_iter().zip(features);
        named.filter(|(column, _)| is_constant(column)).map(|(_, name)| name.as_str()).collect()
    }
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
    fn pictures_have_no_columns() {
        let pictures = Inputs::Pictures(Array3::zeros((2, 3, 3)));
        assert!(labelled(pictures).constant_columns().is_empty());
    }
}
