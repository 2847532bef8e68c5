//! What reports keep, in the form in which figures want it.

use super::{Axis, DataPoint, Grid, Image, ImageGrid, Pixels, Scale};
use chapters::report::{Map, Raster, Scatter};

impl From<&Map> for Grid {
    fn from(map: &Map) -> Self {
        let side = [-map.reach, map.reach];
        let values = map.raster.values();
        Self { x: side, y: side, columns: values.ncols(), values: values.into_iter().collect() }
    }
}

impl DataPoint {
    /// The examples of a report as points of a figure.
    pub fn of_scatter(scatter: &Scatter) -> Vec<Self> {
        let points = scatter.points.iter().zip(&scatter.labels);
        points.map(|(&at, &class)| Self { at, class: class as u8 }).collect()
    }
}

impl Image {
    /// A picture of a digit.
    pub fn grey(raster: &Raster, caption: String) -> Self {
        let values = raster.values();
        let pixels = Pixels::Grey(values.iter().map(|grey| grey.round() as u8).collect());
        Self { width: values.ncols(), pixels, caption }
    }

    /// A picture of weights.
    pub fn signed(raster: &Raster, caption: String) -> Self {
        let values = raster.values();
        Self {
            width: values.ncols(),
            pixels: Pixels::Signed(values.into_iter().collect()),
            caption,
        }
    }
}

impl ImageGrid {
    /// A sheet of digits, ten in a row.
    pub fn of_digits(title: String, digits: &[Raster]) -> Self {
        let images = digits.iter().map(|digit| Image::grey(digit, String::new())).collect();
        Self { title, images, columns: 10, ..Self::default() }
    }
}

impl Axis {
    /// An axis on which equal differences take equal lengths, as long as the data need.
    pub fn linear(title: &str) -> Self {
        Self { title: title.to_owned(), scale: Scale::Linear, range: None }
    }

    /// An axis on which equal ratios take equal lengths.
    pub fn log10(title: &str) -> Self {
        Self { title: title.to_owned(), scale: Scale::Log10, range: None }
    }

    /// The same axis from one value to another.
    pub fn from_to(self, low: f64, high: f64) -> Self {
        Self { range: Some([low, high]), ..self }
    }
}
