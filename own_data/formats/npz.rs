//! Examples as an NPZ file, which `numpy.load` reads without pickle:
//!
//! | array | holds |
//! | --- | --- |
//! | `x` | `uint8`, shape `(m, rows, columns)`, for pictures; `float64`, shape `(m, n)`, for numbers |
//! | `y` | `int64`, shape `(m)`: the class of each example, counted from 0 |
//! | `classes` | `uint8`: the names of the classes in UTF-8, a line feed between them |
//! | `features` | `uint8`: the names of the columns likewise, for rows of numbers |
//!
//! NumPy has string formats of its own, hence the bytes: `bytes(npz["classes"]).decode().split("\n")`
//! gives the names. Files without `classes` are those of others: their arrays may have any of the usual
//! names, types and shapes, and their classes are the labels that occur.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use ndarray::{Array1, ArrayView1};
use ndarray_npy::npy::header::Header;
use ndarray_npy::{NpzWriter, WriteNpzError};
use zip::{ZipArchive, result::ZipError};

use super::check::label_out_of_range;
use super::classes::by_name;
use super::npy::{self, Array, LONGEST_HEADER};
use super::roles::{Named, Part, Role, understand};
use super::{Inputs, Labelled};
use crate::Input;
use chapters::dataset::idx::LARGEST;
use chapters::dataset::{DataError, atomic_file, contents};

/// Examples, and the names of their classes if they are known.
pub(super) type Unlabelled = (Inputs, Option<Vec<String>>);

impl Labelled {
    /// Reads examples from an NPZ file, compressed or not: the arrays `x` and `y`, and the names in
    /// `classes` and `features`, if there are any; or arrays of other names, types and shapes, of which
    /// those to train on are taken. `notes` tells what is not obvious.
    ///
    /// Fails if the file cannot be read, lacks an array, has one of another type or shape, or
    /// contradicts itself.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_npz(path: &Path, notes: &mut Vec<String>) -> Result<Self, DataError> {
        let mut npz = Npz::open(path)?;
        let Some(classes) = npz.names("classes")? else {
            let (inputs, names) = npz.examples(&[Part::All, Part::Train], None, notes)?;
            let names = names.ok_or_else(|| npz.no_labels())?;
            let (labels, classes) = by_name(&names);
            return Self { inputs, labels, classes }.checked(path);
        };
        let labels = npz.need("y")?.labels(notes)?;
        let labels = labels.iter().enumerate().map(|(position, label)| {
            let wrong = |_| label_out_of_range(label, position, classes.len(), path);
            label.parse().map_err(wrong)
        });
        let labels = labels.collect::<Result<_, _>>()?;
        let mut inputs = npz.need("x")?.inputs(true, None, notes)?;
        if let (Inputs::Numbers { features, .. }, Some(names)) =
            (&mut inputs, npz.names("features")?)
        {
            *features = names;
        }
        Self { inputs, labels, classes }.checked(path)
    }

    /// Writes examples as an NPZ file of three or four arrays, uncompressed.
    ///
    /// Fails if the file cannot be written, if a name has a line feed in it, or if the examples
    /// contradict themselves.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write_npz(&self, path: &Path) -> Result<(), DataError> {
        self.check(path)?;
        let classes = joined(&self.classes, "classes", path)?;
        let features = match &self.inputs {
            Inputs::Numbers { features, .. } => joined(features, "features", path)?,
            Inputs::Pictures(_) => String::new(),
        };
        atomic_file::write(path, |file| {
            self.write_arrays(NpzWriter::new(file), &classes, &features).map_err(io::Error::other)
        })
        .map_err(DataError::unwritable(path))
    }

    fn write_arrays<W: io::Write + io::Seek>(
        &self,
        mut npz: NpzWriter<W>,
        classes: &str,
        features: &str,
    ) -> Result<(), WriteNpzError> {
        match &self.inputs {
            Inputs::Pictures(pictures) => npz.add_array("x", pictures)?,
            Inputs::Numbers { x, .. } => {
                npz.add_array("x", x)?;
                npz.add_array("features", &ArrayView1::from(features.as_bytes()))?;
            }
        }
        let y: Array1<i64> = self.labels.iter().map(|&label| label as i64).collect();
        npz.add_array("y", &y)?;
        npz.add_array("classes", &ArrayView1::from(classes.as_bytes()))?;
        npz.finish().map(drop)
    }
}

