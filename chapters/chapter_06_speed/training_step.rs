use crate::chapter_05_mnist::{Network, Optimiser, TrainStep};

/// A version of chapter 5's training step, with the network that it trains.
///
/// [In the book](../../../book/chapter_06.html#what-must-come-true)
pub trait TrainingStep: TrainStep<f32> + Send {
    /// Writes back what has been learned.
    fn write_to(&mut self, network: &mut Network<f32>, optimiser: &mut Optimiser<f32>);
}
