use super::{
    panel::{Strided, view_mut},
    passes,
    product::{Factors, Product},
    rung::Rung,
    strips::{least_strips, product_in_strips},
    update::{Backward, Pace},
    workspace::{Workspace, by_units},
};
use crate::chapters::chapter_05_mnist::{Activation, Examples, Layer, Network, Optimiser, Rows};
use ndarray::{ArrayViewMut1, aview_mut1};
use rayon::prelude::*;
use std::mem;

/// Takes the steps of chapter 5, faster.
///
/// It uses as many cores as the thread pool that it is run in, and comes to the same numbers on any
/// number of them.
///
/// [In the book](../../../../book/chapter_06.html)
pub struct Stepper {
    workspace: Workspace,
    /// Those of the mini-batch, where a single output stands for two classes.
    labels: Vec<f32>,
    /// For optimisers that want to see all of it; empty for Adam.
    gradient: Vec<Layer<f32>>,
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
        let mut gradient = Vec::new();
        match optimiser {
            Optimiser::Momentum(momentum) => {
                by_units(&mut momentum.velocity);
                gradient.clone_from(&momentum.velocity);
            }
            Optimiser::Adam(adam) => {
                by_units(&mut adam.m);
                by_units(&mut adam.v);
            }
        }
        by_units(&mut network.layers);
        Self {
            workspace: Workspace::new(network, m),
            labels: Vec::with_capacity(m),
            gradient,
            rung,
        }
    }

    /// Whether a step with `m` examples has parts large enough for several cores.
    pub fn needs_cores(network: &Network<f32>, m: usize) -> bool {
        network.layers.iter().any(|layer| least_strips(m * layer.w.len()) == 1)
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
        let (rung, m) = (self.rung, chosen.len());
        self.gather(examples, chosen);
        self.forward(network, m);
        let cost = self.cost(examples, chosen, network.outputs());
        if let Optimiser::Adam(adam) = optimiser {
            let pace = Pace::of(adam, learning_rate, price);
            self.backward(network, m, |layer, parts| pace.step(rung, adam, layer, parts));
        } else {
            let mut gradient = mem::take(&mut self.gradient);
            self.backward(network, m, |(l, _), parts| parts.gradient(rung, &mut gradient[l]));
            network.add_price(price, &mut gradient);
            optimiser.step(network, &gradient, learning_rate);
            self.gradient = gradient;
        }
        cost
    }
    // ANCHOR_END: step

    /// Writes the examples down as the first layer sees them.
    fn gather(&mut self, examples: &Examples<f32>, chosen: &[usize]) {
        let rung = self.rung;
        let Workspace { by_unit, by_example, .. } = &mut self.workspace;
        let (stride, m) = (by_example[0].stride, chosen.len());
        let rows = by_example[0].rows_mut(m);
        let n = match examples.rows {
            Rows::Pixels { pixels, scale } => {
                // Every scale is a straight line from what black becomes to what white becomes
                let ends = scale(ndarray::aview2(&[[u8::MIN, u8::MAX]]));
                let (black, step) = (ends[[0, 0]], (ends[[0, 1]] - ends[[0, 0]]) / 255.0);
                let rows = rows.par_chunks_mut(stride).zip(chosen);
                rows.with_min_len(ROWS_TO_GATHER).for_each(|(x, &i)| {
                    let pixels = pixels.row(i).to_slice().expect(IN_ONE_PIECE);
                    rung.pass(
                        #[inline(always)]
                        || passes::scale(x, pixels, black, step),
                    );
                });
                pixels.ncols()
            }
            Rows::Numbers(numbers) => {
                let n = numbers.ncols();
                for (x, &i) in rows.chunks_mut(stride).zip(chosen) {
                    aview_mut1(&mut x[..n]).assign(&numbers.row(i));
                }
                n
            }
        };
        by_unit[0].transpose(&by_example[0], n, m);
    }

    // ANCHOR: forward
    fn forward(&mut self, network: &Network<f32>, m: usize) {
        let (rung, last) = (self.rung, network.layers.len() - 1);
        let Workspace { by_unit, by_example, deltas } = &mut self.workspace;
        for (l, layer) in network.layers.iter().enumerate() {
            let (seen, after) = by_unit.split_at_mut(l + 1);
            let answer = after.first_mut().unwrap_or(&mut deltas[l]);
            let hidden = (l < last).then_some(network.activation);
            let b = Factors::Rows(weights(layer));
            let (n, units) = layer.w.dim();
            let product = Product::new(b, (seen[l].rows(), n), (answer, units), m);
            product_in_strips(rung, product, |unit, z| answer_of(rung, z, layer.b[unit], hidden));
            if l < last {
                by_example[l + 1].transpose(answer, m, units);
            }
        }
    }
    // ANCHOR_END: forward

    /// Mean cross-entropy; turns the outputs into `(softmax(z) - y) / m`.
    fn cost(&mut self, examples: &Examples<f32>, chosen: &[usize], units: usize) -> f64 {
        let (rung, m) = (self.rung, chosen.len());
        let outputs = self.workspace.deltas.last_mut().expect("a network has layers");
        let labels = chosen.iter().map(|&i| examples.labels[i]);
        let stride = outputs.stride;
        let outputs = outputs.rows_mut(units);
        let cost = if units == 1 {
            self.labels.clear();
            self.labels.extend(labels.map(|label| label as f32));
            let mut cost = 0.0;
            rung.pass(
                #[inline(always)]
                || cost = passes::cost_of_two(&mut outputs[..m], &self.labels),
            );
            cost
        } else {
            let mut outputs = view_mut(outputs, stride, m);
            let columns = outputs.columns_mut().into_iter().zip(labels);
            columns.map(|(column, label)| cost_and_delta(column, label, m as f32)).sum()
        };
        cost / m as f64
    }

    fn backward(
        &mut self,
        network: &mut Network<f32>,
        m: usize,
        mut update: impl FnMut((usize, &mut Layer<f32>), Backward),
    ) {
        let (rung, activation) = (self.rung, network.activation);
        let Workspace { by_unit, by_example, deltas } = &mut self.workspace;
        for (l, layer) in network.layers.iter_mut().enumerate().rev() {
            let (below, delta) = deltas.split_at_mut(l);
            let (seen, delta) = (by_example[l].rows(), delta[0].rows());
            if let Some(below) = below.last_mut() {
                let (b, (n, units)) = (Factors::Columns(weights(layer)), layer.w.dim());
                let product = Product::new(b, (delta, units), (below, n), m);
                product_in_strips(rung, product, |unit, delta| {
                    let a = by_unit[l].rows().from(unit).numbers;
                    rung.pass(
                        #[inline(always)]
                        || passes::chain(activation, delta, a),
                    );
                });
            }
            update((l, layer), Backward { m, seen, delta });
        }
    }
}

/// The weights of a layer, a row for each unit.
fn weights(layer: &Layer<f32>) -> Strided<'_> {
    let numbers = layer.w.t().to_slice().expect(IN_ONE_PIECE);
    Strided { numbers, stride: layer.w.nrows() }
}

/// How many examples one core gathers at least.
const ROWS_TO_GATHER: usize = 32;

/// The pixels of an example, and the weights of a unit.
const IN_ONE_PIECE: &str = "what belongs together stands side by side";

/// The cost of one example; its outputs become their delta.
fn cost_and_delta(mut z: ArrayViewMut1<f32>, label: usize, m: f32) -> f64 {
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
            rung.pass(
                #[inline(always)]
                || passes::add_and_activate(activation, z, b),
            );
        }
        Some(activation) => {
            rung.pass(
                #[inline(always)]
                || passes::add(z, b),
            );
            rung.pass(
                #[inline(always)]
                || passes::activate(activation, z),
            );
        }
        None => rung.pass(
            #[inline(always)]
            || passes::add(z, b),
        ),
    }
}

#[cfg(test)]
mod tests;
