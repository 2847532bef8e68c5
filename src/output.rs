use crate::{common::Format, error::Error};
use chapters::{
    Chapter,
    dataset::atomic_file::{self, MadeFolders},
    report::{Committed, Finding, median_and_band, percent},
};
use comfy_table::{
    ContentArrangement, LineStyle, Row, Table, TableStyle, presets::UTF8_HORIZONTAL_ONLY,
};
use figures::kit::{Figure, Names, one_line};
use own_data::sweep::{Spread, Summary};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io,
    io::Write,
    path::{Path, PathBuf},
};

/// The folders for reports and figures.
pub struct Folder {
    pub reports: PathBuf,
    pub figures: PathBuf,
    keeps: Keeps,
}

/// What is done with a report.
enum Keeps {
    /// It is written as it is.
    Reports,
    /// It is written as it is committed, with its tolerances.
    CommittedReports,
    /// It is compared with the committed one.
    Nothing,
}

impl Folder {
    pub fn of_course(path: PathBuf) -> Self {
        Self { reports: path.join("reports"), figures: path.join("figures"), keeps: Keeps::Reports }
    }

    pub fn of_book(path: PathBuf, check: bool) -> Self {
        let keeps = if check { Keeps::Nothing } else { Keeps::CommittedReports };
        Self { reports: path.join("reports"), figures: path.join("src/figures"), keeps }
    }

    /// Makes the folders and tries to write to them, before anything is trained.
    pub fn create(&self) -> Result<[MadeFolders; 2], Error> {
        let reports = create_folder(&self.reports)?;
        // The one that was made first is dropped last, with the folder around both
        Ok([create_folder(&self.figures)?, reports])
    }

    /// What was done with the reports.
    pub fn done(&self) -> String {
        let [reports, figures] = [&self.reports, &self.figures].map(|path| path.display());
        match self.keeps {
            Keeps::Nothing => format!("This run reproduces the reports in {reports}."),
            _ => format!("Reports are in {reports}, figures in {figures}."),
        }
    }

    /// Writes a chapter's report and draws its figures.
    pub fn keep(&self, chapter: &Chapter, report: &Value, format: Format) -> Result<(), Error> {
        let path = self.reports.join(format!("{}.json", chapter.key()));
        let json = match self.keeps {
            Keeps::Reports => serde_json::to_string_pretty(report)?,
            Keeps::CommittedReports => {
                serde_json::to_string_pretty(&chapter.commit(report.clone()))?
            }
            Keeps::Nothing => return check(&path, chapter, report),
        };
        write(&path, format!("{json}\n").as_bytes())?;
        figures::of_chapter(chapter, report)?
            .iter()
            .try_for_each(|figure| draw(&self.figures, figure, format))
    }
}

/// Makes a folder and tries to write to it; if it stays empty, it is removed with the result.
#[must_use = "the folder is removed with it"]
pub fn create_folder(folder: &Path) -> Result<MadeFolders, Error> {
    let try_it = |made| atomic_file::create_beside(&folder.join("trial")).map(|_| made);
    atomic_file::make_folder(folder)
        .and_then(try_it)
        .map_err(|source| Error::Unwritable { path: folder.to_owned(), source })
}

/// A folder that other runs of this program are kept out of, for as long as this value lives.
pub struct Workplace {
    _lock: File,
    path: PathBuf,
    made: MadeFolders,
}

impl Workplace {
    /// Makes a folder, tries to write to it and locks it.
    pub fn enter(folder: &Path) -> Result<Self, Error> {
        let made = create_folder(folder)?;
        let path = folder.join(".lock");
        let unwritable = |source| Error::Unwritable { path: path.clone(), source };
        let lock = File::create(&path).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) if is_there(&lock) => Ok(Self { _lock: lock, path, made }),
            Ok(()) | Err(TryLockError::WouldBlock) => {
                Err(Error::AtWork { path: folder.to_owned() })
            }
            Err(TryLockError::Error(source)) => Err(unwritable(source)),
        }
    }

    /// Whether there is nothing in it but the lock.
    fn is_empty(&self) -> bool {
        let entries = self.path.parent().and_then(|folder| fs::read_dir(folder).ok());
        entries.is_some_and(|entries| entries.count() == 1)
    }
}

