//! Tables as text: a row of headings, then rows of as many cells, whatever separates them.

mod form;
mod missing;
mod runs;
mod text;

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::time::SystemTime;

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Trim, WriterBuilder};

use super::DataError;
use super::atomic_file;
use form::Form;
pub use missing::is_missing;
use text::Text;

/// A table that is read row by row.
pub struct Rows<'a> {
    /// The file, or `-` for standard input.
    pub path: &'a Path,
    /// What the columns are called: the cells of the first row, or `column 1`, `column 2`, … without one.
    pub headings: StringRecord,
    /// Whether no row names the columns.
    pub has_no_headings: bool,
    /// The first rows, to be looked at before all are read.
    pub sample: Vec<StringRecord>,
    table: csv::Reader<Box<dyn Read>>,
    row: StringRecord,
    /// The file, and what was known of it at first: half of an old table and half of a new one might
    /// otherwise pass for a whole one.
    file: Option<File>,
    at_first: Option<Stamp>,
    /// By how much the line number of a row is too low: the lines before the first row, and one where lines
    /// end with CR LF, because the CSV reader takes the CR for the end of a row and counts the LF with the
    /// row that follows.
    lag: u64,
    /// How many rows were left out because they hold nothing, and how many because they are comments.
    empty: usize,
    comments: usize,
}

/// How long a file is, and when it was last modified.
type Stamp = (u64, SystemTime);

/// Nothing where that is unknown, as for a pipe.
fn stamp(file: Option<&File>) -> Option<Stamp> {
    let known = file?.metadata().ok().filter(Metadata::is_file)?;
    Some((known.len(), known.modified().ok()?))
}

impl<'a> Rows<'a> {
    /// Opens a table and recognises its form: what separates its cells, and whether its first row names the
    /// columns, unless `header` says so. It may be compressed with gzip.
    ///
    /// Fails if the file cannot be read, is not text, or is empty instead of what is `expected`.
    pub fn open(path: &'a Path, header: Option<bool>, expected: &str) -> Result<Self, DataError> {
        let Text { start, is_whole, content, file } = Text::open(path)?;
        let at_first = stamp(file.as_ref());
        let form = Form::of(&start, is_whole, header);
        let form = form.ok_or_else(|| DataError::empty(path, expected))?;
        let mut content = BufReader::new(content);
        for _ in 0..form.preamble {
            content.skip_until(b'\n').map_err(DataError::unreadable(path))?;
        }
        let mut table = ReaderBuilder::new()
            .delimiter(form.separator.delimiter())
            .flexible(true)
            .has_headers(false)
            .trim(Trim::All)
            .from_reader(form.separator.collapsed(content));
        let mut row = StringRecord::new();
        if form.first_row_is_headings {
            table.read_record(&mut row).map_err(not_text(path))?;
        }
        let lag = form.preamble + u64::from(ends_with_cr_lf(&start));
        let Form { headings, has_no_headings, sample, .. } = form;
        Ok(Self {
            path,
            headings,
            has_no_headings,
            sample,
            table,
            row,
            file,
            at_first,
            lag,
            empty: 0,
            comments: 0,
        })
    }

    /// The next row, if there is one; rows that hold nothing and comments among them are left out.
    ///
    /// Fails if it cannot be read or does not have as many cells as there are headings, and at the end
    /// if the file has changed in the meantime.
    pub fn next_row(&mut self) -> Result<Option<&StringRecord>, DataError> {
        let read = self.read();
        // Anything else that is wrong may come from that
        if !matches!(read, Ok(true)) && stamp(self.file.as_ref()) != self.at_first {
            let error = DataError::new(self.path, "changed while it was being read");
            return Err(
                error.expected("a complete file: wait until it has been written, then try again")
            );
        }
        Ok(read?.then_some(&self.row))
    }

    /// Whether there was another row.
    fn read(&mut self) -> Result<bool, DataError> {
        let columns = self.headings.len();
        loop {
            if !self.table.read_record(&mut self.row).map_err(not_text(self.path))? {
                return Ok(false);
            }
            // A separator at the end of every row
            if self.row.len() == columns + 1 && self.row[columns].is_empty() {
                self.row.truncate(columns);
            }
            if columns > 1 && self.row.iter().all(str::is_empty) {
                self.empty += 1;
            } else if self.row.len() != columns && self.row[0].starts_with('#') {
                self.comments += 1;
            } else {
                break;
            }
        }
        if let Some(mut position) = self.row.position().cloned() {
            position.set_line(position.line() + self.lag);
            self.row.set_position(Some(position));
        }
        check_length(&self.row, columns, self.path)?;
        Ok(true)
    }

    /// What the reader should know of how the table was read, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let columns = self.headings.len();
        if self.has_no_headings {
            notes.push(format!(
                "the first row is like the others, and so it is read as an example; the columns are called \
                 \"column 1\" to \"column {columns}\" (with `--header` the first row names them)"
            ));
        } else if let Some(number) = self.headings.iter().find(|cell| cell.parse::<f64>().is_ok()) {
            notes.push(format!(
                "the first row names the columns, although {:?} is a number (with `--no-header` it is an \
                 example)",
                shorten(number)
            ));
        }
        for (rows, what) in [(self.empty, "without a value"), (self.comments, "that begin with #")]
        {
            if rows > 0 {
                notes.push(format!("lines {what} are left out: {rows}"));
            }
        }
        notes
    }
}

fn ends_with_cr_lf(start: &str) -> bool {
    start.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n"))
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
    atomic_file::write(path, |file| fill(file, headings, rows)).map_err(DataError::unwritable(path))
}

fn fill(
    mut file: impl Write,
    headings: &[String],
    rows: impl Iterator<Item = Vec<String>>,
) -> io::Result<()> {
    let mut table =
        WriterBuilder::new().quote_style(quotes_around(headings)).from_writer(&mut file);
    table.write_record(headings)?;
    table.flush()?;
    drop(table);
    let mut table = csv::Writer::from_writer(file);
    for row in rows {
        table.write_record(row)?;
    }
    table.flush()
}

/// Whether a table that begins with these rows would be recognised when it is read: as a table, with these
/// headings.
pub fn is_recognised(headings: &[String], rows: impl Iterator<Item = Vec<String>>) -> bool {
    let mut bytes = Vec::new();
    let is_written = fill(&mut bytes, headings, rows.take(form::LINES)).is_ok();
    let text = String::from_utf8_lossy(&bytes);
    let form = Form::of(&text, true, None);
    let is_read = |form: Form| form.first_row_is_headings && form.headings == *headings;
    is_written && text::is_a_table(&bytes) && form.is_some_and(is_read)
}

/// Quotation marks around all headings if one contains what would be taken for the separator, for a comment,
/// or for how another kind of file begins.
fn quotes_around(headings: &[String]) -> QuoteStyle {
    let misleads = |heading: &String| {
        heading.contains([';', '\t', '|', '\u{feff}'])
            || heading.starts_with(|first: char| !first.is_alphanumeric())
    };
    if headings.iter().any(misleads) { QuoteStyle::Always } else { QuoteStyle::Necessary }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        for end in ["\n", "\r\n"] {
            fs::write(&path, ["a,b", "1,2", "3,4"].join(end)).unwrap();
            let mut rows = Rows::open(&path, None, "").unwrap();
            assert_eq!(line_of(rows.next_row().unwrap().unwrap()), 2);
            assert_eq!(line_of(rows.next_row().unwrap().unwrap()), 3);
            assert!(rows.next_row().unwrap().is_none());
        }
    }
}
