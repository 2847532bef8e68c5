//! The picture of a line search that narrows an interval.

use crate::kit::{
    Colour, Diagram, Edge, Figure, Node, Note, Outline, Picture,
    palette::{AXIS, BLUE, GREEN, PURPLE, VERMILLION},
};
use chapters::chapter_04_regularised_network::{PointOnLine, ZoomCase, ZoomTrial};

/// How many units the picture and one of its panels are wide, and how high a panel's plot is.
const WIDTH: f64 = 24.0;
const PANEL: f64 = 11.2;
const PLOT: f64 = 5.4;
/// The words above a plot, the bars below it, and the space to the next panel.
const ABOVE: f64 = 2.5;
const BELOW: f64 = 2.0;
const GAP: f64 = 0.9;
const COLUMNS: usize = 2;

const LOW: Colour = GREEN;
const HIGH: Colour = PURPLE;
const TRIAL: Colour = VERMILLION;

/// Each trial in a panel of its own.
pub fn zoom(trials: &[ZoomTrial]) -> Figure {
    let rows = trials.len().div_ceil(COLUMNS) as f64;
    let row = ABOVE + PLOT + BELOW;
    let mut diagram = Diagram {
        title: title(trials),
        size: [WIDTH, rows * row + (rows - 1.0) * GAP],
        ..Diagram::default()
    };
    for (i, trial) in trials.iter().enumerate() {
        let left = (i % COLUMNS) as f64 * (WIDTH - PANEL);
        let top = (i / COLUMNS) as f64 * (row + GAP) + ABOVE;
        Panel { trial, left, top }.draw(i + 1, &mut diagram);
    }
    let told = trials.iter().map(|ZoomTrial { low, high, trial, case, .. }| {
        let [low, high, trial] = [low, high, trial].map(|point| step(point.step));
        format!(
            "with low at {low} and high at {high}, {trial} is tried: {}",
            verdict(*case).join(", ")
        )
    });
    Figure {
        name: "chapter-04-zoom".to_owned(),
        alt: format!(
            "Panels with the cost φ(t) of one line search, in which zoom narrows the interval between low \
             and high: {}.",
            told.collect::<Vec<_>>().join("; ")
        ),
        picture: Picture::Diagram(diagram),
    }
}

fn title(trials: &[ZoomTrial]) -> String {
    let wide = trials.first().map_or(f64::NAN, |first| (first.high.step - first.low.step).abs());
    let found = trials.last().map_or(f64::NAN, |last| last.trial.step);
    format!(
        "Zoom: {} trials in an interval of width {wide:.0} lead to the step {}",
        trials.len(),
        step(found)
    )
}

/// A step with two decimals, or none if they are zeros.
fn step(step: f64) -> String {
    let written = format!("{step:.2}");
    written.strip_suffix(".00").map_or(written.clone(), str::to_owned)
}

/// What is seen of a trial, and what follows.
fn verdict(case: ZoomCase) -> [&'static str; 2] {
    match case {
        ZoomCase::TooHigh => ["too high", "trial becomes high"],
        ZoomCase::SlopesAway => ["lower; falls away from high", "low becomes high, trial low"],
        ZoomCase::SlopesTowards => ["lower; falls towards high", "trial becomes low"],
        ZoomCase::Accepted => ["lower, and flat enough", "the search ends"],
    }
}

fn thin(points: Vec<[f64; 2]>, colour: Colour) -> Edge {
    Edge { dashed: true, ..Edge::line(points, colour).weighted(0.4) }
}

/// Where one trial is drawn: the upper left corner of its plot.
struct Panel<'a> {
    trial: &'a ZoomTrial,
    left: f64,
    top: f64,
}

