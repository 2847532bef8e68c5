use super::super::{
    elementwise::{add_and_activate, backprop_activation, scale},
    input::line_of,
    training_step::TrainingStep,
};
use crate::chapter_05_mnist::{
    Examples, Features, Layer, Network, Optimiser, StepSizes, TrainStep, cross_entropy,
    probabilities, targets,
};
use ndarray::{Array2, Axis, linalg::general_mat_mul, s};

/// The first rung: the step of chapter 5 with every large array allocated once, and with bias and
/// activation function in one pass. Its products are `ndarray`'s.
pub struct InPlace {
    network: Network<f32>,
    optimiser: Optimiser<f32>,
    /// The input of each layer, shape `(m, inputs)`, and at the end the logits.
    a: Vec<Array2<f32>>,
    /// `∂J/∂z` of each layer, shape `(m, units)`.
    deltas: Vec<Array2<f32>>,
    gradient: Vec<Layer<f32>>,
}

impl InPlace {
    pub fn new(network: &Network<f32>, optimiser: &Optimiser<f32>, m: usize) -> Self {
        let gradient = network.zeros();
        let n = gradient.first().map_or(0, |layer| layer.w.nrows());
        let widths = gradient.iter().map(|layer| layer.w.ncols());
        let deltas: Vec<_> = widths.map(|units| Array2::zeros((m, units))).collect();
        let a = [Array2::zeros((m, n))].into_iter().chain(deltas.iter().cloned()).collect();
        Self { network: network.clone(), optimiser: optimiser.clone(), a, deltas, gradient }
    }
}

impl TrainStep<f32> for InPlace {
    fn step(
        &mut self,
        examples: &Examples<f32>,
        chosen: &[usize],
        StepSizes { learning_rate, l2 }: StepSizes,
    ) -> f64 {
        let Self { network, optimiser, a, deltas, gradient } = self;
        let (m, last) = (chosen.len(), network.layers.len() - 1);
        // Gather
        gather(examples, chosen, &mut a[0]);
        // Forward: each layer writes where the next one reads
        for (l, Layer { w, b }) in network.layers.iter().enumerate() {
            let (seen, z) = a.split_at_mut(l + 1);
            let mut z = z[0].slice_mut(s![..m, ..]);
            general_mat_mul(1.0, &seen[l].slice(s![..m, ..]), w, 0.0, &mut z);
            if l == last {
                z += b;
            } else {
                for mut z in z.rows_mut() {
                    let z = z.as_slice_mut().expect("rows lie one after the other");
                    add_and_activate(network.activation, z, b.as_slice().expect("a list"));
                }
            }
        }
        // Cost: the last delta is (softmax(z) - y) / m
        let z = a[last + 1].slice(s![..m, ..]);
        let y = targets(chosen.iter().map(|&i| examples.labels[i]), network.outputs());
        let cost = cross_entropy(z, y.view());
        let delta = (probabilities(z) - y) / m as f32;
        deltas[last].slice_mut(s![..m, ..]).assign(&delta);
        // Backward: the gradient of each layer, and the delta of the one below
        for (l, Layer { w, .. }) in network.layers.iter().enumerate().rev() {
            let (below, delta) = deltas.split_at_mut(l);
            let (a, delta) = (a[l].slice(s![..m, ..]), delta[0].slice(s![..m, ..]));
            general_mat_mul(1.0, &a.t(), &delta, 0.0, &mut gradient[l].w);
            gradient[l].b.assign(&delta.sum_axis(Axis(0)));
            if let Some(below) = below.last_mut() {
                let mut below = below.slice_mut(s![..m, ..]);
                general_mat_mul(1.0, &delta, &w.t(), 0.0, &mut below);
                for (mut delta, a) in below.rows_mut().into_iter().zip(a.rows()) {
                    let delta = delta.as_slice_mut().expect("rows lie one after the other");
                    let a = a.to_slice().expect("rows lie one after the other");
                    backprop_activation(network.activation, delta, a);
                }
            }
        }
        // Update
        network.add_l2_gradient(l2, gradient);
        optimiser.step(network, gradient, learning_rate);
        cost
    }
}

impl TrainingStep for InPlace {
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        network.clone_from(&self.network);
        optimiser.clone_from(&self.optimiser);
    }
}

/// Copies the chosen examples, a row each.
fn gather(examples: &Examples<f32>, chosen: &[usize], x: &mut Array2<f32>) {
    for (mut x, &i) in x.rows_mut().into_iter().zip(chosen) {
        match &examples.x {
            Features::Numbers(numbers) => x.assign(&numbers.row(i)),
            Features::Pixels { pixels, scale: of } => {
                let [blank, step] = line_of(*of);
                let x = x.as_slice_mut().expect("rows lie one after the other");
                scale(x, &pixels.row(i).to_vec(), blank, step);
            }
        }
    }
}
