use super::{
    DrawError,
    canvas::{Area, Canvas, MARGIN, Text, WIDTH},
    frame,
    palette::{self, AXIS, INK},
    text::BODY,
};

/// One value for each pair of two settings, as numbers on coloured cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// The finding.
    pub title: String,
    /// What the rows are.
    pub row_title: String,
    /// What the columns are.
    pub column_title: String,
    /// The rows' settings.
    pub rows: Vec<String>,
    /// The columns' settings.
    pub columns: Vec<String>,
    /// A value for each cell, row after row, as it is coloured and as it is written.
    pub values: Vec<(f64, String)>,
}

/// The height of a cell.
const HEIGHT: f64 = 96.0;
/// The width of the widest cell.
const WIDEST: f64 = 330.0;

impl HeatMap {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let [rows, columns] = [self.rows.len(), self.columns.len()];
        if self.values.len() != rows * columns {
            let (expected, found) = (rows * columns, self.values.len());
            return Err(DrawError::Count { what: "the heat map".to_owned(), expected, found });
        }
        let finite = self.values.iter().map(|value| value.0).filter(|value| value.is_finite());
        let [low, high] = finite
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], v| [low.min(v), high.max(v)]);
        if low > high {
            return Err(DrawError::Empty(self.title.clone()));
        }
        let mut canvas = Canvas::default();
        let top = frame::title(&mut canvas, &self.title)? + 3.2 * BODY;
        let left = MARGIN + 5.0 * BODY;
        let width = ((WIDTH - MARGIN - left) / columns as f64).min(WIDEST);
        let right = left + width * columns as f64;
        let area = Area { left, top, right, bottom: top + HEIGHT * rows as f64 };
        let shade = |column: usize, row: usize| {
            let value = self.values[row * columns + column].0;
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            palette::sequential(if share.is_finite() { share } else { 0.0 })
        };
        canvas.cells(area, [columns, rows], shade);
        let middle = |column: usize, row: usize| {
            let [x, y] = [column, row].map(|i| i as f64 + 0.5);
            [left + x * width, top + y * HEIGHT + 0.33 * BODY]
        };
        for (i, (_, written)) in self.values.iter().enumerate() {
            let (column, row) = (i % columns, i / columns);
            let colour = shade(column, row).contrast();
            canvas.text(Text::new(written, middle(column, row), colour).centred());
        }
        for (column, label) in self.columns.iter().enumerate() {
            let at = [middle(column, 0)[0], top - 0.5 * BODY];
            canvas.text(Text::new(label, at, INK).centred().bold());
        }
        for (row, label) in self.rows.iter().enumerate() {
            let at = [left - 0.6 * BODY, middle(0, row)[1]];
            canvas.text(Text::new(label, at, INK).ending().bold());
        }
        let [x, y] = area.middle();
        canvas.text(Text::new(&self.column_title, [x, top - 1.9 * BODY], INK).centred());
        let at = [MARGIN + 0.8 * BODY, y];
        canvas.text(Text { upwards: true, ..Text::new(&self.row_title, at, INK).centred() });
        canvas.outline(area, AXIS, 2.0);
        canvas.finish(area.bottom)
    }
}
