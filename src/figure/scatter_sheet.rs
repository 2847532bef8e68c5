use super::{
    Axis, DataPoint, Error,
    axis::Ruler,
    canvas::{Area, Canvas, MARGIN, Point, Text, WIDTH},
    frame::{self, Frame},
    palette::{INK, Style},
    text::{self, BODY, LEADING, Weight},
};

/// Examples scattered over planes, panel beside panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScatterSheet {
    /// The finding.
    pub title: String,
    /// The panels, row after row.
    pub panels: Vec<Scatter>,
    /// How many panels stand in a row.
    pub columns: usize,
    /// What the classes are called, class 0 first; may be empty.
    pub class_labels: Vec<String>,
}

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
    pub(super) fn canvas(&self) -> Result<Canvas, Error> {
        if self.panels.is_empty() {
            return Err(Error::Empty(self.title.clone()));
        }
        let mut canvas = Canvas::default();
        let top = frame::title(&mut canvas, &self.title)? + 6.0;
        let entries: Vec<_> = frame::class_entries(&self.class_labels).collect();
        let mut top = frame::key(&mut canvas, &entries, top)? + 12.0;
        let columns = self.columns.clamp(1, self.panels.len());
        let width = (WIDTH - 2.0 * MARGIN - GAP * (columns - 1) as f64) / columns as f64;
        for row in self.panels.chunks(columns) {
            let lines = |title: &str| Ok(text::wrap(title, width, BODY, Weight::Regular)?.len());
            let heading = row
                .iter()
                .map(|panel| lines(&panel.y.title))
                .try_fold(0, |most, lines: Result<usize, Error>| {
                    lines.map(|lines| lines.max(most))
                })?;
            let mut bottom = top;
            for (i, panel) in row.iter().enumerate() {
                let left = MARGIN + i as f64 * (width + GAP);
                let below = panel.draw(&mut canvas, [left, top], heading, width)?;
                bottom = below.max(bottom);
            }
            top = bottom + GAP;
        }
        canvas.finish(top - GAP)
    }
}

impl Scatter {
    /// Draws the panel below the lines of its row's headings; returns where it ends.
    fn draw(
        &self,
        canvas: &mut Canvas,
        [left, top]: Point,
        heading: usize,
        width: f64,
    ) -> Result<f64, Error> {
        let ruler = |axis, i: usize| Ruler::new(axis, self.points.iter().map(|p| p.at[i]), 0.04);
        let (x, y) = (ruler(&self.x, 0)?, ruler(&self.y, 1)?);
        canvas.paragraph(&Text::new(&self.y.title, [left, top + 0.8 * BODY], INK), width)?;
        let area_left = left + Frame::left(&y)? - MARGIN;
        let height = (0.9 * (left + width - area_left)).min(TALLEST);
        let area_top = top + (LEADING * heading as f64 + 0.3) * BODY;
        let area =
            Area { left: area_left, top: area_top, right: left + width, bottom: area_top + height };
        let frame = Frame { area, x, y };
        frame.grid(canvas);
        let bottom = frame.axes(canvas, ["", ""])?;
        self.examples(canvas, &frame);
        let title =
            Text::new(&self.x.title, [area.middle()[0], area.bottom + 12.0 + 2.35 * BODY], INK);
        let lines = canvas.paragraph(&title.centred(), width)?;
        Ok(bottom.max(title_end(area.bottom, lines)))
    }

    fn examples(&self, canvas: &mut Canvas, frame: &Frame) {
        let radius = (frame.area.width() / 70.0).clamp(6.0, 14.0);
        for point in &self.points {
            let style = Style::class(point.class);
            let at = frame.at(point.at).filter(|&at| frame.area.contains(at));
            if let (Some(at), Some(mark)) = (at, style.mark) {
                canvas.mark(mark, at, radius, style.ink(), 2.0);
            }
        }
    }
}

/// Where so many lines below the labels of a horizontal axis end.
fn title_end(axis: f64, lines: usize) -> f64 {
    axis + 12.0 + (1.6 + LEADING * lines as f64) * BODY
}
