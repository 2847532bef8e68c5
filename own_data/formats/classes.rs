//! The column of labels: which words are the same class, and which column cannot be one of classes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chapters::dataset::DataError;
use chapters::dataset::rows::{Rows, is_missing, line_of, shorten, wrong_cell};
use chapters::report::counted;
use csv::StringRecord;

use super::cell::key;
use super::columns::list;

/// More classes than any table of examples has.
pub(super) const MOST_CLASSES: usize = 1000;
/// More numbers than this are measured, unless they count classes.
const MOST_NUMBERS: usize = 50;
/// More numbers with decimals than this are measured.
const MOST_DECIMALS: usize = 10;
/// This many pairs of letters that differ only by their case are an alphabet.
const ALPHABET: usize = 5;

/// The labels of all rows so far.
pub(super) struct Classes {
    /// Where the label column is, counted from 0.
    at: usize,
    /// Each spelling, numbered as they appear.
    spellings: HashMap<String, usize>,
    /// The spelling of each row.
    spelled: Vec<usize>,
}

/// The classes of a table.
pub(super) struct Found {
    /// The class of each row, an index into `names`.
    pub labels: Vec<usize>,
    /// What they are called, in their order.
    pub names: Vec<String>,
    /// What the reader should know of them.
    pub notes: Vec<String>,
}

impl Classes {
    pub fn new(at: usize) -> Self {
        Self { at, spellings: HashMap::new(), spelled: Vec::new() }
    }

    /// Whether a row has a label; `-` is one, and no missing value, where `+` is another.
    pub fn is_labelled(&self, row: &StringRecord, sample: &[StringRecord]) -> bool {
        let label = &row[self.at];
        let is_sign = || sample.iter().any(|row| row.get(self.at) == Some("+"));
        !is_missing(label) || label == "-" && is_sign()
    }

    /// Adds the label of a row. Fails if there are too many.
    pub fn add(&mut self, row: &StringRecord, table: &Rows) -> Result<(), DataError> {
        let name = &row[self.at];
        if let Some(&spelling) = self.spellings.get(name) {
            self.spelled.push(spelling);
            return Ok(());
        }
        let new = self.spellings.len();
        // Each class may be spelled in a few ways
        if new == 4 * MOST_CLASSES {
            return Err(self.measured(new, table).line(line_of(row)));
        }
        self.spelled.push(new);
        self.spellings.insert(name.to_owned(), new);
        Ok(())
    }

    /// The class of each row.
    ///
    /// Fails if they look like a measured quantity.
    pub fn finish(self, table: &Rows) -> Result<Found, DataError> {
        let mut spelled = vec![("", 0_usize); self.spellings.len()];
        for (name, &spelling) in &self.spellings {
            spelled[spelling].0 = name;
        }
        self.spelled.iter().for_each(|&spelling| spelled[spelling].1 += 1);
        let (groups, notes) = groups(&spelled, &table.headings[self.at]);
        let mut names: Vec<String> = groups.iter().map(|group| name_of(group, &spelled)).collect();
        if are_measured(&names, self.spelled.len()) {
            return Err(self.measured(names.len(), table));
        }
        let name_of_group = names.clone();
        sort(&mut names);
        let place: HashMap<&str, usize> = names.iter().map(String::as_str).zip(0..).collect();
        let mut class = vec![0; spelled.len()];
        for (group, name) in groups.iter().zip(&name_of_group) {
            for &spelling in group {
                class[spelling] = place[name.as_str()];
            }
        }
        let labels = self.spelled.iter().map(|&spelling| class[spelling]).collect();
        Ok(Found { labels, names, notes })
    }

    fn measured(&self, values: usize, table: &Rows) -> DataError {
        let label = shorten(&table.headings[self.at]);
        let (values, rows) =
            (counted(values, "value", "values"), counted(self.spelled.len(), "row", "rows"));
        let found = format!(
            "the label column {label:?} has {values} in {rows} and looks like a measured quantity: this \
             program tells classes apart"
        );
        let others: Vec<&str> = (0..table.headings.len())
            .filter(|&place| place != self.at && could_be_classes(place, &table.sample))
            .map(|place| &table.headings[place])
            .collect();
        let error = DataError::new(table.path, found);
        if others.is_empty() {
            return error.remedy("name the column of classes with `--label COLUMN`");
        }
        error
            .expected(format!("a column of classes, which could be {}", list(others.into_iter())))
            .remedy("name it with `--label COLUMN`")
    }
}

