//! The IDX format of the MNIST files: a short header, then the numbers.
//!
//! | bytes | hold |
//! | --- | --- |
//! | 2 | zeros |
//! | 1 | the type of the numbers: `0x08`, unsigned bytes; `0x09`, signed bytes; `0x0b` and `0x0c`, whole numbers of two and of four bytes; `0x0d` and `0x0e`, floating-point numbers of four and of eight |
//! | 1 | how many dimensions there are |
//! | 4 per dimension | its length, most significant byte first |
//! | the rest | the numbers, most significant byte first, the last dimension running fastest |
//!
//! A file may be compressed with gzip. Its first two bytes tell, so its name does not matter to the
//! reader. The format is described on the page of *The MNIST database of handwritten digits*, 1998.

use std::cmp::Ordering;
use std::fs::{File, metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ndarray::{Array, ArrayD, Dimension, IxDyn};
use sha2::{Digest, Sha256};

use super::contents::{Unpacked, take};
use super::numbers::{Element, Kind, Numbers};
use super::{DataError, atomic_file, contents};

/// The most bytes of numbers that one file may promise: 2³⁰, twenty times MNIST. A megabyte of gzip
/// can decompress to a gigabyte, so a promise must stay within what a machine can hold.
pub const LARGEST: usize = 1 << 30;

const UNSIGNED_BYTE: u8 = 0x08;
const DOUBLE: u8 = 0x0e;

/// The content of an IDX file.
#[derive(Clone, Debug, PartialEq)]
pub struct Idx {
    /// The numbers, in as many dimensions as the file has.
    pub array: ArrayD<u8>,
    /// The SHA-256 of the decompressed file, header included, as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Reads an IDX file of bytes, plain or gzip.
///
/// Fails if the file cannot be read, is not an IDX file of unsigned bytes, holds fewer or more bytes
/// than its header promises, or promises more than [`LARGEST`] bytes.
pub fn read(path: &Path) -> Result<ArrayD<u8>, DataError> {
    read_with_digest(path).map(|idx| idx.array)
}

/// Reads an IDX file as [`read`] does, along with the digest of its decompressed content.
pub fn read_with_digest(path: &Path) -> Result<Idx, DataError> {
    let file = File::open(path).map_err(DataError::unreadable(path))?;
    read_from(file, path, LARGEST)
}

/// The file that a path means: itself, or if it is a folder, the file of the same name in it, as
/// unpackers leave it behind. Nothing if there is neither.
///
/// Fails if that cannot be found out.
pub fn file_at(path: &Path) -> Result<Option<PathBuf>, DataError> {
    let within = path.join(path.file_name().unwrap_or_default());
    for place in [path, &within] {
        match metadata(place) {
            Ok(found) if !found.is_dir() => return Ok(Some(place.to_path_buf())),
            Err(error)
                if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Err(DataError::unreadable(place)(error));
            }
            _ => (),
        }
    }
    Ok(None)
}

/// Numbers in as many dimensions as are asked for: one for labels, more for pictures.
///
/// Fails if there are more or fewer.
pub fn into_dimensions<N, D: Dimension>(
    array: ArrayD<N>,
    path: &Path,
) -> Result<Array<N, D>, DataError> {
    let found = format!("has the shape {}", describe_shape(array.shape()));
    array.into_dimensionality().map_err(|_| match D::NDIM {
        Some(1) => DataError::new(path, found)
            .expected("labels in one dimension")
            .remedy("check that it is not a file of pictures"),
        _ => DataError::new(path, found)
            .expected("pictures in three dimensions (count, rows, columns)")
            .remedy("check that it is not a file of labels"),
    })
}

/// Refuses pictures and labels that cannot belong together.
pub fn check_counts(
    (images, pictures): (&Path, usize),
    (labels, found): (&Path, usize),
) -> Result<(), DataError> {
    if pictures == found {
        return Ok(());
    }
    let labels = labels.display();
    let found = format!("holds {pictures} pictures and {labels} holds {found} labels");
    Err(DataError::new(images, found)
        .expected("one label for each picture")
        .remedy("check that the two files belong together"))
}

/// Reads an IDX file of numbers of any type, plain or gzip. Whole numbers from 0 to 255 become bytes,
/// unless they are stored as doubles. Fails as [`read`] does.
pub fn read_numbers(path: &Path) -> Result<Numbers, DataError> {
    let file = File::open(path).map_err(DataError::unreadable(path))?;
    let Raw { kind, shape, bytes, .. } = read_raw(file, path, false, LARGEST)?;
    if kind == DOUBLE {
        let (doubles, _) = bytes.as_chunks::<8>();
        let doubles = doubles.iter().map(|&double| f64::from_be_bytes(double)).collect();
        return into_array(&shape, doubles, path).map(Numbers::Doubles);
    }
    let (kind, size) = element(kind).unwrap_or((Kind::Unsigned, 1));
    let numbers = Element { kind, size, little_endian: false }.numbers(&shape, false, bytes);
    numbers.ok_or_else(|| too_large(&shape, size, LARGEST, path))
}

/// Reads IDX of bytes, plain or gzip, from any reader, to its end or to the first byte too many.
///
/// `path` is named in errors, which are those of [`read`]; more than `largest` numbers are refused.
pub fn read_from(reader: impl Read, path: &Path, largest: usize) -> Result<Idx, DataError> {
    let Raw { shape, bytes, sha256, .. } = read_raw(reader, path, true, largest)?;
    Ok(Idx { array: into_array(&shape, bytes, path)?, sha256 })
}

/// The content of an IDX file, its numbers as bytes.
struct Raw {
    kind: u8,
    shape: Vec<usize>,
    bytes: Vec<u8>,
    sha256: String,
}

fn read_raw(
    reader: impl Read,
    path: &Path,
    only_bytes: bool,
    largest: usize,
) -> Result<Raw, DataError> {
    let mut content = Content::open(reader, path)?;
    let (kind, shape) = read_header(&mut content, only_bytes)?;
    let count = count_bytes(&shape, size_of_number(kind), largest, path)?;

    // Read the numbers, and try for one more
    let bytes = content.read_up_to(count + 1)?;
    let header = header_bytes(shape.len());
    check_length(header + bytes.len(), header + count, path)?;

    let sha256 = hexadecimal(&content.digest.finalize(), "");
    Ok(Raw { kind, shape, bytes, sha256 })
}

fn into_array<N>(shape: &[usize], numbers: Vec<N>, path: &Path) -> Result<ArrayD<N>, DataError> {
    let array = ArrayD::from_shape_vec(IxDyn(shape), numbers);
    array.map_err(|_| too_large(shape, size_of::<N>(), LARGEST, path))
}

/// What the bits of numbers of this type mean, and how many bytes each takes.
fn element(kind: u8) -> Option<(Kind, usize)> {
    match kind {
        UNSIGNED_BYTE => Some((Kind::Unsigned, 1)),
        0x09 => Some((Kind::Signed, 1)),
        0x0b => Some((Kind::Signed, 2)),
        0x0c => Some((Kind::Signed, 4)),
        0x0d => Some((Kind::Float, 4)),
        DOUBLE => Some((Kind::Float, 8)),
        _ => None,
    }
}

/// How many bytes a number of this type takes.
fn size_of_number(kind: u8) -> usize {
    element(kind).map_or(1, |(_, size)| size)
}

/// Writes an array of any number of dimensions as IDX, compressed with gzip if the name ends in
/// `.gz`. The file appears whole or not at all.
///
/// Fails if the file cannot be written, for more than 255 dimensions or one of 2³² or more, and for
/// more than [`LARGEST`] bytes, which could not be read back.
pub fn write(path: &Path, array: &ArrayD<u8>) -> Result<(), DataError> {
    write_raw(path, UNSIGNED_BYTE, array.shape(), array.iter().copied().collect())
}

/// Writes doubles as [`write()`] writes bytes.
pub fn write_doubles(path: &Path, array: &ArrayD<f64>) -> Result<(), DataError> {
    let bytes = array.iter().flat_map(|double| double.to_be_bytes()).collect();
    write_raw(path, DOUBLE, array.shape(), bytes)
}

fn write_raw(path: &Path, kind: u8, shape: &[usize], numbers: Vec<u8>) -> Result<(), DataError> {
    let header = encode_header(kind, shape).ok_or_else(|| {
        let found = format!("cannot hold an array of {} numbers", describe_shape(shape));
        DataError::new(path, found)
            .expected("at most 255 dimensions of less than 2^32 each")
            .remedy("write a smaller array")
    })?;
    count_bytes(shape, size_of_number(kind), LARGEST, path)?;
    let fill =
        |file: &mut dyn Write| file.write_all(&header).and_then(|()| file.write_all(&numbers));
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    atomic_file::write(path, |file| {
        if is_packed {
            let mut packed = GzEncoder::new(file, Compression::default());
            fill(&mut packed)?;
            packed.finish().map(drop)
        } else {
            fill(file)
        }
    })
    .map_err(DataError::unwritable(path))
}

/// The bytes of a file before they are hashed, decompressed if they are gzip.
struct Content<'a> {
    unpacked: Unpacked<'a>,
    digest: Sha256,
    path: &'a Path,
}

