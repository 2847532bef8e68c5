use super::{
    panel::Strided,
    product::{Factors, Product},
    rung::Rung,
    strips::{MOST_STRIPS, least_strips, with_room},
};
use crate::chapters::chapter_05_mnist::{Activation, Adam, Layer, Network, flush};
use ndarray::{Array2, aview1};
use rayon::prelude::*;

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

/// What the gradient of a layer is made of.
#[derive(Clone, Copy)]
pub struct Backward<'a> {
    /// How many examples.
    pub m: usize,
    /// What the layer saw, a row for each of them.
    pub seen: Strided<'a>,
    /// The layer's delta, a row for each unit.
    pub delta: Strided<'a>,
}

impl Backward<'_> {
    /// Hands out the gradient of the weights, a strip of units at a time, on all cores: `take` gets it
    /// with the strip of `parts` that belongs to the same units.
    fn strips<P: Send>(
        self,
        rung: Rung,
        (n, units): (usize, usize),
        parts: impl IndexedParallelIterator<Item = P>,
        take: impl Fn(P, &mut [f32]) + Sync,
    ) {
        let Self { m: depth, seen: a, delta } = self;
        let at_once = rung.rows_at_once(units);
        let parts = parts.enumerate().with_min_len(least_strips(depth * n * units));
        parts.with_max_len(MOST_STRIPS).for_each(|(i, part)| {
            let rows = at_once.min(units - i * at_once);
            with_room([rows, n], |room| {
                let (b, c) = (Factors::Rows(delta.from(i * at_once)), room.rows_mut(rows));
                rung.product(Product { b, a, depth, columns: n, c, stride: n, rows });
                take(part, &mut c[..rows * n]);
            });
        });
    }

    /// Works out the gradient of a layer.
    pub fn gradient(self, rung: Rung, g: &mut Layer<f32>) {
        let (n, units) = g.w.dim();
        let strips = by_unit(&mut g.w).par_chunks_mut(n * rung.rows_at_once(units));
        self.strips(rung, (n, units), strips, |g, strip| g.copy_from_slice(strip));
        self.biases(g.b.as_slice_mut().expect(BY_UNIT));
    }

    /// The gradient of the biases.
    fn biases(self, g: &mut [f32]) {
        for (g, delta) in g.iter_mut().zip(self.delta.numbers.chunks(self.delta.stride)) {
            *g = aview1(&delta[..self.m]).sum();
        }
    }
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

    /// The first step of an optimiser with the usual settings.
    pub fn first(learning_rate: f64) -> Self {
        let no_network = Network { layers: Vec::new(), activation: Activation::Relu };
        Self::of(&mut Adam::new(&no_network, 0.0), learning_rate, 0.0)
    }

    /// Works out the gradient of layer `l` and moves every weight of it once.
    pub fn step(
        self,
        rung: Rung,
        adam: &mut Adam<f32>,
        (l, layer): (usize, &mut Layer<f32>),
        backward: Backward,
    ) {
        let (n, units) = layer.w.dim();
        let (m, v) = (&mut adam.m[l], &mut adam.v[l]);
        let [w, m_w, v_w] = [&mut layer.w, &mut m.w, &mut v.w]
            .map(|w| by_unit(w).par_chunks_mut(n * rung.rows_at_once(units)));
        backward.strips(rung, (n, units), w.zip(m_w).zip(v_w), |((w, m), v), g| {
            rung.pass(
                #[inline(always)]
                || self.update([w, m, v], g),
            );
        });
        let free = Self { keep: 1.0, price: 0.0, ..self };
        with_room([1, units], |room| {
            let g = &mut room.rows_mut(1)[..units];
            backward.biases(g);
            let [b, m, v] =
                [&mut layer.b, &mut m.b, &mut v.b].map(|b| b.as_slice_mut().expect(BY_UNIT));
            rung.pass(
                #[inline(always)]
                || free.update([b, m, v], g),
            );
        });
    }

    /// As chapter 5 does; both prices of weights are in the same pass.
    // ANCHOR: update
    #[inline(always)]
    pub fn update(self, [w, m, v]: [&mut [f32]; 3], g: &[f32]) {
        for (((w, m), v), &g) in w.iter_mut().zip(m).zip(v).zip(g) {
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

/// The weights of one unit after the other.
fn by_unit(w: &mut Array2<f32>) -> &mut [f32] {
    w.view_mut().reversed_axes().into_slice().expect(BY_UNIT)
}

const BY_UNIT: &str = "what belongs to one unit stands side by side";
