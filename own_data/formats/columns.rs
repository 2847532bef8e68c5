//! Columns of numbers and of words, and everything that can be wrong with them: reported at the end, so that
//! the reader learns of all gaps at once.

use std::collections::{HashMap, HashSet};

use chapters::dataset::DataError;
use chapters::dataset::rows::{Rows, is_missing, line_of, shorten, wrong_cell};
use chapters::report::counted;
use csv::StringRecord;
use ndarray::ArrayView1;

use super::cell::{key, not_quite, number};
use super::growing::GrowingNumbers;
use super::options::{Missing, OneHot};

/// Words of more kinds than this are hardly categories.
const MOST_CATEGORIES: usize = 100;
/// Words of no more kinds than this are worth a feature each.
const FEW_CATEGORIES: usize = 20;
/// A column of numbers has no more wrong ones than this.
const MOST_WRONG: usize = 10;
/// In fewer rows, numbers may count up by chance.
const COUNTED_ROWS: u64 = 10;

/// Columns that grow row by row.
pub(super) struct Columns {
    columns: Vec<Column>,
    /// Row by row; `NAN` where there is no number, and for words the number of the category.
    numbers: GrowingNumbers,
    /// The number of each row that was kept, counted from 1.
    pub rows: Vec<usize>,
    /// How many rows there were.
    seen: u64,
    missing: Missing,
    /// Whether columns that number the rows are left out.
    leaves_out: bool,
    missing_cells: usize,
    missing_rows: usize,
    /// Line and column of the first missing cell.
    first_missing: Option<(u64, usize)>,
}

/// What becomes of the cells of a column.
enum Kind {
    /// Numbers.
    Numbers,
    /// Words, each of which becomes a feature.
    Words {
        /// As they are first spelled.
        categories: Vec<String>,
        places: HashMap<String, usize>,
        /// Whether there may be no others; how many others there were.
        is_known: bool,
        unknown: usize,
    },
}

struct Column {
    /// Where it is in the table, counted from 0.
    place: usize,
    kind: Kind,
    has_numbers: bool,
    has_values: bool,
    /// Its first cell that is neither a number nor missing.
    wrong: Option<DataError>,
    /// Whether a person would read that as a number.
    is_almost_number: bool,
    /// Some of its words, to be counted.
    words: HashSet<String>,
    /// What the next value is if it numbers the rows.
    next: Option<f64>,
    /// Its cells, if its name is that of an identifier.
    identifiers: Option<HashSet<String>>,
}

/// What the columns of a table became.
pub(super) struct Features {
    /// Their names.
    pub names: Vec<String>,
    /// Their numbers, a row for each example.
    pub numbers: GrowingNumbers,
    /// The columns of words among them.
    pub one_hot: Vec<OneHot>,
    /// What the reader should know of them.
    pub notes: Vec<String>,
}

impl Columns {
    /// Columns at these places of a table, counted from 0; those in `one_hot` hold words.
    pub fn new(
        table: &Rows,
        places: impl IntoIterator<Item = usize>,
        one_hot: &[OneHot],
        missing: Missing,
    ) -> Self {
        let columns = places.into_iter().map(|place| {
            let heading = &table.headings[place];
            let known = one_hot.iter().find(|words| words.column == *heading);
            let kind = known.map_or(Kind::Numbers, |OneHot { categories, .. }| Kind::Words {
                categories: categories.clone(),
                places: categories.iter().map(|word| key(word)).zip(0..).collect(),
                is_known: !categories.is_empty(),
                unknown: 0,
            });
            Column::new(place, heading, kind)
        });
        Self {
            columns: columns.collect(),
            numbers: GrowingNumbers::default(),
            rows: Vec::new(),
            seen: 0,
            missing,
            leaves_out: true,
            missing_cells: 0,
            missing_rows: 0,
            first_missing: None,
        }
    }

    /// The same, even if they number the rows.
    pub fn with_indices(self) -> Self {
        Self { leaves_out: false, ..self }
    }

