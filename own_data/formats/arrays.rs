//! What arrays of any type and shape mean as examples, and as their labels.

use ndarray::{Array2, Array3, ArrayD, ArrayView1, Ix2};

use super::Inputs;
use super::labelled::numbered;
use super::npy::{Array, Values};
use super::table::stretched;
use crate::Input;
use chapters::dataset::DataError;
use chapters::dataset::numbers::Numbers;
use chapters::dataset::rows::is_missing;
use chapters::report::short;

/// Rows are taken for pictures only if they have at least as many pixels, 8 × 8, and at least one as
/// light as this: smaller ones may well be counts, or answers to questions.
const FEWEST_PIXELS: usize = 64;
const LIGHTEST_AT_LEAST: f64 = 15.0;
/// How far a grey value may be from a whole one, of 255, as single precision makes it.
const ROUNDING: f64 = 1e-3;
/// Whole numbers below this are exact in double precision: 2⁵³.
const EXACT: f64 = 9_007_199_254_740_992.0;

const MEASURED: &str = "it looks like a measured quantity: this program tells classes apart";

impl Array {
    /// The array as examples like those that are `wanted`.
    ///
    /// Pictures have the shape `(m, rows, columns)`, perhaps with another axis of length 1, or `(m, n)`
    /// where `n` is a square of at least 8 × 8 and all numbers are grey values: whole ones from 0 to 255,
    /// or multiples of 1/255. In other arrays of shape `(m, n)`, each row is an example. `is_plain` says
    /// that bytes of shape `(m, rows, columns)` are grey values, and that rows are no pictures.
    ///
    /// Fails for words, for pictures in colours, and for pictures whose grey is neither from 0 to 255 nor
    /// from 0 to 1. `notes` tells if it is rounded.
    pub(super) fn inputs(
        self,
        is_plain: bool,
        wanted: Option<&Input>,
        notes: &mut Vec<String>,
    ) -> Result<Inputs, DataError> {
        let Self { place, shape, values, .. } = self;
        let (Values::Numbers(numbers) | Values::Truths(numbers)) = values else {
            return Err(place.refuse("numbers", "encode words as numbers"));
        };
        let Some((&m, each)) = shape.split_first().filter(|_| !shape.contains(&0)) else {
            return Err(match shape[..] {
                [m, rows, columns] if m > 0 => DataError::no_pixels(&place.path, rows, columns),
                _ => DataError::no_examples(&place.path),
            });
        };
        let size: usize = each.iter().product();
        let mut pictures = |numbers: Numbers, m: usize, size: (usize, usize)| {
            let (least, most) = numbers.range();
            if !(0.0 <= least && most <= 255.0) {
                let [least, most] = [least, most].map(short);
                let expected =
                    format!("grey values from 0 to 255 or from 0 to 1, not {least} to {most}");
                let remedy = "scale them with `(x - x.min()) / (x.max() - x.min())`";
                return Err(place.refuse(expected, remedy));
            }
            if !is_grey(&numbers) {
                notes.push(format!("{} was rounded to 256 values of grey", place.what));
            }
            Ok(Inputs::Pictures(greys(numbers, (m, size.0, size.1), notes)))
        };

        match (&numbers, each, wanted) {
            (Numbers::Bytes(_), &[rows, columns], _) if is_plain => {
                let grey = row_by_row(numbers.into_bytes(1.0));
                let grey = Array3::from_shape_vec((m, rows, columns), grey);
                return Ok(Inputs::Pictures(grey.expect("a number for each pixel")));
            }
            (.., Some(&Input::Pictures { rows, columns })) if size == rows * columns => {
                return pictures(numbers, m, (rows, columns));
            }
            (.., Some(&Input::Pictures { rows, columns })) if shape == [rows, columns] => {
                return pictures(numbers, 1, (rows, columns));
            }
            (.., Some(Input::Numbers { features, .. })) if size == features.len() => {
                return Ok(rows(numbers, (m, size)));
            }
            _ => (),
        }
        let side = size.isqrt();
        let longer: Vec<usize> = each.iter().copied().filter(|&length| length > 1).collect();
        match longer[..] {
            [] | [_] if !each.is_empty() => {
                let may_be_pictures = !is_plain && size >= FEWEST_PIXELS && side * side == size;
                if may_be_pictures && is_grey(&numbers) && is_light(&numbers) {
                    pictures(numbers, m, (side, side))
                } else {
                    Ok(rows(numbers, (m, size)))
                }
            }
            [rows, columns] => pictures(numbers, m, (rows, columns)),
            [3 | 4, ..] | [.., 3 | 4] => Err(place.refuse(
                "grey pictures (count, rows, columns), not pictures in colours",
                "average the colours, as `x.mean(axis=-1)` does where they are the last axis",
            )),
            _ => Err(place.refuse(
                "pictures (count, rows, columns) or rows of numbers (count, columns)",
                if each.is_empty() {
                    "check that these are not the labels"
                } else {
                    "make a row of each example with `x.reshape(len(x), -1)`"
                },
            )),
        }
    }

