use super::{
    canvas::{Area, Canvas, MARGIN, Text, WIDTH},
    error::DrawError,
    frame::Frame,
    line_chart::LineChart,
    palette::INK,
    sheet::{self, Sheet},
    text::{self, BODY, LEADING, Weight},
};

/// Charts beside each other, each with its own title; their curves are named by notes.
pub type ChartSheet = Sheet<LineChart>;

/// The space between charts.
const GAP: f64 = 50.0;
/// The height of a chart between its axes.
const HEIGHT: f64 = 560.0;

impl ChartSheet {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let (mut canvas, top) = self.begin()?;
        let mut top = top + 20.0;
        let (rows, columns) = self.rows();
        let (width, left) = sheet::centred(columns, GAP, f64::INFINITY);
        for row in rows {
            let mut bottom = top;
            let mut lines = 0;
            for chart in row {
                let title = text::wrap(&chart.title, width, BODY, Weight::Bold)?;
                lines = title.len().max(lines);
            }
            let below = top + (LEADING * lines as f64 + 0.6) * BODY;
            for (i, chart) in row.iter().enumerate() {
                let left = left + i as f64 * (width + GAP);
                let title = Text::new(&chart.title, [left, top + 0.8 * BODY], INK).bold();
                canvas.paragraph(&title, width)?;
                let area = Area { left, top: below, right: left + width, bottom: below + HEIGHT };
                bottom = chart.draw_in(&mut canvas, area)?.max(bottom);
            }
            top = bottom + GAP;
        }
        canvas.finish(top - GAP)
    }
}

impl LineChart {
    /// Draws axes and content without title, key and labels at the curves' ends; returns where the
    /// horizontal axis's title ends.
    fn draw_in(&self, canvas: &mut Canvas, mut area: Area) -> Result<f64, DrawError> {
        let (x, y) = self.rulers()?;
        area.left += Frame::left(&y)? - MARGIN;
        area.right = area.right.min(WIDTH - MARGIN - 10.0);
        let frame = Frame { area, x, y };
        frame.grid(canvas);
        frame.axes(canvas, ["", ""])?;
        self.draw_content(canvas, &frame)?;
        frame.narrow_title(canvas, &self.x.title)
    }
}