    /// Adds a row, and returns whether it was kept. Fails if a number is infinite.
    pub fn add(&mut self, row: &StringRecord, table: &Rows) -> Result<bool, DataError> {
        let (missing_before, length) = (self.missing_cells, self.numbers.len());
        for column in &mut self.columns {
            let number = column.read(row, self.seen, table)?;
            if number.is_none() {
                self.missing_cells += 1;
                self.first_missing.get_or_insert((line_of(row), column.place + 1));
            }
            self.numbers.push(number.unwrap_or(f64::NAN));
        }
        self.seen += 1;
        let is_whole = self.missing_cells == missing_before;
        self.missing_rows += usize::from(!is_whole);
        let is_kept = is_whole || self.missing != Missing::Drop;
        if is_kept {
            self.rows.push(self.seen as usize);
        } else {
            self.numbers.truncate(length);
        }
        Ok(is_kept)
    }

    /// Leaves a row out.
    pub fn skip(&mut self) {
        self.seen += 1;
    }

    /// The features of all rows, without the columns that only number them.
    ///
    /// Fails if there are no rows, a column holds words, a cell is not a number, or values are missing.
    pub fn finish(mut self, table: &Rows) -> Result<(Features, Vec<usize>), DataError> {
        let mut notes = self.leave_out_indices(table);
        self.check(table)?;
        notes.extend(self.told());
        let mut names = Vec::new();
        let mut one_hot = Vec::new();
        for column in &mut self.columns {
            let heading = table.headings[column.place].to_owned();
            match &mut column.kind {
                Kind::Numbers => names.push(heading),
                Kind::Words { categories, .. } => {
                    let words = OneHot { column: heading, categories: std::mem::take(categories) };
                    names.extend(words.features());
                    one_hot.push(words);
                }
            }
        }
        let mut known = HashSet::new();
        if let Some(name) = names.iter().find(|name| !known.insert(*name)) {
            let found = format!("would have two features called {:?}", shorten(name));
            return Err(DataError::new(table.path, found).remedy("rename one of the columns"));
        }
        let numbers = if one_hot.is_empty() { self.numbers } else { self.spread(&one_hot) };
        Ok((Features { names, numbers, one_hot, notes }, self.rows))
    }

    /// Leaves out the columns that number the rows, and says so.
    fn leave_out_indices(&mut self, table: &Rows) -> Vec<String> {
        let (rows, seen) = (self.rows.len(), self.seen);
        let leaves_out = self.leaves_out;
        let is_index = |column: &Column| leaves_out && column.is_index(rows, seen);
        let kept: Vec<usize> =
            (0..self.columns.len()).filter(|&i| !is_index(&self.columns[i])).collect();
        let out: Vec<&str> = self
            .columns
            .iter()
            .filter(|column| is_index(column))
            .map(|column| &table.headings[column.place])
            .collect();
        // Without them nothing would be left
        if out.is_empty() || kept.is_empty() {
            return Vec::new();
        }
        let (verb, they) =
            if out.len() == 1 { ("numbers", "it is") } else { ("number", "they are") };
        let columns = if out.len() == 1 { "column" } else { "columns" };
        let note =
            format!("the {columns} {} {verb} the rows: {they} left out", list(out.into_iter()));
        self.numbers = self.numbers.columns(self.columns.len(), &kept);
        let mut i = 0;
        self.columns.retain(|_| {
            i += 1;
            kept.contains(&(i - 1))
        });
        vec![note]
    }

    /// What was done about missing values and unknown words.
    fn told(&self) -> Vec<String> {
        let values = counted(self.missing_cells, "missing value", "missing values");
        let rows = counted(self.missing_rows, "row", "rows");
        let mut notes = match self.missing {
            _ if self.missing_cells == 0 => Vec::new(),
            Missing::Mean => {
                vec![format!("{values} in {rows}: the mean of the column takes its place")]
            }
            _ => vec![format!("{values}: {rows} left out")],
        };
        for column in &self.columns {
            if let Kind::Words { unknown, .. } = column.kind
                && unknown > 0
            {
                notes.push(format!(
                    "{} in column {} that no training example has: all of its features are 0",
                    counted(unknown, "word", "words"),
                    column.place + 1
                ));
            }
        }
        notes
    }

