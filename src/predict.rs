use crate::{common::Common, error::Error, output, progress::Progress, train::warn_of_side};
use chapters::{metrics::argmax, report::percent};
use clap::Args;
use own_data::{
    Input, Model,
    formats::{Format, Inputs, Labelled, picture, read_arrays, read_features, read_pixels},
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
    /// What to classify: PNG, CSV, IDX, NPY, or any other format of `handwritten data export`
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The label column of a table, to report the accuracy as well
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// The labels of a file of IDX or of an array of NumPy's, to report the accuracy as well
    #[arg(long, value_name = "FILE", conflicts_with = "label")]
    labels: Option<PathBuf>,
    /// Swap rows and columns of pictures (but for PNG), as those of EMNIST need
    #[arg(long)]
    transpose: bool,
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
    let progress = Progress::new(common.quiet);
    let mut predictions = Vec::new();
    for file in &arguments.files {
        predictions.extend(predict(&model, file, arguments, &progress)?);
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

fn predict(
    model: &Model,
    file: &Path,
    arguments: &Predict,
    progress: &Progress,
) -> Result<Vec<Prediction>, Error> {
    let mut notes = Vec::new();
    let (inputs, truth) = look_at(model, file, arguments, &mut notes)?;
    progress.note(&notes);
    warn_of_side(progress, &inputs, truth.as_deref().unwrap_or_default(), arguments.transpose);
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
    notes: &mut Vec<String>,
) -> Result<(Inputs, Option<Vec<String>>), Error> {
    let Predict { label, labels, transpose, .. } = arguments;
    // What lies on its side has as many rows as the model has columns
    let input = match model.input {
        Input::Pictures { rows, columns } if *transpose => {
            Input::Pictures { rows: columns, columns: rows }
        }
        ref input => input.clone(),
    };
    let (inputs, truth) = match Format::of_file(file)? {
        Format::Png => return Ok((one_picture(model, file)?, None)),
        Format::Csv => columns(&input, file, label.as_deref())?,
        Format::Json => {
            let examples = Labelled::read(file, None)?;
            let names = examples.names();
            (examples.inputs, Some(names))
        }
        Format::Npz | Format::Npy | Format::Idx => {
            read_arrays(file, labels.as_deref(), &input, notes)?
        }
    };
    let inputs = if *transpose { inputs.transposed(file)? } else { inputs };
    Ok((inputs, truth))
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
    input: &Input,
    file: &Path,
    label: Option<&str>,
) -> Result<(Inputs, Option<Vec<String>>), Error> {
    match input {
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
        next.map_or(String::new(), |next| format!("{} ({})", classes[next], share(next))),
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
