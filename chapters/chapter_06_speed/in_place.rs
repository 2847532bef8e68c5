use super::{
    elementwise::{add_and_activate, backprop_activation, scale},
    input::line_of,
};
use crate::chapter_05_mnist::{
    Examples, Features, Layer, Network, Optimiser, StepSizes, cross_entropy, probabilities, targets,
};
use ndarray::{Array2, Axis, linalg::general_mat_mul, s};

/// The first rung: the step of chapter 5 with every large array asked for once, and with bias and
/// activation in one pass. Its products are `ndarray`'s.
///
/// [In the book](../../../book/chapter_06.html#does-it-help-to-ask-for-memory-once)
pub struct InPlace {
    /// What each layer sees, shape `(m, inputs)`, and at the end the logits.
    a: Vec<Array2<f32>>,
    /// `∂J/∂z` of each layer, shape `(m, units)`.
    deltas: Vec<Array2<f32>>,
    gradient: Vec<Layer<f32>>,
}

impl InPlace {
    /// Room for a network and mini-batches of `m` at most.
    pub fn new(network: &Network<f32>, m: usize) -> Self {
        let gradient = network.zeros();
        let n = gradient.first().map_or(0, |layer| layer.w.nrows());
        let widths = gradient.iter().map(|layer| layer.w.ncols());
        let deltas: Vec<_> = widths.map(|units| Array2::zeros((m, units))).collect();
        let a = [Array2::zeros((m, n))].into_iter().chain(deltas.iter().cloned()).collect();
        Self { a, deltas, gradient }
    }

    /// Learns once from the chosen examples; returns their cost before that.
    pub fn step(
        &mut self,
        network: &mut Network<f32>,
        optimiser: &mut Optimiser<f32>,
        examples: &Examples<f32>,
        chosen: &[usize],
        StepSizes { learning_rate, l2 }: StepSizes,
    ) -> f64 {
        let (m, last) = (chosen.len(), network.layers.len() - 1);
        // Forward: each layer writes where the next one reads
        gather(examples, chosen, &mut self.a[0]);
        for (l, Layer { w, b }) in network.layers.iter().enumerate() {
            let (seen, z) = self.a.split_at_mut(l + 1);
            let mut z = z[0].slice_mut(s![..m, ..]);
            general_mat_mul(1.0, &seen[l].slice(s![..m, ..]), w, 0.0, &mut z);
            if l == last {
                z += b;
            } else {
                for mut z in z.rows_mut() {
                    let z = z.as_slice_mut().expect("rows stand one after the other");
                    add_and_activate(network.activation, z, b.as_slice().expect("a list"));
                }
            }
        }
        // Cost: the last delta is (softmax(z) - y) / m
        let z = self.a[last + 1].slice(s![..m, ..]);
        let y = targets(chosen.iter().map(|&i| examples.labels[i]), network.outputs());
        let cost = cross_entropy(z, y.view());
        let delta = (probabilities(z) - y) / m as f32;
        self.deltas[last].slice_mut(s![..m, ..]).assign(&delta);
        // Backward: the gradient of each layer, and the delta of the one below
        for (l, Layer { w, .. }) in network.layers.iter().enumerate().rev() {
            let (below, delta) = self.deltas.split_at_mut(l);
            let (a, delta) = (self.a[l].slice(s![..m, ..]), delta[0].slice(s![..m, ..]));
            general_mat_mul(1.0, &a.t(), &delta, 0.0, &mut self.gradient[l].w);
            self.gradient[l].b.assign(&delta.sum_axis(Axis(0)));
            if let Some(below) = below.last_mut() {
                let mut below = below.slice_mut(s![..m, ..]);
                general_mat_mul(1.0, &delta, &w.t(), 0.0, &mut below);
                for (mut delta, a) in below.rows_mut().into_iter().zip(a.rows()) {
                    let delta = delta.as_slice_mut().expect("rows stand one after the other");
                    let a = a.to_slice().expect("rows stand one after the other");
                    backprop_activation(network.activation, delta, a);
                }
            }
        }
        // Update
        network.add_l2_gradient(l2, &mut self.gradient);
        optimiser.step(network, &self.gradient, learning_rate);
        cost
    }
}

/// Writes the chosen examples down, a row each.
fn gather(examples: &Examples<f32>, chosen: &[usize], x: &mut Array2<f32>) {
    for (mut x, &i) in x.rows_mut().into_iter().zip(chosen) {
        match &examples.x {
            Features::Numbers(numbers) => x.assign(&numbers.row(i)),
            Features::Pixels { pixels, scale: of } => {
                let [black, step] = line_of(*of);
                let x = x.as_slice_mut().expect("rows stand one after the other");
                scale(x, &pixels.row(i).to_vec(), black, step);
            }
        }
    }
}