    /// Words as a feature for each category, 1 in its own; the categories are put in order.
    fn spread(&mut self, one_hot: &[OneHot]) -> GrowingNumbers {
        let mut wide = GrowingNumbers::default();
        let columns = self.columns.len();
        for i in 0..self.rows.len() {
            let mut words = one_hot.iter();
            for (j, column) in self.columns.iter().enumerate() {
                let number = self.numbers.at(i * columns + j);
                if matches!(column.kind, Kind::Numbers) {
                    wide.push(number);
                    continue;
                }
                let categories = words.next().map_or(0, |words| words.categories.len());
                let one = |category| if number == f64::from(category) { 1.0 } else { 0.0 };
                (0..categories as u32).for_each(|category| {
                    wide.push(if number.is_nan() { number } else { one(category) });
                });
            }
        }
        wide
    }

    fn check(&mut self, table: &Rows) -> Result<(), DataError> {
        let path = table.path;
        if self.rows.is_empty() && self.seen > 0 {
            let found = format!("has no row without a missing value among {}", self.seen);
            return Err(DataError::new(path, found)
                .remedy("leave out the columns that hardly have any with `--drop COLUMN`"));
        }
        if self.rows.is_empty() {
            return Err(DataError::no_examples(path));
        }
        let text: Vec<&Column> = self.columns.iter().filter(|column| column.is_text()).collect();
        if !text.is_empty() {
            return Err(words(&text, table));
        }
        let empty = self.columns.iter().filter(|column| !column.has_values);
        let empty = list(empty.map(|column| &table.headings[column.place]));
        if !empty.is_empty() {
            return Err(DataError::new(path, format!("has no value in the columns {empty}"))
                .remedy("leave them out with `--drop COLUMN`"));
        }
        if let Some(wrong) = self.columns.iter_mut().find_map(|column| column.wrong.take()) {
            return Err(wrong);
        }
        match self.first_missing {
            Some((line, column)) if self.missing.is_refused() => {
                let values = counted(self.missing_cells, "missing value", "missing values");
                let rows = counted(self.missing_rows, "row", "rows");
                let first = format!("the first in line {line}, column {column}");
                let found = format!("has {values} in {rows}, {first}");
                Err(DataError::new(path, found).remedy(
                    "fill them in, or train with `--missing drop`, which leaves such rows out, or \
                     `--missing mean`",
                ))
            }
            _ => Ok(()),
        }
    }
}

/// Fails because columns hold words.
fn words(columns: &[&Column], table: &Rows) -> DataError {
    let heading = |column: &&&Column| shorten(&table.headings[column.place]);
    let (few, many): (Vec<_>, Vec<_>) =
        columns.iter().partition(|column| column.words.len() <= FEW_CATEGORIES);
    let [few, many] =
        [few, many].map(|columns| columns.iter().map(heading).collect::<Vec<_>>().join(","));
    let cures = [
        (many, "leave columns out with `--drop"),
        (few, "make each of their words a feature with `--one-hot"),
    ];
    let cures = cures.iter().filter(|(columns, _)| !columns.is_empty());
    let cures = cures.map(|(columns, cure)| {
        let quote = if columns.contains(' ') { "\"" } else { "" };
        format!("{cure} {quote}{columns}{quote}`")
    });
    let named = list(columns.iter().map(|column| &table.headings[column.place]));
    DataError::new(table.path, format!("holds text in the columns {named}"))
        .expected(format!("numbers: {}", cures.collect::<Vec<_>>().join(", ")))
        .remedy("if one of them is the class, name it with `--label COLUMN`")
}

impl Column {
    fn new(place: usize, heading: &str, kind: Kind) -> Self {
        Self {
            place,
            kind,
            has_numbers: false,
            has_values: false,
            wrong: None,
            is_almost_number: false,
            words: HashSet::new(),
            next: None,
            identifiers: is_called_identifier(heading).then(HashSet::new),
        }
    }

    /// The number in a row, `NAN` if there is something else, nothing if it is missing.
    fn read(
        &mut self,
        row: &StringRecord,
        seen: u64,
        table: &Rows,
    ) -> Result<Option<f64>, DataError> {
        let cell = &row[self.place];
        if let Some(identifiers) = &mut self.identifiers {
            identifiers.insert(cell.to_owned());
        }
        if let Kind::Words { .. } = self.kind {
            return self.word(cell, row, table);
        }
        let number = match number(cell) {
            Some(number) if number.is_finite() => number,
            Some(number) if number.is_infinite() => {
                return Err(wrong_cell(row, self.place, "a finite number", table.path));
            }
            _ if is_missing(cell) => {
                self.next = self.next.map(|next| next + 1.0);
                return Ok(None);
            }
            _ => {
                self.note_wrong(cell, row, table);
                return Ok(Some(f64::NAN));
            }
        };
        if seen == 0 {
            self.next = Some(number);
        }
        self.next = self.next.filter(|&next| next == number).map(|next| next + 1.0);
        (self.has_numbers, self.has_values) = (true, true);
        Ok(Some(number))
    }

