//! Tables as text: a row of headings, then rows of as many cells, separated by commas, semicolons
//! or tabs.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::time::SystemTime;

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Trim, WriterBuilder};

use super::DataError;
use super::atomic_file;

/// A table that is read row by row.
pub struct Rows<'a> {
    /// The file.
    pub path: &'a Path,
    /// The cells of the first row.
    pub headings: StringRecord,
    table: csv::Reader<BufReader<File>>,
    row: StringRecord,
    /// The file, and what was known of it at first: half of an old table and half of a new one might
    /// otherwise pass for a whole one.
    file: File,
    at_first: Option<Stamp>,
    /// By how much the line number of a row is too low: where lines end with CR LF, the CSV reader takes
    /// the CR for the end of a row and counts the LF with the row that follows.
    lag: u64,
}

/// How long a file is, and when it was last modified.
type Stamp = (u64, SystemTime);

/// Nothing where that is unknown, as for a pipe.
fn stamp(file: &File) -> Option<Stamp> {
    let known = file.metadata().ok().filter(Metadata::is_file)?;
    Some((known.len(), known.modified().ok()?))
}

impl<'a> Rows<'a> {
    /// Opens a file and reads its headings, whatever the separator and the spaces around them.
    ///
    /// Fails if the file cannot be read, is not text, or is empty instead of what is `expected`.
    pub fn open(path: &'a Path, expected: &str) -> Result<Self, DataError> {
        let file = File::open(path).map_err(DataError::unreadable(path))?;
        let at_first = stamp(&file);
        let mut content = BufReader::new(file.try_clone().map_err(DataError::unreadable(path))?);
        let start = content.fill_buf().map_err(DataError::unreadable(path))?;
        let (delimiter, lag) = (separator(start), u64::from(ends_with_cr_lf(start)));
        let mut table = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(content);
        let headings = table.headers().map_err(not_text(path))?.clone();
        if headings.is_empty() {
            return Err(DataError::empty(path, expected));
        }
        Ok(Self { path, headings, table, row: StringRecord::new(), file, at_first, lag })
    }

    /// The next row, if there is one.
    ///
    /// Fails if it cannot be read or does not have as many cells as there are headings, and at the end
    /// if the file has changed in the meantime.
    pub fn next_row(&mut self) -> Result<Option<&StringRecord>, DataError> {
        let read = self.read();
        // Anything else that is wrong may come from that
        if !matches!(read, Ok(true)) && stamp(&self.file) != self.at_first {
            let error = DataError::new(self.path, "changed while it was being read");
            return Err(
                error.expected("a complete file: wait until it has been written, then try again")
            );
        }
        Ok(read?.then_some(&self.row))
    }

    /// Whether there was another row.
    fn read(&mut self) -> Result<bool, DataError> {
        if !self.table.read_record(&mut self.row).map_err(not_text(self.path))? {
            return Ok(false);
        }
        if let Some(mut position) = self.row.position().cloned() {
            position.set_line(position.line() + self.lag);
            self.row.set_position(Some(position));
        }
        check_length(&self.row, self.headings.len(), self.path)?;
        Ok(true)
    }
}

