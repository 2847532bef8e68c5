//! Elementwise kernels. They are `inline(always)`, so that they are compiled with the vectors of the
//! closure that [`Width::elementwise`](super::width::Width::elementwise) runs. They index slices rather
//! than zip them: setting up a `zip` may be a call, which is a lot for the 16 numbers of a line.

use super::blocked::{LINE, Line};
use crate::chapter_05_mnist::Activation;

/// Turns bytes into numbers: `blank + step · byte`.
#[inline(always)]
pub fn scale(x: &mut [f32], pixels: &[u8], blank: f32, step: f32) {
    let pixels = &pixels[..x.len()];
    for i in 0..x.len() {
        x[i] = blank + f32::from(pixels[i]) * step;
    }
}

/// Replaces each `z` by a function of it and of the number beside it.
#[inline(always)]
fn combine(z: &mut [f32], beside: &[f32], number: impl Fn(f32, f32) -> f32) {
    let beside = &beside[..z.len()];
    for i in 0..z.len() {
        z[i] = number(z[i], beside[i]);
    }
}

/// Applies the activation function to each `z`.
#[inline(always)]
pub fn activate(activation: Activation, z: &mut [f32]) {
    for z in z {
        add_and_activate(activation, std::slice::from_mut(z), &[0.0]);
    }
}

/// Adds a bias to each `z` and applies the activation function, in one pass.
// ANCHOR: add_and_activate
#[inline(always)]
pub fn add_and_activate(activation: Activation, z: &mut [f32], b: &[f32]) {
    match activation {
        Activation::Relu => combine(z, b, |z, b| (z + b).max(0.0)),
        Activation::Tanh => combine(z, b, |z, b| tanh(z + b)),
        // sigmoid(z) = (1 + tanh(z / 2)) / 2
        Activation::Sigmoid => combine(z, b, |z, b| 0.5 + 0.5 * tanh(0.5 * (z + b))),
    }
}
// ANCHOR_END: add_and_activate

/// Multiplies `∂J/∂a` by the derivative of the activation function, in terms of `a`: `∂J/∂z`.
#[inline(always)]
pub fn backprop_activation(activation: Activation, delta: &mut [f32], a: &[f32]) {
    match activation {
        Activation::Relu => combine(delta, a, |d, a| if a > 0.0 { d } else { 0.0 }),
        Activation::Tanh => combine(delta, a, |d, a| d * (1.0 - a * a)),
        Activation::Sigmoid => combine(delta, a, |d, a| d * (a * (1.0 - a))),
    }
}

/// The same for a block: in each strip, a line for each unit.
#[inline(always)]
pub fn backprop_block(activation: Activation, delta: &mut [Line], a: &[Line]) {
    for (delta, a) in delta.iter_mut().zip(a) {
        backprop_activation(activation, &mut delta.0, &a.0);
    }
}

/// Adds the biases to a block of units, and applies the activation function of hidden ones.
#[inline(always)]
pub fn activate_block(block: &mut [Line], biases: &[f32], hidden: Option<Activation>) {
    for strip in block.chunks_mut(biases.len()) {
        for (z, &b) in strip.iter_mut().zip(biases) {
            match hidden {
                Some(activation) => add_and_activate(activation, &mut z.0, &[b; LINE]),
                None => combine(&mut z.0, &[b; LINE], |z, b| z + b),
            }
        }
    }
}

/// Coefficients of the odd powers above the fraction bar and of the even ones below, the highest first.
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

/// The hyperbolic tangent as a fraction of two polynomials, without a branch and without a call, so
/// that it is computed for all lanes of a vector at once. It is off by at most 4.2e-7 of the value, about
/// 7 units in the last place. The coefficients are those of the C++ library Eigen,
/// `generic_fast_tanh_float` in `MathFunctionsImpl.h`.
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
    fn tanh_is_off_by_about_7_units_in_the_last_place() {
        for i in -100_000..=100_000 {
            let x = i as f32 / 10_000.0;
            let exact = f64::from(x).tanh();
            let error = (f64::from(tanh(x)) - exact).abs();
            assert!(error <= 4.2e-7 * exact.abs(), "tanh {x} is off by {error}");
        }
        assert!((tanh(1e30) - 1.0).abs() < 1e-6);
        assert!(tanh(f32::NAN).is_nan());
    }
}
