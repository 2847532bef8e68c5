use super::elementwise;
use crate::chapter_05_mnist::Network;
use ndarray::{Array1, ArrayView1};

/// The logits of a single example, shape `(outputs,)`.
///
/// Each weight is needed only once, so that the product is memory-bound. The weights of blank pixels and
/// inactive units, whose activation is 0, are not even fetched.
///
/// [In the book](../../../book/chapter_06.html#is-that-fast)
// ANCHOR: one
pub fn logits_of_one(network: &Network<f32>, x: ArrayView1<f32>) -> Array1<f32> {
    let mut a = x.to_owned();
    for (l, layer) in network.layers.iter().enumerate() {
        if l > 0 {
            elementwise::activate(network.activation, a.as_slice_mut().expect("a list of its own"));
        }
        let mut z = layer.b.clone();
        for (&a, w) in a.iter().zip(layer.w.rows()) {
            if a != 0.0 {
                z.scaled_add(a, &w);
            }
        }
        a = z;
    }
    a
}
// ANCHOR_END: one

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_05_mnist::{Activation, Initialisation},
        random::{Purpose, stream},
    };
    use ndarray::{Array2, Axis};

    #[test]
    fn one_example_is_answered_as_in_chapter_5() {
        for activation in [Activation::Relu, Activation::Tanh, Activation::Sigmoid] {
            let mut rng = stream(1, Purpose::Weights);
            let network = Network::random(&[20, 9, 7, 3], activation, Initialisation::He, &mut rng);
            let x = Array2::from_shape_fn((4, 20), |(i, j)| ((i + 3 * j) % 5) as f32 / 5.0);
            let all = network.forward(x.view()).z;
            for (x, z) in x.axis_iter(Axis(0)).zip(all.rows()) {
                let one = logits_of_one(&network, x);
                assert!((&one - &z).iter().all(|d| d.abs() < 1e-5), "{one} instead of {z}");
            }
        }
    }
}
