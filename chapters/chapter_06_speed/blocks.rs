use super::rung::Rung;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use rayon::prelude::*;

/// Into how many blocks of units, or of examples, work is cut: always the same number, so that no
/// result depends on how many cores there are to take them.
pub const BLOCKS: usize = 2;
/// Fewer multiplications than this are done sooner than another core wakes up.
const ENOUGH: usize = 1 << 18;

/// Writes the product `a · b` into `c`, each core some of its columns, and finishes each column while
/// it is in that core's cache: `finish` is told its number.
///
/// `c` stands column by column, as everything that belongs to units does.
// ANCHOR: product_in_blocks
pub fn product_in_blocks(
    rung: Rung,
    (a, b): (ArrayView2<f32>, ArrayView2<f32>),
    mut c: ArrayViewMut2<f32>,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    let width = width(c.ncols(), BLOCKS);
    let least = least_blocks(a.len() * b.ncols());
    let c = c.axis_chunks_iter_mut(Axis(1), width).into_par_iter();
    let b = b.axis_chunks_iter(Axis(1), width).into_par_iter();
    c.zip(b).enumerate().with_min_len(least).for_each(|(block, (mut c, b))| {
        rung.product(a, b, c.view_mut());
        for (j, mut column) in c.columns_mut().into_iter().enumerate() {
            finish(block * width + j, column.as_slice_mut().expect(IN_ONE_PIECE));
        }
    });
}
// ANCHOR_END: product_in_blocks

/// How many blocks one core takes at least, all of them where there is little to do.
pub fn least_blocks(multiplications: usize) -> usize {
    if multiplications < ENOUGH { usize::MAX } else { 1 }
}

/// Of a block: whole vectors, so that only the last block has a remainder.
pub fn width(columns: usize, blocks: usize) -> usize {
    columns.div_ceil(blocks).next_multiple_of(16)
}

/// Examples stand row by row, units column by column.
pub const IN_ONE_PIECE: &str = "the numbers of an example, or of a unit, stand side by side";
