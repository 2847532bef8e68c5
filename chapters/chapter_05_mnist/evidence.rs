//! The parts of the report that show networks and digits.

use super::{
    initialisation::Initialisation,
    network::{Activation, Network},
    report::Misread,
    softmax::softmax,
    systems::{CLASSES, TRAIN},
    unrolled::{roll, unroll},
};
use crate::{
    CourseError,
    dataset::{DigitSource, Digits, few_of_each, idx, one_hot, pen},
    gradient_check::{self, Block},
    metrics::{argmax, confusion},
    random::{Purpose, stream},
    report::Raster,
};
use ndarray::{Array2, ArrayView1};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};

/// How many pictures fit on a page.
const MISREAD: usize = 24;
const UNITS: usize = 40;
/// Digits that the program draws for the figure, and how many of each class it shows.
const PENNED: usize = 400;
const PENNED_PER_CLASS: usize = 4;

/// A few digits of each class, penned even if MNIST is there.
pub fn penned_digits(seed: u64) -> Result<Vec<Raster>, CourseError> {
    let digits = DigitSource::Penned.load(PENNED, 0, seed)?.train;
    let chosen = few_of_each(&digits.labels, CLASSES, PENNED_PER_CLASS);
    Ok(chosen.into_iter().map(|i| Raster::grey(digits.picture(i))).collect())
}

/// The first bytes of the file of training digits that `handwritten pen` writes, and of MNIST's, which has
/// as many.
pub fn idx_header() -> [u8; 16] {
    let (rows, columns) = pen::pen_digits(1, 0).size;
    let header =
        idx::header(&[TRAIN, rows, columns]).expect("three dimensions have room in a header");
    header.try_into().expect("four bytes, and four for each dimension")
}

/// How often each digit (row) was read as each (column).
pub fn table_of_mistakes(logits: &Array2<f32>, test: &Digits) -> Vec<Vec<usize>> {
    let counts = confusion(argmax(logits.view()), test.labels.iter().copied(), CLASSES);
    counts.rows().into_iter().map(|row| row.to_vec()).collect()
}

/// The digits that were misread, the most confident mistakes first.
pub fn misread(logits: &Array2<f32>, test: &Digits) -> Vec<Misread> {
    let read = argmax(logits.view());
    let p = softmax(logits.view());
    let mut wrong: Vec<usize> = (0..read.len()).filter(|&i| read[i] != test.labels[i]).collect();
    wrong.sort_by(|&i, &j| p[[j, read[j]]].total_cmp(&p[[i, read[i]]]));
    let describe = |&i: &usize| Misread {
        image: Some(Raster::grey(test.picture(i))),
        shown: test.labels[i],
        read: read[i],
        probability: f64::from(p[[i, read[i]]]),
    };
    wrong.iter().take(MISREAD).map(describe).collect()
}

/// The weights of the first layer's first units as pictures.
pub fn units_as_pictures(network: &Network<f32>, size: (usize, usize)) -> Vec<Raster> {
    let units = network.layers[0].w.columns();
    let picture = |unit: ArrayView1<f32>| {
        let square = unit.mapv(f64::from).into_shape_with_order(size);
        Raster::signed(square.expect("a weight for each pixel").view())
    };
    units.into_iter().take(UNITS).map(picture).collect()
}

/// Checks the gradient in double precision, for a network small enough to nudge every weight.
pub fn gradient_table(seed: u64) -> Vec<gradient_check::Row> {
    let mut rng = stream(seed, Purpose::Weights);
    let sizes = [6, 5, 4, 3];
    let network = Network::random(&sizes, Activation::Relu, Initialisation::He, &mut rng);
    let x = Array2::random_using((7, 6), StandardNormal, &mut stream(seed, Purpose::Data));
    let y = one_hot((0..7).map(|i| i % 3), 3);
    let (_, gradient) = network.cost_and_gradient(x.view(), y.view());
    let blocks = (1..).zip(&network.layers).flat_map(|(l, layer)| {
        [Block::new(format!("w{l}"), layer.w.len()), Block::new(format!("b{l}"), layer.b.len())]
    });
    let blocks: Vec<Block> = blocks.collect();
    let theta = unroll(&network.layers);
    gradient_check::table(&blocks, theta.view(), unroll(&gradient).view(), |theta| {
        roll(theta, &network).cost_and_gradient(x.view(), y.view()).0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_followed_by_the_first_penned_digit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("digits");
        let digits = pen::pen_digits(20, 1);
        let [pictures, _] = digits.to_idx();
        idx::write(&path, &pictures).unwrap();
        let bytes = std::fs::read(path).unwrap();
        let header = idx_header();
        // As many digits as were written, and otherwise the same
        assert_eq!((&bytes[..4], &bytes[4..8]), (&header[..4], &[0, 0, 0, 20][..]));
        assert_eq!(&bytes[8..16], &header[8..]);
        let first: Vec<u8> = digits.picture(0).iter().copied().collect();
        assert_eq!(bytes[16..][..784], first);
        assert_eq!(penned_digits(1).unwrap()[0], Raster::grey(digits.picture(0)));
    }

    #[test]
    fn gradient_matches_central_differences() {
        let rows = gradient_table(1);
        let table = gradient_check::markdown(&rows);
        assert!(rows.iter().all(|row| row.relative_error < 1e-7), "{table}");
    }
}
