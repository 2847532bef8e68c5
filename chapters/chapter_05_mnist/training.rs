use super::{
    examples::{Examples, judge},
    network::Network,
    optimiser::{Method, Optimiser},
    real::Real,
};
use crate::{
    CourseError,
    dataset::shuffled,
    progress::{Step, Watch},
    random::Rng,
};
use serde::{Deserialize, Serialize};

/// How the learning rate changes from the first mini-batch to the last.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// It does not.
    Constant,
    /// It falls in a straight line to 0, so that the last steps settle.
    LinearToZero,
    /// It rises from 0 in a straight line over the first tenth of the steps, then falls to 0.
    WarmUp,
}

/// The share of all steps over which [`Schedule::WarmUp`] rises.
const RISE: f64 = 0.1;

/// How to train.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// How often every example is shown.
    pub epochs: usize,
    /// How many examples are shown at once.
    pub mini_batch: usize,
    /// How a gradient moves the weights.
    pub method: Method,
    /// How far, at the start.
    pub learning_rate: f64,
    /// What becomes of it.
    pub schedule: Schedule,
    /// The price of large weights, [`Adam::weight_decay`](super::Adam::weight_decay).
    pub weight_decay: f64,
    /// The price of large weights in the cost, as in chapter 4: `λ/2m · ‖w‖²` for `m` examples.
    pub lambda: f64,
    /// Stop before the last epoch once the share of validation examples misread is no larger.
    pub error_threshold: Option<f64>,
}

/// What one epoch achieved.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Epoch {
    /// Cost of each mini-batch before it was learned from.
    pub costs: Vec<f64>,
    /// Mean cost of the validation examples afterwards.
    pub validation_cost: f64,
    /// Share of the validation examples misread afterwards.
    pub validation_error: f64,
}

impl Schedule {
    /// The share of the learning rate that is left when `done` of all steps, from 0 to 1, are made.
    // ANCHOR: schedule
    pub fn share(self, done: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::LinearToZero => 1.0 - done,
            Self::WarmUp => (done / RISE).min((1.0 - done) / (1.0 - RISE)),
        }
    }
    // ANCHOR_END: schedule
}

impl Training {
    /// Trains a network on mini-batches, in another order each epoch; `task` is its name for `watch`
    /// and for errors.
    ///
    /// # Errors
    /// [`CourseError::Diverged`] at the first mini-batch whose cost is infinite or not a number.
    pub fn run<F: Real>(
        &self,
        task: &str,
        network: &mut Network<F>,
        [train, validation]: [&Examples<F>; 2],
        rng: &mut Rng,
        watch: Watch,
    ) -> Result<Vec<Epoch>, CourseError> {
        let mut optimiser = self.method.begin(network, self.weight_decay);
        let mut epochs = Vec::with_capacity(self.epochs);
        for done in 1..=self.epochs {
            let costs = self.epoch(done - 1, task, train.labels.len(), rng, |chosen, pace| {
                step(network, &mut optimiser, train, chosen, pace)
            })?;
            let epoch = Epoch::judged(costs, network, validation);
            watch(&Step {
                task,
                unit: "epoch",
                done,
                total: self.epochs,
                cost: Some(epoch.cost()),
            });
            let error = epoch.validation_error;
            epochs.push(epoch);
            if self.error_threshold.is_some_and(|threshold| error <= threshold) {
                break;
            }
        }
        Ok(epochs)
    }

    /// Shows each of `m` examples once, after `before` epochs; returns each mini-batch's cost before it
    /// was learned from. `step` learns from the examples that are chosen, with a learning rate and a
    /// price of weights.
    ///
    /// # Errors
    /// [`CourseError::Diverged`] as soon as a cost is infinite or not a number.
    // ANCHOR: epoch
    pub fn epoch(
        &self,
        before: usize,
        task: &str,
        m: usize,
        rng: &mut Rng,
        mut step: impl FnMut(&[usize], [f64; 2]) -> f64,
    ) -> Result<Vec<f64>, CourseError> {
        let order = self.order(m, rng);
        let batches = order.chunks(self.mini_batch);
        let (first, all) = (before * batches.len(), self.epochs * batches.len());
        let price = self.lambda / m as f64;
        let costs = batches.enumerate().map(|(i, batch)| {
            let share = self.schedule.share((first + i) as f64 / all as f64);
            let cost = step(batch, [self.learning_rate * share, price]);
            let step = format_args!("mini-batch {} of epoch {}", i + 1, before + 1);
            CourseError::unless_finite(
                cost,
                task,
                step,
                self.learning_rate,
                self.method.usual_rate(),
            )?;
            Ok(cost)
        });
        costs.collect()
    }
    // ANCHOR_END: epoch

