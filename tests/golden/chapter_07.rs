use crate::fixture::{self, assert_close, matrix};
use chapters::{
    chapter_07_augmentation::{Affine, Amounts, Distortion, Gaussian, sample},
    random::{Purpose, stream},
};
use ndarray::{Array2, array};
use rand::Rng;
use serde::Deserialize;

#[derive(Deserialize)]
struct Oracle {
    picture: Vec<Vec<f64>>,
    sigma: f32,
    field: Vec<Vec<f64>>,
    smooth: Vec<Vec<f64>>,
    places: [Vec<Vec<f64>>; 2],
    sampled: Vec<Vec<f64>>,
    angle: f32,
    scale: [f32; 2],
    shift: [f32; 2],
    turned: Vec<Vec<f64>>,
}

fn single(rows: &[Vec<f64>]) -> Array2<f32> {
    matrix(rows).mapv(|number| number as f32)
}

/// Bytes are rounded: half a grey value away at most, but for rounding in single precision.
#[track_caller]
fn assert_grey(what: &str, found: &Array2<u8>, expected: &[Vec<f64>]) {
    for (&found, &expected) in found.iter().zip(expected.iter().flatten()) {
        let off = (f64::from(found) - expected).abs();
        assert!(off < 0.5 + 1e-3, "{what}: {found} instead of {expected}");
    }
}

// ANCHOR: by_hand
#[test]
fn field_moves_a_pixel_as_by_hand() {
    let picture = array![[0, 0, 0], [0, 200, 100], [0, 0, 0]];
    let everywhere = |by_row: f32, by_column: f32| {
        let rows = Array2::from_shape_fn(picture.dim(), |(i, _)| i as f32 + by_row);
        [rows, Array2::from_shape_fn(picture.dim(), |(_, j)| j as f32 + by_column)]
    };
    // Each pixel takes the value of the pixel to its right: the picture moves to the left
    let left = sample(picture.view(), &everywhere(0.0, 1.0));
    assert_eq!(left, array![[0, 0, 0], [200, 100, 0], [0, 0, 0]]);
    // A quarter of a pixel above: three quarters of the pixel itself, one of the pixel above
    let down = sample(picture.view(), &everywhere(-0.25, 0.0));
    assert_eq!(down, array![[0, 0, 0], [0, 150, 75], [0, 50, 25]]);
    // One pixel alone
    let mut one = everywhere(0.0, 0.0);
    one[1][[1, 0]] += 1.5;
    assert_eq!(sample(picture.view(), &one)[[1, 0]], 150);
}
// ANCHOR_END: by_hand

#[test]
fn quarter_turn_is_that_of_a_book() {
    let picture = array![[1, 2, 3], [4, 5, 6], [7, 8, 9]];
    let mut places = [(); 2].map(|()| Array2::zeros((3, 3)));
    let quarter = Affine::turned(90_f32.to_radians(), [1.0, 1.0], [0.0, 0.0]);
    quarter.add_places(&mut places);
    assert_eq!(
        sample(picture.view(), &places),
        array![[3, 6, 9], [2, 5, 8], [1, 4, 7]],
        "counterclockwise: the right column comes to the top"
    );
}

#[test]
fn nothing_changes_where_all_amounts_are_zero() {
    let mut rng = stream(1, Purpose::Data);
    let pixels = Array2::from_shape_simple_fn((3, 20), || rng.random());
    let distortion = Distortion::new(Amounts::NONE, (4, 5), 1);
    assert_eq!(distortion.pictures(pixels.view(), &[2, 0, 1], 0).row(0), pixels.row(2));
}

#[test]
fn fields_are_smoothed_and_pixels_moved_as_by_scipy() {
    let oracle: Oracle = fixture::read(7);
    let field = single(&oracle.field);
    let smooth = Gaussian::new(oracle.sigma, field.dim()).smooth(&field).mapv(f64::from);
    assert_close("smooth", &smooth, &matrix(&oracle.smooth), 1e-6);
    let picture = matrix(&oracle.picture).mapv(|grey| grey as u8);
    let places = [0, 1].map(|i| single(&oracle.places[i]));
    assert_grey("sampled", &sample(picture.view(), &places), &oracle.sampled);
    let affine = Affine::turned(oracle.angle.to_radians(), oracle.scale, oracle.shift);
    let mut places = [(); 2].map(|()| Array2::zeros(picture.dim()));
    affine.add_places(&mut places);
    assert_grey("turned", &sample(picture.view(), &places), &oracle.turned);
}

#[test]
fn same_seed_distorts_alike_on_any_number_of_threads() {
    let mut rng = stream(1, Purpose::Data);
    let pixels = Array2::from_shape_simple_fn((40, 64), || rng.random());
    let chosen: Vec<usize> = (0..40).rev().collect();
    let distortion = Distortion::new(Amounts::DIGITS, (8, 8), 3);
    let [one, three] = [1, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| distortion.pictures(pixels.view(), &chosen, 100))
    });
    assert_eq!(one, three);
    // In two parts, or all at once
    let later = distortion.pictures(pixels.view(), &chosen[30..], 130);
    assert_eq!(later, one.slice(ndarray::s![30.., ..]));
    // Others with another seed, and in another epoch
    let other = Distortion::new(Amounts::DIGITS, (8, 8), 4);
    assert_ne!(other.pictures(pixels.view(), &chosen, 100), one);
    assert_ne!(distortion.pictures(pixels.view(), &chosen, 140), one);
}