    /// The category of a cell.
    fn word(
        &mut self,
        cell: &str,
        row: &StringRecord,
        table: &Rows,
    ) -> Result<Option<f64>, DataError> {
        let Kind::Words { categories, places, is_known, unknown } = &mut self.kind else {
            return Ok(None);
        };
        if is_missing(cell) {
            return Ok(None);
        }
        self.has_values = true;
        let key = key(cell);
        if let Some(&place) = places.get(&key) {
            return Ok(Some(place as f64));
        }
        if *is_known {
            *unknown += 1;
            return Ok(Some(-1.0));
        }
        if categories.len() == MOST_CATEGORIES {
            let heading = shorten(&table.headings[self.place]);
            let found = format!("has more than {MOST_CATEGORIES} different words in {heading:?}");
            return Err(DataError::new(table.path, found)
                .line(line_of(row))
                .remedy("leave the column out with `--drop COLUMN`"));
        }
        places.insert(key, categories.len());
        categories.push(cell.to_owned());
        Ok(Some((categories.len() - 1) as f64))
    }

    fn note_wrong(&mut self, cell: &str, row: &StringRecord, table: &Rows) {
        self.has_values = true;
        self.next = None;
        if self.words.len() <= MOST_CATEGORIES {
            self.words.insert(cell.to_owned());
        }
        let almost = not_quite(cell);
        self.is_almost_number |= almost.is_some();
        let expected = almost.unwrap_or("a number");
        self.wrong.get_or_insert_with(|| wrong_cell(row, self.place, expected, table.path));
    }

    /// Whether it holds words rather than numbers.
    fn is_text(&self) -> bool {
        let is_rather = !self.has_numbers || self.words.len() > MOST_WRONG;
        self.wrong.is_some() && is_rather && !self.is_almost_number
    }

    /// Whether it numbers the rows: it counts them, or it is called an identifier and never repeats one.
    fn is_index(&self, rows: usize, seen: u64) -> bool {
        let counts = self.next.is_some() && seen >= COUNTED_ROWS;
        let is_whole = |cell: &String| number(cell).is_none_or(|number| number.fract() == 0.0);
        let identifies = self.identifiers.as_ref().is_some_and(|identifiers| {
            rows > 2 && identifiers.len() as u64 == seen && identifiers.iter().all(is_whole)
        });
        matches!(self.kind, Kind::Numbers) && (counts || identifies)
    }
}

/// Whether a column is called what identifies rows: an `Id`, or nothing, as pandas calls its index.
fn is_called_identifier(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let names = [
        "",
        "id",
        "index",
        "idx",
        "rowid",
        "row",
        "row names",
        "rownames",
        "no",
        "no.",
        "nr",
        "nr.",
        "#",
        "uid",
        "uuid",
        "key",
    ];
    let ends = ["_id", " id", "-id", ".id"];
    names.contains(&lower.as_str())
        || lower.starts_with("unnamed:")
        || ends.iter().any(|end| lower.ends_with(end))
        // PassengerId, userID
        || ["Id", "ID"].iter().any(|end| {
            heading.strip_suffix(end).is_some_and(|before| before.ends_with(char::is_lowercase))
        })
}

/// Whether a column would be left out because it numbers the rows.
pub(super) fn numbers_rows(heading: &str, column: ArrayView1<f64>) -> bool {
    let counts = column.len() as u64 >= COUNTED_ROWS
        && column.iter().zip(column.iter().skip(1)).all(|(a, b)| a + 1.0 == *b);
    let values: HashSet<u64> = column.iter().map(|x| x.to_bits()).collect();
    let identifies = is_called_identifier(heading)
        && column.len() > 2
        && values.len() == column.len()
        && column.iter().all(|x| x.fract() == 0.0);
    counts || identifies
}

/// Some names in quotation marks, and how many more there are.
pub fn list<'a>(headings: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 10;
    let mut names: Vec<String> =
        headings.map(|heading| format!("{:?}", shorten(heading))).collect();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
