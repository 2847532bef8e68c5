use crate::chapter_05_mnist::{Adam, flush_denormals};

/// What one step of an optimiser does to every weight.
///
/// [In the book](../../../book/chapter_06.html#and-the-rest)
#[derive(Clone, Copy)]
pub enum Rule {
    /// Gradient descent, with momentum or without.
    Momentum(MomentumStep),
    /// Adam.
    Adam(AdamStep),
}

/// A step of [`Momentum`](crate::chapter_05_mnist::Momentum).
#[derive(Clone, Copy)]
pub struct MomentumStep {
    beta: f32,
    learning_rate: f32,
    /// Strength of the L2 penalty in the cost, `λ/m`.
    l2: f32,
}

/// A step of [`Adam`].
#[derive(Clone, Copy)]
pub struct AdamStep {
    beta1: f32,
    beta2: f32,
    epsilon: f32,
    learning_rate: f32,
    /// What weight decay leaves of a weight.
    keep: f32,
    /// Strength of the L2 penalty in the cost, `λ/m`.
    l2: f32,
    /// `1 / (1 - β1ᵗ)`.
    correction1: f32,
    /// `1 / (1 - β2ᵗ)`.
    correction2: f32,
}

impl MomentumStep {
    /// Begins a step; `l2` is the strength of the L2 penalty in the cost, `λ/m`.
    pub fn new(beta: f64, learning_rate: f64, l2: f64) -> Self {
        Self { beta: beta as f32, learning_rate: learning_rate as f32, l2: l2 as f32 }
    }

    /// The same for biases, which have no L2 penalty.
    pub fn of_biases(self) -> Self {
        Self { l2: 0.0, ..self }
    }

    /// Moves some weights as chapter 5 does.
    #[inline(always)]
    pub fn update(self, [w, velocity]: [&mut [f32]; 2], g: &[f32]) {
        let (w, v) = (&mut w[..g.len()], &mut velocity[..g.len()]);
        for i in 0..g.len() {
            v[i] = flush_denormals(self.beta * v[i] + (g[i] + self.l2 * w[i]));
            w[i] -= self.learning_rate * v[i];
        }
    }
}

impl AdamStep {
    /// Begins a step; `l2` is the strength of the L2 penalty in the cost, `λ/m`.
    pub fn next(adam: &mut Adam<f32>, learning_rate: f64, l2: f64) -> Self {
        adam.t += 1;
        let correction = |beta: f64| (1.0 / (1.0 - beta.powi(adam.t))) as f32;
        Self {
            beta1: adam.beta1 as f32,
            beta2: adam.beta2 as f32,
            epsilon: adam.epsilon as f32,
            learning_rate: learning_rate as f32,
            keep: (1.0 - learning_rate * adam.weight_decay) as f32,
            l2: l2 as f32,
            correction1: correction(adam.beta1),
            correction2: correction(adam.beta2),
        }
    }

    /// The same for biases, which have neither weight decay nor L2 penalty.
    pub fn of_biases(self) -> Self {
        Self { keep: 1.0, l2: 0.0, ..self }
    }

    /// Moves some weights as chapter 5 does; L2 penalty and weight decay are part of the same pass.
    // ANCHOR: update
    #[inline(always)]
    pub fn update(self, [w, m, v]: [&mut [f32]; 3], g: &[f32]) {
        let (w, m, v) = (&mut w[..g.len()], &mut m[..g.len()], &mut v[..g.len()]);
        for i in 0..g.len() {
            let g = flush_square(g[i] + self.l2 * w[i]);
            m[i] = flush_denormals(self.beta1 * m[i] + (1.0 - self.beta1) * g);
            v[i] = flush_denormals(self.beta2 * v[i] + (1.0 - self.beta2) * g * g);
            let m_hat = m[i] * self.correction1;
            let v_hat = v[i] * self.correction2;
            w[i] = self.keep * w[i] - self.learning_rate * m_hat / (v_hat.sqrt() + self.epsilon);
        }
    }
    // ANCHOR_END: update
}

/// Replaces numbers whose squares would be subnormal by 0: computing with one of those may take as long
/// as with a hundred others.
#[inline(always)]
fn flush_square(g: f32) -> f32 {
    if g.abs() < 1e-15 { 0.0 } else { g }
}