    /// The order of an epoch; when all examples are shown at once, it does not matter.
    fn order(&self, m: usize, rng: &mut Rng) -> Vec<usize> {
        if self.mini_batch < m { shuffled(m, rng) } else { (0..m).collect() }
    }
}

/// Learns once from the chosen examples; returns their cost before that.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
// ANCHOR: step
pub fn step<F: Real>(
    network: &mut Network<F>,
    optimiser: &mut Optimiser<F>,
    examples: &Examples<F>,
    chosen: &[usize],
    [learning_rate, price]: [f64; 2],
) -> f64 {
    let (x, y) = examples.batch(chosen, network.outputs());
    let (cost, mut gradient) = network.cost_and_gradient(x.view(), y.view());
    network.add_l2_gradient(price, &mut gradient);
    optimiser.step(network, &gradient, learning_rate);
    cost
}
// ANCHOR_END: step

impl Epoch {
    fn judged<F: Real>(costs: Vec<f64>, network: &Network<F>, validation: &Examples<F>) -> Self {
        let (validation_cost, validation_error) = judge(network, validation);
        Self { costs, validation_cost, validation_error }
    }

    /// The mean of the mini-batches' costs.
    pub fn cost(&self) -> f64 {
        self.costs.iter().sum::<f64>() / self.costs.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapter_05_mnist::{Activation, Initialisation, Rows},
        dataset::{pen::pen_digits, scale_to_unit},
        progress::unwatched,
        random::{Purpose, stream},
    };
    use ndarray::Axis;

    const SHORT: Training = Training {
        epochs: 8,
        mini_batch: 50,
        method: Method::Adam,
        learning_rate: 3e-3,
        schedule: Schedule::LinearToZero,
        weight_decay: 0.0,
        lambda: 0.0,
        error_threshold: None,
    };

    /// Trains a small network on a thousand penned digits.
    fn train(training: Training) -> Result<Vec<Epoch>, CourseError> {
        let digits = pen_digits(1200, 1);
        let pixels = digits.images.into_shape_with_order((1200, 784)).unwrap();
        let labels: Vec<usize> = digits.labels.iter().map(|&label| label.into()).collect();
        let (x, x_held_out) = pixels.view().split_at(Axis(0), 1000);
        let examples = |pixels, labels| Examples::<f32> {
            rows: Rows::Pixels { pixels, scale: scale_to_unit },
            labels,
        };
        let mut rng = stream(1, Purpose::Weights);
        let mut network =
            Network::random(&[784, 40, 10], Activation::Relu, Initialisation::He, &mut rng);
        let both = [&examples(x, &labels[..1000]), &examples(x_held_out, &labels[1000..])];
        let order = &mut stream(1, Purpose::Order);
        training.run("test", &mut network, both, order, &unwatched)
    }

    #[test]
    fn penned_digits_are_learned() {
        let epochs = train(SHORT).unwrap();
        assert_eq!(epochs.len(), 8);
        assert!(epochs.iter().all(|epoch| epoch.costs.len() == 20));
        assert!(epochs.windows(2).all(|pair| pair[1].cost() < pair[0].cost()));
        // Guessing would misread nine of ten.
        assert!((0.1..0.4).contains(&epochs[7].validation_error), "{}", epochs[7].validation_error);
    }

    #[test]
    fn training_ends_when_the_error_is_low_enough() {
        let epochs = train(Training { error_threshold: Some(0.5), ..SHORT }).unwrap();
        assert!(epochs.len() < 8);
        let (last, before) = epochs.split_last().unwrap();
        assert!(last.validation_error <= 0.5);
        assert!(before.iter().all(|epoch| epoch.validation_error > 0.5));
    }

    #[test]
    fn cost_that_is_not_a_number_ends_training_with_advice() {
        let error = train(Training { learning_rate: 1e38, ..SHORT }).unwrap_err().to_string();
        assert!(error.contains("of epoch 1 of test: the learning rate 1"), "{error}");
    }

    #[test]
    fn schedule_falls_from_all_to_nothing() {
        assert_eq!(
            [0.0, 0.25, 1.0].map(|done| Schedule::LinearToZero.share(done)),
            [1.0, 0.75, 0.0]
        );
        assert_eq!(Schedule::Constant.share(0.9), 1.0);
        let rising = [0.0, 0.05, 0.1, 1.0].map(|done| Schedule::WarmUp.share(done));
        assert_eq!(rising, [0.0, 0.5, 1.0, 0.0]);
    }
}
