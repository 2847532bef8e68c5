use super::{
    axis::{self, Axis, Ruler},
    canvas::{Area, Canvas, Point, Text},
    error::DrawError,
    frame::{self, Frame, MARK, STROKE},
    grid::Grid,
    palette::{self, AXIS, Colour, INK, Style, WHITE},
    text::BODY,
};

/// The height of a surface in colours and lines, and ways down it.
///
/// The axes are linear and span the grid; their `scale` and `range` are not used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contour {
    /// The finding.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What the heights are, for example `cost`.
    pub z_title: String,
    /// The heights.
    pub grid: Grid,
    /// Whether neighbouring lines stand for equal ratios instead of equal differences; heights
    /// that are not positive are then drawn as the lowest.
    pub logarithmic: bool,
    /// Ways over the surface.
    pub trails: Vec<Trail>,
    /// Arrows on it, painted on top.
    pub arrows: Vec<Arrow>,
}

/// A straight arrow on a surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// Where it begins.
    pub from: [f64; 2],
    /// Where its head is.
    pub to: [f64; 2],
    /// Written beside it.
    pub label: String,
    /// −1: the label is to the left of the arrow’s middle, 0: beyond its head, 1: to the right.
    pub side: i8,
    /// How it is drawn; without marks.
    pub style: Style,
}

/// A way over a surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// The points `[x, y]` in order.
    pub points: Vec<[f64; 2]>,
    /// Written at the first point; may be empty.
    pub start: String,
    /// Written at the last point; may be empty.
    pub end: String,
    /// How the way is drawn.
    pub style: Style,
}

/// The side of the picture.
const SIDE: f64 = 980.0;
/// How many colours the heights are cut into.
const BANDS: usize = 12;
/// The length of an arrow's head, unless the arrow is short.
const HEAD: f64 = 34.0;
/// The ground is painted in squares of about this side.
const CELL: f64 = 4.0;

impl Contour {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        self.grid.check(&self.title)?;
        let heights = self.heights();
        let [low, high] = axis::extent(heights.values.iter().copied())
            .ok_or_else(|| DrawError::Empty(self.title.clone()))?;
        let range = if low < high { [low, high] } else { [low - 0.5, low + 0.5] };

        let mut canvas = Canvas::default();
        let ruler = |axis: &Axis, ends: [f64; 2]| {
            Ruler::new(&Axis { range: Some(ends), ..axis.clone() }, std::iter::empty(), 0.0)
        };
        let (x, y) = (ruler(&self.x, self.grid.x)?, ruler(&self.y, self.grid.y)?);
        let top = frame::title(&mut canvas, &self.title)? + 2.0 * BODY;
        let left = Frame::left(&y)?;
        let area = Area { left, top, right: left + SIDE, bottom: top + SIDE };
        let frame = Frame { area, x, y };
        ground(&mut canvas, area, &heights, range);
        let bottom = frame.axes(&mut canvas, [&self.x.title, &self.y.title])?;
        self.scale(&mut canvas, area, range);
        for trail in &self.trails {
            trail.draw(&mut canvas, &frame)?;
        }
        for arrow in &self.arrows {
            arrow.draw(&mut canvas, &frame);
        }
        canvas.finish(bottom)
    }

    /// The heights as they are cut into bands: themselves or their logarithms.
    fn heights(&self) -> Grid {
        if !self.logarithmic {
            return self.grid.clone();
        }
        let positive = self.grid.values.iter().copied().filter(|&z| z > 0.0);
        let lowest = positive.fold(f64::INFINITY, f64::min);
        self.grid.map(|z| z.max(lowest).log10())
    }

    /// The colours of the bands, with the height at every second edge.
    fn scale(&self, canvas: &mut Canvas, area: Area, range: [f64; 2]) {
        let left = area.right + 60.0;
        let bar = Area { left, right: left + 46.0, ..area };
        canvas.cells(bar, [1, BANDS], |_, row| colour(BANDS - 1 - row));
        canvas.outline(bar, AXIS, 2.0);
        for edge in (0..=BANDS).step_by(2) {
            let z = level(range, edge);
            let z = if self.logarithmic { 10.0_f64.powf(z) } else { z };
            let at = [bar.right + 16.0, bar.at(0.0, edge as f64 / BANDS as f64)[1] + 0.33 * BODY];
            canvas.text(Text::new(format!("{z:.2}").replace('-', "−"), at, INK));
        }
        canvas.text(Text::new(&self.z_title, [bar.left, area.top - 0.75 * BODY], INK));
    }
}

