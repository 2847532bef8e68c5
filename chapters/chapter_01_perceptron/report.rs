use crate::report::Raster;
use serde::{Deserialize, Serialize};

/// What chapter 1 found out. `--epochs` sets how often all examples are shown at the most.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// Share of held-out digits told apart rightly.
    pub zero_or_one_accuracy: f64,
    /// AND, OR, NAND and XOR.
    pub gates: Vec<Gate>,
    /// Mistakes on separable clouds, against Novikoff's bound.
    pub margins: Vec<Margin>,
    /// Zeros and ones.
    pub digits: ZeroOrOne,
}

/// A perceptron that learned a logic gate, or did not.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct Gate {
    /// The gate's name.
    pub name: String,
    /// What it says to 00, 01, 10 and 11.
    pub outputs: [f64; 4],
    /// Whether an epoch went by without a mistake.
    pub learned: bool,
    /// Mistakes in each epoch, out of four.
    pub mistakes: Vec<usize>,
    /// `[w1, w2, b]` after each update.
    pub lines: Vec<[f64; 3]>,
}

/// Perceptrons that learned to separate two clouds with a gap of known width between them.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct Margin {
    /// Distance `γ` of the nearest point from the separating line.
    pub margin: f64,
    /// Novikoff's bound on the number of mistakes, the smallest over the seeds.
    pub bound: f64,
    /// The number of mistakes made, one per seed.
    pub mistakes: Vec<usize>,
}

/// A perceptron that tells a 0 from a 1.
///
/// [In the book](../../../book/chapter_01.html)
#[derive(Deserialize, Serialize)]
pub struct ZeroOrOne {
    /// Whose handwriting.
    pub source: String,
    /// How many digits it learned from.
    pub learned_from: usize,
    /// How many others it was judged by.
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
