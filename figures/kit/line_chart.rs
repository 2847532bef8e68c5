use super::{
    axis::{Axis, Ruler, Scale},
    canvas::{Area, Canvas, MARGIN, Point, Text, WIDTH},
    curve_labels::{self, EndLabel},
    diagram::Note,
    error::DrawError,
    frame::{self, Frame, KeyEntry, MARK, STROKE},
    palette::{AXIS, INK, Style},
    text::{self, BODY, Weight},
};

/// Curves, scattered points and straight lines between two axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineChart {
    /// The finding.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The curves, painted in this order.
    pub curves: Vec<Curve>,
    /// Examples scattered over the plane, painted on top.
    pub scatter: Vec<DataPoint>,
    /// What the classes of the scattered points are called, class 0 first; may be empty.
    pub class_labels: Vec<String>,
    /// Straight lines across the whole chart.
    pub references: Vec<Reference>,
    /// Words at points of the chart, in its coordinates.
    pub notes: Vec<Note>,
}

/// A curve through points.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What the curve shows, written at its end; a curve without a label gets none.
    pub label: String,
    /// The points as `[x, y]`, in the order in which they are joined; a point that is not finite
    /// interrupts the curve.
    pub points: Vec<[f64; 2]>,
    /// For each point the lowest and the highest value, as `[lower, upper]`; empty for no band.
    pub band: Vec<[f64; 2]>,
    /// How the curve is drawn.
    pub style: Style,
}

/// An example with two features and a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataPoint {
    /// The two features `[x, y]`.
    pub at: [f64; 2],
    /// The class, which decides colour and mark.
    pub class: u8,
}

/// A straight line across the whole chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// A horizontal line at the height `at`.
    Horizontal {
        /// The value on the vertical axis.
        at: f64,
        /// What the line stands for.
        label: String,
    },
    /// A vertical line at the place `at`.
    Vertical {
        /// The value on the horizontal axis.
        at: f64,
        /// What the line stands for.
        label: String,
    },
}

/// The height of the area between the axes.
const HEIGHT: f64 = 760.0;

impl LineChart {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let mut canvas = Canvas::default();
        let (x, y) = self.rulers()?;
        let title = frame::title(&mut canvas, &self.title)?;
        let left = Frame::left(&y)?;
        let mut frame = Frame {
            area: Area { left, top: 0.0, right: WIDTH - MARGIN - 10.0, bottom: HEIGHT },
            x,
            y,
        };
        // Labels at the curves' ends where they fit, otherwise a key below the title.
        let margin = self.end_labels(&frame)?;
        let mut key: Vec<KeyEntry> = frame::class_entries(&self.class_labels).collect();
        if let Some(width) = margin {
            frame.area.right = WIDTH - MARGIN - width - 34.0;
        } else {
            key.extend(self.labelled().map(|curve| KeyEntry {
                style: curve.style,
                line: true,
                label: &curve.label,
            }));
        }
        let top = frame::key(&mut canvas, &key, title + 6.0)? + 12.0;
        frame.area.top = top + if self.y.title.is_empty() { 0.0 } else { 1.7 * BODY };
        frame.area.bottom = frame.area.top + HEIGHT;

