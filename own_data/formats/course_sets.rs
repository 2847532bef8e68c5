//! The data of the chapters as examples to be exported.

use super::labelled::{classes_of, numbered};
use super::{Inputs, Labelled};
use chapters::dataset::{Digits, Points};

impl From<Digits> for Labelled {
    fn from(digits: Digits) -> Self {
        let (labels, classes) = classes_of(&digits.labels);
        Self { inputs: Inputs::Pictures(digits.pictures().to_owned()), labels, classes }
    }
}

impl From<Points> for Labelled {
    fn from(Points { x, labels }: Points) -> Self {
        let (labels, classes) = classes_of(&labels.to_vec());
        let features = numbered("x", 1, x.ncols());
        Self { inputs: Inputs::Numbers { x, features }, labels, classes }
    }
}