/// Names with a line feed between them.
fn joined(names: &[String], array: &str, path: &Path) -> Result<String, DataError> {
    if names.iter().any(|name| name.contains('\n')) {
        return Err(refuse(path, array, "cannot hold a name with a line feed in it"));
    }
    Ok(names.join("\n"))
}

/// Reads what is to be predicted from an NPZ file: the arrays to test with if it has any, otherwise all or
/// those to train on.
pub(super) fn read_for(
    path: &Path,
    input: &Input,
    notes: &mut Vec<String>,
) -> Result<Unlabelled, DataError> {
    let mut npz = Npz::open(path)?;
    if npz.names("classes")?.is_some() {
        let examples = Labelled::read_npz(path, notes)?;
        let names = examples.names();
        return Ok((examples.inputs, Some(names)));
    }
    npz.examples(&[Part::Test, Part::All, Part::Validation, Part::Train], Some(input), notes)
}

/// The only array of an NPZ file.
pub(super) fn read_single(path: &Path) -> Result<Array, DataError> {
    let mut npz = Npz::open(path)?;
    match npz.arrays().as_slice() {
        [name] => npz.need(name),
        _ => Err(DataError::new(path, format!("has {}", npz.list()))
            .expected("a single array")
            .remedy("if it has inputs and labels, name it with `--data`")),
    }
}

/// An open NPZ file.
struct Npz<'a> {
    archive: ZipArchive<BufReader<File>>,
    path: &'a Path,
}

impl<'a> Npz<'a> {
    fn open(path: &'a Path) -> Result<Self, DataError> {
        let file = File::open(path).map_err(DataError::unreadable(path))?;
        let archive = ZipArchive::new(BufReader::new(file));
        let archive = archive.map_err(|error| {
            let (expected, remedy) = ("a file of NumPy's arrays", "download or create it again");
            let first_bytes = contents::first_bytes(path);
            let is_zip = first_bytes.starts_with(contents::ZIP);
            let other = contents::mistaken(path, &first_bytes, expected).filter(|_| !is_zip);
            other.unwrap_or_else(|| {
                DataError::new(path, format!("is no whole NPZ file: {error}")).remedy(remedy)
            })
        })?;
        Ok(Self { archive, path })
    }

    /// The examples of the first of these parts that there is, whatever their arrays are called, and the
    /// names of their classes.
    fn examples(
        &mut self,
        parts: &[Part],
        wanted: Option<&Input>,
        notes: &mut Vec<String>,
    ) -> Result<Unlabelled, DataError> {
        let (x, y) = self.find(parts)?;
        let inputs = self.need(&x)?.inputs(false, wanted, notes)?;
        let names = y.as_ref().map(|y| self.need(y)?.labels(notes)).transpose()?;
        let (mut left, mut read) = (self.arrays(), vec![x]);
        read.extend(y);
        left.retain(|name| !read.contains(name));
        if !left.is_empty() {
            let (read, path) = (read.join(" and "), self.path.display());
            notes.push(format!("read {read} of {path}, which also has {}", left.join(", ")));
        }
        Ok((inputs, names))
    }

    /// What the inputs are called, and the labels if there are any.
    fn find(&mut self, parts: &[Part]) -> Result<(String, Option<String>), DataError> {
        let arrays = self.arrays();
        let find = |role: Role, part: Part| -> Option<String> {
            let fits =
                |named: &Named| named.role == role && named.part == part && named.others.is_empty();
            let understood = arrays.iter().filter_map(|name| Some((understand(name)?, name)));
            let fitting = understood.filter(|(named, _)| fits(named));
            fitting.min_by_key(|(named, _)| named.rank).map(|(_, name)| name.clone())
        };
        let found = parts
            .iter()
            .find_map(|&part| Some((find(Role::Inputs, part)?, find(Role::Labels, part))));
        if let Some(found) = found {
            return Ok(found);
        }
        match arrays.as_slice() {
            // As `numpy.savez(path, x, y)` calls them
            [first, second, ..] if first == "arr_0" && second == "arr_1" => {
                let [one, other] = [self.header(first)?.shape, self.header(second)?.shape];
                match (one.as_slice(), other.as_slice()) {
                    (&[m, _, ..], &[n] | &[n, 1]) if m == n => {
                        Ok((first.clone(), Some(second.clone())))
                    }
                    (&[m] | &[m, 1], &[n, _, ..]) if m == n => {
                        Ok((second.clone(), Some(first.clone())))
                    }
                    _ => Err(self.no_labels()),
                }
            }
            [only] if self.header(only)?.shape.len() > 1 => Ok((only.clone(), None)),
            _ => Err(self.no_labels()),
        }
    }