/// Whether the values of a label column are too many, or decimals, or different in almost every row.
pub(super) fn are_measured(names: &[String], rows: usize) -> bool {
    let values = names.len();
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok()).collect();
    let Some(mut numbers) = numbers else {
        return values > MOST_CLASSES || values > MOST_NUMBERS && 2 * values > rows;
    };
    if numbers.iter().any(|number| number.fract() != 0.0) {
        return values > MOST_DECIMALS || values > 2 && 2 * values > rows;
    }
    numbers.sort_by(f64::total_cmp);
    let counts_classes = numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
        && values <= MOST_CLASSES
        && rows >= 5 * values;
    values > MOST_DECIMALS && 2 * values > rows || values > MOST_NUMBERS && !counts_classes
}

/// Whether a column repeats few values.
fn could_be_classes(place: usize, sample: &[StringRecord]) -> bool {
    let cells = || sample.iter().filter_map(|row| row.get(place)).filter(|cell| !is_missing(cell));
    let is_decimal = |cell: &str| cell.parse::<f64>().is_ok_and(|number| number.fract() != 0.0);
    let mut counts: HashMap<String, usize> = HashMap::new();
    cells().for_each(|cell| *counts.entry(key(cell)).or_default() += 1);
    (2..=MOST_NUMBERS).contains(&counts.len())
        && 2 * counts.len() <= cells().count()
        && !cells().any(is_decimal)
}

/// The spellings of each class, and what the reader should know of those that were joined.
fn groups(spelled: &[(&str, usize)], heading: &str) -> (Vec<Vec<usize>>, Vec<String>) {
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (spelling, (name, _)) in spelled.iter().enumerate() {
        by_key.entry(key(name)).or_default().push(spelling);
    }
    let is_letter = |group: &&Vec<usize>| {
        group.len() > 1 && group.iter().all(|&i| spelled[i].0.chars().count() == 1)
    };
    let letters = by_key.values().filter(is_letter).count();
    if letters >= ALPHABET {
        let note = format!(
            "in the label column {:?}, capital and small letters are different classes",
            shorten(heading)
        );
        return ((0..spelled.len()).map(|i| vec![i]).collect(), vec![note]);
    }
    let groups: Vec<Vec<usize>> = by_key.into_values().collect();
    let joined = groups.iter().filter(|group| group.len() > 1).map(|group| {
        let spellings = list(group.iter().map(|&i| spelled[i].0));
        format!("the labels {spellings} are one class, {:?}", name_of(group, spelled))
    });
    let joined = joined.collect();
    (groups, joined)
}

/// What a class is called: its number, or its commonest spelling.
fn name_of(group: &[usize], spelled: &[(&str, usize)]) -> String {
    let commonest = group.iter().map(|&i| spelled[i]).max_by_key(|&(_, count)| count);
    let (name, _) = commonest.unwrap_or_default();
    if name.parse::<f64>().is_ok_and(f64::is_finite) {
        return key(name);
    }
    name.to_owned()
}

/// Labels as indices into the classes that occur, which are in the order of [`sort`].
pub(super) fn by_name(names: &[String]) -> (Vec<usize>, Vec<String>) {
    let mut classes: Vec<String> =
        names.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
    sort(&mut classes);
    let place: HashMap<&String, usize> = classes.iter().zip(0..).collect();
    let labels = names.iter().map(|name| place[name]).collect();
    (labels, classes)
}

/// In numerical order if all are numbers, alphabetically otherwise.
fn sort(names: &mut [String]) {
    names.sort();
    let number = |name: &String| name.parse::<f64>();
    if names.iter().all(|name| number(name).is_ok()) {
        names.sort_by(|a, b| {
            number(a).unwrap_or_default().total_cmp(&number(b).unwrap_or_default())
        });
    }
}

/// Fails because a row has no label.
pub(super) fn no_label(row: &StringRecord, at: usize, table: &Rows) -> DataError {
    wrong_cell(row, at, "a label (`--missing drop` leaves out rows that have none)", table.path)
}

/// Which class a label means: the one that is written so, or else the one that is the same number or the same
/// letters, in capitals or not.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
pub struct ClassOf<'a> {
    exactly: HashMap<&'a str, usize>,
    by_key: HashMap<String, usize>,
}

impl<'a> ClassOf<'a> {
    /// The classes with these names.
    pub fn new(names: &'a [String]) -> Self {
        let exactly = names.iter().map(String::as_str).zip(0..).collect();
        Self { exactly, by_key: names.iter().map(|name| key(name)).zip(0..).collect() }
    }

    /// The number of the class, or nothing for a label of none.
    pub fn label(&self, label: &str) -> Option<usize> {
        self.exactly.get(label).copied().or_else(|| self.by_key.get(&key(label)).copied())
    }
}
