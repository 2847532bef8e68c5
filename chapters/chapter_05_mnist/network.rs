use super::{
    initialisation::Initialisation,
    output::{cross_entropy, probabilities},
    real::Real,
};
use crate::random::Rng;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// One layer's weights and biases; a gradient has the same parts, so it is a list of layers too.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<F> {
    /// Weights, shape `(inputs, outputs)`.
    pub w: Array2<F>,
    /// Biases, shape `(outputs,)`.
    pub b: Array1<F>,
}

/// The activation function of the hidden units, from pre-activation `z` to activation `a`.
///
/// [In the book](../../../book/chapter_05.html#why-not-the-sigmoid)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `max(0, z)`.
    Relu,
    /// `1 / (1 + e⁻ᶻ)`.
    Sigmoid,
    /// `tanh z`, as in chapter 3.
    Tanh,
}

/// A network of any depth that ends in a softmax, or in a single sigmoid output for two classes.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Debug, PartialEq)]
pub struct Network<F> {
    /// From the pixels to the classes.
    pub layers: Vec<Layer<F>>,
    /// The activation function of all hidden units.
    pub activation: Activation,
}

/// What the forward pass computed, kept for the backward pass.
pub struct Activations<F> {
    /// Activations of the hidden layers, shapes `(m, units)`.
    pub a: Vec<Array2<F>>,
    /// Logits: the outputs' pre-activations, before softmax, shape `(m, outputs)`.
    pub z: Array2<F>,
}

impl Activation {
    /// The initialisation that keeps its activations in range.
    pub fn suited_initialisation(self) -> Initialisation {
        match self {
            Self::Relu => Initialisation::He,
            Self::Sigmoid | Self::Tanh => Initialisation::Xavier,
        }
    }
}

// ANCHOR: activation
impl Activation {
    fn apply<F: Real>(self, z: Array2<F>) -> Array2<F> {
        match self {
            Self::Relu => z.mapv_into(|z| z.max(F::zero())),
            Self::Sigmoid => z.mapv_into(|z| F::one() / (F::one() + (-z).exp())),
            Self::Tanh => z.mapv_into(F::tanh),
        }
    }

    /// Multiplies `delta` by the derivative of the activation function, computed from the activations
    /// `a`.
    fn backprop_activation<F: Real>(self, delta: &mut Array2<F>, a: &Array2<F>) {
        match self {
            Self::Relu => delta.zip_mut_with(a, |d, &a| {
                *d = if a > F::zero() { *d } else { F::zero() };
            }),
            Self::Sigmoid => delta.zip_mut_with(a, |d, &a| *d *= a * (F::one() - a)),
            Self::Tanh => delta.zip_mut_with(a, |d, &a| *d *= F::one() - a * a),
        }
    }
}
// ANCHOR_END: activation

impl<F: Real> Network<F> {
    /// A network with layers of these sizes, from the pixels to the outputs; biases are 0.
    pub fn random(
        sizes: &[usize],
        activation: Activation,
        initialisation: Initialisation,
        rng: &mut Rng,
    ) -> Self {
        let pairs = sizes.windows(2);
        let layers = pairs.map(|pair| Layer {
            w: initialisation.draw(pair[0], pair[1], rng),
            b: Array1::zeros(pair[1]),
        });
        Self { layers: layers.collect(), activation }
    }

    /// The forward pass: from examples, shape `(m, pixels)`, to the activations of every unit.
    pub fn forward(&self, x: ArrayView2<F>) -> Activations<F> {
        let mut a: Vec<Array2<F>> = Vec::with_capacity(self.layers.len());
        let mut z = Array2::zeros((0, 0));
        for (l, Layer { w, b }) in self.layers.iter().enumerate() {
            if l > 0 {
                a.push(self.activation.apply(z));
            }
            z = a.last().map_or(x, |a| a.view()).dot(w) + b;
        }
        Activations { a, z }
    }

