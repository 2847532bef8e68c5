//! The digits of chapter 4, and how they are split.

use crate::{
    Course, CourseError,
    chapter_04_regularised_network::network::Architecture,
    dataset::{DigitSource, Digits, few_of_each, one_hot, scale_to_unit, split},
    random::{Purpose, stream},
    report::Raster,
};
use ndarray::{Array1, Array2, Axis};

const DIGITS_PER_CLASS: usize = 500;
/// One digit in five is held out.
const HELD_OUT: usize = 5;
/// How many digits are drawn for the figure, and how many of each class it shows.
const PENNED: usize = 400;
const PENNED_PER_CLASS: usize = 5;

/// The reader's own table of digits, or one made from MNIST or from penned digits; and its name.
pub fn digit_table(course: &Course) -> Result<(String, Digits), CourseError> {
    if let Some(path) = &course.rows {
        return Ok((format!("digits in {}", path.display()), Digits::read_csv(path)?));
    }
    let digits = course.digits(20 * DIGITS_PER_CLASS, 0)?;
    Ok((digits.name, digits.train.balanced(DIGITS_PER_CLASS)?))
}

/// A few penned digits of each class, whether MNIST is there or not.
pub fn penned_digits(course: &Course) -> Result<Vec<Raster>, CourseError> {
    let penned = DigitSource::Penned.load(PENNED, 0, course.seed)?;
    let digits = penned.train.balanced(PENNED_PER_CLASS)?;
    let chosen = few_of_each(&digits.labels, 10, PENNED_PER_CLASS);
    Ok(chosen.into_iter().map(|i| Raster::grey(digits.picture(i))).collect())
}

/// Digits to learn from or to be judged by.
pub struct Examples {
    /// Pixels from 0 to 1, shape `(m, pixels)`.
    pub x: Array2<f64>,
    /// Labels as rows with a single 1, shape `(m, 10)`.
    pub y: Array2<f64>,
    /// The class of each digit, shape `(m,)`.
    pub labels: Vec<usize>,
}

/// One split of the digits into two sets, with the seed for the starting weights.
pub struct Split {
    pub seed: u64,
    pub train: Examples,
    pub test: Examples,
}

impl Split {
    pub fn new(digits: &Digits, seed: u64) -> Self {
        let m = digits.len();
        let (train, test) = split(m, m / HELD_OUT, &mut stream(seed, Purpose::Split));
        Self { seed, train: Examples::new(digits, &train), test: Examples::new(digits, &test) }
    }

    /// The weights to start from.
    pub fn initial_theta(&self, architecture: &Architecture) -> Array1<f64> {
        architecture.random(&mut stream(self.seed, Purpose::Weights))
    }
}

impl Examples {
    fn new(digits: &Digits, chosen: &[usize]) -> Self {
        let labels: Vec<usize> = chosen.iter().map(|&i| digits.labels[i]).collect();
        Self {
            x: scale_to_unit(digits.pixels.select(Axis(0), chosen).view()),
            y: one_hot(labels.iter().copied(), 10),
            labels,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array3;

    #[test]
    fn splits_share_no_digit() {
        let pictures = Array3::from_shape_fn((50, 20, 20), |(i, ..)| i as u8);
        let split = Split::new(&Digits::new(pictures, (0..50).map(|i| i % 10).collect()), 1);
        assert_eq!((split.train.labels.len(), split.test.labels.len()), (40, 10));
        for held_out in split.test.x.rows() {
            assert!(split.train.x.rows().into_iter().all(|row| row != held_out));
        }
    }
}
