use ndarray::{Array2, ArrayView2, Zip};

/// A picture whose pixels come from elsewhere: each from as many rows and columns away as `displacement`
/// says, between pixels by bilinear interpolation; beyond the edge is paper, 0.
///
/// [In the book](../../../book/chapter_07.html#how-does-one-turn-a-picture)
// ANCHOR: sample
pub fn sample(picture: ArrayView2<u8>, displacement: &[Array2<f32>; 2]) -> Array2<u8> {
    let mut sampled = Array2::zeros(picture.dim());
    let [by_row, by_column] = displacement;
    Zip::indexed(&mut sampled).and(by_row).and(by_column).for_each(|(i, j), new, &dy, &dx| {
        *new = between(picture, i as f32 + dy, j as f32 + dx).round() as u8;
    });
    sampled
}

/// The grey value at a place between four pixels.
fn between(picture: ArrayView2<u8>, y: f32, x: f32) -> f32 {
    let (top, left) = (y.floor(), x.floor());
    // How far down and to the right of the first pixel
    let (down, right) = (y - top, x - left);
    let pixel =
        |i: isize, j: isize| picture.get([i as usize, j as usize]).map_or(0.0, |&p| f32::from(p));
    let (i, j) = (top as isize, left as isize);
    let above = pixel(i, j) * (1.0 - right) + pixel(i, j + 1) * right;
    let below = pixel(i + 1, j) * (1.0 - right) + pixel(i + 1, j + 1) * right;
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
