//! The matrix products of a training step, each alone, at each width of vectors.

use super::{
    blocked::{BLOCK, Blocked},
    matmul::{Columns, Lhs, Matmul},
    operations::MINI_BATCH,
    peak::peak,
    report::{OfWidth, ProductSpeed},
    stopwatch::{noise, shortest},
    width::Width,
};
use ndarray::{Array2, linalg::general_mat_mul};

/// How many turns `ndarray`'s product and ours have.
const ROUNDS: usize = 25;

/// A product of a step: an `(rows, depth)` with a `(depth, columns)` matrix.
struct Shape {
    role: &'static str,
    layer: String,
    rows: usize,
    depth: usize,
    columns: usize,
}

/// The products of all layers of a network.
fn shapes(sizes: &[usize]) -> Vec<Shape> {
    let of_layer = |(l, pair): (usize, &[usize])| {
        let (m, [n, units]) = (MINI_BATCH, [pair[0], pair[1]]);
        let shape = |role, [rows, depth, columns]: [usize; 3]| Shape {
            role,
            layer: format!("{n} to {units}"),
            rows,
            depth,
            columns,
        };
        let back = (l > 0).then(|| shape("back", [n, units, m]));
        [Some(shape("forward", [units, n, m])), Some(shape("gradient", [units, m, n])), back]
    };
    sizes.windows(2).enumerate().flat_map(of_layer).flatten().collect()
}

impl Shape {
    fn speed(&self, seconds: f64) -> ProductSpeed {
        let [m, k, n] = [self.rows, self.depth, self.columns].map(|size| size as f64);
        let operations = 2.0 * m * k * n;
        let bytes = 4.0 * (m * k + k * n + m * n);
        ProductSpeed {
            name: format!("{}, {}", self.role, self.layer),
            intensity: operations / bytes,
            speed: operations / seconds / 1e9,
            seconds,
        }
    }

    /// The shortest seconds of `ndarray`'s product and of ours at each width.
    fn seconds(&self, widths: &[Width]) -> (f64, Vec<f64>) {
        // Both factors, and our product, one block of rows after the other
        let (rows, depth, columns) = (self.rows, self.depth, self.columns);
        let rhs = noise(depth, columns);
        let back = self.role == "back";
        let lhs = if back { noise(depth, rows) } else { noise(rows, depth) };
        let mut c = noise(rows, columns);
        let mut ours = |width| {
            let strips = c.strips();
            for (b, c) in c.blocks_mut().enumerate() {
                let lhs = if back {
                    Lhs::Columns { matrix: &lhs, first: b * BLOCK }
                } else {
                    Lhs::Rows { block: lhs.block(b), columns: Columns::First(depth) }
                };
                Matmul { lhs, rhs: &rhs, strips, rows: c.len() / strips, c }.write(width);
            }
        };
        // The same for `ndarray`
        let array =
            |matrix: &Blocked| Array2::from_shape_fn(matrix.dim(), |(i, j)| matrix.get(i, j));
        let [left, right] = [&lhs, &rhs].map(array);
        let left = if back { left.reversed_axes() } else { left };
        let mut product = Array2::zeros((rows, columns));
        let mut theirs = || general_mat_mul(1.0, &left, &right, 0.0, &mut product);
        // In turns
        let mut best = (f64::INFINITY, vec![f64::INFINITY; widths.len()]);
        for _ in 0..ROUNDS {
            best.0 = best.0.min(shortest(2, &mut theirs));
            for (best, &width) in best.1.iter_mut().zip(widths) {
                *best = best.min(shortest(2, || ours(width)));
            }
        }
        best
    }
}

/// How fast each width of this processor is, the widest last, beside `ndarray`, which chooses for
/// itself.
pub fn by_width(sizes: &[usize]) -> Vec<OfWidth> {
    // Each product at each width
    let widths: Vec<Width> = Width::available().collect();
    let shapes = shapes(sizes);
    let seconds: Vec<_> = shapes.iter().map(|shape| shape.seconds(&widths)).collect();
    let of_width = |(i, &width): (usize, &Width)| {
        let products: Vec<ProductSpeed> =
            shapes.iter().zip(&seconds).map(|(shape, (_, ours))| shape.speed(ours[i])).collect();
        // Operations, our seconds and those of `ndarray`: of each role, and of all
        let role = |role: &str| {
            let of_role = shapes.iter().zip(&seconds).filter(|(shape, _)| shape.role == role);
            of_role.fold([0.0; 3], |[work, ours, theirs], (shape, seconds)| {
                let operations = 2.0 * (shape.rows * shape.depth * shape.columns) as f64;
                [work + operations, ours + seconds.1[i], theirs + seconds.0]
            })
        };
        let roles = ["forward", "back", "gradient"].map(role);
        let [work, ours, theirs] =
            roles.iter().fold([0.0; 3], |sum, role| std::array::from_fn(|k| sum[k] + role[k]));
        let peak = peak(width) / 1e9;
        let share = |[work, seconds, _]: [f64; 3]| work / seconds / 1e9 / peak;
        OfWidth {
            width: width.to_string(),
            peak,
            milliseconds: 1e3 * ours,
            ndarray_milliseconds: 1e3 * theirs,
            share_of_peak: share([work, ours, theirs]),
            share_by_role: roles.map(share),
            against_ndarray_by_role: roles.map(|[_, ours, theirs]| ours / theirs),
            products,
        }
    };
    widths.iter().enumerate().map(of_width).collect()
}
