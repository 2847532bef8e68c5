use super::{
    network::{Layer, Network},
    real::{Real, flush_denormals},
};
use ndarray::{Array, Dimension, Zip};

/// Adam, which gives every weight a step size of its own (Kingma & Ba, *Adam: a method for stochastic
/// optimization*, ICLR 2015, algorithm 1), with weight decay kept out of the gradient (Loshchilov &
/// Hutter, *Decoupled weight decay regularization*, ICLR 2019, algorithm 2).
///
/// [In the book](../../../book/chapter_05.html#how-does-it-step-when-each-gradient-is-a-guess)
#[derive(Clone, Debug)]
pub struct Adam<F> {
    /// Decay rate of the first moment: the share of the old mean that each step keeps.
    pub beta1: f64,
    /// Decay rate of the second moment, likewise.
    pub beta2: f64,
    /// Keeps the denominator away from 0.
    pub epsilon: f64,
    /// Strength of the weight decay: each step multiplies every weight by `1 - learning_rate ·
    /// weight_decay`. Biases do not decay.
    pub weight_decay: f64,
    /// How many steps have been taken.
    pub t: i32,
    /// First moments: running means of the gradient.
    pub m: Vec<Layer<F>>,
    /// Second moments: running means of the squared gradient.
    pub v: Vec<Layer<F>>,
}

/// The constants of one step, the same for every weight.
struct Coefficients<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    learning_rate: F,
    /// Bias correction of the first moment, `1 / (1 - β1ᵗ)`: it started at 0.
    correction1: F,
    /// Bias correction of the second moment, `1 / (1 - β2ᵗ)`.
    correction2: F,
}

impl<F: Real> Adam<F> {
    /// An optimiser for one network, with the constants that Kingma & Ba recommend.
    pub fn new(network: &Network<F>, weight_decay: f64) -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay,
            t: 0,
            m: network.zeros(),
            v: network.zeros(),
        }
    }

    /// Updates every weight once.
    // ANCHOR: step
    pub fn step(&mut self, network: &mut Network<F>, gradient: &[Layer<F>], learning_rate: f64) {
        self.t += 1;
        let coefficients = Coefficients {
            beta1: F::of(self.beta1),
            beta2: F::of(self.beta2),
            epsilon: F::of(self.epsilon),
            learning_rate: F::of(learning_rate),
            correction1: F::of(1.0 / (1.0 - self.beta1.powi(self.t))),
            correction2: F::of(1.0 / (1.0 - self.beta2.powi(self.t))),
        };
        let moments = self.m.iter_mut().zip(&mut self.v);
        for ((layer, g), (m, v)) in network.layers.iter_mut().zip(gradient).zip(moments) {
            layer.w *= F::of(1.0 - learning_rate * self.weight_decay);
            coefficients.update(&mut layer.w, &mut m.w, &mut v.w, &g.w);
            coefficients.update(&mut layer.b, &mut m.b, &mut v.b, &g.b);
        }
    }
    // ANCHOR_END: step
}

impl<F: Real> Coefficients<F> {
    // ANCHOR: update
    fn update<D: Dimension>(
        &self,
        w: &mut Array<F, D>,
        m: &mut Array<F, D>,
        v: &mut Array<F, D>,
        g: &Array<F, D>,
    ) {
        let one = F::one();
        Zip::from(w).and(m).and(v).and(g).for_each(|w, m, v, &g| {
            // First and second moment: running means of the gradient and of its square
            *m = flush_denormals(self.beta1 * *m + (one - self.beta1) * g);
            *v = flush_denormals(self.beta2 * *v + (one - self.beta2) * g * g);
            // Bias correction: both means started at 0
            let m_hat = *m * self.correction1;
            let v_hat = *v * self.correction2;
            *w -= self.learning_rate * m_hat / (v_hat.sqrt() + self.epsilon);
        });
    }
    // ANCHOR_END: update
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapter_05_mnist::Activation;
    use ndarray::array;

    /// One weight and one bias.
    fn network(w: f64, b: f64) -> Network<f64> {
        Network { layers: vec![layer(w, b)], activation: Activation::Relu }
    }

    fn layer(w: f64, b: f64) -> Layer<f64> {
        Layer { w: array![[w]], b: array![b] }
    }

    #[test]
    fn first_step_is_the_learning_rate_whatever_the_gradient() {
        let mut network = network(1.0, 1.0);
        Adam::new(&network, 0.0).step(&mut network, &[layer(1e-3, -500.0)], 0.1);
        // m_hat = g and v_hat = g², so the step is 0.1 g / (|g| + 1e-8).
        assert!((network.layers[0].w[[0, 0]] - 0.9).abs() < 1e-5);
        assert!((network.layers[0].b[0] - 1.1).abs() < 1e-5);
    }

    #[test]
    fn weight_decay_shrinks_weights_and_leaves_biases_alone() {
        let mut network = network(2.0, 2.0);
        let mut adam = Adam::new(&network, 0.5);
        adam.step(&mut network, &[layer(0.0, 0.0)], 0.1);
        assert_eq!(network.layers[0], layer(2.0 * 0.95, 2.0));
    }

    // ANCHOR: by_hand
    #[test]
    fn second_step_is_the_one_worked_out_by_hand() {
        let mut network = network(0.0, 0.0);
        let mut adam = Adam::new(&network, 0.0);
        adam.step(&mut network, &[layer(1.0, 0.0)], 0.1);
        adam.step(&mut network, &[layer(-3.0, 0.0)], 0.1);
        // m = 0.9·0.1 + 0.1·(-3) = -0.21, m_hat = -0.21 / (1 - 0.81)
        // v = 0.999·0.001 + 0.001·9 = 0.009999, v_hat = 0.009999 / (1 - 0.998001)
        let second = 0.1 * (-0.21 / 0.19) / ((0.009_999_f64 / 0.001_999).sqrt() + 1e-8);
        let first = 0.1 / (1.0 + 1e-8);
        assert!((network.layers[0].w[[0, 0]] + first + second).abs() < 1e-12);
        assert_eq!(network.layers[0].b[0], 0.0);
    }
    // ANCHOR_END: by_hand
}
