use ndarray::Array1;
use std::collections::VecDeque;

/// What a step taught: the gradient changed by `y` along `s`.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#why-is-the-gradient-a-poor-guide)
#[derive(Clone, Debug)]
pub struct CurvaturePair {
    /// The step, shape `(parameters,)`.
    pub s: Array1<f64>,
    /// The change of the gradient, shape `(parameters,)`.
    pub y: Array1<f64>,
    /// `1 / (s·y)`
    pub rho: f64,
}

/// Keeps a curvature pair with at most `capacity - 1` older ones, unless the cost curves downwards
/// along it: a pair with `s·y ≤ 0` would turn the next direction uphill. Says whether it was kept.
// ANCHOR: remember
pub(super) fn remember(
    memory: &mut VecDeque<CurvaturePair>,
    capacity: usize,
    s: Array1<f64>,
    y: Array1<f64>,
) -> bool {
    let curvature = s.dot(&y);
    if curvature <= f64::EPSILON * y.dot(&y) {
        return false;
    }
    if memory.len() == capacity {
        memory.pop_front();
    }
    let rho = 1.0 / curvature;
    memory.push_back(CurvaturePair { s, y, rho });
    true
}
// ANCHOR_END: remember

/// The inverse Hessian that the remembered steps suggest, times `q`, without ever forming it
/// (Nocedal & Wright, algorithm 7.4).
// ANCHOR: two_loop
pub(super) fn two_loop(memory: &VecDeque<CurvaturePair>, mut q: Array1<f64>) -> Array1<f64> {
    // From the newest pair to the oldest: take out what each step already explains.
    let mut alphas = Vec::with_capacity(memory.len());
    for CurvaturePair { s, y, rho } in memory.iter().rev() {
        let alpha = rho * s.dot(&q);
        q.scaled_add(-alpha, y);
        alphas.push(alpha);
    }
    // Scale by the curvature of the newest step (equation 7.20).
    if let Some(CurvaturePair { y, rho, .. }) = memory.back() {
        q /= rho * y.dot(y);
    }
    // From the oldest pair to the newest: put it back, divided by its curvature.
    for (CurvaturePair { s, y, rho }, alpha) in memory.iter().zip(alphas.into_iter().rev()) {
        let beta = rho * y.dot(&q);
        q.scaled_add(alpha - beta, s);
    }
    q
}
// ANCHOR_END: two_loop
