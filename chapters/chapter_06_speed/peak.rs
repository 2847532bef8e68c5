use super::{
    lanes::Lanes,
    stopwatch::shortest,
    width::{Kernel, Width},
};
use std::hint::black_box;

/// Vectors that take turns: enough of them that none has to wait for its last multiply-add.
const INDEPENDENT: usize = 12;
const ROUNDS: usize = 200_000;

/// The most operations per second that one core reaches with vectors of one width: cycles per second ×
/// lanes × units × 2. Measured by a loop of multiply-adds none of which needs the result of another just
/// before it, and none of which waits for memory.
///
/// [In the book](../../../book/chapter_06.html#how-much-is-there-to-do)
pub fn peak(width: Width) -> f64 {
    let mut operations = 0;
    let seconds = shortest(9, || width.kernel(MultiplyAdds { operations: &mut operations }));
    operations as f64 / seconds
}

/// The loop, which counts its multiplications and additions.
struct MultiplyAdds<'a> {
    operations: &'a mut usize,
}

impl Kernel for MultiplyAdds<'_> {
    #[inline(always)]
    fn run<L: Lanes, const N: usize, const V: usize>(self, lanes: L) {
        let mut numbers = black_box([0.5_f32; 16 * INDEPENDENT]);
        let mut c = [lanes.splat(0.0); INDEPENDENT];
        for (c, from) in c.iter_mut().zip(numbers.chunks(16)) {
            *c = lanes.load(from);
        }
        let [a, b] = black_box([0.999, 0.001]).map(|number| lanes.splat(number));
        // ANCHOR: multiply_adds
        for _ in 0..ROUNDS {
            for c in &mut c {
                *c = lanes.multiply_add(*c, a, b);
            }
        }
        // ANCHOR_END: multiply_adds
        for (&c, to) in c.iter().zip(numbers.chunks_mut(16)) {
            lanes.store(c, to);
        }
        black_box(numbers);
        *self.operations = 2 * ROUNDS * INDEPENDENT * L::COUNT;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_vectors_have_a_higher_peak() {
        let peaks: Vec<f64> = Width::available().map(peak).collect();
        assert!(peaks.windows(2).all(|pair| pair[0] < pair[1]), "{peaks:?}");
    }
}
