//! Numbers that grow row by row, in a byte each for as long as that is enough.

use chapters::dataset::numbers::is_byte;
use ndarray::{Array2, Array3};

/// Grey values as bytes; everything else in double precision.
#[derive(Clone)]
pub(super) enum GrowingNumbers {
    Bytes(Vec<u8>),
    Doubles(Vec<f64>),
}

impl Default for GrowingNumbers {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl GrowingNumbers {
    pub fn push(&mut self, number: f64) {
        match self {
            Self::Bytes(bytes) if is_byte(number) => bytes.push(number as u8),
            Self::Bytes(bytes) => {
                let doubles = bytes.iter().map(|&byte| f64::from(byte)).chain([number]);
                *self = Self::Doubles(doubles.collect());
            }
            Self::Doubles(doubles) => doubles.push(number),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Doubles(doubles) => doubles.len(),
        }
    }

    pub fn truncate(&mut self, length: usize) {
        match self {
            Self::Bytes(bytes) => bytes.truncate(length),
            Self::Doubles(doubles) => doubles.truncate(length),
        }
    }

    pub fn at(&self, i: usize) -> f64 {
        match self {
            Self::Bytes(bytes) => bytes[i].into(),
            Self::Doubles(doubles) => doubles[i],
        }
    }

    /// Some of the columns of a table, in this order.
    pub fn columns(&self, columns: usize, chosen: &[usize]) -> Self {
        fn of<N: Copy>(numbers: &[N], columns: usize, chosen: &[usize]) -> Vec<N> {
            let rows = numbers.chunks_exact(columns.max(1));
            rows.flat_map(|row| chosen.iter().map(|&place| row[place])).collect()
        }
        match self {
            Self::Bytes(bytes) => Self::Bytes(of(bytes, columns, chosen)),
            Self::Doubles(doubles) => Self::Doubles(of(doubles, columns, chosen)),
        }
    }

    /// All of them, shape `(m, columns)`.
    pub fn into_table(self, rows: usize, columns: usize) -> Array2<f64> {
        let numbers = match self {
            Self::Bytes(bytes) => bytes.into_iter().map(f64::from).collect(),
            Self::Doubles(doubles) => doubles,
        };
        Array2::from_shape_vec((rows, columns), numbers).expect("a number for every column and row")
    }

    /// All of them as pictures, if they are bytes; `places` says where each pixel is in a row.
    pub fn take_pictures(
        &mut self,
        (rows, columns): (usize, usize),
        places: &[usize],
    ) -> Option<Array3<u8>> {
        let pixels = rows * columns;
        if !places.iter().copied().eq(0..pixels) {
            *self = self.columns(pixels, places);
        }
        let Self::Bytes(bytes) = self else { return None };
        let shape = (bytes.len() / pixels.max(1), rows, columns);
        Array3::from_shape_vec(shape, std::mem::take(bytes)).ok()
    }
}
