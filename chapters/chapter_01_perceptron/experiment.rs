use super::{
    perceptron::{Perceptron, novikoff_bound, step},
    report::{Gate, Margin, Report, ZeroOrOne},
};
use crate::{
    Course, CourseError, Experiment, Setting,
    dataset::{self, scale_to_unit, shuffled},
    metrics::accuracy,
    progress::Step,
    random::{self, Purpose, Rng, stream},
    report::{Finding, Raster, Tolerance, percent},
};
use ndarray::{Array1, Array2, Axis, array};
use ndarray_rand::{RandomExt, rand_distr::Uniform};
use rand::Rng as _;
use std::f64::consts::TAU;

const GATES: [(&str, [f64; 4]); 4] = [
    ("AND", [0.0, 0.0, 0.0, 1.0]),
    ("OR", [0.0, 1.0, 1.0, 1.0]),
    ("NAND", [1.0, 1.0, 1.0, 0.0]),
    ("XOR", [0.0, 1.0, 1.0, 0.0]),
];
/// Enough for every gate that can be learned, and enough to see that XOR goes round in circles.
const GATE_EPOCHS: usize = 12;
const MARGINS: [f64; 6] = [0.4, 0.2, 0.1, 0.05, 0.02, 0.01];
const MARGIN_SEEDS: usize = 20;
const CLOUD: usize = 200;
/// Digits of each kind to learn from, and epochs at the most.
const DIGITS_PER_CLASS: usize = 500;
const DIGIT_EPOCHS: usize = 100;

impl Experiment for Report {
    const NUMBER: usize = 1;
    const TITLE: &'static str = "The perceptron";
    const ADJUSTABLE: &'static [Setting] = &[Setting::EPOCHS, Setting::SEEDS];