impl Drop for Workplace {
    /// Removes a folder that is still empty, with its lock.
    fn drop(&mut self) {
        if self.made.are_new() && self.is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether a lock still has its name: a program that leaves its folder empty removes it.
#[cfg(unix)]
fn is_there(lock: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    lock.metadata().is_ok_and(|lock| lock.nlink() > 0)
}

#[cfg(not(unix))]
fn is_there(_: &File) -> bool {
    true
}

/// Says in words which fields differ between what was begun and what is asked for.
pub fn differences<T: Serialize>(begun: &T, asked: &T) -> Vec<String> {
    let parts = |whole: &T| match serde_json::to_value(whole) {
        Ok(Value::Object(parts)) => parts,
        _ => Map::new(),
    };
    let (begun, asked) = (parts(begun), parts(asked));
    let names: BTreeSet<&String> = begun.keys().chain(asked.keys()).collect();
    let of = |parts: &Map<String, Value>, name: &str| parts.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| (name, of(&asked, name), of(&begun, name)))
        .filter(|(_, asked, begun)| asked != begun)
        .map(|(name, asked, begun)| {
            format!("{name} is now {} but was {}", in_words(&asked), in_words(&begun))
        })
        .collect()
}

/// A setting as one would say it: of what has parts, what stands in them, but for digests.
fn in_words(value: &Value) -> String {
    let parts: Vec<String> = match value {
        Value::Null => return "none".to_owned(),
        Value::String(text) => return text.clone(),
        Value::Array(values) => values.iter().map(in_words).collect(),
        // Numbers alone would not say which is which
        Value::Object(fields) if fields.values().all(Value::is_number) => {
            let number = |value: &Value| value.as_f64().unwrap_or_default() as f32;
            fields.iter().map(|(name, value)| format!("{name}={}", number(value))).collect()
        }
        Value::Object(fields) => {
            let said = fields.iter().filter(|(name, value)| *name != "digest" && !value.is_null());
            said.map(|(_, value)| in_words(value)).collect()
        }
        _ => return value.to_string(),
    };
    parts.join(", ")
}

/// Draws a figure into a folder.
pub fn draw(folder: &Path, figure: &Figure, format: Format) -> Result<(), Error> {
    let (drawing, ending) = match format {
        Format::Png => (figure.png(), "png"),
        Format::Svg => (figure.svg().map(String::into_bytes), "svg"),
    };
    let name = format!("{}.{ending}", figure.name);
    let drawing = drawing.map_err(|source| Error::Figure { name: name.clone(), source })?;
    write(&folder.join(name), &drawing)
}

/// Writes a table of what stands in figures for names that are not drawn as they are, if there are any,
/// and returns a sentence that says so.
pub fn write_key(path: &Path, names: &[Names]) -> Result<Option<String>, Error> {
    if names.iter().all(|names| names.key().next().is_none()) {
        // One of an earlier run would be wrong now
        let _ = fs::remove_file(path);
        return Ok(None);
    }
    atomic_file::write(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(["what", "in figures", "name"])?;
        names.iter().flat_map(Names::key).try_for_each(|row| table.write_record(row))?;
        Ok::<_, csv::Error>(table.flush()?)
    })
    .map_err(|source| Error::Unwritable { path: path.to_owned(), source: source.into() })?;
    Ok(Some(format!("The full names are in {}.", path.display())))
}

/// Compares a report with the committed one.
fn check(path: &Path, chapter: &Chapter, report: &Value) -> Result<(), Error> {
    let json = fs::read_to_string(path)
        .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let committed: Committed = serde_json::from_str(&json)?;
    let differences = committed.differences(&chapter.commit(report.clone()).report);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::Moved { chapter: chapter.number, differences: differences.join("\n  ") })
}

