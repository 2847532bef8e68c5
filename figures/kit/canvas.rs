//! A list of shapes in pixels: every picture is first laid out here and then painted once.

use super::{
    error::{Error, MAX_HEIGHT},
    palette::{Colour, Mark, WHITE},
    text::{self, LEADING, Weight},
};
pub(super) use plotters_backend::text_anchor::HPos;

/// The width of every picture in pixels.
pub(super) const WIDTH: f64 = 1500.0;
/// White space at the edge of the picture.
pub(super) const MARGIN: f64 = 36.0;

/// A point in pixels from the upper left corner.
pub(super) type Point = [f64; 2];

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Polygon { corners: Vec<Point>, colour: Colour, opacity: f64 },
    Line { points: Vec<Point>, colour: Colour, width: f64 },
    Disc { centre: Point, radius: f64, colour: Colour },
    Box { area: Area, colour: Colour },
    Text(Text),
}

/// One line of text whose baseline begins, ends or has its middle at `at`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) at: Point,
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
    /// −1: the text begins at the point, 0: its middle lies there, 1: it ends there.
    pub(super) anchor: i8,
    /// Whether the text is turned to be read from below to above.
    pub(super) upwards: bool,
}

impl Text {
    pub(super) fn new(text: impl Into<String>, at: Point, colour: Colour) -> Text {
        Text {
            text: text.into(),
            at,
            size: text::BODY,
            weight: Weight::Regular,
            colour,
            anchor: -1,
            upwards: false,
        }
    }

    pub(super) fn centred(self) -> Text {
        Text { anchor: 0, ..self }
    }

    pub(super) fn ending(self) -> Text {
        Text { anchor: 1, ..self }
    }

    pub(super) fn sized(self, size: f64) -> Text {
        Text { size, ..self }
    }

    pub(super) fn bold(self) -> Text {
        Text { weight: Weight::Bold, ..self }
    }