    /// Its arrays, in alphabetical order.
    fn arrays(&self) -> Vec<String> {
        let names = self.archive.file_names().filter_map(|name| name.strip_suffix(".npy"));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    }

    /// What its arrays are called, and what is in them.
    fn list(&mut self) -> String {
        const SHOWN: usize = 10;
        let names = self.arrays();
        let mut told: Vec<String> = Vec::new();
        for name in names.iter().take(SHOWN) {
            let header = self.header(name);
            told.push(header.map_or(name.clone(), |h| format!("{name} ({})", npy::describe(&h))));
        }
        let more = names.len().saturating_sub(SHOWN);
        if more > 0 {
            told.push(format!("{more} more"));
        }
        told.join(", ")
    }

    fn no_labels(&mut self) -> DataError {
        if self.arrays().is_empty() {
            return DataError::new(self.path, "is a ZIP archive without arrays of NumPy's")
                .expected("an NPZ file")
                .remedy("unpack it, or if it is a spreadsheet, save the sheet as CSV");
        }
        DataError::new(self.path, format!("has {}", self.list()))
            .expected("x and y, x_train and y_train, images and labels, or data and target")
            .remedy("save them under such names: `numpy.savez(\"a.npz\", x=inputs, y=labels)`")
    }

    fn need(&mut self, name: &str) -> Result<Array, DataError> {
        let bytes = self.bytes(name, LARGEST)?.ok_or_else(|| self.no_labels())?;
        Array::parse(bytes, self.path, name)
    }

    /// The names in an array of bytes, one of our own files.
    fn names(&mut self, name: &str) -> Result<Option<Vec<String>>, DataError> {
        let Some(bytes) = self.bytes(name, LARGEST)? else { return Ok(None) };
        let (header, start) = npy::header(&bytes, self.path, name)?;
        if header.type_descriptor.to_string() != "'|u1'" || header.shape != [bytes.len() - start] {
            return Ok(None);
        }
        let text = String::from_utf8(bytes[start..].to_vec());
        let text = text.map_err(|error| refuse(self.path, name, error))?;
        Ok(Some(text.split('\n').map(str::to_owned).collect()))
    }

    fn header(&mut self, name: &str) -> Result<Header, DataError> {
        let bytes = self.bytes(name, LONGEST_HEADER)?.unwrap_or_default();
        npy::header(&bytes, self.path, name).map(|(header, _)| header)
    }

    /// The unpacked file of an array, if there is one; its beginning if only so much is asked for.
    fn bytes(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>, DataError> {
        let file = match self.archive.by_name(&format!("{name}.npy")) {
            Err(ZipError::FileNotFound) => return Ok(None),
            file => file,
        };
        let mut bytes = Vec::new();
        let read = file
            .map_err(io::Error::from)
            .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => Err(refuse(self.path, name, format!("cannot be decompressed: {error}"))),
            Ok(length) if length > LARGEST => {
                let reason = format!("has more than the {LARGEST} bytes that are read");
                Err(refuse(self.path, name, reason))
            }
            Ok(_) => Ok(Some(bytes)),
        }
    }
}

