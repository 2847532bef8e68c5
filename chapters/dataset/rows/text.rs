//! The text of a table, from wherever it comes: plain or gzip, UTF-8 or UTF-16, a file or standard input.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use super::super::DataError;
use super::super::contents::{Unpacked, mistaken, take};

/// How many bytes are looked at before the table is read, or at least as many lines, however long.
const START: usize = 1 << 18;
const LINES: usize = 3;
/// A longer line is not waited for.
const LONGEST: usize = 1 << 26;

/// A text of which the beginning is known.
pub(super) struct Text {
    pub start: String,
    /// Whether that is all of it.
    pub is_whole: bool,
    /// All of it.
    pub content: Box<dyn Read>,
    /// The file, if it is one.
    pub file: Option<File>,
}

impl Text {
    /// Opens a file, or standard input for `-`.
    ///
    /// Fails if it cannot be read, or if it is anything but text.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let file = (path != Path::new("-")).then(|| File::open(path)).transpose();
        let file = file.map_err(DataError::unreadable(path))?;
        let again = file.as_ref().map(File::try_clone).transpose();
        let again = again.map_err(DataError::unreadable(path))?;
        let source: Box<dyn Read> = match again {
            Some(file) => Box::new(file),
            None => Box::new(io::stdin()),
        };
        let mut content = Unpacked::new(source).map_err(DataError::unreadable(path))?.content;
        let (mut start, mut is_whole, mut lines) = (Vec::new(), false, 0);
        while !is_whole && lines < LINES && start.len() < LONGEST {
            let more = take(&mut content, START).map_err(DataError::unreadable(path))?;
            is_whole = more.len() < START;
            lines += more.split(|&byte| byte == b'\n').skip(1).take(LINES).count();
            start.extend(more);
        }
        if let Some(from_bytes) = utf_16(&start) {
            content.read_to_end(&mut start).map_err(DataError::unreadable(path))?;
            start = decoded(&start, from_bytes).into_bytes();
            is_whole = true;
        }
        let mark = "\u{feff}".as_bytes();
        if start.starts_with(mark) {
            start.drain(..mark.len());
        }
        if let Some(error) = mistaken(path, &start, "a table") {
            return Err(error);
        }
        let text = String::from_utf8_lossy(&start).into_owned();
        if let Some((kind, cure)) = foreign(&text) {
            return Err(DataError::new(path, format!("is {kind}, not a table")).remedy(cure));
        }
        let content = Box::new(Cursor::new(start).chain(content));
        Ok(Self { start: text, is_whole, content, file })
    }
}

/// How UTF-16, which begins with a byte order mark, orders the two bytes of a unit.
fn utf_16(start: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    match start {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn decoded(bytes: &[u8], from_bytes: fn([u8; 2]) -> u16) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    let units = units.iter().map(|&unit| from_bytes(unit));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Whether bytes are not those of anything else.
pub(super) fn is_a_table(bytes: &[u8]) -> bool {
    mistaken(Path::new(""), bytes, "").is_none()
        && foreign(&String::from_utf8_lossy(bytes)).is_none()
}

/// What a text is that begins like this, if it is no table, and what to do about it.
fn foreign(start: &str) -> Option<(&'static str, &'static str)> {
    let words = start.trim_start().to_lowercase();
    let begins = |starts: &[&str]| starts.iter().any(|start| words.starts_with(start));
    if begins(&["<!doctype html", "<html", "<head", "<!--"]) {
        Some(("a web page", "download the file itself, which the page leads to"))
    } else if begins(&["<"]) {
        Some(("an XML file", "save it as CSV"))
    } else if begins(&["version https://git-lfs", "/annex/objects/", "outs:\n- md5"]) {
        let cure = "download what it stands for, or fetch it with `git lfs pull`, `git annex get` or `dvc pull`";
        Some(("a pointer to a file in a large-file store", cure))
    } else if begins(&["{\"", "[{", "{\n"]) {
        Some(("JSON", "convert it to CSV, or name it .json if `handwritten data export` wrote it"))
    } else if begins(&["{\\rtf"]) {
        Some(("an RTF document", "save its table as CSV"))
    } else if begins(&["@relation"]) || words.contains("\n@relation") {
        Some(("an ARFF file", "save its rows as CSV, with the names of its attributes as headings"))
    } else if start.contains('\0') {
        Some(("a file of bytes", "check that it is the right file, or save it as CSV in UTF-8"))
    } else {
        None
    }
}
