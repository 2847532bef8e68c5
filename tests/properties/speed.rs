//! Whatever the shapes, chapter 6 takes the steps of chapter 5, and answers as it does.

use crate::{cases, examples::seed};
use chapters::{
    chapter_05_mnist::{
        Activation, Backprop, Examples, Features, Initialisation, Method, Network, Optimiser,
        StepSizes, TrainStep, outputs_for,
    },
    chapter_06_speed::{LADDER, Width, logits_of_one},
    dataset::{scale_to_symmetric, scale_to_unit, shuffled},
    random::{Purpose, stream},
};
use ndarray::{Array2, Axis};
use ndarray_rand::{RandomExt, rand_distr::StandardUniform};
use proptest::{collection::vec, prelude::*, sample::select};

fn numbers(network: &Network<f32>) -> impl Iterator<Item = f64> {
    let layers = network.layers.iter();
    layers.flat_map(|layer| layer.w.iter().chain(&layer.b).copied().map(f64::from))
}

/// How far a network is from another, as a share of how large that is.
fn difference(found: &Network<f32>, expected: &Network<f32>) -> f64 {
    let apart: f64 = numbers(found).zip(numbers(expected)).map(|(a, b)| (a - b).powi(2)).sum();
    (apart / numbers(expected).map(|b| b * b).sum::<f64>()).sqrt()
}

type Learn<'a> = &'a mut dyn FnMut(&mut Network<f32>, &mut Optimiser<f32>, &[usize]) -> f64;

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn chapter_06_takes_the_steps_of_chapter_05(
        [inputs, m, mini_batch] in [1..90_usize, 1..70_usize, 1..70_usize],
        hidden in vec(1..80_usize, 0..4),
        classes in 2..12_usize,
        activation in select(vec![Activation::Relu, Activation::Sigmoid, Activation::Tanh]),
        method in select(vec![Method::Sgd, Method::Momentum, Method::Adam]),
        width in select(Width::available().collect::<Vec<_>>()),
        variant in select(LADDER.to_vec()),
        kind in 0..3_usize,
        l2 in prop_oneof![Just(0.0), 0.0..0.5_f64],
        seed in seed(),
    ) {
        let sizes = [vec![inputs], hidden, vec![outputs_for(classes)]].concat();
        let mut rng = stream(seed, Purpose::Data);
        let pixels = Array2::<u8>::random_using((m, inputs), StandardUniform, &mut rng);
        let numbers: Array2<f32> = scale_to_symmetric(pixels.view());
        let pixels = pixels.into_shared();
        let x = match kind {
            0 => Features::Numbers(numbers.into_shared()),
            1 => Features::Pixels { pixels, scale: scale_to_unit },
            _ => Features::Pixels { pixels, scale: scale_to_symmetric },
        };
        let labels = (0..m).map(|i| (3 * i + i / 5) % classes).collect();
        let examples = Examples { x, labels };
        let order = shuffled(m, &mut stream(seed, Purpose::Order));
        let learned = |learn: Learn| {
            let mut rng = stream(seed, Purpose::Weights);
            let start = activation.suited_initialisation();
            let mut network = Network::random(&sizes, activation, start, &mut rng);
            let mut optimiser = method.begin(&network, 0.1);
            let batches = order.chunks(mini_batch).take(3);
            let costs: Vec<f64> =
                batches.map(|chosen| learn(&mut network, &mut optimiser, chosen)).collect();
            (costs, network)
        };

        let step_sizes = StepSizes { learning_rate: 1e-3, l2 };
        let (costs, plain) = learned(&mut |network, optimiser, chosen| {
            Backprop { network, optimiser }.step(&examples, chosen, step_sizes)
        });
        let mut version = None;
        let (fast_costs, fast) = learned(&mut |network, optimiser, chosen| {
            let version = version
                .get_or_insert_with(|| (variant.begin)(network, optimiser, mini_batch, width));
            let cost = version.step(&examples, chosen, step_sizes);
            version.write_to(network, optimiser);
            cost
        });
        for (fast, plain) in fast_costs.iter().zip(&costs) {
            prop_assert!((fast - plain).abs() < 1e-5 * plain.max(1.0), "{fast}, not {plain}");
        }
        let apart = difference(&fast, &plain);
        prop_assert!(apart < 1e-5, "{apart}");
    }

    #[test]
    fn chapter_06_answers_for_one_as_chapter_05_does_for_many(
        [inputs, m] in [1..90_usize, 1..6_usize],
        hidden in vec(1..80_usize, 0..4),
        outputs in 1..12_usize,
        activation in select(vec![Activation::Relu, Activation::Sigmoid, Activation::Tanh]),
        seed in seed(),
    ) {
        let sizes = [vec![inputs], hidden, vec![outputs]].concat();
        let mut rng = stream(seed, Purpose::Weights);
        let network = Network::random(&sizes, activation, Initialisation::He, &mut rng);
        let x = Array2::<f32>::random_using((m, inputs), StandardUniform, &mut rng);
        let all = network.forward(x.view()).z;
        for (x, z) in x.axis_iter(Axis(0)).zip(all.rows()) {
            let one = logits_of_one(&network, x);
            let largest = z.fold(1.0_f32, |most, z| most.max(z.abs()));
            prop_assert!((&one - &z).iter().all(|d| d.abs() < 2e-5 * largest), "{one}, not {z}");
        }
    }
}
