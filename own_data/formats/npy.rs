//! Arrays as NumPy writes them: a header that tells type, order and shape, then the elements.

use std::path::{Path, PathBuf};

use ndarray_npy::npy::header::Header;

use chapters::dataset::DataError;
use chapters::dataset::idx::{self, describe_shape};
use chapters::dataset::numbers::{Element, Kind, Numbers};

/// An array, and what to call it in errors.
pub(super) struct Array {
    pub(super) place: Place,
    pub(super) shape: Vec<usize>,
    pub(super) values: Values,
    /// Whether it is from an IDX file, which has but one way to hold pictures.
    pub(super) is_idx: bool,
}

/// What an array holds.
pub(super) enum Values {
    Numbers(Numbers),
    /// Numbers that stand for false and true, 0 and 1.
    Truths(Numbers),
    /// Words of a fixed width, row by row.
    Words(Vec<String>),
}

/// Where an array is, and what it is.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    /// Such as "x (float32, 400 × 784)".
    pub(super) what: String,
}

impl Place {
    /// Says what was expected of the array, and what to do.
    pub(super) fn refuse(&self, expected: impl Into<String>, remedy: &'static str) -> DataError {
        let found = format!("holds {}", self.what);
        DataError::new(&self.path, found).expected(expected).remedy(remedy)
    }
}

/// A header is refused if it is longer: one of an array of numbers has some hundred bytes.
pub(super) const LONGEST_HEADER: usize = 1 << 16;

impl Array {
    /// The array in an IDX file.
    pub(super) fn of_idx(path: &Path) -> Result<Self, DataError> {
        let file = idx::file_at(path)?;
        let path = file.as_deref().unwrap_or(path);
        let numbers = idx::read_numbers(path)?;
        let shape = numbers.shape().to_vec();
        let what = format!("an array of {} numbers", describe_shape(&shape));
        let place = Place { path: path.to_path_buf(), what };
        Ok(Self { place, shape, values: Values::Numbers(numbers), is_idx: true })
    }

    /// The array called `name` in these bytes of a file.
    pub(super) fn parse(mut bytes: Vec<u8>, path: &Path, name: &str) -> Result<Self, DataError> {
        let (header, elements) = header(&bytes, path, name)?;
        let what = format!("{name} ({})", describe(&header));
        let place = Place { path: path.to_path_buf(), what };
        let (letter, size, little_endian) = element(&header).ok_or_else(|| {
            place.refuse(
                "numbers, words or true and false",
                "save it again as another type, with `x.astype(\"float32\")` or `y.astype(str)`",
            )
        })?;

        // The elements must be all there, and nothing after them
        let expected = header.shape.iter().try_fold(size, |size, &n| size.checked_mul(n));
        let found = bytes.len() - elements;
        let Some(expected) = expected.filter(|&expected| expected == found) else {
            let expected = expected.map_or("too many".to_owned(), |bytes| bytes.to_string());
            let remedy = "download or create the file again";
            return Err(
                place.refuse(format!("{expected} bytes, of which {found} are there"), remedy)
            );
        };
        bytes.drain(..bytes.len() - expected);
        let values = if matches!(letter, 'S' | 'U') {
            let words = bytes.chunks(size).map(|word| text(word, letter, little_endian));
            let words = words.collect::<Option<_>>();
            Values::Words(words.ok_or_else(|| place.refuse("words in Unicode", "save it again"))?)
        } else {
            let kind = match letter {
                'i' => Kind::Signed,
                'f' => Kind::Float,
                _ => Kind::Unsigned,
            };
            let element = Element { kind, size, little_endian };
            let numbers = element.numbers(&header.shape, header.layout.is_fortran(), bytes);
            let numbers = numbers.ok_or_else(|| DataError::no_examples(path))?;
            if letter == 'b' { Values::Truths(numbers) } else { Values::Numbers(numbers) }
        };
        Ok(Self { place, shape: header.shape, values, is_idx: false })
    }
}

/// The header of an array, and how many bytes it takes.
pub(super) fn header(bytes: &[u8], path: &Path, name: &str) -> Result<(Header, usize), DataError> {
    let refuse = |reason: String| {
        DataError::new(path, format!("is not a file of NumPy's arrays: {name} {reason}"))
            .remedy("save it again with `numpy.savez(\"a.npz\", x=x, y=y)`")
    };
    // In the first version of the format two bytes tell its length, in later ones four
    if let Some(&[version, _, _, _, high, higher]) = bytes.get(6..12)
        && version > 1
        && (high, higher) != (0, 0)
    {
        return Err(refuse(format!("has a header of more than {LONGEST_HEADER} bytes")));
    }
    let mut rest = bytes;
    let header = Header::from_reader(&mut rest).map_err(|error| refuse(error.to_string()))?;
    Ok((header, bytes.len() - rest.len()))
}

/// Type and shape of an array, such as "float32, 400 × 784".
pub(super) fn describe(header: &Header) -> String {
    let descriptor = header.type_descriptor.to_string();
    let descriptor = descriptor.trim_matches('\'').trim_start_matches(['<', '>', '|', '=']);
    let (letter, size) = descriptor.split_at(descriptor.chars().next().map_or(0, char::len_utf8));
    let bits = size.parse().map_or(0_usize, |bytes: usize| bytes.saturating_mul(8));
    let kind = match letter {
        "b" => "bool".to_owned(),
        "i" => format!("int{bits}"),
        "u" => format!("uint{bits}"),
        "f" => format!("float{bits}"),
        "c" => format!("complex{bits}"),
        "O" => "Python objects".to_owned(),
        "S" => "bytes".to_owned(),
        "U" => "str".to_owned(),
        "M" => "datetime64".to_owned(),
        "m" => "timedelta64".to_owned(),
        _ => "structured".to_owned(),
    };
    format!("{kind}, {}", describe_shape(&header.shape))
}

/// The letter that stands for the type of an array, how many bytes each element takes, and whether the
/// least significant comes first; nothing for a type that is not read.
fn element(header: &Header) -> Option<(char, usize, bool)> {
    let descriptor = header.type_descriptor.to_string();
    let mut rest = descriptor.strip_prefix('\'')?.strip_suffix('\'')?.chars();
    let (order, letter) = (rest.next()?, rest.next()?);
    let size: usize = rest.as_str().parse().ok()?;
    let size = match (letter, size) {
        ('b', 1) | ('i' | 'u', 1 | 2 | 4 | 8) | ('f', 2 | 4 | 8) | ('S', 1..) => size,
        ('U', 1..) => size.checked_mul(4)?,
        _ => return None,
    };
    Some((letter, size, order != '>'))
}

/// A word without the zeros that fill it up: bytes in UTF-8, or code points of four bytes each.
fn text(word: &[u8], letter: char, little_endian: bool) -> Option<String> {
    let text = if letter == 'S' {
        String::from_utf8(word.to_vec()).ok()?
    } else {
        let decode = if little_endian { u32::from_le_bytes } else { u32::from_be_bytes };
        word.as_chunks()
            .0
            .iter()
            .map(|&code| char::from_u32(decode(code)))
            .collect::<Option<_>>()?
    };
    Some(text.trim_end_matches('\0').to_owned())
}
