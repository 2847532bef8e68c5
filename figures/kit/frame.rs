//! What surrounds every picture: the title, the axes, the key.

use super::{
    axis::Ruler,
    canvas::{Area, Canvas, MARGIN, Point, Text, WIDTH},
    error::DrawError,
    palette::{AXIS, GRID, INK, Style},
    text::{self, BODY, LEADING, TITLE, Weight},
};

/// The width of a curve in pixels.
pub(super) const STROKE: f64 = 5.0;
/// The radius of a mark in pixels.
pub(super) const MARK: f64 = 10.0;

/// Writes the title, smaller if that keeps it to two lines, and returns where it ends.
pub(super) fn title(canvas: &mut Canvas, words: &str) -> Result<f64, DrawError> {
    let limit = WIDTH - 2.0 * MARGIN;
    let mut size = TITLE;
    while size > BODY && text::wrap(words, limit, size, Weight::Bold)?.len() > 2 {
        size -= 2.0;
    }
    let first = [MARGIN, MARGIN + 0.8 * size];
    let lines = canvas.paragraph(&Text::new(words, first, INK).sized(size).bold(), limit)?;
    Ok(MARGIN + lines as f64 * LEADING * size)
}

/// Axes around an area.
pub(super) struct Frame {
    pub(super) area: Area,
    pub(super) x: Ruler,
    pub(super) y: Ruler,
}

impl Frame {
    /// The space that the labels of the vertical axis need.
    pub(super) fn left(y: &Ruler) -> Result<f64, DrawError> {
        let labels = y.ticks.iter().map(|(_, label)| label);
        Ok(MARGIN + text::widest(labels, Weight::Regular)? + 22.0)
    }

    /// Where a point of the plane lies, inside the area or outside.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> Option<Point> {
        Some(self.area.at(self.x.share(x)?, self.y.share(y)?))
    }

    /// Where a point of the plane lies, if it is inside the area.
    pub(super) fn inside(&self, point: [f64; 2]) -> Option<Point> {
        self.at(point).filter(|&at| self.area.contains(at))
    }

    /// Grid lines, to be painted before anything else.
    pub(super) fn grid(&self, canvas: &mut Canvas) {
        for u in inside(&self.x) {
            canvas.line(vec![self.area.at(u, 0.0), self.area.at(u, 1.0)], GRID, 2.0);
        }
        for v in inside(&self.y) {
            canvas.line(vec![self.area.at(0.0, v), self.area.at(1.0, v)], GRID, 2.0);
        }
    }

    /// Lines, ticks and labels below and to the left; returns where the labels end.
    pub(super) fn axes(&self, canvas: &mut Canvas, titles: [&str; 2]) -> Result<f64, DrawError> {
        let Area { left, top, right, bottom } = self.area;
        let corner = vec![[left, top], [left, bottom], [right, bottom]];
        canvas.line(corner, AXIS, 3.0);
        self.ticks(canvas);
        let baseline = bottom + 12.0 + BODY;
        let mut free_from = f64::NEG_INFINITY;
        for (u, label) in self.x.ticks.iter().filter(|(u, _)| visible(*u)) {
            let text = Text::new(label, [self.area.at(*u, 0.0)[0], baseline], INK).centred();
            let half = text.width()? / 2.0;
            if text.at[0] - half > free_from {
                free_from = text.at[0] + half + 10.0;
                canvas.text(text);
            }
        }
        for (v, label) in self.y.ticks.iter().filter(|(v, _)| visible(*v)) {
            let at = [left - 18.0, self.area.at(0.0, *v)[1] + 0.33 * BODY];
            canvas.text(Text::new(label, at, INK).ending());
        }
        let middle = [self.area.middle()[0], baseline + 1.35 * BODY];
        let lines = canvas.paragraph(
            &Text::new(titles[0], middle, INK).centred(),
            self.area.width().max(WIDTH / 2.0),
        )?;
        canvas.text(Text::new(titles[1], [MARGIN, top - 0.75 * BODY], INK));
        Ok(baseline + 0.3 * BODY + lines as f64 * LEADING * BODY)
    }

    /// Writes the title of the horizontal axis no wider than the axis, as panels beside each other need
    /// it; returns where it ends.
    pub(super) fn narrow_title(&self, canvas: &mut Canvas, title: &str) -> Result<f64, DrawError> {
        let baseline = self.area.bottom + 12.0 + 2.35 * BODY;
        let title = Text::new(title, [self.area.middle()[0], baseline], INK).centred();
        let lines = canvas.paragraph(&title, self.area.width())?;
        Ok(baseline + (LEADING * lines as f64 - 0.75) * BODY)
    }

    fn ticks(&self, canvas: &mut Canvas) {
        let Area { left, bottom, .. } = self.area;
        let major = |ruler: &Ruler| inside(ruler).map(|u| (u, 10.0)).collect::<Vec<_>>();
        let minor = |ruler: &Ruler| ruler.minor.iter().map(|&u| (u, 6.0)).collect::<Vec<_>>();
        for (u, length) in [major(&self.x), minor(&self.x)].concat() {
            let x = self.area.at(u, 0.0)[0];
            canvas.line(vec![[x, bottom], [x, bottom + length]], AXIS, 2.0);
        }
        for (v, length) in [major(&self.y), minor(&self.y)].concat() {
            let y = self.area.at(0.0, v)[1];
            canvas.line(vec![[left - length, y], [left, y]], AXIS, 2.0);
        }
    }
}

