//! The project's own handwriting, so that the course runs without a download.
//!
//! Each digit starts as one of several `skeletons` of strokes. A `hand` bends, slants and stretches
//! it and chooses a pen; `ink` draws it and normalises it exactly as MNIST does: scaled into 20×20
//! pixels, keeping its aspect ratio, and placed with its centre of mass in the middle of 28×28 (LeCun, Bottou,
//! Bengio & Haffner, *Gradient-based learning applied to document recognition*, 1998).

mod hand;
mod ink;
// Its points are laid out side by side, as one would read them.
#[rustfmt::skip]
mod skeletons;

use super::Digits;
use crate::random::Rng;
use hand::Hand;
use ink::Point;
use ndarray::{Array2, Array3, Axis};
use rand::{SeedableRng, seq::IndexedRandom};
use rayon::prelude::*;

/// Pens digits of 28×28 pixels: digit number `i` shows `i % 10`, so that each digit is penned
/// equally often.
///
/// Digit number `i` depends on the seed and on `i` alone: a longer run begins with the same digits as
/// a shorter one, on any number of threads.
pub fn pen_digits(count: usize, seed: u64) -> Digits {
    let mut images = Array3::zeros((count, ink::SIDE, ink::SIDE));
    images.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(i, mut image)| {
        let mut rng = Rng::seed_from_u64(seed);
        rng.set_stream(i as u64);
        image.assign(&pen_digit(i % 10, &mut rng));
    });
    Digits::new(images, (0..count).map(|i| i % 10).collect())
}

fn pen_digit(digit: usize, rng: &mut Rng) -> Array2<u8> {
    let ways = skeletons::WAYS_TO_WRITE[digit];
    let skeleton = ways.choose(rng).copied().unwrap_or_default();
    let hand = Hand::random(rng);
    let strokes: Vec<Vec<Point>> =
        skeleton.iter().map(|stroke| hand.move_along(stroke, rng)).collect();
    ink::draw(&strokes, &hand.pen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_digits() {
        assert_eq!(pen_digits(20, 1), pen_digits(20, 1));
        assert_ne!(pen_digits(20, 1), pen_digits(20, 2));
    }

    #[test]
    fn longer_run_begins_with_the_shorter_one() {
        let (short, long) = (pen_digits(15, 3), pen_digits(40, 3));
        assert_eq!(short, long.range(0..15));
    }

    #[test]
    fn thread_count_does_not_matter() {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| pen_digits(50, 1))
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn every_digit_is_penned_equally_often() {
        let labels = pen_digits(200, 1).labels;
        for digit in 0..10 {
            assert_eq!(labels.iter().filter(|&&label| label == digit).count(), 20);
        }
    }

    #[test]
    fn ink_fits_into_twenty_by_twenty() {
        for image in pen_digits(300, 1).pictures().outer_iter() {
            for lines in [image.rows(), image.columns()] {
                let inked = lines.into_iter().filter(|line| line.iter().any(|&grey| grey > 0));
                assert!((1..=20).contains(&inked.count()));
            }
        }
    }

    #[test]
    fn centre_of_mass_is_in_the_middle() {
        for image in pen_digits(300, 1).pictures().outer_iter() {
            let mass: f64 = image.iter().map(|&grey| f64::from(grey)).sum();
            let (mut down, mut right) = (0.0, 0.0);
            for ((row, column), &grey) in image.indexed_iter() {
                down += f64::from(grey) * (row as f64 + 0.5);
                right += f64::from(grey) * (column as f64 + 0.5);
            }
            // Whole pixels: the centre can miss the middle by half a pixel.
            assert!((down / mass - 14.0).abs() <= 0.5 + 1e-9, "{}", down / mass);
            assert!((right / mass - 14.0).abs() <= 0.5 + 1e-9, "{}", right / mass);
        }
    }

    #[test]
    fn there_are_several_ways_to_write_each_digit() {
        assert!(skeletons::WAYS_TO_WRITE.iter().all(|ways| ways.len() >= 3));
    }
}
