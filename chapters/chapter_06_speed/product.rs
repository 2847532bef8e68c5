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
mod tests {
    use super::*;
    use ndarray::{Array2, s};
    use pulp::Scalar;
    #[cfg(target_arch = "x86_64")]
    use pulp::x86::V3;

    /// Small whole numbers: any order of adding them up is exact.
    fn numbers(rows: usize, columns: usize) -> Panel {
        let mut panel = Panel::new(rows, columns);
        let stride = panel.stride;
        for (i, row) in panel.rows_mut(rows).chunks_mut(stride).enumerate() {
            row.iter_mut().zip(0..).for_each(|(x, j)| *x = ((7 * i + 3 * j) % 11) as f32 - 5.0);
        }
        panel
    }

    const SHAPES: [[usize; 3]; 8] = [
        [1, 1, 1],
        [3, 5, 2],
        [1, 40, 33],
        [64, 17, 10],
        [128, 300, 100],
        [12, 7, 16],
        [29, 48, 130],
        [2, 0, 3],
    ];

    #[test]
    fn product_is_ndarrays_whatever_the_shape() {
        for [rows, depth, m] in SHAPES {
            let [a, b, across] = [numbers(depth, m), numbers(rows, depth), numbers(depth, rows)];
            let a_view = a.rows().view(depth, m);
            let by_columns = across.rows().view(depth, rows).reversed_axes();
            for (factors, b) in [
                (Factors::Rows(b.rows()), b.rows().view(rows, depth)),
                (Factors::Columns(across.rows()), by_columns),
            ] {
                for with_ndarray in [false, true] {
                    let mut c = numbers(rows, m);
                    let product = Product::new(factors, (a.rows(), depth), (&mut c, rows), m);
                    if with_ndarray {
                        product.write_with_ndarray();
                    } else {
                        product.write();
                    }
                    assert_eq!(c.rows().view(rows, m), b.dot(&a_view), "{rows} {depth} {m}");
                }
            }
        }
    }

    /// With vectors of one number, which every processor has, and with those of older ones.
    #[test]
    fn vectors_of_every_kind_come_to_the_same() {
        for [rows, depth, m] in SHAPES {
            let [a, b, across] = [numbers(depth, m), numbers(rows, depth), numbers(depth, rows)];
            for factors in [Factors::Rows(b.rows()), Factors::Columns(across.rows())] {
                let mut c = [(); 3].map(|()| Panel::new(rows, m));
                let [widest, scalar, older] =
                    c.each_mut().map(|c| Product::new(factors, (a.rows(), depth), (c, rows), m));
                widest.write();
                scalar.with_simd(Scalar);
                #[cfg(target_arch = "x86_64")]
                match V3::try_new() {
                    Some(v3) => Simd::vectorize(v3, older),
                    None => older.write(),
                }
                let [widest, scalar, older] = c.each_ref().map(|c| c.rows().view(rows, m));
                assert_eq!(widest, scalar);
                #[cfg(target_arch = "x86_64")]
                assert_eq!(widest, older);
            }
        }
    }

    #[test]
    fn rows_may_stand_as_close_as_the_columns_allow() {
        for [rows, depth, columns] in SHAPES {
            let (a, b) = (numbers(depth, columns), numbers(rows, depth));
            let mut room = vec![f32::NAN; rows * columns + LANES];
            let (b_rows, stride) = (Factors::Rows(b.rows()), columns);
            Product { b: b_rows, a: a.rows(), depth, columns, c: &mut room, stride, rows }.write();
            let c = Array2::from_shape_vec((rows, columns), room[..rows * columns].to_vec());
            let right = b.rows().view(rows, depth).dot(&a.rows().view(depth, columns));
            assert_eq!(c.unwrap(), right);
        }
    }

    #[test]
    fn part_of_a_product_is_the_same_bit_for_bit() {
        let [a, b] = [numbers(300, 128), numbers(50, 300)];
        let mut whole = Panel::new(50, 128);
        Product::new(Factors::Rows(b.rows()), (a.rows(), 300), (&mut whole, 50), 128).write();
        for first in [1, 7, 13, 48] {
            let (factors, rows) = (Factors::Rows(b.rows()).from(first), 50 - first);
            let mut part = Panel::new(rows, 128);
            Product::new(factors, (a.rows(), 300), (&mut part, rows), 128).write();
            let whole = whole.rows().view(50, 128);
            assert_eq!(part.rows().view(rows, 128), whole.slice(s![first.., ..]));
        }
    }
}
