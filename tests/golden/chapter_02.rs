use crate::{
    fixture::{self, assert_close, matrix, vector},
    solutions::{newton, one_at_a_time},
};
use chapters::{
    chapter_02_logistic_regression::{LogisticRegression, cross_entropy, threshold},
    dataset::label_by_quantile,
};
use ndarray::array;
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    tolerance: f64,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    learning_rate: f64,
    start: Start,
    costs: Vec<f64>,
    end: Line,
    minimum: Line,
    rings: Rings,
}

#[derive(Deserialize)]
struct Start {
    w: Vec<f64>,
    b: f64,
    cost: f64,
    dw: Vec<f64>,
    db: f64,
}

#[derive(Deserialize)]
struct Line {
    w: Vec<f64>,
    b: f64,
}

#[derive(Deserialize)]
struct Rings {
    x: Vec<Vec<f64>>,
    classes: usize,
    labels: Vec<usize>,
}

fn start(oracle: &Oracle) -> LogisticRegression {
    LogisticRegression { w: vector(&oracle.start.w), b: oracle.start.b }
}

#[test]
fn cost_and_gradient_are_those_of_numpy() {
    let oracle: Oracle = fixture::read(2);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    let model = start(&oracle);
    let gradient = model.gradient(x.view(), y.view());
    // One evaluation: sums of sixty terms, in another order.
    assert_close("cost", [&model.cost(x.view(), y.view())], [&oracle.start.cost], 1e-14);
    assert_close("dw", &gradient.w, &oracle.start.dw, 1e-14);
    assert_close("db", [&gradient.b], [&oracle.start.db], 1e-14);
}

#[test]
fn thousand_iterations_are_those_of_numpy() {
    let oracle: Oracle = fixture::read(2);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    let mut model = start(&oracle);
    let mut costs = Vec::new();
    for _ in &oracle.costs {
        costs.push(model.cost(x.view(), y.view()));
        let gradient = model.gradient(x.view(), y.view());
        model.descend(&gradient, oracle.learning_rate);
    }
    // Descent on a convex cost forgets its rounding errors.
    assert_close("costs", &costs, &oracle.costs, oracle.tolerance);
    assert_close("w", &model.w, &oracle.end.w, oracle.tolerance);
    assert_close("b", [&model.b], [&oracle.end.b], oracle.tolerance);
}

#[test]
fn descent_ends_at_the_minimum_of_scikit_learn() {
    let oracle: Oracle = fixture::read(2);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    let mut model = start(&oracle);
    for _ in 0..5000 {
        let gradient = model.gradient(x.view(), y.view());
        model.descend(&gradient, oracle.learning_rate);
    }
    // scikit-learn stops at a gradient of about 1e-8, and the cost is nearly flat there.
    assert_close("w", &model.w, &oracle.minimum.w, 1e-5);
    assert_close("b", [&model.b], [&oracle.minimum.b], 1e-5);
}

#[test]
fn rings_are_labelled_as_by_scikit_learn() {
    let Rings { x, classes, labels } = fixture::read::<Oracle>(2).rings;
    assert_eq!(label_by_quantile(matrix(&x).view(), classes).to_vec(), labels);
}

// ANCHOR: by_hand
#[test]
fn one_neuron_is_as_worked_out_by_hand() {
    let model = LogisticRegression { w: array![3.0_f64.ln() / 2.0, 0.5], b: -0.5 };
    let (x, y) = (array![[2.0, 1.0]], array![1.0]);
    let gradient = model.gradient(x.view(), y.view());
    assert_close("y_hat", &model.predict(x.view()), &[0.75], 1e-12);
    assert_close("cost", [&model.cost(x.view(), y.view())], [&-0.75_f64.ln()], 1e-12);
    assert_close("dw", &gradient.w, &[-0.5, -0.25], 1e-12);
    assert_close("db", [&gradient.b], [&-0.25], 1e-12);
}
// ANCHOR_END: by_hand

// ANCHOR: one_at_a_time
#[test]
fn one_example_at_a_time_comes_close_to_the_minimum() {
    let oracle: Oracle = fixture::read(2);
    let (x, y) = (matrix(&oracle.x), vector(&oracle.y));
    let lowest = LogisticRegression { w: vector(&oracle.minimum.w), b: oracle.minimum.b };
    let model = one_at_a_time(x.view(), y.view(), 0.01, 200);
    let [cost, lowest] = [model, lowest].map(|model| model.cost(x.view(), y.view()));
    assert!(lowest < cost && cost < 1.01 * lowest, "{cost} for {lowest}");
}
// ANCHOR_END: one_at_a_time

// ANCHOR: newton
#[test]
fn newton_needs_few_iterations() {
    let oracle: Oracle = fixture::read(2);
    let model = newton(matrix(&oracle.x).view(), vector(&oracle.y).view(), 8);
    assert_close("w", &model.w, &oracle.minimum.w, 1e-6);
    assert_close("b", [&model.b], [&oracle.minimum.b], 1e-6);
}
// ANCHOR_END: newton

#[test]
fn sure_mistake_costs_its_logit() {
    assert_eq!([cross_entropy(800.0, 0.0), cross_entropy(-800.0, 1.0)], [800.0, 800.0]);
}

#[test]
fn one_half_is_not_enough_for_class_one() {
    assert_eq!(threshold(array![0.4, 0.5, 0.6].view()), array![0.0, 0.0, 1.0]);
}
