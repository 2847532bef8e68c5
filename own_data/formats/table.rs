//! The reader's own examples: a table with a label column, and numbers in all others.

use std::collections::HashMap;
use std::iter::once;
use std::path::Path;

use csv::StringRecord;
use ndarray::{Array2, Array3, Axis};

use super::columns::{Columns, is_missing, list};
use super::labelled::numbered;
use super::{Inputs, Labelled};
use chapters::dataset::DataError;
use chapters::dataset::rows::{self, Rows, line_of, shorten, wrong_cell, wrong_heading};

/// More classes than any table of examples has; a measurement soon has more values.
pub(super) const MOST_CLASSES: usize = 1000;

impl Labelled {
    /// Reads a table: its first row names the columns; one holds labels, all others hold numbers.
    ///
    /// `label` is the heading of the label column; without one, it is the column called `label` (in
    /// capitals or not) or else the last one. Each different label is a class; classes are in the
    /// numerical order if all are numbers, alphabetical otherwise.
    ///
    /// Columns `p0`, `p1`, … of whole numbers from 0 to 255, as many as a square has pixels, are
    /// pictures, row by row. Cells may be separated by commas, semicolons or tabs.
    ///
    /// Fails if the file cannot be read, has no rows, no label column or nothing beside it, two columns
    /// of the same name, a row of another length, a cell that is missing or not a finite number, or
    /// labels of more than 1,000 classes.
    ///
    /// [In the book](../../../book/experiments.html)
    pub fn read_csv(path: &Path, label: Option<&str>) -> Result<Self, DataError> {
        let mut table = open(path)?;
        let at = label_column(&table, label)?;
        let mut classes = Classes { heading: table.headings[at].to_owned(), ..Classes::default() };
        let mut columns = Columns::new((0..table.headings.len()).filter(|&place| place != at));
        while let Some(row) = table.next_row()? {
            classes.add(row, at, path)?;
            columns.add(row, path)?;
        }

        let x = columns.finish(&table)?;
        let (labels, classes) = classes.finish();
        let names = table.headings.iter().enumerate().filter(|&(place, _)| place != at);
        let inputs = inputs(x, names.map(|(_, name)| name.to_owned()).collect());
        Ok(Self { inputs, labels, classes })
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
        let rows = self.labels.iter().enumerate().map(|(i, &class)| {
            let mut row = self.inputs.cells(i);
            row.push(self.classes[class].clone());
            row
        });
        rows::write(path, &headings, rows)
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

/// Reads the columns with these headings from a table, in the order of `features`, whatever other
/// columns it has; shape `(m, features)`. With a heading as `label`, also reads that column as it is
/// written: in one go, since the file may have been replaced a moment later.
///
/// Fails if the file cannot be read, has no rows, lacks a column or has two of the same name, has a row
/// of another length, or if a cell in these columns is missing or, for a feature, not a finite number.
///
/// [In the book](../../../book/experiments.html)
pub fn read_features(
    path: &Path,
    features: &[String],
    label: Option<&str>,
) -> Result<(Array2<f64>, Option<Vec<String>>), DataError> {
    let mut table = open(path)?;
    let known: HashMap<&str, usize> = table.headings.iter().zip(0..).collect();
    let place = |name: &String| known.get(name.as_str()).copied();
    let places = features.iter().map(|name| place(name).ok_or_else(|| no_column(&table, name)));
    let mut columns = Columns::new(places.collect::<Result<Vec<_>, _>>()?);
    let at = label.map(|label| find(&table, label)).transpose()?;
    let mut labels = Vec::new();
    while let Some(row) = table.next_row()? {
        columns.add(row, path)?;
        if let Some(at) = at {
            check_label(row, at, path)?;
            labels.push(row[at].to_owned());
        }
    }
    Ok((columns.finish(&table)?, at.map(|_| labels)))
}

/// Reads pictures of `rows` × `columns` pixels from the columns `p0`, `p1`, … of a table, whatever
/// other columns it has, and the one called `label` if there is to be one.
///
/// Fails as [`read_features`] does, and if a pixel is not a whole number from 0 to 255.
///
/// [In the book](../../../book/experiments.html)
pub fn read_pixels(
    path: &Path,
    (rows, columns): (usize, usize),
    label: Option<&str>,
) -> Result<(Array3<u8>, Option<Vec<String>>), DataError> {
    let (x, labels) = read_features(path, &pixel_names(rows * columns), label)?;
    match x.iter().find(|&&number| !is_grey(number)) {
        Some(found) => Err(DataError::new(path, format!("has {found} among its pixels")).expected(
            "whole numbers from 0 (paper) to 255 (ink): scale them like the pixels that the model \
             was trained on",
        )),
        None => Ok((pictures(&x, (rows, columns)), labels)),
    }
}

fn open(path: &Path) -> Result<Rows<'_>, DataError> {
    let table = Rows::open(path, "a table whose first row names the columns")?;
    check_headings(&table.headings, path)?;
    Ok(table)
}

fn check_headings(headings: &StringRecord, path: &Path) -> Result<(), DataError> {
    let mut seen = HashMap::new();
    for (place, heading) in headings.iter().enumerate() {
        let expected = if seen.insert(heading, place).is_some() {
            "of this column alone: no two columns may have the same heading"
        } else if heading.contains('.') && heading.parse::<f64>().is_ok() {
            "of a column, not a number"
        } else {
            continue;
        };
        return Err(wrong_heading(headings, place, expected, path));
    }
    Ok(())
}

/// Where the label column is, counted from 0.
fn label_column(table: &Rows, label: Option<&str>) -> Result<usize, DataError> {
    let is_label = |&at: &usize| table.headings[at].eq_ignore_ascii_case("label");
    let called_label = || (0..table.headings.len()).rfind(is_label);
    let last = table.headings.len() - 1;
    let at = label.map_or_else(|| Ok(called_label().unwrap_or(last)), |name| find(table, name))?;
    if last == 0 {
        let label = shorten(&table.headings[at]);
        return Err(DataError::new(table.path, format!("has only the label column {label:?}"))
            .expected("columns of numbers beside it")
            .remedy("add the features to predict the labels from"));
    }
    Ok(at)
}

/// Where the column with a heading is, counted from 0.
fn find(table: &Rows, heading: &str) -> Result<usize, DataError> {
    let place = table.headings.iter().position(|name| name == heading);
    place.ok_or_else(|| no_column(table, heading))
}

fn no_column(table: &Rows, heading: &str) -> DataError {
    let (count, headings) = (table.headings.len(), list(table.headings.iter()));
    DataError::new(table.path, format!("has no column {:?}", shorten(heading)))
        .expected(format!("one of its {count} columns: {headings}"))
        .remedy("check the spelling")
}

/// Fails if a row has no label.
fn check_label(row: &StringRecord, at: usize, path: &Path) -> Result<(), DataError> {
    if is_missing(&row[at]) {
        return Err(wrong_cell(row, at, "a label (leave out rows that have none)", path));
    }
    Ok(())
}

/// The labels of all rows so far.
#[derive(Default)]
struct Classes {
    /// What the label column is called.
    heading: String,
    /// Each class by its name, numbered as they appear.
    numbers: HashMap<String, usize>,
    labels: Vec<usize>,
}

impl Classes {
    fn add(&mut self, row: &StringRecord, at: usize, path: &Path) -> Result<(), DataError> {
        let name = &row[at];
        if let Some(&class) = self.numbers.get(name) {
            self.labels.push(class);
            return Ok(());
        }
        check_label(row, at, path)?;
        if self.numbers.len() == MOST_CLASSES {
            let label = shorten(&self.heading);
            let found = format!("has more than {MOST_CLASSES} different labels by this line");
            return Err(DataError::new(path, format!("the column {label:?} {found}"))
                .line(line_of(row))
                .expected("at most as many: it looks like a measurement, not a class")
                .remedy("name the column of classes with `--label HEADING`"));
        }
        self.labels.push(self.numbers.len());
        self.numbers.insert(name.to_owned(), self.numbers.len());
        Ok(())
    }

