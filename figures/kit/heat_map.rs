use super::{
    axis,
    canvas::{Area, Canvas, MARGIN, WIDTH},
    error::DrawError,
    frame,
    number_table::{self, NumberTable},
    palette,
    text::{self, BODY, Weight},
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
        let [low, high] = axis::extent(self.values.iter().map(|value| value.0))
            .ok_or_else(|| DrawError::Empty(self.title.clone()))?;
        let mut canvas = Canvas::default();
        let longest = text::widest(&self.rows, Weight::Bold)?;
        let left = MARGIN + (longest + 2.0 * BODY).max(5.0 * BODY);
        let width = ((WIDTH - MARGIN - left) / columns as f64).min(WIDEST);
        let headings = number_table::headings(&self.columns, width)?;
        let top = frame::title(&mut canvas, &self.title)? + 2.2 * BODY + headings;
        let right = left + width * columns as f64;
        let area = Area { left, top, right, bottom: top + HEIGHT * rows as f64 };
        let shade = |column: usize, row: usize| {
            let value = self.values[row * columns + column].0;
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            palette::sequential(if share.is_finite() { share } else { 0.0 })
        };
        let number = |column: usize, row: usize| {
            (self.values[row * columns + column].1.clone(), shade(column, row).contrast())
        };
        let table = NumberTable {
            area,
            rows: &self.rows,
            columns: &self.columns,
            row_title: (&self.row_title, MARGIN + 0.8 * BODY),
            column_title: &self.column_title,
        };
        table.draw(&mut canvas, shade, number)?;
        canvas.finish(area.bottom)
    }
}
