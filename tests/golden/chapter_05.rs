use crate::fixture::{self, assert_close, matrix, vector};
use chapters::{
    chapter_03_shallow_network as chapter_03,
    chapter_05_mnist::{
        Activation, Examples, Initialisation, Layer, Method, Network, Real, Schedule, Training,
        softmax_cross_entropy,
    },
    dataset::{DigitSource, GaussianQuantiles, one_hot, scale_to_unit},
    metrics::mean_and_deviation,
    progress::unwatched,
    random::{Purpose, stream},
};
use ndarray::{Array2, ArrayView2, Axis, array, s};
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    x: Vec<Vec<f64>>,
    y: Vec<usize>,
    learning_rate: f64,
    mini_batch: usize,
    start: Vec<Parts>,
    runs: Vec<Run>,
    softmax: Softmax,
    deviations: Deviations,
    one_epoch: OneEpoch,
}

/// Shares of MNIST's test digits misread after one epoch, for each seed.
#[derive(Deserialize)]
struct OneEpoch {
    errors: Vec<f64>,
}

#[derive(Deserialize)]
struct Parts {
    w: Vec<Vec<f64>>,
    b: Vec<f64>,
}

#[derive(Deserialize)]
struct Run {
    precision: String,
    optimiser: Rule,
    activation: Activation,
    weight_decay: f64,
    costs: Vec<f64>,
    after_three_steps: Vec<Parts>,
    end: Vec<Parts>,
}

/// PyTorch's rules for what a gradient and weight decay do.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// `SGD` with momentum 0.9, the penalty in the gradient.
    Momentum,
    /// `Adam`, the penalty in the gradient.
    Adam,
    /// `AdamW`, the decay apart.
    AdamW,
}

impl Rule {
    /// The method, the decay of weights that it does itself, and the L2 penalty in the gradient.
    fn parts(self, weight_decay: f64) -> (Method, f64, f64) {
        match self {
            Self::Momentum => (Method::Momentum, 0.0, weight_decay),
            Self::Adam => (Method::Adam, 0.0, weight_decay),
            Self::AdamW => (Method::Adam, weight_decay, 0.0),
        }
    }
}

#[derive(Deserialize)]
struct Softmax {
    logits: Vec<Vec<f64>>,
    labels: Vec<usize>,
    costs: Vec<f64>,
}

#[derive(Deserialize)]
struct Deviations {
    inputs: usize,
    outputs: usize,
    he: f64,
    xavier: f64,
}

#[track_caller]
fn assert_same<F: Real>(network: &Network<F>, expected: &[Parts], tolerance: f64) {
    for (layer, expected) in network.layers.iter().zip(expected) {
        let (w, b) = (layer.w.mapv(Real::value), layer.b.mapv(Real::value));
        assert_close("w", &w, &matrix(&expected.w), tolerance);
        assert_close("b", &b, &expected.b, tolerance);
    }
}

/// Follows PyTorch for three epochs of mini-batches in order.
fn follow<F: Real>(oracle: &Oracle, run: &Run, tolerance: f64) {
    let x = matrix(&oracle.x).mapv(F::of);
    let y: Array2<F> = one_hot(oracle.y.iter().copied(), 4);
    let layer =
        |parts: &Parts| Layer { w: matrix(&parts.w).mapv(F::of), b: vector(&parts.b).mapv(F::of) };
    let layers = oracle.start.iter().map(layer).collect();
    let mut network = Network { layers, activation: run.activation };
    let (method, decay, l2) = run.optimiser.parts(run.weight_decay);
    let mut optimiser = method.begin(&network, decay);
    for (step, expected) in run.costs.iter().enumerate() {
        let first = step * oracle.mini_batch % x.nrows();
        let rows = s![first..first + oracle.mini_batch, ..];
        let (cost, mut gradient) = network.cost_and_gradient(x.slice(rows), y.slice(rows));
        assert_close("cost", [&cost], [expected], tolerance);
        network.add_l2_gradient(l2, &mut gradient);
        optimiser.step(&mut network, &gradient, oracle.learning_rate);
        if step == 2 {
            assert_same(&network, &run.after_three_steps, tolerance);
        }
    }
    assert_same(&network, &run.end, tolerance);
}

