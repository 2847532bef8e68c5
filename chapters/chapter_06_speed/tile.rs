use super::{
    blocked::{LINE, Line},
    lanes::Lanes,
};

/// A register tile: `N` rows of `C`, `V` vectors wide, whose sums stay in registers until they are done.
pub type Tile<L, const N: usize, const V: usize> = [[<L as Lanes>::Vector; V]; N];

/// The micro-kernel: for each row `k` of the strips `a`, adds its vectors times the numbers of `B` that
/// `factors(k)` finds to the tile `c`, which stays in registers meanwhile.
#[expect(
    clippy::needless_range_loop,
    reason = "setting up a `zip` is a call, which costs more than the sum"
)]
// ANCHOR: tile
#[inline(always)]
pub fn accumulate<L: Lanes, const N: usize, const V: usize, const S: usize, F: Fn(usize) -> f32>(
    lanes: L,
    a: [&[Line]; S],
    factors: impl Fn(usize) -> F,
    mut c: Tile<L, N, V>,
) -> Tile<L, N, V> {
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

/// Writes the sums of a tile into one strip: those of its vectors from the `first` on.
#[inline(always)]
pub fn store<L: Lanes, const N: usize, const V: usize>(
    lanes: L,
    c: &Tile<L, N, V>,
    first: usize,
    lines: &mut [Line],
) {
    for i in 0..N {
        for v in 0..LINE / L::COUNT {
            lanes.store(c[i][first + v], &mut lines[i].0[v * L::COUNT..]);
        }
    }
}
