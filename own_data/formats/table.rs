//! The reader's own examples: a table with a label column, and numbers in all others.

use std::collections::HashMap;
use std::iter::once;
use std::path::Path;

use csv::StringRecord;
use ndarray::{Array2, Array3, Axis};

use super::classes::{Classes, no_label};
use super::columns::{Columns, Features, list};
use super::growing::GrowingNumbers;
use super::labelled::numbered;
use super::options::{Encoding, Loaded, OneHot, TableOptions};
use super::pixels;
use super::{Inputs, Labelled};
use chapters::dataset::DataError;
use chapters::dataset::rows::{self, Rows, shorten, wrong_heading};

/// Grey values of at most this, as in the digits of the UCI repository, are stretched to 255.
const DIM: u8 = 16;

impl Labelled {
    /// Reads a table: its first row names the columns, unless it is a row like the others; one column holds
    /// labels, all others hold numbers.
    ///
    /// The label column is the one that the options name, or the one called `label` (in capitals or not), or
    /// else the last one. Labels that are the same number, or differ only by capitals and spaces, are one
    /// class; classes are in the numerical order if all are numbers, alphabetical otherwise. Columns that
    /// number the rows are left out.
    ///
    /// As many columns of whole numbers from 0 to 255 as a square has pixels, with numbered names, are
    /// pictures, row by row. Cells may be separated by commas, semicolons, tabs, vertical bars or runs of
    /// spaces.
    ///
    /// Fails if the file cannot be read, has no rows, no label column or nothing beside it, two columns
    /// of the same name, a row of another length, a cell that is not a finite number or, without an option
    /// for it, missing, or labels that look like a measured quantity.
    ///
    /// [In the book](../../../book/experiments.html#which-tables-are-read)
    pub fn read_csv(path: &Path, options: &TableOptions) -> Result<Loaded, DataError> {
        let mut table = open(path, options.header)?;
        let at = label_column(&table, options.label.as_deref())?;
        let dropped = places(&table, &options.drop, at)?;
        places(&table, &options.one_hot, at)?;
        let one_hot: Vec<OneHot> = options
            .one_hot
            .iter()
            .map(|column| OneHot { column: column.clone(), categories: Vec::new() })
            .collect();
        let kept =
            (0..table.headings.len()).filter(|place| *place != at && !dropped.contains(place));
        let mut columns = Columns::new(&table, kept, &one_hot, options.missing);
        let mut classes = Classes::new(at);
        let mut unlabelled = 0;
        while let Some(row) = table.next_row()?.cloned() {
            if !classes.is_labelled(&row, &table.sample) {
                if options.missing.is_refused() {
                    return Err(no_label(&row, at, &table));
                }
                unlabelled += 1;
                columns.skip();
            } else if columns.add(&row, &table)? {
                classes.add(&row, &table)?;
            }
        }

        let mut notes = table.notes();
        if table.has_no_headings {
            notes.push(format!("the label column is {:?}", &table.headings[at]));
        }
        if unlabelled > 0 {
            notes.push(format!("rows without a label are left out: {unlabelled}"));
        }
        let found = classes.finish(&table)?;
        let (features, _) = columns.finish(&table)?;
        notes.extend(found.notes);
        notes.extend(features.notes.iter().cloned());
        let encoding = Encoding { one_hot: features.one_hot.clone(), missing: options.missing };
        let inputs = inputs(features, found.labels.len(), &mut notes);
        let examples = Self { inputs, labels: found.labels, classes: found.names };
        Ok(Loaded { examples, encoding, notes })
    }