/// Says what is wrong with an array.
fn refuse(path: &Path, array: &str, reason: impl Display) -> DataError {
    DataError::new(path, format!("is not an NPZ file of examples: {array}.npy {reason}"))
        .remedy("save x as uint8 (m, rows, columns) or float64 (m, n) and y as int64 (m)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use std::fs;
    use std::io::Write;
    use tempfile::TempDir;
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    /// The bytes of an NPY file with this header and these numbers.
    fn npy(header: &str, numbers: &[u8]) -> Vec<u8> {
        let mut npy = b"\x93NUMPY\x01\x00".to_vec();
        npy.extend((header.len() as u16 + 1).to_le_bytes());
        [&npy, header.as_bytes(), b"\n", numbers].concat()
    }

    fn described(kind: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
        npy(&format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"), numbers)
    }

    /// Reads a packed NPZ file of these arrays.
    fn read(arrays: &[(&str, Vec<u8>)]) -> Result<Labelled, DataError> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("examples.npz");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in arrays {
            zip.start_file(format!("{name}.npy"), packed).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        Labelled::read_npz(&path, &mut Vec::new())
    }

    fn two_labels() -> Vec<u8> {
        described("<i8", "(2,)", &[1_i64.to_le_bytes(), 0_i64.to_le_bytes()].concat())
    }

    #[test]
    fn packed_arrays_without_names_get_numbers_for_names() {
        let x = [0.5_f64, 1.0, 1.5, 2.0].map(f64::to_be_bytes).concat();
        let examples = read(&[("x", described(">f8", "(2, 2)", &x)), ("y", two_labels())]).unwrap();
        let features = vec!["x1".to_owned(), "x2".to_owned()];
        assert_eq!(
            examples.inputs,
            Inputs::Numbers { x: array![[0.5, 1.0], [1.5, 2.0]], features }
        );
        assert_eq!((examples.labels, examples.classes), (vec![1, 0], vec!["0".into(), "1".into()]));
    }

    #[test]
    fn arrays_that_lie_are_refused() {
        let deep = |open: &str, close: &str| open.repeat(30_000) + &close.repeat(30_000);
        for x in [
            Vec::new(),
            b"GIF89a".to_vec(),
            npy(&deep("(", ")"), &[]),
            npy(&deep("[", "]"), &[]),
            described("<c8", "(2, 1)", &[0; 16]),
            described("|O", "(2, 1)", &[0; 8]),
            described("<U0", "(2, 1)", &[]),
            described("<U4611686018427387904", "(2, 1)", &[]),
            described("<f4", "(2, 1)", &[0; 7]),
            described("<f4", "(2, 1)", &[0; 9]),
            described("|u1", "(2, 1, 1)", &[0]),
            described("|u1", "(2, 1, 1)", &[0; 3]),
            described("|u1", "(2, 0, 1)", &[]),
            described("|u1", "(0, 4611686018427387904, 4611686018427387904)", &[]),
            described("|u1", "(4611686018427387904, 1, 1)", &[0; 2]),
            described("<f8", "(2305843009213693952, 8)", &[0; 16]),
            described("<f8", "(2, 1)", &[0xff; 16]),
        ] {
            let error = read(&[("x", x), ("y", two_labels())]).unwrap_err().to_string();
            assert!(error.contains("examples.npz"), "{error}");
        }
    }

    #[test]
    fn labels_and_names_that_do_not_fit_are_refused() {
        let x = || ("x", described("|u1", "(2, 1, 1)", &[0, 255]));
        let y = |labels: [i64; 2]| {
            ("y", described("<i8", "(2,)", &labels.map(i64::to_le_bytes).concat()))
        };
        let named = |names: &str| {
            ("classes", described("|u1", &format!("({},)", names.len()), names.as_bytes()))
        };
        assert!(read(&[x(), y([0, 1]), named("a\nb")]).is_ok());
        for (arrays, complaint) in [
            (vec![x()], "has x (uint8, 2 × 1 × 1), expected x and y, x_train and y_train"),
            (vec![y([0, 1])], "has y (int64, 2), expected x and y, x_train and y_train"),
            (
                vec![y([0, 1]), named("a\nb")],
                "has classes (uint8, 3), y (int64, 2), expected x and y",
            ),
            (vec![x(), y([0, -1]), named("a\nb")], "the label -1 at position 1"),
            (vec![x(), y([0, 2]), named("a\nb")], "the label 2 at position 1"),
            (vec![x(), y([0, i64::MAX])], "whole numbers, but found 92233720368547"),
            (vec![x(), y([0, 1]), named("a")], "the label 1 at position 1"),
            (vec![x(), y([0, 1]), named("a\na")], "the name \"a\" twice"),
            (vec![x(), y([0, 1]), named("a\nb\nc")], "no example of the class \"c\""),
        ] {
            let error = read(&arrays).unwrap_err().to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }

    /// Four pictures of 8 × 8 pixels, as grey values.
    fn grey() -> Vec<u8> {
        (0..256).map(|i| (i * 37 % 256) as u8).collect()
    }

    fn four(labels: (&str, &str, Vec<u8>)) -> (&'static str, Vec<u8>) {
        ("y", described(labels.0, labels.1, &labels.2))
    }

    fn bytes_of_labels() -> (&'static str, Vec<u8>) {
        four(("|u1", "(4,)", vec![7, 7, 2, 9]))
    }

    #[test]
    fn pictures_of_every_type_and_shape_are_the_same() {
        let expected = read(&[("x", described("|u1", "(4, 8, 8)", &grey())), bytes_of_labels()]);
        let expected = expected.unwrap();
        assert_eq!(expected.classes, ["2", "7", "9"]);
        let Inputs::Pictures(pictures) = &expected.inputs else { panic!("no pictures") };
        assert_eq!(pictures.iter().copied().collect::<Vec<_>>(), grey());
        let all = |convert: &dyn Fn(u8) -> Vec<u8>| grey().into_iter().flat_map(convert).collect();
        let half = |grey: u8| -> u16 {
            // A power of two up to the grey, and ten bits of what is left
            let exponent = grey.checked_ilog2();
            exponent.map_or(0, |e| ((e + 15) as u16) << 10 | (u16::from(grey) << (10 - e) & 0x3ff))
        };
        let types: [(&str, Vec<u8>); 9] = [
            ("|u1", grey()),
            ("<u2", all(&|grey| u16::from(grey).to_le_bytes().to_vec())),
            (">i2", all(&|grey| i16::from(grey).to_be_bytes().to_vec())),
            ("<i4", all(&|grey| i32::from(grey).to_le_bytes().to_vec())),
            ("<u8", all(&|grey| u64::from(grey).to_le_bytes().to_vec())),
            ("<f2", all(&|grey| half(grey).to_le_bytes().to_vec())),
            ("<f4", all(&|grey| f32::from(grey).to_le_bytes().to_vec())),
            (">f8", all(&|grey| f64::from(grey).to_be_bytes().to_vec())),
            ("<f4", all(&|grey| (f32::from(grey) / 255.0).to_le_bytes().to_vec())),
        ];
        for (kind, x) in types {
            for shape in ["(4, 8, 8)", "(4, 8, 8, 1)", "(4, 1, 8, 8)", "(4, 64)", "(4, 64, 1)"] {
                let found = read(&[("x", described(kind, shape, &x)), bytes_of_labels()]).unwrap();
                assert_eq!(found, expected, "{kind} {shape}");
            }
        }
        // The first dimension running fastest
        let columns: Vec<u8> =
            (0..64).flat_map(|j| (0..4).map(move |i| grey()[64 * i + j])).collect();
        let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (4, 64), }";
        assert_eq!(read(&[("x", npy(header, &columns)), bytes_of_labels()]).unwrap(), expected);
    }

    #[test]
    fn labels_of_every_type_and_shape_are_the_same() {
        let x = || ("x", described("|u1", "(4, 8, 8)", &grey()));
        let whole = [7_u8, 7, 2, 10];
        let all = |convert: &dyn Fn(u8) -> Vec<u8>| whole.into_iter().flat_map(convert).collect();
        let word = |text: &str| text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        let words: Vec<Vec<u8>> = ["7\0", "7\0", "2\0", "10"].map(word).to_vec();
        for labels in [
            ("|u1", "(4,)", whole.to_vec()),
            ("|u1", "(4, 1)", whole.to_vec()),
            ("|i1", "(1, 4)", whole.to_vec()),
            (">u2", "(4,)", all(&|label| u16::from(label).to_be_bytes().to_vec())),
            ("<i4", "(4,)", all(&|label| i32::from(label).to_le_bytes().to_vec())),
            ("<f4", "(4,)", all(&|label| f32::from(label).to_le_bytes().to_vec())),
            ("<f8", "(4, 1)", all(&|label| f64::from(label).to_le_bytes().to_vec())),
            ("|S2", "(4,)", b"7\x007\x002\x0010".to_vec()),
            (">U2", "(4,)", words.concat()),
        ] {
            let kind = labels.0;
            let found = read(&[x(), four(labels)]).unwrap();
            assert_eq!(
                (found.labels, found.classes.join(" ")),
                (vec![1, 1, 0, 2], "2 7 10".into()),
                "{kind}"
            );
        }
        let truths = read(&[x(), four(("|b1", "(4,)", vec![1, 0, 0, 1]))]).unwrap();
        assert_eq!(truths.classes[truths.labels[0]], "True");
        assert_eq!(truths.classes[truths.labels[1]], "False");
        let one_hot = vec![0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0];
        let columns = read(&[x(), four(("|u1", "(4, 3)", one_hot))]).unwrap();
        assert_eq!((columns.labels, columns.classes.join(" ")), (vec![1, 1, 0, 0], "0 2".into()));
        for (labels, complaint) in [
            (
                ("<f4", "(4,)", [1.5_f32; 4].map(f32::to_le_bytes).concat()),
                "found 1.5; it looks like a measured",
            ),
            (
                ("<f4", "(4,)", [1.0, f32::NAN, 0.0, 0.0].map(f32::to_le_bytes).concat()),
                "the one at position 1 is missing",
            ),
            (("|S2", "(4,)", b"a\0NAb\0c\0".to_vec()), "the one at position 1 is missing"),
            (
                ("|S1", "(4,)", b"\xff\xfe\xfd\xfc".to_vec()),
                "y (bytes, 4), expected words in Unicode",
            ),
            (
                ("|u1", "(4, 3)", vec![1; 12]),
                "y (uint8, 4 × 3), expected a label for each example, or a column",
            ),
            (("|u1", "(2, 2, 2)", vec![1; 8]), "expected a label for each example"),
            (
                ("|O", "(4,)", vec![0; 32]),
                "y (Python objects, 4), expected numbers, words or true and false",
            ),
            (("<M8[ns]", "(4,)", vec![0; 32]), "y (datetime64, 4), expected numbers, words"),
            (("<i8", "(3,)", vec![0; 24]), "4 examples and 3 labels"),
        ] {
            let error = read(&[x(), four(labels)]).unwrap_err().to_string();
            assert!(error.contains(complaint), "{complaint}: {error}");
        }
    }

    #[test]
    fn few_levels_of_grey_are_stretched() {
        let few: Vec<u8> = grey().iter().map(|grey| grey / 16).chain([16]).skip(1).collect();
        for shape in ["(4, 8, 8)", "(4, 64)"] {
            let found = read(&[("x", described("|u1", shape, &few)), bytes_of_labels()]).unwrap();
            let Inputs::Pictures(pictures) = found.inputs else { panic!("no pictures") };
            assert_eq!((pictures[[3, 7, 7]], pictures[[0, 0, 0]]), (255, 32));
        }
        let truths: Vec<u8> = grey().iter().map(|grey| grey % 2).collect();
        let found =
            read(&[("x", described("|b1", "(4, 8, 8)", &truths)), bytes_of_labels()]).unwrap();
        let Inputs::Pictures(pictures) = found.inputs else { panic!("no pictures") };
        assert_eq!((pictures[[0, 0, 0]], pictures[[0, 0, 1]]), (0, 255));
    }

    #[test]
    fn rows_are_pictures_only_if_they_look_like_it() {
        for (kind, shape, x) in [
            ("|u1", "(4, 63)", grey()[..252].to_vec()),
            ("|u1", "(4, 49)", grey()[..196].to_vec()),
            // No pixel lighter than 14
            ("|u1", "(4, 64)", grey().iter().map(|grey| grey % 15).collect()),
            ("|b1", "(4, 64)", grey().iter().map(|grey| grey % 2).collect()),
            (
                "<i2",
                "(4, 64)",
                grey().iter().flat_map(|&grey| (-i16::from(grey)).to_le_bytes()).collect(),
            ),
            (
                "<f4",
                "(4, 64)",
                grey().iter().flat_map(|&grey| (f32::from(grey) / 100.0).to_le_bytes()).collect(),
            ),
        ] {
            let found = read(&[("x", described(kind, shape, &x)), bytes_of_labels()]).unwrap();
            assert!(matches!(found.inputs, Inputs::Numbers { .. }), "{kind} {shape}");
        }
    }

    #[test]
    fn pictures_that_cannot_be_read_are_described() {
        for (kind, shape, x, complaint) in [
            (
                "|u1",
                "(4, 4, 4, 3)",
                vec![1; 192],
                "x (uint8, 4 × 4 × 4 × 3), expected grey pictures",
            ),
            ("|u1", "(4, 3, 4, 4)", vec![1; 192], "not pictures in colours; average the colours"),
            (
                "|u1",
                "(4, 2, 2, 2)",
                vec![1; 32],
                "make a row of each example with `x.reshape(len(x), -1)`",
            ),
            (
                "|i1",
                "(4, 2, 2)",
                vec![0xff; 16],
                "expected grey values from 0 to 255 or from 0 to 1, not -1 to -1",
            ),
            ("<u2", "(4, 2, 2)", vec![1; 32], "x (uint16, 4 × 2 × 2), expected grey values"),
            (
                "<c16",
                "(4, 2)",
                vec![0; 128],
                "x (complex128, 4 × 2), expected numbers, words or true",
            ),
            (
                "<f16",
                "(4, 2)",
                vec![0; 128],
                "x (float128, 4 × 2), expected numbers, words or true",
            ),
            ("<U1", "(4, 1)", vec![0; 16], "x (str, 4 × 1), expected numbers; encode words"),
            (
                "<f4",
                "(4, 2)",
                vec![0; 31],
                "x (float32, 4 × 2), expected 32 bytes, of which 31 are there",
            ),
            ("|u1", "(4,)", vec![1; 4], "expected pictures (count, rows, columns) or rows"),
        ] {
            let refused = read(&[("x", described(kind, shape, &x)), bytes_of_labels()]);
            let error = refused.unwrap_err().to_string();
            assert!(error.contains(complaint), "{complaint}: {error}");
        }
        let structured =
            "{'descr': [('a', '<i4'), ('b', '<f4')], 'fortran_order': False, 'shape': (4,), }";
        let error =
            read(&[("x", npy(structured, &[0; 32])), bytes_of_labels()]).unwrap_err().to_string();
        assert!(error.contains("x (structured, 4), expected numbers"), "{error}");
    }

    #[test]
    fn arrays_of_every_name_are_found() {
        let (x, y) = (described("|u1", "(4, 8, 8)", &grey()), bytes_of_labels().1);
        let expected = read(&[("x", x.clone()), ("y", y.clone())]).unwrap();
        let positional = [("arr_0", &x), ("arr_1", &y), ("arr_2", &x), ("arr_3", &y)];
        assert_eq!(read(&positional.map(|(name, bytes)| (name, bytes.clone()))).unwrap(), expected);
        for (inputs, labels) in [
            ("X", "Y"),
            ("x_train", "y_train"),
            ("X_train", "y_train"),
            ("train_images", "train_labels"),
            ("images", "labels"),
            ("data", "target"),
            ("features", "labels"),
            ("arr_0", "arr_1"),
            ("arr_1", "arr_0"),
        ] {
            let found = read(&[(inputs, x.clone()), (labels, y.clone())]).unwrap();
            assert_eq!(found, expected, "{inputs}, {labels}");
        }
        let error = read(&[("foo", x.clone()), ("bar", y.clone())]).unwrap_err().to_string();
        let listed =
            "has bar (uint8, 4), foo (uint8, 4 × 8 × 8), expected x and y, x_train and y_train";
        assert!(error.contains(listed), "{error}");

        // Those to train on are taken of several, and the others are named
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("examples.npz");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        let other = described("|u1", "(2, 8, 8)", &grey()[..128]);
        for (name, bytes) in
            [("x_test", &other), ("y_test", &two_labels()), ("x_train", &x), ("y_train", &y)]
        {
            zip.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        let mut notes = Vec::new();
        assert_eq!(Labelled::read_npz(&path, &mut notes).unwrap(), expected);
        let told = format!(
            "read x_train and y_train of {}, which also has x_test, y_test",
            path.display()
        );
        assert_eq!(notes, [told]);
        let (inputs, names) =
            read_for(&path, &Input::Pictures { rows: 8, columns: 8 }, &mut notes).unwrap();
        assert_eq!((inputs.len(), names), (2, Some(vec!["1".to_owned(), "0".to_owned()])));
    }

    #[test]
    fn every_file_cut_short_is_refused() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("examples.npz");
        let inputs = Inputs::Pictures(array![[[0, 255]], [[7, 8]]]);
        let classes = vec!["a".to_owned(), "b".to_owned()];
        Labelled { inputs, labels: vec![1, 0], classes }.write_npz(&path).unwrap();
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let error = Labelled::read_npz(&path, &mut Vec::new()).unwrap_err().to_string();
            assert!(error.contains("is no whole NPZ file"), "{length} bytes: {error}");
        }
    }
}
