use super::{
    network::Network,
    report::{ByHand, Parameters},
};
use ndarray::array;

/// Takes the network that the chapter works out with a pencil forward and backward.
pub(super) fn by_hand() -> ByHand {
    let network = Network {
        w1: array![[2.0_f64.ln(), 0.0], [0.0, -3.0_f64.ln()]],
        b1: array![0.0, 0.0],
        w2: array![1.0, 1.0],
        b2: 0.2 + 3.0_f64.ln(),
    };
    let (x, y) = (array![[1.0, 1.0]], array![1.0]);
    let activations = network.forward(x.view());
    let gradient = network.backward(x.view(), y.view(), &activations);
    ByHand {
        x: [x[[0, 0]], x[[0, 1]]],
        y: y[0],
        network: parameters(&network),
        a1: [activations.a1[[0, 0]], activations.a1[[0, 1]]],
        z2: activations.z2[0],
        y_hat: network.predict(x.view())[0],
        gradient: parameters(&gradient),
    }
}

fn parameters(Network { w1, b1, w2, b2 }: &Network) -> Parameters {
    Parameters {
        w1: [[w1[[0, 0]], w1[[0, 1]]], [w1[[1, 0]], w1[[1, 1]]]],
        b1: [b1[0], b1[1]],
        w2: [w2[0], w2[1]],
        b2: *b2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_flows_back_along_the_weights() {
        let ByHand { x, y, network, a1, y_hat, gradient, .. } = by_hand();
        // With one example the derivatives with respect to the biases are the errors of the layers
        assert!((gradient.b2 - (y_hat - y)).abs() < 1e-15);
        for (j, a) in a1.iter().enumerate() {
            let delta1 = gradient.b2 * network.w2[j] * (1.0 - a * a);
            assert!((gradient.b1[j] - delta1).abs() < 1e-15);
            assert!((0..2).all(|k| (gradient.w1[k][j] - x[k] * delta1).abs() < 1e-15));
        }
    }
}
