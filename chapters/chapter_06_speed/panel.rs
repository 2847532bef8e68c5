use super::strips::least_strips;
use ndarray::{ArrayView2, ArrayViewMut2, s};
use rayon::prelude::*;
use std::array;

/// Numbers in the widest vector there is.
pub const LANES: usize = 16;
/// Rows that are transposed at once.
const STRIP: usize = 4 * LANES;

/// A matrix whose every row begins with a vector and is filled up to whole ones, so that no loop over
/// vectors has a remainder. What fills it up means nothing.
///
/// [In the book](../../../../book/chapter_06.html#then-what-is-it)
pub struct Panel {
    numbers: Vec<f32>,
    /// Where the first whole cache line begins.
    start: usize,
    /// From one row to the next.
    pub stride: usize,
}

/// Rows that stand `stride` numbers apart.
///
/// [In the book](../../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy)]
pub struct Strided<'a> {
    /// The first number of the first row, and all that follow.
    pub numbers: &'a [f32],
    /// From one row to the next.
    pub stride: usize,
}

impl Panel {
    /// Zeros, with room to fill up the columns as well.
    pub fn new(rows: usize, columns: usize) -> Self {
        let (rows, stride) = (rows.next_multiple_of(LANES), stride(columns));
        let numbers = vec![0.0; rows * stride + LANES];
        let start = numbers.as_ptr().align_offset(LANES * size_of::<f32>()).min(LANES);
        Self { numbers, start, stride }
    }

    /// The number of each row and column.
    pub fn from_fn(rows: usize, columns: usize, number: impl Fn(usize, usize) -> f32) -> Self {
        let mut panel = Self::new(rows, columns);
        let stride = panel.stride;
        for (i, row) in panel.rows_mut(rows).chunks_mut(stride).enumerate() {
            for (j, x) in row.iter_mut().take(columns).enumerate() {
                *x = number(i, j);
            }
        }
        panel
    }

    /// Makes room for another shape; asks for memory only if there is too little.
    pub fn reshape(&mut self, rows: usize, columns: usize) {
        let stride = stride(columns);
        if self.start + rows * stride > self.numbers.len() {
            *self = Self::new(rows, columns);
        }
        self.stride = stride;
    }

    /// Writes the columns of another matrix, so many, as rows, so long.
    pub fn transpose(&mut self, from: &Self, rows: usize, columns: usize) {
        let (from, stride) = (from.rows(), self.stride);
        let to = self.rows_mut(rows.next_multiple_of(LANES));
        let strips = to.par_chunks_mut(STRIP * stride).enumerate();
        strips.with_min_len(least_strips(64 * rows * columns)).for_each(|(i, to)| {
            let from = Strided { numbers: &from.numbers[i * STRIP..], ..from };
            transpose(from, columns, to, stride);
        });
    }

    /// To be read.
    pub fn rows(&self) -> Strided<'_> {
        Strided { numbers: &self.numbers[self.start..], stride: self.stride }
    }

    /// So many rows, one after the other, to be written.
    pub fn rows_mut(&mut self, rows: usize) -> &mut [f32] {
        &mut self.numbers[self.start..][..rows * self.stride]
    }
}

impl<'a> Strided<'a> {
    /// From a row on.
    pub fn from(self, row: usize) -> Self {
        Self { numbers: &self.numbers[row * self.stride..], ..self }
    }

    /// The same rows as `ndarray` has them.
    pub fn view(self, rows: usize, columns: usize) -> ArrayView2<'a, f32> {
        let all = ArrayView2::from_shape((rows, self.stride), &self.numbers[..rows * self.stride]);
        all.expect("as many numbers as there are rows").slice_move(s![.., ..columns])
    }
}

/// How far rows are apart: an odd number of cache lines. Those of one column would compete for a few
/// places in the cache if it were a power of two.
fn stride(columns: usize) -> usize {
    (columns.div_ceil(LANES) | 1) * LANES
}

/// The first columns of rows that stand `stride` numbers apart, as `ndarray` has them.
pub fn view_mut(numbers: &mut [f32], stride: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    let all = ArrayViewMut2::from_shape((numbers.len() / stride, stride), numbers);
    all.expect("as many numbers as there are rows").slice_move(s![.., ..columns])
}

/// Writes columns as rows; both are filled up to whole vectors. A block of 4 by 4 is turned within the
/// registers; four of them use up a cache line.
// ANCHOR: transpose
fn transpose(from: Strided, columns: usize, to: &mut [f32], stride: usize) {
    for (top, to) in to.chunks_mut(LANES * stride).enumerate() {
        for left in (0..columns).step_by(4) {
            let rows: [&[f32]; 4] = array::from_fn(|k| &from.from(left + k).numbers[top * LANES..]);
            for i in (0..LANES).step_by(4) {
                let block = rows.map(|row| *row[i..].first_chunk::<4>().expect("a whole line"));
                for j in 0..4 {
                    let column = block.map(|row| row[j]);
                    to[(i + j) * stride + left..][..4].copy_from_slice(&column);
                }
            }
        }
    }
}
// ANCHOR_END: transpose

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(rows: usize, columns: usize) -> Panel {
        Panel::from_fn(rows, columns, |i, j| (1000 * i + j + 1) as f32)
    }

    #[test]
    fn rows_begin_with_cache_lines() {
        for (rows, columns) in [(1, 1), (3, 16), (20, 33)] {
            let panel = filled(rows, columns);
            for row in panel.rows().numbers.chunks(panel.stride).take(rows) {
                assert_eq!(row.as_ptr().align_offset(64), 0);
            }
        }
    }

    #[test]
    fn columns_become_rows() {
        for (rows, columns) in [(1, 1), (5, 3), (16, 16), (33, 200), (200, 2)] {
            let from = filled(rows, columns);
            let mut to = Panel::new(columns, rows);
            to.transpose(&from, columns, rows);
            assert_eq!(to.rows().view(columns, rows), from.rows().view(rows, columns).t());
        }
    }

    #[test]
    fn room_is_made_for_a_larger_shape_and_kept_for_a_smaller_one() {
        let mut panel = Panel::new(2, 3);
        panel.reshape(40, 50);
        assert!(panel.rows_mut(40).len() == 40 * panel.stride && panel.stride >= 50);
        let place = panel.rows().numbers.as_ptr();
        panel.reshape(3, 4);
        assert_eq!(panel.rows().numbers.as_ptr(), place);
    }
}
