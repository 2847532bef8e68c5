use super::{
    canvas::{Area, Canvas, MARGIN, Point, Text, WIDTH},
    error::DrawError,
    frame::{self, STROKE},
    palette::{AXIS, BLUE, Colour, INK, VERMILLION, WHITE},
    text::{BODY, LEADING},
};

/// Nodes, arrows between them, strips of cells, and words.
///
/// Places and sizes are in units of a grid whose origin is the upper left corner: x grows to the right
/// and y downwards. The grid is as wide as the picture. In all its words `_{…}` stands for a subscript and
/// `^{…}` for a superscript, for which the font has too few letters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagram {
    /// The finding.
    pub title: String,
    /// How many units the grid is wide and high.
    pub size: [f64; 2],
    /// The arrows and lines, painted over the cells, in this order.
    pub edges: Vec<Edge>,
    /// Strips and tables of cells.
    pub cells: Vec<Cells>,
    /// The nodes, painted over the edges.
    pub nodes: Vec<Node>,
    /// Free words, painted last, after the edges' labels.
    pub notes: Vec<Note>,
}

/// Something that computes or holds a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The middle.
    pub at: [f64; 2],
    /// The form, and how large it is.
    pub outline: Outline,
    /// What stands in it; `\n` begins a new line.
    pub text: String,
    /// The colour of its rim and, paler, of its ground.
    pub colour: Colour,
}

/// The form of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outline {
    /// A circle of this radius.
    Circle(f64),
    /// A box with round corners, as wide and as high as this.
    Box([f64; 2]),
    /// No outline: text alone, in as much room as this, at which edges end.
    Bare([f64; 2]),
    /// A filled dot of this radius, without room for text.
    Dot(f64),
}

/// A line from place to place, with or without an arrow head.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The places that it joins.
    pub points: Vec<[f64; 2]>,
    /// What is written on it, on a white plate; `\n` begins a new line.
    pub label: String,
    /// Where the label's middle lies, as a share of the way along the edge.
    pub label_at: f64,
    /// The colour of the line and of its label.
    pub colour: Colour,
    /// The width of the line, with 1 for the width of a curve.
    pub weight: f64,
    /// Whether the line is dashed instead of solid.
    pub dashed: bool,
    /// Whether the last place has an arrow head.
    pub arrow: bool,
}

/// Cells in rows: bytes, pixels, entries of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// The upper left corner.
    pub at: [f64; 2],
    /// How wide and how high a cell is.
    pub cell: [f64; 2],
    /// The cells row after row.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What stands in it; may be empty.
    pub text: String,
    /// The colour of its ground; text on it is black or white, whichever is easier to read.
    pub ground: Colour,
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Where the words begin, have their middle or end; the middle of their height.
    pub at: [f64; 2],
    /// The words; `\n` begins a new line.
    pub text: String,
    /// The colour of the words.
    pub colour: Colour,
    /// −1: the words begin at the place, 0: their middle lies there, 1: they end there.
    pub anchor: i8,
    /// Whether they are bold.
    pub bold: bool,
}

/// The size of a diagram's text: larger than other pictures' text, since a phone shrinks it.
const TEXT: f64 = 42.0;
/// The size of subscripts and superscripts, as a share of the text's.
const SCRIPT: f64 = 0.7;
/// The length of an arrow head.
const HEAD: f64 = 26.0;
/// The space between a node and the edges that begin or end at it.
const AIR: f64 = 7.0;
/// How many pieces an edge or a round corner is made of.
const PIECES: usize = 48;

impl Node {
    /// A circle of radius 0.5.
    pub fn circle(at: [f64; 2], text: impl Into<String>, colour: Colour) -> Self {
        Self { at, outline: Outline::Circle(0.5), text: text.into(), colour }
    }

    /// A box with round corners.
    pub fn boxed(at: [f64; 2], size: [f64; 2], text: impl Into<String>, colour: Colour) -> Self {
        Self { at, outline: Outline::Box(size), text: text.into(), colour }
    }

    /// Text alone, at which edges can begin and end.
    pub fn bare(at: [f64; 2], size: [f64; 2], text: impl Into<String>) -> Self {
        Self { at, outline: Outline::Bare(size), text: text.into(), colour: INK }
    }

