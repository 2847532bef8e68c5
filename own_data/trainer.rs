use super::{Input, Split, TrainConfig, in_double};
use chapters::{
    CourseError,
    chapter_04_regularised_network::{Lbfgs, LbfgsState},
    chapter_05_mnist::{Backprop, Examples, Network, Optimiser, TrainStep, Training, roll, unroll},
    chapter_06_speed::{Stepper, TrainingStep, Width, cost_and_gradient_in_parts, judge},
    chapter_07_augmentation::{self as augmentation, Distortion, average},
    dataset::DataError,
    progress::{Step, Watch},
    random::{Purpose, Rng, stream},
    report::{short, smaller_rate},
};
use ndarray::{Array1, Array2, ArrayView1};
use serde::{Deserialize, Serialize};

/// A network in training, with the state of its optimiser.
///
/// [In the book](../../book/experiments.html)
pub struct Trainer {
    /// How it learns.
    pub config: TrainConfig,
    /// The network so far.
    pub network: Network<f32>,
    /// The result of each epoch.
    pub history: Vec<Epoch>,
    /// The network of the best epoch, if there is patience.
    pub best: Option<Network<f32>>,
    /// The mean of the last epochs' networks, if they are averaged.
    pub mean: Option<Network<f32>>,
    pub(super) state: State,
    /// The cost of the first mini-batch, before any step; unknown after a break.
    pub(super) start: Option<f64>,
}

/// What an optimiser remembers.
pub(super) enum State {
    Batches { optimiser: Optimiser<f32>, order: Box<Rng>, stepper: Option<Box<Stepper>> },
    Lbfgs { lbfgs: Box<LbfgsState>, whole: Whole },
}

impl State {
    pub fn batches(optimiser: Optimiser<f32>, order: Rng) -> Self {
        Self::Batches { optimiser, order: Box::new(order), stepper: None }
    }
}

/// An epoch whose cost is this many times that of the start is more than a stumble.
const WORSE: f64 = 2.0;

/// The result of one epoch.
///
/// [In the book](../../book/experiments.html)
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Epoch {
    /// Mean cost of its mini-batches, each before its step; for L-BFGS the cost after the step, including
    /// the L2 penalty.
    pub cost: f64,
    /// How the network did afterwards on the validation examples, if there are any.
    pub held_out: Option<Judged>,
}

/// How a network does on some examples.
///
/// [In the book](../../book/experiments.html)
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Judged {
    /// Mean cross-entropy.
    pub cost: f64,
    /// Share of the examples that are misclassified.
    pub error: f64,
}

impl Judged {
    /// Evaluates a network on examples.
    pub fn new(network: &Network<f32>, examples: &Examples<f32>) -> Self {
        let (cost, error) = judge(network, examples);
        Self { cost, error }
    }
}

/// All examples in double precision, for an optimiser that uses them all at once.
pub(super) struct Whole {
    x: Array2<f64>,
    y: Array2<f64>,
}

impl Trainer {
    /// A network with random weights that has learned nothing yet.
    ///
    /// # Errors
    /// If the settings do not suit the examples: [`TrainConfig::check_for`].
    pub fn begin(config: &TrainConfig, split: &Split) -> Result<Self, DataError> {
        let sizes = split.sizes(&config.hidden);
        config.check_for(&sizes, split.train.len())?;
        if config.augment.is_some() && !matches!(split.input, Input::Pictures { .. }) {
            return Err(DataError::plain("these examples are numbers, which cannot be distorted")
                .expected("pictures, for `--augment`: leave it out"));
        }
        let mut weights = stream(config.seed, Purpose::Weights);
        let (activation, initialisation) = (config.activation, config.initialisation);
        let network = Network::random(&sizes, activation, initialisation, &mut weights);
        let state = if let Some(method) = config.optimiser.method() {
            let optimiser = method.begin(&network, 0.0);
            State::batches(optimiser, stream(config.seed, Purpose::Order))
        } else {
            let whole = Whole::of(split, &network);
            let lbfgs = Box::new(whole.begin(config.lambda, &network.cast()));
            State::Lbfgs { lbfgs, whole }
        };
        let config = config.clone();
        Ok(Self {
            config,
            network,
            history: Vec::new(),
            best: None,
            mean: None,
            state,
            start: None,
        })
    }

