use super::{
    adam::Adam,
    network::{Layer, Network},
    real::{Real, flush_denormals},
};
use serde::{Deserialize, Serialize};

/// The rule by which a gradient updates the weights.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Stochastic gradient descent: against the gradient of a mini-batch.
    Sgd,
    /// Gradient descent with momentum 0.9: [`Momentum`].
    Momentum,
    /// [`Adam`].
    Adam,
}

/// A [`Method`] at work on one network, with everything it remembers.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Debug)]
pub enum Optimiser<F> {
    /// Stochastic gradient descent, with or without momentum.
    Momentum(Momentum<F>),
    /// Adam.
    Adam(Adam<F>),
}

/// Gradient descent with momentum: like a heavy ball, whose speed outlasts the slope (Polyak, *Some methods of
/// speeding up the convergence of iteration methods*, 1964; in the form of Sutskever, Martens, Dahl
/// & Hinton, *On the importance of initialization and momentum in deep learning*, 2013, with the
/// rate outside of the velocity).
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Debug)]
pub struct Momentum<F> {
    /// The share of the velocity that each step keeps: 0 is plain gradient descent.
    pub beta: f64,
    /// The sum of all gradients, older ones counting less and less.
    pub velocity: Vec<Layer<F>>,
}

impl Method {
    /// A learning rate that suits most data whose features are of size 1.
    pub fn usual_rate(self) -> f64 {
        match self {
            Self::Sgd => 0.1,
            Self::Momentum => 0.02,
            Self::Adam => 0.003,
        }
    }

    /// An optimiser for a network, at its first step.
    pub fn begin<F: Real>(self, network: &Network<F>, weight_decay: f64) -> Optimiser<F> {
        let momentum = |beta| Optimiser::Momentum(Momentum { beta, velocity: network.zeros() });
        match self {
            Self::Sgd => momentum(0.0),
            Self::Momentum => momentum(0.9),
            Self::Adam => Optimiser::Adam(Adam::new(network, weight_decay)),
        }
    }
}

impl<F: Real> Optimiser<F> {
    /// Updates every weight once.
    pub fn step(&mut self, network: &mut Network<F>, gradient: &[Layer<F>], learning_rate: f64) {
        match self {
            Self::Momentum(momentum) => momentum.step(network, gradient, learning_rate),
            Self::Adam(adam) => adam.step(network, gradient, learning_rate),
        }
    }
}

impl<F: Real> Momentum<F> {
    /// Updates every weight once.
    // ANCHOR: momentum
    pub fn step(&mut self, network: &mut Network<F>, gradient: &[Layer<F>], learning_rate: f64) {
        let (beta, rate) = (F::of(self.beta), F::of(-learning_rate));
        let velocities = self.velocity.iter_mut();
        for ((layer, g), velocity) in network.layers.iter_mut().zip(gradient).zip(velocities) {
            velocity.w.zip_mut_with(&g.w, |v, &g| *v = flush_denormals(beta * *v + g));
            velocity.b.zip_mut_with(&g.b, |v, &g| *v = flush_denormals(beta * *v + g));
            layer.w.scaled_add(rate, &velocity.w);
            layer.b.scaled_add(rate, &velocity.b);
        }
    }
    // ANCHOR_END: momentum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapter_05_mnist::Activation;
    use ndarray::array;

    fn layer(w: f64, b: f64) -> Layer<f64> {
        Layer { w: array![[w]], b: array![b] }
    }

    /// Where two steps from 0 end, with a learning rate of 0.5 and gradients of 1 and then 2.
    fn after_two_steps(method: Method) -> f64 {
        let mut network = Network { layers: vec![layer(0.0, 0.0)], activation: Activation::Relu };
        let mut optimiser = method.begin(&network, 0.0);
        optimiser.step(&mut network, &[layer(1.0, 1.0)], 0.5);
        optimiser.step(&mut network, &[layer(2.0, 2.0)], 0.5);
        assert_eq!(network.layers[0].w[[0, 0]], network.layers[0].b[0]);
        network.layers[0].b[0]
    }

    #[test]
    fn momentum_adds_what_is_left_of_the_last_step() {
        assert_eq!(after_two_steps(Method::Sgd), -0.5 - 1.0);
        // The velocity is 1, then 0.9 · 1 + 2.
        assert_eq!(after_two_steps(Method::Momentum), -0.5 - 0.5 * 2.9);
    }

    #[test]
    fn adam_is_that_of_this_chapter() {
        // Its first step is the learning rate, whatever the gradient.
        assert!((after_two_steps(Method::Adam) + 1.0).abs() < 0.05);
    }
}