    /// Backpropagation: the gradient of the mean cross-entropy, from the outputs back to the first
    /// layer; `y` has the shape `(m, outputs)`.
    // ANCHOR: backward
    pub fn backward(
        &self,
        x: ArrayView2<F>,
        y: ArrayView2<F>,
        seen: &Activations<F>,
    ) -> Vec<Layer<F>> {
        let m = F::of(x.nrows() as f64);
        // ∂J/∂z = (softmax(z) - y) / m
        let mut delta = (probabilities(seen.z.view()) - y) / m;
        let mut gradient = Vec::with_capacity(self.layers.len());
        for (l, Layer { w, .. }) in self.layers.iter().enumerate().rev() {
            let a = if l > 0 { seen.a[l - 1].view() } else { x };
            gradient.push(Layer { w: a.t().dot(&delta), b: delta.sum_axis(Axis(0)) });
            if l > 0 {
                delta = delta.dot(&w.t());
                self.activation.backprop_activation(&mut delta, &seen.a[l - 1]);
            }
        }
        gradient.reverse();
        gradient
    }
    // ANCHOR_END: backward

    /// Mean cross-entropy of some examples and its gradient.
    pub fn cost_and_gradient(&self, x: ArrayView2<F>, y: ArrayView2<F>) -> (f64, Vec<Layer<F>>) {
        let seen = self.forward(x);
        let cost = cross_entropy(seen.z.view(), y);
        (cost, self.backward(x, y, &seen))
    }

    /// Adds the gradient of the L2 penalty `l2/2 · ‖w‖²` to a gradient; biases are not penalised.
    pub fn add_l2_gradient(&self, l2: f64, gradient: &mut [Layer<F>]) {
        if l2 > 0.0 {
            for (layer, g) in self.layers.iter().zip(gradient) {
                g.w.scaled_add(F::of(l2), &layer.w);
            }
        }
    }

    /// The probability of each class, or of the second of two, shape `(m, outputs)`.
    pub fn predict(&self, x: ArrayView2<F>) -> Array2<F> {
        probabilities(self.forward(x).z.view())
    }

    /// The same network in another precision.
    pub fn cast<G: Real>(&self) -> Network<G> {
        let layers = self.layers.iter();
        let cast = |layer: &Layer<F>| Layer {
            w: layer.w.mapv(|w| G::of(w.value())),
            b: layer.b.mapv(|b| G::of(b.value())),
        };
        Network { layers: layers.map(cast).collect(), activation: self.activation }
    }

    /// Zeros in the shapes of all weights and biases.
    pub fn zeros(&self) -> Vec<Layer<F>> {
        let layers = self.layers.iter();
        let zeros = layers
            .map(|Layer { w, b }| Layer { w: Array2::zeros(w.dim()), b: Array1::zeros(b.len()) });
        zeros.collect()
    }

    /// How many outputs there are.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.b.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};
    use ndarray::array;

    fn network<F: Real>(activation: Activation) -> Network<F> {
        let mut rng = stream(1, Purpose::Weights);
        Network::random(&[3, 5, 4, 2], activation, Initialisation::He, &mut rng)
    }

    #[test]
    fn single_precision_agrees_with_double() {
        let x = array![[0.5, -1.0, 0.25], [1.0, 0.0, -0.5]];
        let y = array![[1.0, 0.0], [0.0, 1.0]];
        for activation in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
            let (single, gradient) = network::<f32>(activation)
                .cost_and_gradient(x.mapv(|x| x as f32).view(), y.mapv(|y| y as f32).view());
            let (double, exact) = network(activation).cost_and_gradient(x.view(), y.view());
            assert!((single - double).abs() < 1e-6);
            for (g, e) in gradient.iter().zip(&exact) {
                // A sum of a few products, each rounded to 24 bits.
                assert!((g.w.mapv(f64::from) - &e.w).iter().all(|d| d.abs() < 1e-6));
            }
        }
    }

    #[test]
    fn gradient_of_a_mini_batch_is_the_mean_of_its_examples_gradients() {
        let x = array![[0.5, -1.0, 0.25], [1.0, 0.0, -0.5]];
        let y = array![[1.0, 0.0], [0.0, 1.0]];
        let network: Network<f64> = network(Activation::Sigmoid);
        let of_rows = |rows| {
            let rows = ndarray::Slice::from(rows);
            let (x, y) = (x.slice_axis(Axis(0), rows), y.slice_axis(Axis(0), rows));
            network.cost_and_gradient(x, y).1[0].w.clone()
        };
        let mean = (of_rows(0..1) + of_rows(1..2)) / 2.0;
        assert!((mean - of_rows(0..2)).iter().all(|d| d.abs() < 1e-15));
    }
}
