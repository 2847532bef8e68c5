use super::{
    DrawError,
    canvas::{Area, Canvas, MARGIN, Text, WIDTH},
    frame,
    palette::{AXIS, Colour, GREEN, INK, VERMILLION, WHITE},
    text::BODY,
};

/// How often each class was read as each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfusionMatrix {
    /// The finding.
    pub title: String,
    /// The names of the `n` classes.
    pub labels: Vec<String>,
    /// `counts[shown][read]`, `n` rows of `n` counts.
    pub counts: Vec<Vec<u64>>,
    /// What the rows are, for example `digit shown`.
    pub row_title: String,
    /// What the columns are, for example `digit read`.
    pub column_title: String,
}

/// The height of the highest cell, and the width of the widest unless its class has a longer name.
const LARGEST: f64 = 112.0;
/// The matrix is at least so high that the words beside it fit.
const SMALLEST: f64 = 360.0;

impl ConfusionMatrix {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let n = self.labels.len();
        self.check(n)?;
        let mut canvas = Canvas::default();
        let longest = self.longest_label()?;
        let room = WIDTH - 2.0 * MARGIN - longest - 3.0 * BODY;
        let widest = LARGEST.max(longest + BODY);
        let side = ((room / n as f64).min(widest) * n as f64).max(SMALLEST);
        let top = frame::title(&mut canvas, &self.title)? + 3.2 * BODY;
        let left = ((WIDTH - side) / 2.0).max(MARGIN + longest + 3.0 * BODY);
        let bottom = top + side.min(LARGEST * n as f64).max(SMALLEST);
        let area = Area { left, top, right: left + side, bottom };
        self.cells(&mut canvas, area);
        self.headings(&mut canvas, area, longest);
        canvas.outline(area, AXIS, 2.0);
        canvas.finish(area.bottom)
    }

    fn check(&self, n: usize) -> Result<(), DrawError> {
        if n == 0 {
            return Err(DrawError::Empty(self.title.clone()));
        }
        let lengths = std::iter::once(self.counts.len()).chain(self.counts.iter().map(Vec::len));
        match lengths.into_iter().find(|&length| length != n) {
            Some(found) => Err(DrawError::Count {
                what: "the confusion matrix".to_owned(),
                expected: n,
                found,
            }),
            None => Ok(()),
        }
    }

    /// How wide the longest name of a class is.
    fn longest_label(&self) -> Result<f64, DrawError> {
        let width = |label: &String| Text::new(label, [0.0; 2], INK).bold().width();
        self.labels.iter().try_fold(0.0, |most: f64, label| Ok(most.max(width(label)?)))
    }

    fn cells(&self, canvas: &mut Canvas, area: Area) {
        let n = self.labels.len();
        canvas.cells(area, [n, n], |read, shown| self.shade(shown, read));
        for (shown, row) in self.counts.iter().enumerate() {
            for (read, count) in row.iter().enumerate() {
                let [x, y] = cell(area, n, read, shown);
                let colour = match count {
                    0 => AXIS.mix(WHITE, 0.5),
                    _ => self.shade(shown, read).contrast(),
                };
                canvas.text(Text::new(count.to_string(), [x, y + 0.33 * BODY], colour).centred());
            }
        }
    }

    /// Green for what was read rightly; for mistakes the stronger the more there are. Counts of
    /// mistakes span a wide range, which the square root makes visible.
    fn shade(&self, shown: usize, read: usize) -> Colour {
        if shown == read {
            return WHITE.mix(GREEN, 0.35);
        }
        let others = self.counts.iter().enumerate().flat_map(|(i, row)| {
            row.iter().enumerate().filter(move |&(j, _)| i != j).map(|(_, &count)| count)
        });
        let most = others.max().unwrap_or(0).max(1);
        WHITE.mix(VERMILLION, 0.85 * (self.counts[shown][read] as f64 / most as f64).sqrt())
    }

    fn headings(&self, canvas: &mut Canvas, area: Area, longest: f64) {
        let n = self.labels.len();
        for (i, label) in self.labels.iter().enumerate() {
            let [x, y] = cell(area, n, i, i);
            canvas.text(Text::new(label, [x, area.top - 0.5 * BODY], INK).centred().bold());
            let at = [area.left - 0.6 * BODY, y + 0.33 * BODY];
            canvas.text(Text::new(label, at, INK).ending().bold());
        }
        let [x, y] = area.middle();
        canvas.text(Text::new(&self.column_title, [x, area.top - 1.9 * BODY], INK).centred());
        let at = [area.left - longest - 1.5 * BODY, y];
        canvas.text(Text { upwards: true, ..Text::new(&self.row_title, at, INK).centred() });
    }
}

/// The middle of a cell.
fn cell(area: Area, n: usize, column: usize, row: usize) -> [f64; 2] {
    let share = |i: usize| (i as f64 + 0.5) / n as f64;
    area.at(share(column), 1.0 - share(row))
}
