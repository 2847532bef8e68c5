use super::{
    blocked::{Blocked, LINE, Line},
    lanes::Lanes,
    width::{Kernel, Width},
};
use std::array;

/// Some rows of the matrix product `C = B · A`, to be written. The numbers of `B` are taken one by one,
/// each multiplied with a whole vector of `A`.
///
/// Each number of `C` is added up from the first term to the last, whatever the shape; so it does not
/// matter into which parts a product is cut.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
pub struct Matmul<'a> {
    /// The left factor's rows.
    pub lhs: Lhs<'a>,
    /// The right factor `A`; as many of its rows are used as a row of `B` has numbers.
    pub rhs: &'a Blocked,
    /// How many strips of `A` and `C` are used.
    pub strips: usize,
    /// A block of `C`, with so many rows: a line for each of them in each strip.
    pub c: &'a mut [Line],
    /// At most 48.
    pub rows: usize,
}

/// Where the rows of `B` are found.
///
/// [In the book](../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy)]
pub enum Lhs<'a> {
    /// In a block of a matrix: its rows.
    Rows {
        /// The block, with as many rows as that of `C`.
        block: &'a [Line],
        /// Which numbers of a row are taken, one for each row of `A`.
        columns: Columns<'a>,
    },
    /// In a matrix whose rows are in blocks as high as those of `A`: its columns, from one on that is
    /// the first of a strip.
    Columns {
        /// The matrix.
        matrix: &'a Blocked,
        /// The first column.
        first: usize,
    },
}

/// Some columns of a matrix.
///
/// [In the book](../../../book/chapter_06.html#and-if-most-of-it-is-0)
#[derive(Clone, Copy)]
pub enum Columns<'a> {
    /// So many, from the first on.
    First(usize),
    /// These.
    Chosen(&'a [u32]),
}

impl Columns<'_> {
    /// How many there are.
    pub fn count(self) -> usize {
        match self {
            Self::First(count) => count,
            Self::Chosen(columns) => columns.len(),
        }
    }
}

impl Matmul<'_> {
    /// Writes it with vectors of this width.
    pub fn write(self, width: Width) {
        width.kernel(self);
    }
}

impl Kernel for Matmul<'_> {
    #[inline(always)]
    fn run<L: Lanes, const N: usize, const V: usize>(mut self, lanes: L) {
        // A strip of A stays in the cache while all rows of B meet it
        let at_once = V * L::COUNT / LINE;
        let mut strip = 0;
        while strip < self.strips {
            // Two strips where a tile is so wide, and there are two
            if at_once == 2 && strip + 2 <= self.strips {
                self.rows_of::<L, N, V, 2>(lanes, strip);
                strip += 2;
            } else if at_once == 2 {
                self.rows_of::<L, N, 1, 1>(lanes, strip);
                strip += 1;
            } else {
                self.rows_of::<L, N, V, 1>(lanes, strip);
                strip += 1;
            }
        }
    }
}

impl Matmul<'_> {
    /// Writes all rows of `S` strips: as many at once as there are registers for, and those that are
    /// left over in smaller tiles.
    #[inline(always)]
    fn rows_of<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &mut self,
        lanes: L,
        strip: usize,
    ) {
        let mut row = 0;
        while row < self.rows {
            // A row of B that is a column stands in a strip
            let end = match self.lhs {
                Lhs::Rows { .. } => self.rows,
                Lhs::Columns { .. } => self.rows.min((row / LINE + 1) * LINE),
            };
            row += match end - row {
                left if left >= N => self.tile_of::<L, N, V, S>(lanes, [row, strip]),
                4.. => self.tile_of::<L, 4, V, S>(lanes, [row, strip]),
                _ => self.tile_of::<L, 1, V, S>(lanes, [row, strip]),
            };
        }
    }

    /// The first rows of `A`, block by block, in some strips; each with the number of its first row.
    #[inline(always)]
    fn blocks_of_rhs<const S: usize>(
        &self,
        strip: usize,
        depth: usize,
    ) -> impl Iterator<Item = (usize, [&[Line]; S])> {
        let first = (0..depth).step_by(self.rhs.block_rows());
        first
            .enumerate()
            .map(move |(b, first)| (first, array::from_fn(|s| self.rhs.strip(b, strip + s))))
    }

    /// Writes a tile with `N` rows; returns their number.
    #[inline(always)]
    fn tile_of<L: Lanes, const N: usize, const V: usize, const S: usize>(
        &mut self,
        lanes: L,
        [row, strip]: [usize; 2],
    ) -> usize {
        let rhs = self.rhs;
        let mut c = [[lanes.splat(0.0); V]; N];
        match self.lhs {
            Lhs::Rows { block, columns: Columns::First(depth) } => {
                let mut strips_of_b = block.chunks(self.rows);
                for (first, a) in self.blocks_of_rhs::<S>(strip, depth) {
                    let count = a[0].len().min(depth - first);
                    // A strip of B beside as many rows of A
                    for (k, b) in (0..count).step_by(LINE).zip(&mut strips_of_b) {
                        let b = b[row..].first_chunk::<N>().expect(LINES);
                        c = accumulate(
                            lanes,
                            a.map(|a| &a[k..count.min(k + LINE)]),
                            #[inline(always)]
                            |k| move |i: usize| b[i].0[k % LINE],
                            c,
                        );
                    }
                }
            }
            Lhs::Rows { block, columns: Columns::Chosen(columns) } => {
                for (first, a) in self.blocks_of_rhs::<S>(strip, columns.len()) {
                    let columns = &columns[first..columns.len().min(first + a[0].len())];
                    c = accumulate(
                        lanes,
                        a.map(|a| &a[..columns.len()]),
                        #[inline(always)]
                        |k| {
                            let (strip, lane) =
                                (columns[k] / LINE as u32, columns[k] % LINE as u32);
                            let b = &block[strip as usize * self.rows + row..];
                            let b = b.first_chunk::<N>().expect(LINES);
                            move |i: usize| b[i].0[lane as usize]
                        },
                        c,
                    );
                }
            }
            Lhs::Columns { matrix, first } => {
                let column = first + row;
                for b in 0..matrix.dim().0.div_ceil(matrix.block_rows()) {
                    let lines = matrix.strip(b, column / LINE);
                    let a: [&[Line]; S] = array::from_fn(|s| rhs.strip(b, strip + s));
                    c = accumulate(
                        lanes,
                        a.map(|a| &a[..lines.len()]),
                        #[inline(always)]
                        |k| {
                            let b = lines[k].0[column % LINE..].first_chunk::<N>().expect(LINES);
                            move |i: usize| b[i]
                        },
                        c,
                    );
                }
            }
        }
        for s in 0..S {
            let lines = &mut self.c[(strip + s) * self.rows + row..][..N];
            for (line, c) in lines.iter_mut().zip(&c) {
                let vectors = c[s * V / S..][..V / S].iter();
                for (to, &vector) in line.0.chunks_mut(L::COUNT).zip(vectors) {
                    lanes.store(vector, to);
                }
            }
        }
        N
    }
}

/// Adds the products of some rows of `A` with the numbers of `B` beside them to a tile of `N` rows,
/// `V` vectors wide, that stays in the registers meanwhile.
#[expect(
    clippy::needless_range_loop,
    reason = "making a `zip` is a call, which costs more than the sum"
)]
// ANCHOR: tile
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

#[cfg(test)]
mod tests;
