use super::{
    adam::{Adam, Pace},
    blocks::{BLOCKS, product_in_blocks},
    passes,
    rung::Rung,
    workspace::Workspace,
};
use crate::chapters::chapter_05_mnist::{Activation, Network};
use ndarray::{ArrayView2, Axis};
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
                let (x, pixels) = (x.as_slice_mut().expect(ROW), pixels.to_slice().expect(ROW));
                rung.pass(
                    #[inline(always)]
                    || passes::scale(x, pixels),
                );
            }
        });
    }

    // ANCHOR: forward
    fn forward(&mut self) {
        let (rung, last) = (self.rung, self.network.layers.len() - 1);
        for (l, layer) in self.network.layers.iter().enumerate() {
            let (seen, answer) = self.workspace.forward(l);
            let b = layer.b.as_slice().expect(ROW);
            product_in_blocks(rung, (seen, layer.w.view()), answer, |z, _, first| {
                answer_of(rung, z, &b[first..], l < last);
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
                product_in_blocks(rung, (delta, layer.w.t()), below, |delta, i, first| {
                    let a = &seen.row(i).to_slice().expect(ROW)[first..];
                    rung.pass(
                        #[inline(always)]
                        || passes::mask(delta, a),
                    );
                });
            }
            self.adam.step(rung, (l, pace), layer, self.workspace.gradient(l));
        }
    }
    // ANCHOR_END: backward
}

/// Adds the biases to a product; hidden units rectify it.
// ANCHOR: answer_of
fn answer_of(rung: Rung, z: &mut [f32], b: &[f32], hidden: bool) {
    if hidden && rung >= Rung::Fused {
        return rung.pass(
            #[inline(always)]
            || passes::add_and_rectify(z, b),
        );
    }
    rung.pass(
        #[inline(always)]
        || passes::add(z, b),
    );
    if hidden {
        rung.pass(
            #[inline(always)]
            || passes::rectify(z),
        );
    }
}
// ANCHOR_END: answer_of

const ROW: &str = "a row stands in one piece";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapters::chapter_05_mnist::{self as chapter_05, Initialisation, Layer},
        dataset::one_hot,
        random::{Purpose, stream},
    };
    use ndarray::Array2;

    const LEARNING_RATE: f64 = 1e-3;
    const WEIGHT_DECAY: f64 = 0.5;
    /// The last mini-batch is a smaller one.
    const CHOSEN: [&[usize]; 4] = [&[0, 9, 4, 7, 2], &[1, 3, 3, 5, 8], &[6, 1, 2, 9, 4], &[7, 8]];

    fn network() -> Network<f32> {
        let mut rng = stream(1, Purpose::Weights);
        let sizes = [130, 70, 33, 10];
        Network::random(&sizes, Activation::Relu, Initialisation::He, &mut rng)
    }

    fn pixels() -> Array2<u8> {
        Array2::from_shape_fn((10, 130), |(i, j)| ((i * 131 + j * 37) % 256) as u8)
    }

    fn labels() -> Vec<usize> {
        (0..10).map(|i| (3 * i) % 10).collect()
    }

    /// Costs and the network after the mini-batches, by a rung of the ladder.
    fn learned(rung: Rung, cores: usize) -> (Vec<f64>, Network<f32>) {
        let (pixels, labels) = (pixels(), labels());
        let digits = Digits { pixels: pixels.view(), labels: &labels };
        let mut learner = Learner::new(network(), WEIGHT_DECAY, 5, rung);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        let step = |chosen: &&[usize]| learner.step(digits, chosen, LEARNING_RATE);
        let costs = pool.install(|| CHOSEN.iter().map(step).collect());
        (costs, learner.network)
    }

    /// The same by chapter 5, with the gradient of each mini-batch.
    fn plainly_learned() -> (Vec<f64>, Network<f32>) {
        let mut network = network();
        let mut adam = chapter_05::Adam::new(&network, WEIGHT_DECAY);
        let costs = CHOSEN.map(|chosen| {
            let x = pixels().select(Axis(0), chosen).mapv(|pixel| f32::from(pixel) / 255.0);
            let y = one_hot(chosen.iter().map(|&i| labels()[i]), 10);
            let (cost, gradient) = network.cost_and_gradient(x.view(), y.view());
            adam.step(&mut network, &gradient, LEARNING_RATE);
            cost
        });
        (costs.to_vec(), network)
    }

    fn numbers(layers: &[Layer<f32>]) -> impl Iterator<Item = f32> {
        layers.iter().flat_map(|layer| layer.w.iter().chain(&layer.b).copied())
    }

    /// How far two lists of layers are apart, as a share of how large they are.
    fn difference(a: &[Layer<f32>], b: &[Layer<f32>]) -> f32 {
        let squared = numbers(a).zip(numbers(b)).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        (squared / numbers(b).map(|b| b * b).sum::<f32>()).sqrt()
    }

    #[test]
    fn every_rung_takes_the_steps_of_chapter_5() {
        let (plain_costs, plain) = plainly_learned();
        for rung in Rung::ALL {
            let (costs, fast) = learned(rung, 2);
            for (cost, plain) in costs.iter().zip(&plain_costs) {
                assert!((cost / plain - 1.0).abs() < 1e-5, "{rung:?}: {cost}, not {plain}");
            }
            let difference = difference(&fast.layers, &plain.layers);
            assert!(difference < 1e-5, "{rung:?}: {difference}");
        }
    }

    #[test]
    fn every_rung_has_the_gradient_of_chapter_5() {
        let (pixels, labels) = (pixels(), labels());
        let x = pixels.mapv(|pixel| f32::from(pixel) / 255.0);
        let y = one_hot(labels.iter().copied(), 10);
        let (_, plain) = network().cost_and_gradient(x.view(), y.view());
        let all: Vec<usize> = (0..10).collect();
        for rung in Rung::ALL {
            let mut learner = Learner::new(network(), WEIGHT_DECAY, 10, rung);
            learner.step(Digits { pixels: pixels.view(), labels: &labels }, &all, LEARNING_RATE);
            let difference = difference(&learner.workspace.gradient, &plain);
            assert!(difference < 1e-5, "{rung:?}: {difference}");
        }
    }

    #[test]
    fn number_of_cores_changes_nothing() {
        for rung in Rung::ALL {
            let alone = learned(rung, 1);
            assert!([2, 3, 5].iter().all(|&cores| learned(rung, cores) == alone), "{rung:?}");
        }
    }
}
