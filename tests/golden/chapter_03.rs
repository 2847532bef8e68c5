use crate::fixture::{self, assert_close, matrix, vector};
use chapters::chapter_03_shallow_network::Network;
use ndarray::array;
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    tolerance: f64,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    learning_rate: f64,
    start: Parts,
    costs: Costs,
    end: Parts,
    grid: Vec<Vec<f64>>,
    boundary: Vec<f64>,
    autograd: Autograd,
}

#[derive(Deserialize)]
struct Parts {
    w1: Vec<Vec<f64>>,
    b1: Vec<f64>,
    w2: Vec<f64>,
    b2: f64,
}

#[derive(Deserialize)]
struct Costs {
    first: Vec<f64>,
    every_hundredth: Vec<f64>,
}

#[derive(Deserialize)]
struct Autograd {
    at: Parts,
    cost: f64,
    gradient: Parts,
}

impl Parts {
    fn network(&self) -> Network {
        let Self { w1, b1, w2, b2 } = self;
        Network { w1: matrix(w1), b1: vector(b1), w2: vector(w2), b2: *b2 }
    }
}

#[track_caller]
fn assert_same(found: &Network, expected: &Network, tolerance: f64) {
    assert_close("w1", &found.w1, &expected.w1, tolerance);
    assert_close("b1", &found.b1, &expected.b1, tolerance);
    assert_close("w2", &found.w2, &expected.w2, tolerance);
    assert_close("b2", [&found.b2], [&expected.b2], tolerance);
}

#[test]
fn five_thousand_iterations_are_those_of_numpy() {
    let oracle: Oracle = fixture::read(3);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    let mut network = oracle.start.network();
    let costs = network.train(x.view(), y.view(), oracle.learning_rate, 5000);
    let hundredth: Vec<f64> = costs[..5000].iter().copied().step_by(100).collect();
    // Five thousand iterations, each rounded in another order; at this learning rate descent does not
    // magnify that.
    let tolerance = oracle.tolerance;
    assert_close("costs", &costs[..100], &oracle.costs.first, tolerance);
    assert_close("costs", &hundredth, &oracle.costs.every_hundredth, tolerance);
    assert_same(&network, &oracle.end.network(), tolerance);
    let boundary = network.predict(matrix(&oracle.grid).view());
    assert_close("boundary", &boundary, &oracle.boundary, tolerance);
}

#[test]
fn last_digit_of_a_weight_decides_the_way_down_at_1_2_but_not_at_0_4() {
    let oracle: Oracle = fixture::read(3);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    // ANCHOR: last_digit
    let costs = |learning_rate: f64, factor: f64| {
        let mut network = oracle.start.network();
        network.w1[[0, 0]] *= factor;
        network.train(x.view(), y.view(), learning_rate, 5000)
    };
    // The largest difference between the costs of two runs at the same iteration
    let largest_difference = |learning_rate: f64| {
        let pairs = costs(learning_rate, 1.0).into_iter().zip(costs(learning_rate, 1.0 + 1e-15));
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    assert!(largest_difference(0.4) < 1e-9);
    assert!(largest_difference(1.2) > 1.0);
    // ANCHOR_END: last_digit
}

#[test]
fn gradient_is_that_of_autograd() {
    let oracle: Oracle = fixture::read(3);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    let network = oracle.autograd.at.network();
    let gradient = network.backward(x.view(), y.view(), &network.forward(x.view()));
    // Sums of two hundred terms, in another order.
    assert_close("cost", [&network.cost(x.view(), y.view())], [&oracle.autograd.cost], 1e-13);
    assert_same(&gradient, &oracle.autograd.gradient.network(), 1e-13);
}

#[test]
fn network_of_two_two_one_is_as_worked_out_by_hand() {
    // x = (1, 1) and z1 = (ln 2, -ln 3), so a1 = tanh z1 = (3/5, -4/5), because
    // tanh ln t = (t² - 1) / (t² + 1). With w2 = (1, 1) and b2 = 1/5 + ln 3, z2 = ln 3 and
    // y_hat = 3/4. Let y be 1:
    //   cost = -ln 3/4, delta2 = y_hat - y = -1/4
    //   dw2 = delta2 a1 = (-3/20, 1/5), db2 = -1/4
    //   delta1 = delta2 w2 (1 - a1²) = -1/4 (16/25, 9/25) = (-4/25, -9/100)
    //   dw1 = x delta1: both rows are delta1, and so is db1
    // ANCHOR: by_hand
    let network = Network {
        w1: array![[2.0_f64.ln(), 0.0], [0.0, -3.0_f64.ln()]],
        b1: array![0.0, 0.0],
        w2: array![1.0, 1.0],
        b2: 0.2 + 3.0_f64.ln(),
    };
    let gradient = Network {
        w1: array![[-0.16, -0.09], [-0.16, -0.09]],
        b1: array![-0.16, -0.09],
        w2: array![-0.15, 0.2],
        b2: -0.25,
    };
    let (x, y) = (array![[1.0, 1.0]], array![1.0]);
    let activations = network.forward(x.view());
    assert_close("a1", &activations.a1, &[0.6, -0.8], 1e-12);
    assert_close("y_hat", &network.predict(x.view()), &[0.75], 1e-12);
    assert_close("cost", [&network.cost(x.view(), y.view())], [&-0.75_f64.ln()], 1e-12);
    assert_same(&network.backward(x.view(), y.view(), &activations), &gradient, 1e-12);
    // ANCHOR_END: by_hand
}

#[test]
fn iteration_goes_down_the_gradient_by_the_learning_rate() {
    let oracle: Oracle = fixture::read(3);
    let mut network = oracle.autograd.at.network();
    let gradient = oracle.autograd.gradient.network();
    network.descend(&gradient, 0.5);
    let before = oracle.autograd.at.network();
    assert_close("w1", &network.w1, &(before.w1 - 0.5 * gradient.w1), 1e-15);
    assert_close("b1", &network.b1, &(before.b1 - 0.5 * gradient.b1), 1e-15);
    assert_close("w2", &network.w2, &(before.w2 - 0.5 * gradient.w2), 1e-15);
    assert_close("b2", [&network.b2], [&(before.b2 - 0.5 * gradient.b2)], 1e-15);
}
