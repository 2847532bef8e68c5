use super::{
    blocks::{BLOCKS, IN_ONE_PIECE, least_blocks, product_in_blocks},
    passes,
    rung::Rung,
    update::{Backward, Pace, gradient},
    workspace::{Workspace, by_units},
};
use crate::chapters::chapter_05_mnist::{Activation, Examples, Layer, Network, Optimiser, Rows};
use ndarray::{Array2, ArrayView2, ArrayViewMut1, Axis, s};
use rayon::prelude::*;

/// Takes the steps of chapter 5, faster.
///
/// It uses as many cores as the thread pool that it is run in, and comes to the same numbers on any
/// number of them.
///
/// [In the book](../../../../book/chapter_06.html)
pub struct Stepper {
    workspace: Workspace,
    rung: Rung,
}

impl Stepper {
    /// Prepares for a network and mini-batches of `m` at most: sets the network's weights, and what
    /// the optimiser remembers, unit by unit.
    pub fn new(
        network: &mut Network<f32>,
        optimiser: &mut Optimiser<f32>,
        m: usize,
        rung: Rung,
    ) -> Self {
        by_units(&mut network.layers);
        match optimiser {
            Optimiser::Momentum(momentum) => by_units(&mut momentum.velocity),
            Optimiser::Adam(adam) => {
                by_units(&mut adam.m);
                by_units(&mut adam.v);
            }
        }
        Self { workspace: Workspace::new(network, m), rung }
    }

    /// Whether a step with `m` examples has parts large enough for several cores.
    pub fn needs_cores(network: &Network<f32>, m: usize) -> bool {
        network.layers.iter().any(|layer| least_blocks(m * layer.w.len()) == 1)
    }

    /// Learns once from the chosen examples; returns their cost before that. `price` is that of
    /// weights in the cost, `λ/m`.
    // ANCHOR: step
    pub fn step(
        &mut self,
        network: &mut Network<f32>,
        optimiser: &mut Optimiser<f32>,
        examples: &Examples<f32>,
        chosen: &[usize],
        [learning_rate, price]: [f64; 2],
    ) -> f64 {
        self.workspace.m = chosen.len();
        self.gather(examples, chosen);
        self.forward(network);
        let cost = self.cost(examples, chosen);
        if let Optimiser::Adam(adam) = optimiser {
            let pace = Pace::of(adam, learning_rate, price);
            self.backward(network, |rung, layer, parts| pace.step(rung, adam, layer, parts));
        } else {
            self.backward(network, |rung, _, parts| gradient(rung, parts));
            network.add_price(price, &mut self.workspace.gradient);
            optimiser.step(network, &self.workspace.gradient, learning_rate);
        }
        cost
    }
    // ANCHOR_END: step

    fn gather(&mut self, examples: &Examples<f32>, chosen: &[usize]) {
        match examples.rows {
            Rows::Pixels { pixels, scale } => self.gather_pixels(pixels, scale, chosen),
            Rows::Numbers(numbers) => {
                for (mut x, &i) in self.workspace.x().rows_mut().into_iter().zip(chosen) {
                    x.assign(&numbers.row(i));
                }
            }
        }
    }

    fn gather_pixels(
        &mut self,
        pixels: ArrayView2<u8>,
        scale: fn(ArrayView2<u8>) -> Array2<f32>,
        chosen: &[usize],
    ) {
        // Every scale is a straight line from what black becomes to what white becomes
        let ends = scale(ndarray::aview2(&[[u8::MIN, u8::MAX]]));
        let (black, step) = (ends[[0, 0]], (ends[[0, 1]] - ends[[0, 0]]) / 255.0);
        let (rung, size) = (self.rung, chosen.len().div_ceil(BLOCKS));
        let mut x = self.workspace.x();
        let least = least_blocks(x.len());
        let blocks = x.axis_chunks_iter_mut(Axis(0), size).into_par_iter();
        blocks.zip(chosen.par_chunks(size)).with_min_len(least).for_each(|(mut x, chosen)| {
            for (mut x, &i) in x.rows_mut().into_iter().zip(chosen) {
                let pixels = pixels.row(i);
                let (x, pixels) =
                    (x.as_slice_mut().expect(IN_ONE_PIECE), pixels.to_slice().expect(IN_ONE_PIECE));
                rung.pass(|| passes::scale(x, pixels, black, step));
            }
        });
    }

    // ANCHOR: forward
    fn forward(&mut self, network: &Network<f32>) {
        let (rung, last) = (self.rung, network.layers.len() - 1);
        for (l, layer) in network.layers.iter().enumerate() {
            let (seen, answer) = self.workspace.forward(l);
            let hidden = (l < last).then_some(network.activation);
            product_in_blocks(rung, (seen, layer.w.view()), answer, |unit, z| {
                answer_of(rung, z, layer.b[unit], hidden);
            });
        }
    }
    // ANCHOR_END: forward

    /// Mean cross-entropy; turns the outputs into `(softmax(z) - y) / m`.
    fn cost(&mut self, examples: &Examples<f32>, chosen: &[usize]) -> f64 {
        let m = chosen.len() as f32;
        let mut outputs = self.workspace.outputs();
        let labels = chosen.iter().map(|&i| examples.labels[i]);
        let rows = outputs.rows_mut().into_iter().zip(labels);
        let costs = rows.map(|(row, label)| cost_and_delta(row, label, m));
        costs.sum::<f64>() / f64::from(m)
    }

    fn backward(
        &mut self,
        network: &mut Network<f32>,
        mut update: impl FnMut(Rung, (usize, &mut Layer<f32>), Backward),
    ) {
        let (rung, activation) = (self.rung, network.activation);
        for (l, layer) in network.layers.iter_mut().enumerate().rev() {
            if l > 0 {
                let (delta, seen, below) = self.workspace.backward(l);
                product_in_blocks(rung, (delta, layer.w.t()), below, |unit, delta| {
                    let a = seen.slice_move(s![.., unit]).to_slice().expect(IN_ONE_PIECE);
                    rung.pass(|| passes::chain(activation, delta, a));
                });
            }
            update(rung, (l, layer), self.workspace.gradient(l));
        }
    }
}

/// The cost of one example; its outputs become their delta.
fn cost_and_delta(mut z: ArrayViewMut1<f32>, label: usize, m: f32) -> f64 {
    if z.len() == 1 {
        let (z, y) = (&mut z[0], label as f32);
        let cost = z.max(0.0) - y * *z + (-z.abs()).exp().ln_1p();
        *z = (1.0 / (1.0 + (-*z).exp()) - y) / m;
        return f64::from(cost);
    }
    let largest = z.fold(f32::NEG_INFINITY, |most, &z| most.max(z));
    let shown = z[label] - largest;
    z.mapv_inplace(|z| (z - largest).exp());
    let sum = z.sum();
    z /= sum;
    z[label] -= 1.0;
    z /= m;
    f64::from(sum.ln() - shown)
}

/// Adds the biases to a product; hidden units activate it.
fn answer_of(rung: Rung, z: &mut [f32], b: f32, hidden: Option<Activation>) {
    match hidden {
        Some(activation) if rung >= Rung::Fused => {
            rung.pass(|| passes::add_and_activate(activation, z, b));
        }
        Some(activation) => {
            rung.pass(|| passes::add(z, b));
            rung.pass(|| passes::activate(activation, z));
        }
        None => rung.pass(|| passes::add(z, b)),
    }
}

#[cfg(test)]
mod tests;
