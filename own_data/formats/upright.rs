//! Whether pictures of digits or letters stand upright.

use std::collections::BTreeMap;

use ndarray::{ArrayView2, ArrayView3};

/// Fewer pictures, or classes of them, may well be wide ones only.
const FEWEST_PICTURES: usize = 100;
const FEWEST_CLASSES: usize = 5;
/// How many pictures are enough to tell.
const ENOUGH: usize = 2000;
/// How much wider than tall they must be on average, as the logarithm of a ratio; those of MNIST are 0.41
/// taller.
const WIDER: f64 = 0.1;
/// The share of classes that must be wider than tall.
const MOST: f64 = 0.7;
/// Digits and letters are not called by larger numbers: EMNIST has 62 classes.
const CLASSES: u32 = 62;

/// Whether pictures, shape `(m, rows, columns)`, look like digits or letters that lie on their side, with
/// rows and columns swapped, as in the files of EMNIST. `names` are those of their classes.
///
/// Almost all digits and letters are taller than wide. So are classes of them: the ink's standard
/// deviation down the rows is larger than along the columns. 100 digits of MNIST or of scikit-learn's,
/// drawn at random 2,000 times, were never taken for swapped, and always if they were; of digits from
/// this project's pen, one such set in 2,000 went undetected.
///
/// [In the book](../../../book/experiments.html)
// ANCHOR: lie_on_their_side
pub fn lie_on_their_side(pictures: ArrayView3<u8>, names: &[String]) -> bool {
    let (m, rows, columns) = pictures.dim();
    let mut by_class: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    // A sample from everywhere, since files may be sorted
    let sample = pictures.outer_iter().zip(names).step_by(m / ENOUGH + 1);
    for (picture, name) in sample {
        by_class.entry(name).or_default().extend(tallness(picture));
    }
    let is_sign = |name: &&str| match name.parse::<u32>() {
        Ok(number) => number < CLASSES,
        Err(_) => name.chars().count() == 1,
    };
    let few = m < FEWEST_PICTURES || by_class.len() < FEWEST_CLASSES;
    if few || rows != columns || !by_class.keys().all(is_sign) {
        return false;
    }
    let mean = |all: &Vec<f64>| all.iter().sum::<f64>() / all.len().max(1) as f64;
    let means: Vec<f64> = by_class.values().map(mean).collect();
    let wide = means.iter().filter(|&&mean| mean < 0.0).count() as f64;
    mean(&means) < -WIDER && wide >= MOST * means.len() as f64
}
// ANCHOR_END: lie_on_their_side

/// The logarithm of the ratio of the ink's standard deviations, down the rows and along the columns;
/// nothing without ink.
fn tallness(picture: ArrayView2<u8>) -> Option<f64> {
    let mass: f64 = picture.iter().map(|&ink| f64::from(ink)).sum();
    // A tenth of a pixel keeps a single line from being infinitely tall
    let variance = |place: fn((usize, usize)) -> usize| {
        let moment = |power: i32| {
            let of = |(at, &ink): (_, &u8)| f64::from(ink) * (place(at) as f64).powi(power);
            picture.indexed_iter().map(of).sum::<f64>() / mass
        };
        moment(2) - moment(1).powi(2) + 0.1
    };
    (mass > 0.0).then(|| (variance(|at| at.0) / variance(|at| at.1)).ln() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chapters::dataset::pen::pen_digits;
    use chapters::random::{Purpose, stream};
    use ndarray::Array3;
    use rand::Rng;

    #[test]
    fn digits_on_their_side_are_told_from_upright_ones() {
        for seed in 0..20 {
            let digits = pen_digits(200, seed);
            let names: Vec<String> = digits.labels.iter().map(usize::to_string).collect();
            let upright = digits.pictures();
            assert!(!lie_on_their_side(upright, &names), "seed {seed}");
            let swapped = upright.permuted_axes([0, 2, 1]);
            assert!(lie_on_their_side(swapped, &names), "seed {seed}");
            // Words are no names of digits or letters
            let words: Vec<String> = names.iter().map(|name| format!("shoe {name}")).collect();
            assert!(!lie_on_their_side(swapped, &words));
        }
    }

    #[test]
    fn other_pictures_and_few_of_them_lie_on_no_side() {
        let mut rng = stream(1, Purpose::Data);
        let names: Vec<String> = (0..400).map(|i| (i % 10).to_string()).collect();
        let random = Array3::from_shape_fn((400, 28, 28), |_| rng.random());
        assert!(!lie_on_their_side(random.view(), &names));
        let blank = Array3::zeros((400, 28, 28));
        assert!(!lie_on_their_side(blank.view(), &names));
        let digits = pen_digits(90, 1);
        let names: Vec<String> = digits.labels.iter().map(usize::to_string).collect();
        assert!(!lie_on_their_side(digits.pictures().permuted_axes([0, 2, 1]), &names));
    }
}
