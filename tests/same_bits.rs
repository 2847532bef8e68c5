//! The same command gives the same bytes: in every run, and on any number of threads.

mod program;

use handwritten::dataset::{DigitRows, pen::pen_digits};
use program::{Folder, clouds, hold_to_the_book, moons, text, write_png};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A command, and the values that it measures, which differ from run to run.
type Case = (&'static str, &'static [&'static str]);

/// Every command that computes something, with settings that make it short.
const CASES: [Case; 22] = [
    ("chapter 1 --own-data digits", &[]),
    ("chapter 2 --seeds 3", &[]),
    ("chapter 3 --seeds 2 --epochs 100", &[]),
    ("chapter 4 --rows rows.csv --seeds 2", &[]),
    ("chapter 4 --own-data digits --seeds 1 --hidden 5", &[]),
    ("chapter 5 --own-data digits --epochs 1 --seeds 2", &[]),
    ("chapter 6 --own-data digits", &TIMES),
    ("train --data clouds.csv --epochs 5 --optimiser sgd", &["seconds_per_epoch"]),
    ("train --data clouds.csv --epochs 5 --optimiser momentum", &["seconds_per_epoch"]),
    ("train --data clouds.csv --epochs 5 --optimiser adam --patience 2", &["seconds_per_epoch"]),
    ("train --data clouds.csv --epochs 5 --optimiser lbfgs", &["seconds_per_epoch"]),
    ("train --data clouds.csv --epochs 5 --plain", &["seconds_per_epoch"]),
    (
        "train --images digits/train-images-idx3-ubyte.gz --labels \
         digits/train-labels-idx1-ubyte.gz --epochs 1 --hidden 300",
        &["seconds_per_epoch"],
    ),
    ("sweep --hidden 2,20 --seeds 3 --epochs 50", &[]),
    ("sweep --data clouds.csv --optimiser sgd,lbfgs --epochs 5 --seeds 2", &[]),
    ("predict table/model.safetensors clouds.csv", &[]),
    ("predict digits/model.safetensors digits/t10k-images-idx3-ubyte.gz photo.png", &[]),
    ("pen --train 300 --test 30", &[]),
    ("data export rings --as csv", &["seconds_to_write", "seconds_to_read"]),
    (
        "data export rows --own-data digits --count 50 --as npz",
        &["seconds_to_write", "seconds_to_read"],
    ),
    ("data show digits --own-data digits", &[]),
    ("book --source PROJECT", &["index"]),
];

/// What chapter 6 reads from the clock, and the number of threads that it was given.
const TIMES: [&str; 11] = [
    "cores",
    "peak",
    "bandwidth",
    "one_core",
    "all_cores",
    "share_of_peak",
    "products_alone",
    "update_alone",
    "one_digit",
    "speed",
    "seconds",
];
/// Pictures of times, and files that are not compared for another reason.
const PICTURES_OF_TIMES: &str = "chapter 6";

const THREADS: [&str; 4] = ["1", "2", "2", "3"];

/// Everything that the commands are given, in one folder.
fn prepared() -> Folder {
    let folder = Folder::with([("clouds.csv", clouds(90)), ("moons.csv", moons(60))]);
    let digits = pen_digits(120, 1);
    DigitRows::balanced(&digits, 6).unwrap().write_csv(&folder.path("rows.csv")).unwrap();
    write_png(
        &folder.path("photo.png"),
        digits.images.slice(ndarray::s![3, .., ..]).to_owned().as_slice().unwrap(),
    );
    folder.succeed("pen --train 200 --test 40 --out digits");
    folder.succeed("train --quiet --data clouds.csv --epochs 3 --out table");
    folder.succeed(
        "train --quiet --images digits/train-images-idx3-ubyte.gz --labels \
         digits/train-labels-idx1-ubyte.gz --epochs 3 --hidden 20 --out reader",
    );
    fs::rename(folder.path("reader/model.safetensors"), folder.path("digits/model.safetensors"))
        .unwrap();
    folder
}
