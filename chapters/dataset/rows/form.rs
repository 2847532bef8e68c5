//! The form of a table, recognised from how its text begins: what separates its cells, and whether its first
//! row names the columns.

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::missing::is_missing;
use super::runs::{DELIMITER, Run, Runs};

/// How many lines are looked at.
pub(super) const LINES: usize = 200;
/// The share of lines with equally many cells from which on a separator is taken for one.
const CONSISTENT: f64 = 0.9;

/// What separates the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One byte.
    Byte(u8),
    /// Any number of white spaces of a kind.
    Run(Run),
}

/// The form of a table.
pub(super) struct Form {
    pub separator: Separator,
    /// How many lines come before the first row: comments, blank ones, and one that names the separator.
    pub preamble: u64,
    /// What the columns are called.
    pub headings: StringRecord,
    /// Whether the first row after the preamble names the columns, and holds no example.
    pub first_row_is_headings: bool,
    /// Whether no row names the columns.
    pub has_no_headings: bool,
    /// The first examples.
    pub sample: Vec<StringRecord>,
}

/// The lines before the first row.
struct Preamble<'a> {
    separator: Option<u8>,
    bytes: usize,
    lines: u64,
    /// The last comment, without its `#`.
    comment: Option<&'a str>,
}

impl Form {
    /// Recognises the form of a table that begins with `start`, which is all of it if `is_whole`.
    ///
    /// Nothing if there is no row.
    pub fn of(start: &str, is_whole: bool, header: Option<bool>) -> Option<Self> {
        let Preamble { separator, bytes, lines, comment } = preamble(start);
        let rest = &start[bytes..];
        let separator = separator.map_or_else(|| separator_of(rest, is_whole), Separator::Byte);
        let rows = records(rest, separator, is_whole);
        let (first, others) = rows.split_first()?;
        let named = |headings: StringRecord, first_row_is_headings| Self {
            separator,
            preamble: lines,
            headings: without_end(headings, others),
            first_row_is_headings,
            has_no_headings: false,
            sample: if first_row_is_headings { others } else { &rows }.to_vec(),
        };
        let decided = header.unwrap_or_else(|| names_the_columns(first, others));
        if decided {
            return Some(named(with_row_names(first, others), true));
        }
        // `numpy.savetxt` writes the headings as a comment
        let comment = comment.filter(|_| header.is_none());
        let comment = comment.and_then(|text| records(text, separator, true).pop());
        let columns = without_end(first.clone(), others).len();
        if let Some(headings) = comment.filter(|headings| headings.len() == columns) {
            return Some(named(headings, false));
        }
        let numbered = (1..=columns).map(|number| format!("column {number}"));
        Some(Self { has_no_headings: true, ..named(numbered.collect(), false) })
    }
}

/// What stands before the first row: a line `sep=;` as Excel reads it, comments, and blank lines.
fn preamble(start: &str) -> Preamble<'_> {
    let mut preamble = Preamble { separator: None, bytes: 0, lines: 0, comment: None };
    let mut last = None;
    for line in start.split_inclusive('\n') {
        let text = line.trim();
        let setting = text.trim_matches('"').to_ascii_lowercase();
        match setting.strip_prefix("sep=").map(str::as_bytes) {
            Some(&[byte]) if preamble.lines == 0 => preamble.separator = Some(byte),
            _ if text.starts_with('#') => last = text.strip_prefix('#').map(str::trim),
            _ if text.is_empty() => {}
            _ => {
                preamble.comment = last;
                return preamble;
            }
        }
        preamble.bytes += line.len();
        preamble.lines += 1;
    }
    // Nothing but comments: they are rows after all
    Preamble { separator: None, bytes: 0, lines: 0, comment: None }
}

/// The rows of a text; its last one is left out unless the text is whole, since it may be cut.
pub(super) fn records(text: &str, separator: Separator, is_whole: bool) -> Vec<StringRecord> {
    let delimiter = separator.delimiter();
    let mut table = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .trim(Trim::All)
        .from_reader(separator.collapsed(text.as_bytes()));
    let mut rows: Vec<_> = table.records().map_while(Result::ok).take(LINES).collect();
    if !is_whole && rows.len() < LINES && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// The separator that gives most lines equally many cells, at least two.
fn separator_of(text: &str, is_whole: bool) -> Separator {
    let mut lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    if !is_whole && lines.len() < LINES && lines.len() > 1 {
        lines.pop();
    }
    let Some(&first) = lines.first() else { return Separator::Byte(b',') };
    let share = |separator: Separator| usual(separator, &lines).map_or(0.0, |(_, share)| share);
    // Of several that are as good, the last is taken: a comma if there is none at all
    let bytes = b"|\t;,".map(|byte| {
        let separator = Separator::Byte(byte);
        (separator, share(separator), separator.cells(first))
    });
    let consistent = bytes.iter().filter(|(_, share, _)| *share >= CONSISTENT);
    let best = consistent.max_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(&b.2)));
    let best = best.map(|&(separator, ..)| separator);
    let tabs = Separator::Run(Run::Tabs);
    let skips = first.contains("\t\t") && best.is_none_or(|best| best == Separator::Byte(b'\t'));
    if skips && share(tabs) >= CONSISTENT {
        return tabs;
    }
    let spaces = || {
        // The first line may lack the heading of the names of rows, and names may hold single spaces
        let rows = &lines[lines.len().min(2) - 1..];
        [Run::Spaces, Run::WideSpaces].map(Separator::Run).into_iter().find(|separator| {
            let heading = separator.cells(first);
            usual(*separator, rows).is_some_and(|(cells, share)| {
                share >= CONSISTENT && heading > 1 && [heading, heading + 1].contains(&cells)
            })
        })
    };
    let commonest =
        || bytes.iter().max_by_key(|(.., cells)| *cells).map(|&(separator, ..)| separator);
    best.or_else(spaces).or_else(commonest).unwrap_or(Separator::Byte(b','))
}