    /// Writes the table that [`read_csv`](Self::read_csv) reads: numbers with all their digits, the
    /// label last under the heading `label`, and pictures as grey values under `p0`, `p1`, … The
    /// file appears whole or not at all.
    ///
    /// Fails if the file cannot be written, if another column is called `label`, or if
    /// [`read_csv`](Self::read_csv) would not give the same examples back: classes that mean a missing
    /// value, spaces around names, pictures that are not square.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn write_csv(&self, path: &Path) -> Result<(), DataError> {
        self.check(path)?;
        self.check_for_csv(path)?;
        let headings: Vec<String> = self.headings().chain(once("label".to_owned())).collect();
        check_headings(&StringRecord::from(headings.clone()), path)?;
        let rows = || {
            self.labels.iter().enumerate().map(|(i, &class)| {
                let mut row = self.inputs.cells(i);
                row.push(self.classes[class].clone());
                row
            })
        };
        if !rows::is_recognised(&headings, rows()) {
            return Err(DataError::new(path, "cannot hold these names, which would be misread")
                .remedy("write JSON or NPZ, or rename the columns"));
        }
        rows::write(path, &headings, rows())
    }

    /// What the columns beside the label are called.
    fn headings(&self) -> Box<dyn Iterator<Item = String> + '_> {
        match &self.inputs {
            Inputs::Pictures(pictures) => {
                let (_, rows, columns) = pictures.dim();
                Box::new(pixel_names(rows * columns).into_iter())
            }
            Inputs::Numbers { features, .. } => Box::new(features.iter().cloned()),
        }
    }
}

impl Inputs {
    /// Example `i` as it is written.
    fn cells(&self, i: usize) -> Vec<String> {
        match self {
            Self::Pictures(pictures) => {
                pictures.index_axis(Axis(0), i).iter().map(u8::to_string).collect()
            }
            Self::Numbers { x, .. } => x.row(i).iter().map(f64::to_string).collect(),
        }
    }
}

/// What a model reads from a table.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
#[derive(Debug)]
pub struct ToPredict<X> {
    /// What the network gets.
    pub inputs: X,
    /// The number of each row, counted from 1: rows with a missing value may be left out.
    pub rows: Vec<usize>,
    /// The label of each row as it is written, if the label column is known.
    pub labels: Option<Vec<String>>,
    /// What the reader should know of how the table was read, a sentence each.
    pub notes: Vec<String>,
}

impl<X> ToPredict<X> {
    /// The same rows with something else for the network.
    pub fn map<Y>(self, into: impl FnOnce(X) -> Y) -> ToPredict<Y> {
        let Self { inputs, rows, labels, notes } = self;
        ToPredict { inputs: into(inputs), rows, labels, notes }
    }
}

/// Reads the columns that make these features from a table, in their order, whatever other columns it has;
/// shape `(m, features)`. Also reads the label column if the options name one, in one go, since the file may
/// have been replaced a moment later.
///
/// Fails if the file cannot be read, has no rows, lacks a column or has two of the same name, has a row
/// of another length, or if a cell in these columns is missing or, for a feature, not a finite number.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
pub fn read_features(
    path: &Path,
    features: &[String],
    encoding: &Encoding,
    options: &TableOptions,
) -> Result<ToPredict<Array2<f64>>, DataError> {
    let table = open(path, options.header)?;
    let known: HashMap<&str, usize> = table.headings.iter().zip(0..).collect();
    let names = columns_of(features, &encoding.one_hot);
    // A table without headings has as many columns as the model, or a label more
    let is_bare = table.has_no_headings && table.headings.len() == names.len();
    let is_bare = is_bare && names.iter().all(|name| name.starts_with("column "));
    let place = |(i, name): (usize, &String)| {
        let named = known.get(name.as_str()).copied();
        if is_bare { Ok(i) } else { named.ok_or_else(|| no_column(&table, name)) }
    };
    let places = names.iter().enumerate().map(place).collect::<Result<Vec<_>, _>>()?;
    let (found, rows, labels, notes) = read_places(table, places, encoding, options)?;
    if found.names.len() != features.len() {
        let found = format!("gives {} features", found.names.len());
        return Err(DataError::new(path, found).expected(features.len().to_string()));
    }
    let inputs = found.numbers.into_table(rows.len(), features.len());
    Ok(ToPredict { inputs, rows, labels, notes })
}

/// The columns that features were made of.
fn columns_of(features: &[String], one_hot: &[OneHot]) -> Vec<String> {
    let mut words: HashMap<String, &OneHot> = HashMap::new();
    for column in one_hot {
        words.extend(column.features().map(|feature| (feature, column)));
    }
    let column =
        |feature: &String| words.get(feature).map_or(feature, |words| &words.column).clone();
    let mut columns: Vec<String> = features.iter().map(column).collect();
    columns.dedup();
    columns
}

type Found = (Features, Vec<usize>, Option<Vec<String>>, Vec<String>);