/// Whether two paths lead to the same file, which is there.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path| fs::canonicalize(path).ok();
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    atomic_file::write(path, |file| file.write_all(content))
        .map_err(|source: io::Error| Error::Unwritable { path: path.to_owned(), source })
}

/// Prints one JSON object on standard output: for people on a terminal, on one line elsewhere.
pub fn print_json(object: &Value) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    if console::Term::stdout().is_term() {
        serde_json::to_writer_pretty(&mut stdout, object)?;
    } else {
        serde_json::to_writer(&mut stdout, object)?;
    }
    Ok(writeln!(stdout)?)
}

/// Prints a line on standard output.
pub fn print_line(line: &str) -> Result<(), Error> {
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}

/// The width of output that goes into a file, that of a page of the book.
const COLUMNS: u16 = 100;

/// Prints what articles claim and what came out.
pub fn print_findings(findings: &[(usize, Finding)]) -> Result<(), Error> {
    let rows = findings.iter().map(|(chapter, finding)| {
        let Finding { what, claimed, reached, .. } = finding;
        let verdict = finding.verdict_in_words();
        Row::from([chapter.to_string(), what.clone(), claimed.clone(), reached.clone(), verdict])
    });
    print_wrapped(["Chapter", "What", "Claimed", "Reached here", "Verdict"], rows)
}

/// Prints what a sweep found: medians, and the bands in which nine of ten runs lie.
pub fn print_sweep(summary: &Summary) -> Result<(), Error> {
    let band = |spread: &Spread| median_and_band(&spread.values, percent);
    let swept = summary.grid.swept();
    let titles = swept.iter().map(|quantity| quantity.title());
    let header: Vec<&str> = titles.chain(["training", "held out", "cost"]).collect();
    let rows = summary.groups.iter().map(|group| {
        let settings = swept.iter().map(|quantity| quantity.value(&group.config));
        let reached =
            [band(&group.train), band(&group.held_out), format!("{:.4}", group.cost.median)];
        settings.chain(reached).collect::<Vec<_>>()
    });
    print_table(header, rows)
}

/// Prints many rows under headings, each on one line: on a terminal what does not fit is cut, and elsewhere
/// nothing is.
pub fn print_lines<R: IntoIterator<Item = String>>(
    header: impl Into<Row>,
    rows: impl Iterator<Item = R>,
) -> Result<(), Error> {
    let style = UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none());
    let columns = console::Term::stdout().size_checked().map(|(_, columns)| columns);
    print_styled(style, columns, header, rows.map(on_one_line))
}

/// Cells that stay on one line.
fn on_one_line<R: IntoIterator<Item = String>>(cells: R) -> Row {
    let mut row = Row::from(cells.into_iter().map(|cell| one_line(&cell)));
    row.max_height(1);
    row
}

/// Prints rows under headings, each on one line: what is too long ends in `…`.
pub fn print_table<R: IntoIterator<Item = String>>(
    header: impl Into<Row>,
    rows: impl Iterator<Item = R>,
) -> Result<(), Error> {
    print_wrapped(header, rows.map(on_one_line))
}

/// Prints rows under headings, each on as many lines as it needs.
fn print_wrapped(header: impl Into<Row>, rows: impl Iterator<Item = Row>) -> Result<(), Error> {
    let columns = console::Term::stdout().size_checked().map_or(COLUMNS, |(_, columns)| columns);
    print_styled(UTF8_HORIZONTAL_ONLY, Some(columns), header, rows)
}

/// Prints a table that is as wide as it needs to be, or at most this many columns.
fn print_styled(
    style: TableStyle,
    columns: Option<u16>,
    header: impl Into<Row>,
    rows: impl Iterator<Item = Row>,
) -> Result<(), Error> {
    let mut table = Table::new();
    table.load_style(style).set_header(header).add_rows(rows);
    if let Some(columns) = columns {
        table.set_width(columns).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_truncation_indicator("…");
    }
    print_line(&table.to_string())
}
