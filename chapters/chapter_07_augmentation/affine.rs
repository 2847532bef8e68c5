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
        // Rows come first and count downwards: two changes, which together leave the usual matrix
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

    /// Adds to `places` where each pixel of the new picture was before: its row and its column, each of
    /// shape `(rows, columns)`.
    ///
    /// The picture moves forward, so its new pixels look backward: with the inverse map.
    // ANCHOR: places
    pub fn add_places(&self, places: &mut [Array2<f32>; 2]) {
        let [[a, b], [c, d]] = self.inverse();
        let (rows, columns) = places[0].dim();
        let centre = [rows, columns].map(|size| (size as f32 - 1.0) / 2.0);
        let [from_row, from_column] = places;
        Zip::indexed(from_row).and(from_column).for_each(|(i, j), from_row, from_column| {
            let y = i as f32 - centre[0] - self.shift[0];
            let x = j as f32 - centre[1] - self.shift[1];
            *from_row += a * y + b * x + centre[0];
            *from_column += c * y + d * x + centre[1];
        });
    }
    // ANCHOR_END: places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(affine: Affine) -> [Array2<f32>; 2] {
        let mut places = [(); 2].map(|()| Array2::zeros((5, 5)));
        affine.add_places(&mut places);
        places
    }

    #[test]
    fn centre_stays_where_it_is_unless_shifted() {
        let turned = places(Affine::turned(0.3, [1.2, 0.8], [0.0, 0.0]));
        assert!(turned.iter().all(|places| places[[2, 2]] == 2.0));
        // A picture shifted down and to the left comes from above and from the right
        let [row, column] = places(Affine::turned(0.0, [1.0, 1.0], [2.0, -1.0]));
        assert_eq!([row[[3, 1]], column[[3, 1]]], [1.0, 2.0]);
    }

    #[test]
    fn magnified_picture_comes_from_nearer_the_centre() {
        let [row, column] = places(Affine::turned(0.0, [2.0, 1.0], [0.0, 0.0]));
        assert_eq!([row[[0, 0]], row[[4, 0]]], [1.0, 3.0]);
        assert_eq!([column[[0, 0]], column[[4, 0]]], [0.0, 0.0]);
    }
}