impl Panel<'_> {
    fn x(&self, step: f64) -> f64 {
        let [first, last] = self.trial.shown;
        self.left + PANEL * (step - first) / (last - first)
    }

    /// The lowest and the highest cost that has room.
    fn costs(&self) -> [f64; 2] {
        let ZoomTrial { low, high, trial, costs, .. } = self.trial;
        let bottom = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let top = low.cost.max(high.cost).max(trial.cost);
        [bottom - 0.3 * (top - bottom), top + 0.15 * (top - bottom)]
    }

    fn at(&self, step: f64, cost: f64) -> [f64; 2] {
        let [bottom, top] = self.costs();
        [self.x(step), self.top + PLOT * (top - cost) / (top - bottom)]
    }

    fn draw(&self, number: usize, diagram: &mut Diagram) {
        let ZoomTrial { low, high, trial, case, .. } = self.trial;
        let [seen, follows] = verdict(*case);
        let words = |y: f64, text: String| Note::new([self.left, self.top - y], text).beginning();
        diagram.notes.push(words(2.0, format!("{number}. {seen}")).bold());
        diagram.notes.push(words(1.05, format!("→ {follows}")));
        self.draw_curve(diagram);
        let bottom = self.top + PLOT;
        for (point, name, colour) in
            [(low, "low", LOW), (high, "high", HIGH), (trial, "trial", TRIAL)]
        {
            let at = self.at(point.step, point.cost);
            diagram.edges.push(thin(vec![at, [at[0], bottom]], colour));
            let outline = Outline::Dot(if name == "trial" { 0.26 } else { 0.2 });
            diagram.nodes.push(Node { at, outline, text: String::new(), colour });
            // Beside the curve, inside of the valley; the trial's name below
            let rises = point.slope > 0.0;
            let note = match name {
                "trial" => Note::new([at[0] + 0.3, at[1] + 0.8], name).beginning(),
                _ if rises => Note::new([at[0] - 0.4, at[1] - 0.45], name).ending(),
                _ => Note::new([at[0] + 0.3, at[1] - 0.6], name).beginning(),
            };
            diagram.notes.push(note.coloured(colour).bold());
        }
        self.draw_intervals(diagram);
    }

    fn draw_curve(&self, diagram: &mut Diagram) {
        let ZoomTrial { low, high, shown: [first, last], costs, .. } = self.trial;
        let [_, top] = self.costs();
        let pieces = costs.len() as f64 - 1.0;
        let points = costs.iter().enumerate().filter(|(_, cost)| **cost <= top);
        let points =
            points.map(|(i, &cost)| self.at(first + (last - first) * i as f64 / pieces, cost));
        diagram.edges.push(Edge::line(points.collect(), BLUE).weighted(1.0));
        // The height of the best point so far
        let level = [low.step, high.step].map(|step| self.at(step, low.cost));
        diagram.edges.push(thin(level.into(), LOW));
        let [left, bottom] = [self.left, self.top + PLOT];
        let axes = vec![[left, self.top], [left, bottom], [left + PANEL, bottom]];
        diagram.edges.push(Edge::line(axes, AXIS).weighted(0.5));
        diagram
            .notes
            .push(Note::new([left + PANEL - 0.2, bottom - 0.5], "t").coloured(AXIS).ending());
        diagram.notes.push(Note::new([left + 0.3, self.top + 0.3], "φ").coloured(AXIS).beginning());
    }

    /// The interval as a grey bar, and what becomes of it below.
    fn draw_intervals(&self, diagram: &mut Diagram) {
        let ZoomTrial { low, high, trial, case, .. } = self.trial;
        let bottom = self.top + PLOT;
        let mut bar = |from: &PointOnLine, to: &PointOnLine, y: f64, colour: Colour| {
            let ends = [self.x(from.step), self.x(to.step)];
            let places = ends.map(|x| [x, bottom + y]).into();
            diagram.edges.push(Edge::line(places, colour).weighted(2.4));
            f64::midpoint(ends[0], ends[1])
        };
        let (from, to) = if low.step < high.step { (low, high) } else { (high, low) };
        bar(from, to, 0.45, AXIS);
        let next = match case {
            ZoomCase::TooHigh => Some((low, trial)),
            ZoomCase::SlopesAway => Some((trial, low)),
            ZoomCase::SlopesTowards => Some((trial, high)),
            ZoomCase::Accepted => None,
        };
        let (x, words) = match next {
            Some((from, to)) => (bar(from, to, 0.9, BLUE), "next interval"),
            None => (self.x(trial.step), "the step"),
        };
        for (point, shift) in [(from, -0.1), (to, 0.1)] {
            let note = Note::new([self.x(point.step) + shift, bottom + 0.6], step(point.step));
            let note = if shift < 0.0 { note.ending() } else { note.beginning() };
            diagram.notes.push(note.coloured(AXIS));
        }
        let colour = if next.is_some() { BLUE } else { TRIAL };
        diagram.notes.push(Note::new([x, bottom + 1.55], words).coloured(colour));
    }
}
