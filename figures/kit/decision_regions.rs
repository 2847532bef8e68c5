use super::{
    canvas::{Area, Canvas, Point, Text},
    error::DrawError,
    grid::Grid,
    line_chart::DataPoint,
    palette::{self, AXIS, INK, Style},
    sheet::{self, Sheet},
    text::{BODY, LEADING},
};

/// What classifiers make of the plane, panel beside panel.
pub type RegionSheet = Sheet<Region>;

/// One classifier's decision regions with the examples on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Region {
    /// The name of the panel, for example `5 hidden units`; may be empty.
    pub title: String,
    /// A second line, for example `94.6 % on fresh points`; may be empty.
    pub subtitle: String,
    /// The probability of class 1 of two, or that of each class, from 0 to 1; over one rectangle.
    pub probabilities: Vec<Grid>,
    /// The examples.
    pub points: Vec<DataPoint>,
}

/// The space between panels.
const GAP: f64 = 36.0;
/// The side of the largest panel.
const LARGEST: f64 = 1000.0;
/// The ground is painted in squares of about this side.
const CELL: f64 = 3.0;

impl RegionSheet {
    pub(super) fn canvas(&self) -> Result<Canvas, DrawError> {
        let (mut canvas, top) = self.begin()?;
        let mut top = top + 18.0;
        let (rows, columns) = self.rows();
        let (side, left) = sheet::centred(columns, GAP, LARGEST);
        for row in rows {
            let heading = row.iter().map(Region::heading).fold(0.0, f64::max);
            for (i, panel) in row.iter().enumerate() {
                let left = left + i as f64 * (side + GAP);
                panel.draw(&mut canvas, [left, top], heading, side)?;
            }
            top += heading + side + GAP;
        }
        canvas.finish(top - GAP)
    }
}

impl Region {
    /// The height of the lines above the square.
    fn heading(&self) -> f64 {
        let lines = [&self.title, &self.subtitle].into_iter().filter(|line| !line.is_empty());
        lines.count() as f64 * LEADING * BODY
    }

    fn draw(
        &self,
        canvas: &mut Canvas,
        [left, top]: Point,
        heading: f64,
        side: f64,
    ) -> Result<(), DrawError> {
        let Some(ground) = self.probabilities.first() else {
            return Err(DrawError::Empty(self.title.clone()));
        };
        self.probabilities.iter().try_for_each(|grid| grid.check(&self.title))?;
        let baseline = top + 0.8 * BODY;
        canvas.text(Text::new(&self.title, [left, baseline], INK).bold());
        canvas.text(Text::new(&self.subtitle, [left, baseline + LEADING * BODY], INK));
        let area =
            Area { left, top: top + heading, right: left + side, bottom: top + heading + side };
        self.ground(canvas, area);
        self.boundaries(canvas, area);
        self.examples(canvas, area, ground);
        canvas.outline(area, AXIS, 2.0);
        Ok(())
    }

    fn ground(&self, canvas: &mut Canvas, area: Area) {
        canvas.ground(area, CELL, |u, v| {
            let mut shares: Vec<f64> =
                self.probabilities.iter().map(|grid| grid.interpolate(u, v)).collect();
            if let [second] = shares[..] {
                shares.insert(0, 1.0 - second);
            }
            palette::region(&shares)
        });
    }

    /// Where one class takes over from another.
    fn boundaries(&self, canvas: &mut Canvas, area: Area) {
        for piece in self.leads().iter().flat_map(|lead| lead.iso_line(0.0)) {
            canvas.line(piece.map(|[u, v]| area.at(u, v)).into(), INK, 3.0);
        }
    }

    /// By how much each class is likelier than all others.
    fn leads(&self) -> Vec<Grid> {
        if let [second] = self.probabilities.as_slice() {
            return vec![second.map(|p| p - 0.5)];
        }
        let classes = 0..self.probabilities.len();
        classes
            .clone()
            .map(|class| {
                let own = &self.probabilities[class];
                let others = |i: usize| {
                    let others = classes.clone().filter(|&other| other != class);
                    others.map(|other| self.probabilities[other].values[i]).fold(0.0, f64::max)
                };
                let lead = own.values.iter().enumerate().map(|(i, p)| p - others(i));
                Grid { values: lead.collect(), ..*own }
            })
            .collect()
    }

    fn examples(&self, canvas: &mut Canvas, area: Area, ground: &Grid) {
        let Grid { x, y, .. } = *ground;
        let share = |value: f64, [low, high]: [f64; 2]| (value - low) / (high - low);
        let radius = (area.width() / 75.0).clamp(4.0, 11.0);
        for point in &self.points {
            let at = area.at(share(point.at[0], x), share(point.at[1], y));
            let style = Style::class(point.class);
            if let Some(mark) = style.mark.filter(|_| area.contains(at)) {
                canvas.mark(mark, at, radius, style.ink(), 1.5);
            }
        }
    }
}
