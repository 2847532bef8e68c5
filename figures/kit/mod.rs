//! Pictures drawn from plain data.
//!
//! A [`Figure`] is a pure function of a report: a chapter fills in these structs with numbers, and
//! [`Figure::png`] or [`Figure::svg`] draws them. The same figure yields the same bytes every time.
//! Nothing here knows a network, a chapter or a file.
//!
//! Every picture is 1500 pixels wide, twice the width of a page, and as high as it needs to be.
//! Titles state the finding; they may be long and are wrapped. Text is set as it is given: write
//! `−`, `λ`, `10⁻³` and `W₁` as the characters they are.
//!
//! [In the book](../../../book/opening.html#why-may-i-trust-the-numbers)

mod axis;
mod canvas;
mod chart_sheet;
mod confusion_matrix;
mod contour;
mod curve_labels;
mod decision_regions;
mod diagram;
mod error;
mod frame;
mod from_report;
mod glyphs;
mod grid;
mod heat_map;
mod image_grid;
mod line_chart;
mod names;
mod number_table;
mod paint;
pub mod palette;
mod scatter_sheet;
mod sheet;
#[cfg(test)]
pub(crate) mod tests;
mod text;

pub use axis::{Axis, Scale};
pub use chart_sheet::ChartSheet;
pub use confusion_matrix::ConfusionMatrix;
pub use contour::{Arrow, Contour, Trail};
pub use decision_regions::{Region, RegionSheet};
pub use diagram::{Cell, Cells, Diagram, Edge, Node, Note, Outline};
pub use error::DrawError;
pub use glyphs::font_file;
pub use grid::Grid;
pub use heat_map::HeatMap;
pub use image_grid::{Image, ImageGrid, Pixels};
pub use line_chart::{Curve, DataPoint, LineChart, Reference};
pub use names::{Names, one_line};
pub use palette::{Colour, Mark, Style};
pub use scatter_sheet::{Scatter, ScatterSheet};
pub use sheet::Sheet;

use canvas::Canvas;

/// A picture with the name of its file and the words for readers who cannot see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The stem of the file name, for example `chapter-03-sweep`.
    pub name: String,
    /// What the picture shows, with its numbers.
    pub alt: String,
    /// What is drawn.
    pub picture: Picture,
}

/// What is drawn, one variant per kind of picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Curves, scattered points and straight lines between two axes.
    LineChart(LineChart),
    /// Charts beside each other.
    Charts(ChartSheet),
    /// Examples scattered over planes, panel beside panel.
    Scatter(ScatterSheet),
    /// What classifiers make of the plane, panel beside panel.
    Regions(RegionSheet),
    /// Rows of small images: digits or weights.
    Images(ImageGrid),
    /// How often each class was read as each.
    Confusion(ConfusionMatrix),
    /// The height of a surface, and ways down it.
    Contour(Contour),
    /// One value for each pair of two settings.
    HeatMap(HeatMap),
    /// Nodes, arrows between them, and strips of cells.
    Diagram(Diagram),
}

impl Figure {
    /// Draws the picture as a PNG file, 1500 pixels wide.
    pub fn png(&self) -> Result<Vec<u8>, DrawError> {
        paint::png(&self.picture.canvas()?)
    }

    /// Draws the picture as an SVG document, which the words describe.
    pub fn svg(&self) -> Result<String, DrawError> {
        let drawing = paint::svg(&self.picture.canvas()?)?;
        let alt = paint::escape(&self.alt);
        Ok(drawing.replacen(">\n", &format!(">\n<desc>{alt}</desc>\n"), 1))
    }
}

impl Picture {
    fn canvas(&self) -> Result<Canvas, DrawError> {
        match self {
            Picture::LineChart(chart) => chart.canvas(),
            Picture::Charts(sheet) => sheet.canvas(),
            Picture::Scatter(sheet) => sheet.canvas(),
            Picture::Regions(sheet) => sheet.canvas(),
            Picture::Images(grid) => grid.canvas(),
            Picture::Confusion(matrix) => matrix.canvas(),
            Picture::Contour(contour) => contour.canvas(),
            Picture::HeatMap(map) => map.canvas(),
            Picture::Diagram(diagram) => diagram.canvas(),
        }
    }
}
