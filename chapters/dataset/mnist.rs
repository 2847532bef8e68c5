//! The MNIST database of handwritten digits (1998), read from a folder and verified; and the reader's
//! own digits in the same four files.
//!
//! Nothing here opens a network connection: without the files, [`find`] says that there are none.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array3, ArrayD};

use super::DataError;
use super::idx::{self, Idx, describe_shape};
use super::{DigitSet, Digits, MNIST, Origin};

/// Where MNIST is looked for, and fetched to, unless the reader names another folder.
pub const DEFAULT_FOLDER: &str = "data/mnist";

/// A file that is known by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile<'a> {
    /// Its name when it is not compressed.
    pub name: &'a str,
    /// How many bytes it has when it is not compressed.
    pub bytes: u64,
    /// The SHA-256 of those bytes, as 64 lower-case hexadecimal digits.
    pub sha256: &'a str,
}

/// The four files of MNIST: training pictures and labels, test pictures and labels.
///
/// The digests are those of the decompressed content, because mirrors compress it differently.
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
/// default one has none of them. Fails if a folder that the reader named has none of the files, or if
/// any has some but not all.
pub fn find(
    data_dir: Option<&Path>,
    mnist_dir: Option<&Path>,
) -> Result<Option<PathBuf>, DataError> {
    // An environment variable set to nothing counts as not set.
    let mnist_dir = mnist_dir.filter(|folder| !folder.as_os_str().is_empty());
    find_in(data_dir.or(mnist_dir), Path::new(DEFAULT_FOLDER))
}

fn find_in(named: Option<&Path>, default: &Path) -> Result<Option<PathBuf>, DataError> {
    let folder = named.unwrap_or(default);
    if named.is_none() && locate_each(folder)?.iter().all(Option::is_none) {
        return Ok(None);
    }
    locate_all(folder, FETCH)?;
    Ok(Some(folder.to_path_buf()))
}

/// Reads MNIST from a folder: 60,000 training and 10,000 test pictures of 28 × 28 pixels.
///
/// Fails if a file is missing, is not IDX, or is not MNIST's to the last byte.
pub fn load(folder: &Path) -> Result<DigitSet, DataError> {
    load_verified(folder, &FILES)
}

fn load_verified(folder: &Path, known: &[KnownFile; 4]) -> Result<DigitSet, DataError> {
    let files = locate_all(folder, FETCH)?;
    let read = |i: usize| verify_file(&files[i], &known[i]);
    let contents = [read(0)?, read(1)?, read(2)?, read(3)?];
    let origin = Origin::Mnist { folder: folder.to_path_buf() };
    assemble(MNIST.to_owned(), origin, folder, &files, contents)
}

/// Reads the reader's own digits from a folder: four IDX files named like MNIST's, with pictures of
/// any one size and labels from 0 to 9.
///
/// Fails if a file is missing or is not IDX, if pictures and labels do not belong together, or if
/// there is nothing to learn from or to be tested on.
pub fn own_data(folder: &Path) -> Result<DigitSet, DataError> {
    let files = locate_all(folder, COMPLETE)?;
    let read = |i: usize| idx::read(&files[i]);
    let contents = [read(0)?, read(1)?, read(2)?, read(3)?];
    let name = format!("own digits in {}", folder.display());
    let origin = Origin::Own { folder: folder.to_path_buf() };
    assemble(name, origin, folder, &files, contents)
}

/// Reads an IDX file, plain or gzip, and fails unless its decompressed content is that of the known
/// file.
fn verify_file(path: &Path, known: &KnownFile) -> Result<ArrayD<u8>, DataError> {
    let file = File::open(path).map_err(DataError::unreadable(path))?;
    let content = verify(file, path, known)?;
    content.map_err(|difference| {
        DataError::new(path, format!("is not the MNIST file: {difference}")).remedy(
            "if these are your own digits, name their folder with `--own-data DIR`; otherwise move \
             the file away and run `handwritten fetch mnist`",
        )
    })
}

/// Reads IDX, plain or gzip, and says in words if its decompressed content is not that of the known
/// file.
///
/// `path` is named in errors. Fails if the content cannot be read or is not an IDX file.
pub fn verify(
    reader: impl Read,
    path: &Path,
    known: &KnownFile,
) -> Result<Result<ArrayD<u8>, String>, DataError> {
    let Idx { array, sha256 } = idx::read_from(reader, path, known.bytes as usize)?;
    let (expected, found) = (known.sha256, sha256.as_str());
    Ok(if found == expected {
        Ok(array)
    } else {
        Err(format!("expected content with the SHA-256 {expected:.12}…, found {found:.12}…"))
    })
}

