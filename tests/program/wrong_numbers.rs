//! Numbers that go wrong: what the program says of each, as soon as it can know.

use crate::support::{Folder, hold_to_the_book, moons, text};
use chapters::dataset::{idx, pen::pen_digits};
use ndarray::{Array1, Array2, Array3, ArrayD, array};
use ndarray_npy::NpzWriter;
use serde_json::{Value, json};
use std::{
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// What goes wrong in plain words, the command after `handwritten`, its exit code and what it says; `…`
/// stands for a number that another processor may compute differently.
type Row = (&'static str, &'static str, i32, &'static str);

/// Learning rates, penalties, sizes and counts on the command line.
const SETTINGS: &[Row] = &[
    (
        "a distortion that leaves nothing of a picture",
        "train --data moons.csv --augment=shift=100",
        2,
        "the shift must be from 0 to 14 pixels, but it is 100",
    ),
    (
        "a Gaussian without width",
        "train --data moons.csv --augment=elastic,sigma=0",
        2,
        "the deviation σ must be from 0.1 to 100 pixels, but it is 0",
    ),
    (
        "more epochs to average than there are",
        "train --data moons.csv --epochs 3 --average 5",
        2,
        "the epochs to average must be from 1 to the number of epochs, but it is 5",
    ),
    (
        "a learning rate that makes the weights overflow",
        "train --data moons.csv --optimiser sgd --learning-rate 1e30",
        1,
        "while training the network, the cost became NaN at mini-batch 2 of epoch 1: the learning rate \
         1e30 is too large, try 0.1",
    ),
    (
        "the same, in the very last step",
        "train --data moons.csv --optimiser sgd --learning-rate 1e38 --batch 0 --epochs 1",
        1,
        "while training the network, the cost became NaN at the end of epoch 1: the learning rate 1e38 \
         is too large, try 0.1",
    ),
    (
        "the largest learning rate there is",
        "train --data moons.csv --learning-rate 1.7976931348623157e308",
        1,
        "while training the network, the cost became NaN at mini-batch 2 of epoch 1: the learning rate \
         1.79769e308 is too large, try 0.003",
    ),
    (
        "a learning rate at which the cost rises but stays finite",
        "train --data moons.csv --learning-rate 50 --epochs 2",
        0,
        "in epoch 1 the cost rose to …, from … before the first step (always predicting the class \
         frequencies costs …): the learning rate 50 is too large, try 0.003.",
    ),
    (
        "a learning rate too small to move anything",
        "train --data moons.csv --optimiser sgd --learning-rate 1e-300 --epochs 5",
        0,
        "the network ended with a cost of …, no better than the … of always predicting the class \
         frequencies: the learning rate 1e-300 is too small, try 0.1.",
    ),
    (
        "a learning rate for an optimiser that finds its own",
        "train --data moons.csv --optimiser lbfgs --learning-rate 1e-9",
        2,
        "the learning rate must be left out for L-BFGS, which finds its step sizes itself, but it is 1e-9",
    ),
    (
        "more folds than a class has examples",
        "train --data two.csv --folds 5",
        1,
        "the class \"a\" has 1 example, too few for each of 5 folds to test on one, expected at least two: \
         add some, or leave its only one out",
    ),
    (
        "a learning rate of 0",
        "train --data moons.csv --learning-rate 0",
        2,
        "the learning rate must be a positive number, but it is 0",
    ),
    (
        "a negative learning rate",
        "train --data moons.csv --learning-rate -0.1",
        2,
        "the learning rate must be a positive number, but it is -0.1",
    ),
    (
        "a learning rate that is not a number",
        "train --data moons.csv --learning-rate nan",
        2,
        "the learning rate must be a positive number, but it is NaN",
    ),
    (
        "an absurdly strong L2 penalty",
        "train --data moons.csv --lambda 1e308",
        2,
        "the L2 penalty λ must be from 0 to 1e9, but it is 1e308",
    ),
    (
        "an L2 penalty that undoes every step",
        "train --data moons.csv --optimiser sgd --lambda 10000",
        1,
        "the L2 penalty λ = 10000 is too strong for 240 examples and a learning rate of 0.1: it alone \
         would push every weight past 0 in each step; try 1",
    ),
    (
        "an L2 penalty that leaves nothing of the weights",
        "train --data moons.csv --optimiser lbfgs --lambda 1e9",
        0,
        "the network ended with a cost of …, no better than the … of always predicting the class \
         frequencies: if the L2 penalty λ = 1e9 is the reason, try 1.",
    ),
    (
        "no epochs",
        "train --data moons.csv --epochs 0",
        2,
        "the number of epochs must be from 1 to 1000000, but it is 0",
    ),
    (
        "epochs until the end of time",
        "train --data moons.csv --epochs 18446744073709551615",
        2,
        "the number of epochs must be from 1 to 1000000, but it is 18446744073709551615",
    ),
    (
        "a layer that is too wide",
        "train --data moons.csv --hidden 1000000",
        2,
        "the number of hidden units must be from 1 to 100000, but it is 1000000",
    ),
    (
        "layers that are too wide together",
        "train --data moons.csv --hidden 100000,100000",
        1,
        "the network 2-100000-100000-1 has 10,000,500,001 weights and takes 640.2 GB \
         of memory to train on 32 examples at once, expected at most 2 GB: use fewer hidden units \
         (`--hidden`) or smaller mini-batches (`--batch`), or leave columns out",
    ),
    (
        "twenty hidden layers",
        "train --data moons.csv --hidden 3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3 --epochs 20",
        0,
        "the network ended with a cost of …, no better than the … of always predicting the class \
         frequencies: try fewer hidden layers.",
    ),
    (
        "nothing left to train on",
        "train --data two.csv --validation 0.9",
        1,
        "with 2 of 2 examples held out, too few are left to train on, expected at least two: add \
         examples, or lower the share with `--validation`",
    ),
    (
        "a sweep over learning rates, one of them absurd",
        "sweep --hidden 3 --learning-rate 1.2,1000 --epochs 300 --seeds 1",
        0,
        "rate 1000: the network ended with a cost of …, no better than the … of always predicting the \
         class frequencies: the learning rate 1000 is too large, try 0.1.",
    ),
    (
        "a sweep with a learning rate near the largest number",
        "sweep --hidden 2 --seeds 1 --learning-rate 1e308 --epochs 50",
        1,
        "while training the network, the cost became NaN at mini-batch 1 of epoch 2: the learning rate \
         1e308 is too large, try 0.1",
    ),
    (
        "a sweep over a quintillion seeds",
        "sweep --seeds 1000000000000000000",
        2,
        "the number of runs must be from 1 to a million, but it is 7000000000000000000",
    ),
    (
        "a sweep with no digits to hold out",
        "sweep --digits 28 --examples 2",
        1,
        "2 examples are too few for a sweep, which holds out a fifth of them, expected at least three: \
         add more",
    ),
    (
        "chapter 2 with a learning rate of 50",
        "chapter 2 --learning-rate 50 --seeds 1",
        0,
        "logistic regression ended with a cost of …, no better than the 0.693147 of always predicting \
         the class frequencies: the learning rate 50 is too large, try 1.2.",
    ),
    (
        "chapter 2 with a learning rate near the largest number",
        "chapter 2 --learning-rate 1e308 --seeds 1",
        1,
        "while training logistic regression, the cost overflowed at iteration 2: the learning rate \
         1e308 is too large, try 1.2",
    ),
    (
        "chapter 3 with a learning rate of 50",
        "chapter 3 --learning-rate 50 --seeds 1 --epochs 100",
        0,
        "the network ended with a cost of …, no better than the 0.693147 of always predicting the \
         class frequencies: the learning rate 50 is too large, try 1.2.",
    ),
    (
        "chapter 3 with a learning rate near the largest number",
        "chapter 3 --learning-rate 1e308 --seeds 1 --epochs 100",
        1,
        "while training the network, the cost became NaN at iteration 2: the learning rate 1e308 is \
         too large, try 1.2",
    ),
    (
        "chapter 3 with a network that fits into no memory",
        "chapter 3 --hidden 100000000000",
        2,
        "the number of hidden units must be from 1 to 100000, but it is 100000000000",
    ),
    (
        "chapter 3 for a quintillion epochs",
        "chapter 3 --epochs 1000000000000000000",
        2,
        "the number of epochs must be from 1 to 1000000, but it is 1000000000000000000",
    ),
    (
        "chapter 5 with an absurd learning rate",
        "chapter 5 --own-data digits --learning-rate 1e30 --hidden 5 --epochs 1",
        1,
        "while training D at rate 1e30, 784-500-600-300-10, the cost became NaN at mini-batch … of \
         epoch 1: the learning rate 1e30 is too large, try 0.003",
    ),
    (
        "chapter 5 with a weight decay that undoes every step",
        "chapter 5 --own-data digits --weight-decay 1e30",
        2,
        "the weight decay must be at most 1 divided by the learning rate, but it is 1e30",
    ),
];

/// Numbers in files.
const DATA: &[Row] = &[
    (
        "a table with a missing value",
        "train --data nan.csv",
        1,
        "nan.csv has 1 missing value in 1 row, the first in line 302, column 1; fill them in, or train with \
         `--missing drop`, which leaves such rows out, or `--missing mean`",
    ),
    (
        "a table with an infinite cell",
        "train --data infinite.csv",
        1,
        "infinite.csv, line 302, column 1: found \"inf\", expected a finite number; correct the cell",
    ),
    (
        "an NPZ file with a NaN",
        "train --data nan.npz",
        1,
        "nan.npz has NaN in example 2, column 1, both counted from 1, expected a finite number; \
         correct it, or leave the example out",
    ),
    (
        "an IDX file of doubles with an infinite one",
        "train --data nan-features.idx",
        1,
        "nan-features.idx has inf in example 3, column 2, both counted from 1, expected a finite \
         number; correct it, or leave the example out",
    ),
    (
        "a JSON file with a number that is out of range",
        "train --data beyond.json",
        1,
        "beyond.json is not a JSON file of examples: number out of range at line 1 column 67; \
         `handwritten data export rings --as json` writes one to compare with",
    ),
    (
        "a value whose square overflows",
        "train --data square.csv --validation 0",
        1,
        "the values of \"x\" are too large to be scaled: divide the column by its largest value, or \
         leave it out",
    ),
    (
        "the same among the validation examples",
        "train --data square.csv --seed 2",
        1,
        "the value 1e300 of \"x\" in example 301 becomes … when scaled like the training examples, \
         expected less than a million: correct it, or leave the example out",
    ),
    (
        "a value beside which all others are nothing",
        "train --data drowned.csv --validation 0 --epochs 1",
        0,
        "the value 1e38 of \"x\" is so far from all others that they look identical beside it: correct \
         it, or leave its example out.",
    ),
    (
        "values whose squares underflow",
        "train --data subnormal.csv",
        1,
        "the values of \"x\" are too close to 0 to be scaled: multiply the column until its largest \
         value is about 1, or leave it out",
    ),
    (
        "a model that is given a value unlike any in its training",
        "predict model.safetensors far.csv",
        1,
        "the value 1e38 of \"x\" in example 1 becomes … when scaled like the training examples, \
         expected less than a million: correct it, or leave the example out",
    ),
    (
        "a single feature, the same in every row",
        "train --data constant.csv",
        1,
        "all 4 examples are identical, expected some that differ: nothing tells their classes apart; \
         check how the file was made",
    ),
    (
        "pictures without ink",
        "train --images blank-images-idx3-ubyte --labels blank-labels-idx1-ubyte",
        1,
        "all 60 examples are identical (every pixel is 0), expected some that differ: nothing tells \
         their classes apart; check how the file was made",
    ),
    (
        "a chapter on pictures without ink",
        "chapter 1 --own-data blank",
        1,
        "all 60 examples are identical (every pixel is 0), expected some that differ: nothing tells \
         their classes apart; check how the file was made",
    ),
    (
        "the same example in two classes",
        "train --data contradiction.csv --epochs 1",
        0,
        "2 of 6 examples are identical to one of another class: no network can get both right; check \
         their labels.",
    ),
    (
        "one class",
        "train --data one_class.csv",
        1,
        "all examples have the class \"a\", expected at least two classes: there is nothing to tell \
         apart; add examples of another class, or name a table's column of classes with `--label \
         COLUMN`",
    ),
    (
        "one class in a sweep",
        "sweep --data one_class.csv",
        1,
        "all examples have the class \"a\", expected at least two classes: there is nothing to tell \
         apart; add examples of another class, or name a table's column of classes with `--label \
         COLUMN`",
    ),
    (
        "one example",
        "train --data one.csv",
        1,
        "with 0 of 1 examples held out, too few are left to train on, expected at least two: add \
         examples, or lower the share with `--validation`",
    ),
    (
        "no examples",
        "train --data none.csv",
        1,
        "none.csv holds no examples, expected at least one; download or create the file again",
    ),
    (
        "a label without a class",
        "train --data label.json",
        1,
        "label.json has the label 7 at position 1, expected one of its 2 classes, counted from 0; \
         correct it",
    ),
    (
        "a negative label",
        "train --data below.npz",
        1,
        "below.npz has the label -1 at position 1, expected one of its 3 classes, counted from 0; \
         correct it",
    ),
    (
        "a label beyond all classes",
        "train --data above.npz",
        1,
        "above.npz has the label 300 at position 1, expected one of its 3 classes, counted from 0; \
         correct it",
    ),
    (
        "a measurement in place of a class, in an array",
        "train --data measured.npz",
        1,
        "measured.npz holds y (float64, 3), expected whole numbers, but found 0.5; it looks like a \
         measured quantity: this program tells classes apart",
    ),
    (
        "arrays whose names say nothing",
        "train --data unnamed.npz",
        1,
        "unnamed.npz has bar (float64, 3), foo (float64, 3 × 2 × 2), expected x and y, x_train and y_train, \
         images and labels, or data and target; save them under such names: `numpy.savez(\"a.npz\", \
         x=inputs, y=labels)`",
    ),
    (
        "pictures in colours",
        "train --data colours.npz",
        1,
        "colours.npz holds x (float64, 3 × 2 × 2 × 3), expected grey pictures (count, rows, columns), not \
         pictures in colours; average the colours, as `x.mean(axis=-1)` does where they are the last axis",
    ),
    (
        "pictures that are lighter than white",
        "train --data light.npz",
        1,
        "light.npz holds x (float64, 3 × 2 × 2), expected grey values from 0 to 255 or from 0 to 1, not \
         300 to 300; scale them with `(x - x.min()) / (x.max() - x.min())`",
    ),
    (
        "digits that lie on their side",
        "train --data lying.npz --hidden 5 --epochs 1",
        0,
        "if the pictures are digits or letters, they seem to lie on their side: most are wider than tall; \
         try `--transpose`.",
    ),
    (
        "a HEIC picture called PNG",
        "predict model.safetensors photo.png",
        1,
        "photo.png is a HEIC picture, expected examples; open it in an image editor and save it as PNG",
    ),
    (
        "a measurement in place of a class",
        "train --data quantity.csv",
        1,
        "quantity.csv the label column \"label\" has 1100 values in 1100 rows and looks like a measured \
         quantity: this program tells classes apart; name the column of classes with `--label COLUMN`",
    ),
    (
        "a digit above 9",
        "chapter 1 --own-data eleven",
        1,
        "eleven/train-labels-idx1-ubyte has the label 11 at position 1, expected 0 to 9; correct it",
    ),
    (
        "a million features",
        "train --data million.csv",
        1,
        "the network 1000000-100-1 has 100,000,201 weights and takes 6.5 GB of \
         memory to train on 2 examples at once, expected at most 2 GB: use fewer hidden units \
         (`--hidden`) or smaller mini-batches (`--batch`), or leave columns out",
    ),
    (
        "a sweep whose last network is too large",
        "sweep --data million.csv --hidden 1,100 --seeds 1",
        1,
        "the network 1000000-100-1 has 100,000,201 weights and takes 6.5 GB of \
         memory to train on 2 examples at once, expected at most 2 GB: use fewer hidden units \
         (`--hidden`) or smaller mini-batches (`--batch`), or leave columns out",
    ),
];

#[test]
fn every_wrong_number_is_told_at_once_with_advice() {
    let folder = files();
    let mut wrong = String::new();
    let mut try_each = |part: &str, rows: &[Row]| -> Vec<Value> {
        let rows = rows.iter().enumerate().map(|(i, &(input, command, code, expected))| {
            let (said, found) = said(&folder, &format!("{command} --quiet --out out/{part}{i}"));
            if found != Some(code) || !is_said(&said, expected) {
                writeln!(wrong, "{command}\n  says     {said}\n  expected {expected}").unwrap();
            }
            json!({ "input": format!("{input}: `{command}`"), "said": expected })
        });
        rows.collect()
    };
    let (settings, data) = (try_each("settings", SETTINGS), try_each("data", DATA));
    assert!(wrong.is_empty(), "{wrong}");
    hold_to_the_book(
        "wrong_numbers",
        "cargo test wrong_numbers::",
        json!({ "inputs": settings.len() + data.len(), "settings": settings, "data": data }),
    );
}

/// Runs a command and returns the first thing that it says on standard error, and its exit code.
fn said(folder: &Folder, command: &str) -> (String, Option<i32>) {
    let output = folder.run(command);
    let all = text(&output.stderr);
    let line = all.lines().next().unwrap_or_default();
    let said = line.strip_prefix("error: ").or_else(|| line.strip_prefix("warning: "));
    (said.unwrap_or(line).to_owned(), output.status.code())
}

/// Whether a sentence is the one expected, with a number in place of each `…`.
fn is_said(said: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = parts.next().and_then(|first| said.strip_prefix(first)) else {
        return false;
    };
    for part in parts {
        let is_number = |c: &char| c.is_ascii_digit() || "+-.e".contains(*c);
        let length = rest.chars().take_while(is_number).count();
        // A full stop after a number is none of its own
        let after = (1..=length).rev().find_map(|n| rest[n..].strip_prefix(part));
        let Some(after) = after else { return false };
        rest = after;
    }
    rest.is_empty()
}

/// Everything that the commands of the table read.
fn files() -> Folder {
    let with = |rows: &str| moons(300) + rows;
    let folder = Folder::with([
        ("moons.csv", moons(300)),
        ("nan.csv", with("nan,0,1\n")),
        ("infinite.csv", with("inf,0,1\n")),
        ("square.csv", with("1e300,0,1\n")),
        ("drowned.csv", with("1e38,0,1\n")),
        ("far.csv", "x,y\n1e38,0\n".to_owned()),
        ("two.csv", "x,label\n1,a\n2,b\n".to_owned()),
        ("one.csv", "x,label\n1,a\n".to_owned()),
        ("none.csv", "x,label\n".to_owned()),
        ("one_class.csv", "x,label\n1,a\n2,a\n3,a\n".to_owned()),
        ("constant.csv", "x,label\n7,a\n7,b\n7,a\n7,b\n".to_owned()),
        ("contradiction.csv", "x,label\n1,a\n1,b\n2,a\n2,b\n3,a\n4,b\n".to_owned()),
        ("subnormal.csv", "x,label\n1e-310,a\n2e-310,b\n1.5e-310,a\n3e-310,b\n".to_owned()),
        (
            "quantity.csv",
            table("x,label", (0..1100).map(|i| format!("{i},{}", 0.5 + f64::from(i)))),
        ),
        ("label.json", json_of("1.0, 2.0", "0, 7")),
        ("beyond.json", json_of("1e999, 2.0", "0, 1")),
        ("million.csv", million_features()),
    ]);
    let nan = array![[1.0, 2.0], [f64::NAN, 1.0], [0.0, 5.0]];
    write_npz(&folder.path("nan.npz"), &nan, [0, 1, 2]);
    let infinite = array![[1.0, 2.0], [3.0, 1.0], [0.0, f64::INFINITY]];
    idx::write_doubles(&folder.path("nan-features.idx"), &infinite.into_dyn()).unwrap();
    idx::write(&folder.path("nan-labels.idx"), &array![0, 1, 0].into_dyn()).unwrap();
    let x = array![[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    write_npz(&folder.path("below.npz"), &x, [0, -1, 2]);
    write_npz(&folder.path("above.npz"), &x, [0, 300, 0]);
    write_arrays(&folder);
    write_blank_digits(&folder);
    folder.succeed("pen --train 300 --test 60 --plain --out digits --quiet");
    folder.succeed("train --data moons.csv --quiet --epochs 5 --out trained");
    fs::copy(folder.path("trained/model.safetensors"), folder.path("model.safetensors")).unwrap();
    folder
}

fn table(headings: &str, rows: impl Iterator<Item = String>) -> String {
    rows.fold(format!("{headings}\n"), |table, row| table + &row + "\n")
}

fn json_of(numbers: &str, labels: &str) -> String {
    format!(
        r#"{{"inputs": {{"numbers": {{"x": {{"v": 1, "dim": [2, 1], "data": [{numbers}]}},
        "features": ["x"]}}}}, "labels": [{labels}], "classes": ["a", "b"]}}"#
    )
}

