use ndarray::NdFloat;

/// The numbers that a network computes with: `f32`, because half the bytes means about twice the
/// speed, and `f64`, in which its gradient can be checked to more digits.
///
/// [In the book](../../../book/chapter_05.html#what-are-the-data)
// ANCHOR: real
pub trait Real: NdFloat + From<u8> {
    /// The nearest number of this kind.
    fn of(value: f64) -> Self;
    /// The same number as an `f64`.
    fn value(self) -> f64;
}
// ANCHOR_END: real

impl Real for f32 {
    #[inline]
    fn of(value: f64) -> Self {
        value as f32
    }

    #[inline]
    fn value(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    #[inline]
    fn of(value: f64) -> Self {
        value
    }

    #[inline]
    fn value(self) -> f64 {
        self
    }
}

/// 0 in place of a number too small to matter.
///
/// Below about 1e-38 an `f32` is subnormal, and processors compute with subnormal numbers up to a
/// hundred times more slowly. A running mean of gradients that have become 0 fades into that range and
/// stays there.
///
/// [In the book](../../../book/chapter_05.html#what-went-wrong-on-the-way)
// ANCHOR: flush_denormals
#[inline]
pub fn flush_denormals<F: Real>(value: F) -> F {
    if value.abs() < F::of(1e-30) { F::zero() } else { value }
}
// ANCHOR_END: flush_denormals
