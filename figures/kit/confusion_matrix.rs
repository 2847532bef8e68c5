use super::{
    canvas::{Area, Canvas, MARGIN, WIDTH},
    error::DrawError,
    frame,
    number_table::{self, NumberTable},
    palette::{AXIS, Colour, GREEN, VERMILLION, WHITE},
    text::{self, BODY, Weight},
};

use std::collections::BTreeSet;

/// How often each class was read as each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfusionMatrix {
    /// The finding.
    pub title: String,
    /// The names of the `n` classes.
    pub labels: Vec<String>,
    /// `counts[shown][read]`, `n` rows of `n` counts.
    pub counts: Vec<Vec<usize>>,
    /// What the rows are, for example `digit shown`.
    pub row_title: String,
    /// What the columns are, for example `digit read`.
    pub column_title: String,
}

/// The height of the highest cell, and the width of the widest unless its class has a longer name.
const LARGEST: f64 = 112.0;
/// The matrix is at least so high that the words beside it fit.
const SMALLEST: f64 = 360.0;

/// A larger matrix could not be read.
const MOST_CLASSES: usize = 26;
/// The narrowest cell in which a number can be read.
const NARROWEST: f64 = 1.1 * BODY;

/// The width that labels leave to the cells.
fn room(longest: f64) -> f64 {
    WIDTH - 2.0 * MARGIN - longest - 3.0 * BODY
}

impl ConfusionMatrix {
    /// The same of all classes, if there is room for them, or of those that were most often confused:
    /// as many as fit, in their order.
    pub fn of_most_confused(self) -> Result<Self, DrawError> {
        let longest = text::widest(&self.labels, Weight::Bold)?;
        let most = self.counts.iter().flatten().max().map_or(String::new(), usize::to_string);
        let number = text::width(&most, number_table::SMALLEST, Weight::Regular)?;
        let fit = ((room(longest) / (number + number_table::GAP).max(NARROWEST)) as usize)
            .min(MOST_CLASSES);
        if self.labels.len() <= fit {
            return Ok(self);
        }
        let classes = most_confused(&self.counts, fit);
        let row = |&i: &usize| classes.iter().map(|&j| self.counts[i][j]).collect();
        Ok(Self {
            labels: classes.iter().map(|&i| self.labels[i].clone()).collect(),
            counts: classes.iter().map(row).collect(),
            ..self
        })
    }

    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let n = self.labels.len();
        self.check(n)?;
        let mut canvas = Canvas::default();
        let longest = text::widest(&self.labels, Weight::Bold)?;
        let room = room(longest);
        let widest = LARGEST.max(longest + BODY);
        let side = ((room / n as f64).min(widest) * n as f64).max(SMALLEST);
        let headings = number_table::headings(&self.labels, side / n as f64)?;
        let top = frame::title(&mut canvas, &self.title)? + 2.2 * BODY + headings;
        let left = ((WIDTH - side) / 2.0).max(MARGIN + longest + 3.0 * BODY);
        let bottom = top + side.min(LARGEST * n as f64).max(SMALLEST);
        let area = Area { left, top, right: left + side, bottom };
        let table = NumberTable {
            area,
            rows: &self.labels,
            columns: &self.labels,
            row_title: (&self.row_title, left - longest - 1.5 * BODY),
            column_title: &self.column_title,
        };
        let number = |read: usize, shown: usize| match self.counts[shown][read] {
            0 if shown != read => ("0".to_owned(), AXIS.mix(WHITE, 0.5)),
            count => (count.to_string(), self.shade(read, shown).contrast()),
        };
        table.draw(&mut canvas, |read, shown| self.shade(read, shown), number)?;
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

    /// Green for what was read correctly; for mistakes the stronger the more there are. Counts of
    /// mistakes span a wide range, which the square root makes visible.
    fn shade(&self, read: usize, shown: usize) -> Colour {
        if shown == read {
            return WHITE.mix(GREEN, 0.35);
        }
        let others = self.counts.iter().enumerate().flat_map(|(i, row)| {
            row.iter().enumerate().filter(move |&(j, _)| i != j).map(|(_, &count)| count)
        });
        let most = others.max().unwrap_or(0).max(1);
        WHITE.mix(VERMILLION, 0.85 * (self.counts[shown][read] as f64 / most as f64).sqrt())
    }
}

/// The classes of the most frequent mistakes, at most so many, in their order.
fn most_confused(counts: &[Vec<usize>], most: usize) -> Vec<usize> {
    let mistakes = counts
        .iter()
        .enumerate()
        .flat_map(|(i, row)| row.iter().enumerate().map(move |(j, &count)| (count, [i, j])));
    let mut mistakes: Vec<_> = mistakes.filter(|&(count, [i, j])| i != j && count > 0).collect();
    mistakes.sort_by_key(|&(count, _)| count);
    let mut chosen = BTreeSet::new();
    for (_, pair) in mistakes.into_iter().rev() {
        let mut more = chosen.clone();
        more.extend(pair);
        if more.len() > most {
            break;
        }
        chosen = more;
    }
    chosen.into_iter().collect()
}
