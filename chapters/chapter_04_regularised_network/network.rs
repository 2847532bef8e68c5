use crate::{
    chapter_02_logistic_regression::{cross_entropy, sigmoid},
    gradient_check::Block,
    metrics::argmax,
    random::Rng,
};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use ndarray_rand::{RandomExt, rand_distr::Uniform};

/// The sizes of a network's layers, from the features to the outputs; every unit is a sigmoid.
///
/// Its parameters are one vector `theta`, layer after layer: the weights `w`, shape
/// `(inputs, outputs)`, row by row, then the biases `b`, shape `(outputs,)`.
///
/// [In the book](../../../book/chapter_04.html#how-does-a-network-of-any-depth-look)
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// At least two sizes, none of them 0.
    pub sizes: Vec<usize>,
}

/// One layer's weights and biases: views into `theta`.
///
/// [In the book](../../../book/chapter_04.html#how-does-a-network-of-any-depth-look)
pub struct Layer<'a> {
    /// Weights, shape `(inputs, outputs)`.
    pub w: ArrayView2<'a, f64>,
    /// Biases, shape `(outputs,)`.
    pub b: ArrayView1<'a, f64>,
}

/// The activations of a forward pass, kept for the backward pass.
///
/// [In the book](../../../book/chapter_04.html#how-does-a-network-of-any-depth-look)
// ANCHOR: activations
pub struct Activations {
    /// Activations of each hidden layer, shape `(m, units)`.
    pub a: Vec<Array2<f64>>,
    /// Pre-activations of the output layer, shape `(m, outputs)`.
    pub z: Array2<f64>,
}

impl Activations {
    /// Activations of the output layer, shape `(m, outputs)`.
    pub fn y_hat(&self) -> Array2<f64> {
        self.z.mapv(sigmoid)
    }
}
// ANCHOR_END: activations

impl Architecture {
    /// Weights from `U(±√(6 / (inputs + outputs)))`, biases of 0 (Glorot & Bengio, *Understanding
    /// the difficulty of training deep feedforward neural networks*, 2010, equation 16).
    // ANCHOR: random
    pub fn random(&self, rng: &mut Rng) -> Array1<f64> {
        let mut theta = Vec::with_capacity(self.parameters());
        for (inputs, outputs) in self.layer_shapes() {
            let r = (6.0 / (inputs + outputs) as f64).sqrt();
            let uniform = Uniform::new_inclusive(-r, r).expect("r is positive and finite");
            theta.extend(Array1::random_using(inputs * outputs, uniform, rng));
            theta.extend(std::iter::repeat_n(0.0, outputs));
        }
        theta.into()
    }
    // ANCHOR_END: random

    /// The length of `theta`.
    pub fn parameters(&self) -> usize {
        self.layer_shapes().map(|(inputs, outputs)| (inputs + 1) * outputs).sum()
    }

