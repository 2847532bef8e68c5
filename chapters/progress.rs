//! How a long task reports its progress. Nothing here prints.
//!
//! [In the book](../../../book/opening.html#how-do-i-read-it)

/// One step of a long task is done.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// What is being trained, such as `784-500-600-300-10, ReLU`.
    pub task: &'a str,
    /// What is counted: `epoch`, `iteration`, `run`.
    pub unit: &'static str,
    /// How many are done.
    pub done: usize,
    /// How many there will be.
    pub total: usize,
    /// The cost now, for tasks that have one.
    pub cost: Option<f64>,
}

/// Receives every step of every task; tasks may run side by side.
pub type Watch<'a> = &'a (dyn Fn(&Step) + Sync);

/// For callers that do not want to watch.
pub fn unwatched(_: &Step) {}
