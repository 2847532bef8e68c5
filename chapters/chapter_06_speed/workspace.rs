use crate::chapters::chapter_05_mnist::{Layer, Network};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder, s};
use std::iter;

/// Where all that a mini-batch gives rise to is written: asked for once, used in every step.
///
/// The examples stand row by row, as they were handed in. What belongs to units stands column by
/// column: what one unit says of all examples is side by side, and so are its weights.
pub struct Workspace {
    /// How many rows the mini-batch has; the last one of an epoch may fill only a part.
    pub m: usize,
    /// The examples, and what each layer's units say of them, the last layer excepted.
    seen: Vec<Array2<f32>>,
    /// `∂J/∂z` of each layer; on the way there, the last one holds the outputs.
    deltas: Vec<Array2<f32>>,
    /// The gradient.
    pub gradient: Vec<Layer<f32>>,
}

impl Workspace {
    /// Room for a network and `m` examples at most.
    pub fn new(network: &Network<f32>, m: usize) -> Self {
        let units = network.layers.iter().map(|layer| layer.w.ncols());
        let deltas: Vec<_> = units.map(|units| Array2::zeros((m, units).f())).collect();
        let x = Array2::zeros((m, network.layers[0].w.nrows()));
        let hidden = &deltas[..deltas.len() - 1];
        Self {
            m,
            seen: iter::once(x).chain(hidden.iter().cloned()).collect(),
            deltas,
            gradient: zeros(network),
        }
    }

    /// The examples, to be filled in.
    pub fn x(&mut self) -> ArrayViewMut2<'_, f32> {
        self.seen[0].slice_mut(s![..self.m, ..])
    }

    /// What layer `l` sees, and where its units answer.
    pub fn forward(&mut self, l: usize) -> (ArrayView2<'_, f32>, ArrayViewMut2<'_, f32>) {
        let (before, after) = self.seen.split_at_mut(l + 1);
        let answer = after.first_mut().unwrap_or(&mut self.deltas[l]);
        (before[l].slice(s![..self.m, ..]), answer.slice_mut(s![..self.m, ..]))
    }

    /// The outputs, which become the last delta.
    pub fn outputs(&mut self) -> ArrayViewMut2<'_, f32> {
        let last = self.deltas.last_mut().expect("a network has layers");
        last.slice_mut(s![..self.m, ..])
    }

    /// The delta of layer `l`, what that layer saw, and where the delta below goes.
    pub fn backward(
        &mut self,
        l: usize,
    ) -> (ArrayView2<'_, f32>, ArrayView2<'_, f32>, ArrayViewMut2<'_, f32>) {
        let (below, delta) = self.deltas.split_at_mut(l);
        let rows = s![..self.m, ..];
        (delta[0].slice(rows), self.seen[l].slice(rows), below[l - 1].slice_mut(rows))
    }

    /// What layer `l` saw, its delta, and where its gradient goes.
    pub fn gradient(
        &mut self,
        l: usize,
    ) -> (ArrayView2<'_, f32>, ArrayView2<'_, f32>, &mut Layer<f32>) {
        let rows = s![..self.m, ..];
        (self.seen[l].slice(rows), self.deltas[l].slice(rows), &mut self.gradient[l])
    }
}

/// Layers of the same shapes, all 0, with each unit's weights side by side.
fn zeros(network: &Network<f32>) -> Vec<Layer<f32>> {
    let mut zeros = network.zeros();
    by_units(&mut zeros);
    zeros
}

/// Sets each unit's weights side by side.
pub fn by_units(layers: &mut [Layer<f32>]) {
    for layer in layers {
        let mut w = Array2::zeros(layer.w.raw_dim().f());
        w.assign(&layer.w);
        layer.w = w;
    }
}
