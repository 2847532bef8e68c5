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
//! gives the names. In a file without `classes` and `features`, numbers serve as names.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use ndarray::{Array, Array1, ArrayView1, Dimension, Ix1};
use ndarray_npy::npy::header::Header;
use ndarray_npy::{NpzWriter, ReadNpyExt, ReadableElement, WriteNpzError};
use zip::{ZipArchive, result::ZipError};

use super::check::label_out_of_range;
use super::labelled::numbered;
use super::{Inputs, Labelled};
use chapters::dataset::idx::LARGEST;
use chapters::dataset::{DataError, atomic_file};

impl Labelled {
    /// Reads examples from an NPZ file, compressed or not: the arrays `x` and `y`, and the names in
    /// `classes` and `features`, if there are any.
    ///
    /// Fails if the file cannot be read, lacks an array, has one of another type or shape, or
    /// contradicts itself.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_npz(path: &Path) -> Result<Self, DataError> {
        let mut npz = Npz::open(path)?;
        let bytes = npz.need("y")?;
        let y: Array1<i64> = npz.array("y", &bytes)?;
        let least = y.iter().max().map_or(0, |&largest| largest.clamp(-1, 1 << 20) + 1) as usize;
        let classes = npz.names("classes")?.unwrap_or_else(|| numbered("", 0, least));
        let inputs = npz.inputs()?;
        let labels = y.iter().enumerate().map(|(position, &label)| {
            let wrong = |_| label_out_of_range(label, position, classes.len(), path);
            usize::try_from(label).map_err(wrong)
        });
        let labels = labels.collect::<Result<_, _>>()?;
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

/// An open NPZ file.
struct Npz<'a> {
    archive: ZipArchive<BufReader<File>>,
    path: &'a Path,
}

impl<'a> Npz<'a> {
    fn open(path: &'a Path) -> Result<Self, DataError> {
        let file = File::open(path).map_err(DataError::unreadable(path))?;
        let archive = ZipArchive::new(BufReader::new(file));
        let archive =
            archive.map_err(|error| refuse(path, "x", format_args!("cannot be found: {error}")))?;
        Ok(Self { archive, path })
    }

    /// Pictures if `x` has three dimensions, otherwise rows of numbers.
    fn inputs(&mut self) -> Result<Inputs, DataError> {
        let bytes = self.need("x")?;
        if self.header("x", &bytes)?.shape.len() == 3 {
            return Ok(Inputs::Pictures(self.array("x", &bytes)?));
        }
        let x: ndarray::Array2<f64> = self.array("x", &bytes)?;
        let features = self.names("features")?.unwrap_or_else(|| numbered("x", 1, x.ncols()));
        Ok(Inputs::Numbers { x, features })
    }

    fn need(&mut self, name: &str) -> Result<Vec<u8>, DataError> {
        self.bytes(name)?.ok_or_else(|| self.refuse(name, "is missing"))
    }

    fn names(&mut self, name: &str) -> Result<Option<Vec<String>>, DataError> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        let text = String::from_utf8(self.array::<u8, Ix1>(name, &bytes)?.to_vec());
        let text = text.map_err(|error| self.refuse(name, error))?;
        Ok(Some(text.split('\n').map(str::to_owned).collect()))
    }

    /// The unpacked file of an array, if there is one.
    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, DataError> {
        let file = match self.archive.by_name(&format!("{name}.npy")) {
            Err(ZipError::FileNotFound) => return Ok(None),
            file => file,
        };
        let mut bytes = Vec::new();
        let most = LARGEST as u64;
        let read = file
            .map_err(io::Error::from)
            .and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => Err(self.refuse(name, format!("cannot be decompressed: {error}"))),
            Ok(length) if length as u64 > most => {
                Err(self.refuse(name, format!("has more than the {most} bytes that are read")))
            }
            Ok(_) => Ok(Some(bytes)),
        }
    }

    fn header(&self, name: &str, bytes: &[u8]) -> Result<Header, DataError> {
        Header::from_reader(&mut &bytes[..]).map_err(|error| self.refuse(name, error))
    }

    fn array<A, D>(&self, name: &str, bytes: &[u8]) -> Result<Array<A, D>, DataError>
    where
        A: ReadableElement,
        D: Dimension,
    {
        // The reader allocates what the header promises: check that it is there
        let shape = self.header(name, bytes)?.shape;
        let promised = shape.iter().try_fold(size_of::<A>(), |size, &n| size.checked_mul(n.max(1)));
        if promised.is_none_or(|promised| promised > bytes.len()) {
            return Err(self.refuse(name, format!("promises more than its {} bytes", bytes.len())));
        }
        Array::read_npy(bytes).map_err(|error| self.refuse(name, error))
    }

    fn refuse(&self, array: &str, reason: impl Display) -> DataError {
        refuse(self.path, array, reason)
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
        Labelled::read_npz(&path)
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
            described("|u1", "(2, 1)", &[0, 0]),
            described("<f4", "(2, 1)", &[0; 8]),
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
            (vec![x()], "y.npy is missing"),
            (vec![y([0, 1])], "x.npy is missing"),
            (vec![x(), y([0, -1])], "the label -1 at position 1"),
            (vec![x(), y([0, i64::MAX])], "the label 9223372036854775807 at position 1"),
            (vec![x(), y([0, 2])], "no example of the class \"1\""),
            (vec![x(), y([0, 1]), named("a")], "the label 1 at position 1"),
            (vec![x(), y([0, 1]), named("a\na")], "the name \"a\" twice"),
            (vec![x(), y([0, 1]), named("a\nb\nc")], "no example of the class \"c\""),
        ] {
            let error = read(&arrays).unwrap_err().to_string();
            assert!(error.contains(complaint), "{error}");
        }
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
            assert!(Labelled::read_npz(&path).is_err(), "{length} bytes");
        }
    }
}
