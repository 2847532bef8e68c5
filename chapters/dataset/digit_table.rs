//! Digits as the rows of a table: 20 × 20 pixels side by side, and the label last.
//!
//! This is the layout of the exercise that such systems grew from (Andrew Ng,
//! *Machine Learning*, exercise 3, 2011): 5,000 digits, 500 of each, and the label 10 for the digit
//! 0, because the language of the exercise counts from 1. Pixels here run along the rows of the picture,
//! left to right and top to bottom, from 0 (paper) to 255 (ink).

use std::path::Path;

use csv::StringRecord;
use ndarray::{Array2, ArrayView2, s};

use super::DataError;
use super::Digits;
use super::frame::{crop_to_ink, shrink_into};
use super::rows::{self, Rows, check_length, wrong_cell, wrong_heading};

const SIDE: usize = Digits::TABLE_SIDE;

/// Pixels of every picture.
const PIXELS: usize = SIDE * SIDE;

/// The pixels and the label.
const COLUMNS: usize = PIXELS + 1;

/// The label that stands for the digit 0 in a table.
const LABEL_OF_ZERO: usize = 10;

const EXPECTED_LABEL: &str = "a label from 1 to 10 (10 for the digit 0)";

impl Digits {
    /// Rows, and columns, of every picture of a table.
    pub const TABLE_SIDE: usize = 20;

    /// The first pictures of each digit, equally many of each and [fitted](Self::fitted): `at_most`, or
    /// as many as there are of the rarest. All zeros come first, then all ones, and so on.
    ///
    /// Fails if a digit has no picture.
    pub fn balanced(&self, at_most: usize) -> Result<Self, DataError> {
        let places = (0..10).map(|digit| self.places_of(digit)).collect::<Result<Vec<_>, _>>()?;
        let rarest = places.iter().map(Vec::len).min().unwrap_or(0);
        let count = rarest.min(at_most);
        let chosen: Vec<usize> =
            places.iter().flat_map(|of_digit| &of_digit[..count]).copied().collect();
        Ok(self.select(&chosen).fitted())
    }

    /// All pictures, cropped to their ink and centred in 20 × 20 pixels; larger ink is scaled down to
    /// fit, each new pixel being the mean of the area it covers.
    pub fn fitted(&self) -> Self {
        let mut pixels = Array2::zeros((self.len(), PIXELS));
        for (mut row, picture) in pixels.rows_mut().into_iter().zip(self.pictures().outer_iter()) {
            row.assign(&fit(&picture).flatten());
        }
        Self { pixels: pixels.into_shared(), size: (SIDE, SIDE), labels: self.labels.clone() }
    }

    /// Reads digits from a CSV file with the headings `p0` to `p399` and `label`.
    ///
    /// Fails if the file cannot be read, has other headings, no rows, a row of another length, or a
    /// cell that is not a whole number from 0 to 255 (a pixel) or from 1 to 10 (a label).
    pub fn read_csv(path: &Path) -> Result<Self, DataError> {
        let mut table =
            Rows::open(path, Some(true), "a table with the headings p0 to p399 and label")?;
        check_headings(&table.headings, path)?;

        let mut pixels = Vec::new();
        let mut labels = Vec::new();
        while let Some(row) = table.next_row()? {
            labels.push(parse_row(row, &mut pixels, path)?);
        }
        if labels.is_empty() {
            return Err(DataError::no_examples(path));
        }
        // Every label was added with its 400 pixels, so that the shape always holds.
        let pixels =
            Array2::from_shape_vec((labels.len(), PIXELS), pixels).expect("400 pixels a label");
        Ok(Self { pixels: pixels.into_shared(), size: (SIDE, SIDE), labels })
    }