/// The most frequent separator of the first line, outside quotation marks.
fn separator(start: &[u8]) -> u8 {
    let mut lines = start.split(|byte| b"\r\n".contains(byte));
    let headings = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let outside_quotes = || headings.split(|&byte| byte == b'"').step_by(2).flatten();
    let count = |separator: u8| outside_quotes().filter(|&&byte| byte == separator).count();
    // Of several with the same count, the last is taken: a comma if there is none at all
    b"\t;,".iter().copied().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

fn ends_with_cr_lf(start: &[u8]) -> bool {
    start.split_inclusive(|&byte| byte == b'\n').next().is_some_and(|line| line.ends_with(b"\r\n"))
}

/// Fails if a row does not have as many cells as `expected`.
pub fn check_length(row: &StringRecord, expected: usize, path: &Path) -> Result<(), DataError> {
    if row.len() == expected {
        return Ok(());
    }
    let columns = if row.len() == 1 { "column" } else { "columns" };
    let error = DataError::new(path, format!("the row has {} {columns}", row.len()));
    Err(error.line(line_of(row)).expected(expected.to_string()).remedy("correct the row"))
}

/// What is wrong with the cell of a row in a column counted from 0.
pub fn wrong_cell(row: &StringRecord, column: usize, expected: &str, path: &Path) -> DataError {
    cell(path, line_of(row), column + 1, &shorten(&row[column]), expected)
}

/// What is wrong with what was found in a line and a column, both counted from 1.
pub fn cell(path: &Path, line: u64, column: usize, found: &str, expected: &str) -> DataError {
    let error = DataError::new(path, format!("found {found:?}")).cell(line, column);
    error.expected(expected).remedy("correct the cell")
}

/// What is wrong with the heading of a column counted from 0.
pub fn wrong_heading(row: &StringRecord, column: usize, expected: &str, path: &Path) -> DataError {
    DataError::new(path, format!("found {:?}", shorten(&row[column])))
        .cell(1, column + 1)
        .expected(format!("the heading {expected}"))
        .remedy("the first row must name the columns")
}

/// The line of the file that a row begins in.
pub fn line_of(row: &StringRecord) -> u64 {
    row.position().map_or(1, csv::Position::line)
}

/// Enough of a cell to recognise it, however long it is.
pub fn shorten(cell: &str) -> String {
    cell.chars().take(20).collect()
}

fn not_text(path: &Path) -> impl FnOnce(csv::Error) -> DataError {
    move |failure| {
        if failure.is_io_error() {
            DataError::unreadable(path)(failure.into())
        } else {
            let found = format!("is not a table in text form: {failure}");
            DataError::new(path, found).remedy("save it again as CSV in UTF-8")
        }
    }
}

/// Writes headings and rows separated by commas. The file appears whole or not at all.
///
/// Fails if the file cannot be written.
pub fn write(
    path: &Path,
    headings: &[String],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), DataError> {
    let fill = |file: &mut dyn Write| -> io::Result<()> {
        let mut table =
            WriterBuilder::new().quote_style(quotes_around(headings)).from_writer(&mut *file);
        table.write_record(headings)?;
        table.flush()?;
        drop(table);
        let mut table = csv::Writer::from_writer(file);
        for row in rows {
            table.write_record(row)?;
        }
        table.flush()
    };
    atomic_file::write(path, |file| fill(file)).map_err(DataError::unwritable(path))
}

/// Quotation marks around all headings if one contains what would be taken for the separator, or for
/// the byte order mark that some programs begin a text file with.
fn quotes_around(headings: &[String]) -> QuoteStyle {
    let misleads = |heading: &String| heading.contains([';', '\t', '\u{feff}']);
    if headings.iter().any(misleads) { QuoteStyle::Always } else { QuoteStyle::Necessary }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_commonest_separator_of_the_first_line_is_taken() {
        assert_eq!(separator(b"a,b,c\n1;1;1;1;1"), b',');
        assert_eq!(separator(b"\r\na;b\r\n"), b';');
        assert_eq!(separator(b"a\tb, in cm\tc"), b'\t');
        assert_eq!(separator(b"\"a, b, and c\";d"), b';');
        assert_eq!(separator(b"a"), b',');
        assert_eq!(separator(b""), b',');
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        for end in ["\n", "\r\n"] {
            fs::write(&path, ["a,b", "1,2", "3,4"].join(end)).unwrap();
            let mut rows = Rows::open(&path, "").unwrap();
            assert_eq!(line_of(rows.next_row().unwrap().unwrap()), 2);
            assert_eq!(line_of(rows.next_row().unwrap().unwrap()), 3);
            assert!(rows.next_row().unwrap().is_none());
        }
    }
}
