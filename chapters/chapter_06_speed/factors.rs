use super::{
    blocked::{Blocked, LINE, Line},
    lanes::Lanes,
    matmul::{Columns, Lhs, Matmul},
    tile::{Tile, accumulate, store},
};
use std::ops::Range;

impl Matmul<'_> {
    /// Computes a tile of `N` rows in `S` strips; returns the number of its rows.
    #[inline(always)]
    pub fn tile<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &mut self,
        lanes: L,
        [row, strip]: [usize; 2],
    ) -> usize {
        let c = match self.lhs {
            Lhs::Rows { block, columns: Columns::First(depth) } => {
                self.rows_times::<L, N, V, S>(lanes, block, depth, [row, strip])
            }
            Lhs::Rows { block, columns: Columns::Chosen(columns) } => {
                self.chosen_times::<L, N, V, S>(lanes, block, columns, [row, strip])
            }
            Lhs::Columns { matrix, first } => {
                self.columns_times::<L, N, V, S>(lanes, matrix, first + row, strip)
            }
        };
        for s in 0..S {
            store(lanes, &c, s * (V / S), &mut self.c[(strip + s) * self.rows + row..][..N]);
        }
        N
    }

    /// The first `depth` numbers of each row of `B`, which lies in a block, times as many rows of `A`.
    #[inline(always)]
    fn rows_times<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &self,
        lanes: L,
        block: &[Line],
        depth: usize,
        [row, strip]: [usize; 2],
    ) -> Tile<L, N, V> {
        let mut c = [[lanes.splat(0.0); V]; N];
        for first in (0..depth).step_by(self.rhs.block_rows()) {
            let a = strips_of::<S>(self.rhs, first / self.rhs.block_rows(), strip);
            let count = a[0].len().min(depth - first);
            // A strip of B beside as many rows of A
            for k in (0..count).step_by(LINE) {
                let b = &block[(first + k) / LINE * self.rows + row..];
                let b = b.first_chunk::<N>().expect(LINES);
                c = accumulate(
                    lanes,
                    part_of(a, k..count.min(k + LINE)),
                    #[inline(always)]
                    |k| move |i: usize| b[i].0[k % LINE],
                    c,
                );
            }
        }
        c
    }

    /// The same with only these columns of `B`.
    #[inline(always)]
    fn chosen_times<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &self,
        lanes: L,
        block: &[Line],
        columns: &[u32],
        [row, strip]: [usize; 2],
    ) -> Tile<L, N, V> {
        let mut c = [[lanes.splat(0.0); V]; N];
        for first in (0..columns.len()).step_by(self.rhs.block_rows()) {
            let a = strips_of::<S>(self.rhs, first / self.rhs.block_rows(), strip);
            let columns = &columns[first..columns.len().min(first + a[0].len())];
            c = accumulate(
                lanes,
                part_of(a, 0..columns.len()),
                #[inline(always)]
                |k| {
                    let (strip, lane) = (columns[k] / LINE as u32, columns[k] % LINE as u32);
                    let b = &block[strip as usize * self.rows + row..];
                    let b = b.first_chunk::<N>().expect(LINES);
                    move |i: usize| b[i].0[lane as usize]
                },
                c,
            );
        }
        c
    }

    /// Rows of `B` that are columns of a matrix, from `column` on, times all rows of `A`.
    #[inline(always)]
    fn columns_times<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &self,
        lanes: L,
        matrix: &Blocked,
        column: usize,
        strip: usize,
    ) -> Tile<L, N, V> {
        let mut c = [[lanes.splat(0.0); V]; N];
        for block in 0..matrix.dim().0.div_ceil(matrix.block_rows()) {
            let lines = matrix.strip(block, column / LINE);
            c = accumulate(
                lanes,
                part_of(strips_of::<S>(self.rhs, block, strip), 0..lines.len()),
                #[inline(always)]
                |k| {
                    let b = lines[k].0[column % LINE..].first_chunk::<N>().expect(LINES);
                    move |i: usize| b[i]
                },
                c,
            );
        }
        c
    }
}

/// `S` strips of a block of `A`, side by side.
#[inline(always)]
fn strips_of<const S: usize>(a: &Blocked, block: usize, strip: usize) -> [&[Line]; S] {
    let mut strips = [&[][..]; S];
    for (s, to) in strips.iter_mut().enumerate() {
        *to = a.strip(block, strip + s);
    }
    strips
}

/// Some rows of strips.
#[inline(always)]
fn part_of<const S: usize>(strips: [&[Line]; S], rows: Range<usize>) -> [&[Line]; S] {
    let mut part = [&[][..]; S];
    for (s, to) in part.iter_mut().enumerate() {
        *to = &strips[s][rows.start..rows.end];
    }
    part
}

/// A tile of a product ends where its block ends.
const LINES: &str = "a block has a line for each row";
