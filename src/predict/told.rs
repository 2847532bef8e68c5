use super::prediction::Prediction;
use crate::{error::Error, output, progress::Progress};
use chapters::{
    dataset::{DataError, atomic_file},
    metrics::commonest,
    report::{counted, percent},
};
use console::truncate_str;
use figures::kit::one_line;
use own_data::formats::list;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Prints the predictions, and how many are correct where that is known.
pub fn print(
    classes: &[String],
    predictions: &[Prediction],
    progress: &Progress,
) -> Result<(), Error> {
    print_rows(classes, predictions)?;
    if let Some(warning) = far(predictions) {
        progress.warn(&warning);
    }
    let Some(Known { right, known, commonest, share }) = Known::of(classes, predictions) else {
        return Ok(());
    };
    output::print_line(&format!(
        "{right} of {known} are correct: {}. Always answering {commonest} would reach {}.",
        percent(right as f64 / known as f64),
        percent(share)
    ))
}

/// The columns of a longer name that leave its probability room beside it.
const LONGEST: usize = 24;

/// Prints a line for each prediction; misses, and rows far from what was learned from, are marked.
fn print_rows(classes: &[String], predictions: &[Prediction]) -> Result<(), Error> {
    let are_known = predictions.iter().any(|prediction| prediction.truth.is_some());
    let are_far = predictions.iter().any(|prediction| !prediction.far.is_empty());
    let header = ["File", "Row", "Class", "Probability", "Next"].into_iter();
    let header = header.chain(are_known.then_some("True class"));
    let header: Vec<&str> = header.chain(are_far.then_some("Note")).collect();
    let row = |prediction: &Prediction| {
        let Prediction { file, row, probabilities, class, next, truth, far, .. } = prediction;
        let share = |class: usize| format!("{:.0} %", 100.0 * probabilities[class]);
        let short = truncate_str(&one_line(&classes[*next]), LONGEST, "…").into_owned();
        let next = format!("{short} ({})", share(*next));
        let mut cells =
            vec![file.clone(), row.to_string(), classes[*class].clone(), share(*class), next];
        if are_known {
            let mark = if prediction.is_miss() == Some(true) { "✗ " } else { "" };
            cells.push(truth.as_ref().map_or_else(String::new, |truth| format!("{mark}{truth}")));
        }
        if are_far {
            let note = if far.is_empty() { "" } else { "far from the training examples" };
            cells.push(note.to_owned());
        }
        cells
    };
    output::print_lines(header, predictions.iter().map(row))
}

/// What to tell the reader about rows that are far from what the model learned from.
fn far(predictions: &[Prediction]) -> Option<String> {
    let rows = predictions.iter().filter(|prediction| !prediction.far.is_empty()).count();
    let features: BTreeSet<&str> =
        predictions.iter().flat_map(|prediction| &prediction.far).map(String::as_str).collect();
    (rows > 0).then(|| {
        format!(
            "{} of {} far from the training examples in {}: there the network only continues what it \
             learned elsewhere, however high the probability",
            rows,
            counted(predictions.len(), "row is", "rows are"),
            list(features.into_iter())
        )
    })
}

/// How many predictions are correct, where the true class is known.
struct Known {
    right: usize,
    known: usize,
    /// The most frequent true class, and its share.
    commonest: String,
    share: f64,
}

impl Known {
    /// Nothing if no true class is known, or none is a class of the model.
    fn of(classes: &[String], predictions: &[Prediction]) -> Option<Self> {
        if predictions.iter().all(|prediction| prediction.true_class.is_none()) {
            return None;
        }
        let misses: Vec<bool> = predictions.iter().filter_map(Prediction::is_miss).collect();
        let mut counts = BTreeMap::new();
        let known = predictions.iter().filter_map(|Prediction { truth, true_class, .. }| {
            true_class.map(|class| classes[class].as_str()).or(truth.as_deref())
        });
        known.for_each(|name| *counts.entry(name).or_insert(0) += 1);
        let (names, counts): (Vec<&str>, Vec<usize>) = counts.into_iter().unzip();
        let (class, share) = commonest(&counts)?;
        let right = misses.iter().filter(|&&is_miss| !is_miss).count();
        Some(Self { right, known: misses.len(), commonest: names[class].to_owned(), share })
    }
}

/// Writes a row for each prediction.
pub fn write_csv(path: &Path, classes: &[String], predictions: &[Prediction]) -> Result<(), Error> {
    let shares = classes.iter().map(|class| format!("probability of {class}"));
    let header = ["file", "row", "class", "probability", "next", "label", "miss", "far"];
    let header = header.map(str::to_owned).into_iter().chain(shares);
    atomic_file::write(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(header)?;
        for prediction in predictions {
            let Prediction { file, row, probabilities, class, next, truth, far, .. } = prediction;
            let [class_name, next] = [class, next].map(|&class| classes[class].clone());
            let miss = prediction.is_miss().map_or_else(String::new, |miss| miss.to_string());
            let (share, label) = (probabilities[*class], truth.clone().unwrap_or_default());
            let cells = [file.clone(), row.to_string(), class_name, share.to_string(), next, label];
            let cells = cells.into_iter().chain([miss, far.join(", ")]);
            table.write_record(cells.chain(probabilities.iter().map(f64::to_string)))?;
        }
        Ok::<_, csv::Error>(table.flush()?)
    })
    .map_err(|error| DataError::unwritable(path)(error.into()).into())
}

/// Prints the predictions as one JSON object, with the photos that were refused and why.
pub fn print_json(
    classes: &[String],
    predictions: &[Prediction],
    refused: &[(String, String)],
) -> Result<(), Error> {
    let mut all = as_json(classes, predictions);
    let refused = refused.iter().map(|(file, reason)| json!({ "file": file, "reason": reason }));
    all["refused"] = refused.collect();
    output::print_json(&all)
}

fn as_json(classes: &[String], predictions: &[Prediction]) -> Value {
    let list = predictions.iter().map(|prediction| {
        let Prediction { file, row, probabilities, class, next, truth, far, .. } = prediction;
        let shares = classes.iter().zip(probabilities);
        let shares: Map<String, Value> = shares.map(|(c, p)| (c.clone(), json!(p))).collect();
        let mut object = json!({
            "file": file, "row": row, "class": classes[*class], "next": classes[*next],
            "probabilities": shares, "far": far
        });
        if let Some(truth) = truth {
            object["label"] = json!(truth);
            object["miss"] = json!(prediction.is_miss());
        }
        object
    });
    let mut all = json!({ "predictions": list.collect::<Vec<_>>() });
    if let Some(Known { right, known, commonest, share }) = Known::of(classes, predictions) {
        all["right"] = json!(right);
        all["known"] = json!(known);
        all["commonest"] = json!(commonest);
        all["commonest_share"] = json!(share);
    }
    all
}