    /// Writes pictures of 20 × 20 pixels as the CSV file that [`read_csv`](Self::read_csv) reads. The
    /// file appears whole or not at all.
    ///
    /// Fails if the file cannot be written, if there are no digits, or if a label is not from 0 to 9.
    pub fn write_csv(&self, path: &Path) -> Result<(), DataError> {
        if self.is_empty() {
            return Err(DataError::no_examples(path));
        }
        if let Some(row) = self.labels.iter().position(|&label| label >= LABEL_OF_ZERO) {
            let (line, label) = (row as u64 + 2, self.labels[row].to_string());
            return Err(rows::cell(path, line, COLUMNS, &label, EXPECTED_LABEL));
        }
        let rows = self.pixels.outer_iter().zip(&self.labels).map(|(pixels, &label)| {
            let label = if label == 0 { LABEL_OF_ZERO } else { label };
            pixels.iter().map(u8::to_string).chain([label.to_string()]).collect()
        });
        let headings: Vec<String> = (0..COLUMNS).map(heading).collect();
        rows::write(path, &headings, rows)
    }

    /// The positions of the pictures of a digit.
    fn places_of(&self, digit: usize) -> Result<Vec<usize>, DataError> {
        let places: Vec<usize> = (0..self.len()).filter(|&i| self.labels[i] == digit).collect();
        if places.is_empty() { Err(DataError::none_of(digit)) } else { Ok(places) }
    }
}

/// The ink of a picture of any size, centred in a picture of 20 × 20.
fn fit(picture: &ArrayView2<u8>) -> Array2<u8> {
    let ink = shrink_into(&crop_to_ink(picture), (SIDE, SIDE));
    let (rows, columns) = ink.dim();
    let (top, left) = ((SIDE - rows) / 2, (SIDE - columns) / 2);

    let mut fitted = Array2::zeros((SIDE, SIDE));
    fitted.slice_mut(s![top..top + rows, left..left + columns]).assign(&ink);
    fitted
}

/// The heading of a column: `p0` to `p399`, then `label`.
fn heading(column: usize) -> String {
    if column < PIXELS { format!("p{column}") } else { "label".to_string() }
}

fn check_headings(headings: &StringRecord, path: &Path) -> Result<(), DataError> {
    let wrong = (0..headings.len().min(COLUMNS)).find(|&at| headings[at] != heading(at));
    if let Some(at) = wrong {
        let expected = format!("{:?} (p0 to p399, then label)", heading(at));
        return Err(wrong_heading(headings, at, &expected, path));
    }
    check_length(headings, COLUMNS, path)
}

