//! What is printed about a finished training.

use crate::{error::Error, output};
use chapters::{
    metrics::ClassScores,
    report::{counted, percent, short},
};
use console::truncate_str;
use figures::kit::one_line;
use own_data::{Calibration, TrainingReport, Verdict};
use std::path::Path;

/// As many classes fit on a screen.
const MOST_CLASSES: usize = 26;
/// More columns of a name are cut off.
const LONGEST: usize = 40;
/// Of more, these are shown.
const WORST: usize = 10;

pub fn print(report: &TrainingReport, model: &Path) -> Result<(), Error> {
    let sizes: Vec<String> = report.sizes.iter().map(usize::to_string).collect();
    let accuracy = |error: f64| percent(1.0 - error);
    let held_out = report.on_held_out.map_or_else(String::new, |judged| {
        format!(", {} on {} validation examples", accuracy(judged.error), report.held_out)
    });
    output::print_line(&format!(
        "{} after {}: accuracy {} on {} training examples{held_out}.",
        sizes.join("-"),
        counted(report.kept, "epoch", "epochs"),
        accuracy(report.on_training.error),
        report.examples,
    ))?;
    let Verdict { balanced_accuracy, .. } = report.verdict;
    if report.verdict.is_lopsided() {
        let (baseline, balanced) = (report.verdict.baseline(), percent(balanced_accuracy));
        output::print_line(&format!("Balanced accuracy {balanced}; {baseline}."))?;
    }
    if let Some(stopped) = report.stopped() {
        output::print_line(&format!("{stopped}."))?;
    }
    print_classes(&report.classes, &report.verdict)?;
    if let Some(calibration) = &report.calibration {
        output::print_line(&on_calibration(calibration))?;
    }
    output::print_line(&format!(
        "The model is {}, with report and figures beside it; `handwritten predict` uses it.",
        model.display()
    ))
}

/// How far the probabilities can be trusted.
fn on_calibration(Calibration { temperature, before, after }: &Calibration) -> String {
    let [error_before, error_after] =
        [before, after].map(|found| percent(found.expected_calibration_error));
    if before == after {
        return format!(
            "Calibration error {error_before} on the validation examples; no temperature suits them \
             better, so the probabilities stay as they are."
        );
    }
    let temperature = short((100.0 * temperature).round() / 100.0);
    format!(
        "Temperature {temperature}: calibration error {error_before} before, {error_after} after, \
         measured by cross-fitting on the validation examples."
    )
}

/// Prints precision, recall and F1 of each class, or of those with the lowest F1 if there are many.
pub fn print_classes(classes: &[String], verdict: &Verdict) -> Result<(), Error> {
    let mut rows: Vec<(&String, &ClassScores)> = classes.iter().zip(&verdict.by_class).collect();
    if rows.len() > MOST_CLASSES {
        let f1 = |scores: &ClassScores| scores.f1.unwrap_or(f64::INFINITY);
        rows.sort_by(|a, b| f1(a.1).total_cmp(&f1(b.1)));
        rows.truncate(WORST);
        output::print_line(&format!(
            "The {WORST} of {} classes with the lowest F1:",
            classes.len()
        ))?;
    }
    let share = |share: Option<f64>| share.map_or("–".to_owned(), percent);
    let row = |(class, scores): (&String, &ClassScores)| {
        let ClassScores { examples, precision, recall, f1 } = *scores;
        let class = truncate_str(&one_line(class), LONGEST, "…").into_owned();
        [class, examples.to_string(), share(precision), share(recall), share(f1)]
    };
    let header = ["Class", "Examples", "Precision", "Recall", "F1"];
    output::print_lines(header, rows.into_iter().map(row))
}
