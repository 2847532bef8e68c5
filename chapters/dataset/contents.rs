//! What a file holds, told by its first bytes, whatever its name.

use std::fs::{File, metadata};
use std::io::{self, Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::DataError;

/// What every array in a file of NumPy's begins with.
pub const NPY: &[u8] = b"\x93NUMPY";
/// What a ZIP archive begins with, such as a file of several of NumPy's arrays.
pub const ZIP: &[u8] = b"PK\x03\x04";

/// What a gzip file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// What the pictures that are read begin with: PNG, JPEG and WebP.
const PICTURES: [Marks; 3] =
    [&[(0, b"\x89PNG\r\n\x1a\n")], &[(0, b"\xff\xd8\xff")], &[(0, b"RIFF"), (8, b"WEBP")]];

/// How many first bytes are enough to tell what a file holds.
pub const TELLING: usize = 32;

/// Bytes, each from one place of a file on.
type Marks = &'static [(usize, &'static [u8])];

const TO_PNG: &str = "open it in an image editor and save it as PNG";
const TO_NPZ: &str = "save its arrays in an NPZ file: `numpy.savez(\"a.npz\", x=x, y=y)` in Python";
const TO_CSV: &str = "save it as CSV: `pandas.read_parquet(\"a.parquet\").to_csv(\"a.csv\", \
                      index=False)` in Python";
const UNPACK: &str = "unpack it; only gzip is read as it is";

/// What files begin with that are given for examples, what they are, and what to do.
const KINDS: [(Marks, &str, &str); 21] = [
    (&[(0, b"GIF87a")], "a GIF picture", TO_PNG),
    (&[(0, b"GIF89a")], "a GIF picture", TO_PNG),
    // The bytes after the length are reserved
    (&[(0, b"BM"), (6, &[0; 4])], "a BMP picture", TO_PNG),
    (&[(4, b"ftyphe")], "a HEIC picture", TO_PNG),
    (&[(4, b"ftypmif1")], "a HEIC picture", TO_PNG),
    (&[(4, b"ftypavif")], "an AVIF picture", TO_PNG),
    (&[(0, b"II*\0")], "a TIFF picture", TO_PNG),
    (&[(0, b"MM\0*")], "a TIFF picture", TO_PNG),
    (&[(0, b"<svg")], "an SVG picture", TO_PNG),
    (&[(0, b"%PDF")], "a PDF document", "save its page as a PNG picture"),
    (&[(0, NPY)], "an array of NumPy's", "give it a name that ends in .npy"),
    (&[(0, ZIP)], "a ZIP archive", "unpack it; if it is an Excel workbook, save its sheet as CSV"),
    (&[(0, b"PAR1")], "a Parquet table", TO_CSV),
    (&[(0, b"\x89HDF\r\n\x1a\n")], "an HDF5 file", TO_NPZ),
    (&[(0, b"MATLAB 5.0")], "a MATLAB file", TO_NPZ),
    (&[(0, b"\x80\x04\x95")], "a pickle of Python's", TO_NPZ),
    (&[(0, b"\xd0\xcf\x11\xe0")], "an Excel workbook", "save its sheet as CSV"),
    (&[(0, b"SQLite format 3\0")], "an SQLite database", "save the table as CSV"),
    (&[(0, b"BZh"), (4, b"1AY&SY")], "a bzip2 archive", UNPACK),
    (&[(0, b"\xfd7zXZ\0")], "an xz archive", UNPACK),
    (&[(0, b"\x28\xb5\x2f\xfd")], "a Zstandard archive", UNPACK),
];

/// The first bytes of a file, unpacked if they are gzip: few enough to tell what it holds.
///
/// None of a pipe, from which they could be read only once, and of what cannot be read.
pub fn first_bytes(path: &Path) -> Vec<u8> {
    let read = || -> io::Result<Vec<u8>> {
        if !metadata(path)?.is_file() {
            return Ok(Vec::new());
        }
        take(&mut Unpacked::new(File::open(path)?)?.content, TELLING)
    };
    read().unwrap_or_default()
}