fn visible(share: f64) -> bool {
    (-1e-6..=1.0 + 1e-6).contains(&share)
}

fn inside(ruler: &Ruler) -> impl Iterator<Item = f64> + '_ {
    ruler.ticks.iter().map(|t| t.0).filter(|u| visible(*u))
}

/// An entry of a key: a style, whether its line is shown, and what it stands for.
pub(super) struct KeyEntry<'a> {
    pub(super) style: Style,
    pub(super) line: bool,
    pub(super) label: &'a str,
}

/// Writes a key in as many rows as it takes, from `top` down, and returns where it ends.
pub(super) fn key(canvas: &mut Canvas, entries: &[KeyEntry], top: f64) -> Result<f64, DrawError> {
    let row = 1.4 * BODY;
    let (mut x, mut y) = (MARGIN, top);
    for entry in entries {
        let sample = if entry.line { 80.0 } else { 3.0 * MARK };
        let limit = WIDTH - 2.0 * MARGIN - sample - 14.0;
        let widest = text::width(entry.label, BODY, Weight::Regular)?.min(limit);
        if x > MARGIN && x + sample + 14.0 + widest > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + row);
        }
        let centre = y + row / 2.0;
        stroke(canvas, entry, [x, centre], sample);
        let at = [x + sample + 14.0, centre + 0.32 * BODY];
        let colour = if entry.line { entry.style.ink().for_text() } else { INK };
        let lines = canvas.paragraph(&Text::new(entry.label, at, colour), limit)?;
        y += lines.saturating_sub(1) as f64 * LEADING * BODY;
        x += sample + 14.0 + widest + 50.0;
    }
    Ok(if entries.is_empty() { top } else { y + row })
}

fn stroke(canvas: &mut Canvas, entry: &KeyEntry, [x, y]: Point, length: f64) {
    let colour = entry.style.ink();
    let line = [[x, y], [x + length, y]];
    match (entry.line, entry.style.dashed) {
        (true, true) => canvas.dashes(&line, colour, STROKE),
        (true, false) => canvas.line(line.to_vec(), colour, STROKE),
        (false, _) => {}
    }
    if let Some(mark) = entry.style.mark {
        canvas.mark(mark, [x + length / 2.0, y], 1.1 * MARK, colour, 0.0);
    }
}

/// Keys for classes: a mark and a name each.
pub(super) fn class_entries(labels: &[String]) -> impl Iterator<Item = KeyEntry<'_>> {
    labels.iter().enumerate().map(|(class, label)| KeyEntry {
        style: Style::class(class.min(255) as u8),
        line: false,
        label,
    })
}
