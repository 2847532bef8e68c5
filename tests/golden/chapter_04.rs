use crate::fixture::{self, assert_close, matrix, vector};
use chapters::{
    chapter_04_regularised_network::{Architecture, Lbfgs, Stop},
    dataset::{DigitSource, one_hot, scale_to_unit},
    metrics::accuracy,
    random::{Purpose, stream},
};
use ndarray::{Array2, ArrayView1, Axis, array};
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    autograd: Vec<Autograd>,
    minimum: Minimum,
    mlp_classifier: MlpClassifier,
}

#[derive(Deserialize)]
struct MlpClassifier {
    /// Accuracy on training and on held-out digits, for each seed.
    train_and_test: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct Autograd {
    sizes: Vec<usize>,
    lambda: f64,
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    theta: Vec<f64>,
    cost: f64,
    gradient: Vec<f64>,
}

#[derive(Deserialize)]
struct Minimum {
    sizes: Vec<usize>,
    lambda: f64,
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    theta: Vec<f64>,
    cost: f64,
    evaluations: usize,
}

#[test]
fn cost_and_gradient_are_those_of_autograd() {
    for oracle in fixture::read::<Oracle>(4).autograd {
        let architecture = Architecture { sizes: oracle.sizes };
        let (x, y, theta) = (matrix(&oracle.x), matrix(&oracle.y), vector(&oracle.theta));
        let (cost, gradient) =
            architecture.cost_and_gradient(theta.view(), x.view(), y.view(), oracle.lambda);
        // Sums of a few dozen terms, added in another order
        assert_close("cost", [&cost], [&oracle.cost], 1e-13);
        assert_close("gradient", &gradient, &oracle.gradient, 1e-13);
    }
}

/// The cost at the end of L-BFGS, and how many evaluations it took.
fn minimise(oracle: &Minimum) -> (f64, usize) {
    let architecture = Architecture { sizes: oracle.sizes.clone() };
    let (x, y) = (matrix(&oracle.x), matrix(&oracle.y));
    let cost = |theta: ArrayView1<f64>| {
        architecture.cost_and_gradient(theta, x.view(), y.view(), oracle.lambda)
    };
    // SciPy's settings in the oracle
    let lbfgs = Lbfgs {
        gradient_tolerance: 1e-7,
        cost_tolerance: 0.0,
        iterations: 2000,
        ..Lbfgs::default()
    };
    let found = lbfgs.minimise(vector(&oracle.theta), cost, |_, _| ());
    assert_eq!(found.stop, Stop::GradientVanished);
    (found.cost(), found.evaluations())
}

#[test]
fn minimum_is_that_of_scipy_and_takes_no_more_evaluations() {
    let oracle = fixture::read::<Oracle>(4).minimum;
    let (cost, evaluations) = minimise(&oracle);
    assert_close("cost", [&cost], [&oracle.cost], 1e-6);
    let most = 1.2 * oracle.evaluations as f64;
    assert!(
        evaluations as f64 <= most,
        "{evaluations} evaluations, SciPy needs {}",
        oracle.evaluations
    );
}

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn digits_are_read_as_well_as_by_scikit_learn_with_mnist() {
    // The same digits, every fifth held out, with the same settings
    let digits = DigitSource::Mnist(fixture::mnist()).load(10_000, 1, 1).unwrap();
    let digits = digits.train.balanced(500).unwrap();
    let x: Array2<f64> = scale_to_unit(digits.pixels.view());
    let classes = digits.labels;
    let part = |held_out| (0..5000).filter(|i| (i % 5 == 4) == held_out).collect::<Vec<usize>>();
    let architecture = Architecture { sizes: vec![400, 25, 10] };
    let read = |theta: ArrayView1<f64>, part: &[usize]| {
        let read = architecture.predict(theta, x.select(Axis(0), part).view());
        accuracy(read, part.iter().map(|&i| classes[i]))
    };
    let (train, test) = (part(false), part(true));
    let y = one_hot(train.iter().map(|&i| classes[i]), 10);
    let x_train = x.select(Axis(0), &train);
    let lbfgs = Lbfgs { iterations: 50, ..Lbfgs::default() };
    let found = lbfgs.minimise(
        architecture.random(&mut stream(1, Purpose::Weights)),
        |theta| architecture.cost_and_gradient(theta, x_train.view(), y.view(), 1.0),
        |_, _| (),
    );
    let ours = [read(found.theta.view(), &train), read(found.theta.view(), &test)];
    for theirs in fixture::read::<Oracle>(4).mlp_classifier.train_and_test {
        // Another start, and softmax in place of ten sigmoids: within two percentage points
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert!((ours - theirs).abs() < 0.02, "{ours} against {theirs}");
        }
    }
}