#[test]
fn three_epochs_are_those_of_pytorch_in_double_precision() {
    let oracle: Oracle = fixture::read(5);
    let runs: Vec<_> = oracle.runs.iter().filter(|run| run.precision == "f64").collect();
    assert_eq!(runs.len(), 6);
    for run in runs {
        // Nine steps; Adam divides by small numbers, which costs some digits.
        follow::<f64>(&oracle, run, 1e-9);
    }
}

#[test]
fn three_epochs_are_those_of_pytorch_in_single_precision() {
    let oracle: Oracle = fixture::read(5);
    let runs: Vec<_> = oracle.runs.iter().filter(|run| run.precision == "f32").collect();
    assert_eq!(runs.len(), 6);
    for run in runs {
        // Nine steps of 24 bits, in another order.
        follow::<f32>(&oracle, run, 1e-5);
    }
}

#[test]
fn softmax_cross_entropy_of_huge_logits_is_that_of_pytorch() {
    let Softmax { logits, labels, costs } = fixture::read::<Oracle>(5).softmax;
    let z = matrix(&logits);
    let y: Array2<f64> = one_hot(labels.into_iter(), 3);
    let found = z.rows().into_iter().zip(y.rows());
    let row = |row: ndarray::ArrayView1<f64>| row.insert_axis(Axis(0)).to_owned();
    let found: Vec<f64> =
        found.map(|(z, y)| softmax_cross_entropy(row(z).view(), row(y).view())).collect();
    assert_close("costs", &found, &costs, 1e-15);
    let single = softmax_cross_entropy(z.mapv(|z| z as f32).view(), y.mapv(|y| y as f32).view());
    assert!((single - costs.iter().sum::<f64>() / 3.0).abs() < 1e-4);
}

#[test]
fn starting_weights_spread_as_those_of_pytorch() {
    let Deviations { inputs, outputs, he, xavier } = fixture::read::<Oracle>(5).deviations;
    for (initialisation, expected) in [(Initialisation::He, he), (Initialisation::Xavier, xavier)] {
        let mut rng = stream(1, Purpose::Weights);
        let w: Array2<f64> = initialisation.draw(inputs, outputs, &mut rng);
        // Two samples of 120,000 weights: each knows its deviation to 0.2 %.
        assert!((w.std(0.0) / expected - 1.0).abs() < 0.01);
        assert!(w.mean().unwrap().abs() < 0.01 * expected);
    }
}

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn one_epoch_ends_within_its_band_with_mnist() {
    let digits = DigitSource::Mnist(fixture::mnist()).load(60_000, 10_000, 1).unwrap();
    let [train, test]: [Examples<f32>; 2] =
        [digits.train, digits.test].map(|digits| Examples::of_digits(&digits, scale_to_unit));
    let training = Training {
        epochs: 1,
        mini_batch: 100,
        method: Method::Adam,
        learning_rate: 1e-3,
        schedule: Schedule::LinearToZero,
        weight_decay: 0.0,
        lambda: 0.0,
        error_threshold: None,
    };
    let mut rng = stream(1, Purpose::Weights);
    let sizes = [784, 256, 10];
    let mut network = Network::random(&sizes, Activation::Relu, Initialisation::He, &mut rng);
    let order = &mut stream(1, Purpose::Order);
    let epochs = training.run("test", &mut network, [&train, &test], order, &unwatched).unwrap();
    // PyTorch's five seeds, and three standard deviations to either side
    let theirs = fixture::read::<Oracle>(5).one_epoch.errors;
    let (mean, deviation) = mean_and_deviation(&theirs);
    let error = epochs[0].validation_error;
    assert!((error - mean).abs() <= 3.0 * deviation, "{error}, PyTorch {mean} ± {deviation}");
}

/// A network of chapter 3 as this chapter writes it.
fn as_layers(network: &chapter_03::Network) -> Vec<Layer<f64>> {
    let chapter_03::Network { w1, b1, w2, b2 } = network.clone();
    vec![Layer { w: w1, b: b1 }, Layer { w: w2.insert_axis(Axis(1)), b: array![b2] }]
}

