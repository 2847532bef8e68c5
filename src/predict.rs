use crate::{common::Common, error::Error, output};
use chapters::{dataset::idx, metrics::argmax, report::percent};
use clap::Args;
use console::truncate_str;
use figures::kit::one_line;
use own_data::{
    Input, Model,
    formats::{Inputs, Labelled, picture, read_features, read_pixels},
};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Classify examples with a trained model
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten predict target/train/model.safetensors new.csv
  handwritten predict digits.safetensors photo.png scan.png --json
  handwritten predict digits.safetensors t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz

A PNG picture may have any size, dark on light or light on dark: it is cropped to its ink, scaled and
centred like MNIST's digits. From a table, the columns that the model was trained on are read.")]
pub struct Predict {
    /// A model written by `handwritten train`
    model: PathBuf,
    /// What to classify: PNG, CSV, IDX, or any other format of `handwritten data export`
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The label column of a table, to report the accuracy as well
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// The labels of an IDX file of pictures, to report the accuracy as well
    #[arg(long, value_name = "FILE", conflicts_with = "label")]
    labels: Option<PathBuf>,
}

/// The output of the model for one example.
struct Prediction {
    file: String,
    row: usize,
    probabilities: Vec<f64>,
    /// The most probable class.
    class: usize,
    /// The true class, if that is known.
    truth: Option<String>,
}

/// Classifies every file, and prints the predictions.
pub fn run(common: &Common, arguments: &Predict) -> Result<(), Error> {
    let model = Model::read(&arguments.model)?;
    let mut predictions = Vec::new();
    for file in &arguments.files {
        predictions.extend(predict(&model, file, arguments)?);
    }
    if common.json {
        return output::print_json(&as_json(&model.classes, &predictions));
    }
    output::print_table(
        ["File", "Row", "Class", "Probability", "Next"],
        predictions.iter().map(|prediction| row(&model.classes, prediction)),
    )?;
    match right(&model.classes, &predictions) {
        Some((right, known)) => output::print_line(&format!(
            "{right} of {known} are correct: {}.",
            percent(right as f64 / known as f64)
        )),
        None => Ok(()),
    }
}

fn predict(model: &Model, file: &Path, arguments: &Predict) -> Result<Vec<Prediction>, Error> {
    let (inputs, truth) = look_at(model, file, arguments)?;
    let p = model.predict(&inputs)?;
    let classes = argmax(p.view());
    let predictions = p.outer_iter().zip(classes).enumerate().map(|(row, (p, class))| Prediction {
        file: file.display().to_string(),
        row: row + 1,
        probabilities: p.to_vec(),
        class,
        truth: truth.as_ref().map(|names| names[row].clone()),
    });
    Ok(predictions.collect())
}

/// The content of a file, and the true classes if they are known.
fn look_at(
    model: &Model,
    file: &Path,
    arguments: &Predict,
) -> Result<(Inputs, Option<Vec<String>>), Error> {
    let ending = file.extension().map_or(String::new(), |e| e.to_string_lossy().to_lowercase());
    let known = |examples: Labelled| {
        let names = examples.labels.iter().map(|&label| examples.classes[label].clone()).collect();
        (examples.inputs, Some(names))
    };
    Ok(match (ending.as_str(), &arguments.labels, &arguments.label) {
        ("png", ..) => (one_picture(model, file)?, None),
        ("csv", _, label) => columns(model, file, label.as_deref())?,
        ("json" | "npz", ..) => known(Labelled::read(file, None)?),
        (_, Some(labels), _) => known(Labelled::read_idx_pair(file, labels)?),
        _ => (Inputs::Pictures(idx::read_pictures(file)?), None),
    })
}

/// A PNG made to look like the model's training pictures.
fn one_picture(model: &Model, file: &Path) -> Result<Inputs, Error> {
    let Input::Pictures { rows, columns } = model.input else {
        return Err(Error::NotForPictures {
            file: file.to_owned(),
            input: model.input.to_string(),
        });
    };
    Ok(Inputs::Pictures(picture::read_digit(file, (rows, columns))?))
}

/// The columns of a table that the model was trained on, and the label column.
fn columns(
    model: &Model,
    file: &Path,
    label: Option<&str>,
) -> Result<(Inputs, Option<Vec<String>>), Error> {
    match &model.input {
        Input::Numbers { features, .. } => {
            let (x, labels) = read_features(file, features, label)?;
            Ok((Inputs::Numbers { x, features: features.clone() }, labels))
        }
        Input::Pictures { rows, columns } => {
            let (pictures, labels) = read_pixels(file, (*rows, *columns), label)?;
            Ok((Inputs::Pictures(pictures), labels))
        }
    }
}

/// The columns of a longer name that leave its probability room beside it.
const LONGEST: usize = 24;

fn row(classes: &[String], prediction: &Prediction) -> [String; 5] {
    let Prediction { file, row, probabilities, class, .. } = prediction;
    let others = (0..classes.len()).filter(|other| other != class);
    let next = others.max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let share = |class: usize| format!("{:.0} %", 100.0 * probabilities[class]);
    [
        file.clone(),
        row.to_string(),
        classes[*class].clone(),
        share(*class),
        next.map_or(String::new(), |next| {
            format!("{} ({})", truncate_str(&one_line(&classes[next]), LONGEST, "…"), share(next))
        }),
    ]
}

/// How many predictions are correct, and of how many examples the class is known.
fn right(classes: &[String], predictions: &[Prediction]) -> Option<(usize, usize)> {
    let known = predictions.iter().filter_map(|p| Some(*p.truth.as_ref()? == classes[p.class]));
    let (right, known) =
        known.fold((0, 0), |(right, all), is_right| (right + usize::from(is_right), all + 1));
    (known > 0).then_some((right, known))
}

fn as_json(classes: &[String], predictions: &[Prediction]) -> Value {
    let list = predictions.iter().map(|prediction| {
        let Prediction { file, row, probabilities, class, truth } = prediction;
        let shares = classes.iter().zip(probabilities);
        let shares: Map<String, Value> = shares.map(|(c, p)| (c.clone(), json!(p))).collect();
        let mut object = json!({
            "file": file, "row": row, "class": classes[*class], "probabilities": shares
        });
        if let Some(truth) = truth {
            object["label"] = json!(truth);
        }
        object
    });
    let mut all = json!({ "predictions": list.collect::<Vec<_>>() });
    if let Some((right, known)) = right(classes, predictions) {
        all["right"] = json!(right);
        all["known"] = json!(known);
    }
    all
}