/// Bytes as they are once they are decompressed, if they are gzip.
pub struct Unpacked<'a> {
    /// The bytes.
    pub content: Box<dyn Read + 'a>,
    /// Whether they were compressed.
    pub is_gzip: bool,
}

impl<'a> Unpacked<'a> {
    /// The content of a reader, whose first two bytes show whether it is gzip.
    pub fn new(mut reader: impl Read + 'a) -> io::Result<Self> {
        let beginning = take(&mut reader, GZIP.len())?;
        let is_gzip = beginning == GZIP;
        let whole = Cursor::new(beginning).chain(reader);
        let content: Box<dyn Read> =
            if is_gzip { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) };
        Ok(Self { content, is_gzip })
    }
}

/// At most `count` bytes. Memory grows with the bytes that arrive, whatever `count` promises.
pub fn take(reader: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a file that begins so is a picture of a kind that is read.
pub fn is_picture(first_bytes: &[u8]) -> bool {
    PICTURES.iter().any(|marks| are_there(marks, first_bytes))
}

/// Whether all marks are in their places.
fn are_there(marks: &[(usize, &[u8])], first_bytes: &[u8]) -> bool {
    let is_there = |&(place, mark): &(usize, &[u8])| {
        first_bytes.get(place..).is_some_and(|bytes| bytes.starts_with(mark))
    };
    marks.iter().all(is_there)
}

/// What a file is that was expected to be another, if its first bytes tell, and what to do about it.
pub fn mistaken(path: &Path, first_bytes: &[u8], expected: &str) -> Option<DataError> {
    let kind = KINDS.iter().find(|(marks, ..)| are_there(marks, first_bytes));
    kind.map(|&(_, name, remedy)| {
        DataError::new(path, format!("is {name}")).expected(expected).remedy(remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a file that begins so.
    fn said(first_bytes: &[u8]) -> Option<String> {
        mistaken(Path::new("a"), first_bytes, "b").map(|error| error.to_string())
    }

    #[test]
    fn pictures_are_told_by_their_first_bytes() {
        for (first_bytes, kind) in [
            (b"GIF89a".as_slice(), "a GIF picture"),
            (b"BM\x46\0\0\0\0\0\0\0\x36", "a BMP picture"),
            (b"\0\0\0\x18ftypheic", "a HEIC picture"),
            (b"\0\0\0\x1cftypmif1", "a HEIC picture"),
        ] {
            let expected =
                format!("a is {kind}, expected b; open it in an image editor and save it as PNG");
            assert_eq!(said(first_bytes), Some(expected));
        }
    }

    #[test]
    fn pictures_that_are_read_are_told_from_others() {
        for first_bytes in [
            b"\x89PNG\r\n\x1a\n\0\0".as_slice(),
            b"\xff\xd8\xff\xe1\0\x10Exif",
            b"RIFF\x24\0\0\0WEBPVP8 ",
        ] {
            assert!(is_picture(first_bytes) && said(first_bytes).is_none());
        }
        assert!(!is_picture(b"RIFF\x24\0\0\0WAVE") && !is_picture(b"GIF89a"));
    }

    #[test]
    fn tables_and_idx_are_taken_for_nothing_else() {
        for first_bytes in [b"BMI,age,label\n".as_slice(), b"RIFF", b"", b"a,b\n", b"\0\0\x08\x03"]
        {
            assert_eq!(said(first_bytes), None);
        }
    }

    #[test]
    fn packed_files_are_unpacked_and_folders_hold_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gz");
        super::super::idx::write(&path, &ndarray::arr1(&[7_u8]).into_dyn()).unwrap();
        assert_eq!(first_bytes(&path), [0, 0, 8, 1, 0, 0, 0, 1, 7]);
        assert!(first_bytes(folder.path()).is_empty());
        assert!(first_bytes(&folder.path().join("absent")).is_empty());
    }
}
