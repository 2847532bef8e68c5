use super::panel::{LANES, Panel, Strided, view_mut};
use ndarray::{ArrayView2, linalg::general_mat_mul};
use pulp::{Arch, Simd, WithSimd};
use std::array;

/// The matrix product `C = B · A`, to be written. The numbers of `B` are taken one by one; the rows
/// of `A` and `C` are taken as vectors, so that `A` has to be filled up to whole ones.
///
/// Each number of `C` is added up from the first term to the last, whatever the shape; so it does
/// not matter into which parts a product is cut.
///
/// [In the book](../../../../book/chapter_06.html#then-what-is-it)
pub struct Product<'a> {
    /// Where the factors come from.
    pub b: Factors<'a>,
    /// As many rows as `B` has columns.
    pub a: Strided<'a>,
    /// The number of these.
    pub depth: usize,
    /// Of `A` and `C`.
    pub columns: usize,
    /// Row after row. They may stand as close as the columns allow, with room behind the last one to
    /// fill it up.
    pub c: &'a mut [f32],
    /// From one row of `C` to the next.
    pub stride: usize,
    /// Rows of `C`.
    pub rows: usize,
}

/// The matrix `B`.
///
/// [In the book](../../../../book/chapter_06.html#then-what-is-it)
#[derive(Clone, Copy)]
pub enum Factors<'a> {
    /// Its rows.
    Rows(Strided<'a>),
    /// Its columns.
    Columns(Strided<'a>),
}

impl Factors<'_> {
    /// From a row of `B` on.
    pub fn from(self, row: usize) -> Self {
        match self {
            Self::Rows(b) => Self::Rows(b.from(row)),
            Self::Columns(b) => Self::Columns(Strided { numbers: &b.numbers[row..], ..b }),
        }
    }
}

impl<'a> Product<'a> {
    /// A product of whole panels, for `m` examples.
    pub fn new(
        b: Factors<'a>,
        (a, depth): (Strided<'a>, usize),
        (c, rows): (&'a mut Panel, usize),
        m: usize,
    ) -> Self {
        let (columns, stride) = (m.next_multiple_of(LANES), c.stride);
        Self { b, a, depth, columns, c: c.rows_mut(rows), stride, rows }
    }

    /// Writes it with the vectors that this processor has.
    pub fn write(self) {
        Arch::new().dispatch(self);
    }

    /// Writes it as `ndarray` does.
    pub fn write_with_ndarray(self) {
        let a = self.a.view(self.depth, self.columns);
        let mut c = view_mut(&mut self.c[..self.rows * self.stride], self.stride, self.columns);
        let b: ArrayView2<f32> = match self.b {
            Factors::Rows(b) => b.view(self.rows, self.depth),
            Factors::Columns(b) => b.view(self.depth, self.rows).reversed_axes(),
        };
        general_mat_mul(1.0, &b, &a, 0.0, &mut c);
    }
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // From right to left, so that what fills up a row is overwritten by the next one
        for left in (0..self.columns).step_by(2 * S::F32_LANES).rev() {
            if left + S::F32_LANES < self.columns {
                self.strip::<S, 2>(simd, left);
            } else {
                self.strip::<S, 1>(simd, left);
            }
        }
    }
}

impl Product<'_> {
    /// Writes all rows of some columns, `V` vectors wide: as many rows at once as there are registers
    /// for.
    #[inline(always)]
    fn strip<S: Simd, const V: usize>(&mut self, simd: S, left: usize) {
        let mut row = 0;
        while row < self.rows {
            row += match self.rows - row {
                12.. if S::REGISTER_COUNT >= 32 => self.tile_of::<S, 12, V>(simd, [row, left]),
                4.. => self.tile_of::<S, 4, V>(simd, [row, left]),
                _ => self.tile_of::<S, 1, V>(simd, [row, left]),
            };
        }
    }

    /// Writes a tile with `N` rows; returns their number.
    #[inline(always)]
    fn tile_of<S: Simd, const N: usize, const V: usize>(
        &mut self,
        simd: S,
        [row, left]: [usize; 2],
    ) -> usize {
        match self.b.from(row) {
            Factors::Rows(b) => {
                let rows: [&[f32]; N] = array::from_fn(|i| &b.from(i).numbers[..self.depth]);
                self.tile::<S, N, V, _>(simd, [row, left], |k| move |i: usize| rows[i][k]);
            }
            Factors::Columns(b) => {
                self.tile::<S, N, V, _>(simd, [row, left], |k| {
                    let column = b.numbers[k * b.stride..].first_chunk::<N>();
                    let column = column.expect("a column is as long as C");
                    move |i: usize| column[i]
                });
            }
        }
        N
    }

    /// `N` rows, `V` vectors wide, which never leave the registers until they are done.
    #[inline(always)]
    // ANCHOR: tile
    fn tile<S: Simd, const N: usize, const V: usize, F: Fn(usize) -> f32>(
        &mut self,
        simd: S,
        [row, left]: [usize; 2],
        factors: impl Fn(usize) -> F,
    ) {
        let width = V * S::F32_LANES;
        let place = |i| (row + i) * self.stride + left;
        let mut c = [[simd.splat_f32s(0.0); V]; N];
        let rows = self.a.numbers.chunks(self.a.stride).take(self.depth);
        for (k, a) in rows.enumerate() {
            let (vectors, _) = S::as_simd_f32s(&a[left..][..width]);
            let a: [S::f32s; V] = array::from_fn(|v| vectors[v]);
            let factor = factors(k);
            for (i, c) in c.iter_mut().enumerate() {
                let b = simd.splat_f32s(factor(i));
                for (c, &a) in c.iter_mut().zip(&a) {
                    *c = simd.mul_add_f32s(b, a, *c);
                }
            }
        }
        for (i, c) in c.iter().enumerate() {
            S::as_mut_simd_f32s(&mut self.c[place(i)..][..width]).0.copy_from_slice(c);
        }
    }
    // ANCHOR_END: tile
}

#[cfg(test)]
mod tests;
