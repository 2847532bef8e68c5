//! The network that is timed, and how many operations it takes.

/// The network that is timed.
pub const SIZES: [usize; 5] = [784, 500, 600, 300, 10];
/// Digits in a mini-batch.
pub const MINI_BATCH: usize = 128;
/// Digits in an epoch of MNIST.
pub const EPOCH: usize = 60_000;

/// Billions of operations for the matrix products: three for each layer, and two for the first, whose
/// input needs no gradient.
///
/// [In the book](../../../book/chapter_06.html#how-much-is-there-to-do)
// ANCHOR: operations
pub fn operations(sizes: &[usize], examples: usize) -> f64 {
    let products =
        weights(sizes).enumerate().map(|(l, weights)| if l > 0 { 3 } else { 2 } * weights);
    2e-9 * (products.sum::<usize>() * examples) as f64
}

/// How many weights each layer has.
pub fn weights(sizes: &[usize]) -> impl Iterator<Item = usize> {
    sizes.windows(2).map(|pair| pair[0] * pair[1])
}
// ANCHOR_END: operations

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_an_epoch_are_those_of_its_products() {
        // One layer: forward and gradient; two: these of both, and one product back.
        assert!((operations(&[3, 2], 1) - 2e-9 * 12.0).abs() < 1e-18);
        assert!((operations(&[3, 2, 1], 1) - 2e-9 * (12.0 + 6.0)).abs() < 1e-18);
    }
}