/// The path of a file in a folder, plain or `.gz`, in the spelling of MNIST's own site
/// (`train-images-idx3-ubyte`) or the one that unpackers make of it (`train-images.idx3-ubyte`).
/// In a folder of such a name, which unpackers also make, the file of the same name is looked for; a
/// file goes before a folder. Nothing if there is none in any of these spellings.
///
/// Fails if the folder cannot be read.
pub fn locate(folder: &Path, name: &str) -> Result<Option<PathBuf>, DataError> {
    let dotted = name.replacen("-idx", ".idx", 1);
    let mut within = None;
    for spelling in [name, &dotted] {
        for ending in ["", ".gz"] {
            let path = folder.join(format!("{spelling}{ending}"));
            match idx::file_at(&path)? {
                Some(file) if file == path => return Ok(Some(file)),
                file => within = within.or(file),
            }
        }
    }
    Ok(within)
}

/// The path of each of the four files, if it exists, in the order of [`FILES`].
fn locate_each(folder: &Path) -> Result<Vec<Option<PathBuf>>, DataError> {
    FILES.iter().map(|known| locate(folder, known.name)).collect()
}

/// The paths of all four files, in the order of [`FILES`].
fn locate_all(folder: &Path, remedy: &'static str) -> Result<[PathBuf; 4], DataError> {
    let places = locate_each(folder)?;
    let lacks = |(known, place): (&KnownFile<'static>, &Option<PathBuf>)| {
        place.is_none().then_some(known.name)
    };
    let missing: Vec<&str> = FILES.iter().zip(&places).filter_map(lacks).collect();
    let files: Vec<PathBuf> = places.into_iter().flatten().collect();
    files.try_into().map_err(|files: Vec<PathBuf>| match files.len() {
        0 => no_digits(folder, remedy),
        _ => DataError::new(folder, format!("lacks {}", missing.join(", ")))
            .expected("all four files of a set of digits")
            .remedy(remedy),
    })
}

fn no_digits(folder: &Path, remedy: &'static str) -> DataError {
    let folder_name = folder.display();
    let found = if folder.exists() {
        format!("there are no digits in the folder {folder_name}")
    } else {
        format!("there is no folder {folder_name}")
    };
    DataError::plain(found)
        .expected(
            "one with the four files train-images-idx3-ubyte, train-labels-idx1-ubyte, \
             t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each plain or .gz",
        )
        .remedy(remedy)
}

fn assemble(
    name: String,
    origin: Origin,
    folder: &Path,
    files: &[PathBuf; 4],
    contents: [ArrayD<u8>; 4],
) -> Result<DigitSet, DataError> {
    let [train_images, train_labels, test_images, test_labels] = contents;
    let train = pair(&files[0], train_images, &files[1], train_labels)?;
    let test = pair(&files[2], test_images, &files[3], test_labels)?;
    check_same_size(folder, &train, &test)?;
    Ok(DigitSet { name, origin, train, test })
}

/// Combines pictures and labels, and refuses those that do not belong together.
fn pair(
    images_path: &Path,
    images: ArrayD<u8>,
    labels_path: &Path,
    labels: ArrayD<u8>,
) -> Result<Digits, DataError> {
    let images = into_images(images_path, images)?;
    let labels = into_labels(labels_path, labels)?;
    idx::check_counts((images_path, images.dim().0), (labels_path, labels.len()))?;
    Ok(Digits::new(images, labels.iter().map(|&label| label.into()).collect()))
}

/// Pictures of at least one pixel, and at least one of them.
fn into_images(path: &Path, array: ArrayD<u8>) -> Result<Array3<u8>, DataError> {
    let images: Array3<u8> = idx::into_dimensions(array, path)?;
    match images.dim() {
        (0, _, _) => Err(DataError::no_examples(path)),
        (_, rows, columns) if rows == 0 || columns == 0 => {
            Err(DataError::no_pixels(path, rows, columns))
        }
        _ => Ok(images),
    }
}

/// Labels from 0 to 9.
fn into_labels(path: &Path, array: ArrayD<u8>) -> Result<Array1<u8>, DataError> {
    let labels: Array1<u8> = idx::into_dimensions(array, path)?;
    let Some(position) = labels.iter().position(|&label| label > 9) else { return Ok(labels) };
    let found = format!("has the label {} at position {position}", labels[position]);
    Err(DataError::new(path, found).expected("0 to 9").remedy("correct it"))
}

fn check_same_size(folder: &Path, train: &Digits, test: &Digits) -> Result<(), DataError> {
    let size = |digits: &Digits| describe_shape(&[digits.size.0, digits.size.1]);
    if size(train) == size(test) {
        return Ok(());
    }
    let (train, test) = (size(train), size(test));
    let found = format!("holds training pictures of {train} pixels and test pictures of {test}");
    Err(DataError::new(folder, found).expected("one size").remedy("make one of the two again"))
}

