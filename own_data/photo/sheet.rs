use super::{
    histogram::otsu_threshold,
    pieces::{Area, Piece, pieces},
};
use chapters::{chapter_07_augmentation::sample, dataset::frame::shrink_into};
use ndarray::{Array2, ArrayView1, ArrayView2};

/// Pixels along the longer side of the photo in which the sheet is looked for.
const COARSE: usize = 256;
/// A smaller picture than this, in pixels along its longer side, is of a digit alone.
const SMALLEST: usize = 100;
/// A sheet covers at least this share of the photo.
const LEAST_SHARE: f64 = 0.2;
/// How far the area of the sheet may be from that of its four corners, as a share.
const SQUARE: f64 = 0.05;
/// How much lighter the sheet is than the table, of 255.
const LEAST_CONTRAST: f64 = 40.0;
/// How far within its edge a sheet is cut, as a share of its size.
const MARGIN: f64 = 0.015;

/// Four corners of a sheet in a photo, as `(row, column)`: upper left, upper right, lower right, lower left.
pub type Corners = [[f64; 2]; 4];

/// The corners of a light sheet on a darker table; none if the sheet fills the photo.
///
/// A sheet is the largest light piece of the photo that Otsu's threshold leaves: it has four corners, and
/// the table is seen on at least three sides of it. (A shadow has four corners too, but reaches the edges.)
pub fn corners(photo: &ArrayView2<u8>) -> Option<Corners> {
    if photo.nrows().max(photo.ncols()) < SMALLEST {
        return None;
    }
    let coarse = shrink_into(photo, (COARSE, COARSE));
    let threshold = otsu_threshold(&coarse);
    let (labels, found) = pieces(&coarse.mapv(|grey| grey > threshold));
    let sheet = found.into_iter().max_by_key(|piece| piece.pixels)?;
    let corners = extremes(&labels, &sheet);
    let is_large = quadrangle(&corners) >= LEAST_SHARE * coarse.len() as f64;
    let is_square = (filled(&labels, &sheet) / quadrangle(&corners) - 1.0).abs() <= SQUARE;
    let is_sheet = is_large
        && is_square
        && sides_at_the_edge(&sheet.area, coarse.dim()) <= 1
        && contrast(&coarse, threshold) >= LEAST_CONTRAST;
    let scale = [
        photo.nrows() as f64 / coarse.nrows() as f64,
        photo.ncols() as f64 / coarse.ncols() as f64,
    ];
    let in_photo = |[i, j]: [f64; 2]| [i * scale[0], j * scale[1]];
    is_sheet.then(|| within(corners).map(in_photo))
}

/// The outermost pixels of a piece along both diagonals.
fn extremes(labels: &Array2<u32>, piece: &Piece) -> Corners {
    let of_piece = || labels.indexed_iter().filter(|(_, label)| **label == piece.label);
    let places = || of_piece().map(|((i, j), _)| [i as f64, j as f64]);
    let most = |key: fn(&[f64; 2]) -> f64| {
        places().max_by(|a, b| key(a).total_cmp(&key(b))).unwrap_or_default()
    };
    let [a, b, c, d] = [
        most(|p| -p[0] - p[1]),
        most(|p| p[1] - p[0]),
        most(|p| p[0] + p[1]),
        most(|p| p[0] - p[1]),
    ];
    // From the middles of pixels to their outer corners
    [a, [b[0], b[1] + 1.0], [c[0] + 1.0, c[1] + 1.0], [d[0] + 1.0, d[1]]]
}

/// The area between four corners (Gauss's shoelace formula).
fn quadrangle(corners: &Corners) -> f64 {
    let next = corners.iter().cycle().skip(1);
    let twice: f64 = corners.iter().zip(next).map(|(a, b)| a[1] * b[0] - b[1] * a[0]).sum();
    twice.abs() / 2.0
}

/// The area of a piece with all that it encloses from left to right.
fn filled(labels: &Array2<u32>, piece: &Piece) -> f64 {
    let span = |row: ArrayView1<u32>| {
        let first = row.iter().position(|&label| label == piece.label)?;
        let last = row.iter().rposition(|&label| label == piece.label)?;
        Some(last + 1 - first)
    };
    labels.outer_iter().filter_map(span).sum::<usize>() as f64
}

/// How many sides of the picture a piece touches.
fn sides_at_the_edge(area: &Area, (rows, columns): (usize, usize)) -> usize {
    let sides = [area.top == 0, area.left == 0, area.bottom == rows, area.right == columns];
    sides.into_iter().filter(|&touches| touches).count()
}

/// How much lighter what is above a threshold is, in the mean.
fn contrast(picture: &Array2<u8>, threshold: u8) -> f64 {
    let mean = |is_light: bool| {
        let greys = picture.iter().filter(|&&grey| (grey > threshold) == is_light);
        let (count, sum) =
            greys.fold((0.0, 0.0), |(n, sum), &grey| (n + 1.0, sum + f64::from(grey)));
        sum / f64::max(count, 1.0)
    };
    mean(true) - mean(false)
}

