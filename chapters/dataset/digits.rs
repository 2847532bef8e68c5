use ndarray::{Array1, Array3};

/// Labelled pictures of handwritten digits, dark paper and light ink as in MNIST.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    /// Grey values from 0 (paper) to 255 (ink), shape `(m, rows, columns)`.
    pub images: Array3<u8>,
    /// What each picture shows, from 0 to 9, shape `(m,)`.
    pub labels: Array1<u8>,
}
