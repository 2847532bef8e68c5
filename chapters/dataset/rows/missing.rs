//! Cells without a value.

/// What stands for a missing value in tables of the usual programs, in capitals or not: pandas, R, Excel,
/// SQL, Weka and people.
const MISSING: [&str; 25] = [
    "", "NA", "N/A", "n.a.", "NaN", "-NaN", "NaT", "<NA>", "#N/A", "#N/A N/A", "#NA", "#NULL!",
    "#DIV/0!", "#VALUE!", "#REF!", "null", "(null)", "None", "nil", "\\N", "?", ".", "-", "--",
    "missing",
];

/// Whether a cell is empty or stands for a missing value.
pub fn is_missing(cell: &str) -> bool {
    MISSING.iter().any(|nothing| cell.eq_ignore_ascii_case(nothing))
}
