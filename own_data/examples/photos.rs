//! Turns photos of digits into four files named as MNIST's, to learn from and to be tested on.
//!
//! `cargo run --release -p handwritten-own-data --example photos -- PHOTOS OUT`
//!
//! Each photo is a picture of one digit, and its name begins with that digit: `7.png`, `7-blue-pen.png`.

use chapters::dataset::idx;
use ndarray::{Array1, Array3, Axis};
use own_data::formats::picture::read_digit;
use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

/// Pixels along each side, as MNIST has them.
const SIDE: usize = 28;
/// One photo in five is for the test.
const FIFTH: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let [photos, out] = folders().ok_or("usage: photos PHOTOS OUT")?;
    // The photos, in the order of their names
    let entries = fs::read_dir(photos)?.map(|entry| entry.map(|entry| entry.path()));
    let mut photos = entries.collect::<Result<Vec<PathBuf>, _>>()?;
    photos.sort();
    // Four of five are learned from, the fifth is for the test
    let is_for_test = |i: &usize| i % FIFTH == FIFTH - 1;
    let (test, train): (Vec<usize>, Vec<usize>) = (0..photos.len()).partition(is_for_test);
    fs::create_dir_all(&out)?;
    for (name, chosen) in [("train", train), ("t10k", test)] {
        let chosen: Vec<&PathBuf> = chosen.into_iter().map(|i| &photos[i]).collect();
        write(&chosen, &out, name)?;
        println!("{name}: {} digits", chosen.len());
    }
    Ok(())
}

/// The two folders that follow the program's name.
fn folders() -> Option<[PathBuf; 2]> {
    let folders: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    folders.try_into().ok()
}

/// Writes the pictures and the labels of some photos.
fn write(photos: &[&PathBuf], out: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let mut pictures = Array3::zeros((photos.len(), SIDE, SIDE));
    let mut labels = Vec::new();
    for (photo, mut picture) in photos.iter().zip(pictures.outer_iter_mut()) {
        let name = photo.file_name().map(|name| name.to_string_lossy().into_owned());
        let digit = name.and_then(|name| name.chars().next()).and_then(|first| first.to_digit(10));
        let of_photo = |problem: String| format!("{}: {problem}", photo.display());
        labels.push(digit.ok_or_else(|| of_photo("the name begins with no digit".into()))? as u8);
        picture.assign(&read_digit(photo, (SIDE, SIDE))?.index_axis(Axis(0), 0));
    }
    idx::write(&out.join(format!("{name}-images-idx3-ubyte.gz")), &pictures.into_dyn())?;
    let labels = Array1::from(labels).into_dyn();
    idx::write(&out.join(format!("{name}-labels-idx1-ubyte.gz")), &labels)?;
    Ok(())
}
