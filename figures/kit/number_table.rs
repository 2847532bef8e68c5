//! Numbers on coloured cells between headings.

use super::{
    canvas::{Area, Canvas, Point, Text},
    error::DrawError,
    palette::{AXIS, Colour, INK},
    text::{self, BODY, Weight},
};

/// Smaller numbers are left to the colours of their cells.
pub(super) const SMALLEST: f64 = 0.6 * BODY;

/// The space between the numbers of neighbouring cells.
pub(super) const GAP: f64 = 6.0;

/// A table of numbers.
pub(super) struct NumberTable<'a> {
    pub(super) area: Area,
    pub(super) rows: &'a [String],
    pub(super) columns: &'a [String],
    /// What the rows are, and how far to the left of the page that is written.
    pub(super) row_title: (&'a str, f64),
    /// What the columns are.
    pub(super) column_title: &'a str,
}

/// The height of the headings of columns in cells of this width: that of the longest, if it is so long
/// that all are turned.
pub(super) fn headings(columns: &[String], cell: f64) -> Result<f64, DrawError> {
    let longest = text::widest(columns, Weight::Bold)?;
    Ok(if longest + 0.3 * BODY > cell { longest } else { BODY })
}

/// The size at which numbers fit into cells of this width.
pub(super) fn size<'a>(
    numbers: impl IntoIterator<Item = &'a String>,
    cell: f64,
) -> Result<f64, DrawError> {
    let widest = text::widest(numbers, Weight::Regular)?;
    Ok(BODY * ((cell - GAP) / widest).clamp(0.0, 1.0))
}

impl NumberTable<'_> {
    /// Draws cells in the colour of their column and row, the numbers in them if they are legible, and
    /// the headings.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        shade: impl Fn(usize, usize) -> Colour,
        number: impl Fn(usize, usize) -> (String, Colour),
    ) -> Result<(), DrawError> {
        let area = self.area;
        let cell = area.width() / self.columns.len() as f64;
        canvas.cells(area, [self.columns.len(), self.rows.len()], shade);
        let places = (0..self.rows.len())
            .flat_map(|row| (0..self.columns.len()).map(move |column| (column, row)));
        let numbers: Vec<_> = places.clone().map(|(column, row)| number(column, row)).collect();
        let size = size(numbers.iter().map(|(number, _)| number), cell)?;
        if size >= SMALLEST {
            for ((column, row), (number, colour)) in places.zip(numbers) {
                let [x, y] = self.middle(column, row);
                let text = Text::new(number, [x, y + 0.33 * size], colour);
                canvas.text(text.sized(size).centred());
            }
        }
        let headings = headings(self.columns, cell)?;
        for (column, label) in self.columns.iter().enumerate() {
            let (x, bottom) = (self.middle(column, 0)[0], area.top - 0.5 * BODY);
            let text = Text::new(label, [x, bottom], INK).bold();
            canvas.text(if headings > BODY {
                Text { upwards: true, at: [x + 0.33 * BODY, bottom], ..text }
            } else {
                text.centred()
            });
        }
        for (row, label) in self.rows.iter().enumerate() {
            let at = [area.left - 0.6 * BODY, self.middle(0, row)[1] + 0.33 * BODY];
            canvas.text(Text::new(label, at, INK).ending().bold());
        }
        let ([x, y], (row_title, left)) = (area.middle(), self.row_title);
        let above = area.top - 0.9 * BODY - headings;
        canvas.text(Text::new(self.column_title, [x, above], INK).centred());
        canvas.text(Text { upwards: true, ..Text::new(row_title, [left, y], INK).centred() });
        canvas.outline(area, AXIS, 2.0);
        Ok(())
    }

    /// The middle of a cell.
    fn middle(&self, column: usize, row: usize) -> Point {
        let share = |i: usize, all: &[String]| (i as f64 + 0.5) / all.len() as f64;
        self.area.at(share(column, self.columns), 1.0 - share(row, self.rows))
    }
}