/// Where the lower edge of a band lies, counted from 0.
fn level([low, high]: [f64; 2], edge: usize) -> f64 {
    low + (high - low) * edge as f64 / BANDS as f64
}

/// Dark where it is deep.
fn colour(band: usize) -> Colour {
    palette::sequential(band as f64 / (BANDS - 1) as f64)
}

fn ground(canvas: &mut Canvas, area: Area, heights: &Grid, range: [f64; 2]) {
    canvas.ground(area, CELL, |u, v| {
        let z = heights.interpolate(u, v);
        let share = (z - range[0]) / (range[1] - range[0]);
        colour(((share * BANDS as f64) as usize).min(BANDS - 1))
    });
    for edge in 1..BANDS {
        for piece in heights.iso_line(level(range, edge)) {
            canvas.line(
                piece.map(|[u, v]| area.at(u, v)).into(),
                colour(edge).mix(WHITE, 0.5),
                2.0,
            );
        }
    }
}

impl Trail {
    fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), DrawError> {
        let points: Vec<Point> = self.points.iter().filter_map(|&p| frame.inside(p)).collect();
        let (Some(&first), Some(&last)) = (points.first(), points.last()) else {
            return Ok(());
        };
        canvas.line(points.clone(), WHITE, STROKE + 4.0);
        canvas.line(points, self.style.ink(), STROKE);
        for (at, label, other) in [(first, &self.start, last), (last, &self.end, first)] {
            if let Some(mark) = self.style.mark {
                canvas.mark(mark, at, 1.4 * MARK, self.style.ink(), 4.0);
            }
            // Beside the mark, where the way does not go and the picture does not end
            let text = Text::new(label, [at[0] + 2.4 * MARK, at[1] + 0.33 * BODY], INK);
            if other[0] <= at[0] && text.at[0] + text.width()? < frame.area.right {
                canvas.text_on_picture(&text);
            } else {
                let at = [at[0] - 2.4 * MARK, text.at[1]];
                canvas.text_on_picture(&Text { at, ..text }.ending());
            }
        }
        Ok(())
    }
}

impl Arrow {
    fn draw(&self, canvas: &mut Canvas, frame: &Frame) {
        let (Some(from), Some(to)) = (frame.inside(self.from), frame.inside(self.to)) else {
            return;
        };
        let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        let length = dx.hypot(dy).max(f64::MIN_POSITIVE);
        let [dx, dy] = [dx / length, dy / length];
        let head = HEAD.min(0.6 * length);
        let thin = (head / HEAD).max(0.5);
        // A point so far before the head, and so far to the right of the arrow
        let at =
            |back: f64, side: f64| [to[0] - back * dx - side * dy, to[1] - back * dy + side * dx];
        for (colour, rim) in [(WHITE, 4.0 * thin), (self.style.ink(), 0.0)] {
            let shaft = [from, at(0.8 * head, 0.0)];
            let width = 1.4 * thin * STROKE + 2.0 * rim;
            if self.style.dashed && rim == 0.0 {
                canvas.dashes(&shaft, colour, width);
            } else {
                canvas.line(shaft.into(), colour, width);
            }
            let (back, half) = (head + rim, 0.45 * head + 1.6 * rim);
            let corners = vec![at(-2.2 * rim, 0.0), at(back, half), at(back, -half)];
            canvas.polygon(corners, colour, 1.0);
        }
        let [x, y] = match self.side {
            0 => at(-1.2 * BODY, 0.0),
            side => at(length / 2.0, f64::from(side) * BODY),
        };
        let text = Text::new(&self.label, [x, y + 0.3 * BODY], self.style.ink().for_text());
        canvas.text_on_picture(&text.centred().bold().sized(1.2 * BODY));
    }
}
