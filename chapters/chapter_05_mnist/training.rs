use super::{
    examples::{Examples, judge},
    network::Network,
    optimiser::{Method, Optimiser},
    output::cross_entropy,
    real::Real,
    schedule::Schedule,
};
use crate::{
    CourseError,
    dataset::shuffled,
    progress::{Step, Watch},
    random::Rng,
};
use serde::{Deserialize, Serialize};

/// How to train.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// How many times every example is shown.
    pub epochs: usize,
    /// How many examples a mini-batch has.
    pub mini_batch: usize,
    /// The optimiser's method.
    pub method: Method,
    /// The learning rate that the schedule scales.
    pub learning_rate: f64,
    /// How the learning rate changes during training.
    pub schedule: Schedule,
    /// Strength of the weight decay, [`Adam::weight_decay`](super::Adam::weight_decay).
    pub weight_decay: f64,
    /// The L2 penalty in the cost, as in chapter 4: `λ/2m · ‖w‖²` for `m` examples.
    pub lambda: f64,
    /// Stop before the last epoch once the validation error, a share from 0 to 1, is no larger.
    pub error_threshold: Option<f64>,
}

/// What one epoch reached.
///
/// [In the book](../../../book/chapter_05.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Epoch {
    /// Cost of each mini-batch, before it was learned from.
    pub costs: Vec<f64>,
    /// Cost of the validation examples after the epoch.
    pub validation_cost: f64,
    /// Validation error after the epoch: the share of validation examples misread.
    pub validation_error: f64,
}

/// What scales a step.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepSizes {
    /// The learning rate of this step, after the schedule.
    pub learning_rate: f64,
    /// Strength of the L2 penalty in the cost, `λ/m`.
    pub l2: f64,
}

/// A learner that takes one mini-batch at a time.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
pub trait TrainStep<F> {
    /// Takes one step on the chosen examples; returns their mean cost before it.
    fn step(&mut self, examples: &Examples<F>, chosen: &[usize], step_sizes: StepSizes) -> f64;
}

/// A network that learns by backpropagation, and the optimiser that updates its weights.
///
/// [In the book](../../../book/chapter_05.html#how-is-it-trained)
pub struct Backprop<'a, F> {
    /// The network that learns.
    pub network: &'a mut Network<F>,
    /// What turns its gradient into an update.
    pub optimiser: &'a mut Optimiser<F>,
}

impl Training {
    /// Trains a network on mini-batches, shuffled again for each epoch; `task` is its name for `watch`
    /// and in errors.
    ///
    /// # Errors
    /// [`CourseError::Diverged`] at the first mini-batch whose cost is infinite or NaN.
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
            // Learn from every example once
            let mut backprop = Backprop { network, optimiser: &mut optimiser };
            let costs = self.epoch(done - 1, task, train, &mut backprop, rng)?;
            // Judge by the validation examples
            let epoch = Epoch::judged(costs, network, validation);
            let cost = Some(epoch.cost());
            watch(&Step { task, unit: "epoch", done, total: self.epochs, cost });
            // Stop early if that is good enough
            let error = epoch.validation_error;
            epochs.push(epoch);
            if self.error_threshold.is_some_and(|threshold| error <= threshold) {
                break;
            }
        }
        Ok(epochs)
    }

    /// One epoch, which shows every example once, after `before` others; returns the cost of each
    /// mini-batch before it was learned from.
    ///
    /// # Errors
    /// [`CourseError::Diverged`] as soon as a cost is infinite or NaN.
    // ANCHOR: epoch
    pub fn epoch<F: Real>(
        &self,
        before: usize,
        task: &str,
        examples: &Examples<F>,
        learner: &mut impl TrainStep<F>,
        rng: &mut Rng,
    ) -> Result<Vec<f64>, CourseError> {
        // Shuffle
        let order = self.order(examples.len(), rng);
        // Learn from one mini-batch after another
        let mut costs = Vec::new();
        for (i, chosen) in order.chunks(self.mini_batch).enumerate() {
            let step_sizes = self.step_sizes(before, i, examples.len());
            let cost = learner.step(examples, chosen, step_sizes);
            self.check(cost, task, i, before)?;
            costs.push(cost);
        }
        Ok(costs)
    }
    // ANCHOR_END: epoch
}

// ANCHOR: step
impl<F: Real> TrainStep<F> for Backprop<'_, F> {
    fn step(&mut self, examples: &Examples<F>, chosen: &[usize], step_sizes: StepSizes) -> f64 {
        let (x, y) = examples.batch(chosen, self.network.outputs());
        // Forward
        let seen = self.network.forward(x.view());
        let cost = cross_entropy(seen.z.view(), y.view());
        // Backward
        let mut gradient = self.network.backward(x.view(), y.view(), &seen);
        self.network.add_l2_gradient(step_sizes.l2, &mut gradient);
        // Update
        self.optimiser.step(self.network, &gradient, step_sizes.learning_rate);
        cost
    }
}
// ANCHOR_END: step

impl Training {
    /// The order of an epoch; if all examples are one batch, it does not matter.
    pub fn order(&self, m: usize, rng: &mut Rng) -> Vec<usize> {
        if self.mini_batch < m { shuffled(m, rng) } else { (0..m).collect() }
    }

    /// Refuses the cost of mini-batch `i`, after `before` epochs, if it is infinite or NaN.
    ///
    /// # Errors
    /// [`CourseError::Diverged`], with advice.
    pub fn check(&self, cost: f64, task: &str, i: usize, before: usize) -> Result<(), CourseError> {
        let step = format_args!("mini-batch {} of epoch {}", i + 1, before + 1);
        let [rate, usual] = [self.learning_rate, self.method.usual_rate()];
        CourseError::unless_finite(cost, task, step, rate, usual)
    }

    /// The step sizes for mini-batch `i`, after `before` epochs, of `m` examples.
    pub fn step_sizes(&self, before: usize, i: usize, m: usize) -> StepSizes {
        let batches = m.div_ceil(self.mini_batch);
        let done = (before * batches + i) as f64 / (self.epochs * batches) as f64;
        StepSizes {
            learning_rate: self.learning_rate * self.schedule.share(done),
            l2: self.lambda / m as f64,
        }
    }
}

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
        chapter_05_mnist::{Activation, Initialisation},
        dataset::{pen::pen_digits, scale_to_unit},
        progress::unwatched,
        random::{Purpose, stream},
    };

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
        let [train, validation] = [0..1000, 1000..1200]
            .map(|range| Examples::<f32>::of_digits(&digits.range(range), scale_to_unit));
        let mut rng = stream(1, Purpose::Weights);
        let mut network =
            Network::random(&[784, 40, 10], Activation::Relu, Initialisation::He, &mut rng);
        let both = [&train, &validation];
        let order = &mut stream(1, Purpose::Order);
        training.run("test", &mut network, both, order, &unwatched)
    }

    #[test]
    fn penned_digits_are_learned() {
        let epochs = train(SHORT).unwrap();
        assert_eq!(epochs.len(), 8);
        assert!(epochs.iter().all(|epoch| epoch.costs.len() == 20));
        assert!(epochs.windows(2).all(|pair| pair[1].cost() < pair[0].cost()));
        // Guessing would misread nine in ten.
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
        assert!(
            error.contains("of epoch 1: the learning rate 1e38 is too large, try 0.003"),
            "{error}"
        );
    }
}
