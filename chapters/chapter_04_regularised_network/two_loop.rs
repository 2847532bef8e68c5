use ndarray::Array1;
use std::collections::VecDeque;

/// A step `s`, and how the gradient changed along it, `y`.
///
/// [In the book](../../../book/chapter_04_lbfgs.html#what-does-a-step-teach)
#[derive(Clone, Debug)]
pub struct CurvaturePair {
    /// The step, shape `(parameters,)`.
    pub s: Array1<f64>,
    /// The change of the gradient, shape `(parameters,)`.
    pub y: Array1<f64>,
    /// `1 / (s·y)`
    pub rho: f64,
}

/// Remembers a curvature pair and the `capacity - 1` before it. A pair with `s·y ≤ 0` is refused,
/// since it could turn the next direction uphill; so is one with `s·y ≤ ε y·y`, whose curvature is
/// lost in rounding. Returns whether the pair was kept.
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

/// The product of the approximate inverse Hessian and `q`, without forming the matrix (Nocedal &
/// Wright, algorithm 7.4).
// ANCHOR: two_loop
pub(super) fn two_loop(memory: &VecDeque<CurvaturePair>, mut q: Array1<f64>) -> Array1<f64> {
    // From the newest pair to the oldest: take out what each pair explains
    let mut alphas = Vec::with_capacity(memory.len());
    for CurvaturePair { s, y, rho } in memory.iter().rev() {
        let alpha = rho * s.dot(&q);
        q.scaled_add(-alpha, y);
        alphas.push(alpha);
    }
    // First guess: γ = (s·y) / (y·y) of the newest pair
    if let Some(CurvaturePair { y, rho, .. }) = memory.back() {
        q /= rho * y.dot(y);
    }
    // From the oldest pair to the newest: put in what each pair says instead
    for (CurvaturePair { s, y, rho }, alpha) in memory.iter().zip(alphas.into_iter().rev()) {
        let beta = rho * y.dot(&q);
        q.scaled_add(alpha - beta, s);
    }
    q
}
// ANCHOR_END: two_loop

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    // ANCHOR: by_hand
    #[test]
    fn two_pairs_are_as_worked_out_by_hand() {
        let mut memory = VecDeque::new();
        assert!(remember(&mut memory, 2, array![1.0, 1.0], array![1.0, 3.0]));
        assert!(remember(&mut memory, 2, array![1.0, 0.0], array![1.0, 0.0]));
        let found = two_loop(&memory, array![2.0, 3.0]);
        assert!((found - array![2.0, 9.0 / 8.0]).iter().all(|d| d.abs() < 1e-12));
    }
    // ANCHOR_END: by_hand

    #[test]
    fn newest_pair_satisfies_the_secant_equation() {
        let mut memory = VecDeque::new();
        for (s, y) in [([1.0, 1.0], [1.0, 3.0]), ([2.0, -1.0], [2.0, -3.0])] {
            assert!(remember(&mut memory, 2, Array1::from_iter(s), Array1::from_iter(y)));
        }
        let CurvaturePair { s, y, .. } = &memory[1];
        assert!((two_loop(&memory, y.clone()) - s).iter().all(|d| d.abs() < 1e-12));
    }
}