/// The folder with MNIST, for tests that are ignored without it.
#[cfg(test)]
pub(crate) fn folder_for_tests() -> PathBuf {
    std::env::var_os("MNIST_DIR").expect("MNIST_DIR names the folder with MNIST").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, array};
    use std::fs;
    use tempfile::TempDir;

    /// Four small files: three training and two test pictures of 2 × 2 pixels.
    fn small_contents() -> [ArrayD<u8>; 4] {
        let count_up = |shape: [usize; 3]| {
            let numbers = (0_u8..).take(shape.iter().product());
            Array::from_iter(numbers).into_shape_with_order(shape).unwrap().into_dyn()
        };
        let train = (count_up([3, 2, 2]), array![7, 0, 9].into_dyn());
        let test = (count_up([2, 2, 2]), array![1, 2].into_dyn());
        [train.0, train.1, test.0, test.1]
    }

    fn folder_with(contents: &[ArrayD<u8>; 4]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (known, content) in FILES.iter().zip(contents) {
            idx::write(&folder.path().join(known.name), content).unwrap();
        }
        folder
    }

    /// What becomes of the small files when one of them is replaced.
    fn own_data_with(file: usize, content: ArrayD<u8>) -> Result<DigitSet, DataError> {
        let mut contents = small_contents();
        contents[file] = content;
        own_data(folder_with(&contents).path())
    }

    /// The digests of whatever four files a folder holds, as if they were MNIST's.
    fn digests_of(folder: &Path) -> [String; 4] {
        FILES.map(|known| {
            let path = locate(folder, known.name).unwrap().unwrap();
            idx::read_with_digest(&path).unwrap().sha256
        })
    }

    fn known_by(digests: &[String; 4]) -> [KnownFile<'_>; 4] {
        std::array::from_fn(|i| KnownFile { sha256: &digests[i], ..FILES[i] })
    }

    #[test]
    fn own_digits_of_any_size_are_read_and_never_called_mnist() {
        let folder = folder_with(&small_contents());
        let set = own_data(folder.path()).unwrap();
        assert_eq!(set.name, format!("own digits in {}", folder.path().display()));
        assert_eq!(set.origin, Origin::Own { folder: folder.path().to_path_buf() });
        assert_eq!(set.train.pictures().dim(), (3, 2, 2));
        assert_eq!(set.train.labels, [7, 0, 9]);
        assert_eq!(set.test.labels, [1, 2]);
    }

    #[test]
    fn files_with_the_known_digests_are_mnist() {
        let folder = folder_with(&small_contents());
        let digests = digests_of(folder.path());
        let set = load_verified(folder.path(), &known_by(&digests)).unwrap();
        assert_eq!(set.name, "MNIST");
        assert_eq!(set.test.pictures().dim(), (2, 2, 2));
    }

    #[test]
    fn one_file_with_another_digest_is_not_mnist() {
        let folder = folder_with(&small_contents());
        for wrong in 0..4 {
            let mut digests = digests_of(folder.path());
            let found = std::mem::replace(&mut digests[wrong], "0".repeat(64));
            let error = load_verified(folder.path(), &known_by(&digests)).unwrap_err();
            let path = folder.path().join(FILES[wrong].name);
            let sentence = format!(
                "{} is not the MNIST file: expected content with the SHA-256 000000000000…, found \
                 {}…; if these are your own digits, name their folder with `--own-data DIR`; \
                 otherwise move the file away and run `handwritten fetch mnist`",
                path.display(),
                &found[..12],
            );
            assert_eq!(error.to_string(), sentence);
        }
    }

    #[test]
    fn packed_and_dotted_spellings_are_found() {
        for name in ["train.idx3", "train.idx3.gz", "train-idx3", "train-idx3.gz"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            fs::write(&path, "").unwrap();
            assert_eq!(locate(folder.path(), "train-idx3").unwrap(), Some(path));
        }
    }

    #[test]
    fn folders_named_as_files_are_searched_last() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::create_dir(place("train-idx3")).unwrap();
        assert_eq!(locate(folder.path(), "train-idx3").unwrap(), None);
        fs::write(place("train-idx3/train-idx3"), "").unwrap();
        let within = place("train-idx3/train-idx3");
        assert_eq!(locate(folder.path(), "train-idx3").unwrap(), Some(within));
        fs::write(place("train.idx3"), "").unwrap();
        assert_eq!(locate(folder.path(), "train-idx3").unwrap(), Some(place("train.idx3")));
    }

    #[test]
    fn the_default_folder_may_be_absent_or_empty() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(find_in(None, folder.path()).unwrap(), None);
        assert_eq!(find_in(None, &folder.path().join("absent")).unwrap(), None);
    }

    #[test]
    fn the_default_folder_is_found_when_it_has_the_files() {
        let folder = folder_with(&small_contents());
        assert_eq!(find_in(None, folder.path()).unwrap(), Some(folder.path().to_path_buf()));
    }

    #[test]
    fn a_named_folder_must_hold_digits() {
        let default = folder_with(&small_contents());
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent");
        for (named, found) in
            [(folder.path(), "there are no digits in the folder"), (&absent, "there is no folder")]
        {
            let error = find_in(Some(named), default.path()).unwrap_err().to_string();
            let beginning =
                format!("{found} {}, expected one with the four files ", named.display());
            assert!(error.starts_with(&beginning), "{error}");
            assert!(error.contains("t10k-labels-idx1-ubyte, each plain or .gz"), "{error}");
            assert!(error.contains("`handwritten fetch mnist`"), "{error}");
        }
    }

    #[test]
    fn the_argument_goes_before_the_environment() {
        let [argument, environment] = [0, 1].map(|_| folder_with(&small_contents()));
        let found = find(Some(argument.path()), Some(environment.path())).unwrap();
        assert_eq!(found.as_deref(), Some(argument.path()));
        let found = find(None, Some(environment.path())).unwrap();
        assert_eq!(found.as_deref(), Some(environment.path()));
    }

    #[test]
    fn three_of_four_files_are_an_error_even_in_the_default_folder() {
        let folder = folder_with(&small_contents());
        fs::remove_file(folder.path().join(FILES[2].name)).unwrap();
        let sentence = format!(
            "{} lacks t10k-images-idx3-ubyte, expected all four files of a set of digits; run \
             `handwritten fetch mnist`, or put them there yourself",
            folder.path().display(),
        );
        assert_eq!(find_in(None, folder.path()).unwrap_err().to_string(), sentence);
    }

    #[test]
    fn labels_in_the_place_of_pictures_are_refused() {
        let error = own_data_with(0, array![7, 0, 9].into_dyn()).unwrap_err().to_string();
        assert!(error.contains("train-images-idx3-ubyte has the shape 3, expected pictures"));
    }

    #[test]
    fn pictures_in_the_place_of_labels_are_refused() {
        let error = own_data_with(3, ArrayD::zeros(vec![2, 2, 2])).unwrap_err().to_string();
        assert!(error.contains("t10k-labels-idx1-ubyte has the shape 2 × 2 × 2, expected labels"));
    }

    #[test]
    fn a_label_above_nine_is_refused() {
        let error = own_data_with(1, array![7, 10, 9].into_dyn()).unwrap_err().to_string();
        assert!(error.contains("has the label 10 at position 1, expected 0 to 9"));
    }

    #[test]
    fn more_labels_than_pictures_are_refused() {
        let error = own_data_with(1, array![7, 0, 9, 9].into_dyn()).unwrap_err().to_string();
        assert!(error.contains("holds 3 pictures and "));
        assert!(error.contains("train-labels-idx1-ubyte holds 4 labels"));
    }

    #[test]
    fn a_set_without_pictures_is_refused() {
        let mut contents = small_contents();
        contents[2] = ArrayD::zeros(vec![0, 2, 2]);
        contents[3] = ArrayD::zeros(vec![0]);
        let error = own_data(folder_with(&contents).path()).unwrap_err().to_string();
        assert!(error.contains(" holds no examples, "), "{error}");
    }

    #[test]
    fn pictures_without_pixels_are_refused() {
        let error = own_data_with(0, ArrayD::zeros(vec![3, 0, 2])).unwrap_err().to_string();
        assert!(error.ends_with("holds pictures of 0 × 2 pixels, expected at least 1 × 1"));
    }

    #[test]
    fn training_and_test_pictures_of_two_sizes_are_refused() {
        let error = own_data_with(2, ArrayD::zeros(vec![2, 2, 3])).unwrap_err().to_string();
        assert!(error.contains("training pictures of 2 × 2 pixels and test pictures of 2 × 3"));
    }

    #[test]
    #[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
    fn files_are_recognised_with_mnist() {
        let set = load(&find(None, Some(&folder_for_tests())).unwrap().unwrap()).unwrap();
        assert_eq!(set.train.pictures().dim(), (60_000, 28, 28));
        assert_eq!(set.test.labels.len(), 10_000);
        assert_eq!(set.train.labels[..5], [5, 0, 4, 1, 9]);
    }
}