    /// A filled dot of radius 0.07: one of three that stand for more of the same.
    pub fn dot(at: [f64; 2], colour: Colour) -> Self {
        Self { at, outline: Outline::Dot(0.07), text: String::new(), colour }
    }

    /// The same node, a circle of another radius.
    #[must_use]
    pub fn with_radius(self, radius: f64) -> Self {
        Self { outline: Outline::Circle(radius), ..self }
    }

    /// Whether a place lies inside the outline or nearer to it than `air`.
    fn covers(&self, [x, y]: [f64; 2], air: f64) -> bool {
        let [dx, dy] = [x - self.at[0], y - self.at[1]];
        match self.outline {
            Outline::Circle(radius) | Outline::Dot(radius) => dx.hypot(dy) < radius + air,
            Outline::Box([width, height]) | Outline::Bare([width, height]) => {
                dx.abs() < width / 2.0 + air && dy.abs() < height / 2.0 + air
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas, scale: Scale) -> Result<(), DrawError> {
        let rim = self.colour;
        let ground = WHITE.mix(self.colour, 0.14);
        match self.outline {
            Outline::Circle(radius) => {
                canvas.polygon(circle(scale.at(self.at), scale.length(radius)), rim, 1.0);
                let inner = scale.length(radius) - STROKE;
                canvas.polygon(circle(scale.at(self.at), inner), ground, 1.0);
            }
            Outline::Dot(radius) => {
                canvas.polygon(circle(scale.at(self.at), scale.length(radius)), rim, 1.0);
            }
            Outline::Box(size) => {
                let area = scale.area(self.at, size);
                canvas.polygon(rounded(area, 0.0), rim, 1.0);
                canvas.polygon(rounded(area, STROKE), ground, 1.0);
            }
            Outline::Bare(_) => {}
        }
        let ink = if matches!(self.outline, Outline::Bare(_)) { self.colour } else { INK };
        let like = Text::new("", scale.at(self.at), ink).sized(TEXT).centred();
        lines(canvas, &self.text, &like, Canvas::text)
    }
}

impl Edge {
    /// A line through these places with nothing at its ends.
    pub fn line(points: Vec<[f64; 2]>, colour: Colour) -> Self {
        let label = String::new();
        Self { points, label, label_at: 0.5, colour, weight: 0.8, dashed: false, arrow: false }
    }

    /// An arrow through these places, to the last.
    pub fn arrow(points: Vec<[f64; 2]>, colour: Colour) -> Self {
        Self { arrow: true, ..Self::line(points, colour) }
    }

    /// A straight arrow from node to node, in the colour of the way forward.
    pub fn between(from: &Node, to: &Node) -> Self {
        let [[x0, y0], [x1, y1]] = [from.at, to.at];
        let points = (0..=4 * PIECES).map(|k| {
            let t = k as f64 / (4 * PIECES) as f64;
            [x0 + t * (x1 - x0), y0 + t * (y1 - y0)]
        });
        let outside = points.filter(|&point| !from.covers(point, 0.0) && !to.covers(point, 0.0));
        Self::arrow(outside.collect(), BLUE)
    }

    /// The same edge as the way back is drawn: dashed, and in its colour.
    #[must_use]
    pub fn backward(self) -> Self {
        Self { dashed: true, colour: VERMILLION, ..self }
    }

    /// The same edge in another colour.
    #[must_use]
    pub fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// The same edge of another width, with 1 for the width of a curve.
    #[must_use]
    pub fn weighted(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// The same edge without an arrow head.
    #[must_use]
    pub fn headless(self) -> Self {
        Self { arrow: false, ..self }
    }

    /// The same edge with words on it, the share `label_at` of the way along.
    #[must_use]
    pub fn labelled(self, label: impl Into<String>, label_at: f64) -> Self {
        Self { label: label.into(), label_at, ..self }
    }

    /// The same edge, this many units to the left of its way.
    #[must_use]
    pub fn aside(mut self, shift: f64) -> Self {
        if let (Some([x0, y0]), Some([x1, y1])) = (self.points.first(), self.points.last()) {
            let length = (x1 - x0).hypot(y1 - y0).max(f64::MIN_POSITIVE);
            let [right, down] = [shift * (y1 - y0) / length, -shift * (x1 - x0) / length];
            self.points.iter_mut().for_each(|[x, y]| (*x, *y) = (*x + right, *y + down));
        }
        self
    }

    fn draw(&self, canvas: &mut Canvas, scale: Scale) -> Result<(), DrawError> {
        let mut points: Vec<Point> = self.points.iter().map(|&point| scale.at(point)).collect();
        shorten(&mut points, AIR);
        points.reverse();
        shorten(&mut points, AIR);
        let width = self.weight * STROKE;
        if self.arrow && !points.is_empty() {
            let (tip, head) = (points[0], HEAD.max(4.5 * width));
            shorten(&mut points, head);
            // The head points along the last piece of the line
            let neck = points[0];
            let [dx, dy] = [(tip[0] - neck[0]) / head, (tip[1] - neck[1]) / head];
            let half = 0.42 * head;
            let corner = |side: f64| [neck[0] - side * half * dy, neck[1] + side * half * dx];
            canvas.polygon(vec![tip, corner(1.0), corner(-1.0)], self.colour, 1.0);
            points[0] = [neck[0] + 0.2 * head * dx, neck[1] + 0.2 * head * dy];
        }
        points.reverse();
        for piece in beside(&points, self.plate(scale)?) {
            if self.dashed {
                dashes(canvas, &piece, self.colour, width);
            } else {
                canvas.line(piece, self.colour, width);
            }
        }
        Ok(())
    }

    /// The middle of the label, and how it is written.
    fn label_like(&self, scale: Scale) -> Text {
        let at = scale.at(along(&self.points, self.label_at));
        Text::new("", at, self.colour.for_text()).sized(TEXT).centred()
    }

    /// Where the label is.
    fn plate(&self, scale: Scale) -> Result<Option<Area>, DrawError> {
        if self.label.is_empty() || self.points.is_empty() {
            return Ok(None);
        }
        let like = self.label_like(scale);
        let mut width = 0.0_f64;
        for line in self.label.lines() {
            width = runs(line, &like)?.iter().map(|(_, advance)| advance).sum::<f64>().max(width);
        }
        let height = self.label.lines().count() as f64 * LEADING * TEXT;
        let [x, y] = like.at;
        let (half, tall) = (width / 2.0 + 10.0, height / 2.0 - 2.0);
        Ok(Some(Area { left: x - half, top: y - tall, right: x + half, bottom: y + tall }))
    }

    /// The label on its plate, which hides what other edges cross there.
    fn draw_label(&self, canvas: &mut Canvas, scale: Scale) -> Result<(), DrawError> {
        let Some(plate) = self.plate(scale)? else {
            return Ok(());
        };
        canvas.fill(plate, WHITE);
        lines(canvas, &self.label, &self.label_like(scale), Canvas::text)
    }
}

impl Cells {
    /// One row of cells.
    pub fn strip(at: [f64; 2], cell: [f64; 2], row: Vec<Cell>) -> Self {
        Self { at, cell, rows: vec![row] }
    }

    /// The middle of a cell, for edges that end there.
    pub fn middle(&self, row: usize, column: usize) -> [f64; 2] {
        let [x, y] = self.at;
        [x + (column as f64 + 0.5) * self.cell[0], y + (row as f64 + 0.5) * self.cell[1]]
    }

    fn draw(&self, canvas: &mut Canvas, scale: Scale) -> Result<(), DrawError> {
        for (i, row) in self.rows.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                let middle = self.middle(i, j);
                let area = scale.area(middle, self.cell);
                canvas.fill(area, cell.ground);
                // Thin and pale around cells in which there is no room for words
                let small = area.width().max(area.height()) < TEXT;
                let (rim, width) = if small { (AXIS.mix(WHITE, 0.6), 1.0) } else { (AXIS, 2.0) };
                canvas.outline(area, rim, width);
                let ink = cell.ground.contrast();
                let like = Text::new("", scale.at(middle), ink).sized(TEXT).centred();
                lines(canvas, &cell.text, &like, Canvas::text)?;
            }
        }
        Ok(())
    }
}

impl Cell {
    /// A cell with this ground.
    pub fn new(text: impl Into<String>, ground: Colour) -> Self {
        Self { text: text.into(), ground }
    }