/// The corners moved a little towards their middle.
fn within(corners: Corners) -> Corners {
    let middle = [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).sum::<f64>() / 4.0);
    corners.map(|corner| {
        [0, 1].map(|axis| corner[axis] + 2.0 * MARGIN * (middle[axis] - corner[axis]))
    })
}

/// What a camera does to a flat sheet: `(u, v)`, from 0 to 1 down and across the sheet, lies in the photo at
/// `(a u + b v + c, d u + e v + f) / (g u + h v + 1)`.
struct Perspective([f64; 8]);

impl Perspective {
    /// The one that takes the corners of the unit square to these (Heckbert, *Fundamentals of texture mapping
    /// and image warping*, 1989, section 2.2.3).
    fn of([p0, p1, p2, p3]: Corners) -> Self {
        // v leads from p0 to p1, u from p0 to p3
        let difference = |axis: usize| p0[axis] - p1[axis] + p2[axis] - p3[axis];
        let [s0, s1] = [difference(0), difference(1)];
        let from_p2 = |p: [f64; 2]| [p[0] - p2[0], p[1] - p2[1]];
        let [across, down] = [from_p2(p1), from_p2(p3)];
        let determinant = across[0] * down[1] - across[1] * down[0];
        let h = (s0 * down[1] - s1 * down[0]) / determinant;
        let g = (across[0] * s1 - across[1] * s0) / determinant;
        let row = |axis: usize| {
            let along = |p: [f64; 2], factor: f64| p[axis] - p0[axis] + factor * p[axis];
            [along(p3, g), along(p1, h), p0[axis]]
        };
        let ([a, b, c], [d, e, f]) = (row(0), row(1));
        Self([a, b, c, d, e, f, g, h])
    }

    /// Where a place of the sheet lies in the photo.
    fn at(&self, [u, v]: [f64; 2]) -> [f64; 2] {
        let Self([a, b, c, d, e, f, g, h]) = self;
        let depth = g * u + h * v + 1.0;
        [(a * u + b * v + c) / depth, (d * u + e * v + f) / depth]
    }
}

/// How tall and wide the sheet is in pixels of the photo: the means of its opposite edges.
fn size([p0, p1, p2, p3]: Corners) -> (usize, usize) {
    let length = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    let mean = |a: f64, b: f64| (f64::midpoint(a, b).round() as usize).max(1);
    (mean(length(p0, p3), length(p1, p2)), mean(length(p0, p1), length(p3, p2)))
}

/// The sheet, squared, its longer side at most `detail`.
pub fn squared(photo: ArrayView2<u8>, corners: Corners, detail: usize) -> Array2<u8> {
    let (rows, columns) = size(corners);
    let longest = rows.max(columns);
    let scaled =
        |side: usize| if longest > detail { (side * detail / longest).max(1) } else { side };
    let (rows, columns) = (scaled(rows), scaled(columns));
    let perspective = Perspective::of(corners);
    let place = |(i, j): (usize, usize)| {
        let [u, v] = [(i as f64 + 0.5) / rows as f64, (j as f64 + 0.5) / columns as f64];
        perspective.at([u, v]).map(|at| (at - 0.5) as f32)
    };
    let places = Array2::from_shape_fn((rows, columns), place);
    sample(photo, &[0, 1].map(|axis| places.mapv(|at| at[axis])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: Corners = [[20.0, 30.0], [28.0, 170.0], [130.0, 180.0], [120.0, 22.0]];

    fn is_inside(p: [f64; 2]) -> bool {
        (0..4).all(|k| {
            let (a, b) = (CORNERS[k], CORNERS[(k + 1) % 4]);
            (b[1] - a[1]) * (p[0] - a[0]) - (b[0] - a[0]) * (p[1] - a[1]) >= 0.0
        })
    }

    #[test]
    fn corners_of_a_sheet_on_a_table() {
        let photo = Array2::from_shape_fn((150, 200), |(i, j)| {
            if is_inside([i as f64 + 0.5, j as f64 + 0.5]) { 220 } else { 60 }
        });
        let found = corners(&photo.view()).unwrap();
        for (found, expected) in found.iter().zip(CORNERS) {
            assert!((found[0] - expected[0]).abs() < 4.0, "{found:?} {expected:?}");
            assert!((found[1] - expected[1]).abs() < 5.0, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn shadow_is_no_sheet() {
        let photo = Array2::from_shape_fn((200, 200), |(i, j)| if i + j > 220 { 90 } else { 210 });
        assert_eq!(corners(&photo.view()), None);
        assert_eq!(corners(&Array2::zeros((0, 3)).view()), None);
    }

    #[test]
    fn corners_of_the_square_come_to_the_corners_of_the_sheet() {
        let perspective = Perspective::of(CORNERS);
        let square = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]];
        for (corner, expected) in square.into_iter().zip(CORNERS) {
            let found = perspective.at(corner);
            assert!((found[0] - expected[0]).abs() < 1e-9 && (found[1] - expected[1]).abs() < 1e-9);
        }
    }
}