    /// Trains until the last epoch, or until patience runs out; `keep` is called after each epoch.
    ///
    /// # Errors
    /// If the cost overflows or becomes NaN, or if `keep` fails.
    pub fn learn<E: From<CourseError>>(
        &mut self,
        split: &Split,
        watch: Watch,
        mut keep: impl FnMut(&Self) -> Result<(), E>,
    ) -> Result<(), E> {
        while self.history.len() < self.config.epochs && !self.is_out_of_patience() {
            let done = self.history.len();
            let Some(cost) = self.epoch(split, done)? else { break };
            let held_out =
                (!split.held_out.is_empty()).then(|| Judged::new(&self.network, &split.held_out));
            self.note(Epoch { cost, held_out });
            held_out.map_or(Ok(()), |judged| self.check(self.history.len(), judged))?;
            let (done, total) = (self.history.len(), self.config.epochs);
            watch(&Step { task: "training", unit: "epoch", done, total, cost: Some(cost) });
            keep(self)?;
        }
        Ok(())
    }

    /// Refuses what the last step of an epoch may have made of the network, since no later step would
    /// notice.
    ///
    /// # Errors
    /// If the cost is infinite or NaN.
    pub fn check(&self, epoch: usize, judged: Judged) -> Result<(), CourseError> {
        let step = format_args!("the end of epoch {epoch}");
        let (rate, usual) = (self.config.rate(), self.config.optimiser.usual_rate());
        CourseError::unless_finite(judged.cost, "the network", step, rate, usual)
    }

    /// What to tell the reader about an epoch that was worse than the start, while there is time.
    ///
    /// [In the book](../../book/experiments.html#what-if-the-numbers-go-wrong)
    pub fn warning(&self, split: &Split) -> Option<String> {
        let (epoch, cost) = (self.history.len(), self.history.last()?.cost);
        let worst = self.start?.max(split.cost_of_guessing());
        let rate = self.config.rate();
        (cost > WORSE * worst).then(|| {
            format!(
                "in epoch {epoch} the cost rose to {}, from {} before the first step (always \
                 predicting the class frequencies costs {}): the learning rate {} is too large, \
                 try {}",
                short(cost),
                short(self.start.unwrap_or(f64::NAN)),
                short(split.cost_of_guessing()),
                short(rate),
                short(smaller_rate(rate, self.config.optimiser.usual_rate()))
            )
        })
    }

    /// Records an epoch, and keeps the network if it is the best so far, or one of those to average.
    fn note(&mut self, epoch: Epoch) {
        self.history.push(epoch);
        if self.config.patience.is_some() && self.best_epoch() == self.history.len() {
            self.best = Some(self.network.clone());
        }
        let before = self.config.epochs - self.config.average.unwrap_or(0);
        match (self.history.len().saturating_sub(before), &mut self.mean) {
            (0, _) => {}
            (n, Some(mean)) => average(mean, &self.network, n),
            (_, mean) => *mean = Some(self.network.clone()),
        }
    }

    /// The epoch with the lowest validation cost, counted from 1; the last if there are no validation
    /// examples.
    pub fn best_epoch(&self) -> usize {
        let costs = (1..).zip(&self.history).filter_map(|(n, e)| Some((n, e.held_out?.cost)));
        costs.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(self.history.len(), |(n, _)| n)
    }

    fn is_out_of_patience(&self) -> bool {
        self.config.patience.is_some_and(|n| self.history.len() - self.best_epoch() >= n)
    }

    /// The epoch whose network is kept, counted from 1.
    pub fn kept_epoch(&self) -> usize {
        if self.best.is_some() { self.best_epoch() } else { self.history.len() }
    }

    /// The network to keep: that of the best epoch if there is patience, the mean if some are averaged,
    /// otherwise the last.
    pub fn chosen(&self) -> &Network<f32> {
        self.best.as_ref().or(self.mean.as_ref()).unwrap_or(&self.network)
    }