/// Three rows of a million columns.
fn million_features() -> String {
    let mut text = String::with_capacity(30_000_000);
    for i in 0..1_000_000 {
        write!(text, "x{i},").unwrap();
    }
    text += "label\n";
    for row in 0..3 {
        for i in 0..1_000_000 {
            write!(text, "{},", (i * (row + 3)) % 10).unwrap();
        }
        writeln!(text, "{}", row % 2).unwrap();
    }
    text
}

fn write_npz(path: &Path, x: &Array2<f64>, labels: [i64; 3]) {
    let mut npz = NpzWriter::new(fs::File::create(path).unwrap());
    npz.add_array("x", x).unwrap();
    npz.add_array("y", &Array1::from(labels.to_vec())).unwrap();
    // Their names in UTF-8
    npz.add_array("classes", &Array1::from(b"a\nb\nc".to_vec())).unwrap();
    npz.finish().unwrap();
}

/// Arrays as others write them, each with something wrong.
fn write_arrays(folder: &Folder) {
    let write = |name: &str, x: (&str, ArrayD<f64>), y: (&str, ArrayD<f64>)| {
        let mut npz = NpzWriter::new(fs::File::create(folder.path(name)).unwrap());
        npz.add_array(x.0, &x.1).unwrap();
        npz.add_array(y.0, &y.1).unwrap();
        npz.finish().unwrap();
    };
    let (x, classes) =
        (|shape: &[usize]| ArrayD::zeros(shape), || array![0.0, 1.0, 0.0].into_dyn());
    write("measured.npz", ("x", x(&[3, 1])), ("y", array![0.5, 1.0, 1.5].into_dyn()));
    write("unnamed.npz", ("foo", x(&[3, 2, 2])), ("bar", classes()));
    write("colours.npz", ("x", x(&[3, 2, 2, 3])), ("y", classes()));
    write("light.npz", ("x", x(&[3, 2, 2]) + 300.0), ("y", classes()));
    let digits = pen_digits(200, 1);
    let swapped = digits.pictures().permuted_axes([0, 2, 1]).mapv(f64::from);
    let labels = digits.labels.iter().map(|&label| label as f64).collect::<Array1<f64>>();
    let swapped = swapped.as_standard_layout().into_owned().into_dyn();
    write("lying.npz", ("x", swapped), ("y", labels.into_dyn()));
    fs::write(folder.path("photo.png"), b"\0\0\0\x18ftypheic\0\0\0\0").unwrap();
}