    const TOLERANCES: &'static [(&'static str, Tolerance)] = &[];

    fn run(course: &Course) -> Result<Self, CourseError> {
        let epochs = course.overrides.epochs;
        let seeds = course.overrides.seeds.unwrap_or(MARGIN_SEEDS);
        let (zero_or_one_accuracy, digits) = zero_or_one(course, epochs.unwrap_or(DIGIT_EPOCHS))?;
        Ok(Self {
            zero_or_one_accuracy,
            gates: GATES
                .map(|(name, outputs)| learn_gate(name, outputs, epochs.unwrap_or(GATE_EPOCHS)))
                .into(),
            margins: MARGINS
                .map(|margin| compare_with_bound(margin, random::seeds(course.seed, seeds)))
                .into(),
            digits,
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let learned = self.gates.iter().filter(|gate| gate.learned);
        let names: Vec<_> = learned.map(|gate| gate.name.as_str()).collect();
        vec![
            // What one line can part
            Finding::new(
                "gates that a perceptron learns",
                "AND, OR, NAND; never XOR",
                names.join(", "),
            ),
            // Whether the theorem holds
            Finding::new(
                "largest share of Novikoff's bound used",
                "at most 100 %",
                percent(self.margins.iter().map(Margin::fraction_of_bound).fold(0.0, f64::max)),
            ),
            // How well one neuron reads
            Finding::new(
                format!("0 or 1, {} held-out digits", self.digits.held_out),
                "at least 99 % on MNIST",
                percent(self.zero_or_one_accuracy),
            ),
        ]
    }
}

/// Shows a perceptron the four inputs until it makes no mistake, or for so many epochs.
fn learn_gate(name: &str, outputs: [f64; 4], epochs: usize) -> Gate {
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let mut neuron = Perceptron::new(2);
    let (mut mistakes, mut lines) = (Vec::new(), Vec::new());
    while mistakes.len() < epochs && mistakes.last() != Some(&0) {
        // One epoch, as `Perceptron::epoch`, that keeps the line after each update
        let before = lines.len();
        for (x, y) in x.rows().into_iter().zip(outputs) {
            if neuron.learn(x, y) {
                lines.push([neuron.w[0], neuron.w[1], neuron.b]);
            }
        }
        mistakes.push(lines.len() - before);
    }
    Gate { name: name.to_owned(), outputs, learned: mistakes.last() == Some(&0), mistakes, lines }
}

/// How many mistakes are made on separable clouds, one for each seed, and Novikoff's bound on them.
fn compare_with_bound(margin: f64, seeds: impl Iterator<Item = u64>) -> Margin {
    let (mistakes, bounds): (Vec<_>, Vec<_>) = seeds
        .map(|seed| {
            let (x, y) = separable_cloud(margin, &mut stream(seed, Purpose::Data));
            // The bound speaks of examples with the bias as a feature that is always 1.
            let squared_norms = x.rows().into_iter().map(|x| x.dot(&x) + 1.0);
            let radius = squared_norms.fold(0.0, f64::max).sqrt();
            let bound = novikoff_bound(radius, margin);
            (mistakes_until_separated(&x, &y, bound), bound)
        })
        .unzip();
    Margin { margin, bound: bounds.into_iter().fold(f64::INFINITY, f64::min), mistakes }
}

/// Points of the square `[-1, 1]²`, none nearer than `margin` to some line through the origin: `x` of
/// shape `(CLOUD, 2)` and on which side of the line each lies.
fn separable_cloud(margin: f64, rng: &mut Rng) -> (Array2<f64>, Array1<f64>) {
    let angle = rng.random_range(0.0..TAU);
    let normal = array![angle.cos(), angle.sin()];
    let square = Uniform::new(-1.0, 1.0).expect("the square has a width");
    // The gap is at most 0.8 wide, so that more than a third of the points lie outside it.
    let points = Array2::random_using((4 * CLOUD, 2), square, rng);
    let outside: Vec<usize> = (0..points.nrows())
        .filter(|&i| points.row(i).dot(&normal).abs() >= margin)
        .take(CLOUD)
        .collect();
    let x = points.select(Axis(0), &outside);
    let y = x.dot(&normal).mapv(step);
    (x, y)
}

/// The number of mistakes until an epoch goes by without one.
fn mistakes_until_separated(x: &Array2<f64>, y: &Array1<f64>, bound: f64) -> usize {
    let mut neuron = Perceptron::new(x.ncols());
    let mut mistakes = 0;
    // Each epoch but the last makes a mistake, so that the bound on mistakes is one on epochs too.
    for _ in 0..=bound as usize {
        match neuron.epoch(x.view(), y.view()) {
            0 => break,
            in_epoch => mistakes += in_epoch,
        }
    }
    mistakes
}

/// Learns to tell a 0 from a 1, and is judged by digits that it has not seen.
fn zero_or_one(course: &Course, epochs: usize) -> Result<(f64, ZeroOrOne), CourseError> {
    // Data: pixels and classes in random order, and others to be judged by
    let digits = course.digits(20 * DIGITS_PER_CLASS, 10_000)?;
    let (x, y) = zeros_and_ones(&digits.train.balanced(DIGITS_PER_CLASS)?)?;
    let order = shuffled(y.len(), &mut stream(course.seed, Purpose::Order));
    let (x, y) = (x.select(Axis(0), &order), y.select(Axis(0), &order));
    let (x_test, y_test) = zeros_and_ones(&digits.test.fitted())?;

    // Training: until an epoch goes by without a mistake
    let mut neuron = Perceptron::new(x.ncols());
    let mut mistakes = Vec::new();
    while mistakes.len() < epochs && mistakes.last() != Some(&0) {
        mistakes.push(neuron.epoch(x.view(), y.view()));
        (course.watch)(&Step {
            task: "0 or 1",
            unit: "epoch",
            done: mistakes.len(),
            total: epochs,
            cost: None,
        });
    }

    // Test: the share of held-out digits told apart rightly
    let y_hat = x_test.rows().into_iter().map(|x| neuron.predict(x));
    let test_accuracy = accuracy(y_hat, y_test.iter().copied());
    let weights = neuron.w.to_shape((20, 20)).expect("a digit row has 400 pixels");
    let outcome = ZeroOrOne {
        source: digits.name,
        learned_from: y.len(),
        held_out: y_test.len(),
        mistakes,
        weights: Raster::signed(weights.view()),
    };
    Ok((test_accuracy, outcome))
}

/// The zeros (class 0) and ones (class 1) of a table of digits: pixels from 0 to 1, shape
/// `(m, 400)`, and classes, shape `(m,)`.
fn zeros_and_ones(digits: &dataset::Digits) -> Result<(Array2<f64>, Array1<f64>), CourseError> {
    let labels = &digits.labels;
    let chosen: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] < 2).collect();
    if let Some(digit) = (0..2).find(|digit| chosen.iter().all(|&i| labels[i] != *digit)) {
        return Err(dataset::DataError::none_of(digit).into());
    }
    let x = scale_to_unit(digits.pixels.select(Axis(0), &chosen).view());
    let y = chosen.iter().map(|&i| labels[i] as f64).collect();
    Ok((x, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dataset::{DigitSource, mnist},
        progress::unwatched,
    };

    #[test]
    fn mistakes_stay_below_novikoffs_bound() {
        for margin in MARGINS {
            let measured = compare_with_bound(margin, 1..21);
            assert!(measured.mistakes.iter().all(|&mistakes| mistakes > 0));
            assert!(
                measured.fraction_of_bound() <= 1.0,
                "{} of the bound at {margin}",
                measured.fraction_of_bound()
            );
        }
    }

    #[test]
    fn clouds_keep_their_margin() {
        let (x, y) = separable_cloud(0.4, &mut stream(1, Purpose::Data));
        assert_eq!(x.dim(), (CLOUD, 2));
        // Two points on either side of a gap of 0.8 cannot be nearer to each other than that.
        for (i, a) in x.rows().into_iter().enumerate() {
            for (j, b) in x.rows().into_iter().enumerate() {
                let apart = (&a - &b).pow2().sum().sqrt();
                assert!(y[i] == y[j] || apart >= 0.8);
            }
        }
    }

    #[test]
    fn xor_goes_round_in_circles() {
        let gate = learn_gate("XOR", [0.0, 1.0, 1.0, 0.0], 100);
        assert!(!gate.learned);
        assert_eq!(gate.mistakes[50], gate.mistakes[99]);
    }

    fn share_of_zeros_and_ones(digits: DigitSource) -> f64 {
        let course = Course {
            seed: 1,
            digits,
            rows: None,
            overrides: crate::Overrides::NONE,
            watch: &unwatched,
        };
        zero_or_one(&course, DIGIT_EPOCHS).unwrap().0
    }

    // ANCHOR: zero_or_one_test
    #[test]
    #[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
    fn zeros_and_ones_are_told_apart_with_mnist() {
        let share = share_of_zeros_and_ones(DigitSource::Mnist(mnist::folder_for_tests()));
        assert!((0.99..1.0).contains(&share), "{share}");
    }
    // ANCHOR_END: zero_or_one_test

    #[test]
    fn penned_zeros_and_ones_are_told_apart() {
        let share = share_of_zeros_and_ones(DigitSource::Penned);
        // Penned digits differ more from each other than MNIST's.
        assert!((0.95..1.0).contains(&share), "{share}");
    }
}