        frame.grid(&mut canvas);
        let bottom = frame.axes(&mut canvas, [&self.x.title, &self.y.title])?;
        self.draw_content(&mut canvas, &frame)?;
        if margin.is_some() {
            let labels = self.labelled().filter_map(|curve| {
                Some(EndLabel {
                    lines: EndLabel::lines(&curve.label).ok()?,
                    colour: curve.style.ink(),
                    end: curve.visible_end(&frame)?,
                })
            });
            curve_labels::draw_end_labels(&mut canvas, frame.area, labels.collect());
        }
        canvas.finish(bottom)
    }

    fn labelled(&self) -> impl Iterator<Item = &Curve> {
        self.curves.iter().filter(|curve| !curve.label.is_empty())
    }

    pub(super) fn rulers(&self) -> Result<(Ruler, Ruler), DrawError> {
        let mut points: Vec<[f64; 2]> = self.scatter.iter().map(|p| p.at).collect();
        for curve in &self.curves {
            curve.check()?;
            points.extend(&curve.points);
            let band = curve.points.iter().zip(&curve.band);
            points.extend(band.flat_map(|(p, b)| [[p[0], b[0]], [p[0], b[1]]]));
        }
        let mut level: Vec<[f64; 2]> = points.clone();
        for reference in &self.references {
            match reference {
                Reference::Horizontal { at, .. } => level.push([f64::NAN, *at]),
                Reference::Vertical { at, .. } => level.push([*at, f64::NAN]),
            }
        }
        let marked = self.curves.iter().any(|curve| curve.style.mark.is_some());
        let padding = if marked || !self.scatter.is_empty() { 0.03 } else { 0.0 };
        let x = Ruler::new(&self.x, level.iter().map(|p| p[0]), padding)?;
        let y = Ruler::new(&self.y, level.iter().map(|p| p[1]), 0.05)?;
        Ok((x, y))
    }

    /// The width of the labels beside the curves' ends, or `None` if they do not fit there
    /// because there are too many or because the curves end in different places.
    fn end_labels(&self, frame: &Frame) -> Result<Option<f64>, DrawError> {
        let (mut labels, mut width) = (Vec::new(), 0.0_f64);
        for curve in self.labelled() {
            let Some(end) = curve.visible_end(frame) else {
                return Ok(None);
            };
            let lines = EndLabel::lines(&curve.label)?;
            width = width.max(text::widest(&lines, Weight::Regular)?);
            labels.push(EndLabel { lines, colour: INK, end });
        }
        let slack = match self.x.scale {
            Scale::Categories(_) => 0.13,
            _ => 0.05,
        } * frame.area.width();
        let at_the_edge = labels.iter().all(|label| label.end[0] > frame.area.right - slack);
        let fits = at_the_edge && curve_labels::fit(&labels, frame.area);
        Ok((fits && !labels.is_empty()).then_some(width))
    }

    pub(super) fn draw_content(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), DrawError> {
        for curve in &self.curves {
            curve.draw_band(canvas, frame);
        }
        let mut obstacles = Vec::new();
        for reference in &self.references {
            reference.draw(canvas, frame);
        }
        for curve in &self.curves {
            obstacles.extend(curve.draw(canvas, frame));
        }
        for point in &self.scatter {
            let style = Style::class(point.class);
            if let (Some(at), Some(mark)) = (frame.inside(point.at), style.mark) {
                canvas.mark(mark, at, 1.7 * MARK, style.ink(), 3.0);
                obstacles.push(at);
            }
        }
        for reference in &self.references {
            reference.draw_label(canvas, frame, &mut obstacles)?;
        }
        for note in &self.notes {
            if let Some(at) = frame.inside(note.at) {
                note.draw_on_picture(canvas, at)?;
            }
        }
        Ok(())
    }
}

impl Curve {
    /// A curve without a band.
    pub fn new(label: impl Into<String>, style: Style, points: Vec<[f64; 2]>) -> Self {
        Self { label: label.into(), points, band: Vec::new(), style }
    }

    fn check(&self) -> Result<(), DrawError> {
        if self.band.is_empty() || self.band.len() == self.points.len() {
            return Ok(());
        }
        Err(DrawError::Count {
            what: format!("the band of the curve “{}”", self.label),
            expected: self.points.len(),
            found: self.band.len(),
        })
    }

