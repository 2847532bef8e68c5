//! Tables in the text, made from reports.

use crate::number::{self, Reports};
use chapters::{CHAPTERS, gradient_check, report::Finding};
use regex::{Captures, Regex};
use serde_json::Value;

/// Every claim that is judged by several runs.
pub fn claims(reports: &Reports) -> Option<String> {
    let mut table =
        "| chapter | claim | article | here | verdict |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for chapter in &CHAPTERS {
        let (key, number) = (chapter.key(), chapter.number);
        for finding in chapter.findings(reports.report(&key)?).ok()? {
            let Finding { what, claimed, reached, verdict, .. } = finding;
            if let Some(verdict) = verdict.map(number::verdict) {
                let line = format!(
                    "| [{number}]({key}.md) | {what} | {claimed} | {reached} | {verdict} |\n"
                );
                table.push_str(&line);
            }
        }
    }
    Some(table)
}

/// The gradient table of a chapter's report.
pub fn gradients(reports: &Reports, key: &str) -> Option<String> {
    let rows = reports.report(key)?["gradient_table"].clone();
    let rows: Vec<gradient_check::Row> = serde_json::from_value(rows).ok()?;
    Some(powers_of_ten(&gradient_check::markdown(&rows)))
}

/// A list of a report, `report.list: column, column`: a row for each element, a column for each
/// name, which may be a path with filters, as in a token; texts are Markdown.
pub fn rows(reports: &Reports, wanted: &str) -> Option<String> {
    let (path, columns) = wanted.split_once(':')?;
    let (key, list) = path.trim().split_once('.')?;
    let columns: Vec<&str> = columns.split(',').map(str::trim).collect();
    let elements = reports.report(key)?.get(list)?.as_array()?;

    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let line = |name: &&str| match elements.first().map(|first| &first[name]) {
        Some(Value::Number(_)) => "---:".to_owned(),
        _ if name.contains('|') => "---:".to_owned(),
        _ => "---".to_owned(),
    };
    let heading = |name: &&str| {
        let path = name.split('|').next().unwrap_or(name).trim();
        path.rsplit('.').next().unwrap_or(path).replace('_', " ")
    };
    let headings = columns.iter().map(heading).collect();
    let mut table = row(headings) + &row(columns.iter().map(line).collect());
    for (i, element) in elements.iter().enumerate() {
        let cells = columns.iter().map(|&name| {
            if name.contains('|') {
                reports.resolve(&format!("{key}.{list}.{i}.{name}")).ok()
            } else {
                element.get(name).and_then(cell)
            }
        });
        table.push_str(&row(cells.collect::<Option<_>>()?));
    }
    Some(table)
}

/// What a cell shows of a text or of a whole number.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.replace('|', "\\|").replace('\n', "<br>")),
        number => number.as_u64().map(|whole| number::count(whole as f64)),
    }
}

/// `1.5e-10` as people write it.
fn powers_of_ten(text: &str) -> String {
    let scientific = Regex::new(r"(\d)e(-?)(\d+)").expect("the pattern is one");
    let written = scientific.replace_all(text, |found: &Captures| match &found[3] {
        "0" => found[1].to_owned(),
        power => {
            let sign = found[2].replace('-', "−");
            format!("{}\u{202f}×\u{202f}10<sup>{sign}{power}</sup>", &found[1])
        }
    });
    written.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn powers_of_ten_are_raised() {
        assert_eq!(
            powers_of_ten("| 1.387e0 | 1.5e-10 | 2e3 |"),
            "| 1.387 | 1.5\u{202f}×\u{202f}10<sup>−10</sup> | 2\u{202f}×\u{202f}10<sup>3</sup> |"
        );
    }

    #[test]
    fn list_becomes_a_table() {
        let rows_of = |report, wanted| rows(&Reports::of("faults", report), wanted);
        let report =
            json!({ "rows": [{ "fault": "a | b", "times_tried": 12000, "got": "`c`\nd" }] });
        assert_eq!(
            rows_of(report.clone(), " faults.rows: fault, times_tried, got").unwrap(),
            "| fault | times tried | got |\n| --- | ---: | --- |\n| a \\| b | 12,000 | `c`<br>d |\n"
        );
        let widths = json!({
            "rows": [{ "width": "avx2", "speed": { "peak": 97.26 }, "share": [0.5, 0.25] }]
        });
        assert_eq!(
            rows_of(widths, "faults.rows: width, speed.peak | fixed 1, share | max | percent 0")
                .unwrap(),
            "| width | peak | share |\n| --- | ---: | ---: |\n| avx2 | 97.3 | 50\u{202f}% |\n"
        );
        for wanted in ["faults.rows", "faults.columns: fault", "faults.rows: foult", "fault: a"] {
            assert_eq!(rows_of(report.clone(), wanted), None, "{wanted}");
        }
    }
}
