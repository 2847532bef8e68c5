use ndarray::{Array1, Array2};
use serde::de::DeserializeOwned;
use std::{
    fs,
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

/// Where MNIST is, for tests that are ignored without it.
pub fn mnist() -> PathBuf {
    std::env::var_os("MNIST_DIR").expect("MNIST_DIR names the folder with MNIST").into()
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