    /// Splits `theta` into layers.
    // ANCHOR: layers
    pub fn layers<'a>(&self, theta: ArrayView1<'a, f64>) -> Vec<Layer<'a>> {
        let mut rest = theta;
        self.layer_shapes()
            .map(|(inputs, outputs)| {
                let (w, tail) = rest.split_at(Axis(0), inputs * outputs);
                let (b, tail) = tail.split_at(Axis(0), outputs);
                rest = tail;
                let w = w.into_shape_with_order((inputs, outputs));
                Layer { w: w.expect("theta lies in one piece"), b }
            })
            .collect()
    }
    // ANCHOR_END: layers

    /// From examples, shape `(m, features)`, to the activations of every layer.
    // ANCHOR: forward
    pub fn forward(&self, theta: ArrayView1<f64>, x: ArrayView2<f64>) -> Activations {
        let mut a = Vec::new();
        let mut z = Array2::zeros((0, 0));
        for (l, Layer { w, b }) in self.layers(theta).into_iter().enumerate() {
            if l > 0 {
                a.push(z.mapv_into(sigmoid));
            }
            z = a.last().map_or(x, |a| a.view()).dot(&w) + b;
        }
        Activations { a, z }
    }
    // ANCHOR_END: forward

    /// From `delta = ∂J/∂z` of the output layer, shape `(m, outputs)`, back to `∂J/∂theta`.
    // ANCHOR: backward
    pub fn backward(
        &self,
        theta: ArrayView1<f64>,
        x: ArrayView2<f64>,
        activations: &Activations,
        mut delta: Array2<f64>,
    ) -> Array1<f64> {
        let mut parts = Vec::new();
        for (l, Layer { w, .. }) in self.layers(theta).into_iter().enumerate().rev() {
            let a = if l > 0 { activations.a[l - 1].view() } else { x };
            parts.push(delta.sum_axis(Axis(0)));
            parts.push(a.t().dot(&delta).flatten().into_owned());
            if l > 0 {
                // sigmoid' = a (1 - a)
                delta = delta.dot(&w.t()) * a.mapv(|a| a * (1.0 - a));
            }
        }
        parts.into_iter().rev().flatten().collect()
    }
    // ANCHOR_END: backward

    /// The cost and its gradient `∂J/∂theta`: cross-entropy, summed over the outputs and averaged over
    /// the examples, plus the L2 penalty `λ/2m · ‖w‖²`; biases are not penalised. `x` has the shape
    /// `(m, features)`, `y` the shape `(m, outputs)`.
    // ANCHOR: cost_and_gradient
    pub fn cost_and_gradient(
        &self,
        theta: ArrayView1<f64>,
        x: ArrayView2<f64>,
        y: ArrayView2<f64>,
        lambda: f64,
    ) -> (f64, Array1<f64>) {
        let m = x.nrows() as f64;
        // Forward
        let activations = self.forward(theta, x);
        let loss: f64 = activations.z.iter().zip(y).map(|(&z, &y)| cross_entropy(z, y)).sum();
        // Backward, from ∂J/∂z = (y_hat - y) / m
        let delta = (activations.y_hat() - y) / m;
        let mut gradient = self.backward(theta, x, &activations, delta);
        // L2 penalty: on the weights, not on the biases
        let w = self.without_biases(theta);
        gradient.scaled_add(lambda / m, &w);
        (loss / m + lambda / (2.0 * m) * w.dot(&w), gradient)
    }
    // ANCHOR_END: cost_and_gradient

    /// The class of each example, shape `(m,)`: that of the largest output.
    pub fn predict(&self, theta: ArrayView1<f64>, x: ArrayView2<f64>) -> Array1<usize> {
        argmax(self.forward(theta, x).z.view())
    }

    /// The blocks of `theta` in order: `w1`, `b1`, `w2`, …
    pub fn blocks(&self) -> Vec<Block> {
        let numbered = self.layer_shapes().zip(1..);
        numbered
            .flat_map(|((inputs, outputs), l)| {
                [
                    Block::new(format!("w{l}"), inputs * outputs),
                    Block::new(format!("b{l}"), outputs),
                ]
            })
            .collect()
    }

    /// `theta` with zeros in place of the biases.
    fn without_biases(&self, theta: ArrayView1<f64>) -> Array1<f64> {
        let layers = self.layers(theta);
        layers
            .iter()
            .flat_map(|layer| layer.w.iter().copied().chain(layer.b.iter().map(|_| 0.0)))
            .collect()
    }

    /// The shape of each layer's weights, `(inputs, outputs)`.
    fn layer_shapes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.sizes.windows(2).map(|pair| (pair[0], pair[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dataset::one_hot,
        gradient_check,
        random::{Purpose, stream},
    };
    use ndarray_rand::rand_distr::StandardNormal;

    fn problem(sizes: &[usize]) -> (Architecture, Array1<f64>, Array2<f64>, Array2<f64>) {
        let architecture = Architecture { sizes: sizes.to_vec() };
        let theta = architecture.random(&mut stream(1, Purpose::Weights));
        let x = Array2::random_using((7, sizes[0]), StandardNormal, &mut stream(1, Purpose::Data));
        let classes = sizes[sizes.len() - 1];
        let y = one_hot((0..7).map(|i| i % classes), classes);
        (architecture, theta, x, y)
    }

    #[test]
    fn gradient_matches_central_differences_at_any_depth() {
        for (sizes, lambda) in [(vec![3, 2], 0.0), (vec![4, 3, 2], 1.0), (vec![4, 5, 3, 4, 3], 3.0)]
        {
            let (architecture, theta, x, y) = problem(&sizes);
            let cost = |theta: ArrayView1<f64>| {
                architecture.cost_and_gradient(theta, x.view(), y.view(), lambda)
            };
            let gradient = cost(theta.view()).1;
            let blocks = architecture.blocks();
            let rows = gradient_check::table(&blocks, theta.view(), gradient.view(), |t| cost(t).0);
            assert_eq!(rows.len(), 2 * (sizes.len() - 1));
            let table = gradient_check::markdown(&rows);
            assert!(rows.iter().all(|row| row.relative_error < 1e-7), "{sizes:?}\n{table}");
        }
    }

    #[test]
    fn blocks_cover_all_parameters() {
        let architecture = Architecture { sizes: vec![400, 25, 10] };
        let lengths: Vec<usize> = architecture.blocks().iter().map(|block| block.len).collect();
        assert_eq!(lengths, [10_000, 25, 250, 10]);
        assert_eq!(architecture.parameters(), 10_285);
        let theta = architecture.random(&mut stream(1, Purpose::Weights));
        assert_eq!(theta.len(), 10_285);
    }

    // ANCHOR: penalty_test
    #[test]
    fn penalty_is_half_lambda_over_m_times_the_squared_weights() {
        let (architecture, mut theta, x, y) = problem(&[4, 3, 2]);
        theta.fill(2.0);
        let cost =
            |lambda| architecture.cost_and_gradient(theta.view(), x.view(), y.view(), lambda).0;
        // λ/2m · ‖w‖² with 4·3 + 3·2 = 18 weights of 2 and m = 7; the five biases do not count.
        assert!((cost(3.0) - cost(0.0) - 3.0 / 14.0 * 18.0 * 4.0).abs() < 1e-12);
    }
    // ANCHOR_END: penalty_test

    #[test]
    fn certainty_does_not_overflow() {
        let (architecture, theta, x, y) = problem(&[4, 3, 2]);
        let (cost, gradient) =
            architecture.cost_and_gradient((theta * 1e6).view(), x.view(), y.view(), 0.0);
        assert!(cost.is_finite() && gradient.iter().all(|g| g.is_finite()));
    }

    #[test]
    fn starting_weights_stay_within_glorots_range() {
        let (architecture, theta, ..) = problem(&[400, 25, 10]);
        let layers = architecture.layers(theta.view());
        let r = (6.0_f64 / 425.0).sqrt();
        assert!(layers[0].w.iter().all(|w| w.abs() <= r));
        // The standard deviation of U(±r) is r / √3; 10,000 weights give it to about 1 %.
        assert!((layers[0].w.std(0.0) / (r / 3.0_f64.sqrt()) - 1.0).abs() < 0.03);
        assert!(layers.iter().all(|layer| layer.b.iter().all(|&b| b == 0.0)));
    }
}