    /// Shows all examples once, after `before` epochs, and returns their cost, or takes a step of
    /// L-BFGS; nothing if L-BFGS has found its minimum.
    pub fn epoch(&mut self, split: &Split, before: usize) -> Result<Option<f64>, CourseError> {
        match &mut self.state {
            State::Batches { optimiser, order, stepper } => {
                let train = &split.train;
                let training = self.config.training(train.len());
                let distortion = self.config.distortion(&split.input);
                let network = &mut self.network;
                // Chapter 5's steps, or chapter 6's
                let costs = if self.config.plain {
                    let mut backprop = Backprop { network, optimiser };
                    epoch(&training, before, train, distortion, &mut backprop, order)?
                } else {
                    let stepper = stepper.get_or_insert_with(|| {
                        let width = Width::in_use();
                        Box::new(Stepper::new(network, optimiser, training.mini_batch, width))
                    });
                    let costs =
                        epoch(&training, before, train, distortion, stepper.as_mut(), order)?;
                    stepper.write_to(network, optimiser);
                    costs
                };
                if before == 0 {
                    self.start = costs.first().copied();
                }
                Ok(Some(costs.iter().sum::<f64>() / costs.len() as f64))
            }
            State::Lbfgs { lbfgs, whole } => {
                let like = self.network.cast();
                let mut cost = whole.unrolled(self.config.lambda, &like);
                if !Lbfgs::default().step(lbfgs, &mut cost) {
                    return if before == 0 {
                        Err(no_way_down(lbfgs.here.cost()))
                    } else {
                        Ok(None)
                    };
                }
                self.network = roll(lbfgs.here.theta.view(), &like).cast();
                Ok(Some(lbfgs.here.cost()))
            }
        }
    }
}

/// Shows all examples once, after `before` epochs, distorted or as they are; returns the cost of each
/// mini-batch.
fn epoch(
    training: &Training,
    before: usize,
    train: &Examples<f32>,
    distortion: Option<Distortion>,
    learner: &mut (impl TrainStep<f32> + Send),
    order: &mut Rng,
) -> Result<Vec<f64>, CourseError> {
    let task = "the network";
    match distortion {
        Some(distortion) => {
            augmentation::epoch(training, before, task, (train, &distortion), learner, order)
        }
        None => training.epoch(before, task, train, learner, order),
    }
}

/// A start from which L-BFGS cannot lower the cost.
fn no_way_down(cost: f64) -> CourseError {
    let cost = short(cost);
    DataError::plain(format!(
        "L-BFGS cannot lower the cost of {cost} at the initial weights: try another `--seed`, or more \
         hidden units"
    ))
    .into()
}

impl Whole {
    pub(super) fn of(split: &Split, network: &Network<f32>) -> Self {
        let (x, y) = in_double(&split.train, network.outputs());
        Self { x, y }
    }

    fn begin(&self, lambda: f64, network: &Network<f64>) -> LbfgsState {
        LbfgsState::begin(unroll(&network.layers), &mut self.unrolled(lambda, network))
    }

    /// The cost of a network with the shape of `like`, and its gradient, as L-BFGS expects them.
    fn unrolled(
        &self,
        lambda: f64,
        like: &Network<f64>,
    ) -> impl FnMut(ArrayView1<f64>) -> (f64, Array1<f64>) {
        move |theta| self.cost_and_gradient(lambda, &roll(theta, like))
    }

    /// Mean cross-entropy plus `λ/2m · ‖w‖²`, and its gradient, unrolled.
    fn cost_and_gradient(&self, lambda: f64, network: &Network<f64>) -> (f64, Array1<f64>) {
        let (x, y) = (self.x.view(), self.y.view());
        let (cost, mut gradient) = cost_and_gradient_in_parts(network, x, y);
        let l2 = lambda / self.x.nrows() as f64;
        network.add_l2_gradient(l2, &mut gradient);
        let squares: f64 = network.layers.iter().map(|layer| (&layer.w * &layer.w).sum()).sum();
        (cost + 0.5 * l2 * squares, unroll(&gradient))
    }
}
