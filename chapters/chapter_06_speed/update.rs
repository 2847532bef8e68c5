use super::{
    blocks::{IN_ONE_PIECE, least_blocks, width},
    rung::Rung,
};
use crate::chapters::chapter_05_mnist::{Adam, Layer, flush};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use rayon::prelude::*;

/// Into how many blocks of units an update is cut: the gradient of a block's weights fits in a core's
/// own cache.
const BLOCKS: usize = 4;

/// What one step of Adam does to every weight alike.
///
/// [In the book](../../../../book/chapter_06.html#and-the-rest)
#[derive(Clone, Copy)]
pub struct Pace {
    beta1: f32,
    beta2: f32,
    epsilon: f32,
    learning_rate: f32,
    /// What weight decay leaves of a weight.
    keep: f32,
    /// The price of weights in the cost, `λ/m`.
    price: f32,
    /// `1 / (1 - β1ᵗ)`.
    correction1: f32,
    /// `1 / (1 - β2ᵗ)`.
    correction2: f32,
}

/// What a layer saw, its delta, and where its gradient goes.
pub type Backward<'a> = (ArrayView2<'a, f32>, ArrayView2<'a, f32>, &'a mut Layer<f32>);

/// Works out the gradient of a layer.
pub fn gradient(rung: Rung, (seen, delta, g): Backward) {
    rung.product(seen.t(), delta, g.w.view_mut());
    g.b.assign(&delta.sum_axis(Axis(0)));
}

impl Pace {
    /// Begins a step.
    pub fn of(adam: &mut Adam<f32>, learning_rate: f64, price: f64) -> Self {
        adam.t += 1;
        let correction = |beta: f64| (1.0 / (1.0 - beta.powi(adam.t))) as f32;
        Self {
            beta1: adam.beta1 as f32,
            beta2: adam.beta2 as f32,
            epsilon: adam.epsilon as f32,
            learning_rate: learning_rate as f32,
            keep: (1.0 - learning_rate * adam.weight_decay) as f32,
            price: price as f32,
            correction1: correction(adam.beta1),
            correction2: correction(adam.beta2),
        }
    }

    /// Works out the gradient of layer `l` and moves every weight of it once: block by block, on all
    /// cores.
    pub fn step(
        self,
        rung: Rung,
        adam: &mut Adam<f32>,
        (l, layer): (usize, &mut Layer<f32>),
        (seen, delta, g): Backward,
    ) {
        let (m, v) = (&mut adam.m[l], &mut adam.v[l]);
        let units = if rung < Rung::Vectors { layer.b.len() } else { width(layer.b.len(), BLOCKS) };
        let least = least_blocks(seen.len() * delta.ncols());
        let [w, m_w, v_w, g_w] = [&mut layer.w, &mut m.w, &mut v.w, &mut g.w]
            .map(|w| w.axis_chunks_iter_mut(Axis(1), units).into_par_iter());
        let deltas = delta.axis_chunks_iter(Axis(1), units).into_par_iter();
        let blocks = deltas.zip(w).zip(m_w).zip(v_w).zip(g_w).with_min_len(least);
        blocks.for_each(|((((delta, w), m), v), mut g)| {
            rung.product(seen.t(), delta, g.view_mut());
            self.update(rung, [w, m, v, g]);
        });
        g.b.assign(&delta.sum_axis(Axis(0)));
        let parts = [&mut layer.b, &mut m.b, &mut v.b, &mut g.b];
        let free = Self { keep: 1.0, price: 0.0, ..self };
        free.update(rung, parts.map(|b| b.view_mut().insert_axis(Axis(1))));
    }

    fn update(self, rung: Rung, parts: [ArrayViewMut2<f32>; 4]) {
        let slices = parts.map(|part| part.reversed_axes().into_slice().expect(IN_ONE_PIECE));
        rung.pass(|| self.update_each(slices));
    }

    /// As chapter 5 does; both prices of weights are in the same pass.
    // ANCHOR: update
    #[inline(always)]
    fn update_each(self, [w, m, v, g]: [&mut [f32]; 4]) {
        for (((w, m), v), &mut g) in w.iter_mut().zip(m).zip(v).zip(g) {
            let g = squarable(g + self.price * *w);
            *m = flush(self.beta1 * *m + (1.0 - self.beta1) * g);
            *v = flush(self.beta2 * *v + (1.0 - self.beta2) * g * g);
            let m_hat = *m * self.correction1;
            let v_hat = *v * self.correction2;
            *w = self.keep * *w - self.learning_rate * m_hat / (v_hat.sqrt() + self.epsilon);
        }
    }
    // ANCHOR_END: update
}

/// 0 in place of numbers whose squares would be subnormal: to meet one takes a processor as long as
/// to learn from a hundred others.
#[inline(always)]
fn squarable(g: f32) -> f32 {
    if g.abs() < 1e-15 { 0.0 } else { g }
}
