use super::{panel::Panel, product::Product, rung::Rung};
use rayon::prelude::*;
use std::cell::RefCell;

/// Fewer multiplications than this are done sooner than another core wakes up.
const ENOUGH: usize = 1 << 18;

/// Writes a product strip by strip, each core some of them, and finishes each row while it is in that
/// core's cache: `finish` is told its number.
// ANCHOR: product_in_strips
pub fn product_in_strips(rung: Rung, product: Product, finish: impl Fn(usize, &mut [f32]) + Sync) {
    let Product { b, a, depth, columns, c, stride, rows } = product;
    let at_once = rung.rows_at_once(rows);
    let strips = c[..rows * stride].par_chunks_mut(at_once * stride).enumerate();
    let strips = strips.with_min_len(least_strips(rows * depth * columns));
    strips.with_max_len(MOST_STRIPS).for_each(|(i, c)| {
        let (first, rows) = (i * at_once, c.len() / stride);
        rung.product(Product { b: b.from(first), a, depth, columns, c, stride, rows });
        for (j, row) in c.chunks_mut(stride).enumerate() {
            finish(first + j, &mut row[..columns]);
        }
    });
}
// ANCHOR_END: product_in_strips

/// How many strips one core takes at least, all of them where there is little to do.
pub fn least_strips(multiplications: usize) -> usize {
    if multiplications < ENOUGH { usize::MAX } else { 1 }
}

/// How many strips one core takes at most before it looks whether another has nothing to do.
pub const MOST_STRIPS: usize = 1;

thread_local! {
    static ROOM: RefCell<Panel> = RefCell::new(Panel::new(0, 0));
}

/// Lends room for a matrix: the same one as before, if it is large enough.
pub fn with_room<R>([rows, columns]: [usize; 2], work: impl FnOnce(&mut Panel) -> R) -> R {
    ROOM.with_borrow_mut(|room| {
        room.reshape(rows, columns);
        work(room)
    })
}
