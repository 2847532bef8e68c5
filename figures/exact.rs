//! Numbers as one writes them with a pencil.

/// The largest denominator of a fraction.
const LARGEST: u32 = 100;
/// The largest number whose logarithm is recognised.
const LOGARITHMS: u32 = 9;

/// A number as a fraction, as a logarithm or as the sum of both; otherwise with three decimals.
pub fn exact(value: f64) -> String {
    let sum = |number: f64| {
        let rest = fraction(value - number.ln(), 10)?;
        Some(if rest == "0" { format!("ln {number}") } else { format!("{rest} + ln {number}") })
    };
    let numbers = || (2..=LOGARITHMS).map(f64::from);
    let negative =
        |number: f64| (fraction(value + number.ln(), 1)? == "0").then(|| format!("−ln {number}"));
    fraction(value, LARGEST)
        .or_else(|| numbers().find_map(sum))
        .or_else(|| numbers().find_map(negative))
        .unwrap_or_else(|| format!("{value:.3}").replace('-', "−"))
}

/// The fraction with the smallest denominator that is this number.
fn fraction(value: f64, largest: u32) -> Option<String> {
    let is_whole = |number: f64| (number - number.round()).abs() < 1e-9;
    let denominator = (1..=largest).find(|&d| is_whole(value * f64::from(d)))?;
    let numerator = (value * f64::from(denominator)).round();
    let sign = if numerator < 0.0 { "−" } else { "" };
    let over = if denominator == 1 { String::new() } else { format!("/{denominator}") };
    Some(format!("{sign}{}{over}", numerator.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_and_logarithms_are_recognised() {
        let ln = |number: f64| number.ln();
        let numbers = [0.0, 1.0, -0.25, 0.6, -0.09, ln(2.0), -ln(3.0), 0.2 + ln(3.0), -0.123_456];
        let written = ["0", "1", "−1/4", "3/5", "−9/100", "ln 2", "−ln 3", "1/5 + ln 3", "−0.123"];
        assert_eq!(numbers.map(exact), written);
    }
}
