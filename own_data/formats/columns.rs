//! Columns of numbers, and everything that can be wrong with them: reported at the end, so that the
//! reader learns of all gaps at once.

use std::path::Path;

use csv::StringRecord;
use ndarray::Array2;

use chapters::dataset::DataError;
use chapters::dataset::rows::{Rows, line_of, shorten, wrong_cell};
use chapters::report::counted;

/// Columns of numbers that grow row by row.
#[derive(Default)]
pub struct Columns {
    columns: Vec<Column>,
    /// Row by row; `NAN` where there is no number.
    numbers: Vec<f64>,
    rows: usize,
    missing_cells: usize,
    missing_rows: usize,
    /// Line and column of the first missing cell.
    first_missing: Option<(u64, usize)>,
}

struct Column {
    /// Where it is in the table, counted from 0.
    place: usize,
    has_numbers: bool,
    /// Its first cell that is neither a number nor missing.
    wrong: Option<DataError>,
}

impl Columns {
    /// Columns at these positions of a table, counted from 0.
    pub fn new(places: impl IntoIterator<Item = usize>) -> Self {
        let column = |place| Column { place, has_numbers: false, wrong: None };
        Self { columns: places.into_iter().map(column).collect(), ..Self::default() }
    }

    /// Adds a row. Fails if a number is infinite or has a decimal comma.
    pub fn add(&mut self, row: &StringRecord, path: &Path) -> Result<(), DataError> {
        let missing_before = self.missing_cells;
        for column in &mut self.columns {
            let number = column.read(row, path)?;
            if number.is_none() {
                self.missing_cells += 1;
                self.first_missing.get_or_insert((line_of(row), column.place + 1));
            }
            self.numbers.push(number.unwrap_or(f64::NAN));
        }
        self.rows += 1;
        self.missing_rows += usize::from(self.missing_cells > missing_before);
        Ok(())
    }

    /// The numbers of all rows, shape `(m, columns)`.
    ///
    /// Fails if there are no rows, a column is text, a cell is not a number, or values are missing.
    pub fn finish(mut self, table: &Rows) -> Result<Array2<f64>, DataError> {
        self.check(table)?;
        let shape = (self.rows, self.columns.len());
        Ok(Array2::from_shape_vec(shape, self.numbers).expect("a number for every column and row"))
    }

    fn check(&mut self, table: &Rows) -> Result<(), DataError> {
        let path = table.path;
        if self.rows == 0 {
            return Err(DataError::no_examples(path));
        }
        let is_text = |column: &&Column| column.wrong.is_some() && !column.has_numbers;
        let text = self.columns.iter().filter(is_text).map(|column| &table.headings[column.place]);
        let columns = list(text);
        if !columns.is_empty() {
            return Err(DataError::new(path, format!("holds text in the columns {columns}"))
                .expected("numbers, which are all that a network can read")
                .remedy(
                    "leave these columns out, encode their categories as numbers, or, if one of \
                     them is the class, name it with `--label HEADING`",
                ));
        }
        if let Some(wrong) = self.columns.iter_mut().find_map(|column| column.wrong.take()) {
            return Err(wrong);
        }
        self.first_missing.map_or(Ok(()), |(line, column)| {
            let values = counted(self.missing_cells, "missing value", "missing values");
            let rows = counted(self.missing_rows, "row", "rows");
            let first = format!("the first in line {line}, column {column}");
            let found = format!("has {values} in {rows}, {first}");
            Err(DataError::new(path, found).remedy("fill them in, or leave out those rows"))
        })
    }
}

impl Column {
    /// The number in a row, `NAN` if there is something else, nothing if it is missing.
    fn read(&mut self, row: &StringRecord, path: &Path) -> Result<Option<f64>, DataError> {
        let cell = &row[self.place];
        let wrong = |expected| wrong_cell(row, self.place, expected, path);
        match cell.parse::<f64>() {
            Ok(number) if number.is_infinite() => Err(wrong("a finite number")),
            Ok(number) if number.is_finite() => {
                self.has_numbers = true;
                Ok(Some(number))
            }
            _ if is_missing(cell) => Ok(None),
            _ if cell.replace(',', ".").parse::<f64>().is_ok() => {
                Err(wrong("a number with a decimal point"))
            }
            _ => {
                self.wrong.get_or_insert_with(|| wrong("a number"));
                Ok(Some(f64::NAN))
            }
        }
    }
}

/// Whether a cell is empty or stands for a missing value.
pub fn is_missing(cell: &str) -> bool {
    ["", "NA", "NaN", "?", "null"].iter().any(|nothing| cell.eq_ignore_ascii_case(nothing))
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