/// Sets of pictures without ink, for `--images` and as folders in the form of MNIST's; one of them has
/// a label that is no digit.
fn write_blank_digits(folder: &Folder) {
    let write = |name: &str, array: ArrayD<u8>| idx::write(&folder.path(name), &array).unwrap();
    let pictures = || Array3::<u8>::zeros((60, 8, 8)).into_dyn();
    let labels = |step: u8| Array1::from_iter((0..60).map(|i| i % 10 * step % 20)).into_dyn();
    let digits = Array1::from_iter((0..60_u8).map(|i| i % 10)).into_dyn();
    write("blank-images-idx3-ubyte", pictures());
    write("blank-labels-idx1-ubyte", digits.clone());
    for name in ["blank", "eleven"] {
        fs::create_dir(folder.path(name)).unwrap();
        for part in ["train", "t10k"] {
            write(&format!("{name}/{part}-images-idx3-ubyte"), pictures());
            let marks = if name == "eleven" { labels(11) } else { digits.clone() };
            write(&format!("{name}/{part}-labels-idx1-ubyte"), marks);
        }
    }
}

/// What a sentence ends with after its last `try`, as a number.
fn advised(said: &str) -> Option<f64> {
    let (_, advice) = said.rsplit_once("try ")?;
    advice.trim_end_matches('.').parse().ok()
}

