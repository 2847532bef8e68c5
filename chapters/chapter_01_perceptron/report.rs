use crate::report::Raster;
use serde::{Deserialize, Serialize};

/// What chapter 1 found. `--epochs` sets how many epochs there are at most.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Accuracy on the held-out zeros and ones.
    pub zero_or_one_accuracy: f64,
    /// AND, OR, NAND and XOR.
    pub gates: Vec<Gate>,
    /// Mistakes on separable clouds, compared with Novikoff's bound.
    pub margins: Vec<Margin>,
    /// The perceptron that tells a 0 from a 1.
    pub digits: ZeroOrOne,
}

/// A perceptron that learned a logic gate, or failed to.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct Gate {
    /// The gate's name.
    pub name: String,
    /// Its outputs for the inputs 00, 01, 10 and 11.
    pub outputs: [f64; 4],
    /// Whether an epoch went by without a mistake.
    pub learned: bool,
    /// Mistakes in each epoch, out of four.
    pub mistakes: Vec<usize>,
    /// `[w1, w2, b]` after each update.
    pub lines: Vec<[f64; 3]>,
}

/// Perceptrons that learned to separate two clouds of points with a known margin.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct Margin {
    /// The margin `γ`: no point is nearer to the separating line. The gap is twice as wide.
    pub margin: f64,
    /// Novikoff's bound on the number of mistakes, the smallest over the seeds.
    pub bound: f64,
    /// The number of mistakes made, for each seed.
    pub mistakes: Vec<usize>,
}

/// A perceptron that tells a 0 from a 1.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct ZeroOrOne {
    /// Where the digits come from.
    pub source: String,
    /// How many digits it learned from.
    pub learned_from: usize,
    /// How many others it was tested on.
    pub held_out: usize,
    /// Mistakes in each epoch.
    pub mistakes: Vec<usize>,
    /// The weight of each pixel.
    pub weights: Raster,
}

impl Margin {
    /// The largest number of mistakes as a share of the bound.
    pub fn fraction_of_bound(&self) -> f64 {
        self.mistakes.iter().max().map_or(0.0, |&most| most as f64 / self.bound)
    }
}
