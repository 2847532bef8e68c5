//! A training run saved, and loaded to continue where it stopped.

use super::{
    Archive, Epoch, Source, Split, TrainConfig, Trainer,
    trainer::{State, Whole},
};
use chapters::{
    chapter_04_regularised_network::{CurvaturePair, LbfgsState, Minimum, Stop},
    chapter_05_mnist::{Adam, Layer, Momentum, Network, Optimiser},
    random::{Purpose, stream},
};
use ndarray::{Array1, Ix1};
use serde::{Deserialize, Serialize};

/// The description in a checkpoint.
///
/// [In the book](../../book/experiments.html#what-if-the-power-fails)
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Checkpoint {
    /// What is learned from.
    pub source: Source,
    /// The digest of those examples.
    pub digest: String,
    /// How the network is trained.
    #[serde(rename = "recipe")]
    pub config: TrainConfig,
    /// What each epoch so far brought.
    pub history: Vec<Epoch>,
    memory: Memory,
}

/// What an optimiser remembers, apart from its arrays.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Memory {
    Momentum { beta: f64, drawn: String },
    Adam { t: i32, drawn: String },
    Lbfgs { costs: Vec<(usize, f64)>, pairs: usize, pairs_refused: usize, stop: Stop },
}

impl Trainer {
    /// Everything that is needed to continue later.
    pub fn save_checkpoint(&self, source: &Source, digest: &str) -> Archive {
        let mut archive = Archive::new(&Checkpoint {
            source: source.clone(),
            digest: digest.to_owned(),
            config: self.config.clone(),
            history: self.history.clone(),
            memory: self.memory(),
        });
        archive.put_layers("network.", &self.network.layers);
        if let Some(best) = &self.best {
            archive.put_layers("best.", &best.layers);
        }
        if let Some(mean) = &self.mean {
            archive.put_layers("mean.", &mean.layers);
        }
        match &self.state {
            State::Batches { optimiser: Optimiser::Momentum(momentum), .. } => {
                archive.put_layers("velocity.", &momentum.velocity);
            }
            State::Batches { optimiser: Optimiser::Adam(adam), .. } => {
                archive.put_layers("m.", &adam.m);
                archive.put_layers("v.", &adam.v);
            }
            State::Lbfgs { lbfgs, .. } => put_lbfgs(&mut archive, lbfgs),
        }
        archive
    }

    fn memory(&self) -> Memory {
        match &self.state {
            State::Batches { optimiser, order, .. } => {
                let drawn = order.get_word_pos().to_string();
                match optimiser {
                    Optimiser::Momentum(momentum) => {
                        Memory::Momentum { beta: momentum.beta, drawn }
                    }
                    Optimiser::Adam(adam) => Memory::Adam { t: adam.t, drawn },
                }
            }
            State::Lbfgs { lbfgs, .. } => {
                let history = &lbfgs.here.history;
                Memory::Lbfgs {
                    costs: history[history.len().saturating_sub(2)..].to_vec(),
                    pairs: lbfgs.memory.len(),
                    pairs_refused: lbfgs.here.pairs_refused,
                    stop: lbfgs.here.stop,
                }
            }
        }
    }

    /// Continues from what [`save_checkpoint`](Self::save_checkpoint) made, with the same examples.
    ///
    /// # Errors
    /// What does not match, in words.
    pub fn load_checkpoint(archive: &Archive, split: &Split) -> Result<Self, String> {
        let Checkpoint { config, history, memory, .. } = archive.about()?;
        let sizes = split.sizes(&config.hidden);
        let layers = |prefix: &str| layers_of(archive, prefix, &sizes);
        let activation = config.activation;
        let network = Network { layers: layers("network.")?, activation };
        // The first epoch is the best so far
        let best = config.patience.filter(|_| !history.is_empty()).map(|_| layers("best."));
        let best = best.transpose()?.map(|layers| Network { layers, activation });
        let averaged = history.len() + config.average.unwrap_or(0) > config.epochs;
        let mean = averaged.then(|| layers("mean.")).transpose()?;
        let mean = mean.map(|layers| Network { layers, activation });
        let order = |drawn: &str| {
            let mut order = stream(config.seed, Purpose::Order);
            order.set_word_pos(
                drawn.parse().map_err(|_| "its position in the random stream is not a number")?,
            );
            Ok::<_, String>(order)
        };
        let state = match memory {
            Memory::Momentum { beta, drawn } => {
                let momentum = Momentum { beta, velocity: layers("velocity.")? };
                State::batches(Optimiser::Momentum(momentum), order(&drawn)?)
            }
            Memory::Adam { t, drawn } => {
                let [m, v] = [layers("m.")?, layers("v.")?];
                let adam = Adam { t, m, v, ..Adam::new(&network, 0.0) };
                State::batches(Optimiser::Adam(adam), order(&drawn)?)
            }
            Memory::Lbfgs { costs, pairs, pairs_refused, stop } => {
                let row = |name: &str| row_of(archive, name, &sizes);
                let [theta, gradient] = [row("theta")?, row("gradient")?];
                let here = Minimum { theta, gradient, history: costs, pairs_refused, stop };
                let memory = (0..pairs).map(|i| pair(row, i)).collect::<Result<_, _>>()?;
                let whole = Whole::of(split, &network);
                State::Lbfgs { lbfgs: Box::new(LbfgsState { here, memory }), whole }
            }
        };
        Ok(Self { config, network, history, best, mean, state, start: None })
    }
}

fn put_lbfgs(archive: &mut Archive, LbfgsState { here, memory }: &LbfgsState) {
    archive.put_double("theta", &here.theta);
    archive.put_double("gradient", &here.gradient);
    for (i, CurvaturePair { s, y, .. }) in memory.iter().enumerate() {
        archive.put_double(&format!("s.{i}"), s);
        archive.put_double(&format!("y.{i}"), y);
    }
}

fn pair(
    row: impl Fn(&str) -> Result<Array1<f64>, String>,
    i: usize,
) -> Result<CurvaturePair, String> {
    let [s, y] = [row(&format!("s.{i}"))?, row(&format!("y.{i}"))?];
    let rho = 1.0 / s.dot(&y);
    Ok(CurvaturePair { s, y, rho })
}

/// How many weights and biases lie between layers of these sizes.
pub(super) fn parameters(sizes: &[usize]) -> usize {
    sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
}

/// A vector with an element for each weight and bias.
fn row_of(archive: &Archive, name: &str, sizes: &[usize]) -> Result<Array1<f64>, String> {
    let row = archive.array::<Ix1>(name)?;
    let parameters = parameters(sizes);
    if row.len() == parameters {
        return Ok(row);
    }
    Err(format!("{name} has {} numbers, not {parameters}", row.len()))
}

/// Layers of the sizes that are expected.
fn layers_of(archive: &Archive, prefix: &str, sizes: &[usize]) -> Result<Vec<Layer<f32>>, String> {
    let layers = archive.layers(prefix)?;
    let found: Vec<usize> = layers.iter().map(|layer| layer.b.len()).collect();
    if found == sizes[1..] && layers[0].w.nrows() == sizes[0] {
        return Ok(layers);
    }
    Err(format!("its layers {prefix}* have the sizes {found:?}, not {:?}", &sizes[1..]))
}
