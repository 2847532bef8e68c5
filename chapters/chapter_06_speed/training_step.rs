use crate::chapter_05_mnist::{Examples, Network, Optimiser};

/// A version of chapter 5's training step, at work on a network.
///
/// [In the book](../../../book/chapter_06.html#what-must-come-true)
pub trait TrainingStep: Send {
    /// Learns once from the chosen examples; returns their cost before that. The second of
    /// `step_sizes`, after the learning rate, is the strength of the L2 penalty in the cost, `λ/m`.
    fn step(&mut self, examples: &Examples<f32>, chosen: &[usize], step_sizes: [f64; 2]) -> f64;

    /// Writes back what has been learned.
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>);
}
