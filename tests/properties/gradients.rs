//! The gradient of any network of any chapter is the slope of its cost.
//!
//! Analysis and arithmetic agree to six digits, or to what rounding leaves of the cost where a slope
//! vanishes. ReLU has no slope at its kink: points where a step of 1e-4 in any direction takes a unit
//! over one are drawn again.

use crate::{cases, examples::seed};
use chapters::{
    chapter_02_logistic_regression::LogisticRegression,
    chapter_03_shallow_network as shallow,
    chapter_04_regularised_network::{Architecture, Online},
    chapter_05_mnist::{Activation, Initialisation, Network, roll, targets, unroll},
    chapter_06_speed::cost_and_gradient_in_parts,
    gradient_check::{Block, markdown, table},
    random::{Purpose, Rng, stream},
};
use ndarray::{
    Array, Array1, Array2, ArrayView1, Axis, Dimension, ShapeBuilder, array, concatenate, s,
};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseResult};

const ACTIVATIONS: [Activation; 3] = [Activation::Relu, Activation::Sigmoid, Activation::Tanh];

/// The ends of rounding: a cost is known to about 1e-15 of its size, and the steps go down to 1e-7.
const ROUNDING: f64 = 1e-9;

fn agrees(
    blocks: &[Block],
    theta: &Array1<f64>,
    gradient: &Array1<f64>,
    cost: impl Fn(ArrayView1<f64>) -> f64,
) -> TestCaseResult {
    prop_assert_eq!(blocks.iter().map(|block| block.len).sum::<usize>(), theta.len());
    prop_assert_eq!(gradient.len(), theta.len());
    let rounding = ROUNDING * (1.0 + cost(theta.view()).abs());
    let rows = table(blocks, theta.view(), gradient.view(), cost);
    let wrong = |row: &&chapters::gradient_check::Row| {
        !(row.relative_error < 1e-6 || row.largest_difference < rounding)
    };
    prop_assert!(rows.iter().find(wrong).is_none(), "{}", markdown(&rows));
    Ok(())
}

fn normal<D: Dimension, S: ShapeBuilder<Dim = D>>(shape: S, rng: &mut Rng) -> Array<f64, D> {
    Array::random_using(shape, StandardNormal, rng)
}

/// Features, hidden layers and outputs.
fn sizes(hidden: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<usize>> {
    (1..=6_usize, vec(1..=6_usize, hidden), 1..=4_usize)
        .prop_map(|(features, hidden, outputs)| [vec![features], hidden, vec![outputs]].concat())
}

fn labels(m: usize, classes: usize) -> impl ExactSizeIterator<Item = usize> {
    (0..m).map(move |i| (7 * i + i / 3) % classes)
}

fn penalty() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.01..10.0_f64]
}

/// Which units are above 0, for which examples.
fn signs(network: &Network<f64>, x: &Array2<f64>) -> Vec<bool> {
    network.forward(x.view()).a.iter().flatten().map(|&a| a > 0.0).collect()
}

fn is_near_a_kink(network: &Network<f64>, x: &Array2<f64>) -> bool {
    let (here, theta) = (signs(network, x), unroll(&network.layers));
    let moved = |i: usize, step: f64| {
        let mut theta = theta.clone();
        theta[i] += step;
        signs(&roll(theta.view(), network), x)
    };
    network.activation == Activation::Relu
        && (0..theta.len()).any(|i| [-1e-4, 1e-4].iter().any(|&step| moved(i, step) != here))
}