    /// The name of each example's class: a whole number, a word, `True` or `False`. The shape is `(m)`, or
    /// `(m, 1)`, or `(m, classes)` with a 1 in the column of the class and 0 elsewhere.
    ///
    /// Fails for labels that are missing or are not whole, and for any other shape. `notes` tells of
    /// columns.
    pub(super) fn labels(self, notes: &mut Vec<String>) -> Result<Vec<String>, DataError> {
        let Self { place, shape, values, .. } = self;
        let missing = |at: usize| {
            let expected =
                format!("a label for each example, but the one at position {at} is missing");
            place.refuse(expected, "leave the example out")
        };
        let is_column = shape.iter().filter(|&&length| length != 1).count() < 2;
        let numbers = match values {
            Values::Words(words) if is_column => {
                let without = words.iter().position(|word| is_missing(word.trim()));
                return without.map_or(Ok(words), |at| Err(missing(at)));
            }
            Values::Truths(truths) if is_column => {
                let name = |truth: u8| if truth == 0 { "False" } else { "True" };
                let truths = row_by_row(truths.into_bytes(1.0));
                return Ok(truths.into_iter().map(|truth| name(truth).to_owned()).collect());
            }
            Values::Numbers(numbers) | Values::Truths(numbers) => Some(numbers.into_doubles()),
            Values::Words(_) => None,
        };
        let (Some(column), told) = column(numbers, is_column) else {
            let expected = "a label for each example, or a column with 0 and 1 for each class";
            return Err(place.refuse(expected, "check that these are the labels"));
        };
        notes.extend(told.map(|told| format!("{} {told}", place.what)));
        if let Some(at) = column.iter().position(|label| label.is_nan()) {
            return Err(missing(at));
        }
        let is_whole = |label: &f64| label.fract() == 0.0 && label.abs() < EXACT;
        match column.iter().find(|label| !is_whole(label)) {
            Some(found) => Err(place.refuse(format!("whole numbers, but found {found}"), MEASURED)),
            None => Ok(column.iter().map(|&label| (label as i64).to_string()).collect()),
        }
    }
}

/// The number that is each example's class, and what to say about that, if anything.
fn column(numbers: Option<ArrayD<f64>>, is_column: bool) -> (Option<Vec<f64>>, Option<String>) {
    let Some(numbers) = numbers else { return (None, None) };
    if is_column {
        return (Some(row_by_row(numbers)), None);
    }
    let Ok(rows) = numbers.into_dimensionality::<Ix2>() else { return (None, None) };
    let columns = rows.ncols();
    let one = |row: ArrayView1<f64>| {
        let is_one_hot = row.iter().all(|&x| x == 0.0 || x == 1.0) && row.sum() == 1.0;
        row.iter().position(|&x| is_one_hot && x == 1.0).map(|class| class as f64)
    };
    if let Some(classes) = rows.rows().into_iter().map(one).collect() {
        let told = format!("has a column for each class: they are called 0 to {}", columns - 1);
        return (Some(classes), Some(told));
    }
    // The class, then who wrote the digit, and where it is kept
    let is_qmnist = columns == 8 && rows.column(0).iter().all(|class| (0.0..10.0).contains(class));
    let told = "has eight columns, as QMNIST's labels do: the first is the class";
    if is_qmnist { (Some(rows.column(0).to_vec()), Some(told.to_owned())) } else { (None, None) }
}

/// The numbers with the last axis running fastest, wherever they are in memory.
fn row_by_row<N: Copy>(array: ArrayD<N>) -> Vec<N> {
    if array.is_standard_layout() {
        return array.into_raw_vec_and_offset().0;
    }
    array.iter().copied().collect()
}

/// Each row as an example of its own, under numbers for names.
fn rows(numbers: Numbers, shape: (usize, usize)) -> Inputs {
    let x = Array2::from_shape_vec(shape, row_by_row(numbers.into_doubles()));
    let features = numbered("x", 1, shape.1);
    Inputs::Numbers { x: x.expect("as many numbers as before"), features }
}

/// Grey values from 0 to 255, or from 0 to 1, as pictures; those of few levels of grey are stretched.
fn greys(numbers: Numbers, shape: (usize, usize, usize), notes: &mut Vec<String>) -> Array3<u8> {
    let is_whole = matches!(numbers, Numbers::Bytes(_));
    let scale = if is_whole || numbers.range().1 > 1.0 { 1.0 } else { 255.0 };
    let greys = Array3::from_shape_vec(shape, row_by_row(numbers.into_bytes(scale)));
    let greys = greys.expect("as many numbers as before");
    if is_whole { stretched(greys, notes) } else { greys }
}

/// Whether all numbers are whole ones from 0 to 255, or multiples of 1/255 up to 1.
fn is_grey(numbers: &Numbers) -> bool {
    let Numbers::Doubles(doubles) = numbers else { return true };
    let (least, most) = numbers.range();
    let is_multiple = |&x: &f64| (255.0 * x - (255.0 * x).round()).abs() < ROUNDING;
    0.0 <= least && most <= 1.0 && doubles.iter().all(is_multiple)
}

/// Whether the lightest pixel is light enough for a picture.
fn is_light(numbers: &Numbers) -> bool {
    match numbers {
        Numbers::Bytes(_) => numbers.range().1 >= LIGHTEST_AT_LEAST,
        Numbers::Doubles(_) => true,
    }
}
