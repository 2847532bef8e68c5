use super::network::{Layer, Network};
use ndarray::{Array1, ArrayView1};

/// All parameters in one vector, layer after layer, for L-BFGS and the gradient check.
///
/// [In the book](../../../book/chapter_05.html)
pub fn unroll(layers: &[Layer<f64>]) -> Array1<f64> {
    layers.iter().flat_map(|layer| layer.w.iter().chain(&layer.b)).copied().collect()
}

/// A network of the same shape as `like`, with the parameters of `theta`.
///
/// [In the book](../../../book/chapter_05.html)
pub fn roll(theta: ArrayView1<f64>, like: &Network<f64>) -> Network<f64> {
    let mut network = like.clone();
    let parameters =
        network.layers.iter_mut().flat_map(|layer| layer.w.iter_mut().chain(&mut layer.b));
    for (parameter, &value) in parameters.zip(theta) {
        *parameter = value;
    }
    network
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_05_mnist::{Activation, Initialisation},
        random::{Purpose, stream},
    };

    #[test]
    fn rolling_undoes_unrolling() {
        let mut rng = stream(1, Purpose::Weights);
        let network = Network::random(&[3, 2], Activation::Relu, Initialisation::He, &mut rng);
        assert_eq!(roll(unroll(&network.layers).view(), &network), network);
    }
}
