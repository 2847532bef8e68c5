//! Loops over numbers that take no more than a glance at each. They are `inline` so that the vectors
//! of the place that runs them, [`Rung::pass`](super::rung::Rung::pass), become theirs.

use super::panel::LANES;
use crate::chapters::chapter_05_mnist::Activation;

/// From bytes to numbers, along a straight line from what black becomes.
#[inline(always)]
pub fn scale(x: &mut [f32], pixels: &[u8], black: f32, step: f32) {
    for (x, &pixel) in x.iter_mut().zip(pixels) {
        *x = black + f32::from(pixel) * step;
    }
}

/// `z + b`, with the bias of one unit.
#[inline(always)]
pub fn add(z: &mut [f32], b: f32) {
    for z in z {
        *z += b;
    }
}

/// What a hidden unit makes of its `z`.
#[inline(always)]
pub fn activate(activation: Activation, z: &mut [f32]) {
    add_and_activate(activation, z, 0.0);
}

/// The same of `z + b`.
// ANCHOR: add_and_activate
#[inline(always)]
pub fn add_and_activate(activation: Activation, z: &mut [f32], b: f32) {
    match activation {
        Activation::Relu => z.iter_mut().for_each(|z| *z = (*z + b).max(0.0)),
        Activation::Tanh => z.iter_mut().for_each(|z| *z = tanh(*z + b)),
        // sigmoid(z) = (1 + tanh(z / 2)) / 2
        Activation::Sigmoid => z.iter_mut().for_each(|z| *z = 0.5 + 0.5 * tanh(0.5 * (*z + b))),
    }
}
// ANCHOR_END: add_and_activate

/// Multiplies what comes back by the activation's derivative, in terms of what the unit said.
#[inline(always)]
pub fn chain(activation: Activation, delta: &mut [f32], a: &[f32]) {
    let pairs = delta.iter_mut().zip(a);
    match activation {
        Activation::Relu => pairs.for_each(|(d, &a)| *d = if a > 0.0 { *d } else { 0.0 }),
        Activation::Tanh => pairs.for_each(|(d, &a)| *d *= 1.0 - a * a),
        Activation::Sigmoid => pairs.for_each(|(d, &a)| *d *= a * (1.0 - a)),
    }
}

/// The summed cross-entropy of a single output that stands for two classes; each `z` becomes
/// `(sigmoid(z) - y) / m`.
///
/// The cost of one example is `max(z, 0) - y z - log sigmoid(|z|)`, as in chapter 2. What stands in the
/// logarithm lies between 1/2 and 1, and a sum of logarithms is the logarithm of a product, so that one
/// is enough for many examples.
#[inline(always)]
pub fn cost_of_two(z: &mut [f32], y: &[f32]) -> f64 {
    let m = z.len() as f32;
    let mut cost = 0.0;
    for (z, y) in z.chunks_mut(64 * LANES).zip(y.chunks(64 * LANES)) {
        let (mut product, mut sum) = ([1.0; LANES], [0.0; LANES]);
        for (z, y) in z.chunks_mut(LANES).zip(y.chunks(LANES)) {
            for (((z, y), product), sum) in z.iter_mut().zip(y).zip(&mut product).zip(&mut sum) {
                let likelier = 0.5 + 0.5 * tanh(0.5 * z.abs());
                *product *= likelier;
                *sum += z.max(0.0) - y * *z;
                *z = (if *z < 0.0 { 1.0 - likelier } else { likelier } - y) / m;
            }
        }
        let logarithms = product.iter().map(|&product| f64::from(product).ln());
        cost += sum.iter().copied().map(f64::from).sum::<f64>() - logarithms.sum::<f64>();
    }
    cost
}

/// Odd and even powers of the fraction below, the highest first.
const ABOVE: [f32; 7] = [
    -2.760_768_5e-16,
    2.000_188e-13,
    -8.604_672e-11,
    5.122_297e-8,
    1.485_722_4e-5,
    6.372_619e-4,
    4.893_525e-3,
];
const BELOW: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];

/// The hyperbolic tangent as a fraction of two polynomials, which takes no branch and no call, so
/// that whole vectors of numbers go through it at once. It is off by 4e-7 of the value at most (the
/// coefficients are those of the C++ library Eigen, `generic_fast_tanh_float`).
// ANCHOR: tanh
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let x = x.clamp(-7.905_311, 7.905_311);
    let square = x * x;
    let polynomial = |powers: &[f32]| powers.iter().fold(0.0, |sum, power| sum * square + power);
    x * polynomial(&ABOVE) / polynomial(&BELOW)
}
// ANCHOR_END: tanh

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanh_is_right_to_the_precision_of_f32() {
        for i in -100_000..=100_000 {
            let x = i as f32 / 10_000.0;
            let exact = f64::from(x).tanh();
            let error = (f64::from(tanh(x)) - exact).abs();
            assert!(error <= 5e-7 * exact.abs(), "tanh {x} is off by {error}");
        }
        assert!((tanh(1e30) - 1.0).abs() < 1e-6);
        assert!(tanh(f32::NAN).is_nan());
    }
}
