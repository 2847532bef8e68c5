//! Numbers in the text: `{{= chapter_03.sweep.hidden=50.fresh | median | percent 1 }}`.

use crate::{
    error::BindError,
    files::{files_in, read},
};
use chapters::{
    metrics::{mean_and_deviation, quantile},
    report::{Claimed, Verdict, grouped},
};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// Between a number and its unit.
const NARROW_SPACE: char = '\u{202f}';

/// More digits than any double has.
const MOST_DIGITS: usize = 20;

/// The sources of numbers: the committed reports by chapter, such as `chapter_03`, and what the oracles
/// computed, such as `oracle_03`.
pub struct Reports(BTreeMap<String, Value>);

/// What a token stands for, on its way through the filters.
#[derive(Clone, Debug)]
enum Found {
    Numbers(Vec<f64>),
    Number(f64),
    Text(String),
}

impl Reports {
    /// Reads the reports and the oracles of the project.
    pub fn read(project: &Path) -> Result<Self, BindError> {
        let mut reports = BTreeMap::new();
        for (folder, part) in [("book/reports", Some("report")), ("tests/oracle", None)] {
            for path in files_in(&project.join(folder), "json")? {
                let mut value: Value =
                    serde_json::from_str(&read(&path)?).map_err(BindError::unreadable(&path))?;
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                let (key, value) = match part {
                    Some(part) => (stem.into_owned(), value[part].take()),
                    None => (stem.replace("chapter", "oracle"), value),
                };
                reports.insert(key, value);
            }
        }
        Ok(Self(reports))
    }

    /// One report alone.
    #[cfg(test)]
    pub fn of(key: &str, report: Value) -> Self {
        Self(BTreeMap::from([(key.to_owned(), report)]))
    }

    /// The report of a chapter, such as `chapter_03`.
    pub fn report(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The text in place of a token: a path into a report, then filters.
    pub fn resolve(&self, token: &str) -> Result<String, String> {
        let mut parts = token.split('|').map(str::trim);
        let path = parts.next().unwrap_or_default();
        let mut found = self.find(path)?;
        let mut filters = parts.peekable();
        while let Some(filter) = filters.next() {
            let words: Vec<&str> = filter.split_whitespace().collect();
            found = apply(found, &words)?;
            if matches!(found, Found::Text(_)) && filters.peek().is_some() {
                return Err(format!("nothing can follow `{filter}`"));
            }
        }
        match found {
            Found::Text(text) => Ok(text),
            Found::Number(x) if x.fract() == 0.0 => Ok(count(x)),
            Found::Number(_) => Err("say how to format it: percent 1, fixed 3, …".to_owned()),
            Found::Numbers(many) => {
                Err(format!("it has {} values: take the median, the mean, …", many.len()))
            }
        }
    }

    fn find(&self, path: &str) -> Result<Found, String> {
        let (key, below) = path.split_once('.').ok_or("it names no value")?;
        let report = self.0.get(key).ok_or_else(|| {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            format!("there is no report {key}; there are {}", known.join(", "))
        })?;
        let segments = segments(below);
        value_at(report, &segments, key).and_then(|value| to_found(&value, path))
    }
}

/// Cuts a path at its dots, except for those of decimals, as in `margins.margin=0.01.bound`.
fn segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut rest = path;
    while let Some(dot) = rest.match_indices('.').map(|(i, _)| i).find(|&i| {
        let (before, after) = (&rest[..i], &rest[i + 1..]);
        !(before.contains('=') && after.starts_with(|c: char| c.is_ascii_digit()))
    }) {
        segments.push(&rest[..dot]);
        rest = &rest[dot + 1..];
    }
    segments.push(rest);
    segments
}

