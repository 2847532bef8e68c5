use rayon::prelude::*;
use std::slice::ChunksMut;

/// Numbers in a cache line, and in the widest vector there is.
pub const LINE: usize = 16;
/// Rows of a block: a multiple of every tile's rows and of a line's numbers.
pub const BLOCK: usize = 48;

/// Sixteen neighbours in a row: one cache line.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub struct Line(pub [f32; LINE]);

/// A matrix packed in the order in which a kernel reads it: blocks of 48 rows, the last one of those that
/// are left; in each block, strips of 16 columns from left to right; in each strip, a line for each row.
/// The last strip is padded to 16 columns; no result depends on what stands there.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    lines: Vec<Line>,
    rows: usize,
    columns: usize,
    block: usize,
}

impl Blocked {
    /// Zeros, in blocks of 48 rows.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        let lines = vec![Line::default(); rows * columns.div_ceil(LINE)];
        Self { lines, rows, columns, block: BLOCK }
    }

    /// Zeros, in one block: a strip of columns then lies in one piece.
    pub fn one_block(rows: usize, columns: usize) -> Self {
        Self { block: rows.max(1), ..Self::zeros(rows, columns) }
    }

    /// Numbers computed from row and column, in blocks of 48 rows.
    pub fn from_fn(rows: usize, columns: usize, number: impl Fn(usize, usize) -> f32) -> Self {
        let mut matrix = Self::zeros(rows, columns);
        matrix.for_each(|i, j, to| *to = number(i, j));
        matrix
    }

    /// Calls `work` with each row, column and number.
    pub fn for_each(&mut self, mut work: impl FnMut(usize, usize, &mut f32)) {
        let columns = self.columns;
        let first_rows = (0..).step_by(self.block);
        for (first, block) in first_rows.zip(self.blocks_mut()) {
            let height = block.len() / columns.div_ceil(LINE);
            for (s, strip) in block.chunks_mut(height).enumerate() {
                for (i, line) in (first..).zip(strip) {
                    for (j, number) in (s * LINE..columns).zip(&mut line.0) {
                        work(i, j, number);
                    }
                }
            }
        }
    }

    /// The number in row `i` and column `j`.
    pub fn get(&self, i: usize, j: usize) -> f32 {
        self.strip(i / self.block, j / LINE)[i % self.block].0[j % LINE]
    }

    /// Copies the numbers of a matrix of the same shape.
    pub fn copy_from(&mut self, from: &Self) {
        self.lines.copy_from_slice(&from.lines);
    }

    /// Rows and columns.
    pub fn dim(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// Strips of a block.
    pub fn strips(&self) -> usize {
        self.columns.div_ceil(LINE)
    }

    /// Rows of every block but the last, which may have fewer.
    pub fn block_rows(&self) -> usize {
        self.block
    }

    /// One block.
    pub fn block(&self, block: usize) -> &[Line] {
        let first = block * self.block;
        &self.lines[first * self.strips()..][..self.height(block) * self.strips()]
    }

    /// A strip of a block, a line for each row.
    #[inline(always)]
    pub fn strip(&self, block: usize, strip: usize) -> &[Line] {
        let height = self.height(block);
        &self.lines[block * self.block * self.strips() + strip * height..][..height]
    }

    fn height(&self, block: usize) -> usize {
        self.block.min(self.rows - block * self.block)
    }

    /// All blocks, to be written.
    pub fn blocks_mut(&mut self) -> ChunksMut<'_, Line> {
        let block = (self.block * self.strips()).max(1);
        self.lines.chunks_mut(block)
    }

    /// All blocks, to be written in parallel.
    pub fn par_blocks_mut(&mut self) -> rayon::slice::ChunksMut<'_, Line> {
        let block = (self.block * self.strips()).max(1);
        self.lines.par_chunks_mut(block)
    }

    /// A few strips of a matrix of [one block](Self::one_block), with as many columns as a block of
    /// another matrix has rows, to be written.
    pub fn strips_mut(&mut self) -> ChunksMut<'_, Line> {
        self.lines.chunks_mut((self.rows * BLOCK / LINE).max(1))
    }

    /// The same, to be written in parallel.
    pub fn par_strips_mut(&mut self) -> rayon::slice::ChunksMut<'_, Line> {
        self.lines.par_chunks_mut((self.rows * BLOCK / LINE).max(1))
    }
}

/// Transposes up to 16 lines: column `j` of `from` becomes line `j` of `to`.
#[inline(always)]
fn transpose(from: &[Line], to: &mut [Line]) {
    let mut rows = [[0.0; LINE]; LINE];
    for k in 0..from.len().min(LINE) {
        rows[k] = from[k].0;
    }
    // A block of 4 by 4 fits into the registers of any processor
    for top in (0..LINE).step_by(4) {
        for i in 0..to.len().min(LINE) {
            let column = [rows[top][i], rows[top + 1][i], rows[top + 2][i], rows[top + 3][i]];
            to[i].0[top..][..4].copy_from_slice(&column);
        }
    }
}

/// Writes strips that have `rows` rows transposed: their columns become the rows of strips that have
/// `strip_rows`.
#[inline(always)]
pub fn transpose_block(block: &[Line], rows: usize, strips: &mut [Line], strip_rows: usize) {
    for (s, strip) in block.chunks(rows).enumerate() {
        for (lines, to) in strip.chunks(LINE).zip(strips.chunks_mut(strip_rows)) {
            let to = &mut to[s * LINE..];
            let count = to.len().min(LINE);
            transpose(lines, &mut to[..count]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::array;

    fn number(i: usize, j: usize) -> f32 {
        (1000 * i + j + 1) as f32
    }

    #[test]
    fn lines_are_cache_lines() {
        assert_eq!(size_of::<Line>(), 64);
        assert_eq!(BLOCK % LINE, 0);
        let matrix = Blocked::from_fn(3, 20, number);
        assert_eq!(matrix.block(0)[0].0.as_ptr().align_offset(64), 0);
    }

    #[test]
    fn numbers_are_found_where_they_were_put() {
        for (rows, columns) in [(1, 1), (3, 16), (20, 33), (100, 50), (49, 1), (0, 5), (5, 0)] {
            let mut matrix = Blocked::from_fn(rows, columns, number);
            for i in 0..rows {
                for j in 0..columns {
                    assert_eq!(matrix.get(i, j), number(i, j));
                }
            }
            let blocks = if columns > 0 { rows.div_ceil(BLOCK) } else { 0 };
            assert_eq!(matrix.blocks_mut().len(), blocks);
        }
    }

    #[test]
    fn columns_become_rows() {
        for rows in [1, 5, 16] {
            let from = Blocked::from_fn(rows, 16, number);
            for columns in [1, 7, 16] {
                let mut to = vec![Line([9.0; LINE]); columns];
                transpose(from.strip(0, 0), &mut to);
                for (j, line) in to.iter().enumerate() {
                    let expected: [f32; LINE] =
                        array::from_fn(|i| if i < rows { number(i, j) } else { 0.0 });
                    assert_eq!(line.0, expected);
                }
            }
        }
    }
}
