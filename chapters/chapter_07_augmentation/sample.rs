use ndarray::{Array2, ArrayView2, Zip};

/// A picture whose pixels come from elsewhere: each from its row and its column in `places`, between pixels
/// by bilinear interpolation; beyond the edge is paper, 0.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-turn-a-picture)
// ANCHOR: sample
pub fn sample(picture: ArrayView2<u8>, places: &[Array2<f32>; 2]) -> Array2<u8> {
    // A margin of paper: one row above and two below, and as many columns
    let (rows, columns) = picture.dim();
    let width = columns + 3;
    let mut paper = vec![0.0; (rows + 3) * width];
    for (paper, row) in paper[width..].chunks_mut(width).zip(picture.rows()) {
        paper[1..].iter_mut().zip(row).for_each(|(paper, &grey)| *paper = f32::from(grey));
    }
    // Places farther out than the margin stop in it
    let within = |place: f32, size: usize| (place + 1.0).clamp(0.0, size as f32 + 1.0);
    let [from_row, from_column] = places;
    Zip::from(from_row).and(from_column).map_collect(|&y, &x| {
        let [y, x] = [within(y, rows), within(x, columns)];
        // The first of four pixels, and how far down and to the right of it
        let [top, left] = [y as u16, x as u16];
        let [down, right] = [y - f32::from(top), x - f32::from(left)];
        let between = |first: usize| {
            let pair = &paper[first..first + 2];
            pair[0] * (1.0 - right) + pair[1] * right
        };
        let first = usize::from(top) * width + usize::from(left);
        let [above, below] = [between(first), between(first + width)];
        (above * (1.0 - down) + below * down + 0.5) as u8
    })
}
// ANCHOR_END: sample

#[cfg(test)]
mod tests {
    use super::*;

    /// A white square, each pixel of which comes from this many rows and columns away.
    fn moved([by_row, by_column]: [f32; 2]) -> Array2<u8> {
        let ink = Array2::from_elem((3, 3), 255);
        let rows = Array2::from_shape_fn((3, 3), |(i, _)| i as f32 + by_row);
        let columns = Array2::from_shape_fn((3, 3), |(_, j)| j as f32 + by_column);
        sample(ink.view(), &[rows, columns])
    }

    #[test]
    fn beyond_the_edge_is_paper() {
        for by in [[9.0, 0.0], [-9.0, 0.0], [0.0, 9.0], [0.0, -9.0], [1e9, -1e9]] {
            assert!(moved(by).iter().all(|&grey| grey == 0), "{by:?}");
        }
        // Half of the first row comes from beyond the upper edge
        assert_eq!(moved([-0.5, 0.0]).column(0), ndarray::array![128, 255, 255]);
    }
}