/// A network of chapter 5 with random weights and biases, and examples; its outputs stand for classes.
fn network_and_examples(
    sizes: &[usize],
    activation: Activation,
    m: usize,
    seed: u64,
) -> (Network<f64>, Array2<f64>, Array2<f64>) {
    let mut rng = stream(seed, Purpose::Weights);
    let start = Initialisation::StandardNormal;
    let mut network = Network::random(sizes, activation, start, &mut rng);
    network.layers.iter_mut().for_each(|layer| layer.b = normal(layer.b.len(), &mut rng));
    let x = normal((m, sizes[0]), &mut stream(seed, Purpose::Data));
    let outputs = network.outputs();
    (network, x, targets(labels(m, outputs.max(2)), outputs))
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn chapter_02_has_the_slope_of_its_cost(n in 1..7_usize, m in 1..9_usize, seed in seed()) {
        let mut rng = stream(seed, Purpose::Data);
        let (x, theta): (Array2<f64>, _) = (normal((m, n), &mut rng), normal(n + 1, &mut rng));
        let y: Array1<f64> = labels(m, 2).map(|label| label as f64).collect();
        let model = |theta: ArrayView1<f64>| {
            LogisticRegression { w: theta.slice(s![..n]).to_owned(), b: theta[n] }
        };
        let gradient = model(theta.view()).gradient(x.view(), y.view());
        let gradient = concatenate![Axis(0), gradient.w, array![gradient.b]];
        let blocks = [Block::new("w", n), Block::new("b", 1)];
        agrees(&blocks, &theta, &gradient, |theta| model(theta).cost(x.view(), y.view()))?;
    }

    #[test]
    fn chapter_03_has_the_slope_of_its_cost(
        n in 1..7_usize,
        h in 1..7_usize,
        m in 1..9_usize,
        seed in seed(),
    ) {
        let mut rng = stream(seed, Purpose::Data);
        let x: Array2<f64> = normal((m, n), &mut rng);
        let theta = normal(n * h + h + h + 1, &mut rng);
        let y: Array1<f64> = labels(m, 2).map(|label| label as f64).collect();
        let network = |theta: ArrayView1<f64>| shallow::Network {
            w1: theta.slice(s![..n * h]).to_owned().into_shape_with_order((n, h)).unwrap(),
            b1: theta.slice(s![n * h..n * h + h]).to_owned(),
            w2: theta.slice(s![n * h + h..n * h + 2 * h]).to_owned(),
            b2: theta[n * h + 2 * h],
        };
        let here = network(theta.view());
        let g = here.backward(x.view(), y.view(), &here.forward(x.view()));
        let w1 = g.w1.into_iter().collect::<Array1<f64>>();
        let gradient = concatenate![Axis(0), w1, g.b1, g.w2, array![g.b2]];
        let blocks = [("w1", n * h), ("b1", h), ("w2", h), ("b2", 1)];
        let blocks = blocks.map(|(name, len)| Block::new(name, len));
        agrees(&blocks, &theta, &gradient, |theta| network(theta).cost(x.view(), y.view()))?;
    }

    #[test]
    fn chapter_04_has_the_slope_of_its_cost(
        sizes in sizes(0..=3),
        m in 1..9_usize,
        lambda in penalty(),
        seed in seed(),
    ) {
        let architecture = Architecture { sizes: sizes.clone() };
        let theta = normal(architecture.parameters(), &mut stream(seed, Purpose::Weights));
        let x = normal((m, sizes[0]), &mut stream(seed, Purpose::Data));
        let outputs = sizes[sizes.len() - 1];
        let y = targets(labels(m, outputs.max(2)), outputs);
        let at = |theta: ArrayView1<f64>| {
            architecture.cost_and_gradient(theta, x.view(), y.view(), lambda)
        };
        let gradient = at(theta.view()).1;
        agrees(&architecture.blocks(), &theta, &gradient, |theta| at(theta).0)?;

        // One example at a time, by the squared error: a step of rate 1 is the gradient
        let mut online = Online { architecture, theta: theta.clone() };
        online.learn(x.row(0), y.row(0), 1.0);
        let gradient = &theta - &online.theta;
        let squared = |theta: ArrayView1<f64>| {
            let network = Online { theta: theta.to_owned(), ..online.clone() };
            0.5 * (network.feedforward(x.row(0)) - y.row(0)).pow2().sum()
        };
        agrees(&online.architecture.blocks(), &theta, &gradient, squared)?;
    }

    #[test]
    fn chapter_05_has_the_slope_of_its_cost(
        sizes in sizes(0..=3),
        activation in select(ACTIVATIONS.to_vec()),
        m in 1..9_usize,
        penalty in penalty(),
        seed in seed(),
    ) {
        let (network, x, y) = network_and_examples(&sizes, activation, m, seed);
        prop_assume!(!is_near_a_kink(&network, &x));
        let cost = |theta: ArrayView1<f64>| {
            let network = roll(theta, &network);
            let squares: f64 = network.layers.iter().map(|layer| layer.w.pow2().sum()).sum();
            network.cost_and_gradient(x.view(), y.view()).0 + 0.5 * penalty * squares
        };
        let mut gradient = network.cost_and_gradient(x.view(), y.view()).1;
        network.add_l2_gradient(penalty, &mut gradient);
        let blocks: Vec<Block> = network
            .layers
            .iter()
            .flat_map(|layer| [Block::new("w", layer.w.len()), Block::new("b", layer.b.len())])
            .collect();
        agrees(&blocks, &unroll(&network.layers), &unroll(&gradient), cost)?;
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn chapter_06_adds_parts_up_to_the_gradient_of_chapter_05(
        sizes in sizes(0..=3),
        activation in select(ACTIVATIONS.to_vec()),
        m in 1..2500_usize,
        seed in seed(),
    ) {
        let (network, x, y) = network_and_examples(&sizes, activation, m, seed);
        let (cost, gradient) = network.cost_and_gradient(x.view(), y.view());
        let (cost_of_parts, parts) = cost_and_gradient_in_parts(&network, x.view(), y.view());
        prop_assert!((cost_of_parts - cost).abs() < 1e-13 * (1.0 + cost));
        let [parts, whole] = [parts, gradient].map(|layers| unroll(&layers));
        let size = whole.pow2().sum().sqrt();
        prop_assert!((parts - whole).iter().all(|d| d.abs() < 1e-13 * (1.0 + size)));
    }
}
