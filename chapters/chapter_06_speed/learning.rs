use super::{
    blocked::Line,
    packed::Packed,
    update::{AdamStep, MomentumStep, Rule},
    width::Width,
};
use crate::chapter_05_mnist::{Activation, Adam, Momentum, Network, Optimiser};
use rayon::prelude::*;

/// A network of chapter 5 and its optimiser, packed in the order of the kernels for as long as it learns.
pub struct PackedNetwork {
    /// From the pixels to the classes.
    pub layers: Vec<PackedLayer>,
    /// Of all hidden units.
    pub activation: Activation,
    /// Settings and the number of steps; its state is in the layers.
    optimiser: Optimiser<f32>,
}

/// A layer that learns, with the optimiser's state for it.
pub struct PackedLayer {
    /// The weights and biases.
    pub weights: Packed,
    memory: Memory,
}

/// The state of chapter 5's optimisers for one layer.
enum Memory {
    /// [`Momentum`].
    Velocity(Packed),
    /// [`Adam`]: the running means of the gradient and of its square.
    Moments(Packed, Packed),
}

/// A network learns with the optimiser that it began with.
const SAME_OPTIMISER: &str = "a network learns with the optimiser that it began with";

impl PackedNetwork {
    /// Takes over a network and its optimiser's state.
    pub fn new(network: &Network<f32>, optimiser: &Optimiser<f32>) -> Self {
        let memory = |l: usize| match optimiser {
            Optimiser::Momentum(momentum) => Memory::Velocity(Packed::new(&momentum.velocity[l])),
            Optimiser::Adam(Adam { m, v, .. }) => {
                Memory::Moments(Packed::new(&m[l]), Packed::new(&v[l]))
            }
        };
        let layers = network.layers.iter().map(Packed::new).enumerate();
        Self {
            layers: layers.map(|(l, weights)| PackedLayer { weights, memory: memory(l) }).collect(),
            activation: network.activation,
            optimiser: match optimiser {
                Optimiser::Momentum(Momentum { beta, .. }) => {
                    Optimiser::Momentum(Momentum { beta: *beta, velocity: Vec::new() })
                }
                Optimiser::Adam(adam) => {
                    Optimiser::Adam(Adam { m: Vec::new(), v: Vec::new(), ..*adam })
                }
            },
        }
    }

    /// Writes both back.
    pub fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>) {
        for (l, layer) in self.layers.iter_mut().enumerate() {
            layer.weights.write_to(&mut network.layers[l]);
            match (&mut layer.memory, &mut *optimiser) {
                (Memory::Velocity(velocity), Optimiser::Momentum(momentum)) => {
                    velocity.write_to(&mut momentum.velocity[l]);
                }
                (Memory::Moments(m, v), Optimiser::Adam(adam)) => {
                    m.write_to(&mut adam.m[l]);
                    v.write_to(&mut adam.v[l]);
                }
                _ => unreachable!("{SAME_OPTIMISER}"),
            }
        }
        if let (Optimiser::Adam(from), Optimiser::Adam(to)) = (&self.optimiser, optimiser) {
            to.t = from.t;
        }
    }

    /// Begins a step; `l2` is the strength of the L2 penalty in the cost, `λ/m`.
    pub fn next_rule(&mut self, learning_rate: f64, l2: f64) -> Rule {
        match &mut self.optimiser {
            Optimiser::Momentum(momentum) => {
                Rule::Momentum(MomentumStep::new(momentum.beta, learning_rate, l2))
            }
            Optimiser::Adam(adam) => Rule::Adam(AdamStep::next(adam, learning_rate, l2)),
        }
    }
}

impl PackedLayer {
    /// Moves the biases and the weights. Each core takes blocks of units, at least `least` of them.
    /// `gradient` computes that of a block, and hands it on while it is in the cache.
    pub fn update(
        &mut self,
        rule: Rule,
        bias_gradient: &[f32],
        (width, least): (Width, usize),
        gradient: impl Fn(usize, &mut dyn FnMut(&[Line])) + Sync,
    ) {
        // Each core takes blocks of weights
        let Self { weights, memory } = self;
        let w = weights.w.par_blocks_mut().enumerate().with_min_len(least).with_max_len(1);
        match (rule, memory) {
            // Momentum: each block of weights beside its velocity
            (Rule::Momentum(step), Memory::Velocity(velocity)) => {
                w.zip(velocity.w.par_blocks_mut()).for_each(|((b, w), v)| {
                    gradient(b, &mut |g| {
                        width.elementwise(
                            #[inline(always)]
                            || {
                                for i in 0..w.len() {
                                    step.update([&mut w[i].0, &mut v[i].0], &g[i].0);
                                }
                            },
                        );
                    });
                });
                step.of_biases().update([&mut weights.b, &mut velocity.b], bias_gradient);
            }
            // Adam: beside the running means of its gradient and of the square
            (Rule::Adam(step), Memory::Moments(m, v)) => {
                let blocks = w.zip(m.w.par_blocks_mut()).zip(v.w.par_blocks_mut());
                blocks.for_each(|(((b, w), m), v)| {
                    gradient(b, &mut |g| {
                        width.elementwise(
                            #[inline(always)]
                            || {
                                for i in 0..w.len() {
                                    step.update([&mut w[i].0, &mut m[i].0, &mut v[i].0], &g[i].0);
                                }
                            },
                        );
                    });
                });
                step.of_biases().update([&mut weights.b, &mut m.b, &mut v.b], bias_gradient);
            }
            _ => unreachable!("{SAME_OPTIMISER}"),
        }
    }
}