    pub(super) fn width(&self) -> Result<f64, Error> {
        text::width(&self.text, self.size, self.weight)
    }
}

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn middle(self) -> Point {
        [f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom)]
    }

    /// Whether the point lies inside or, but for rounding, on the edge.
    pub(super) fn contains(self, [x, y]: Point) -> bool {
        let slack = 0.5;
        (self.left - slack..=self.right + slack).contains(&x)
            && (self.top - slack..=self.bottom + slack).contains(&y)
    }

    /// The part of the straight line from `a` to `b` that lies inside (Liang and Barsky, 1984).
    pub(super) fn clip(self, a: Point, b: Point) -> Option<[Point; 2]> {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let edges = [
            (-dx, a[0] - self.left),
            (dx, self.right - a[0]),
            (-dy, a[1] - self.top),
            (dy, self.bottom - a[1]),
        ];
        for (speed, room) in edges {
            if speed == 0.0 && room < 0.0 {
                return None;
            }
            if speed < 0.0 {
                enter = enter.max(room / speed);
            } else if speed > 0.0 {
                leave = leave.min(room / speed);
            }
        }
        let at = |t: f64| [a[0] + dx * t, a[1] + dy * t];
        let from = if enter > 0.0 { at(enter) } else { a };
        let to = if leave < 1.0 { at(leave) } else { b };
        (enter <= leave).then_some([from, to])
    }

    /// The point the shares `u` of the way to the right and `v` of the way up.
    pub(super) fn at(self, u: f64, v: f64) -> Point {
        [self.left + u * self.width(), self.bottom - v * self.height()]
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Canvas {
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
}

impl Canvas {
    /// Ends the picture a margin below `bottom`.
    pub(super) fn finish(mut self, bottom: f64) -> Result<Canvas, Error> {
        self.height = (bottom + MARGIN).ceil();
        if self.height > MAX_HEIGHT as f64 {
            return Err(Error::TooHigh(self.height as u64));
        }
        Ok(self)
    }

    pub(super) fn fill(&mut self, area: Area, colour: Colour) {
        self.shapes.push(Shape::Box { area, colour });
    }

    /// Fills an area with `columns` × `rows` cells, row after row from the top.
    pub(super) fn cells(
        &mut self,
        area: Area,
        [columns, rows]: [usize; 2],
        colour: impl Fn(usize, usize) -> Colour,
    ) {
        let at = |column: usize, row: usize| {
            area.at(column as f64 / columns as f64, 1.0 - row as f64 / rows as f64)
        };
        for row in 0..rows {
            for column in 0..columns {
                let ([left, top], [right, bottom]) = (at(column, row), at(column + 1, row + 1));
                self.fill(Area { left, top, right, bottom }, colour(column, row));
            }
        }
    }

    pub(super) fn polygon(&mut self, corners: Vec<Point>, colour: Colour, opacity: f64) {
        self.shapes.push(Shape::Polygon { corners, colour, opacity });
    }

    pub(super) fn line(&mut self, points: Vec<Point>, colour: Colour, width: f64) {
        self.shapes.push(Shape::Line { points, colour, width });
    }

    /// The outline of a rectangle.
    pub(super) fn outline(&mut self, area: Area, colour: Colour, width: f64) {
        let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        let points = corners.iter().map(|&[u, v]| area.at(u, v)).collect();
        self.line(points, colour, width);
    }

    /// A line of dashes, each three line widths long and more.
    pub(super) fn dashes(&mut self, points: &[Point], colour: Colour, width: f64) {
        let (dash, gap) = (5.0 * width, 3.0 * width);
        let mut travelled = 0.0;
        let mut current: Vec<Point> = Vec::new();
        for pair in points.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let length = (b[0] - a[0]).hypot(b[1] - a[1]);
            let mut position = 0.0;
            while position < length {
                let phase = travelled % (dash + gap);
                let drawn = phase < dash;
                let rest = if drawn { dash } else { dash + gap } - phase;
                let step = rest.max(1e-3).min(length - position);
                let at = |p: f64| {
                    let t = p / length;
                    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
                };
                if drawn {
                    if current.is_empty() {
                        current.push(at(position));
                    }
                    current.push(at(position + step));
                } else if !current.is_empty() {
                    self.line(std::mem::take(&mut current), colour, width);
                }
                position += step;
                travelled += step;
            }
        }
        if !current.is_empty() {
            self.line(current, colour, width);
        }
    }

    /// A mark of about `radius` pixels with a white rim of `rim` pixels.
    pub(super) fn mark(&mut self, mark: Mark, at: Point, radius: f64, colour: Colour, rim: f64) {
        if rim > 0.0 {
            self.bare_mark(mark, at, radius, rim, WHITE);
        }
        self.bare_mark(mark, at, radius, 0.0, colour);
    }

    fn bare_mark(&mut self, mark: Mark, [x, y]: Point, radius: f64, rim: f64, colour: Colour) {
        let r = radius + rim;
        let corners: &[Point] = match mark {
            Mark::Circle => {
                self.shapes.push(Shape::Disc { centre: [x, y], radius: r, colour });
                return;
            }
            Mark::Cross => {
                let (arm, width) = (radius * 0.85 + rim * 0.7, radius * 0.52 + 2.0 * rim);
                self.line(vec![[x - arm, y - arm], [x + arm, y + arm]], colour, width);
                self.line(vec![[x - arm, y + arm], [x + arm, y - arm]], colour, width);
                return;
            }
            Mark::Square => &[[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
            Mark::Triangle => &[[0.0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
            Mark::Diamond => &[[0.0, -1.25], [1.25, 0.0], [0.0, 1.25], [-1.25, 0.0]],
        };
        let corners = corners.iter().map(|[u, v]| [x + r * u, y + r * v]);
        self.polygon(corners.collect(), colour, 1.0);
    }

    pub(super) fn text(&mut self, text: Text) {
        if !text.text.is_empty() {
            self.shapes.push(Shape::Text(text));
        }
    }

    /// Text with a white rim, legible on any ground.
    pub(super) fn text_on_picture(&mut self, text: &Text) {
        for k in 0..12 {
            let (sin, cos) = (f64::from(k) * std::f64::consts::TAU / 12.0).sin_cos();
            let at = [text.at[0] + 4.0 * cos, text.at[1] + 4.0 * sin];
            let colour = WHITE;
            self.text(Text { at, colour, ..text.clone() });
        }
        self.text(text.clone());
    }

    /// Wraps a text to `limit` pixels; its first baseline is at the text's point. Returns the
    /// number of lines.
    pub(super) fn paragraph(&mut self, text: &Text, limit: f64) -> Result<usize, Error> {
        let lines = text::wrap(&text.text, limit, text.size, text.weight)?;
        let count = lines.len();
        for (k, line) in lines.into_iter().enumerate() {
            let at = [text.at[0], text.at[1] + k as f64 * LEADING * text.size];
            self.text(Text { text: line, at, ..text.clone() });
        }
        Ok(count)
    }
}
