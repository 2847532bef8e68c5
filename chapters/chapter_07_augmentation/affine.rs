use ndarray::{Array2, Zip};

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
        Zip::indexed(by_row).and(by_column).for_each(|(i, j), by_row, by_column| {
            // From the centre, and where that was before the picture moved
            let [down, right] = [i as f32 - centre[0], j as f32 - centre[1]];
            let [y, x] = [down - self.shift[0], right - self.shift[1]];
            *by_row += a * y + b * x - down;
            *by_column += c * y + d * x - right;
        });
    }
    // ANCHOR_END: displace
}

#[cfg(test)]
mod tests {
    use super::*;

    fn displacement(affine: Affine) -> [Array2<f32>; 2] {
        let mut displacement = [(); 2].map(|()| Array2::zeros((5, 5)));
        affine.displace(&mut displacement);
        displacement
    }

    #[test]
    fn centre_stays_where_it_is_unless_shifted() {
        let turned = displacement(Affine::turned(0.3, [1.2, 0.8], [0.0, 0.0]));
        assert!(turned.iter().all(|field| field[[2, 2]] == 0.0));
        // A picture shifted down and to the left comes from above and from the right
        let shifted = displacement(Affine::turned(0.0, [1.0, 1.0], [2.0, -1.0]));
        assert!(shifted[0].iter().all(|&d| d == -2.0) && shifted[1].iter().all(|&d| d == 1.0));
    }

    #[test]
    fn magnified_picture_comes_from_nearer_the_centre() {
        let [by_row, by_column] = displacement(Affine::turned(0.0, [2.0, 1.0], [0.0, 0.0]));
        assert_eq!([by_row[[0, 0]], by_row[[4, 0]]], [1.0, -1.0]);
        assert!(by_column.iter().all(|&d| d == 0.0));
    }
}