    /// The pieces of the curve that lie inside the area.
    fn pieces(&self, frame: &Frame) -> Vec<Vec<Point>> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        for pair in self.points.windows(2) {
            let (Some(a), Some(b)) = (frame.at(pair[0]), frame.at(pair[1])) else {
                continue;
            };
            let Some([a, b]) = frame.area.clip(a, b) else {
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&a) => piece.push(b),
                _ => pieces.push(vec![a, b]),
            }
        }
        pieces
    }

    fn visible_end(&self, frame: &Frame) -> Option<Point> {
        let last = self.pieces(frame).pop().and_then(|piece| piece.last().copied());
        last.or_else(|| self.points.iter().rev().find_map(|&p| frame.at(p)))
            .filter(|&p| frame.area.contains(p))
    }

    /// Draws line and marks and returns points along them.
    fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Vec<Point> {
        let colour = self.style.ink();
        let mut along = Vec::new();
        for piece in self.pieces(frame) {
            for pair in piece.windows(2) {
                let steps = ((pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]) / 8.0).ceil();
                along.extend((0..=steps as usize).map(|k| {
                    let t = k as f64 / steps.max(1.0);
                    [0, 1].map(|i| pair[0][i] + (pair[1][i] - pair[0][i]) * t)
                }));
            }
            if self.style.dashed {
                canvas.dashes(&piece, colour, STROKE);
            } else {
                canvas.line(piece, colour, STROKE);
            }
        }
        if let Some(mark) = self.style.mark {
            for at in self.points.iter().filter_map(|&p| frame.inside(p)) {
                canvas.mark(mark, at, MARK, colour, 2.0);
                along.push(at);
            }
        }
        along
    }

    fn draw_band(&self, canvas: &mut Canvas, frame: &Frame) {
        let Area { top, bottom, .. } = frame.area;
        let edges: Vec<Option<[Point; 2]>> = self
            .points
            .iter()
            .zip(&self.band)
            .map(|(&[x, _], &[lower, upper])| {
                let above = frame.at([x, upper])?;
                let below = frame.at([x, lower]).map_or(bottom, |p| p[1]);
                let within = frame.area.contains([above[0], top]);
                within.then_some([above[1], below].map(|y| [above[0], y.clamp(top, bottom)]))
            })
            .collect();
        for run in edges.split(Option::is_none) {
            let run: Vec<[Point; 2]> = run.iter().copied().flatten().collect();
            let upper = run.iter().map(|edge| edge[0]);
            let lower = run.iter().rev().map(|edge| edge[1]);
            if run.len() > 1 {
                canvas.polygon(upper.chain(lower).collect(), self.style.colour, 0.2);
            }
        }
    }
}

impl Reference {
    fn ends(&self, frame: &Frame) -> Option<[Point; 2]> {
        let Area { left, top, right, bottom } = frame.area;
        let line = match self {
            Reference::Horizontal { at, .. } => {
                let y = frame.area.at(0.0, frame.y.share(*at)?)[1];
                [[left, y], [right, y]]
            }
            Reference::Vertical { at, .. } => {
                let x = frame.area.at(frame.x.share(*at)?, 0.0)[0];
                [[x, top], [x, bottom]]
            }
        };
        frame.area.contains(line[0]).then_some(line)
    }

    fn draw(&self, canvas: &mut Canvas, frame: &Frame) {
        if let Some(line) = self.ends(frame) {
            canvas.dashes(&line, AXIS, 3.0);
        }
    }

    fn draw_label(
        &self,
        canvas: &mut Canvas,
        frame: &Frame,
        obstacles: &mut Vec<Point>,
    ) -> Result<(), DrawError> {
        let (Reference::Horizontal { label, .. } | Reference::Vertical { label, .. }) = self;
        let Some([from, to]) = self.ends(frame) else {
            return Ok(());
        };
        let text = Text::new(label, from, AXIS);
        let width = text.width()?;
        let share = |t: f64| [0, 1].map(|i| from[i] + (to[i] - from[i]) * t);
        let places: Vec<Point> = [0.02, 0.98, 0.25, 0.5, 0.75]
            .into_iter()
            .flat_map(|t| {
                let [x, y] = share(t);
                match self {
                    Reference::Horizontal { .. } => {
                        let x = x - t * width;
                        [[x, y - 0.35 * BODY], [x, y + 1.0 * BODY]]
                    }
                    Reference::Vertical { .. } => {
                        let y = y + (1.0 - t) * BODY;
                        [[x + 14.0, y], [x - 14.0 - width, y]]
                    }
                }
            })
            .collect();
        curve_labels::place(canvas, &text, &places, frame.area, obstacles)
    }
}
