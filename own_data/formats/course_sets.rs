//! The data of the chapters as examples to be given away.

use super::labelled::{classes_of, numbered};
use super::{Inputs, Labelled};
use chapters::dataset::{DigitRows, Digits, Points};

impl From<Digits> for Labelled {
    fn from(digits: Digits) -> Self {
        let (labels, classes) = classes_of(&digits.labels.to_vec());
        Self { inputs: Inputs::Pictures(digits.images), labels, classes }
    }
}

impl From<DigitRows> for Labelled {
    fn from(rows: DigitRows) -> Self {
        let labels = rows.digits();
        let shape = (labels.len(), DigitRows::SIDE, DigitRows::SIDE);
        let images = rows.pixels.into_shape_with_order(shape);
        Digits { images: images.expect("a row holds a square picture"), labels }.into()
    }
}

impl From<Points> for Labelled {
    fn from(Points { x, labels }: Points) -> Self {
        let (labels, classes) = classes_of(&labels.to_vec());
        let features = numbered("x", 1, x.ncols());
        Self { inputs: Inputs::Numbers { x, features }, labels, classes }
    }
}
