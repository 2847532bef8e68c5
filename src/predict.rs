use crate::{
    common::Common, error::Error, output, progress::Progress, table::header, train::warn_of_side,
};
use chapters::{metrics::argmax, report::percent};
use clap::Args;
use own_data::{
    Input, Model,
    formats::{
        Format, Inputs, Labelled, TableOptions, ToPredict, is_same_class, list, picture,
        read_arrays, read_features, read_pixels,
    },
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
    /// Take the first row of a table for headings [default: if it is not like the others]
    #[arg(long, conflicts_with = "no_header")]
    header: bool,
    /// Take the first row of a table for an example [default: if it is like the others]
    #[arg(long)]
    no_header: bool,
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
    warn_of_other_classes(&model, &predictions, &progress);
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

/// Says that labels cannot be compared if none of them is a class of the model.
fn warn_of_other_classes(model: &Model, predictions: &[Prediction], progress: &Progress) {
    let mut labels: Vec<&str> = predictions.iter().filter_map(|p| p.truth.as_deref()).collect();
    labels.sort_unstable();
    labels.dedup();
    let is_class = |label: &&str| model.classes.iter().any(|class| is_same_class(class, label));
    if !labels.is_empty() && !labels.iter().any(is_class) {
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
    let classes = argmax(p.view());
    let predictions = p.outer_iter().zip(classes).enumerate().map(|(i, (p, class))| Prediction {
        file: file.display().to_string(),
        row: rows[i],
        probabilities: p.to_vec(),
        class,
        truth: labels.as_ref().map(|names| names[i].clone()),
    });
    Ok(predictions.collect())
}

/// The content of a file, and the true classes if they are known.
fn look_at(model: &Model, file: &Path, arguments: &Predict) -> Result<ToPredict<Inputs>, Error> {
    let Predict { label, labels, transpose, .. } = arguments;
    // What lies on its side has as many rows as the model has columns
    let input = match model.input {
        Input::Pictures { rows, columns } if *transpose => {
            Input::Pictures { rows: columns, columns: rows }
        }
        ref input => input.clone(),
    };
    let options = TableOptions {
        label: label.clone(),
        header: header(arguments.header, arguments.no_header),
        ..TableOptions::default()
    };
    let mut found = match Format::of_file(file)? {
        Format::Png => return Ok(all_of(one_picture(model, file)?, None)),
        Format::Csv => columns(&input, file, &options)?,
        Format::Json => {
            let examples = Labelled::read_json(file)?;
            let names = examples.names();
            all_of(examples.inputs, Some(names))
        }
        Format::Npz | Format::Npy | Format::Idx => {
            let mut notes = Vec::new();
            let (inputs, names) = read_arrays(file, labels.as_deref(), &input, &mut notes)?;
            ToPredict { notes, ..all_of(inputs, names) }
        }
    };
    if *transpose {
        found.inputs = found.inputs.transposed(file)?;
    }
    Ok(found)
}

/// Everything that a file holds.
fn all_of(inputs: Inputs, labels: Option<Vec<String>>) -> ToPredict<Inputs> {
    ToPredict { rows: (1..=inputs.len()).collect(), inputs, labels, notes: Vec::new() }
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
fn columns(input: &Input, file: &Path, options: &TableOptions) -> Result<ToPredict<Inputs>, Error> {
    Ok(match input {
        Input::Numbers { features, encoding, .. } => {
            read_features(file, features, encoding, options)?
                .map(|x| Inputs::Numbers { x, features: features.clone() })
        }
        Input::Pictures { rows, columns } => {
            read_pixels(file, (*rows, *columns), options)?.map(Inputs::Pictures)
        }
    })
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

/// How many predictions are correct, and of how many examples the class is known; nothing if it is known of
/// none, or no label is a class of the model.
fn right(classes: &[String], predictions: &[Prediction]) -> Option<(usize, usize)> {
    let known = || predictions.iter().filter_map(|p| Some((p.truth.as_ref()?, &classes[p.class])));
    let is_class =
        |(label, _): (&String, _)| classes.iter().any(|class| is_same_class(class, label));
    let right = known().filter(|(label, class)| is_same_class(label, class)).count();
    known().any(is_class).then(|| (right, known().count()))
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
