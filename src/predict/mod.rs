//! Prediction with a trained model: what is read, and what is told.

mod arguments;
mod content;
mod prediction;
mod told;

pub use arguments::Predict;

use crate::{
    common::Common, error::Error, output::is_same_file, progress::Progress, train::warn_of_side,
};
use chapters::{dataset::DataError, metrics::argmax};
use content::look_at;
use own_data::{
    Archive, Input, Model,
    formats::{ClassOf, ToPredict, list},
};
use prediction::Prediction;
use std::path::Path;

/// Classifies every file, and prints the predictions.
pub fn run(common: &Common, arguments: &Predict) -> Result<(), Error> {
    refuse_to_overwrite(arguments)?;
    if arguments.files().is_empty() {
        return Err(Error::NothingToPredict);
    }
    let model = match arguments.model() {
        Some(path) => Model::read(path)?,
        None => reader()?,
    };
    let progress = Progress::new(common.quiet);
    let mut predictions = Vec::new();
    let mut refused = Vec::new();
    for file in arguments.files() {
        match predict(&model, file, arguments, &progress) {
            // The other photos are read all the same
            Err(Error::Refused(error)) => {
                progress.warn(&error.to_string());
                refused.push((file.display().to_string(), error.to_string()));
            }
            found => predictions.extend(found?),
        }
    }
    if predictions.is_empty() && !refused.is_empty() {
        if common.json {
            told::print_json(&model.classes, &predictions, &refused)?;
        }
        return Err(Error::NothingRead);
    }
    warn_of_other_classes(&model, &predictions, &progress);
    if let Some(path) = &arguments.csv {
        told::write_csv(path, &model.classes, &predictions)?;
    }
    if common.json {
        return told::print_json(&model.classes, &predictions, &refused);
    }
    told::print(&model.classes, &predictions, &progress)
}

/// The reader of digits that the program brings with it; `data/README.md` says how it was made.
fn reader() -> Result<Model, Error> {
    let read = Archive::parse(READER).and_then(|archive| Model::of(&archive));
    Ok(read
        .map_err(|reason| DataError::plain(format!("the reader of digits is damaged: {reason}")))?)
}

const READER: &[u8] = include_bytes!("../../data/reader.safetensors");

/// Refuses to write the predictions over something that is read.
fn refuse_to_overwrite(arguments: &Predict) -> Result<(), Error> {
    let Some(path) = &arguments.csv else { return Ok(()) };
    let mut read = arguments.named.iter().chain(&arguments.labels);
    if !read.any(|read| is_same_file(read, path)) {
        return Ok(());
    }
    let error = DataError::new(path, "is read, and would be overwritten with the predictions");
    Err(error.remedy("give `--csv` another name").into())
}

/// Says that labels cannot be compared if none of them is a class of the model.
fn warn_of_other_classes(model: &Model, predictions: &[Prediction], progress: &Progress) {
    let mut labels: Vec<&str> = predictions.iter().filter_map(|p| p.truth.as_deref()).collect();
    labels.sort_unstable();
    labels.dedup();
    if !labels.is_empty() && predictions.iter().all(|p| p.true_class.is_none()) {
        progress.warn(&format!(
            "none of the labels {} is a class of the model, which knows {}: the accuracy cannot be told",
            list(labels.into_iter()),
            list(model.classes.iter().map(String::as_str))
        ));
    }
}

fn predict(
    model: &Model,
    file: &Path,
    arguments: &Predict,
    progress: &Progress,
) -> Result<Vec<Prediction>, Error> {
    let ToPredict { inputs, rows, labels, notes } = look_at(model, file, arguments)?;
    progress.note(&notes);
    warn_of_side(progress, &inputs, labels.as_deref().unwrap_or_default(), arguments.transpose);
    let p = model.predict(&inputs)?;
    let far = model.ranges.far(&inputs);
    let name = |i: usize| match &model.input {
        Input::Numbers { features, .. } => features[i].clone(),
        Input::Pictures { .. } => i.to_string(),
    };
    let class_of = ClassOf::new(&model.classes);
    let each = p.outer_iter().zip(argmax(p.view())).zip(far).enumerate();
    let predictions = each.map(|(i, ((p, class), far))| {
        let others = (0..p.len()).filter(|&other| other != class);
        let truth = labels.as_ref().map(|names| names[i].clone());
        Prediction {
            file: file.display().to_string(),
            row: rows[i],
            probabilities: p.to_vec(),
            class,
            next: others.max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap_or(class),
            true_class: truth.as_ref().and_then(|label| class_of.label(label)),
            truth,
            far: far.into_iter().map(name).collect(),
        }
    });
    Ok(predictions.collect())
}