/// Reads the columns at these places, and the label column if there is one.
fn read_places(
    mut table: Rows,
    places: Vec<usize>,
    encoding: &Encoding,
    options: &TableOptions,
) -> Result<Found, DataError> {
    let mut columns =
        Columns::new(&table, places, &encoding.one_hot, encoding.missing).with_indices();
    let at = options.label.as_deref().map(|label| find(&table, label)).transpose()?;
    let classes = at.map(Classes::new);
    let mut labels = Vec::new();
    while let Some(row) = table.next_row()?.cloned() {
        let is_kept = columns.add(&row, &table)?;
        if let Some((at, classes)) = at.zip(classes.as_ref()).filter(|_| is_kept) {
            if !classes.is_labelled(&row, &table.sample) {
                return Err(no_label(&row, at, &table));
            }
            labels.push(row[at].to_owned());
        }
    }
    let mut notes = table.notes();
    let (features, rows) = columns.finish(&table)?;
    notes.extend(features.notes.iter().cloned());
    Ok((features, rows, at.map(|_| labels), notes))
}

/// Reads pictures of `rows` × `columns` pixels from the numbered columns of a table, whatever other columns
/// it has, and the label column if the options name one.
///
/// Fails as [`read_features`] does, and if a pixel is not a whole number from 0 to 255.
///
/// [In the book](../../../book/experiments.html#which-tables-are-read)
pub fn read_pixels(
    path: &Path,
    (rows, columns): (usize, usize),
    options: &TableOptions,
) -> Result<ToPredict<Array3<u8>>, DataError> {
    let table = open(path, options.header)?;
    let names: Vec<String> = table.headings.iter().map(str::to_owned).collect();
    let label = options.label.as_deref().map(|label| find(&table, label)).transpose()?;
    let places = pixels::among(&names, rows * columns, label.or_else(|| guessed_label(&table)));
    let places = places.ok_or_else(|| {
        let found =
            format!("has no {} numbered columns for the pixels of pictures", rows * columns);
        DataError::new(path, found).expected(format!(
            "pictures of {rows} × {columns} pixels, such as in p0 to p{}",
            (rows * columns).saturating_sub(1)
        ))
    })?;
    let are_exact = pixels::are_exported(&names, &places);
    let in_order: Vec<usize> = (0..places.len()).collect();
    let (mut found, rows_read, labels, mut notes) =
        read_places(table, places, &Encoding::default(), options)?;
    let numbers = &mut found.numbers;
    let pictures = numbers.take_pictures((rows, columns), &in_order).ok_or_else(|| {
        let other = (0..numbers.len()).map(|i| numbers.at(i)).find(|&number| !is_grey(number));
        DataError::new(path, format!("has {} among its pixels", other.unwrap_or(f64::NAN))).expected(
            "whole numbers from 0 (paper) to 255 (ink): scale them like the pixels that the model \
             was trained on",
        )
    })?;
    let inputs = if are_exact { pictures } else { stretched(pictures, &mut notes) };
    Ok(ToPredict { inputs, rows: rows_read, labels, notes })
}

fn open(path: &Path, header: Option<bool>) -> Result<Rows<'_>, DataError> {
    let table = Rows::open(path, header, "a table whose first row names the columns")?;
    check_headings(&table.headings, path)?;
    Ok(table)
}

fn check_headings(headings: &StringRecord, path: &Path) -> Result<(), DataError> {
    let mut seen = HashMap::new();
    for (place, heading) in headings.iter().enumerate() {
        if seen.insert(heading, place).is_some() {
            let expected = "of this column alone: no two columns may have the same heading";
            return Err(wrong_heading(headings, place, expected, path).remedy(
                "rename one of them, or, if the first row is an example, add `--no-header`",
            ));
        }
    }
    Ok(())
}

/// Where the label column is, counted from 0.
fn label_column(table: &Rows, label: Option<&str>) -> Result<usize, DataError> {
    let is_label = |&at: &usize| table.headings[at].eq_ignore_ascii_case("label");
    let called_label = || (0..table.headings.len()).rfind(is_label);
    let last = table.headings.len() - 1;
    let usual = || called_label().or_else(|| guessed_label(table)).unwrap_or(last);
    let at = label.map_or_else(|| Ok(usual()), |name| find(table, name))?;
    if last == 0 {
        let label = shorten(&table.headings[at]);
        return Err(DataError::new(table.path, format!("has only the label column {label:?}"))
            .expected("columns of numbers beside it")
            .remedy(
                "add the features to predict the labels from, or check what separates the cells",
            ));
    }
    Ok(at)
}