    /// A white cell.
    pub fn white(text: impl Into<String>) -> Self {
        Self::new(text, WHITE)
    }

    /// A cell in a pale shade of a colour.
    pub fn pale(text: impl Into<String>, colour: Colour) -> Self {
        Self::new(text, WHITE.mix(colour, 0.3))
    }
}

impl Note {
    /// Words whose middle lies at the place.
    pub fn new(at: [f64; 2], text: impl Into<String>) -> Self {
        Self { at, text: text.into(), colour: INK, anchor: 0, bold: false }
    }

    /// The same words, beginning at the place.
    #[must_use]
    pub fn beginning(self) -> Self {
        Self { anchor: -1, ..self }
    }

    /// The same words, ending at the place.
    #[must_use]
    pub fn ending(self) -> Self {
        Self { anchor: 1, ..self }
    }

    /// The same words in a colour, darkened until they can be read.
    #[must_use]
    pub fn coloured(self, colour: Colour) -> Self {
        Self { colour: colour.for_text(), ..self }
    }

    /// The same words in bold.
    #[must_use]
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// Writes the words in ordinary size at a point of a chart, with a white rim.
    pub(super) fn draw_on_picture(&self, canvas: &mut Canvas, at: Point) -> Result<(), DrawError> {
        lines(canvas, &self.text, &self.like(at).sized(BODY), |canvas, text| {
            canvas.text_on_picture(&text);
        })
    }

