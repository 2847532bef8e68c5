use ndarray::{Array1, Array2};
use serde::de::DeserializeOwned;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// What the oracle of a chapter computed.
pub fn read<T: DeserializeOwned>(chapter: usize) -> T {
    read_named(&format!("chapter_{chapter:02}"))
}

/// What an oracle of this name computed.
pub fn read_named<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/oracle");
    let path = folder.join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(&path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Where MNIST is, or nothing; then it is said loudly that a test was skipped.
pub fn mnist(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("MNIST_DIR").map(PathBuf::from);
    if folder.is_none() {
        // The harness swallows what `eprintln!` prints, but not this.
        let skipped = format!("SKIPPED {test}: MNIST_DIR is not set\n");
        std::io::stderr().write_all(skipped.as_bytes()).unwrap();
    }
    folder
}

pub fn vector(numbers: &[f64]) -> Array1<f64> {
    numbers.to_vec().into()
}

pub fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

/// The numbers agree within `tolerance`, relative to the larger of 1 and the expected one.
#[track_caller]
pub fn assert_close<'a>(
    what: &str,
    found: impl IntoIterator<Item = &'a f64>,
    expected: impl IntoIterator<Item = &'a f64>,
    tolerance: f64,
) {
    let (mut found, mut expected) = (found.into_iter(), expected.into_iter());
    for i in 0.. {
        match (found.next(), expected.next()) {
            (Some(f), Some(e)) => {
                let off = (f - e).abs() / e.abs().max(1.0);
                assert!(off <= tolerance, "{what}[{i}] is {f:e}, expected {e:e}: off by {off:e}");
            }
            (None, None) => return,
            _ => panic!("{what} has another length than expected"),
        }
    }
}