/// Walks down a report. A segment is a name, a position, `*` for all, or `name=value` for the first
/// element with this value.
fn value_at(value: &Value, segments: &[&str], so_far: &str) -> Result<Value, String> {
    let Some((segment, rest)) = segments.split_first() else { return Ok(value.clone()) };
    let below = match value {
        Value::Object(map) => map.get(*segment),
        Value::Array(values) if *segment == "*" => {
            let each = values.iter().map(|value| value_at(value, rest, so_far));
            return each.collect::<Result<_, _>>().map(Value::Array);
        }
        Value::Array(values) => match segment.split_once('=') {
            Some((name, wanted)) => values.iter().find(|value| same(&value[name], wanted)),
            None => segment.parse::<usize>().ok().and_then(|i| values.get(i)),
        },
        _ => None,
    };
    let below = below.ok_or_else(|| format!("{so_far} has no `{segment}`"))?;
    value_at(below, rest, &format!("{so_far}.{segment}"))
}

/// Whether a value is what a token's `name=value` asks for.
fn same(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Number(number) => number.as_f64() == wanted.parse().ok(),
        _ => false,
    }
}

fn to_found(value: &Value, path: &str) -> Result<Found, String> {
    let number = |value: &Value| match value {
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        _ => value.as_f64(),
    };
    match value {
        Value::String(text) => Ok(Found::Text(text.clone())),
        Value::Array(values) => values
            .iter()
            .map(number)
            .collect::<Option<Vec<f64>>>()
            .map(Found::Numbers)
            .ok_or_else(|| format!("{path} is not a list of numbers")),
        _ => number(value).map(Found::Number).ok_or_else(|| format!("{path} is not a number")),
    }
}

fn apply(found: Found, words: &[&str]) -> Result<Found, String> {
    match (found, words) {
        (Found::Numbers(many), ["joined"]) => {
            let each: Vec<String> = many.iter().map(f64::to_string).collect();
            Ok(Found::Text(each.join("-")))
        }
        (Found::Numbers(many), words) if !many.is_empty() => reduce(&many, words),
        (Found::Number(x), words) => write(x, words).map(Found::Text),
        (_, words) => Err(format!("`{}` cannot be applied here", words.join(" "))),
    }
}

/// Turns many numbers into one, or into a verdict.
fn reduce(many: &[f64], words: &[&str]) -> Result<Found, String> {
    let number = match words {
        ["first"] => many[0],
        ["last"] => many[many.len() - 1],
        ["min"] => quantile(many, 0.0),
        ["max"] => quantile(many, 1.0),
        ["median"] => quantile(many, 0.5),
        ["mean"] => mean_and_deviation(many).0,
        ["deviation"] => mean_and_deviation(many).1,
        ["sum"] => many.iter().sum(),
        ["length"] => many.len() as f64,
        ["quantile", p] => quantile(many, parse(p)?),
        ["verdict", "true"] => return Ok(Found::Text(verdict(Verdict::on_statement(many)))),
        ["verdict", bound @ ("at_least" | "at_most"), claimed] => {
            let claimed = parse(claimed)?;
            let at_least = *bound == "at_least";
            let claimed =
                if at_least { Claimed::AtLeast(claimed) } else { Claimed::AtMost(claimed) };
            return Ok(Found::Text(verdict(Verdict::on_number(claimed, many))));
        }
        _ => return Err(format!("`{}` does not turn a list into a number", words.join(" "))),
    };
    Ok(Found::Number(number))
}

/// A verdict as the pages show it.
pub fn verdict(verdict: Verdict) -> String {
    let class = verdict.to_string().replace(' ', "-");
    format!("<span class=\"verdict {class}\">{verdict}</span>")
}

