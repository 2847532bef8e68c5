use super::{arguments::Train, folder::warn_of, told};
use crate::{common::Common, error::Error, output, progress::Progress};
use chapters::{
    dataset::DataError,
    progress::Step,
    report::{counted, percent},
};
use own_data::{CrossValidation, Fold, Split, formats::Loaded};
use std::path::Path;

/// Cross-validates in place of a training, and writes the report.
pub fn run(common: &Common, arguments: &Train, folder: &Path, folds: usize) -> Result<(), Error> {
    if folder.join("checkpoint.safetensors").exists() {
        return Err(DataError::new(folder, "holds a training run, whose report would be lost")
            .remedy("name another folder with `--out`")
            .into());
    }
    let source = arguments.source().ok_or(Error::NothingToLearn)?;
    let progress = Progress::new(common.quiet);
    let Loaded { examples, notes, .. } = source.read()?;
    progress.note(&notes);
    let config = arguments.usual_config(common.seed(), examples.labels.len());
    config.check()?;
    let split = Split::new(&examples, config.validation, config.seed)?;
    let watch = |step: &Step| progress.show(step);
    let report = CrossValidation::new(source, &examples, &config, folds, &watch);
    progress.clear();
    let report = report?;
    warn_of(&progress, &examples, &split);
    if let Some(warning) = &report.warning {
        progress.warn(warning);
    }
    let path = folder.join("report.json");
    output::write(&path, &serde_json::to_vec_pretty(&report)?)?;
    if common.json {
        return output::print_json(&serde_json::to_value(&report)?);
    }
    let row = |(n, fold): (usize, &Fold)| {
        let Fold { examples, tested, kept, on_tested, .. } = fold;
        let accuracy = percent(1.0 - on_tested.error);
        let counts = [n, *examples, *tested, *kept].map(|count| count.to_string());
        counts.into_iter().chain([accuracy, short_cost(on_tested.cost)]).collect::<Vec<_>>()
    };
    let header = ["Fold", "Trained on", "Tested on", "Epochs", "Accuracy", "Cost"];
    output::print_lines(header, (1..).zip(&report.folds).map(row))?;
    output::print_line(&summary(&report))?;
    told::print_classes(&report.classes, &report.verdict)?;
    output::print_line(&format!(
        "The report is {}. No model is kept: `handwritten train` without `--folds` trains one.",
        path.display()
    ))
}

fn short_cost(cost: f64) -> String {
    format!("{cost:.4}")
}

fn summary(report: &CrossValidation) -> String {
    let [[accuracy, of_accuracy], [cost, of_cost]] = [report.accuracy, report.cost];
    let verdict = &report.verdict;
    let baseline =
        if verdict.is_lopsided() { format!("; {}", verdict.baseline()) } else { String::new() };
    format!(
        "Accuracy {} ± {}, cost {} ± {} (mean ± standard deviation over {}){baseline}.",
        percent(accuracy),
        percent(of_accuracy),
        short_cost(cost),
        short_cost(of_cost),
        counted(report.folds.len(), "fold", "folds"),
    )
}
