//! The ladder: the training step of chapter 5 in five versions, from the slowest to the fastest. Each is
//! complete in its own file, and can be read beside the one before it: forward, cost, backward, update.

mod chapter_05;
mod in_place;
mod tiles;
mod vectors;

use super::{stepper::Stepper, training_step::TrainingStep, width::Width};
use crate::chapter_05_mnist::{Network, Optimiser};
use chapter_05::Plain;
use in_place::InPlace;
use tiles::Tiles;
use vectors::Vectors;

/// A version of the training step.
///
/// [In the book](../../../book/chapter_06.html#what-must-come-true)
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// What is new in it.
    pub name: &'static str,
    /// Takes over a network and its optimiser's state, for mini-batches of up to this many examples, and
    /// computes with vectors of one width.
    pub begin: Begin,
}

type Begin = fn(&Network<f32>, &Optimiser<f32>, usize, Width) -> Box<dyn TrainingStep>;

/// All versions, each with what the ones before it gained: for a network `n`, its optimiser `o` and
/// mini-batches of up to `m` examples.
///
/// [In the book](../../../book/chapter_06.html#what-must-come-true)
// ANCHOR: ladder
pub const LADDER: [Variant; 5] = [
    Variant { name: "chapter 5", begin: |n, o, _, _| Box::new(Plain::new(n, o)) },
    Variant { name: "in place", begin: |n, o, m, _| Box::new(InPlace::new(n, o, m)) },
    Variant { name: "tiles", begin: |n, o, m, width| Box::new(Tiles::new(n, o, m, width)) },
    Variant { name: "vectors", begin: |n, o, m, width| Box::new(Vectors::new(n, o, m, width)) },
    Variant { name: "no blank pixels", begin: |n, o, m, w| Box::new(Stepper::new(n, o, m, w)) },
];
// ANCHOR_END: ladder

#[cfg(test)]
mod tests;
