//! Examples as two IDX files, the inputs and the labels, as MNIST has them.

use std::path::{Path, PathBuf};

use ndarray::{Array1, ArrayD, Ix1, Ix2};

use super::labelled::{classes_of, numbered};
use super::{Inputs, Labelled};
use chapters::dataset::Error;
use chapters::dataset::idx::{self, Numbers, describe_shape};

impl Labelled {
    /// Reads examples from the IDX file at `path` and the labels beside it: the file of the same
    /// name with `labels` for `images` or `features`, and `idx1` for `idx3`, plain or `.gz`.
    ///
    /// Fails where there is no such file, and as [`read_idx_pair`](Self::read_idx_pair) does.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_idx(path: &Path) -> Result<Self, Error> {
        let labels = labels_of(path)?;
        let is_packed = labels.extension().is_some_and(|ending| ending == "gz");
        let plain = if is_packed { labels.with_extension("") } else { labels.clone() };
        let mut packed = plain.clone().into_os_string();
        packed.push(".gz");
        let places = [labels.clone(), plain, packed.into()];
        match places.iter().find(|place| place.is_file()) {
            Some(labels) => Self::read_idx_pair(path, labels),
            None => Err(Error::NoLabels { images: path.to_path_buf(), labels }),
        }
    }

    /// Reads examples from two IDX files: bytes in three dimensions, which are pictures, or doubles
    /// in two, which are rows of numbers; and labels, which are bytes in one. The classes are the
    /// labels that occur, and they are called by their numbers.
    ///
    /// Fails where a file cannot be read or is not such an IDX file, and where the two do not
    /// belong together.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_idx_pair(images: &Path, labels: &Path) -> Result<Self, Error> {
        let inputs = into_inputs(idx::read_numbers(images)?, images)?;
        let marks = into_marks(idx::read(labels)?, labels)?;
        if inputs.len() != marks.len() {
            return Err(Error::CountsDiffer {
                images: images.to_path_buf(),
                pictures: inputs.len(),
                labels: labels.to_path_buf(),
                found: marks.len(),
            });
        }
        let (labels, classes) = classes_of(&marks.to_vec());
        Self { inputs, labels, classes }.checked(images)
    }

    /// Writes examples as two IDX files, the inputs to `path` and the labels beside it, and says
    /// which they are. Names of columns are lost.
    ///
    /// Fails where the files cannot be written, where the name of the one does not tell that of the
    /// other, where the examples contradict themselves, and where the classes are called anything but
    /// numbers from 0 to 255 in rising order.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write_idx(&self, path: &Path) -> Result<Vec<PathBuf>, Error> {
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
    fn label_bytes(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let mut numbers = 0..256_u16;
        let mut byte = |class: &String| {
            let byte = numbers.find(|number| number.to_string() == *class);
            byte.map(|byte| byte as u8).ok_or_else(|| {
                let (path, class) = (path.to_path_buf(), class.clone());
                Error::ClassBeyondIdx { path, class }
            })
        };
        self.classes.iter().map(&mut byte).collect()
    }
}

/// The file of labels that belongs to a file of inputs.
fn labels_of(path: &Path) -> Result<PathBuf, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for word in ["images", "features"] {
        if let Some((before, after)) = name.rsplit_once(word) {
            let after = after.replacen("idx3", "idx1", 1);
            return Ok(path.with_file_name(format!("{before}labels{after}")));
        }
    }
    Err(Error::NotIdxPair { path: path.to_path_buf() })
}

fn into_inputs(numbers: Numbers, path: &Path) -> Result<Inputs, Error> {
    match numbers {
        Numbers::Bytes(pictures) => Ok(Inputs::Pictures(idx::into_pictures(pictures, path)?)),
        Numbers::Doubles(x) => {
            let shape = describe_shape(x.shape());
            let x = x.into_dimensionality::<Ix2>();
            let x = x.map_err(|_| Error::NotPictures { path: path.to_path_buf(), shape })?;
            // A header may promise any number of columns of no rows: do not name them all
            if x.is_empty() {
                return Err(Error::NoExamples { path: path.to_path_buf() });
            }
            let features = numbered("x", 1, x.ncols());
            Ok(Inputs::Numbers { x, features })
        }
    }
}

fn into_marks(labels: ArrayD<u8>, path: &Path) -> Result<Array1<u8>, Error> {
    let shape = describe_shape(labels.shape());
    let marks = labels.into_dimensionality::<Ix1>();
    marks.map_err(|_| Error::NotLabels { path: path.to_path_buf(), shape })
}
