use ndarray::Array2;

/// An affine map of the plane: turned, scaled, sheared and shifted.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-turn-a-picture)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// The linear part, by rows; it multiplies `(row, column)`, counted from the centre of the picture.
    pub linear: [[f32; 2]; 2],
    /// By how many rows and columns the picture moves.
    pub shift: [f32; 2],
}

impl Affine {
    /// Turns by `angle`, in radians and counterclockwise, and magnifies `scale[0]` times in height and
    /// `scale[1]` times in width.
    // ANCHOR: turned
    pub fn turned(angle: f32, scale: [f32; 2], shift: [f32; 2]) -> Self {
        let (sin, cos) = angle.sin_cos();
        let [height, width] = scale;
        // Rows count downwards, so counterclockwise is the other way round than in school
        let linear = [[cos * height, -sin * width], [sin * height, cos * width]];
        Self { linear, shift }
    }
    // ANCHOR_END: turned

    /// The map that undoes this one's linear part.
    fn inverse(&self) -> [[f32; 2]; 2] {
        let [[a, b], [c, d]] = self.linear;
        let determinant = a * d - b * c;
        [[d / determinant, -b / determinant], [-c / determinant, a / determinant]]
    }

    /// Adds to `displacement` how far from each pixel its new value lies: its row and its column, each of
    /// shape `(rows, columns)`.
    ///
    /// The picture moves forward, so its new pixels look backward: with the inverse map.
    // ANCHOR: displace
    pub fn displace(&self, displacement: &mut [Array2<f32>; 2]) {
        let [[a, b], [c, d]] = self.inverse();
        let (rows, columns) = displacement[0].dim();
        let centre = [rows, columns].map(|size| (size as f32 - 1.0) / 2.0);
        let [by_row, by_column] = displacement;
        for ((i, j), by_row) in by_row.indexed_iter_mut() {
            // From the centre, where the picture was before it moved
            let [y, x] =
                [i as f32 - centre[0] - self.shift[0], j as f32 - centre[1] - self.shift[1]];
            *by_row += a * y + b * x - (i as f32 - centre[0]);
            by_column[[i, j]] += c * y + d * x - (j as f32 - centre[1]);
        }
    }
    // ANCHOR_END: displace
}
