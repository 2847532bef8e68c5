//! The MNIST database of handwritten digits (LeCun, Cortes and Burges, 1998), read from a folder
//! and verified; and sets of digits of the reader's own in the same four files.
//!
//! Nothing here opens a network connection: without the files, [`find`] says that there are none.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array3, ArrayD, Ix1, Ix3};

use super::error::Error;
use super::idx::{self, describe_shape};
use super::{DigitSet, Digits, Origin};

/// Where MNIST is looked for, and fetched to, unless the reader names another folder.
pub const DEFAULT_FOLDER: &str = "data/mnist";

/// A file that is known by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile<'a> {
    /// Its name when it is not packed.
    pub name: &'a str,
    /// How many bytes it has when it is not packed.
    pub bytes: u64,
    /// The SHA-256 of those bytes, as 64 lower-case hexadecimal digits.
    pub sha256: &'a str,
}

/// The four files of MNIST: training pictures and labels, test pictures and labels.
///
/// The digests are those of the unpacked content, because mirrors pack it differently.
pub const FILES: [KnownFile; 4] = [
    KnownFile {
        name: "train-images-idx3-ubyte",
        bytes: 47_040_016,
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    KnownFile {
        name: "train-labels-idx1-ubyte",
        bytes: 60_008,
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    KnownFile {
        name: "t10k-images-idx3-ubyte",
        bytes: 7_840_016,
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    KnownFile {
        name: "t10k-labels-idx1-ubyte",
        bytes: 10_008,
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
];

const FETCH: &str = "run `handwritten fetch mnist`, or put them there yourself";
const COMPLETE: &str = "put your own IDX files there, or name another folder";

/// Looks for MNIST: in `data_dir` if there is one, else in `mnist_dir` (the environment's
/// `MNIST_DIR`), else in [`DEFAULT_FOLDER`] under the current folder.
///
/// Returns the folder with its files, unread, or nothing if the reader named no folder and the
/// default one has none of them. Fails where a folder that the reader named has none of the files,
/// and where any has some but not all.
pub fn find(data_dir: Option<&Path>, mnist_dir: Option<&Path>) -> Result<Option<PathBuf>, Error> {
    // An environment variable set to nothing counts as not set.
    let mnist_dir = mnist_dir.filter(|folder| !folder.as_os_str().is_empty());
    find_in(data_dir.or(mnist_dir), Path::new(DEFAULT_FOLDER))
}

fn find_in(named: Option<&Path>, default: &Path) -> Result<Option<PathBuf>, Error> {
    let folder = named.unwrap_or(default);
    match locate_all(folder, FETCH) {
        Ok(_) => Ok(Some(folder.to_path_buf())),
        Err(Error::NoDigits { .. }) if named.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads MNIST from a folder: 60,000 training and 10,000 test pictures of 28 × 28 pixels.
///
/// Fails where a file is missing, is not IDX, or is not, to the last byte, MNIST's.
pub fn load(folder: &Path) -> Result<DigitSet, Error> {
    load_verified(folder, &FILES)
}

fn load_verified(folder: &Path, known: &[KnownFile; 4]) -> Result<DigitSet, Error> {
    let files = locate_all(folder, FETCH)?;
    let read = |i: usize| {
        let file = File::open(&files[i]).map_err(Error::unreadable(&files[i]))?;
        verify(file, &files[i], &known[i])
    };
    let contents = [read(0)?, read(1)?, read(2)?, read(3)?];
    let origin = Origin::Mnist {
        folder: folder.to_path_buf(),
    };
    assemble("MNIST".to_string(), origin, folder, &files, contents)
}

/// Reads the reader's own digits from a folder: four IDX files named as MNIST's, with pictures of
/// any one size and labels from 0 to 9.
///
/// Fails where a file is missing or is not IDX, where pictures and labels do not belong together,
/// and where there is nothing to learn from or to be tested on.
pub fn own_data(folder: &Path) -> Result<DigitSet, Error> {
    let files = locate_all(folder, COMPLETE)?;
    let read = |i: usize| idx::read(&files[i]);
    let contents = [read(0)?, read(1)?, read(2)?, read(3)?];
    let name = format!("own digits in {}", folder.display());
    let origin = Origin::Own {
        folder: folder.to_path_buf(),
    };
    assemble(name, origin, folder, &files, contents)
}

/// Reads IDX, plain or gzip, and fails unless its unpacked content is that of the known file.
///
/// `path` is named in errors.
pub fn verify(reader: impl Read, path: &Path, known: &KnownFile) -> Result<ArrayD<u8>, Error> {
    let idx = idx::read_from(reader, path)?;
    if idx.sha256 == known.sha256 {
        return Ok(idx.array);
    }
    let shorten = |digest: &str| digest.chars().take(12).collect();
    Err(Error::NotMnist {
        path: path.to_path_buf(),
        expected: shorten(known.sha256),
        found: shorten(&idx.sha256),
    })
}

/// The path of a file in a folder, plain or `.gz`, in the spelling of MNIST's own site
/// (`train-images-idx3-ubyte`) or the one that unpackers make of it (`train-images.idx3-ubyte`).
/// Nothing if it is not there in any of these.
///
/// Fails where the folder cannot be read.
pub fn locate(folder: &Path, name: &str) -> Result<Option<PathBuf>, Error> {
    let dotted = name.replacen("-idx", ".idx", 1);
    for spelling in [name, &dotted] {
        for ending in ["", ".gz"] {
            let path = folder.join(format!("{spelling}{ending}"));
            if path.try_exists().map_err(Error::unreadable(&path))? {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// The paths of all four files, in the order of [`FILES`].
fn locate_all(folder: &Path, remedy: &'static str) -> Result<[PathBuf; 4], Error> {
    let mut files = Vec::new();
    let mut missing = Vec::new();
    for known in &FILES {
        match locate(folder, known.name)? {
            Some(path) => files.push(path),
            None => missing.push(known.name),
        }
    }
    let is_empty = files.is_empty();
    files.try_into().map_err(|_| {
        let folder = folder.to_path_buf();
        if is_empty {
            let found = if folder.exists() {
                "none of them"
            } else {
                "no such folder"
            };
            Error::NoDigits {
                folder,
                found,
                remedy,
            }
        } else {
            Error::Incomplete {
                folder,
                missing: missing.join(", "),
                remedy,
            }
        }
    })
}

fn assemble(
    name: String,
    origin: Origin,
    folder: &Path,
    files: &[PathBuf; 4],
    contents: [ArrayD<u8>; 4],
) -> Result<DigitSet, Error> {
    let [train_images, train_labels, test_images, test_labels] = contents;
    let train = pair(&files[0], train_images, &files[1], train_labels)?;
    let test = pair(&files[2], test_images, &files[3], test_labels)?;
    check_same_size(folder, &train, &test)?;
    Ok(DigitSet {
        name,
        origin,
        train,
        test,
    })
}

/// Puts pictures and labels together, and refuses those that do not belong together.
fn pair(
    images_path: &Path,
    images: ArrayD<u8>,
    labels_path: &Path,
    labels: ArrayD<u8>,
) -> Result<Digits, Error> {
    let images = into_images(images_path, images)?;
    let labels = into_labels(labels_path, labels)?;
    if images.dim().0 != labels.len() {
        return Err(Error::CountsDiffer {
            images: images_path.to_path_buf(),
            pictures: images.dim().0,
            labels: labels_path.to_path_buf(),
            found: labels.len(),
        });
    }
    Ok(Digits { images, labels })
}

/// Pictures of at least one pixel, and at least one of them.
fn into_images(path: &Path, array: ArrayD<u8>) -> Result<Array3<u8>, Error> {
    let shape = describe_shape(array.shape());
    let images = array
        .into_dimensionality::<Ix3>()
        .map_err(|_| Error::NotPictures {
            path: path.to_path_buf(),
            shape,
        })?;
    match images.dim() {
        (0, _, _) => Err(Error::NoExamples {
            path: path.to_path_buf(),
        }),
        (_, rows, columns) if rows == 0 || columns == 0 => Err(Error::NoPixels {
            path: path.to_path_buf(),
            rows,
            columns,
        }),
        _ => Ok(images),
    }
}

/// Labels from 0 to 9.
fn into_labels(path: &Path, array: ArrayD<u8>) -> Result<Array1<u8>, Error> {
    let shape = describe_shape(array.shape());
    let labels = array
        .into_dimensionality::<Ix1>()
        .map_err(|_| Error::NotLabels {
            path: path.to_path_buf(),
            shape,
        })?;
    match labels.iter().position(|&label| label > 9) {
        Some(position) => Err(Error::LabelAboveNine {
            path: path.to_path_buf(),
            label: labels[position],
            position,
        }),
        None => Ok(labels),
    }
}

fn check_same_size(folder: &Path, train: &Digits, test: &Digits) -> Result<(), Error> {
    let size = |digits: &Digits| describe_shape(&digits.images.shape()[1..]);
    if size(train) == size(test) {
        return Ok(());
    }
    let (train, test) = (size(train), size(test));
    Err(Error::SizesDiffer {
        folder: folder.to_path_buf(),
        train,
        test,
    })
}