    fn draw(&self, canvas: &mut Canvas, scale: Scale) -> Result<(), DrawError> {
        lines(canvas, &self.text, &self.like(scale.at(self.at)).sized(TEXT), Canvas::text)
    }

    fn like(&self, at: Point) -> Text {
        let text = Text { anchor: self.anchor, ..Text::new("", at, self.colour) };
        if self.bold { text.bold() } else { text }
    }
}

impl Diagram {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let [columns, rows] = self.size;
        let parts = self.nodes.len() + self.edges.len() + self.cells.len() + self.notes.len();
        if parts == 0 || !(columns > 0.0 && rows > 0.0) {
            return Err(DrawError::Empty(self.title.clone()));
        }
        let mut canvas = Canvas::default();
        let top = frame::title(&mut canvas, &self.title)? + 20.0;
        let scale = Scale { unit: (WIDTH - 2.0 * MARGIN) / columns, top };
        for cells in &self.cells {
            cells.draw(&mut canvas, scale)?;
        }
        for edge in &self.edges {
            edge.draw(&mut canvas, scale)?;
        }
        for node in &self.nodes {
            node.draw(&mut canvas, scale)?;
        }
        for edge in &self.edges {
            edge.draw_label(&mut canvas, scale)?;
        }
        for note in &self.notes {
            note.draw(&mut canvas, scale)?;
        }
        canvas.finish(top + scale.length(rows))
    }
}

/// How units of the grid become pixels.
#[derive(Clone, Copy)]
struct Scale {
    unit: f64,
    top: f64,
}

impl Scale {
    fn length(self, units: f64) -> f64 {
        units * self.unit
    }

    fn at(self, [x, y]: [f64; 2]) -> Point {
        [MARGIN + self.length(x), self.top + self.length(y)]
    }

    /// A rectangle around a middle.
    fn area(self, middle: [f64; 2], [width, height]: [f64; 2]) -> Area {
        let [x, y] = self.at(middle);
        let [half, tall] = [width, height].map(|side| self.length(side) / 2.0);
        Area { left: x - half, top: y - tall, right: x + half, bottom: y + tall }
    }
}

/// Writes lines like a text, the middle of their height at its point.
fn lines(
    canvas: &mut Canvas,
    words: &str,
    like: &Text,
    write: impl Fn(&mut Canvas, Text),
) -> Result<(), DrawError> {
    let middle = (words.lines().count() as f64 - 1.0) / 2.0;
    for (k, line) in words.lines().enumerate() {
        let runs = runs(line, like)?;
        let width: f64 = runs.iter().map(|(_, advance)| advance).sum();
        // From where the line begins: at its point, half its width before it, or its whole width
        let mut x = like.at[0] - width * f64::midpoint(1.0, f64::from(like.anchor));
        let baseline = like.at[1] + ((k as f64 - middle) * LEADING + 0.3) * like.size;
        for (run, advance) in runs {
            let at = [x, baseline + run.at[1]];
            write(canvas, Text { at, anchor: -1, ..run });
            x += advance;
        }
    }
    Ok(())
}