impl<'a> Content<'a> {
    fn open(reader: impl Read + 'a, path: &'a Path) -> Result<Self, DataError> {
        let unpacked = Unpacked::new(reader).map_err(DataError::unreadable(path))?;
        Ok(Self { unpacked, digest: Sha256::new(), path })
    }

    /// At most `count` bytes, fewer only where the content ends.
    fn read_up_to(&mut self, count: usize) -> Result<Vec<u8>, DataError> {
        let bytes =
            take(&mut self.unpacked.content, count).map_err(|source| self.explain(source))?;
        self.digest.update(&bytes);
        Ok(bytes)
    }

    /// What it is instead of IDX, if its first bytes and those that follow tell.
    fn mistaken(&mut self, mut first_bytes: Vec<u8>) -> Option<DataError> {
        first_bytes.extend(self.read_up_to(contents::TELLING).ok()?);
        contents::mistaken(self.path, &first_bytes, "an IDX file")
    }

    /// Distinguishes damaged gzip from a file that cannot be read.
    fn explain(&self, source: io::Error) -> DataError {
        use ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        let is_damage = matches!(source.kind(), InvalidData | InvalidInput | UnexpectedEof);
        if self.unpacked.is_gzip && is_damage {
            DataError::new(self.path, "is damaged")
                .expected(format!("a whole gzip file: {source}"))
                .remedy("download or create the file again")
        } else {
            DataError::unreadable(self.path)(source)
        }
    }
}

