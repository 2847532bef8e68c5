use ndarray::{ArcArray2, Array1, Array3, ArrayD, ArrayView2, ArrayView3, Axis, s};
use std::ops::Range;

/// Labelled pictures of handwritten digits, with light ink on dark paper as in MNIST.
///
/// Clones and ranges of them share their pixels: only [`select`](Self::select) copies any.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    /// Grey values from 0 (paper) to 255 (ink), a row for each picture, shape `(m, pixels)`: from left
    /// to right and from top to bottom.
    pub pixels: ArcArray2<u8>,
    /// Rows and columns of each picture.
    pub size: (usize, usize),
    /// What each picture shows, from 0 to 9.
    pub labels: Vec<usize>,
}

impl Digits {
    /// Digits from pictures, shape `(m, rows, columns)`, and what each of them shows.
    pub fn new(pictures: Array3<u8>, labels: Vec<usize>) -> Self {
        let (m, rows, columns) = pictures.dim();
        let pixels = pictures.into_shape_with_order((m, rows * columns));
        let pixels = pixels.expect("a picture is as long as its pixels").into_shared();
        Self { pixels, size: (rows, columns), labels }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// All pictures, shape `(m, rows, columns)`.
    pub fn pictures(&self) -> ArrayView3<'_, u8> {
        let (rows, columns) = self.size;
        let pictures = self.pixels.view().into_shape_with_order((self.len(), rows, columns));
        pictures.expect("a picture is as long as its pixels")
    }

    /// One picture, shape `(rows, columns)`.
    pub fn picture(&self, i: usize) -> ArrayView2<'_, u8> {
        self.pictures().index_axis_move(Axis(0), i)
    }

    /// Consecutive digits, as many of this range as there are.
    pub fn range(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        Self {
            pixels: self.pixels.clone().slice_move(s![range.clone(), ..]),
            size: self.size,
            labels: self.labels[range].to_vec(),
        }
    }

    /// The digits at these positions, in this order.
    pub fn select(&self, chosen: &[usize]) -> Self {
        Self {
            pixels: self.pixels.select(Axis(0), chosen).into_shared(),
            size: self.size,
            labels: chosen.iter().map(|&i| self.labels[i]).collect(),
        }
    }

    /// The pictures, shape `(m, rows, columns)`, and the labels, shape `(m,)`, as IDX files hold them.
    pub fn to_idx(&self) -> [ArrayD<u8>; 2] {
        let labels: Array1<u8> = self.labels.iter().map(|&label| label as u8).collect();
        [self.pictures().to_owned().into_dyn(), labels.into_dyn()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_share_pixels_and_end_where_the_digits_do() {
        let pictures = Array3::from_shape_fn((3, 2, 2), |(i, j, k)| (4 * i + 2 * j + k) as u8);
        let digits = Digits::new(pictures, vec![7, 8, 9]);
        let last = digits.range(2..5);
        assert_eq!((last.len(), last.labels.as_slice()), (1, [9].as_slice()));
        assert_eq!(last.pixels.as_ptr(), digits.pixels.row(2).as_ptr());
        assert_eq!(last.picture(0), ndarray::array![[8, 9], [10, 11]]);
        assert_eq!(last, digits.select(&[2]));
        assert!(digits.range(3..5).is_empty());
    }
}
