use super::{
    blocked::{Blocked, LINE, Line},
    lanes::Lanes,
    matmul::{Columns, Lhs, Matmul},
};
use std::ops::Range;

/// A register tile: `N` rows of `C`, `V` vectors wide, whose sums stay in registers until they are done.
type Tile<L, const N: usize, const V: usize> = [[<L as Lanes>::Vector; V]; N];

impl Matmul<'_> {
    /// Writes a tile with `N` rows in `S` strips; returns the number of its rows.
    #[inline(always)]
    pub fn tile<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &mut self,
        lanes: L,
        [row, strip]: [usize; 2],
    ) -> usize {
        let c = match self.lhs {
            Lhs::Rows { block, columns: Columns::First(depth) } => {
                let b = &block[row..];
                self.rows_times::<L, N, V, S>(lanes, b, depth, strip)
            }
            Lhs::Rows { block, columns: Columns::Chosen(columns) } => {
                let b = &block[row..];
                self.chosen_times::<L, N, V, S>(lanes, b, columns, strip)
            }
            Lhs::Columns { matrix, first } => {
                self.columns_times::<L, N, V, S>(lanes, matrix, first + row, strip)
            }
        };
        self.store::<L, N, V, S>(lanes, c, [row, strip]);
        N
    }

    /// `depth` numbers of each row of `B` times as many rows of `A`; `b` has the first row's first line.
    #[inline(always)]
    fn rows_times<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &self,
        lanes: L,
        b: &[Line],
        depth: usize,
        strip: usize,
    ) -> Tile<L, N, V> {
        let mut c = [[lanes.splat(0.0); V]; N];
        for first in (0..depth).step_by(self.rhs.block_rows()) {
            let a = strips_of::<S>(self.rhs, first / self.rhs.block_rows(), strip);
            let count = a[0].len().min(depth - first);
            // A strip of B beside as many rows of A
            for k in (0..count).step_by(LINE) {
                let b = &b[(first + k) / LINE * self.rows..];
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

    /// The same with numbers of these columns alone.
    #[inline(always)]
    fn chosen_times<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &self,
        lanes: L,
        b: &[Line],
        columns: &[u32],
        strip: usize,
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
                    let b = &b[strip as usize * self.rows..];
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

    /// Writes the sums of a tile.
    #[inline(always)]
    fn store<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &mut self,
        lanes: L,
        c: Tile<L, N, V>,
        [row, strip]: [usize; 2],
    ) {
        let per_line = const { V / S };
        for s in 0..S {
            let lines = &mut self.c[(strip + s) * self.rows + row..][..N];
            for i in 0..N {
                for v in 0..per_line {
                    lanes.store(c[i][s * per_line + v], &mut lines[i].0[v * L::COUNT..]);
                }
            }
        }
    }
}

/// `S` strips of a block of `A`, side by side.
#[inline(always)]
fn strips_of<const S: usize>(a: &Blocked, block: usize, strip: usize) -> [&[Line]; S] {
    let mut strips = [&[][..]; S];
    for s in 0..S {
        strips[s] = a.strip(block, strip + s);
    }
    strips
}

/// Some rows of strips.
#[inline(always)]
fn part_of<const S: usize>(strips: [&[Line]; S], rows: Range<usize>) -> [&[Line]; S] {
    let mut part = [&[][..]; S];
    for s in 0..S {
        part[s] = &strips[s][rows.start..rows.end];
    }
    part
}

/// Adds the products of some rows of `A` with the numbers of `B` beside them to a tile of `N` rows,
/// `V` vectors wide, that stays in the registers meanwhile.
// ANCHOR: tile
#[expect(
    clippy::needless_range_loop,
    reason = "making a `zip` is a call, which costs more than the sum"
)]
#[inline(always)]
fn accumulate<L: Lanes, const N: usize, const V: usize, const S: usize, F: Fn(usize) -> f32>(
    lanes: L,
    a: [&[Line]; S],
    factors: impl Fn(usize) -> F,
    mut c: [[L::Vector; V]; N],
) -> [[L::Vector; V]; N] {
    let per_line = const { V / S };
    for k in 0..a[0].len() {
        let mut vectors = [lanes.splat(0.0); V];
        for (v, vector) in vectors.iter_mut().enumerate() {
            *vector = lanes.load(&a[v / per_line][k].0[v % per_line * L::COUNT..]);
        }
        let factor = factors(k);
        for (i, c) in c.iter_mut().enumerate() {
            let b = lanes.splat(factor(i));
            for v in 0..V {
                c[v] = lanes.multiply_add(b, vectors[v], c[v]);
            }
        }
    }
    c
}
// ANCHOR_END: tile

/// A tile of a product ends where its block ends.
const LINES: &str = "a block has a line for each row";