/// The type of the numbers and the length of every dimension, as the header promises.
// ANCHOR: header
fn read_header(content: &mut Content, only_bytes: bool) -> Result<(u8, Vec<usize>), DataError> {
    let magic = content.read_up_to(4)?;
    let (kind, dimensions) = check_magic(&magic, only_bytes, content.path)
        .map_err(|error| content.mistaken(magic).unwrap_or(error))?;
    let lengths = content.read_up_to(4 * dimensions)?;
    check_length(4 + lengths.len(), header_bytes(dimensions), content.path)?;
    let (lengths, _) = lengths.as_chunks::<4>();
    Ok((kind, lengths.iter().map(|&length| u32::from_be_bytes(length) as usize).collect()))
}
// ANCHOR_END: header

fn header_bytes(dimensions: usize) -> usize {
    4 + 4 * dimensions
}

/// The type of the numbers and how many dimensions the first four bytes of a file announce.
fn check_magic(magic: &[u8], only_bytes: bool, path: &Path) -> Result<(u8, usize), DataError> {
    match *magic {
        [] => Err(DataError::empty(path, "an IDX file")),
        [0, 0, UNSIGNED_BYTE, dimensions] => Ok((UNSIGNED_BYTE, dimensions.into())),
        [0, 0, kind, dimensions] if !only_bytes && element(kind).is_some() => {
            Ok((kind, dimensions.into()))
        }
        [0, 0, kind, _] => {
            Err(DataError::new(path, format!("holds numbers of IDX type {kind:#04x}"))
                .expected("unsigned bytes (type 0x08)")
                .remedy("write it again with bytes from 0 to 255"))
        }
        [0] | [0, 0] | [0, 0, _] => Err(cut_short(magic.len(), 4, path)),
        _ => {
            let found = format!("begins with the bytes {}", hexadecimal(magic, " "));
            Err(DataError::new(path, found)
                .expected("an IDX file, which begins with 00 00")
                .remedy("check that it is the right file"))
        }
    }
}

