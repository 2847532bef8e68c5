use super::*;
use crate::{
    chapter_05_mnist::{
        Activation, Backprop, Examples, Features, Initialisation, Layer, Method, StepSizes,
        TrainStep, outputs_for,
    },
    dataset::{scale_to_symmetric, scale_to_unit},
    random::{Purpose, stream},
};
use ndarray::{Array2, ArrayView2};

const STEP_SIZES: StepSizes = StepSizes { learning_rate: 1e-3, l2: 0.02 };
const WEIGHT_DECAY: f64 = 0.5;
/// The last mini-batch is a smaller one.
const CHOSEN: [&[usize]; 4] = [&[0, 9, 4, 7, 2], &[1, 3, 3, 5, 8], &[6, 1, 2, 9, 4], &[7, 8]];

/// A network, its data and how it learns.
#[derive(Clone, Copy, Debug)]
struct Case {
    activation: Activation,
    classes: usize,
    method: Method,
    scale: fn(ArrayView2<u8>) -> Array2<f32>,
}

const DEEP: Case = Case {
    activation: Activation::Relu,
    classes: 10,
    method: Method::Adam,
    scale: scale_to_symmetric,
};
/// Blank pixels are 0, so that those that are blank in a whole mini-batch can be left out.
const BLANK: Case = Case { scale: scale_to_unit, ..DEEP };

impl Case {
    fn network(self) -> Network<f32> {
        let sizes = [130, 70, 33, outputs_for(self.classes)];
        let mut rng = stream(1, Purpose::Weights);
        Network::random(&sizes, self.activation, Initialisation::He, &mut rng)
    }

    /// Costs, and the network after the mini-batches, in one version on some cores.
    fn learned(self, (variant, width): Version, cores: usize) -> (Vec<f64>, Network<f32>) {
        // Every third pixel is blank in all, every fifth in some
        let pixel = |(i, j)| match (j % 3, (i + j) % 5) {
            (0, _) | (_, 0) => 0,
            _ => ((i * 131 + j * 37) % 256) as u8,
        };
        let pixels = Array2::from_shape_fn((10, 130), pixel);
        let labels: Vec<usize> = (0..10).map(|i| (3 * i) % self.classes).collect();
        let x = Features::Pixels { pixels: pixels.into_shared(), scale: self.scale };
        let examples = Examples { x, labels };
        let mut network = self.network();
        let mut optimiser = self.method.begin(&network, WEIGHT_DECAY);
        let mut version = (variant.begin)(&network, &optimiser, 5, width);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        let costs = CHOSEN.iter().map(|chosen| {
            let cost = pool.install(|| version.step(&examples, chosen, STEP_SIZES));
            version.write_to(&mut network, &mut optimiser);
            cost
        });
        (costs.collect(), network)
    }
}

fn numbers(layers: &[Layer<f32>]) -> impl Iterator<Item = f32> {
    layers.iter().flat_map(|layer| layer.w.iter().chain(&layer.b).copied())
}

/// How far two lists of layers are apart, as a share of how large they are.
fn difference(a: &[Layer<f32>], b: &[Layer<f32>]) -> f32 {
    let squared = numbers(a).zip(numbers(b)).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
    (squared / numbers(b).map(|b| b * b).sum::<f32>()).sqrt()
}

/// A variant with vectors of one width.
type Version = (Variant, Width);

/// All variants, at all widths that this processor has.
fn versions() -> Vec<Version> {
    let at = |width| LADDER.map(|variant| (variant, width));
    Width::available().flat_map(at).collect()
}

#[track_caller]
fn assert_equal(case: Case, version: Version) {
    let (plain_costs, plain) = case.learned((LADDER[0], Width::Plain), 1);
    let (costs, fast) = case.learned(version, 2);
    for (cost, plain) in costs.iter().zip(&plain_costs) {
        assert!((cost / plain - 1.0).abs() < 1e-5, "{case:?}, {version:?}: {cost}, not {plain}");
    }
    let difference = difference(&fast.layers, &plain.layers);
    assert!(difference < 1e-5, "{case:?}, {version:?}: {difference}");
}

// ANCHOR: what_must_be_true
#[test]
fn every_version_takes_the_steps_of_chapter_5() {
    for version in versions() {
        assert_equal(DEEP, version);
        assert_equal(BLANK, version);
    }
}

#[test]
fn number_of_cores_changes_nothing() {
    for version in versions() {
        let alone = DEEP.learned(version, 1);
        let on = |cores| DEEP.learned(version, cores);
        assert!([2, 3, 5].into_iter().all(|cores| on(cores) == alone), "{version:?}");
    }
}

#[test]
fn leaving_out_blank_pixels_changes_nothing() {
    let [.., all, fewer] = LADDER;
    for width in Width::available() {
        let [all, fewer] = [all, fewer].map(|variant| BLANK.learned((variant, width), 1));
        assert_eq!(all, fewer, "{width}");
    }
}
// ANCHOR_END: what_must_be_true

#[test]
fn every_kind_of_network_takes_the_steps_of_chapter_5() {
    for activation in [Activation::Relu, Activation::Tanh, Activation::Sigmoid] {
        for method in [Method::Sgd, Method::Momentum, Method::Adam] {
            for classes in [2, 3] {
                let case = Case { activation, classes, method, ..DEEP };
                for version in versions() {
                    assert_equal(case, version);
                }
            }
        }
    }
}

#[test]
fn mini_batches_of_other_sizes_are_learned_from_alike() {
    // A block has 48 rows and a line 16 numbers: sizes on both sides of their ends
    for (classes, hidden) in [(1, 1), (60, 16), (17, 48), (49, 97)] {
        let sizes = [33, hidden, classes.max(1)];
        let mut rng = stream(2, Purpose::Weights);
        let start: Network<f32> =
            Network::random(&sizes, Activation::Tanh, Initialisation::Xavier, &mut rng);
        let x = Array2::from_shape_fn((130, 33), |(i, j)| ((i * 7 + j * 5) % 13) as f32 / 13.0);
        let labels: Vec<usize> = (0..130).map(|i| i % classes.max(2)).collect();
        let examples = Examples { x: Features::Numbers(x.into_shared()), labels };
        for m in [1, 15, 16, 17, 47, 49, 130] {
            let chosen: Vec<usize> = (0..m).map(|i| (i * 31) % 130).collect();
            let [mut plain, mut fast] = [start.clone(), start.clone()];
            let mut optimiser = Method::Momentum.begin(&plain, 0.0);
            let mut backprop = Backprop { network: &mut plain, optimiser: &mut optimiser };
            let cost = backprop.step(&examples, &chosen, STEP_SIZES);
            for (variant, width) in versions() {
                let mut optimiser = Method::Momentum.begin(&start, 0.0);
                let mut version = (variant.begin)(&start, &optimiser, m, width);
                let fast_cost = version.step(&examples, &chosen, STEP_SIZES);
                version.write_to(&mut fast, &mut optimiser);
                let name = variant.name;
                assert!((fast_cost / cost - 1.0).abs() < 1e-5, "{name}, {width}, {sizes:?}, {m}");
                let difference = difference(&fast.layers, &plain.layers);
                assert!(difference < 1e-5, "{name}, {width}, {sizes:?}, {m}: {difference}");
            }
        }
    }
}
