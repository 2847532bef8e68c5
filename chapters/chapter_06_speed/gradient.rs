use super::{
    blocked::{Blocked, LINE, Line},
    matmul::{Columns, Lhs, Matmul},
    scratch::with_scratch,
    width::Width,
};

/// Computes the gradient of a layer's weights for block `b` of its units, from its `delta` for `m`
/// examples and its input, `seen`, of which blank columns may be left out. `take` gets the gradient while
/// it is in the cache.
pub fn weight_gradient(
    delta: &Blocked,
    b: usize,
    m: usize,
    (seen, columns): (&Blocked, Columns),
    width: Width,
    take: &mut dyn FnMut(&[Line]),
) {
    let (n, strips) = (seen.strips(), columns.count().div_ceil(LINE));
    let block = delta.block(b);
    let rows = block.len() / delta.strips();
    with_scratch(rows * (strips + n), |scratch| {
        let (c, g) = scratch.split_at_mut(rows * strips);
        let lhs = Lhs::Rows { block, columns: Columns::First(m) };
        Matmul { lhs, rhs: seen, strips, c, rows }.write(width);
        take(match columns {
            Columns::First(_) => c,
            Columns::Chosen(columns) => spread(c, columns, rows, g),
        });
    });
}

/// The gradient of a layer's biases: each unit's `delta`, summed over `m` examples.
pub fn bias_gradient(delta: &Blocked, m: usize) -> Vec<f32> {
    let strips = m.div_ceil(LINE);
    let blocks = (0..delta.dim().0.div_ceil(delta.block_rows())).map(|b| delta.block(b));
    let of_block = |block: &[Line]| -> Vec<f32> {
        let height = block.len() / delta.strips();
        let of_unit = |unit: usize| {
            let mut sum = [0.0; LINE];
            for line in block[unit..].iter().step_by(height).take(strips) {
                for (i, sum) in sum.iter_mut().enumerate() {
                    *sum += line.0[i];
                }
            }
            sum.iter().sum()
        };
        (0..height).map(of_unit).collect()
    };
    blocks.flat_map(of_block).collect()
}

/// Puts the columns of a gradient back where they belong; those that were left out are 0.
fn spread<'a>(from: &[Line], columns: &[u32], rows: usize, to: &'a mut [Line]) -> &'a [Line] {
    to.fill(Line::default());
    for (strip, columns) in from.chunks(rows).zip(columns.chunks(LINE)) {
        for (lane, &k) in columns.iter().enumerate() {
            let (to_strip, to_lane) = (k as usize / LINE, k as usize % LINE);
            for (to, from) in to[to_strip * rows..][..rows].iter_mut().zip(strip) {
                to.0[to_lane] = from.0[lane];
            }
        }
    }
    to
}
