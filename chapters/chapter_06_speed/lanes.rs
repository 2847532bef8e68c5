use pulp::Simd;

/// Vectors of `COUNT` numbers, each in a lane of its own: all that a kernel asks of a processor.
pub trait Lanes: Copy {
    /// One register.
    type Vector: Copy;
    /// How many numbers it holds.
    const COUNT: usize;

    /// The same number in each lane.
    fn splat(self, number: f32) -> Self::Vector;

    /// The first numbers of a slice.
    fn load(self, from: &[f32]) -> Self::Vector;

    /// Writes a vector to the front of a slice.
    fn store(self, vector: Self::Vector, to: &mut [f32]);

    /// `a · b + c` in each lane.
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// Processors that multiply and add in one instruction, which rounds once (FMA).
#[derive(Clone, Copy)]
pub struct Fused<S>(pub S);

impl<S: Simd> Lanes for Fused<S> {
    type Vector = S::f32s;
    const COUNT: usize = S::F32_LANES;

    #[inline(always)]
    fn splat(self, number: f32) -> S::f32s {
        self.0.splat_f32s(number)
    }

    #[inline(always)]
    fn load(self, from: &[f32]) -> S::f32s {
        S::as_simd_f32s(&from[..S::F32_LANES]).0[0]
    }

    #[inline(always)]
    fn store(self, vector: S::f32s, to: &mut [f32]) {
        S::as_mut_simd_f32s(&mut to[..S::F32_LANES]).0[0] = vector;
    }

    #[inline(always)]
    fn multiply_add(self, a: S::f32s, b: S::f32s, c: S::f32s) -> S::f32s {
        self.0.mul_add_f32s(a, b, c)
    }
}

/// Any processor. `f32::mul_add` would be a call into a library where there is no FMA, once for each
/// number; a multiplication and an addition, which round twice, are two instructions for four numbers.
#[derive(Clone, Copy)]
pub struct Plain;

impl Lanes for Plain {
    type Vector = [f32; 4];
    const COUNT: usize = 4;

    #[inline(always)]
    fn splat(self, number: f32) -> [f32; 4] {
        [number; 4]
    }

    #[inline(always)]
    fn load(self, from: &[f32]) -> [f32; 4] {
        [from[0], from[1], from[2], from[3]]
    }

    #[inline(always)]
    fn store(self, vector: [f32; 4], to: &mut [f32]) {
        to[..4].copy_from_slice(&vector);
    }

    // ANCHOR: plain_multiply_add
    #[inline(always)]
    fn multiply_add(self, a: [f32; 4], b: [f32; 4], c: [f32; 4]) -> [f32; 4] {
        [a[0] * b[0] + c[0], a[1] * b[1] + c[1], a[2] * b[2] + c[2], a[3] * b[3] + c[3]]
    }
    // ANCHOR_END: plain_multiply_add
}