/// How many cells most lines have, at least two, and the share of lines that have as many.
fn usual(separator: Separator, lines: &[&str]) -> Option<(usize, f64)> {
    let cells: Vec<usize> = lines.iter().map(|line| separator.cells(line)).collect();
    let count = |cells_of_one: usize| cells.iter().filter(|&&cells| cells == cells_of_one).count();
    let usual =
        cells.iter().copied().filter(|&cells| cells > 1).max_by_key(|&cells| count(cells))?;
    Some((usual, count(usual) as f64 / lines.len() as f64))
}

impl Separator {
    /// How many cells a line has, not counting an empty one at the end.
    fn cells(self, line: &str) -> usize {
        let line = line.trim();
        match self {
            Self::Byte(byte) => {
                let outside_quotes = line.split('"').step_by(2).flat_map(str::bytes);
                let ends = line.as_bytes().last() == Some(&byte);
                1 + outside_quotes.filter(|&other| other == byte).count() - usize::from(ends)
            }
            Self::Run(_) => {
                let collapsed = std::io::read_to_string(self.collapsed(line.as_bytes()));
                Self::Byte(self.delimiter()).cells(&collapsed.unwrap_or_default())
            }
        }
    }

    /// The byte between cells once runs are collapsed.
    pub fn delimiter(self) -> u8 {
        match self {
            Self::Byte(byte) => byte,
            Self::Run(_) => DELIMITER,
        }
    }

    /// The text with one delimiter in place of each run.
    pub fn collapsed<'a>(self, text: impl std::io::Read + 'a) -> Box<dyn std::io::Read + 'a> {
        match self {
            Self::Byte(_) => Box::new(text),
            Self::Run(run) => Box::new(Runs::new(run, text)),
        }
    }
}

/// What a cell of the first row says about the whole row.
#[derive(PartialEq)]
enum Says {
    /// Text above numbers, or above classes that it is none of: a heading.
    Heading,
    /// A class that occurs again, or a number above numbers: an example.
    Example,
    Nothing,
}

/// Whether the first row names the columns.
fn names_the_columns(first: &StringRecord, others: &[StringRecord]) -> bool {
    if others.is_empty() || counts_up(first) {
        return true;
    }
    let mut says = Vec::new();
    for (place, name) in first.iter().enumerate() {
        let cells = others.iter().filter_map(|row| row.get(place)).filter(|cell| !is_blank(cell));
        let cells: Vec<&str> = cells.collect();
        let numbers = cells.iter().filter(|cell| is_number(cell)).count();
        says.push(match (2 * numbers > cells.len(), is_number(name)) {
            _ if cells.is_empty() || is_blank(name) => Says::Nothing,
            // Numbers, but for a few cells that may be missing or wrong
            (true, false) => return true,
            (true, true) => Says::Example,
            (false, false) if cells.contains(&name) => return false,
            (false, false) if 2 * distinct(&cells) <= cells.len() => Says::Heading,
            (false, _) => Says::Nothing,
        });
    }
    says.contains(&Says::Heading) || !says.contains(&Says::Example)
}

/// Whether the headings are 0, 1, 2, … or 1, 2, 3, …, as pandas calls columns without names.
fn counts_up(row: &StringRecord) -> bool {
    let named = row.iter().skip(usize::from(row.get(0) == Some("")));
    let numbers: Option<Vec<usize>> = named.map(|cell| cell.parse().ok()).collect();
    numbers.is_some_and(|numbers| {
        let count_from = |first: usize| numbers.iter().copied().eq(first..first + numbers.len());
        numbers.len() > 2 && (count_from(0) || count_from(1))
    })
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok() || cell.replace(',', ".").parse::<f64>().is_ok()
}

/// Whether a cell says nothing: it has no letter or digit, or stands for a missing value.
fn is_blank(cell: &str) -> bool {
    !cell.contains(char::is_alphanumeric) || is_missing(cell)
}

