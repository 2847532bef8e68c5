use super::*;
use crate::{
    chapters::chapter_05_mnist::{Initialisation, Method, outputs_for, step},
    dataset::scale_to_symmetric,
    random::{Purpose, stream},
};
use ndarray::Array2;

const RATE_AND_PRICE: [f64; 2] = [1e-3, 0.02];
const WEIGHT_DECAY: f64 = 0.5;
/// The last mini-batch is a smaller one.
const CHOSEN: [&[usize]; 4] = [&[0, 9, 4, 7, 2], &[1, 3, 3, 5, 8], &[6, 1, 2, 9, 4], &[7, 8]];

/// What is to be learned, by which network and how.
#[derive(Clone, Copy, Debug)]
struct Case {
    activation: Activation,
    classes: usize,
    method: Method,
}

const DEEP: Case = Case { activation: Activation::Relu, classes: 10, method: Method::Adam };

impl Case {
    fn network(self) -> Network<f32> {
        let sizes = [130, 70, 33, outputs_for(self.classes)];
        let mut rng = stream(1, Purpose::Weights);
        Network::random(&sizes, self.activation, Initialisation::He, &mut rng)
    }

    /// Costs and the network after the mini-batches; `learn` is told the mini-batch.
    fn learned(
        self,
        mut learn: impl FnMut(&mut Network<f32>, &mut Optimiser<f32>, &Examples<f32>, &[usize]) -> f64,
    ) -> (Vec<f64>, Network<f32>) {
        let pixels = Array2::from_shape_fn((10, 130), |(i, j)| ((i * 131 + j * 37) % 256) as u8);
        let labels: Vec<usize> = (0..10).map(|i| (3 * i) % self.classes).collect();
        let rows = Rows::Pixels { pixels: pixels.view(), scale: scale_to_symmetric };
        let examples = Examples { rows, labels: &labels };
        let mut network = self.network();
        let mut optimiser = self.method.begin(&network, WEIGHT_DECAY);
        let costs =
            CHOSEN.iter().map(|chosen| learn(&mut network, &mut optimiser, &examples, chosen));
        (costs.collect(), network)
    }

    fn plainly(self) -> (Vec<f64>, Network<f32>) {
        self.learned(|network, optimiser, examples, chosen| {
            step(network, optimiser, examples, chosen, RATE_AND_PRICE)
        })
    }

    fn fast(self, rung: Rung, cores: usize) -> (Vec<f64>, Network<f32>) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        let mut stepper = None;
        self.learned(|network, optimiser, examples, chosen| {
            let stepper = stepper.get_or_insert_with(|| Stepper::new(network, optimiser, 5, rung));
            pool.install(|| stepper.step(network, optimiser, examples, chosen, RATE_AND_PRICE))
        })
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

#[track_caller]
fn assert_equal(case: Case, rung: Rung) {
    let (plain_costs, plain) = case.plainly();
    let (costs, fast) = case.fast(rung, 2);
    for (cost, plain) in costs.iter().zip(&plain_costs) {
        assert!((cost / plain - 1.0).abs() < 1e-5, "{case:?}, {rung:?}: {cost}, not {plain}");
    }
    let difference = difference(&fast.layers, &plain.layers);
    assert!(difference < 1e-5, "{case:?}, {rung:?}: {difference}");
}

// ANCHOR: what_must_be_true
#[test]
fn every_rung_takes_the_steps_of_chapter_5() {
    for rung in Rung::ALL {
        assert_equal(DEEP, rung);
    }
}

#[test]
fn number_of_cores_changes_nothing() {
    for rung in Rung::ALL {
        let alone = DEEP.fast(rung, 1);
        assert!([2, 3, 5].iter().all(|&cores| DEEP.fast(rung, cores) == alone), "{rung:?}");
    }
}
// ANCHOR_END: what_must_be_true

#[test]
fn every_kind_of_network_takes_the_steps_of_chapter_5() {
    for activation in [Activation::Relu, Activation::Tanh, Activation::Sigmoid] {
        for method in [Method::Sgd, Method::Momentum, Method::Adam] {
            for classes in [2, 3] {
                let case = Case { activation, classes, method };
                assert_equal(case, Rung::InPlace);
                assert_equal(case, Rung::Vectors);
            }
        }
    }
}