/// Refuses content of any length other than the promised one.
fn check_length(found: usize, expected: usize, path: &Path) -> Result<(), DataError> {
    match found.cmp(&expected) {
        Ordering::Less => Err(cut_short(found, expected, path)),
        Ordering::Equal => Ok(()),
        Ordering::Greater => {
            let found = format!("goes on after the {expected} bytes that its header promises");
            Err(DataError::new(path, found)
                .expected("it to end there")
                .remedy("download or create the file again"))
        }
    }
}

fn cut_short(found: usize, expected: usize, path: &Path) -> DataError {
    DataError::new(path, format!("ends after {found} bytes"))
        .expected(expected.to_string())
        .remedy("download or create the file again")
}

/// How many bytes an array of numbers of this size takes, if that is not too many.
fn count_bytes(
    shape: &[usize],
    size: usize,
    largest: usize,
    path: &Path,
) -> Result<usize, DataError> {
    // An array without numbers still needs its other lengths multiplied, so zeros count as ones.
    let product = shape.iter().try_fold(size, |product, &n| product.checked_mul(n.max(1)));
    match product {
        Some(product) if product <= largest && shape.contains(&0) => Ok(0),
        Some(product) if product <= largest => Ok(product),
        _ => Err(too_large(shape, size, largest, path)),
    }
}

fn too_large(shape: &[usize], size: usize, largest: usize, path: &Path) -> DataError {
    DataError::new(path, format!("promises {} numbers", describe_shape(shape)))
        .expected(format!("at most {} in one file", largest / size))
        .remedy("check its header, or split the file")
}

/// The first bytes of the file that [`write()`] makes of an array of this shape, or nothing if IDX has no
/// room for it.
pub fn header(shape: &[usize]) -> Option<Vec<u8>> {
    encode_header(UNSIGNED_BYTE, shape)
}

/// The first bytes of an array's file, or nothing if IDX cannot express its shape.
fn encode_header(kind: u8, shape: &[usize]) -> Option<Vec<u8>> {
    let dimensions = u8::try_from(shape.len()).ok()?;
    let mut bytes = vec![0, 0, kind, dimensions];
    for &length in shape {
        bytes.extend(u32::try_from(length).ok()?.to_be_bytes());
    }
    Some(bytes)
}

