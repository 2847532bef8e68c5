use super::error::DrawError;

/// Values on a regular grid of nodes that spans a rectangle.
///
/// The outermost nodes lie on the edge of the rectangle; between nodes values are interpolated
/// bilinearly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Where the first and the last column of nodes lie.
    pub x: [f64; 2],
    /// Where the first and the last row of nodes lie.
    pub y: [f64; 2],
    /// The number of nodes in a row.
    pub columns: usize,
    /// The values row after row, from the bottom row (`y[0]`) to the top row (`y[1]`).
    pub values: Vec<f64>,
}

impl Grid {
    /// Evaluates `f(x, y)` on `columns` × `rows` nodes.
    pub fn sample(
        x: [f64; 2],
        y: [f64; 2],
        columns: usize,
        rows: usize,
        f: impl Fn(f64, f64) -> f64,
    ) -> Grid {
        let values = (0..rows)
            .flat_map(|j| (0..columns).map(move |i| (node(x, columns, i), node(y, rows, j))))
            .map(|(x, y)| f(x, y))
            .collect();
        Grid { x, y, columns, values }
    }

    /// The number of rows of nodes.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// Where node number `i` of a row lies.
    pub fn x_at(&self, i: usize) -> f64 {
        node(self.x, self.columns, i)
    }

    /// Where row number `j` lies.
    pub fn y_at(&self, j: usize) -> f64 {
        node(self.y, self.rows(), j)
    }

    /// The part of the grid from `x[0]` to `x[1]` and from `y[0]` to `y[1]`, with as many nodes as the whole.
    #[must_use]
    pub fn cut(&self, x: [f64; 2], y: [f64; 2]) -> Grid {
        let share = |[low, high]: [f64; 2], value: f64| (value - low) / (high - low);
        Self::sample(x, y, self.columns, self.rows(), |x, y| {
            self.interpolate(share(self.x, x), share(self.y, y))
        })
    }

    /// The grid with every value `z` replaced by `f(z)`.
    #[must_use]
    pub(super) fn map(&self, f: impl Fn(f64) -> f64) -> Grid {
        Grid { values: self.values.iter().map(|&z| f(z)).collect(), ..*self }
    }

    /// At least two by two nodes, as many values as nodes, and a rectangle with an area.
    pub(super) fn check(&self, what: &str) -> Result<(), DrawError> {
        let area = (self.x[1] - self.x[0]) * (self.y[1] - self.y[0]);
        if !area.is_finite() || area == 0.0 {
            return Err(DrawError::Empty(format!("the rectangle of {what}")));
        }
        if self.columns < 2 || self.rows() < 2 {
            return Err(DrawError::Empty(format!("the grid of {what}")));
        }
        if self.values.len() != self.columns * self.rows() {
            return Err(DrawError::Count {
                what: format!("the grid of {what}"),
                expected: self.columns * self.rows(),
                found: self.values.len(),
            });
        }
        Ok(())
    }

    /// The value at the point that lies the shares `u` (left to right) and `v` (bottom to top) of
    /// the way across the rectangle.
    pub(super) fn interpolate(&self, u: f64, v: f64) -> f64 {
        let (i, s) = cell(u, self.columns);
        let (j, t) = cell(v, self.rows());
        let z = |i: usize, j: usize| self.values[j * self.columns + i];
        let below = z(i, j) * (1.0 - s) + z(i + 1, j) * s;
        let above = z(i, j + 1) * (1.0 - s) + z(i + 1, j + 1) * s;
        below * (1.0 - t) + above * t
    }

    /// The pieces of the line on which the value is `level`, each from one shared edge of a
    /// triangle to another, as shares of the way across the rectangle.
    pub(super) fn iso_line(&self, level: f64) -> Vec<[[f64; 2]; 2]> {
        let mut pieces = Vec::new();
        for j in 0..self.rows().saturating_sub(1) {
            for i in 0..self.columns - 1 {
                self.cross_cell(i, j, level, &mut pieces);
            }
        }
        pieces
    }

    /// Cuts the cell to the upper right of node `(i, j)` into four triangles around its centre,
    /// which leaves no ambiguous saddle, and adds where the level crosses each.
    fn cross_cell(&self, i: usize, j: usize, level: f64, pieces: &mut Vec<[[f64; 2]; 2]>) {
        let (width, height) = ((self.columns - 1) as f64, (self.rows() - 1) as f64);
        let corner = |di: usize, dj: usize| {
            let at = [(i + di) as f64 / width, (j + dj) as f64 / height];
            (at, self.values[(j + dj) * self.columns + i + di] - level)
        };
        let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
        if corners.iter().any(|c| !c.1.is_finite()) {
            return;
        }
        let centre = (
            [(i as f64 + 0.5) / width, (j as f64 + 0.5) / height],
            corners.iter().map(|c| c.1).sum::<f64>() / 4.0,
        );
        for k in 0..4 {
            let triangle = [corners[k], corners[(k + 1) % 4], centre];
            let ends: Vec<[f64; 2]> =
                (0..3).filter_map(|k| crossing(triangle[k], triangle[(k + 1) % 3])).collect();
            if let [a, b] = ends[..] {
                pieces.push([a, b]);
            }
        }
    }
}

fn node(range: [f64; 2], count: usize, index: usize) -> f64 {
    range[0] + (range[1] - range[0]) * index as f64 / count.saturating_sub(1).max(1) as f64
}

/// The cell in which the share lies and how far into it.
fn cell(share: f64, nodes: usize) -> (usize, f64) {
    let position = share.clamp(0.0, 1.0) * (nodes - 1) as f64;
    let index = (position.floor() as usize).min(nodes - 2);
    (index, position - index as f64)
}

/// Where an edge passes through zero, if it does.
fn crossing((a, za): ([f64; 2], f64), (b, zb): ([f64; 2], f64)) -> Option<[f64; 2]> {
    if (za < 0.0) == (zb < 0.0) {
        return None;
    }
    let t = za / (za - zb);
    Some([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t])
}
