use ndarray::{Array2, ArrayView2, Zip, s};

/// A picture whose pixels come from elsewhere: each from as many rows and columns away as `displacement`
/// says, between pixels by bilinear interpolation; beyond the edge is paper, 0.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-turn-a-picture)
// ANCHOR: sample
pub fn sample(picture: ArrayView2<u8>, displacement: &[Array2<f32>; 2]) -> Array2<u8> {
    // A margin of paper: one row above and two below, and as many columns
    let (rows, columns) = picture.dim();
    let mut paper = Array2::zeros((rows + 3, columns + 3));
    paper.slice_mut(s![1..=rows, 1..=columns]).assign(&picture.mapv(f32::from));
    // The place that each pixel's new value comes from, at most a pixel beyond the edge
    let within = |place: f32, size: usize| (place + 1.0).clamp(0.0, size as f32 + 1.0);
    let mut sampled = Array2::zeros((rows, columns));
    let [by_row, by_column] = displacement;
    Zip::indexed(&mut sampled).and(by_row).and(by_column).for_each(|(i, j), new, &dy, &dx| {
        let [y, x] = [within(i as f32 + dy, rows), within(j as f32 + dx, columns)];
        *new = (between(&paper, y, x) + 0.5) as u8;
    });
    sampled
}

/// The grey value at a place between four pixels.
#[inline]
fn between(paper: &Array2<f32>, y: f32, x: f32) -> f32 {
    let (i, j) = (y as usize, x as usize);
    // How far down and to the right of the first pixel
    let (down, right) = (y - i as f32, x - j as f32);
    let above = paper[[i, j]] * (1.0 - right) + paper[[i, j + 1]] * right;
    let below = paper[[i + 1, j]] * (1.0 - right) + paper[[i + 1, j + 1]] * right;
    above * (1.0 - down) + below * down
}
// ANCHOR_END: sample

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_edge_is_paper() {
        let ink = Array2::from_elem((3, 3), 255);
        for [y, x] in [[9.0, 0.0], [-9.0, 0.0], [0.0, 9.0], [0.0, -9.0]] {
            let away = [y, x].map(|amount| Array2::from_elem((3, 3), amount));
            assert!(sample(ink.view(), &away).iter().all(|&grey| grey == 0), "{y}, {x}");
        }
        // Half of the first row comes from beyond the upper edge
        let half = [-0.5, 0.0].map(|amount| Array2::from_elem((3, 3), amount));
        assert_eq!(sample(ink.view(), &half).column(0), ndarray::array![128, 255, 255]);
    }
}
