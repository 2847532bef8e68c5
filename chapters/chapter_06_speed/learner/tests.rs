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