/// The pieces of a line between which the size changes, each with its distance below the baseline and with
/// its width: `w_{1,j}^{2}` has three.
fn runs(line: &str, like: &Text) -> Result<Vec<(Text, f64)>, DrawError> {
    let script = |letter: char| match letter {
        // Subscripts of one size, whichever way they are written
        '₀'..='₉' => format!("_{{{}}}", u32::from(letter) - u32::from('₀')),
        other => other.to_string(),
    };
    let line: String = line.chars().map(script).collect();
    let mut runs = Vec::new();
    let mut add = |words: &str, size: f64, below: f64| {
        let run = Text { text: words.to_owned(), at: [0.0, below * like.size], ..like.clone() };
        let run = run.sized(size * like.size);
        let width = run.width()?;
        runs.push((run, width));
        Ok::<(), DrawError>(())
    };
    let mut rest = line.as_str();
    while let Some((start, mark)) =
        ["_{", "^{"].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min()
    {
        let end = rest[start..].find('}').map_or(rest.len(), |length| start + length);
        add(&rest[..start], 1.0, 0.0)?;
        add(&rest[start + mark.len()..end], SCRIPT, if mark == "_{" { 0.16 } else { -0.34 })?;
        rest = rest.get(end + 1..).unwrap_or("");
    }
    add(rest, 1.0, 0.0)?;
    Ok(runs)
}

/// Takes so much off the beginning of a line.
fn shorten(points: &mut Vec<Point>, mut length: f64) {
    while let [[x0, y0], [x1, y1], ..] = points[..] {
        let piece = (x1 - x0).hypot(y1 - y0);
        if piece > length {
            let t = length / piece;
            points[0] = [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
            return;
        }
        length -= piece;
        points.remove(0);
    }
}

fn length(points: &[Point]) -> f64 {
    points.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).sum()
}

/// The place the share `share` of the way along a line.
fn along(points: &[Point], share: f64) -> Point {
    let mut rest = points.to_vec();
    shorten(&mut rest, share * length(points));
    rest[0]
}

/// The pieces of a line that a plate does not hide.
fn beside(points: &[Point], plate: Option<Area>) -> Vec<Vec<Point>> {
    let Some(plate) = plate else {
        return vec![points.to_vec()];
    };
    let steps = (length(points) / 3.0).ceil().max(1.0);
    let fine: Vec<Point> = (0..=steps as usize).map(|k| along(points, k as f64 / steps)).collect();
    let pieces = fine.split(|&point| plate.contains(point));
    pieces.filter(|piece| piece.len() > 1).map(<[Point]>::to_vec).collect()
}

/// A dashed line that begins and ends with a whole dash.
fn dashes(canvas: &mut Canvas, points: &[Point], colour: Colour, width: f64) {
    let (whole, gap) = (length(points), 12.0);
    let count = ((whole + gap) / (24.0 + gap)).round().max(1.0);
    let dash = (whole + gap) / count - gap;
    for k in 0..count as usize {
        let mut rest = points.to_vec();
        shorten(&mut rest, k as f64 * (dash + gap));
        rest.reverse();
        let after = length(&rest) - dash;
        shorten(&mut rest, after.max(0.0));
        canvas.line(rest, colour, width);
    }
}

fn circle([x, y]: Point, radius: f64) -> Vec<Point> {
    let corners = 4 * PIECES;
    let angle = |k: usize| k as f64 * std::f64::consts::TAU / corners as f64;
    (0..corners).map(|k| [x + radius * angle(k).cos(), y + radius * angle(k).sin()]).collect()
}

/// The rectangle, `inset` pixels smaller on each side, with round corners.
fn rounded(area: Area, inset: f64) -> Vec<Point> {
    let radius = 24.0_f64.min(area.width() / 2.0).min(area.height() / 2.0);
    let centres = [
        [area.right - radius, area.bottom - radius],
        [area.left + radius, area.bottom - radius],
        [area.left + radius, area.top + radius],
        [area.right - radius, area.top + radius],
    ];
    let quarter = |(k, [x, y]): (usize, Point)| {
        (0..=PIECES / 4).map(move |step| {
            let turns = k as f64 + 4.0 * step as f64 / PIECES as f64;
            let (sin, cos) = (turns * std::f64::consts::FRAC_PI_2).sin_cos();
            [x + (radius - inset) * cos, y + (radius - inset) * sin]
        })
    };
    centres.into_iter().enumerate().flat_map(quarter).collect()
}