/// Formats a number as the words say.
fn write(x: f64, words: &[&str]) -> Result<String, String> {
    let (format, digits) = match words {
        [format, digits] => (*format, parse(digits)?),
        [format] => (*format, 0),
        _ => return Err("a format is a word and a number of digits".to_owned()),
    };
    if digits > MOST_DIGITS {
        return Err(format!("a number has at most {MOST_DIGITS} digits after its point"));
    }
    let fixed = |x: f64| format!("{x:.digits$}").replace('-', "−");
    match format {
        "percent" => Ok(format!("{}{NARROW_SPACE}%", fixed(100.0 * x))),
        "points" => Ok(fixed(100.0 * x)),
        "fixed" => Ok(fixed(x)),
        "count" => Ok(count(x)),
        "scientific" => Ok(scientific(x, digits)),
        _ => Err(format!(
            "there is no format `{format}`; the formats are percent, points, fixed, count and scientific"
        )),
    }
}

/// A whole number, with commas between its thousands.
pub fn count(x: f64) -> String {
    grouped(x.round() as usize)
}

fn scientific(x: f64, digits: usize) -> String {
    let text = format!("{x:.digits$e}").replace('-', "−");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{mantissa}{NARROW_SPACE}×{NARROW_SPACE}10<sup>{exponent}</sup>")
}

fn parse<T: std::str::FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reports() -> Reports {
        let report = json!({
            "accuracy": 0.9146, "name": "MNIST", "count": 60000, "tiny": 2.34e-8, "truths": [true, false], "rates": [{ "rate": 0.1, "cost": 2.0 }],
            "sweep": [{ "hidden": 4, "fresh": [0.9, 0.8, 1.0] }, { "hidden": 50, "fresh": [0.5, 0.7] }]
        });
        Reports::of("chapter_03", report)
    }

    #[test]
    fn numbers_are_written_as_told() {
        for (token, expected) in [
            ("chapter_03.accuracy | percent 1", "91.5\u{202f}%"),
            ("chapter_03.accuracy | points 0", "91"),
            ("chapter_03.accuracy | fixed 2", "0.91"),
            ("chapter_03.tiny | scientific 1", "2.3\u{202f}×\u{202f}10<sup>−8</sup>"),
            ("chapter_03.count", "60,000"),
            ("chapter_03.name", "MNIST"),
            ("chapter_03.sweep.hidden=50.fresh | median | percent 0", "60\u{202f}%"),
            ("chapter_03.sweep.0.fresh | max | fixed 1", "1.0"),
            ("chapter_03.sweep.*.hidden | sum", "54"),
            ("chapter_03.sweep.*.hidden | joined", "4-50"),
            ("chapter_03.rates.rate=0.1.cost | fixed 1", "2.0"),
            ("chapter_03.truths | mean | percent 0", "50\u{202f}%"),
        ] {
            assert_eq!(reports().resolve(token).as_deref(), Ok(expected), "{token}");
        }
    }

    #[test]
    fn tokens_that_lead_nowhere_are_refused() {
        for (token, reason) in [
            ("chapter_09.accuracy", "there is no report chapter_09; there are chapter_03"),
            ("chapter_03.precision", "chapter_03 has no `precision`"),
            ("chapter_03.sweep.hidden=3.fresh", "chapter_03.sweep has no `hidden=3`"),
            ("chapter_03.accuracy", "say how to format it: percent 1, fixed 3, …"),
            (
                "chapter_03.sweep.0.fresh | percent 1",
                "`percent 1` does not turn a list into a number",
            ),
            ("chapter_03.accuracy | percent 1 | fixed 1", "nothing can follow `percent 1`"),
            (
                "chapter_03.accuracy | fixed 999999999",
                "a number has at most 20 digits after its point",
            ),
        ] {
            assert_eq!(reports().resolve(token).unwrap_err(), reason, "{token}");
        }
    }

    #[test]
    fn verdict_is_given_by_the_rule() {
        let verdict = |filter: &str| {
            let token = format!("chapter_03.{filter}");
            reports().resolve(&token).unwrap()
        };
        let holds = verdict("sweep.hidden=4.fresh | verdict at_least 0.8");
        assert_eq!(holds, "<span class=\"verdict holds\">holds</span>");
        assert!(verdict("truths | verdict true").contains("not supported"));
    }
}
