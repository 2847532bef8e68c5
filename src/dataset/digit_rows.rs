//! Digits as rows of a table: 20 × 20 pixels side by side, and the label last.
//!
//! This is the layout of the exercise that systems of one digit at a time grew from (Andrew Ng,
//! *Machine Learning*, exercise 3, 2011): 5,000 digits, 500 of each, and the label 10 for the digit
//! 0, because the exercise's language counts from 1. Pixels here run along the rows of the picture,
//! left to right and top to bottom, from 0 (paper) to 255 (ink).

use std::fs::File;
use std::io::{BufReader, Write};
use std::ops::Range;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};

use super::error::Error;
use super::{Digits, atomic_file};

/// Rows, and columns, of every picture.
pub const SIDE: usize = 20;

/// Pixels of every picture.
pub const PIXELS: usize = SIDE * SIDE;

/// The pixels and the label.
const COLUMNS: usize = PIXELS + 1;

/// The label that stands for the digit 0.
pub const LABEL_OF_ZERO: u8 = 10;

/// Digits as rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitRows {
    /// Grey values from 0 (paper) to 255 (ink), shape `(m, 400)`.
    pub pixels: Array2<u8>,
    /// What each row shows, from 1 to 10, where 10 stands for the digit 0; shape `(m,)`.
    pub labels: Array1<u8>,
}

/// Makes rows of the first `per_class` pictures of each digit, all of 0 first, then all of 1, and
/// so on.
///
/// Each picture is cropped to its ink and set in the middle of 20 × 20 pixels; ink that is larger
/// is scaled down to fit, each new pixel the mean of the area it covers.
///
/// Fails where there are fewer than `per_class` pictures of a digit.
pub fn from_digits(digits: &Digits, per_class: usize) -> Result<DigitRows, Error> {
    let mut pixels = Vec::new();
    let mut labels = Vec::new();
    for digit in 0..10 {
        for picture in first_of(digits, digit, per_class)? {
            pixels.extend(fit(picture));
            labels.push(if digit == 0 { LABEL_OF_ZERO } else { digit });
        }
    }
    Ok(into_rows(pixels, labels))
}

/// Reads rows from a CSV file with the headings `p0` to `p399` and `label`.
///
/// Fails where the file cannot be read, has another heading, no rows, a row of any other length, or
/// a cell that is not a whole number from 0 to 255 (a pixel) or from 1 to 10 (a label).
pub fn read_csv(path: &Path) -> Result<DigitRows, Error> {
    let file = File::open(path).map_err(Error::unreadable(path))?;
    let mut table = ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(BufReader::new(file));
    check_headings(
        table.headers().map_err(|failure| not_csv(failure, path))?,
        path,
    )?;

    let mut pixels = Vec::new();
    let mut labels = Vec::new();
    let mut row = StringRecord::new();
    while table
        .read_record(&mut row)
        .map_err(|failure| not_csv(failure, path))?
    {
        labels.push(parse_row(&row, &mut pixels, path)?);
    }
    if labels.is_empty() {
        return Err(Error::NoExamples {
            path: path.to_path_buf(),
        });
    }
    Ok(into_rows(pixels, labels))
}

/// Writes rows as the CSV file that [`read_csv`] reads. The file appears whole or not at all.
///
/// Fails where the file cannot be written.
pub fn write_csv(path: &Path, rows: &DigitRows) -> Result<(), Error> {
    atomic_file::write(path, |file| Ok(write_table(file, rows)?)).map_err(Error::unwritable(path))
}

/// The first `count` pictures of a digit.
fn first_of(
    digits: &Digits,
    digit: u8,
    count: usize,
) -> Result<impl Iterator<Item = ArrayView2<'_, u8>>, Error> {
    let found = digits
        .labels
        .iter()
        .filter(|&&label| label == digit)
        .count();
    if found < count {
        return Err(Error::TooFew {
            digit,
            found,
            wanted: count,
        });
    }
    let pictures = digits.images.outer_iter().zip(&digits.labels);
    Ok(pictures
        .filter(move |&(_, &label)| label == digit)
        .map(|(picture, _)| picture)
        .take(count))
}

/// The ink of a picture of any size in the middle of a picture of 20 × 20.
fn fit(picture: ArrayView2<u8>) -> Array2<u8> {
    let ink = scale_down(crop_to_ink(picture));
    let (rows, columns) = ink.dim();
    let (top, left) = ((SIDE - rows) / 2, (SIDE - columns) / 2);

    let mut fitted = Array2::zeros((SIDE, SIDE));
    fitted
        .slice_mut(s![top..top + rows, left..left + columns])
        .assign(&ink);
    fitted
}

/// The smallest part of a picture that holds all its ink, 0 × 0 for blank paper.
fn crop_to_ink(picture: ArrayView2<u8>) -> ArrayView2<u8> {
    let rows = span_of_ink(picture, Axis(0));
    let columns = span_of_ink(picture, Axis(1));
    picture.slice_move(s![rows, columns])
}

