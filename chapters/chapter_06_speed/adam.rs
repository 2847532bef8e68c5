use super::{blocks::IN_ONE_PIECE, rung::Rung, workspace::zeros};
use crate::chapters::chapter_05_mnist::{Layer, Network};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use rayon::prelude::*;

/// How many units of a layer are updated at a time: the gradient of their weights fits in a core's
/// own cache, and there are more such blocks than cores.
const UNITS: usize = 128;

/// Chapter 5's Adam, to be told one layer at a time.
pub struct Adam {
    weight_decay: f64,
    /// How many steps have been taken.
    t: i32,
    /// Running means of the gradient.
    m: Vec<Layer<f32>>,
    /// Running means of the squared gradient.
    v: Vec<Layer<f32>>,
}

/// What one step does to every weight alike.
#[derive(Clone, Copy)]
pub struct Pace {
    /// What weight decay leaves of a weight.
    keep: f32,
    learning_rate: f32,
    /// `1 / (1 - β1ᵗ)`.
    correction1: f32,
    /// `1 / (1 - β2ᵗ)`.
    correction2: f32,
}

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

impl Adam {
    pub fn new(network: &Network<f32>, weight_decay: f64) -> Self {
        Self { weight_decay, t: 0, m: zeros(network), v: zeros(network) }
    }

    /// Begins a step.
    pub fn pace(&mut self, learning_rate: f64) -> Pace {
        self.t += 1;
        Pace {
            keep: (1.0 - learning_rate * self.weight_decay) as f32,
            learning_rate: learning_rate as f32,
            correction1: (1.0 / (1.0 - 0.9_f64.powi(self.t))) as f32,
            correction2: (1.0 / (1.0 - 0.999_f64.powi(self.t))) as f32,
        }
    }

    /// Works out the gradient of layer `l`, from what the layer saw and its delta, and moves every
    /// weight of it once: block by block, on all cores.
    // ANCHOR: step
    pub fn step(
        &mut self,
        rung: Rung,
        (l, pace): (usize, Pace),
        layer: &mut Layer<f32>,
        (seen, delta, g): (ArrayView2<f32>, ArrayView2<f32>, &mut Layer<f32>),
    ) {
        let (m, v) = (&mut self.m[l], &mut self.v[l]);
        let units = if rung < Rung::Vectors { layer.b.len() } else { UNITS };
        let [w, m_w, v_w, g_w] = [&mut layer.w, &mut m.w, &mut v.w, &mut g.w]
            .map(|w| w.axis_chunks_iter_mut(Axis(1), units).into_par_iter());
        let deltas = delta.axis_chunks_iter(Axis(1), units).into_par_iter();
        (deltas, w, m_w, v_w, g_w).into_par_iter().for_each(|(delta, w, m, v, mut g)| {
            rung.product(seen.t(), delta, g.view_mut());
            pace.update(rung, [w, m, v, g]);
        });
        g.b.assign(&delta.sum_axis(Axis(0)));
        let parts = [&mut layer.b, &mut m.b, &mut v.b, &mut g.b];
        let pace = Pace { keep: 1.0, ..pace };
        pace.update(rung, parts.map(|b| b.view_mut().insert_axis(Axis(1))));
    }
    // ANCHOR_END: step
}

impl Pace {
    fn update(self, rung: Rung, parts: [ArrayViewMut2<f32>; 4]) {
        let slices = parts.map(|part| part.reversed_axes().into_slice().expect(IN_ONE_PIECE));
        rung.pass(|| self.update_each(slices));
    }

    /// As chapter 5 does; the weight decay is in the same pass.
    // ANCHOR: update
    #[inline(always)]
    fn update_each(self, [w, m, v, g]: [&mut [f32]; 4]) {
        for (((w, m), v), &mut g) in w.iter_mut().zip(m).zip(v).zip(g) {
            *m = flush(BETA1 * *m + (1.0 - BETA1) * g);
            *v = flush(BETA2 * *v + (1.0 - BETA2) * g * g);
            let m_hat = *m * self.correction1;
            let v_hat = *v * self.correction2;
            *w = self.keep * *w - self.learning_rate * m_hat / (v_hat.sqrt() + EPSILON);
        }
    }
    // ANCHOR_END: update
}

/// Chapter 5's, for the compiler to make vectors of.
#[inline(always)]
fn flush(value: f32) -> f32 {
    if value.abs() < 1e-30 { 0.0 } else { value }
}