#[test]
fn whoever_follows_the_advice_ends_with_a_network_that_learns() {
    let folder = Folder::with([("moons.csv", moons(300))]);
    for (optimiser, rates) in [
        ("sgd", ["50", "1e30", "1e-300"]),
        ("momentum", ["1000", "1.7976931348623157e308", "1e-300"]),
        ("adam", ["50", "1e30", "1e-300"]),
    ] {
        for rate in rates {
            let mut rate = rate.to_owned();
            let train = format!(
                "train --data moons.csv --quiet --json --overwrite --epochs 60 \
                 --optimiser {optimiser}"
            );
            // However absurd the learning rate, three pieces of advice are enough
            let report = (0..4).find_map(|_| {
                let output = folder.run(&format!("{train} --learning-rate {rate}"));
                let said = text(&output.stderr);
                match said.lines().next() {
                    None => Some(serde_json::from_slice::<Value>(&output.stdout).unwrap()),
                    Some(line) => {
                        rate = advised(line).unwrap_or_else(|| panic!("{line}")).to_string();
                        None
                    }
                }
            });
            let report = report.unwrap_or_else(|| panic!("{optimiser} is still at {rate}"));
            let error = report["on_training"]["error"].as_f64().unwrap();
            assert!(error < 0.15, "{optimiser} at {rate}: {error}");
        }
    }
}

