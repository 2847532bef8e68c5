//! What a cell of a table holds: a number, or words.

/// The number that a cell holds; true and false are 1 and 0.
pub(super) fn number(cell: &str) -> Option<f64> {
    // Most cells of pictures are whole numbers of few digits
    if (1..=3).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        let digits = cell.bytes().map(|byte| u32::from(byte - b'0'));
        return Some(digits.fold(0, |number, digit| 10 * number + digit).into());
    }
    match cell.parse() {
        Ok(number) => Some(number),
        _ if cell.eq_ignore_ascii_case("true") => Some(1.0),
        _ if cell.eq_ignore_ascii_case("false") => Some(0.0),
        _ => None,
    }
}

/// Why a cell is not read as the number that a person would see in it.
pub(super) fn not_quite(cell: &str) -> Option<&'static str> {
    let sign = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, decimals) =
        sign.rsplit_once('.').map_or((sign, ""), |(whole, decimals)| (whole, decimals));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    for separator in [',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}', '_'] {
        let all = if separator == '.' { sign } else { whole };
        let mut groups = all.split(separator);
        let first = groups.next().unwrap_or_default();
        let groups: Vec<&str> = groups.collect();
        let least = if separator == '.' { 2 } else { 1 };
        let fits = (1..=3).contains(&first.len())
            && digits(first)
            && groups.len() >= least
            && groups.iter().all(|group| group.len() == 3 && digits(group))
            && (separator == '.' || digits(decimals));
        if fits {
            return Some("a number without separators between its thousands");
        }
    }
    if cell.replacen(',', ".", 1).parse::<f64>().is_ok() {
        return Some("a number with a decimal point");
    }
    let bare = cell.trim_matches(['%', '$', '€', '£', '¥', ' ']);
    (bare != cell && bare.replace(',', "").parse::<f64>().is_ok())
        .then_some("a number without its unit")
}

/// What makes two words the same class: the value of a number, otherwise the letters, in capitals or not,
/// whatever the spaces.
pub(super) fn key(word: &str) -> String {
    match word.parse::<f64>() {
        Ok(number) if number.is_finite() => (number + 0.0).to_string(),
        _ => word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_rust_reads_them() {
        for cell in ["0", "7", "12", "255", "1000", "1.5", "-3e-4", "007"] {
            assert_eq!(number(cell), cell.parse().ok(), "{cell}");
        }
        assert_eq!(["True", "false"].map(number), [Some(1.0), Some(0.0)]);
        assert_eq!(["", "a", "1,5"].map(number), [None; 3]);
    }

    #[test]
    fn what_a_person_would_read_is_named() {
        let thousands = Some("a number without separators between its thousands");
        for cell in ["71,877", "1,234,567", "-1,234.5", "1.234.567", "1'234", "12 345", "1_000"] {
            assert_eq!(not_quite(cell), thousands, "{cell}");
        }
        for cell in ["1,5", "0,25", "-3,1415"] {
            assert_eq!(not_quite(cell), Some("a number with a decimal point"), "{cell}");
        }
        for cell in ["12 %", "$5", "1,200€"] {
            assert_eq!(not_quite(cell), Some("a number without its unit"), "{cell}");
        }
        for cell in ["alba", "1-2", "", "1.5.2", "a,b"] {
            assert_eq!(not_quite(cell), None, "{cell}");
        }
    }

    #[test]
    fn words_are_the_same_class_by_value() {
        for [a, b] in [["0", "0.0"], ["00", "-0"], ["1e1", "10"], ["Yes ", "yes"], ["a  B", "A b"]]
        {
            assert_eq!(key(a), key(b));
        }
        for [a, b] in [["1", "2"], ["yes", "no"], ["nan", "0"], ["ab", "a b"]] {
            assert_ne!(key(a), key(b));
        }
    }
}