mod against_argmin {
    use super::{Minimum, Oracle, minimise};
    use crate::fixture::{self, assert_close, matrix};
    use argmin::{
        core::{CostFunction, Error, Executor, Gradient},
        solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS},
    };
    use chapters::chapter_04_regularised_network::Architecture;
    use ndarray::ArrayView1;

    struct Problem(Minimum);

    impl Problem {
        fn evaluate(&self, theta: &[f64]) -> (f64, Vec<f64>) {
            let architecture = Architecture { sizes: self.0.sizes.clone() };
            let (x, y) = (matrix(&self.0.x), matrix(&self.0.y));
            let theta = ArrayView1::from(theta);
            let (cost, gradient) =
                architecture.cost_and_gradient(theta, x.view(), y.view(), self.0.lambda);
            (cost, gradient.to_vec())
        }
    }

    impl CostFunction for Problem {
        type Param = Vec<f64>;
        type Output = f64;

        fn cost(&self, theta: &Vec<f64>) -> Result<f64, Error> {
            Ok(self.evaluate(theta).0)
        }
    }

    impl Gradient for Problem {
        type Param = Vec<f64>;
        type Gradient = Vec<f64>;

        fn gradient(&self, theta: &Vec<f64>) -> Result<Vec<f64>, Error> {
            Ok(self.evaluate(theta).1)
        }
    }

    #[test]
    fn minimum_is_that_of_argmin() {
        let oracle = fixture::read::<Oracle>(4).minimum;
        let (cost, _) = minimise(&oracle);
        let theta = oracle.theta.clone();
        let solver =
            LBFGS::new(MoreThuenteLineSearch::new(), 10).with_tolerance_grad(1e-7).unwrap();
        let found = Executor::new(Problem(oracle), solver)
            .configure(|state| state.param(theta).max_iters(2000))
            .run()
            .unwrap();
        assert_close("cost", [&cost], [&found.state.get_best_cost()], 1e-6);
    }
}

#[test]
fn network_of_two_two_one_is_as_worked_out_by_hand() {
    // x = (1, 1) and z1 = (ln 3, -ln 3), so a1 = (3/4, 1/4). With w2 = (1, 1) and b2 = ln 3 - 1,
    // z2 = ln 3 and y_hat = 3/4. Let y = 1, λ = 2 and m = 1, so that λ/2m = 1:
    //   cost = -ln 3/4 + ‖w‖² = -ln 3/4 + 2 ln² 3 + 2
    //   delta2 = -1/4, dw2 = delta2 a1 + λ w2 = (-3/16 + 2, -1/16 + 2), db2 = -1/4
    //   delta1 = delta2 w2 a1 (1 - a1) = -1/4 · 3/16 = -3/64, twice
    //   dw1 = x delta1 + λ w1, db1 = delta1
    let ln3 = 3.0_f64.ln();
    let theta = array![ln3, 0.0, 0.0, -ln3, 0.0, 0.0, 1.0, 1.0, ln3 - 1.0];
    let d = -3.0 / 64.0;
    let (three, one) = (-3.0 / 16.0, -1.0 / 16.0);
    let expected = [d + 2.0 * ln3, d, d, d - 2.0 * ln3, d, d, three + 2.0, one + 2.0, -0.25];
    let architecture = Architecture { sizes: vec![2, 2, 1] };
    let (x, y) = (array![[1.0, 1.0]], array![[1.0]]);
    let (cost, gradient) = architecture.cost_and_gradient(theta.view(), x.view(), y.view(), 2.0);
    assert_close("cost", [&cost], [&(-0.75_f64.ln() + 2.0 * ln3 * ln3 + 2.0)], 1e-12);
    assert_close("gradient", &gradient, &expected, 1e-12);
}
