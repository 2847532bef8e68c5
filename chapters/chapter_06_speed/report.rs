use serde::{Deserialize, Serialize};

/// What chapter 6 measured, on the machine that made this report. Seconds per epoch are scaled up from
/// slices of one.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Deserialize, Serialize)]
pub struct Report {
    /// The processor.
    pub processor: String,
    /// The width of the vectors in use.
    pub vectors: String,
    /// The number of cores in use.
    pub cores: usize,
    /// Layers of the network.
    pub sizes: String,
    /// Examples in a mini-batch.
    pub mini_batch: usize,
    /// Examples of an epoch: as many as MNIST has.
    pub epoch: usize,
    /// Billions of additions and multiplications in the matrix products of an epoch.
    pub operations: f64,
    /// How far the last version's weights are from chapter 5's after some steps, relative to their size.
    pub difference: f64,
    /// Billions of operations per second that one core reaches at most with the vectors in use, measured
    /// by independent multiply-adds.
    pub peak: f64,
    /// Billions of bytes per second that a loop can read and write on one core.
    pub bandwidth: f64,
    /// Chapter 5's code, and each version after it.
    pub rungs: Vec<VariantTimes>,
    /// Seconds per epoch that the matrix products alone take on one core.
    pub products_alone: f64,
    /// Seconds per epoch that Adam alone takes on one core, given the gradient.
    pub update_alone: f64,
    /// Microseconds to read a single digit, on one core.
    pub one_digit: f64,
    /// The products of a step on one core, at each width of vectors that the processor has, the
    /// narrowest first.
    pub widths: Vec<OfWidth>,
    /// Seconds per epoch on all cores, for mini-batches of different size.
    pub by_mini_batch: Vec<Timed>,
    /// The same for two hidden layers of different width.
    pub by_width: Vec<Timed>,
    /// Seconds that different numbers of examples take, not scaled up.
    pub by_examples: Vec<Timed>,
}

/// How fast a version of the training step is.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct VariantTimes {
    /// What is new in it.
    pub name: String,
    /// Seconds per epoch on one core.
    pub one_core: f64,
    /// Seconds per epoch on all.
    pub all_cores: f64,
    /// The share of one core's peak that it reaches.
    pub share_of_peak: f64,
}

/// How fast the products of a step are at one width of vectors, on one core.
///
/// [In the book](../../../book/chapter_06.html#which-vectors)
#[derive(Clone, Deserialize, Serialize)]
pub struct OfWidth {
    /// Which width, such as `avx2`.
    pub width: String,
    /// Billions of operations per second of independent multiply-adds.
    pub peak: f64,
    /// How long all products of a step take, in milliseconds.
    pub milliseconds: f64,
    /// How long `ndarray` takes for them in the same minute, with the vectors that it chooses.
    pub ndarray_milliseconds: f64,
    /// The share of the peak that they reach.
    pub share_of_peak: f64,
    /// The same for the products forward, back and for the gradient.
    pub share_by_role: [f64; 3],
    /// Our time as a multiple of `ndarray`'s, for the same three.
    pub against_ndarray_by_role: [f64; 3],
    /// Each product.
    pub products: Vec<ProductSpeed>,
}

/// How fast one product is.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Clone, Deserialize, Serialize)]
pub struct ProductSpeed {
    /// Which, such as `forward, 784 to 500`.
    pub name: String,
    /// Operations for each byte that has to be read or written at least once.
    pub intensity: f64,
    /// Billions of operations per second.
    pub speed: f64,
    /// How long it takes, in seconds.
    pub seconds: f64,
}

/// How long something takes.
///
/// [In the book](../../../book/chapter_06.html)
#[derive(Clone, Copy, Deserialize, Serialize)]
pub struct Timed {
    /// How many there are of what is varied.
    pub count: usize,
    /// Seconds that it takes.
    pub seconds: f64,
    /// Billions of operations of the matrix products.
    pub operations: f64,
}
