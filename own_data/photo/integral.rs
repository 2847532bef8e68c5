use ndarray::{Array2, Zip};

/// Sums over any rectangle of a picture in four look-ups (Crow, *Summed-area tables for texture mapping*,
/// 1984).
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
pub struct Integral {
    /// At `(i, j)`: the sum of all values above row `i` and left of column `j`. Shape
    /// `(rows + 1, columns + 1)`.
    sums: Array2<u64>,
}

impl Integral {
    /// The sums of some value of each pixel.
    pub fn new(picture: &Array2<u8>, value: impl Fn(u8) -> u64) -> Self {
        let (rows, columns) = picture.dim();
        let mut sums = Array2::zeros((rows + 1, columns + 1));
        for (i, row) in picture.outer_iter().enumerate() {
            let mut of_row = 0;
            for (j, &grey) in row.iter().enumerate() {
                of_row += value(grey);
                sums[[i + 1, j + 1]] = sums[[i, j + 1]] + of_row;
            }
        }
        Self { sums }
    }

    /// The sum over rows `top..bottom` and columns `left..right`.
    pub fn sum(&self, [top, bottom]: [usize; 2], [left, right]: [usize; 2]) -> u64 {
        let s = &self.sums;
        s[[bottom, right]] + s[[top, left]] - s[[top, right]] - s[[bottom, left]]
    }
}

/// How much a large standard deviation lowers the threshold's distance from the mean (Sauvola's k).
const K: f64 = 0.2;
/// The largest standard deviation of greys from 0 to 255 (Sauvola's R).
const R: f64 = 128.0;

/// Where a picture is ink: darker than `m (1 + k (s/R - 1))`, with the mean `m` and the standard deviation
/// `s` of the greys at most `reach` pixels away (Sauvola & Pietikäinen, *Adaptive document image
/// binarization*, 2000, equation 5).
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
pub fn sauvola(picture: &Array2<u8>, reach: usize) -> Array2<bool> {
    let (rows, columns) = picture.dim();
    let sum = Integral::new(picture, u64::from);
    let square = Integral::new(picture, |grey| u64::from(grey).pow(2));
    let around = |i: usize, size: usize| [i.saturating_sub(reach), (i + reach + 1).min(size)];
    let threshold = |i: usize, j: usize| {
        let (down, across) = (around(i, rows), around(j, columns));
        let count = ((down[1] - down[0]) * (across[1] - across[0])) as f64;
        let m = sum.sum(down, across) as f64 / count;
        let s = (square.sum(down, across) as f64 / count - m * m).max(0.0).sqrt();
        m * (1.0 + K * (s / R - 1.0))
    };
    let mut ink = Array2::from_elem((rows, columns), false);
    Zip::indexed(&mut ink).and(picture).par_for_each(|(i, j), ink, &grey| {
        *ink = f64::from(grey) < threshold(i, j);
    });
    ink
}

/// Each pixel the mean of those at most `reach` pixels away, which smooths grain.
///
/// [In the book](../../../book/experiments.html#what-photos-does-it-read)
pub fn mean_around(picture: &Array2<u8>, reach: usize) -> Array2<u8> {
    let (rows, columns) = picture.dim();
    let sum = Integral::new(picture, u64::from);
    let around = |i: usize, size: usize| [i.saturating_sub(reach), (i + reach + 1).min(size)];
    Array2::from_shape_fn((rows, columns), |(i, j)| {
        let (down, across) = (around(i, rows), around(j, columns));
        let count = ((down[1] - down[0]) * (across[1] - across[0])) as u64;
        ((sum.sum(down, across) + count / 2) / count) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn four_look_ups_are_a_sum() {
        let integral = Integral::new(&array![[1, 2, 3], [4, 5, 6]], u64::from);
        assert_eq!(integral.sum([0, 2], [0, 3]), 21);
        assert_eq!(integral.sum([1, 2], [1, 3]), 11);
        assert_eq!(integral.sum([1, 1], [0, 3]), 0);
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