/// Appends the pixels of a row to those of the rows above it, and returns the digit that its label
/// stands for.
fn parse_row(row: &StringRecord, pixels: &mut Vec<u8>, path: &Path) -> Result<usize, DataError> {
    for column in 0..PIXELS {
        let pixel = row[column].parse();
        pixels.push(
            pixel.map_err(|_| wrong_cell(row, column, "a whole number from 0 to 255", path))?,
        );
    }
    match row[PIXELS].parse() {
        Ok(label @ 1..=LABEL_OF_ZERO) => Ok(label % LABEL_OF_ZERO),
        _ => Err(wrong_cell(row, PIXELS, EXPECTED_LABEL, path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::mnist;
    use ndarray::{Array3, array};
    use std::fs;
    use std::path::PathBuf;
    use tempfile::TempDir;

    /// Two pictures of each digit, 9 down to 0 and again; the grey of each tells them apart.
    fn twenty_digits() -> Digits {
        let mut images = Array3::zeros((20, 28, 28));
        for (i, mut picture) in images.outer_iter_mut().enumerate() {
            picture[[3, 4]] = i as u8 + 1;
        }
        Digits::new(images, (0..20).map(|i| 9 - i % 10).collect())
    }

    fn small_table() -> Digits {
        let pictures =
            Array3::from_shape_fn((3, SIDE, SIDE), |(i, j, k)| (i * 100 + j * SIDE + k) as u8);
        Digits::new(pictures, vec![0, 1, 9])
    }

    /// The lines of a valid table of three rows.
    fn small_lines() -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("digits.csv");
        small_table().write_csv(&path).unwrap();
        fs::read_to_string(path).unwrap().lines().map(str::to_string).collect()
    }

    fn file_with(text: &str) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("digits.csv");
        fs::write(&path, text).unwrap();
        (folder, path)
    }

    /// What a table is refused with, after the name of its file.
    fn refusal(text: &str) -> String {
        let (_folder, path) = file_with(text);
        let error = Digits::read_csv(&path).unwrap_err().to_string();
        error.replace(&path.display().to_string(), "FILE")
    }

    /// What the small table is refused with when one cell of line 3 is replaced.
    fn refusal_of_cell(column: usize, cell: &str) -> String {
        let mut lines = small_lines();
        let mut cells: Vec<&str> = lines[2].split(',').collect();
        cells[column - 1] = cell;
        lines[2] = cells.join(",");
        refusal(&lines.join("\n"))
    }

    #[test]
    fn rows_are_sorted_by_digit() {
        let rows = twenty_digits().balanced(2).unwrap();
        let labels = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9];
        assert_eq!(rows.labels, labels);
        assert_eq!(rows.pixels.dim(), (20, PIXELS));
    }

    #[test]
    fn the_first_pictures_of_a_digit_are_taken() {
        let rows = twenty_digits().balanced(1).unwrap();
        assert_eq!(
            rows.pixels.rows().into_iter().map(|row| row.sum()).collect::<Vec<_>>(),
            [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
        );
    }

    #[test]
    fn rarest_digit_decides_how_many_there_are_of_each() {
        let rows = twenty_digits().balanced(3).unwrap();
        assert_eq!(rows.labels.len(), 20);
    }

    #[test]
    fn missing_digit_is_named() {
        let mut digits = twenty_digits();
        digits.labels.iter_mut().for_each(|label| *label = (*label).max(1));
        let error = digits.balanced(3).unwrap_err().to_string();
        assert_eq!(error, "there is no picture of the digit 0: all ten digits are needed");
    }

    #[test]
    fn ink_is_set_in_the_middle_unchanged() {
        let mut picture = Array2::zeros((28, 28));
        picture.slice_mut(s![1..3, 20..24]).assign(&array![[1, 0, 0, 2], [0, 3, 4, 0]]);
        let fitted = fit(&picture.view());
        assert_eq!(fitted.slice(s![9..11, 8..12]), array![[1, 0, 0, 2], [0, 3, 4, 0]]);
        assert_eq!(fitted.sum(), 10);
    }

    #[test]
    fn blank_paper_stays_blank() {
        assert_eq!(fit(&Array2::zeros((28, 28)).view()), Array2::<u8>::zeros((SIDE, SIDE)));
        assert_eq!(fit(&Array2::zeros((5, 3)).view()), Array2::<u8>::zeros((SIDE, SIDE)));
    }

    #[test]
    fn ink_that_is_too_large_is_halved_by_the_mean_of_four() {
        let picture =
            Array2::from_shape_fn((40, 40), |(i, j)| if (i + j) % 2 == 0 { 200 } else { 0 });
        assert_eq!(fit(&picture.view()), Array2::from_elem((SIDE, SIDE), 100));
    }

    #[test]
    fn ink_that_is_too_large_keeps_its_proportions() {
        let fitted = fit(&Array2::from_elem((30, 15), 90).view());
        assert_eq!(fitted.slice(s![.., 5..15]), Array2::from_elem((20, 10), 90));
        assert_eq!(fitted.iter().filter(|&&grey| grey > 0).count(), 20 * 10);
    }

    #[test]
    fn a_hairline_of_any_length_keeps_its_last_pixel_of_width() {
        let fitted = fit(&Array2::from_elem((1000, 1), 255).view());
        assert_eq!(fitted.mapv(u32::from).sum(), 20 * 255);
    }

    #[test]
    fn rows_survive_a_round_trip_through_csv() {
        let (_folder, path) = file_with("old");
        small_table().write_csv(&path).unwrap();
        assert_eq!(Digits::read_csv(&path).unwrap(), small_table());
    }

    #[test]
    fn the_heading_names_pixels_and_label() {
        let heading = &small_lines()[0];
        assert!(heading.starts_with("p0,p1,p2,"));
        assert!(heading.ends_with(",p399,label"));
    }

    #[test]
    fn zero_is_labelled_ten() {
        let ends = small_lines().into_iter().skip(1);
        let labels: Vec<String> =
            ends.map(|line| line.rsplit(',').next().unwrap().into()).collect();
        assert_eq!(labels, ["10", "1", "9"]);
    }

    #[test]
    fn spaces_and_windows_line_ends_do_not_matter() {
        let (_folder, path) = file_with(&small_lines().join("\r\n").replace(',', " , "));
        assert_eq!(Digits::read_csv(&path).unwrap(), small_table());
    }

    #[test]
    fn a_short_row_is_refused() {
        let mut lines = small_lines();
        lines[3] = "1,2,3".to_string();
        assert_eq!(
            refusal(&lines.join("\n")),
            "FILE, line 4: the row has 3 columns, expected 401; correct the row"
        );
    }

    #[test]
    fn a_long_row_is_refused() {
        let mut lines = small_lines();
        lines[1].push_str(",5");
        assert_eq!(
            refusal(&lines.join("\n")),
            "FILE, line 2: the row has 402 columns, expected 401; correct the row"
        );
    }

    #[test]
    fn a_cell_that_is_no_pixel_is_refused() {
        for cell in ["256", "-1", "0.5", "ink", ""] {
            assert_eq!(
                refusal_of_cell(7, cell),
                format!(
                    "FILE, line 3, column 7: found {cell:?}, expected a whole number from 0 to \
                     255; correct the cell"
                )
            );
        }
    }

    #[test]
    fn a_cell_that_is_no_label_is_refused() {
        for cell in ["0", "11", "ten"] {
            assert_eq!(
                refusal_of_cell(401, cell),
                format!(
                    "FILE, line 3, column 401: found {cell:?}, expected a label from 1 to 10 (10 \
                     for the digit 0); correct the cell"
                )
            );
        }
    }

    #[test]
    fn an_endless_cell_is_quoted_in_part() {
        assert!(refusal_of_cell(1, &"9".repeat(1000)).len() < 150);
    }

    #[test]
    fn a_table_without_headings_is_refused() {
        let lines = small_lines();
        assert_eq!(
            refusal(&lines[1..].join("\n")),
            "FILE, line 1, column 1: found \"0\", expected the heading \"p0\" (p0 to p399, then \
             label); the first row must name the columns"
        );
    }

    #[test]
    fn headings_of_another_number_are_refused() {
        assert!(refusal("p0,p1\n").contains("line 1: the row has 2 columns"));
    }

    #[test]
    fn an_empty_file_is_refused() {
        assert!(refusal("").starts_with("FILE is empty, expected a table"));
    }

    #[test]
    fn headings_without_rows_are_refused() {
        assert!(refusal(&small_lines()[0]).starts_with("FILE holds no examples"));
    }

    #[test]
    fn a_file_that_is_not_text_is_refused() {
        let (_folder, path) = file_with("");
        fs::write(&path, [0xff, b'p', b'\n']).unwrap();
        let error = Digits::read_csv(&path).unwrap_err().to_string();
        assert!(error.contains(" is not a table in text form: "), "{error}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Digits::read_csv(Path::new("no/such/file.csv")).unwrap_err().to_string();
        assert!(error.starts_with("could not read no/such/file.csv: "));
    }

    #[test]
    fn rows_that_cannot_be_written_name_the_file() {
        let error = small_table().write_csv(Path::new("no/such/file.csv")).unwrap_err();
        assert!(error.to_string().starts_with("could not write no/such/file.csv: "));
    }

    #[test]
    #[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
    fn ink_needs_no_scaling_with_mnist() {
        let digits = mnist::load(&mnist::folder_for_tests()).unwrap().train;
        for picture in digits.pictures().outer_iter() {
            let (rows, columns) = crop_to_ink(&picture).dim();
            assert!(rows <= SIDE && columns <= SIDE);
        }
        assert_eq!(digits.balanced(500).unwrap().pixels.dim(), (5000, PIXELS));
    }
}
