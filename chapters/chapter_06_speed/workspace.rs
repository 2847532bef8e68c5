use super::panel::Panel;
use crate::chapter_05_mnist::{Layer, Network};
use ndarray::{Array2, ShapeBuilder};

/// Where all that a mini-batch gives rise to is written: asked for once, used in every step.
pub struct Workspace {
    /// What each layer sees, a row for each unit before it.
    pub by_unit: Vec<Panel>,
    /// The same, a row for each example.
    pub by_example: Vec<Panel>,
    /// `∂J/∂z` of each layer, a row for each unit; on the way there, the last one holds the outputs.
    pub deltas: Vec<Panel>,
}

impl Workspace {
    /// Room for a network and `m` examples at most.
    pub fn new(network: &Network<f32>, m: usize) -> Self {
        let of_layers = |panel: &dyn Fn(usize, usize) -> Panel| {
            network.layers.iter().map(|layer| panel(layer.w.nrows(), layer.w.ncols())).collect()
        };
        Self {
            by_unit: of_layers(&|seen, _| Panel::new(seen, m)),
            by_example: of_layers(&|seen, _| Panel::new(m, seen)),
            deltas: of_layers(&|_, units| Panel::new(units, m)),
        }
    }
}

/// Sets each unit's weights side by side.
pub fn by_units(layers: &mut [Layer<f32>]) {
    for layer in layers {
        let mut w = Array2::zeros(layer.w.raw_dim().f());
        w.assign(&layer.w);
        layer.w = w;
    }
}
