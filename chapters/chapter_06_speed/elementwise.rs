//! Kernels that take each number by itself. They are `inline` so that the vectors of the place that runs
//! them, [`Width::elementwise`](super::width::Width::elementwise), become theirs.

use super::blocked::{LINE, Line};
use crate::chapter_05_mnist::Activation;

/// From bytes to numbers, along a straight line from what black becomes.
#[inline(always)]
pub fn scale(x: &mut [f32], pixels: &[u8], black: f32, step: f32) {
    for (x, &pixel) in x.iter_mut().zip(pixels) {
        *x = black + f32::from(pixel) * step;
    }
}

/// The activation of each `z`.
#[inline(always)]
pub fn activate(activation: Activation, z: &mut [f32]) {
    for z in z {
        add_and_activate(activation, std::slice::from_mut(z), &[0.0]);
    }
}

/// The same of `z + b`, with a bias for each number.
// ANCHOR: add_and_activate
#[inline(always)]
pub fn add_and_activate(activation: Activation, z: &mut [f32], b: &[f32]) {
    let pairs = z.iter_mut().zip(b);
    match activation {
        Activation::Relu => pairs.for_each(|(z, b)| *z = (*z + b).max(0.0)),
        Activation::Tanh => pairs.for_each(|(z, b)| *z = tanh(*z + b)),
        // sigmoid(z) = (1 + tanh(z / 2)) / 2
        Activation::Sigmoid => pairs.for_each(|(z, b)| *z = 0.5 + 0.5 * tanh(0.5 * (*z + b))),
    }
}
// ANCHOR_END: add_and_activate

/// Multiplies `∂J/∂a` by the activation's derivative, in terms of `a`: `∂J/∂z`.
#[inline(always)]
pub fn backprop_activation(activation: Activation, delta: &mut [f32], a: &[f32]) {
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
pub fn cost_of_two<'a>(z: impl Iterator<Item = &'a mut Line>, y: &[f32]) -> f64 {
    let m = y.len() as f32;
    let (mut cost, mut product, mut sum) = (0.0, [1.0; LINE], [0.0; LINE]);
    for (i, (Line(z), y)) in z.zip(y.chunks(LINE)).enumerate() {
        for (((z, y), product), sum) in z.iter_mut().zip(y).zip(&mut product).zip(&mut sum) {
            let likelier = 0.5 + 0.5 * tanh(0.5 * z.abs());
            *product *= likelier;
            *sum += z.max(0.0) - y * *z;
            *z = (if *z < 0.0 { 1.0 - likelier } else { likelier } - y) / m;
        }
        z[y.len()..].fill(0.0);
        // 64 numbers from 1/2 to 1 have a product that is no subnormal number
        if i % 64 == 63 {
            cost += sum_of(&sum) - sum_of(&product.map(f32::ln));
            (product, sum) = ([1.0; LINE], [0.0; LINE]);
        }
    }
    cost + sum_of(&sum) - sum_of(&product.map(f32::ln))
}

fn sum_of(numbers: &[f32; LINE]) -> f64 {
    numbers.iter().copied().map(f64::from).sum()
}

/// The summed cross-entropy of some examples of one strip: `z` has a line for each class, and becomes
/// `(softmax(z) - y) / m`, and 0 for those that are no examples.
pub fn cost_of_strip(z: &mut [&mut Line], labels: &[usize], m: f32) -> f64 {
    let mut largest = [f32::NEG_INFINITY; LINE];
    for line in &*z {
        for (largest, &z) in largest.iter_mut().zip(&line.0) {
            *largest = largest.max(z);
        }
    }
    let shown: f64 =
        (0..).zip(labels).map(|(i, &label)| f64::from(z[label].0[i] - largest[i])).sum();
    let mut sum = [0.0; LINE];
    for line in &mut *z {
        for ((z, sum), largest) in line.0.iter_mut().zip(&mut sum).zip(largest).take(labels.len()) {
            *z = (*z - largest).exp();
            *sum += *z;
        }
    }
    for (class, line) in z.iter_mut().enumerate() {
        for ((z, &sum), &label) in line.0.iter_mut().zip(&sum).zip(labels) {
            *z = (*z / sum - f32::from(u8::from(label == class))) / m;
        }
        line.0[labels.len()..].fill(0.0);
    }
    sum.iter().take(labels.len()).map(|&sum| f64::from(sum.ln())).sum::<f64>() - shown
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