#[test]
fn whoever_follows_a_chapters_advice_needs_no_more_of_it() {
    let folder = Folder::new();
    for chapter in ["chapter 2 --seeds 1", "chapter 3 --seeds 1 --epochs 1000"] {
        for rate in ["50", "1e30", "1e308"] {
            let chapter = format!("{chapter} --quiet");
            let output = folder.run(&format!("{chapter} --learning-rate {rate}"));
            let said = text(&output.stderr);
            let advice = advised(said.lines().next().unwrap()).unwrap();
            let output = folder.run(&format!("{chapter} --learning-rate {advice}"));
            assert!(
                output.status.success() && output.stderr.is_empty(),
                "{}",
                text(&output.stderr)
            );
        }
    }
}

#[test]
fn warnings_are_in_the_report_too() {
    let folder = Folder::with([("moons.csv", moons(300))]);
    let train = "train --data moons.csv --quiet --optimiser sgd --learning-rate 1e-300 --epochs 2";
    let report = folder.json(train);
    let warning = report["warning"].as_str().unwrap();
    assert!(warning.contains("always predicting the class frequencies"), "{warning}");
    let cost = |name: &str| report[name].as_f64().unwrap();
    assert!((cost("cost_of_guessing") - 2_f64.ln()).abs() < 0.01);
    assert!(report["on_training"]["cost"].as_f64().unwrap() >= cost("cost_of_guessing"));
    let report = folder.json("train --data moons.csv --quiet --overwrite");
    assert!(report["warning"].is_null(), "{}", report["warning"]);
}

#[test]
fn one_class_can_be_exported_and_looked_at() {
    let folder = Folder::with([("one_class.csv", "x,label\n1,a\n2,a\n".to_owned())]);
    for format in ["csv", "json", "npz"] {
        let said = folder.succeed(&format!("data export one_class.csv --as {format} --out given"));
        assert!(said.contains("read back and equal"), "{said}");
    }
    folder.succeed("data export digits --count 1 --as csv");
    folder.succeed("data show one_class.csv");
}

#[test]
fn million_features_are_learned_and_read_in_a_few_seconds() {
    let folder = Folder::with([("million.csv", million_features())]);
    let start = Instant::now();
    folder.succeed("train --quiet --data million.csv --hidden 1 --epochs 1 --validation 0");
    let read = folder.json("predict target/train/model.safetensors million.csv");
    assert_eq!(read["predictions"].as_array().unwrap().len(), 3);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
