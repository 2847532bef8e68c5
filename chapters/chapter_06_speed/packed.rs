use super::blocked::Blocked;
use crate::chapter_05_mnist::Layer;

/// A layer of chapter 5, packed in the order of the kernels; a gradient or a running mean has the same
/// parts.
pub struct Packed {
    /// A row for each unit.
    pub w: Blocked,
    /// Biases.
    pub b: Vec<f32>,
}

impl Packed {
    /// Packs a layer.
    pub fn new(layer: &Layer<f32>) -> Self {
        let (n, units) = layer.w.dim();
        let w = Blocked::from_fn(units, n, |unit, k| layer.w[[k, unit]]);
        Self { w, b: layer.b.to_vec() }
    }

    /// Unpacks it into a layer of chapter 5.
    pub fn write_to(&mut self, layer: &mut Layer<f32>) {
        self.w.for_each(|unit, k, w| layer.w[[k, unit]] = *w);
        layer.b.iter_mut().zip(&self.b).for_each(|(to, &b)| *to = b);
    }
}