/// A shape in words: `60000 × 28 × 28`, or `1` for the single number without dimensions.
pub fn describe_shape(shape: &[usize]) -> String {
    if shape.is_empty() {
        return "1".to_string();
    }
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// Bytes as pairs of hexadecimal digits, with `separator` between them.
pub fn hexadecimal(bytes: &[u8], separator: &str) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// 2 × 3 numbers by hand: the header's 12 bytes, then the numbers.
    const TWO_BY_THREE: [u8; 18] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    fn parse_bytes(bytes: &[u8]) -> Result<Idx, DataError> {
        read_from(bytes, Path::new("digits"), LARGEST)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn refusal(bytes: &[u8]) -> String {
        parse_bytes(bytes).unwrap_err().to_string()
    }

    fn assert_refused(bytes: &[u8], sentence: &str) {
        assert_eq!(refusal(bytes), sentence);
    }

    /// An array with this many dimensions, each shorter than the next: 2 × 3 × 4 …
    fn counting_array(dimensions: usize) -> ArrayD<u8> {
        let shape: Vec<usize> = (2..2 + dimensions).collect();
        let numbers = (0..shape.iter().product::<usize>()).map(|n| n as u8).collect();
        ArrayD::from_shape_vec(shape, numbers).unwrap()
    }

    #[test]
    fn the_last_dimension_runs_fastest() {
        let idx = parse_bytes(&TWO_BY_THREE).unwrap();
        assert_eq!(idx.array, ndarray::array![[1, 2, 3], [4, 5, 255]].into_dyn());
    }

    #[test]
    fn file_begins_with_its_header() {
        assert_eq!(header(&[2, 3]).unwrap(), TWO_BY_THREE[..12]);
        assert_eq!(header(&[1; 256]), None);
    }

    #[test]
    fn every_number_of_dimensions_survives_a_round_trip_plain_and_packed() {
        let folder = tempfile::tempdir().unwrap();
        for dimensions in 0..=6 {
            let array = counting_array(dimensions);
            for name in ["array.idx", "array.idx.gz"] {
                let path = folder.path().join(name);
                write(&path, &array).unwrap();
                assert_eq!(read(&path).unwrap(), array, "{dimensions} dimensions in {name}");
            }
        }
    }

    #[test]
    fn as_many_dimensions_as_the_format_allows_survive_a_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep.idx");
        let array = ArrayD::from_elem(vec![1; 255], 7);
        write(&path, &array).unwrap();
        assert_eq!(read(&path).unwrap(), array);
    }

    #[test]
    fn an_array_without_numbers_survives_a_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none.idx");
        let array = ArrayD::zeros(vec![0, 28, 28]);
        write(&path, &array).unwrap();
        assert_eq!(read(&path).unwrap(), array);
    }

    #[test]
    fn a_transposed_array_is_written_in_its_own_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("transposed.idx");
        let array = counting_array(2).reversed_axes();
        write(&path, &array).unwrap();
        assert_eq!(read(&path).unwrap(), array);
    }

    #[test]
    fn gzip_is_told_by_content_and_not_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [("a", gzip(&TWO_BY_THREE)), ("b.gz", TWO_BY_THREE.to_vec())] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path).unwrap().shape(), [2, 3]);
        }
    }

    #[test]
    fn a_file_is_packed_only_when_its_name_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let array = counting_array(2);
        for (name, beginning) in [("a.gz", [0x1f, 0x8b]), ("a.idx", [0, 0])] {
            let path = folder.path().join(name);
            write(&path, &array).unwrap();
            assert_eq!(fs::read(&path).unwrap()[..2], beginning);
        }
    }

    #[test]
    fn the_digest_is_that_of_the_unpacked_content() {
        let expected = hexadecimal(&Sha256::digest(TWO_BY_THREE), "");
        assert_eq!(parse_bytes(&TWO_BY_THREE).unwrap().sha256, expected);
        assert_eq!(parse_bytes(&gzip(&TWO_BY_THREE)).unwrap().sha256, expected);
        assert_eq!(expected.len(), 64);
    }

    #[test]
    fn gzip_in_several_members_is_one_content() {
        let packed = [gzip(&TWO_BY_THREE[..7]), gzip(&TWO_BY_THREE[7..])].concat();
        assert_eq!(parse_bytes(&packed).unwrap(), parse_bytes(&TWO_BY_THREE).unwrap());
    }

    #[test]
    fn every_file_cut_short_is_refused() {
        let packed = gzip(&TWO_BY_THREE);
        for length in 0..TWO_BY_THREE.len() {
            assert!(parse_bytes(&TWO_BY_THREE[..length]).is_err(), "{length} plain bytes");
        }
        for length in 0..packed.len() {
            assert!(parse_bytes(&packed[..length]).is_err(), "{length} packed bytes");
        }
    }

    #[test]
    fn a_file_cut_short_says_how_much_is_there() {
        let sentence = "digits ends after 17 bytes, expected 18; download or create the file again";
        assert_refused(&TWO_BY_THREE[..17], sentence);
        assert_refused(&gzip(&TWO_BY_THREE[..17]), sentence);
        assert_refused(
            &TWO_BY_THREE[..9],
            "digits ends after 9 bytes, expected 12; download or create the file again",
        );
    }

    #[test]
    fn a_file_that_goes_on_is_refused() {
        let longer = [&TWO_BY_THREE[..], &[0]].concat();
        let sentence = "digits goes on after the 18 bytes that its header promises, expected it \
                        to end there; download or create the file again";
        assert_refused(&longer, sentence);
        assert_refused(&gzip(&longer), sentence);
    }

    #[test]
    fn an_endless_file_is_left_at_the_first_byte_too_many() {
        let endless = TWO_BY_THREE.chain(io::repeat(0));
        let error = read_from(endless, Path::new("digits"), LARGEST).unwrap_err().to_string();
        assert!(error.starts_with("digits goes on after the 18 bytes "), "{error}");
    }

    #[test]
    fn rubbish_after_gzip_is_refused() {
        let packed = [gzip(&TWO_BY_THREE), b"rubbish".to_vec()].concat();
        assert!(refusal(&packed).starts_with("digits is damaged, expected a whole gzip file: "));
    }

    #[test]
    fn gzip_with_a_wrong_checksum_is_refused() {
        let mut packed = gzip(&TWO_BY_THREE);
        let checksum = packed.len() - 8;
        packed[checksum] ^= 1;
        assert!(refusal(&packed).starts_with("digits is damaged, expected a whole gzip file: "));
    }

    #[test]
    fn a_promise_of_four_billion_numbers_is_refused_at_the_header() {
        assert_refused(
            &[0, 0, 8, 1, 255, 255, 255, 255],
            "digits promises 4294967295 numbers, expected at most 1073741824 in one file; \
             check its header, or split the file",
        );
    }

    #[test]
    fn a_promise_that_is_not_kept_takes_no_more_memory_than_the_file() {
        let promise = [0, 0, 8, 1, 0x3f, 255, 255, 255, 7];
        assert!(refusal(&promise).starts_with("digits ends after 9 bytes, expected 1073741831;"));

        let mut content = Content::open(&promise[..], Path::new("digits")).unwrap();
        assert!(content.read_up_to(0x3fff_ffff).unwrap().capacity() < 1000);
    }

    #[test]
    fn lengths_whose_product_overflows_are_refused() {
        let mut header = vec![0, 0, 8, 4];
        header.extend([0xff; 16]);
        assert!(refusal(&header).contains("numbers, expected at most 1073741824 in one file;"));

        // A length of zero must not hide the overflow of the others.
        header[4..8].fill(0);
        assert!(refusal(&header).contains("numbers, expected at most 1073741824 in one file;"));
    }

    #[test]
    fn a_file_of_anything_else_is_refused() {
        assert_refused(
            b"p0,p1,label\n",
            "digits begins with the bytes 70 30 2c 70, expected an IDX file, which begins with \
             00 00; check that it is the right file",
        );
    }

    #[test]
    fn numbers_other_than_bytes_are_refused() {
        assert_refused(
            &[0, 0, 0x0d, 1, 0, 0, 0, 0],
            "digits holds numbers of IDX type 0x0d, expected unsigned bytes (type 0x08); \
             write it again with bytes from 0 to 255",
        );
    }

    #[test]
    fn doubles_survive_a_round_trip_but_are_no_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let doubles =
            ndarray::array![[1.5, -0.0, f64::MIN_POSITIVE], [1e300, 0.1, -2.0]].into_dyn();
        for name in ["doubles.idx", "doubles.idx.gz"] {
            let path = folder.path().join(name);
            write_doubles(&path, &doubles).unwrap();
            assert_eq!(read_numbers(&path).unwrap(), Numbers::Doubles(doubles.clone()));
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains(" holds numbers of IDX type 0x0e, "), "{error}");
        }
    }

    #[test]
    fn doubles_that_are_cut_short_or_too_many_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("doubles.idx");
        for (promise, numbers) in [(2, 15), (2, 17), (1 << 27, 0), ((1 << 27) + 1, 0)] {
            let mut bytes = encode_header(DOUBLE, &[promise]).unwrap();
            bytes.resize(bytes.len() + numbers, 0);
            fs::write(&path, bytes).unwrap();
            let error = read_numbers(&path).unwrap_err().to_string();
            let is_promise = error.contains("numbers, expected at most 134217728 in one file");
            assert_eq!(is_promise, promise > 1 << 27, "{error}");
        }
    }

    #[test]
    fn an_empty_file_is_refused_plain_and_packed() {
        let sentence = "digits is empty, expected an IDX file; download or create the file again";
        assert_refused(&[], sentence);
        assert_refused(&gzip(&[]), sentence);
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read(Path::new("no/such/file")).unwrap_err();
        assert!(error.is_unreadable());
        assert!(error.to_string().starts_with("could not read no/such/file: "));
    }

    #[test]
    fn an_array_beyond_the_format_is_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep.idx");
        let error = write(&path, &ArrayD::zeros(vec![1; 256])).unwrap_err().to_string();
        assert!(error.contains(" numbers, expected at most 255 dimensions "), "{error}");
        assert!(!path.exists());
    }
}
