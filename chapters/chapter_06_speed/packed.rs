use super::blocked::Blocked;
use crate::chapter_05_mnist::{Adam, Layer, Network, Optimiser};

/// A layer of chapter 5 in the order of the kernels; a gradient or a running mean has the same parts.
#[derive(Clone)]
pub struct Packed {
    /// A row for each unit.
    pub w: Blocked,
    /// Biases.
    pub b: Vec<f32>,
}

/// A layer that learns, with what the optimiser remembers of it.
pub struct Learning {
    /// The weights and biases.
    pub weights: Packed,
    /// What the optimiser remembers.
    pub memory: Memory,
}

/// What an optimiser of chapter 5 remembers of one layer.
pub enum Memory {
    /// [`Momentum`](crate::chapter_05_mnist::Momentum).
    Velocity(Packed),
    /// [`Adam`]: the running means of the gradient and of its square.
    Moments(Packed, Packed),
}

impl Packed {
    /// Takes a layer over.
    pub fn new(layer: &Layer<f32>) -> Self {
        let (n, units) = layer.w.dim();
        let w = Blocked::from_fn(units, n, |unit, k| layer.w[[k, unit]]);
        Self { w, b: layer.b.to_vec() }
    }

    /// Writes it back.
    fn write_to(&mut self, layer: &mut Layer<f32>) {
        self.w.for_each(|unit, k, w| layer.w[[k, unit]] = *w);
        layer.b.iter_mut().zip(&self.b).for_each(|(to, &b)| *to = b);
    }
}

impl Learning {
    /// Takes over a network and what its optimiser remembers.
    pub fn layers(network: &Network<f32>, optimiser: &Optimiser<f32>) -> Vec<Self> {
        let layers = network.layers.iter().map(Packed::new).enumerate();
        let learning = layers.map(|(l, weights)| {
            let memory = match optimiser {
                Optimiser::Momentum(momentum) => {
                    Memory::Velocity(Packed::new(&momentum.velocity[l]))
                }
                Optimiser::Adam(Adam { m, v, .. }) => {
                    Memory::Moments(Packed::new(&m[l]), Packed::new(&v[l]))
                }
            };
            Self { weights, memory }
        });
        learning.collect()
    }

    /// Writes layer `l` back.
    pub fn write_to(
        &mut self,
        l: usize,
        network: &mut Network<f32>,
        optimiser: &mut Optimiser<f32>,
    ) {
        self.weights.write_to(&mut network.layers[l]);
        match (&mut self.memory, optimiser) {
            (Memory::Velocity(velocity), Optimiser::Momentum(momentum)) => {
                velocity.write_to(&mut momentum.velocity[l]);
            }
            (Memory::Moments(m, v), Optimiser::Adam(adam)) => {
                m.write_to(&mut adam.m[l]);
                v.write_to(&mut adam.v[l]);
            }
            _ => unreachable!("a network learns with the optimiser that it began with"),
        }
    }
}