/// From the first to the last row (or column, along the other axis) with ink.
fn span_of_ink(picture: ArrayView2<u8>, axis: Axis) -> Range<usize> {
    let has_ink = |line: ArrayView1<u8>| line.iter().any(|&grey| grey > 0);
    let mut inked = picture.axis_iter(axis).map(has_ink);
    let first = inked.clone().position(|ink| ink);
    let last = inked.rposition(|ink| ink);
    first
        .zip(last)
        .map_or(0..0, |(first, last)| first..last + 1)
}

/// Ink no larger than 20 × 20, in its own proportions.
fn scale_down(ink: ArrayView2<u8>) -> Array2<u8> {
    let (rows, columns) = ink.dim();
    let longest = rows.max(columns);
    if longest <= SIDE {
        return ink.to_owned();
    }
    // Take the mean over the area of each new pixel, first down, then across
    let scaled = |length: usize| ((length * SIDE + longest / 2) / longest).max(1);
    let down = shares(rows, scaled(rows));
    let across = shares(columns, scaled(columns));
    let means = down.dot(&ink.mapv(f64::from)).dot(&across.t());
    means.mapv(|mean| mean.round() as u8)
}

/// How much of each new pixel comes from each old one when a line of `old` pixels becomes one of
/// `new`. Shape `(new, old)`; every row sums to 1.
fn shares(old: usize, new: usize) -> Array2<f64> {
    let width = old as f64 / new as f64;
    Array2::from_shape_fn((new, old), |(i, j)| {
        let (start, end) = (i as f64 * width, (i + 1) as f64 * width);
        let overlap = end.min((j + 1) as f64) - start.max(j as f64);
        overlap.max(0.0) / width
    })
}

/// The heading of a column: `p0` to `p399`, then `label`.
fn heading(column: usize) -> String {
    if column < PIXELS {
        format!("p{column}")
    } else {
        "label".to_string()
    }
}

fn check_headings(headings: &StringRecord, path: &Path) -> Result<(), Error> {
    if headings.is_empty() {
        let expected = "a table with the headings p0 to p399 and label";
        return Err(Error::EmptyFile {
            path: path.to_path_buf(),
            expected,
        });
    }
    for (column, found) in headings.iter().enumerate().take(COLUMNS) {
        let expected = heading(column);
        if found != expected {
            let (path, found) = (path.to_path_buf(), shorten(found));
            return Err(Error::Heading {
                path,
                column: column + 1,
                found,
                expected,
            });
        }
    }
    check_length(headings, path)
}

/// Adds the pixels of a row to those of the rows above it, and returns its label.
fn parse_row(row: &StringRecord, pixels: &mut Vec<u8>, path: &Path) -> Result<u8, Error> {
    check_length(row, path)?;
    for column in 0..PIXELS {
        let pixel = row[column].parse();
        pixels.push(
            pixel.map_err(|_| wrong_cell(row, column, "a whole number from 0 to 255", path))?,
        );
    }
    match row[PIXELS].parse() {
        Ok(label @ 1..=LABEL_OF_ZERO) => Ok(label),
        _ => Err(wrong_cell(
            row,
            PIXELS,
            "a label from 1 to 10 (10 for the digit 0)",
            path,
        )),
    }
}

fn check_length(row: &StringRecord, path: &Path) -> Result<(), Error> {
    if row.len() == COLUMNS {
        return Ok(());
    }
    let (path, line) = (path.to_path_buf(), line_of(row));
    Err(Error::RowLength {
        path,
        line,
        found: row.len(),
        expected: COLUMNS,
    })
}

fn wrong_cell(row: &StringRecord, column: usize, expected: &'static str, path: &Path) -> Error {
    Error::Cell {
        path: path.to_path_buf(),
        line: line_of(row),
        column: column + 1,
        found: shorten(&row[column]),
        expected,
    }
}

fn line_of(row: &StringRecord) -> u64 {
    row.position().map_or(1, csv::Position::line)
}

/// Enough of a cell to recognise it by, however long it is.
fn shorten(cell: &str) -> String {
    cell.chars().take(20).collect()
}

fn not_csv(failure: csv::Error, path: &Path) -> Error {
    if failure.is_io_error() {
        Error::unreadable(path)(failure.into())
    } else {
        Error::NotCsv {
            path: path.to_path_buf(),
            source: failure,
        }
    }
}

fn into_rows(pixels: Vec<u8>, labels: Vec<u8>) -> DigitRows {
    // Every label was added with its 400 pixels, so that the shape always holds.
    let pixels =
        Array2::from_shape_vec((labels.len(), PIXELS), pixels).expect("400 pixels a label");
    DigitRows {
        pixels,
        labels: Array1::from(labels),
    }
}

fn write_table(file: impl Write, rows: &DigitRows) -> csv::Result<()> {
    let mut table = csv::Writer::from_writer(file);
    table.write_record((0..COLUMNS).map(heading))?;
    for (pixels, label) in rows.pixels.outer_iter().zip(&rows.labels) {
        table.write_record(pixels.iter().chain([label]).map(u8::to_string))?;
    }
    Ok(table.flush()?)
}
