use super::{
    affine::Affine,
    elastic::{Gaussian, elastic},
    sample::sample,
};
use crate::{
    CourseError,
    random::{Purpose, Rng, stream},
};
use ndarray::{Array2, ArrayView2};
use rand::Rng as _;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How much pictures of 28 x 28 pixels are distorted, as MNIST's are; in larger ones they are distorted alike.
///
/// [In the book](../../../book/chapter_07.html#how-much)
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Amounts {
    /// Shifted by up to this many pixels in each direction.
    pub shift: f32,
    /// Turned by up to this many degrees.
    pub angle: f32,
    /// Magnified or reduced by up to this share, in height and in width.
    pub scale: f32,
    /// Strength of the elastic distortion: the random field before it is smoothed, in pixels.
    pub alpha: f32,
    /// Deviation of the Gaussian that smooths it, in pixels.
    pub sigma: f32,
}

impl Amounts {
    /// Nothing is distorted.
    pub const NONE: Self = Self { shift: 0.0, angle: 0.0, scale: 0.0, alpha: 0.0, sigma: 6.0 };

    /// What suits digits.
    pub const DIGITS: Self = Self { shift: 1.0, angle: 15.0, scale: 0.15, alpha: 36.0, sigma: 6.0 };

    /// Refuses amounts that would leave nothing of a picture.
    ///
    /// # Errors
    /// [`CourseError::Setting`], with what may be asked for.
    pub fn check(self) -> Result<(), CourseError> {
        let within = |name, amount: f32, most: f32, expected| {
            CourseError::unless((0.0..=most).contains(&amount), name, expected, amount)
        };
        within("shift", self.shift, 14.0, "from 0 to 14 pixels")?;
        within("angle", self.angle, 180.0, "from 0 to 180 degrees")?;
        within("scale", self.scale, 0.9, "from 0 to 0.9")?;
        within("elastic distortion α", self.alpha, 1000.0, "from 0 to 1000")?;
        let usable = (0.1..=100.0).contains(&self.sigma);
        CourseError::unless(usable, "deviation σ", "from 0.1 to 100 pixels", self.sigma)
    }

    /// The same in pictures with these rows and columns.
    fn in_size(self, (rows, columns): (usize, usize)) -> Self {
        let ratio = rows.min(columns) as f32 / 28.0;
        Self {
            shift: self.shift * ratio,
            // A wider Gaussian leaves less of a random field
            alpha: self.alpha * ratio * ratio,
            sigma: self.sigma * ratio,
            ..self
        }
    }
}

/// Distorts pictures of one size.
///
/// [In the book](../../../book/chapter_07.html#how-much)
#[derive(Clone, Debug)]
pub struct Distortion {
    amounts: Amounts,
    size: (usize, usize),
    gaussian: Gaussian,
    seed: u64,
}

impl Distortion {
    /// Distortion of pictures with these rows and columns; the same seed distorts them the same way.
    pub fn new(amounts: Amounts, size: (usize, usize), seed: u64) -> Self {
        let amounts = amounts.in_size(size);
        Self { amounts, size, gaussian: Gaussian::new(amounts.sigma, size), seed }
    }

    /// Where each pixel's new value comes from: its row and its column.
    // ANCHOR: places
    pub fn places(&self, rng: &mut Rng) -> [Array2<f32>; 2] {
        let Amounts { shift, angle, scale, alpha, .. } = self.amounts;
        let mut up_to = |most: f32| most * rng.random_range(-1.0..=1.0);
        // Shifted, turned and scaled
        let shift = [up_to(shift), up_to(shift)];
        let scale = [1.0 + up_to(scale), 1.0 + up_to(scale)];
        let affine = Affine::turned(up_to(angle).to_radians(), scale, shift);
        // Bent
        let mut places = elastic(alpha, &self.gaussian, rng);
        affine.add_places(&mut places);
        places
    }
    // ANCHOR_END: places

    /// The chosen pictures, each distorted, a row of pixels for each; `first` is how many were distorted
    /// before them. Each picture has its own place in the stream of random numbers, whichever core distorts
    /// it.
    // ANCHOR: pictures
    pub fn pictures(&self, pixels: ArrayView2<u8>, chosen: &[usize], first: usize) -> Array2<u8> {
        let n = pixels.ncols();
        let mut distorted = Array2::zeros((chosen.len(), n));
        let each = distorted.as_slice_mut().expect(IN_ONE_PIECE).par_chunks_mut(n).zip(chosen);
        each.enumerate().for_each(|(k, (row, &i))| {
            let mut rng = stream(self.seed, Purpose::Distortion);
            rng.set_word_pos((first + k) as u128 * words(n));
            let picture = pixels.row(i).into_shape_with_order(self.size).expect(IN_ONE_PIECE);
            let picture = sample(picture, &self.places(&mut rng));
            row.copy_from_slice(picture.as_slice().expect(IN_ONE_PIECE));
        });
        distorted
    }
    // ANCHOR_END: pictures
}

/// Pixels are where they were made.
const IN_ONE_PIECE: &str = "the pixels of a picture lie side by side";

/// At least as many random words, of 4 bytes each, as one picture takes: a byte for each pixel in each of
/// two fields, and the numbers of an affine map.
fn words(pixels: usize) -> u128 {
    (2 * pixels.div_ceil(4) + 16) as u128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_that_leave_nothing_of_a_picture_are_refused() {
        assert!(Amounts::NONE.check().is_ok() && Amounts::DIGITS.check().is_ok());
        let refused = [
            (Amounts { shift: 100.0, ..Amounts::NONE }, "shift"),
            (Amounts { angle: -1.0, ..Amounts::NONE }, "angle"),
            (Amounts { scale: 1.0, ..Amounts::NONE }, "scale"),
            (Amounts { alpha: f32::NAN, ..Amounts::NONE }, "α"),
            (Amounts { sigma: 0.0, ..Amounts::NONE }, "σ"),
        ];
        for (amounts, name) in refused {
            let error = amounts.check().unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn lengths_grow_with_the_picture() {
        let Amounts { shift, angle, scale, alpha, sigma } = Amounts::DIGITS.in_size((56, 70));
        assert_eq!([shift, sigma, alpha], [2.0, 12.0, 144.0]);
        assert_eq!([angle, scale], [Amounts::DIGITS.angle, Amounts::DIGITS.scale]);
    }

    #[test]
    fn no_picture_draws_more_words_than_it_has() {
        let distortion = Distortion::new(Amounts::DIGITS, (28, 28), 1);
        let mut rng = stream(1, Purpose::Distortion);
        let before = rng.get_word_pos();
        distortion.places(&mut rng);
        assert!(rng.get_word_pos() - before <= words(28 * 28));
    }
}
