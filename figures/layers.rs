//! Layers of a network as columns of units.

use crate::kit::{Colour, Edge, Node, palette::AXIS};

/// A layer, drawn from top to bottom.
pub struct Column {
    /// The units that are drawn, with the number of each, counted from 0.
    pub units: Vec<(usize, Node)>,
    /// Three dots in the place of those that are not.
    pub dots: Vec<Node>,
}

impl Column {
    /// A column of `units`, of which there is at least one, at the height `middle`; where there are more than
    /// `most`, the first and the last are drawn, with dots between them.
    pub fn new(
        units: usize,
        most: usize,
        [x, middle]: [f64; 2],
        spacing: f64,
        node: impl Fn([f64; 2], usize) -> Node,
    ) -> Self {
        let units = units.max(1);
        let rows = units.min(most);
        let at = |row: f64| [x, middle + (row - (rows as f64 - 1.0) / 2.0) * spacing];
        // The row of the dots
        let gap = if units > most { most / 2 } else { rows };
        let number = |row: usize| if row < gap { row } else { units - rows + row };
        let drawn = (0..rows).filter(|&row| row != gap);
        let unit = |row: usize| (number(row), node(at(row as f64), number(row)));
        let dots = [-0.25, 0.0, 0.25].map(|off| Node::dot(at(gap as f64 + off), AXIS));
        Self {
            units: drawn.map(unit).collect(),
            dots: if gap < rows { dots.into() } else { Vec::new() },
        }
    }

    /// A pale line from each unit to each of the next layer, but for the pair of their first units if `path`
    /// is drawn there.
    pub fn pale_lines(&self, next: &Self, path: bool) -> Vec<Edge> {
        let pairs = self.units.iter().flat_map(|from| next.units.iter().map(move |to| (from, to)));
        let pale = |((_, from), (_, to)): (&(usize, Node), &(usize, Node))| {
            Edge::between(from, to).headless().weighted(0.4).coloured(PALE)
        };
        pairs.map(pale).skip(usize::from(path)).collect()
    }

    /// All that is drawn of the layer.
    pub fn nodes(&self) -> impl Iterator<Item = Node> {
        self.units.iter().map(|(_, node)| node).chain(&self.dots).cloned()
    }
}

/// The colour of lines that are only there.
const PALE: Colour = Colour(176, 176, 176);