/// The label column of a table without headings whose other columns are pixels: the first, as in MNIST's
/// usual table, or the last, whichever has more values, since the corners of pictures are empty.
fn guessed_label(table: &Rows) -> Option<usize> {
    let columns = table.headings.len();
    let side = columns.saturating_sub(1).isqrt();
    if !table.has_no_headings || side < pixels::LEAST_SIDE || side * side != columns - 1 {
        return None;
    }
    let values = |place: usize| {
        let cells = table.sample.iter().filter_map(|row| row.get(place));
        cells.collect::<std::collections::HashSet<_>>().len()
    };
    Some(if values(0) > values(columns - 1) { 0 } else { columns - 1 })
}

/// Where the column with a heading is, or with a number, counted from 1; the place is counted from 0.
fn find(table: &Rows, heading: &str) -> Result<usize, DataError> {
    let numbered =
        || heading.parse::<usize>().ok().filter(|at| (1..=table.headings.len()).contains(at));
    let place = table.headings.iter().position(|name| name == heading);
    place.or_else(|| Some(numbered()? - 1)).ok_or_else(|| no_column(table, heading))
}

/// Where columns are that an option names, none of which may be the label column.
fn places(table: &Rows, columns: &[String], label: usize) -> Result<Vec<usize>, DataError> {
    columns
        .iter()
        .map(|column| match find(table, column)? {
            at if at == label => {
                let found = format!("has the labels in the column {:?}", shorten(column));
                Err(DataError::new(table.path, found)
                    .expected("another column to leave out or encode: the labels are needed")
                    .remedy("name the column of classes with `--label COLUMN`"))
            }
            at => Ok(at),
        })
        .collect()
}

fn no_column(table: &Rows, heading: &str) -> DataError {
    let (count, headings) = (table.headings.len(), list(table.headings.iter()));
    DataError::new(table.path, format!("has no column {:?}", shorten(heading)))
        .expected(format!("one of its {count} columns: {headings}"))
        .remedy("check the spelling")
}

/// Pictures if the columns are pixels, numbers otherwise.
fn inputs(features: Features, rows: usize, notes: &mut Vec<String>) -> Inputs {
    let Features { names, mut numbers, one_hot, .. } = features;
    let side = names.len().isqrt();
    let shown =
        format!("the {} numbered columns are pictures of {side} × {side} pixels", names.len());
    let are_bytes = one_hot.is_empty() && matches!(numbers, GrowingNumbers::Bytes(_));
    if let Some(places) = pixels::places(&names).filter(|_| are_bytes)
        && let Some(pictures) = numbers.take_pictures((side, side), &places)
    {
        if pixels::are_exported(&names, &places) {
            return Inputs::Pictures(pictures);
        }
        notes.push(shown);
        return Inputs::Pictures(stretched(pictures, notes));
    }
    Inputs::Numbers { x: numbers.into_table(rows, names.len()), features: names }
}

/// Pictures whose ink is hardly darker than paper, because they have few levels of grey, in full contrast.
pub(super) fn stretched(pictures: Array3<u8>, notes: &mut Vec<String>) -> Array3<u8> {
    let darkest = pictures.iter().copied().max().unwrap_or(0);
    let levels = match darkest {
        0 => return pictures,
        1 => 1,
        2..=DIM => DIM,
        _ => return pictures,
    };
    notes.push(format!("the grey values from 0 to {levels} are stretched to 255"));
    pictures.mapv_into(|grey| (f64::from(grey) * 255.0 / f64::from(levels)).round() as u8)
}

/// Whether columns would be read back as the pixels of square pictures.
pub(super) fn are_pixels(x: &Array2<f64>, features: &[String]) -> bool {
    pixels::places(features).is_some() && x.iter().all(|&number| is_grey(number))
}

/// What columns of pixels are called.
pub(super) fn pixel_names(pixels: usize) -> Vec<String> {
    numbered("p", 0, pixels)
}

/// Whether a number can be the grey value of a pixel.
fn is_grey(number: f64) -> bool {
    number.fract() == 0.0
        && (0.0..=255.0).contains(&number)
        && !(number == 0.0 && number.is_sign_negative())
}

#[cfg(test)]
mod tests;
