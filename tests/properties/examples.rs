//! Examples of every kind, with numbers and names from the ends of what there is.

use ndarray::{Array2, Array3};
use own_data::formats::{Inputs, Labelled};
use proptest::{
    collection::vec,
    num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO},
    prelude::*,
    sample::select,
};

/// Any number but infinity and what is none.
pub fn finite() -> impl Strategy<Value = f64> {
    let ends = [-0.0, 5e-324, -5e-324, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 1e308, 0.1, 255.0];
    prop_oneof![POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO, select(ends.to_vec())]
}

/// Any seed, and often one from the ends.
pub fn seed() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), select(vec![0, 1, u64::MAX - 1, u64::MAX])]
}

/// Names as people, programs and accidents give them.
const NAMES: [&str; 48] = [
    "a",
    "b",
    "A",
    "0",
    "1",
    "2",
    "10",
    "255",
    "256",
    "01",
    "-1",
    "1.0",
    "1.5",
    "1e3",
    "inf",
    "",
    "NA",
    "nan",
    "NaN",
    "?",
    "null",
    "label",
    "Label",
    "p0",
    "p1",
    "x1",
    " a",
    "a ",
    "\ta",
    "a\u{a0}",
    "a,b",
    "a;b;c;d",
    "a\tb\tc",
    ";",
    "\"",
    "\"\"",
    "\"a\"",
    "a\"b",
    "a\nb",
    "a;b\n;c\n",
    "\r",
    "a\rb",
    "\r\n",
    "\u{feff}a",
    "ü",
    "数字",
    "e\u{301}",
    "\0",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        select(NAMES.to_vec()).prop_map(str::to_owned),
        "[a-z]{1,4}",
        "[ -~]{0,6}",
        any::<String>(),
    ]
}

/// Between one name and this many, no two alike.
pub fn names(most: usize) -> impl Strategy<Value = Vec<String>> {
    vec(name(), 1..=most).prop_map(|names| {
        let first = |(i, name): &(usize, &String)| !names[..*i].contains(*name);
        names.iter().enumerate().filter(first).map(|(_, name)| name.clone()).collect()
    })
}

/// A few examples, each class with one at least.
pub fn labelled() -> impl Strategy<Value = Labelled> {
    (1..8_usize).prop_flat_map(|m| (inputs(m), names(m))).prop_flat_map(|(inputs, classes)| {
        let labels: Vec<usize> = (0..inputs.len()).map(|i| i % classes.len()).collect();
        let labels = Just(labels).prop_shuffle();
        (Just(inputs), labels, Just(classes)).prop_map(|(inputs, labels, classes)| Labelled {
            inputs,
            labels,
            classes,
        })
    })
}

fn inputs(m: usize) -> impl Strategy<Value = Inputs> {
    prop_oneof![
        2 => numbers(m),
        2 => pictures(m).prop_map(Inputs::Pictures),
        1 => pixels_in_columns(m),
    ]
}

fn numbers(m: usize) -> impl Strategy<Value = Inputs> {
    names(5).prop_flat_map(move |features| {
        vec(finite(), m * features.len()).prop_map(move |x| {
            let x = Array2::from_shape_vec((m, features.len()), x).unwrap();
            Inputs::Numbers { x, features: features.clone() }
        })
    })
}

fn pictures(m: usize) -> impl Strategy<Value = Array3<u8>> {
    let side = prop_oneof![1..5_usize, Just(2)];
    (side.clone(), side).prop_flat_map(move |(rows, columns)| {
        vec(any::<u8>(), m * rows * columns)
            .prop_map(move |grey| Array3::from_shape_vec((m, rows, columns), grey).unwrap())
    })
}

/// Numbers in columns called as those of a picture of 2 × 2 pixels, grey values or nearly so.
fn pixels_in_columns(m: usize) -> impl Strategy<Value = Inputs> {
    vec(prop_oneof![20 => 0..=255_i32, 1 => 256..300_i32], 4 * m).prop_map(move |x| {
        let x = x.into_iter().map(f64::from).collect();
        let features = (0..4).map(|i| format!("p{i}")).collect();
        Inputs::Numbers { x: Array2::from_shape_vec((m, 4), x).unwrap(), features }
    })
}