    /// The class of each row, an index into the names of the classes in their order.
    fn finish(self) -> (Vec<usize>, Vec<String>) {
        let mut names: Vec<String> = self.numbers.keys().cloned().collect();
        sort(&mut names);
        let mut place = vec![0; names.len()];
        for (sorted, name) in names.iter().enumerate() {
            place[self.numbers[name]] = sorted;
        }
        (self.labels.into_iter().map(|class| place[class]).collect(), names)
    }
}

/// In numerical order if all are numbers, alphabetically otherwise.
pub(super) fn sort(names: &mut [String]) {
    names.sort();
    let number = |name: &String| name.parse::<f64>();
    if names.iter().all(|name| number(name).is_ok()) {
        names.sort_by(|a, b| {
            number(a).unwrap_or_default().total_cmp(&number(b).unwrap_or_default())
        });
    }
}

/// Pictures if the columns are pixels, numbers otherwise.
fn inputs(x: Array2<f64>, features: Vec<String>) -> Inputs {
    if !are_pixels(&x, &features) {
        return Inputs::Numbers { x, features };
    }
    let side = x.ncols().isqrt();
    Inputs::Pictures(pictures(&x, (side, side)))
}

/// Whether columns are the pixels of square pictures.
pub(super) fn are_pixels(x: &Array2<f64>, features: &[String]) -> bool {
    let pixels = x.ncols();
    let side = pixels.isqrt();
    side >= 2
        && side * side == pixels
        && features == pixel_names(pixels)
        && x.iter().all(|&number| is_grey(number))
}

/// What columns of pixels are called.
pub(super) fn pixel_names(pixels: usize) -> Vec<String> {
    numbered("p", 0, pixels)
}

/// Whether a number can be the grey value of a pixel.
fn is_grey(number: f64) -> bool {
    number.fract() == 0.0 && (0.0..=255.0).contains(&number)
}

/// Rows of grey values as pictures.
fn pictures(x: &Array2<f64>, (rows, columns): (usize, usize)) -> Array3<u8> {
    let grey = x.iter().map(|&grey| grey as u8).collect();
    let pictures = Array3::from_shape_vec((x.nrows(), rows, columns), grey);
    pictures.expect("a column for each pixel")
}

#[cfg(test)]
mod tests;
