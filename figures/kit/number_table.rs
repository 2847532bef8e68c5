//! Numbers on coloured cells between headings.

use super::{
    canvas::{Area, Canvas, Point, Text},
    palette::{AXIS, Colour, INK},
    text::BODY,
};

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

impl NumberTable<'_> {
    /// Draws cells in the colour of their column and row, the numbers in them, and the headings.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        shade: impl Fn(usize, usize) -> Colour,
        number: impl Fn(usize, usize) -> (String, Colour),
    ) {
        let area = self.area;
        canvas.cells(area, [self.columns.len(), self.rows.len()], shade);
        for row in 0..self.rows.len() {
            for column in 0..self.columns.len() {
                let (number, colour) = number(column, row);
                canvas.text(Text::new(number, self.baseline(column, row), colour).centred());
            }
        }
        for (column, label) in self.columns.iter().enumerate() {
            let at = [self.baseline(column, 0)[0], area.top - 0.5 * BODY];
            canvas.text(Text::new(label, at, INK).centred().bold());
        }
        for (row, label) in self.rows.iter().enumerate() {
            let at = [area.left - 0.6 * BODY, self.baseline(0, row)[1]];
            canvas.text(Text::new(label, at, INK).ending().bold());
        }
        let ([x, y], (row_title, left)) = (area.middle(), self.row_title);
        canvas.text(Text::new(self.column_title, [x, area.top - 1.9 * BODY], INK).centred());
        canvas.text(Text { upwards: true, ..Text::new(row_title, [left, y], INK).centred() });
        canvas.outline(area, AXIS, 2.0);
    }

    /// The middle of a cell, a little lower.
    fn baseline(&self, column: usize, row: usize) -> Point {
        let share = |i: usize, all: &[String]| (i as f64 + 0.5) / all.len() as f64;
        let [x, y] = self.area.at(share(column, self.columns), 1.0 - share(row, self.rows));
        [x, y + 0.33 * BODY]
    }
}
