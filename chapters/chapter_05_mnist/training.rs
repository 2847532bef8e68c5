use super::{
    network::Network,
    optimiser::{Method, Optimiser},
    output::{cross_entropy, decide, targets},
    real::Real,
};
use crate::{
    Error,
    dataset::shuffled,
    metrics::accuracy,
    progress::{Step, Watch},
    random::Rng,
};
use ndarray::{Array2, ArrayView2, Axis, Slice};
use serde::{Deserialize, Serialize};

/// Examples to learn from or to be judged by.
///
/// [In the book](../../../../book/chapter_05.html)
#[derive(Clone, Copy)]
pub struct Examples<'a, F> {
    /// What they look like, one row each.
    pub rows: Rows<'a, F>,
    /// Their classes, counted from 0.
    pub labels: &'a [usize],
}

/// What examples look like.
///
/// [In the book](../../../../book/chapter_05.html)
#[derive(Clone, Copy)]
pub enum Rows<'a, F> {
    /// Bytes, which are numbers only while a network looks at them: that takes a quarter of the room.
    Pixels {
        /// From 0 to 255, shape `(m, pixels)`.
        pixels: ArrayView2<'a, u8>,
        /// From bytes to numbers, such as [`scale_to_unit`](crate::dataset::scale_to_unit).
        scale: fn(ArrayView2<u8>) -> Array2<F>,
    },
    /// Numbers, shape `(m, n)`.
    Numbers(ArrayView2<'a, F>),
}

/// How the learning rate changes from the first mini-batch to the last.
///
/// [In the book](../../../../book/chapter_05.html#how-is-it-trained)
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
/// [In the book](../../../../book/chapter_05.html#how-is-it-trained)
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
/// [In the book](../../../../book/chapter_05.html)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Epoch {
    /// Cost of each mini-batch before it was learned from.
    pub costs: Vec<f64>,
    /// Mean cost of the validation examples afterwards.
    pub validation_cost: f64,
    /// Share of the validation examples misread afterwards.
    pub validation_error: f64,
}

/// How many examples are looked at in one go when nothing is learned from them.
const AT_ONCE: usize = 1000;

impl<F: Real> Examples<'_, F> {
    /// The chosen examples as `x`, shape `(chosen, pixels)`, and `y`, shape `(chosen, outputs)`.
    // ANCHOR: batch
    pub fn batch(&self, chosen: &[usize], outputs: usize) -> (Array2<F>, Array2<F>) {
        let x = match self.rows {
            Rows::Pixels { pixels, scale } => scale(pixels.select(Axis(0), chosen).view()),
            Rows::Numbers(x) => x.select(Axis(0), chosen),
        };
        (x, targets(chosen.iter().map(|&i| self.labels[i]), outputs))
    }
    // ANCHOR_END: batch
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
    /// [`Error::Diverged`] at the first mini-batch whose cost is infinite or not a number.
    pub fn run<F: Real>(
        &self,
        task: &str,
        network: &mut Network<F>,
        [train, validation]: [&Examples<F>; 2],
        rng: &mut Rng,
        watch: Watch,
    ) -> Result<Vec<Epoch>, Error> {
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
    /// [`Error::Diverged`] as soon as a cost is infinite or not a number.
    // ANCHOR: epoch
    pub fn epoch(
        &self,
        before: usize,
        task: &str,
        m: usize,
        rng: &mut Rng,
        mut step: impl FnMut(&[usize], [f64; 2]) -> f64,
    ) -> Result<Vec<f64>, Error> {
        let order = self.order(m, rng);
        let batches = order.chunks(self.mini_batch);
        let (first, all) = (before * batches.len(), self.epochs * batches.len());
        let price = self.lambda / m as f64;
        let costs = batches.enumerate().map(|(i, batch)| {
            let share = self.schedule.share((first + i) as f64 / all as f64);
            let cost = step(batch, [self.learning_rate * share, price]);
            self.check(cost, task, i, before)?;
            Ok(cost)
        });
        costs.collect()
    }
    // ANCHOR_END: epoch

    /// The order of an epoch; when all examples are shown at once, it does not matter.
    fn order(&self, m: usize, rng: &mut Rng) -> Vec<usize> {
        if self.mini_batch < m { shuffled(m, rng) } else { (0..m).collect() }
    }

    fn check(&self, cost: f64, task: &str, batch: usize, before: usize) -> Result<(), Error> {
        if cost.is_finite() {
            return Ok(());
        }
        let step = format!("mini-batch {} of epoch {}", batch + 1, before + 1);
        Error::unless_finite(cost, task, &step, self.learning_rate)
    }
}

/// Learns once from the chosen examples; returns their cost before that.
///
/// [In the book](../../../../book/chapter_05.html#how-is-it-trained)
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
    network.add_price(price, &mut gradient);
    optimiser.step(network, &gradient, learning_rate);
    cost
}
// ANCHOR_END: step

impl Epoch {
    /// What an epoch with these costs has made of a network.
    pub fn judged<F: Real>(
        costs: Vec<f64>,
        network: &Network<F>,
        validation: &Examples<F>,
    ) -> Self {
        let z = logits(network, validation);
        let labels = validation.labels.iter().copied();
        let y = targets(labels.clone(), z.ncols());
        Self {
            costs,
            validation_cost: cross_entropy(z.view(), y.view()),
            validation_error: 1.0 - accuracy(decide(z.view()), labels),
        }
    }

    /// The mean of the mini-batches' costs.
    pub fn cost(&self) -> f64 {
        self.costs.iter().sum::<f64>() / self.costs.len() as f64
    }
}

/// What the network says of all examples before its softmax, shape `(m, outputs)`.
///
/// [In the book](../../../../book/chapter_05.html)
pub fn logits<F: Real>(network: &Network<F>, examples: &Examples<F>) -> Array2<F> {
    let mut z = Array2::zeros((examples.labels.len(), network.outputs()));
    for (k, mut z) in z.axis_chunks_iter_mut(Axis(0), AT_ONCE).enumerate() {
        let rows = Slice::from(k * AT_ONCE..k * AT_ONCE + z.nrows());
        z.assign(&match examples.rows {
            Rows::Pixels { pixels, scale } => {
                network.forward(scale(pixels.slice_axis(Axis(0), rows)).view()).z
            }
            Rows::Numbers(x) => network.forward(x.slice_axis(Axis(0), rows)).z,
        });
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chapters::chapter_05_mnist::{Activation, Initialisation},
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
    fn train(training: Training) -> Result<Vec<Epoch>, Error> {
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

    #[test]
    fn mini_batch_holds_the_chosen_digits() {
        let pixels = Array2::from_shape_fn((3, 2), |(i, j)| (100 * i + j) as u8);
        let all = Examples::<f64> {
            rows: Rows::Pixels { pixels: pixels.view(), scale: |pixels| pixels.mapv(f64::from) },
            labels: &[4, 5, 6],
        };
        let (x, y) = all.batch(&[2, 0], 10);
        assert_eq!(x, ndarray::array![[200.0, 201.0], [0.0, 1.0]]);
        assert_eq!(decide(y.view()), ndarray::array![6, 4]);
    }
}
