//! Loops over numbers that take no more than a glance at each. They are `inline` so that the vectors
//! of the place that runs them, [`Rung::pass`](super::rung::Rung::pass), become theirs.

/// From bytes to numbers from 0 to 1.
#[inline(always)]
pub fn scale(x: &mut [f32], pixels: &[u8]) {
    for (x, &pixel) in x.iter_mut().zip(pixels) {
        *x = f32::from(pixel) * (1.0 / 255.0);
    }
}

/// `z + b`, with the bias of one unit.
#[inline(always)]
pub fn add(z: &mut [f32], b: f32) {
    for z in z {
        *z += b;
    }
}

/// `max(0, z)`.
#[inline(always)]
pub fn rectify(z: &mut [f32]) {
    for z in z {
        *z = z.max(0.0);
    }
}

/// `max(0, z + b)`.
// ANCHOR: add_and_rectify
#[inline(always)]
pub fn add_and_rectify(z: &mut [f32], b: f32) {
    for z in z {
        *z = (*z + b).max(0.0);
    }
}
// ANCHOR_END: add_and_rectify

/// Nothing comes back through units that said nothing.
#[inline(always)]
pub fn mask(delta: &mut [f32], a: &[f32]) {
    for (delta, &a) in delta.iter_mut().zip(a) {
        *delta = if a > 0.0 { *delta } else { 0.0 };
    }
}