#[track_caller]
fn assert_close_layers(found: &[Layer<f64>], expected: &[Layer<f64>], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_close("w", &found.w, &expected.w, tolerance);
        assert_close("b", &found.b, &expected.b, tolerance);
    }
}

#[test]
fn network_with_tanh_and_a_single_output_is_that_of_chapter_three() {
    let points = GaussianQuantiles::ARTICLE.draw(&mut stream(1, Purpose::Data)).unwrap();
    let (x, y) = (points.x.view(), &points.y());
    let mut shallow = chapter_03::Network::random(2, 4, &mut stream(1, Purpose::Weights));
    // Large enough for tanh to bend, and for the weights to get somewhere
    (shallow.w1, shallow.w2) = (100.0 * shallow.w1, 100.0 * shallow.w2);
    let before = shallow.cost(x, y.view());
    let mut network = Network { layers: as_layers(&shallow), activation: Activation::Tanh };
    let mut descent = Method::Sgd.begin(&network, 0.0);
    let column = y.view().insert_axis(Axis(1));
    for step in 0..100 {
        let (cost, gradient) = network.cost_and_gradient(x, column);
        let expected = shallow.backward(x, y.view(), &shallow.forward(x));
        // The weights drift apart by roundings
        let tolerance = if step == 0 { 1e-12 } else { 1e-9 };
        assert_close("cost", [&cost], [&shallow.cost(x, y.view())], tolerance);
        assert_close_layers(&gradient, &as_layers(&expected), tolerance);
        descent.step(&mut network, &gradient, 0.4);
        shallow.descend(&expected, 0.4);
    }
    assert_close_layers(&network.layers, &as_layers(&shallow), 1e-9);
    assert!(shallow.cost(x, y.view()) < 0.8 * before);
}

#[test]
fn network_of_two_two_two_is_as_worked_out_by_hand() {
    // x = (1, 2), z1 = (3, -1), a1 = ReLU z1 = (3, 0). z2 = (3 · ln 2 / 3, 0) = (ln 2, 0), so
    // softmax gives (2/3, 1/3). Let the class be the second:
    //   cost = -ln 1/3 = ln 3, delta2 = (2/3, 1/3 - 1) = (2/3, -2/3) = db2
    //   dw2 = a1 delta2: (2, -2) and, for the unit that is silent, (0, 0)
    //   delta1 = delta2 w2ᵀ = (2/3 · ln 2 / 3, 2/3 · 5 - 2/3 · 7), of which the second is cut off
    //   dw1 = x delta1
    let ln2 = 2.0_f64.ln();
    let layer = |w: ArrayView2<f64>, b: [f64; 2]| Layer { w: w.to_owned(), b: b.to_vec().into() };
    let network = Network {
        layers: vec![
            layer(array![[1.0, -1.0], [1.0, 0.0]].view(), [0.0, 0.0]),
            layer(array![[ln2 / 3.0, 0.0], [5.0, 7.0]].view(), [0.0, 0.0]),
        ],
        activation: Activation::Relu,
    };
    let (x, y) = (array![[1.0, 2.0]], array![[0.0, 1.0]]);
    let (cost, gradient) = network.cost_and_gradient(x.view(), y.view());
    let (third, delta) = (2.0 / 3.0, 2.0 / 9.0 * ln2);
    assert_close("cost", [&cost], [&3.0_f64.ln()], 1e-12);
    assert_close("w1", &gradient[0].w, &[delta, 0.0, 2.0 * delta, 0.0], 1e-12);
    assert_close("b1", &gradient[0].b, &[delta, 0.0], 1e-12);
    assert_close("w2", &gradient[1].w, &[2.0, -2.0, 0.0, 0.0], 1e-12);
    assert_close("b2", &gradient[1].b, &[third, -third], 1e-12);
    assert_close("y_hat", &network.predict(x.view()), &[third, 1.0 / 3.0], 1e-12);
}
