use super::{
    axis::{Axis, Ruler},
    canvas::{Area, Canvas, MARGIN, Text},
    error::DrawError,
    frame::Frame,
    line_chart::DataPoint,
    palette::{INK, Style},
    sheet::{self, Sheet},
    text::{self, BODY, LEADING, Weight},
};

/// Examples scattered over planes, panel beside panel.
pub type ScatterSheet = Sheet<Scatter>;

/// Examples scattered over one plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scatter {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The examples, painted in this order.
    pub points: Vec<DataPoint>,
}

/// The space between panels.
const GAP: f64 = 40.0;
/// The height of the tallest panel between its axes.
const TALLEST: f64 = 760.0;

impl ScatterSheet {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let (mut canvas, top) = self.begin()?;
        let mut top = top + 12.0;
        let (rows, columns) = self.rows();
        let (width, _) = sheet::centred(columns, GAP, f64::INFINITY);
        for row in rows {
            top = draw_row(&mut canvas, row, top, width)? + GAP;
        }
        canvas.finish(top - GAP)
    }
}

/// Draws panels of one width and one height beside each other; returns where they end.
fn draw_row(canvas: &mut Canvas, row: &[Scatter], top: f64, width: f64) -> Result<f64, DrawError> {
    // Leave room for the longest title and for the longest labels of vertical axes
    let (mut lines, mut labels) = (0, 0.0_f64);
    for panel in row {
        let title = text::wrap(&panel.y.title, width, BODY, Weight::Regular)?;
        lines = title.len().max(lines);
        labels = (Frame::left(&panel.ruler(&panel.y, 1)?)? - MARGIN).max(labels);
    }
    let area_top = top + (LEADING * lines as f64 + 0.3) * BODY;
    let height = (0.9 * (width - labels)).min(TALLEST);
    let mut bottom = top;
    for (i, panel) in row.iter().enumerate() {
        let left = MARGIN + i as f64 * (width + GAP);
        let title = Text::new(&panel.y.title, [left, top + 0.8 * BODY], INK);
        canvas.paragraph(&title, width)?;
        let (left, right) = (left + labels, left + width);
        let area = Area { left, top: area_top, right, bottom: area_top + height };
        bottom = panel.draw(canvas, area)?.max(bottom);
    }
    Ok(bottom)
}

impl Scatter {
    fn ruler(&self, axis: &Axis, coordinate: usize) -> Result<Ruler, DrawError> {
        Ruler::new(axis, self.points.iter().map(|point| point.at[coordinate]), 0.04)
    }

    /// Draws axes and examples; returns where they end.
    fn draw(&self, canvas: &mut Canvas, area: Area) -> Result<f64, DrawError> {
        let frame = Frame { area, x: self.ruler(&self.x, 0)?, y: self.ruler(&self.y, 1)? };
        frame.grid(canvas);
        frame.axes(canvas, ["", ""])?;
        self.examples(canvas, &frame);
        frame.narrow_title(canvas, &self.x.title)
    }

    fn examples(&self, canvas: &mut Canvas, frame: &Frame) {
        // Smaller marks where there are many
        let crowd = (200.0 / self.points.len() as f64).sqrt().clamp(0.5, 1.0);
        let radius = crowd * (frame.area.width() / 70.0).clamp(6.0, 14.0);
        for point in &self.points {
            let style = Style::class(point.class);
            if let (Some(at), Some(mark)) = (frame.inside(point.at), style.mark) {
                canvas.mark(mark, at, radius, style.ink(), 2.0);
            }
        }
    }
}
