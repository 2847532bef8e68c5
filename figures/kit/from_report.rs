//! What reports keep, in the form in which figures want it.

use super::{
    grid::Grid,
    image_grid::{Image, ImageGrid, Pixels},
    line_chart::DataPoint,
};
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

    /// A digit with its label, what it was read as, and how probable that was found.
    pub fn misread(picture: &Raster, [label, read]: [usize; 2], probability: f64) -> Self {
        let sure = 100.0 * probability;
        Self::grey(picture, format!("{label} read as {read}\n{sure:.0} % sure"))
    }

    /// A picture of weights.
    fn signed(raster: &Raster) -> Self {
        let values = raster.values();
        let pixels = Pixels::Signed(values.iter().copied().collect());
        Self { width: values.ncols(), pixels, caption: String::new() }
    }
}

impl ImageGrid {
    /// A sheet of digits, ten in a row.
    pub fn of_digits(title: String, digits: &[Raster]) -> Self {
        let images = digits.iter().map(|digit| Image::grey(digit, String::new())).collect();
        Self { title, images, columns: 10, ..Self::default() }
    }

    /// A sheet of weights, each picture those of one unit.
    pub fn of_weights(title: String, units: &[Raster], columns: usize) -> Self {
        let images = units.iter().map(Image::signed).collect();
        Self { title, images, columns, value_title: "weight".to_owned() }
    }
}
