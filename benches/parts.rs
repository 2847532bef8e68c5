//! Pieces of the course on penned digits: a training step, reading digits, and cost and gradient for L-BFGS.
//!
//! Chapter 5's code uses one core; chapter 6's (`fast step`, `cost and gradient in parts`) uses all.

mod network;

use chapters::{
    chapter_05_mnist::{
        Activation, Backprop, Examples, Initialisation, Method, Network, StepSizes, TrainStep,
        judge, targets,
    },
    chapter_06_speed::{self as fast, Stepper, Width, cost_and_gradient_in_parts, logits_of_one},
    dataset::{pen::pen_digits, scale_to_unit},
    random::{Purpose, stream},
};
use criterion::{Criterion, criterion_group, criterion_main};
use network::{MINI_BATCH, SIZES};
use std::time::Duration;

const DIGITS: usize = 1000;
/// A learning rate of 0 leaves the last step as much to do as the first.
const STEP_SIZES: StepSizes = StepSizes { learning_rate: 0.0, l2: 0.0 };

fn of_the_deep_network(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parts");
    let mut rng = stream(1, Purpose::Data);
    let digits = pen_digits(DIGITS, 1);
    let examples = Examples::of_digits(&digits, scale_to_unit);
    let chosen: Vec<usize> = (0..MINI_BATCH).collect();
    let network = Network::random(&SIZES, Activation::Relu, Initialisation::He, &mut rng);

    let mut learning = network.clone();
    let mut adam = Method::Adam.begin(&learning, 0.0);
    group.bench_function("plain step", |bencher| {
        let mut backprop = Backprop { network: &mut learning, optimiser: &mut adam };
        bencher.iter(|| backprop.step(&examples, &chosen, STEP_SIZES));
    });

    let adam = Method::Adam.begin(&network, 0.0);
    let mut stepper = Stepper::new(&network, &adam, MINI_BATCH, Width::in_use());
    group.bench_function("fast step", |bencher| {
        bencher.iter(|| stepper.step(&examples, &chosen, STEP_SIZES));
    });

    let digit = scale_to_unit(digits.range(0..1).pixels.view());
    group.bench_function("one digit", |bencher| {
        bencher.iter(|| logits_of_one(&network, digit.row(0)));
    });
    group.bench_function("1000 digits", |bencher| bencher.iter(|| judge(&network, &examples)));
    group.bench_function("1000 digits, fast", |bencher| {
        bencher.iter(|| fast::judge(&network, &examples));
    });
}

fn of_lbfgs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parts");
    let mut rng = stream(1, Purpose::Data);
    let x = Initialisation::StandardNormal.draw::<f64>(4000, 400, &mut rng);
    let y = targets((0..4000).map(|i| i % 10), 10);
    let (activation, start) = (Activation::Sigmoid, Initialisation::Xavier);
    let network = Network::random(&[400, 25, 10], activation, start, &mut rng);
    group.bench_function("cost and gradient", |bencher| {
        bencher.iter(|| network.cost_and_gradient(x.view(), y.view()));
    });
    group.bench_function("cost and gradient in parts", |bencher| {
        bencher.iter(|| cost_and_gradient_in_parts(&network, x.view(), y.view()));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(50);
    targets = of_the_deep_network, of_lbfgs
}
criterion_main!(benches);
