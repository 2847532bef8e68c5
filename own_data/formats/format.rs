use std::fmt;
use std::path::{Path, PathBuf};

use super::{Labelled, Loaded, TableOptions};
use chapters::dataset::{DataError, contents};

/// The format of a file of examples.
///
/// [In the book](../../../book/experiments.html)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table: a header row, then one row for each example, its class at the end.
    Csv,
    /// One JSON object.
    Json,
    /// Arrays for NumPy.
    Npz,
    /// A single array for NumPy: the inputs, whose labels are in another.
    Npy,
    /// A picture of one example: PNG, JPEG or WebP. It is only read.
    Picture,
    /// Two files in the format of MNIST's: the inputs and the labels.
    Idx,
}

impl Format {
    /// The format that a file's name implies.
    ///
    /// Fails if it implies none.
    pub fn of(path: &Path) -> Result<Self, DataError> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match ending.as_str() {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "npz" => Ok(Self::Npz),
            "npy" => Ok(Self::Npy),
            "png" | "jpg" | "jpeg" | "webp" => Ok(Self::Picture),
            _ if name.contains("idx") => Ok(Self::Idx),
            _ => Err(DataError::new(path, "has a name that does not tell its format")
                .expected("one that ends in .csv, .json, .npz or .npy, or contains `idx`")
                .remedy("rename it")),
        }
    }

    /// The format of a file that is there: what its first bytes tell, or else its name; a table for anything
    /// else, such as standard input, a pipe or a name of another kind.
    ///
    /// Fails for what can only be read once it is saved as something else, such as HEIC; but what is called
    /// a table is left to the reader of tables, which knows what is taken for one.
    pub fn of_file(path: &Path) -> Result<Self, DataError> {
        let first_bytes = contents::first_bytes(path);
        let begins = |with: &[u8]| first_bytes.starts_with(with);
        let named = Self::of(path);
        match first_bytes[..] {
            [0, 0, 0x08 | 0x09 | 0x0b..=0x0e, _, ..] => Ok(Self::Idx),
            _ if contents::is_picture(&first_bytes) => Ok(Self::Picture),
            _ if begins(contents::NPY) => Ok(Self::Npy),
            _ if matches!(named, Ok(Self::Csv)) => named,
            _ if begins(contents::ZIP) => Ok(Self::Npz),
            _ if begins(b"{\"") => Ok(Self::Json),
            _ => contents::mistaken(path, &first_bytes, "examples")
                .map_or_else(|| Ok(named.unwrap_or(Self::Csv)), Err),
        }
    }

    /// The extension of files in this format.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Npz => "npz",
            Self::Npy => "npy",
            Self::Picture => "picture",
            Self::Idx => "idx",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.ending().to_uppercase())
    }
}

/// Says that one picture is not enough to learn from.
pub(super) fn single_picture(path: &Path) -> DataError {
    DataError::new(path, "is a single picture, without a class")
        .expected("many examples, each with its class")
        .remedy("write the pictures and their labels into two IDX files, as MNIST's")
}

impl Labelled {
    /// Reads examples from a file in the format that its first bytes or its name tell. For IDX and a single
    /// array, `path` is the file of inputs, and its labels are found beside it. The options are for tables.
    ///
    /// Fails if the file cannot be read, or holds anything but examples in that format.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read(path: &Path, options: &TableOptions) -> Result<Loaded, DataError> {
        let format = Format::of_file(path)?;
        if format == Format::Csv {
            return Self::read_csv(path, options);
        }
        if format != Format::Picture && *options != TableOptions::default() {
            let found = format!("is {format} and has no columns that could be named");
            return Err(DataError::new(path, found).remedy(
                "leave out what is for tables: `--label`, `--header`, `--drop`, `--one-hot` and `--missing`",
            ));
        }
        let mut notes = Vec::new();
        let examples = match format {
            Format::Csv | Format::Json => Self::read_json(path)?,
            Format::Npz => Self::read_npz(path, &mut notes)?,
            Format::Npy => Self::read_npy(path, &mut notes)?,
            Format::Idx => Self::read_idx(path, &mut notes)?,
            Format::Picture => return Err(single_picture(path)),
        };
        Ok(Loaded { notes, ..examples.into() })
    }

    /// Writes examples in the format that the file's name implies, and returns which files were
    /// written. They appear whole or not at all.
    ///
    /// Fails if a file cannot be written, or the format cannot hold these examples.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write(&self, path: &Path) -> Result<Vec<PathBuf>, DataError> {
        match Format::of(path)? {
            Format::Csv => self.write_csv(path)?,
            Format::Json => self.write_json(path)?,
            Format::Npz => self.write_npz(path)?,
            Format::Idx => return self.write_idx(path),
            Format::Npy | Format::Picture => {
                return Err(DataError::new(path, "has a name of a format that is only read")
                    .expected("one that ends in .csv, .json or .npz, or contains `idx`")
                    .remedy("rename it"));
            }
        }
        Ok(vec![path.to_path_buf()])
    }
}

