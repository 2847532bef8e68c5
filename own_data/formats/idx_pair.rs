//! Examples as two IDX files, the inputs and the labels, as MNIST has them.

use std::path::{Path, PathBuf};

use ndarray::{Array1, Array2};

use super::labelled::{classes_of, numbered};
use super::{Inputs, Labelled};
use crate::file_name;
use chapters::dataset::DataError;
use chapters::dataset::idx::{self, Numbers};

impl Labelled {
    /// Reads examples from the IDX file at `path` and the labels beside it: the file of the same
    /// name with `labels` for `images` or `features`, and `idx1` for `idx3`, plain or `.gz`.
    ///
    /// Fails if there is no such file, and as [`read_idx_pair`](Self::read_idx_pair) does.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_idx(path: &Path) -> Result<Self, DataError> {
        let labels = labels_of(path)?;
        let is_packed = labels.extension().is_some_and(|ending| ending == "gz");
        let plain = if is_packed { labels.with_extension("") } else { labels.clone() };
        let mut packed = plain.clone().into_os_string();
        packed.push(".gz");
        let places = [labels.clone(), plain, packed.into()];
        if let Some(labels) = places.iter().find(|place| place.is_file()) {
            return Self::read_idx_pair(path, labels);
        }
        let found = format!("has no labels: there is no file {}", labels.display());
        Err(DataError::new(path, found).remedy("put it there"))
    }

    /// Reads examples from two IDX files: bytes in three dimensions, which are pictures, or doubles
    /// in two, which are rows of numbers; and labels, which are bytes in one. The classes are the
    /// labels that occur, and they are called by their numbers.
    ///
    /// Fails if a file cannot be read or is not an IDX file of this kind, or if the two do not belong
    /// together.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_idx_pair(images: &Path, labels: &Path) -> Result<Self, DataError> {
        let inputs = into_inputs(idx::read_numbers(images)?, images)?;
        let marks: Array1<u8> = idx::into_dimensions(idx::read(labels)?, labels)?;
        idx::check_counts((images, inputs.len()), (labels, marks.len()))?;
        let (labels, classes) = classes_of(&marks.to_vec());
        Self { inputs, labels, classes }.checked(images)
    }

    /// Writes examples as two IDX files, the inputs to `path` and the labels beside it, and returns
    /// both paths. Names of columns are lost.
    ///
    /// Fails if the files cannot be written, if the name of one does not imply that of the other, if
    /// the examples contradict themselves, or if the classes are called anything but numbers from 0 to
    /// 255 in increasing order.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write_idx(&self, path: &Path) -> Result<Vec<PathBuf>, DataError> {
        self.check(path)?;
        let labels = labels_of(path)?;
        let bytes = self.label_bytes(path)?;
        let marks: Array1<u8> = self.labels.iter().map(|&label| bytes[label]).collect();
        match &self.inputs {
            Inputs::Pictures(pictures) => idx::write(path, &pictures.clone().into_dyn())?,
            Inputs::Numbers { x, .. } => idx::write_doubles(path, &x.clone().into_dyn())?,
        }
        idx::write(&labels, &marks.into_dyn())?;
        Ok(vec![path.to_path_buf(), labels])
    }

    /// The byte that stands for each class: the number that is its name.
    fn label_bytes(&self, path: &Path) -> Result<Vec<u8>, DataError> {
        let mut numbers = 0..256_u16;
        let mut byte = |class: &String| {
            let byte = numbers.find(|number| number.to_string() == *class);
            byte.map(|byte| byte as u8).ok_or_else(|| {
                let rule = "in IDX, classes can only be numbers from 0 to 255 in increasing order";
                DataError::new(path, format!("cannot hold the class {class:?}: {rule}"))
                    .remedy("write CSV, JSON or NPZ, or call the classes 0, 1, 2, …")
            })
        };
        self.classes.iter().map(&mut byte).collect()
    }
}

/// The file of labels that belongs to a file of inputs.
fn labels_of(path: &Path) -> Result<PathBuf, DataError> {
    let name = file_name::encode(path.file_name().unwrap_or_default().as_ref());
    for word in ["images", "features"] {
        if let Some((before, after)) = name.rsplit_once(word) {
            let after = after.replacen("idx3", "idx1", 1);
            let name = file_name::decode(&format!("{before}labels{after}"));
            return Ok(path.with_file_name(name));
        }
    }
    Err(DataError::new(path, "has a name that does not tell where its labels are")
        .expected("`images` or `features` in it, where the file of labels has `labels`")
        .remedy("rename it"))
}

fn into_inputs(numbers: Numbers, path: &Path) -> Result<Inputs, DataError> {
    match numbers {
        Numbers::Bytes(pictures) => Ok(Inputs::Pictures(idx::into_dimensions(pictures, path)?)),
        Numbers::Doubles(x) => {
            let x: Array2<f64> = idx::into_dimensions(x, path)?;
            // A header may promise any number of columns without a row: do not name them all
            if x.is_empty() {
                return Err(DataError::no_examples(path));
            }
            let features = numbered("x", 1, x.ncols());
            Ok(Inputs::Numbers { x, features })
        }
    }
}