fn distinct(cells: &[&str]) -> usize {
    cells.iter().collect::<HashSet<_>>().len()
}

/// The headings with an empty one before them if every row has one cell more, as R writes the names of rows.
fn with_row_names(headings: &StringRecord, rows: &[StringRecord]) -> StringRecord {
    let has_one_more = |row: &StringRecord| {
        row.len() == headings.len() + 1
            && row.get(headings.len()).is_some_and(|last| !last.is_empty())
    };
    let names: Vec<&str> = rows.iter().filter_map(|row| row.get(0)).collect();
    let differ = rows.len() > 1 && distinct(&names) == rows.len();
    let named = headings.len() > 1 && differ && rows.iter().all(has_one_more);
    let ahead = named.then_some("");
    ahead.into_iter().chain(headings).collect()
}

/// The row without an empty cell at its end, if nothing stands below it.
fn without_end(mut row: StringRecord, others: &[StringRecord]) -> StringRecord {
    let last = row.len().saturating_sub(1);
    let is_empty = |row: &StringRecord| row.get(last).is_none_or(str::is_empty);
    if last > 0 && is_empty(&row) && others.iter().all(is_empty) {
        row.truncate(last);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separator(text: &str) -> Separator {
        separator_of(text, true)
    }

    fn headings(text: &str) -> Vec<String> {
        let form = Form::of(text, true, None).unwrap();
        form.headings.iter().map(str::to_owned).collect()
    }

    fn is_named(text: &str) -> bool {
        !Form::of(text, true, None).unwrap().has_no_headings
    }

    #[test]
    fn separator_is_what_gives_rows_equally_many_cells() {
        let byte = Separator::Byte;
        assert_eq!(separator("a,b,c\n1;1;1;1;1"), byte(b','));
        assert_eq!(separator("a;b\n1,5;2,5\n0,5;3,5\n"), byte(b';'));
        assert_eq!(separator("\r\na;b\r\n"), byte(b';'));
        assert_eq!(separator("a\tb, in cm\tc"), byte(b'\t'));
        assert_eq!(separator("\"a, b, and c\";d"), byte(b';'));
        assert_eq!(separator("a|b\n1|2\n"), byte(b'|'));
        assert_eq!(separator("a"), byte(b','));
        assert_eq!(separator(""), byte(b','));
        assert_eq!(separator("a  b\n 1   2\n 3 4  \n"), Separator::Run(Run::Spaces));
        assert_eq!(separator("a b  c d\n1    2\n3    4\n"), Separator::Run(Run::WideSpaces));
        assert_eq!(separator("a\t\tb\n1\t\t2\n3\t4\n"), Separator::Run(Run::Tabs));
        assert_eq!(separator("a\tb\tc\n1\t\t2\n3\t4\t5\n"), byte(b'\t'));
    }

    #[test]
    fn headings_are_told_from_rows() {
        for named in [
            "x,y\n1,2\n",
            "x,label\n1,a\n2,b\n",
            "name,town\nann,rome\nbob,rome\n",
            "0,1,2,3\n5,6,7,8\n9,9,9,9\n",
            ",0,1,2\n0,5,6,7\n1,8,9,9\n",
            "2019,2020,grade\n5,6,good\n7,8,bad\n9,9,good\n2,1,bad\n",
            "x,y\n",
        ] {
            assert!(is_named(named), "{named}");
        }
        for nameless in [
            "5.1,3.5,alba\n4.9,3.0,alba\n6,2.9,rosea\n",
            "63,145,12,1\n31,159,11,0\n",
            "0,0,9,0\n0,1,9,0\n",
            "?,2,a\n3,4,a\n",
            "M,2,3\nF,4,5\nM,6,7\n",
        ] {
            assert!(!is_named(nameless), "{nameless}");
        }
    }

    #[test]
    fn forms_of_headings_are_read() {
        assert_eq!(headings("a,b,\n1,2\n3,4\n"), ["a", "b"]);
        assert_eq!(headings("a,b,\n1,2,\n3,4,\n"), ["a", "b"]);
        assert_eq!(headings("a,b\n1,2,\n3,4,\n"), ["a", "b"]);
        assert_eq!(headings("a b\nr1 1 2\nr2 3 4\n"), ["", "a", "b"]);
        assert_eq!(headings("# a b\n1 2\n3 4\n"), ["a", "b"]);
        assert_eq!(headings("# garden, spring\na,b\n1,2\n"), ["a", "b"]);
        assert_eq!(headings("sep=;\na;b\n1;2\n"), ["a", "b"]);
        assert_eq!(headings("1.5,2\n3,4\n"), ["column 1", "column 2"]);
        let forced = Form::of("1,2\n3,4\n", true, Some(true)).unwrap();
        assert_eq!(forced.headings, vec!["1", "2"]);
        let rows = Form::of("a,b\n1,2\n", true, Some(false)).unwrap();
        assert!(rows.has_no_headings);
        assert!(Form::of("", true, None).is_none());
    }
}