#[cfg(test)]
mod tests {
    use super::super::Inputs;
    use super::*;
    use ndarray::{Array3, array};
    use std::fs;
    use tempfile::TempDir;

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn pictures() -> Labelled {
        let pictures = Array3::from_shape_fn((3, 4, 4), |(i, j, k)| (80 * i + 7 * j + k) as u8);
        let classes = named(&["0", "1"]);
        Labelled { inputs: Inputs::Pictures(pictures), labels: vec![1, 0, 1], classes }
    }

    fn numbers() -> Labelled {
        let x = array![[0.1, -1e300], [f64::MIN_POSITIVE, -0.0], [1.0 / 3.0, 7.0]];
        let inputs = Inputs::Numbers { x, features: named(&["x1", "x2"]) };
        Labelled { inputs, labels: vec![0, 1, 0], classes: named(&["3", "14"]) }
    }

    /// Examples whose names are of any kind.
    fn flowers() -> Labelled {
        let Inputs::Numbers { x, .. } = numbers().inputs else { unreachable!() };
        let inputs = Inputs::Numbers { x, features: named(&["length, cm", "breadth \"é\""]) };
        Labelled { inputs, labels: vec![0, 1, 0], classes: named(&["iris", "rose, \"wild\""]) }
    }

    fn assert_refused<T: fmt::Debug>(outcome: Result<T, DataError>, complaint: &str) {
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains(complaint), "{error}");
    }

    fn assert_round_trip(examples: &Labelled, name: &str) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        for file in examples.write(&path).unwrap() {
            assert!(file.is_file(), "{}", file.display());
        }
        assert_eq!(
            &Labelled::read(&path, &TableOptions::default()).unwrap().examples,
            examples,
            "{name}"
        );
    }

    #[test]
    fn every_format_gives_back_what_it_was_given() {
        for examples in [pictures(), numbers()] {
            for name in ["a.csv", "a.json", "a.npz", "a-images.idx", "a-features.idx.gz"] {
                assert_round_trip(&examples, name);
            }
        }
        for name in ["a.CSV", "a.Json", "a.npz"] {
            assert_round_trip(&flowers(), name);
        }
    }

    #[test]
    fn names_tell_formats_and_only_tables_have_a_label_column() {
        for name in ["train-images-idx3-ubyte", "t10k-images.idx3-ubyte", "a-images.idx.gz"] {
            assert_eq!(Format::of(Path::new(name)).unwrap(), Format::Idx);
        }
        for name in ["a", "a.txt", "csv", ""] {
            let error = Format::of(Path::new(name)).unwrap_err().to_string();
            assert!(error.contains("has a name that does not tell its format"), "{error}");
        }
        assert_refused(
            Labelled::read(
                Path::new("a.json"),
                &TableOptions { label: Some("class".to_owned()), ..TableOptions::default() },
            ),
            "a.json is JSON and has no columns that could be named; leave out what is for tables",
        );
    }

    #[test]
    fn labels_are_found_beside_pictures_under_every_name() {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (images, labels) in [
            ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
            ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
            ("own-images.idx", "own-labels.idx"),
        ] {
            for (images, labels) in [
                (images.to_owned(), format!("{labels}.gz")),
                (format!("{images}.gz"), labels.to_owned()),
            ] {
                let [images_path, labels_path] = [at(&images), at(&labels)];
                let written = pictures().write(&images_path).unwrap();
                assert!(
                    matches!(Labelled::read(&images_path, &TableOptions::default()).map(|read| read.examples), Ok(read) if read == pictures())
                );
                fs::remove_file(&written[1]).unwrap();
                let missing = Labelled::read(&images_path, &TableOptions::default())
                    .map(|read| read.examples);
                assert_refused(missing, "has no labels: there is no file ");
                chapters::dataset::idx::write(&labels_path, &array![1_u8, 0, 1].into_dyn())
                    .unwrap();
                assert_eq!(
                    Labelled::read(&images_path, &TableOptions::default()).unwrap().examples,
                    pictures()
                );
            }
        }
    }

    #[test]
    fn idx_refuses_classes_that_are_no_numbers() {
        let folder = TempDir::new().unwrap();
        for classes in [["iris", "rose"], ["1", "0"], ["0", "256"], ["0", "01"], ["-1", "0"]] {
            let path = folder.path().join("a-images.idx");
            let examples = Labelled { classes: named(&classes), ..pictures() };
            assert_refused(examples.write(&path), "cannot hold the class ");
            assert!(!path.exists());
        }
        let nameless = pictures().write(&folder.path().join("a.idx"));
        assert_refused(nameless, "has a name that does not tell where its labels are");
    }

    #[test]
    fn idx_files_that_do_not_belong_together_are_refused() {
        let folder = TempDir::new().unwrap();
        let [images, labels] = ["a-images.idx", "b.idx"].map(|name| folder.path().join(name));
        pictures().write(&images).unwrap();
        chapters::dataset::idx::write(&labels, &array![1_u8, 0].into_dyn()).unwrap();
        let differ = Labelled::read_pair(&images, &labels, &mut Vec::new());
        assert_refused(differ, &format!("holds 3 pictures and {} holds 2", labels.display()));
        let swapped = Labelled::read_pair(&labels, &images, &mut Vec::new());
        assert_refused(swapped, "expected pictures (count, rows, columns)");
        let twice = Labelled::read_pair(&images, &images, &mut Vec::new());
        assert_refused(twice, "expected a label for each example");
    }

    /// Reads a JSON file with this content.
    fn read_json(json: &str) -> Result<Labelled, DataError> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, json).unwrap();
        Labelled::read(&path, &TableOptions::default()).map(|read| read.examples)
    }

    fn json(dim: &str, data: &str, features: &str, labels: &str, classes: &str) -> String {
        let x = format!(r#"{{"v":1,"dim":{dim},"data":{data}}}"#);
        format!(
            r#"{{"inputs":{{"numbers":{{"x":{x},"features":{features}}}}},"labels":{labels},"classes":{classes}}}"#
        )
    }

    #[test]
    fn json_that_contradicts_itself_is_refused() {
        let good = json("[2,1]", "[1,2.5]", r#"["a"]"#, "[0,1]", r#"["p","q"]"#);
        assert!(read_json(&good).is_ok());
        for length in 0..good.len() {
            assert_refused(read_json(&good[..length]), "is not a JSON file of examples");
        }
        for (old, new, complaint) in [
            ("[2,1]", "[2,2]", "is not a JSON file of examples"),
            ("[2,1]", "[4611686018427387904,8]", "is not a JSON file of examples"),
            ("[2,1]", "[1,2]", "2 columns of numbers and 1 names"),
            ("[1,2.5]", "[1,null]", "is not a JSON file of examples"),
            ("[1,2.5]", "[1,1e999]", "is not a JSON file of examples"),
            ("[1,2.5]", "[1,NaN]", "is not a JSON file of examples"),
            ("[2,1],\"data\":[1,2.5]", "[0,1],\"data\":[]", "holds no examples"),
            ("[2,1],\"data\":[1,2.5]", "[2,0],\"data\":[]", "0 columns of numbers"),
            ("[0,1]", "[0]", "2 examples and 1 labels"),
            ("[0,1]", "[0,2]", "the label 2 at position 1"),
            ("[0,1]", "[0,-1]", "is not a JSON file of examples"),
            ("[0,1]", "[0,0]", "no example of the class \"q\""),
            (r#"["p","q"]"#, r#"["p","p"]"#, "the name \"p\" twice"),
            ("numbers", "words", "is not a JSON file of examples"),
        ] {
            let error = read_json(&good.replace(old, new)).unwrap_err().to_string();
            assert!(error.contains("a.json") && error.contains(complaint), "{new}: {error}");
        }
        assert_refused(read_json(&"[".repeat(1 << 20)), "is not a JSON file of examples");
    }
}
