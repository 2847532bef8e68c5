//! Proof by arithmetic: a gradient is compared with how the cost itself changes.
//!
//! The central difference `(J(θ + ε) - J(θ - ε)) / 2ε` differs from the true derivative by a
//! truncation error that falls with ε² and a rounding error that grows with 1/ε (Nocedal & Wright,
//! *Numerical Optimization*, 2006, section 8.1). In between lies a best step, which differs from
//! block to block: [`table`] tries several and keeps the best.
//!
//! [In the book](../../../book/chapter_02.html#how-do-we-know-that-the-gradient-is-right)

use ndarray::{Array1, ArrayView1};
use serde::{Deserialize, Serialize};

/// A named run of parameters within the unrolled vector, such as `w1`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The book's symbol for it.
    pub name: String,
    /// How many parameters it holds.
    pub len: usize,
}

impl Block {
    /// A run of `len` parameters.
    pub fn new(name: impl Into<String>, len: usize) -> Self {
        Self { name: name.into(), len }
    }
}

/// How far one block's analytic gradient is from its numerical one.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    /// The block's name.
    pub block: String,
    /// How many parameters it holds.
    pub parameters: usize,
    /// Euclidean norm of the analytic gradient.
    pub norm: f64,
    /// The largest difference between an analytic and a numerical component.
    pub largest_difference: f64,
    /// `‖analytic - numerical‖ / (‖analytic‖ + ‖numerical‖)`, 0 where both vanish.
    pub relative_error: f64,
    /// The step ε at which the relative error was smallest.
    pub step: f64,
}

/// The steps that are tried, from where truncation error dominates to where rounding error does.
const STEPS: [f64; 5] = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7];

/// Compares `gradient`, taken at `theta`, with central differences of `cost`, block by block.
///
/// `theta` and `gradient` have the shape `(parameters,)`; `blocks` name consecutive runs of it.
///
/// [In the book](../../../book/chapter_02.html#how-do-we-know-that-the-gradient-is-right)
pub fn table(
    blocks: &[Block],
    theta: ArrayView1<f64>,
    gradient: ArrayView1<f64>,
    cost: impl Fn(ArrayView1<f64>) -> f64,
) -> Vec<Row> {
    let numerical = STEPS.map(|step| (step, central_differences(theta, step, &cost)));
    let starts = blocks.iter().scan(0, |start, block| {
        *start += block.len;
        Some(*start - block.len)
    });
    blocks
        .iter()
        .zip(starts)
        .filter_map(|(block, start)| {
            let range = ndarray::s![start..start + block.len];
            numerical
                .iter()
                .map(|(step, n)| row(block, gradient.slice(range), n.slice(range), *step))
                .min_by(|a, b| a.relative_error.total_cmp(&b.relative_error))
        })
        .collect()
}

/// The numerical gradient of `cost` at `theta`, shape `(parameters,)`.
///
/// [In the book](../../../book/chapter_02.html#how-do-we-know-that-the-gradient-is-right)
// ANCHOR: central_differences
pub fn central_differences(
    theta: ArrayView1<f64>,
    step: f64,
    cost: impl Fn(ArrayView1<f64>) -> f64,
) -> Array1<f64> {
    let mut moved = theta.to_owned();
    (0..theta.len())
        .map(|i| {
            moved[i] = theta[i] + step;
            let above = cost(moved.view());
            moved[i] = theta[i] - step;
            let below = cost(moved.view());
            moved[i] = theta[i];
            (above - below) / (2.0 * step)
        })
        .collect()
}
// ANCHOR_END: central_differences

// ANCHOR: relative_error
fn row(block: &Block, analytic: ArrayView1<f64>, numerical: ArrayView1<f64>, step: f64) -> Row {
    let difference = &analytic - &numerical;
    let scale = norm(analytic) + norm(numerical);
    Row {
        block: block.name.clone(),
        parameters: block.len,
        norm: norm(analytic),
        largest_difference: difference.iter().fold(0.0, |most, d| d.abs().max(most)),
        relative_error: if scale > 0.0 { norm(difference.view()) / scale } else { 0.0 },
        step,
    }
}
// ANCHOR_END: relative_error

/// Euclidean norm.
pub fn norm(vector: ArrayView1<f64>) -> f64 {
    vector.dot(&vector).sqrt()
}

/// The rows as a Markdown table, for the book and for the messages of tests.
pub fn markdown(rows: &[Row]) -> String {
    let head = "| block | parameters | norm | largest difference | relative error | step |\n\
                | --- | ---: | ---: | ---: | ---: | ---: |\n";
    let lines = rows.iter().map(|row| {
        let Row { block, parameters, norm, largest_difference, relative_error, step } = row;
        format!(
            "| {block} | {parameters} | {norm:.3e} | {largest_difference:.1e} | \
             {relative_error:.1e} | {step:.0e} |\n"
        )
    });
    head.to_owned() + &lines.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn blocks() -> [Block; 2] {
        [Block::new("w", 2), Block::new("b", 1)]
    }

    /// `J = w1² + 3 w1 w2 + e^b`.
    fn cost(theta: ArrayView1<f64>) -> f64 {
        theta[0].powi(2) + 3.0 * theta[0] * theta[1] + theta[2].exp()
    }

    #[test]
    fn right_gradient_passes() {
        let theta = array![2.0, -1.0, 0.5];
        let gradient = array![1.0, 6.0, 0.5_f64.exp()];
        let rows = table(&blocks(), theta.view(), gradient.view(), cost);
        assert!(rows.iter().all(|row| row.relative_error < 1e-9), "{}", markdown(&rows));
    }

    #[test]
    fn wrong_sign_in_one_block_shows_in_that_block_alone() {
        let theta = array![2.0, -1.0, 0.5];
        let gradient = array![1.0, 6.0, -0.5_f64.exp()];
        let rows = table(&blocks(), theta.view(), gradient.view(), cost);
        assert!(rows[0].relative_error < 1e-9, "{}", markdown(&rows));
        assert!(rows[1].relative_error > 0.99, "{}", markdown(&rows));
    }

    #[test]
    fn vanishing_gradient_has_no_error() {
        let zero = array![0.0, 0.0, 0.0];
        let rows = table(&blocks(), zero.view(), zero.view(), |_| 1.0);
        assert!(rows.iter().all(|row| row.relative_error == 0.0));
    }
}
