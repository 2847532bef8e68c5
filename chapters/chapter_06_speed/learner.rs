use super::{
    adam::{Adam, Pace},
    blocks::{BLOCKS, IN_ONE_PIECE, product_in_blocks},
    passes,
    rung::Rung,
    workspace::{Workspace, by_units},
};
use crate::chapters::chapter_05_mnist::{Activation, Network};
use ndarray::{ArrayView2, Axis, s};
use rayon::prelude::*;

/// Digits as bytes.
#[derive(Clone, Copy)]
pub struct Digits<'a> {
    /// Shape `(m, pixels)`.
    pub pixels: ArrayView2<'a, u8>,
    /// One per digit.
    pub labels: &'a [usize],
}

/// A network that learns as chapter 5's does: the same steps, taken faster.
///
/// It uses as many cores as the thread pool that it is run in.
pub struct Learner {
    network: Network<f32>,
    adam: Adam,
    workspace: Workspace,
    rung: Rung,
}

impl Learner {
    /// Takes over a network of `ReLU` units, for mini-batches of `m` at most.
    pub fn new(network: Network<f32>, weight_decay: f64, m: usize, rung: Rung) -> Self {
        assert_eq!(network.activation, Activation::Relu, "the passes are written for ReLU");
        let network = by_units(network);
        let (adam, workspace) = (Adam::new(&network, weight_decay), Workspace::new(&network, m));
        Self { network, adam, workspace, rung }
    }

    /// Learns once from the chosen digits; returns their cost before that.
    // ANCHOR: step
    pub fn step(&mut self, digits: Digits, chosen: &[usize], learning_rate: f64) -> f64 {
        self.workspace.m = chosen.len();
        self.gather(digits, chosen);
        self.forward();
        let cost = self.cost(digits, chosen);
        let pace = self.adam.pace(learning_rate);
        self.backward(pace);
        cost
    }
    // ANCHOR_END: step

    /// The network, as far as it has learned.
    pub fn network(&self) -> &Network<f32> {
        &self.network
    }

    fn gather(&mut self, digits: Digits, chosen: &[usize]) {
        let (rung, size) = (self.rung, chosen.len().div_ceil(BLOCKS));
        let mut x = self.workspace.x();
        let blocks = x.axis_chunks_iter_mut(Axis(0), size).into_par_iter();
        blocks.zip(chosen.par_chunks(size)).for_each(|(mut x, chosen)| {
            for (mut x, &i) in x.rows_mut().into_iter().zip(chosen) {
                let pixels = digits.pixels.row(i);
                let (x, pixels) =
                    (x.as_slice_mut().expect(IN_ONE_PIECE), pixels.to_slice().expect(IN_ONE_PIECE));
                rung.pass(|| passes::scale(x, pixels));
            }
        });
    }

    // ANCHOR: forward
    fn forward(&mut self) {
        let (rung, last) = (self.rung, self.network.layers.len() - 1);
        for (l, layer) in self.network.layers.iter().enumerate() {
            let (seen, answer) = self.workspace.forward(l);
            product_in_blocks(rung, (seen, layer.w.view()), answer, |unit, z| {
                answer_of(rung, z, layer.b[unit], l < last);
            });
        }
    }
    // ANCHOR_END: forward

    /// Mean cross-entropy; turns the outputs into `(softmax(z) - y) / m`.
    fn cost(&mut self, digits: Digits, chosen: &[usize]) -> f64 {
        let m = chosen.len() as f32;
        let mut cost = 0.0;
        for (mut row, &i) in self.workspace.outputs().rows_mut().into_iter().zip(chosen) {
            let label = digits.labels[i];
            let largest = row.fold(f32::NEG_INFINITY, |most, &z| most.max(z));
            let shown = row[label] - largest;
            row.mapv_inplace(|z| (z - largest).exp());
            let sum = row.sum();
            cost += f64::from(sum.ln() - shown);
            row /= sum;
            row[label] -= 1.0;
            row /= m;
        }
        cost / f64::from(m)
    }

    // ANCHOR: backward
    fn backward(&mut self, pace: Pace) {
        let rung = self.rung;
        for (l, layer) in self.network.layers.iter_mut().enumerate().rev() {
            if l > 0 {
                let (delta, seen, below) = self.workspace.backward(l);
                product_in_blocks(rung, (delta, layer.w.t()), below, |unit, delta| {
                    let a = seen.slice_move(s![.., unit]).to_slice().expect(IN_ONE_PIECE);
                    rung.pass(|| passes::mask(delta, a));
                });
            }
            self.adam.step(rung, (l, pace), layer, self.workspace.gradient(l));
        }
    }
    // ANCHOR_END: backward
}

/// Adds the biases to a product; hidden units rectify it.
// ANCHOR: answer_of
fn answer_of(rung: Rung, z: &mut [f32], b: f32, hidden: bool) {
    if hidden && rung >= Rung::Fused {
        return rung.pass(|| passes::add_and_rectify(z, b));
    }
    rung.pass(|| passes::add(z, b));
    if hidden {
        rung.pass(|| passes::rectify(z));
    }
}
// ANCHOR_END: answer_of

#[cfg(test)]
mod tests;
