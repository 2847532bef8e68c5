use ndarray::{Array2, Zip};

/// Sums over any rectangle of a picture in four look-ups (Crow, *Summed-area tables for texture mapping*,
/// 1984).
pub struct Integral {
    /// At `(i, j)`: the sum of all values above row `i` and left of column `j`. Shape
    /// `(rows + 1, columns + 1)`.
    sums: Array2<u64>,
}

impl Integral {
    /// The sums of some value of each pixel.
    pub fn new<T: Copy>(picture: &Array2<T>, value: impl Fn(T) -> u64) -> Self {
        let (rows, columns) = picture.dim();
        let mut sums = Array2::zeros((rows + 1, columns + 1));
        for (i, row) in picture.outer_iter().enumerate() {
            let mut of_row = 0;
            for (j, &pixel) in row.iter().enumerate() {
                of_row += value(pixel);
                sums[[i + 1, j + 1]] = sums[[i, j + 1]] + of_row;
            }
        }
        Self { sums }
    }

    /// The sum over the pixels at most `reach` rows and columns away from one, and how many these are.
    pub fn around(&self, (i, j): (usize, usize), reach: usize) -> (u64, u64) {
        let s = &self.sums;
        let ends = |i: usize, size: usize| (i.saturating_sub(reach), (i + reach + 1).min(size - 1));
        let ((top, bottom), (left, right)) = (ends(i, s.nrows()), ends(j, s.ncols()));
        let sum = s[[bottom, right]] + s[[top, left]] - s[[top, right]] - s[[bottom, left]];
        (sum, ((bottom - top) * (right - left)) as u64)
    }
}

/// How much a large standard deviation lowers the threshold's distance from the mean (Sauvola's k).
const K: f64 = 0.2;
/// The largest standard deviation of greys from 0 to 255 (Sauvola's R).
const R: f64 = 128.0;

/// Where a picture is ink: darker than `m (1 + k (s/R - 1))`, with the mean `m` and the standard deviation
/// `s` of the greys at most `reach` pixels away (Sauvola & Pietikäinen, *Adaptive document image
/// binarization*, 2000, equation 5).
pub fn sauvola(picture: &Array2<u8>, reach: usize) -> Array2<bool> {
    let sum = Integral::new(picture, u64::from);
    let square = Integral::new(picture, |grey| u64::from(grey).pow(2));
    let threshold = |at: (usize, usize)| {
        let (sum, count) = sum.around(at, reach);
        let (square, _) = square.around(at, reach);
        let m = sum as f64 / count as f64;
        let s = (square as f64 / count as f64 - m * m).max(0.0).sqrt();
        m * (1.0 + K * (s / R - 1.0))
    };
    let mut ink = Array2::from_elem(picture.dim(), false);
    Zip::indexed(&mut ink).and(picture).par_for_each(|at, ink, &grey| {
        *ink = f64::from(grey) < threshold(at);
    });
    ink
}

/// Each pixel the mean of those at most `reach` pixels away, which smooths grain.
pub fn mean_around(picture: &Array2<u8>, reach: usize) -> Array2<u8> {
    let sums = Integral::new(picture, u64::from);
    Array2::from_shape_fn(picture.dim(), |at| {
        let (sum, count) = sums.around(at, reach);
        ((sum + count / 2) / count) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn four_look_ups_are_a_sum() {
        let integral = Integral::new(&array![[1_u8, 2, 3], [4, 5, 6]], u64::from);
        assert_eq!(integral.around((0, 1), 1), (21, 6));
        assert_eq!(integral.around((1, 2), 1), (16, 4));
        assert_eq!(integral.around((1, 1), 0), (5, 1));
    }

    #[test]
    fn mean_of_a_window_that_the_edge_cuts() {
        assert_eq!(mean_around(&array![[0, 10], [20, 30]], 1), array![[15, 15], [15, 15]]);
    }

    #[test]
    fn stroke_is_ink_and_paper_is_not() {
        let picture = Array2::from_shape_fn((40, 40), |(_, j)| if j == 20 { 60 } else { 250 });
        let ink = sauvola(&picture, 10);
        assert!(ink.indexed_iter().all(|((_, j), &ink)| ink == (j == 20)));
    }
}
