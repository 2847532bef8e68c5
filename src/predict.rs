use crate::{common::Common, error::Error, output, progress::Progress};
use chapters::{
    dataset::{DataError, atomic_file, idx},
    metrics::{argmax, commonest},
    report::{counted, percent},
};
use clap::Args;
use own_data::{
    Input, Model,
    formats::{Inputs, Labelled, list, picture, read_features, read_pixels},
};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Classify examples with a trained model
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten predict target/train/model.safetensors new.csv
  handwritten predict target/train/model.safetensors new.csv --label species --csv predictions.csv
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
    /// Write all predictions to this file as well, one row for each: with the true class and whether it is
    /// a miss where labels are known, and the probability of every class
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// The output of the model for one example.
struct Prediction {
    file: String,
    row: usize,
    probabilities: Vec<f64>,
    /// The most probable class.
    class: usize,
    /// The most probable of the others.
    next: usize,
    /// The true class, if that is known.
    truth: Option<String>,
    /// The features whose values are far from all that the model learned from.
    far: Vec<String>,
}

/// Classifies every file, and prints the predictions.
pub fn run(common: &Common, arguments: &Predict) -> Result<(), Error> {
    refuse_to_overwrite(arguments)?;
    let model = Model::read(&arguments.model)?;
    let mut predictions = Vec::new();
    for file in &arguments.files {
        predictions.extend(predict(&model, file, arguments)?);
    }
    if let Some(path) = &arguments.csv {
        write_csv(path, &model.classes, &predictions)?;
    }
    if common.json {
        return output::print_json(&as_json(&model.classes, &predictions));
    }
    print_rows(&model.classes, &predictions)?;
    if let Some(warning) = far(&predictions) {
        Progress::new(common.quiet).warn(&warning);
    }
    let Some(Known { right, known, commonest, share }) = Known::of(&model.classes, &predictions)
    else {
        return Ok(());
    };
    output::print_line(&format!(
        "{right} of {known} are correct: {}. Always answering {commonest} would reach {}.",
        percent(right as f64 / known as f64),
        percent(share)
    ))
}

/// Refuses to write the predictions over something that is read.
fn refuse_to_overwrite(arguments: &Predict) -> Result<(), Error> {
    let Some(path) = &arguments.csv else { return Ok(()) };
    let place = |path: &Path| fs::canonicalize(path).ok();
    let mut read = arguments.files.iter().chain([&arguments.model]).chain(&arguments.labels);
    if place(path).is_none() || read.all(|read| place(read) != place(path)) {
        return Ok(());
    }
    let error = DataError::new(path, "is read, and would be overwritten with the predictions");
    Err(error.remedy("give `--csv` another name").into())
}

fn predict(model: &Model, file: &Path, arguments: &Predict) -> Result<Vec<Prediction>, Error> {
    let (inputs, truth) = look_at(model, file, arguments)?;
    let p = model.predict(&inputs)?;
    let far = model.ranges.far(&inputs);
    let name = |i: usize| match &model.input {
        Input::Numbers { features, .. } => features[i].clone(),
        Input::Pictures { .. } => i.to_string(),
    };
    let each = p.outer_iter().zip(argmax(p.view())).zip(far).enumerate();
    let predictions = each.map(|(row, ((p, class), far))| {
        let others = (0..p.len()).filter(|&other| other != class);
        Prediction {
            file: file.display().to_string(),
            row: row + 1,
            probabilities: p.to_vec(),
            class,
            next: others.max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap_or(class),
            truth: truth.as_ref().map(|names| names[row].clone()),
            far: far.into_iter().map(name).collect(),
        }
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

impl Prediction {
    /// Whether it is wrong, if that is known.
    fn is_miss(&self, classes: &[String]) -> Option<bool> {
        self.truth.as_ref().map(|truth| *truth != classes[self.class])
    }
}

/// Prints a line for each prediction; misses, and rows far from what was learned from, are marked.
fn print_rows(classes: &[String], predictions: &[Prediction]) -> Result<(), Error> {
    let are_known = predictions.iter().any(|prediction| prediction.truth.is_some());
    let are_far = predictions.iter().any(|prediction| !prediction.far.is_empty());
    let header = ["File", "Row", "Class", "Probability", "Next"].into_iter();
    let header = header.chain(are_known.then_some("True class"));
    let header: Vec<&str> = header.chain(are_far.then_some("Note")).collect();
    let row = |prediction: &Prediction| {
        let Prediction { file, row, probabilities, class, next, truth, far } = prediction;
        let share = |class: usize| format!("{:.0} %", 100.0 * probabilities[class]);
        let next = format!("{} ({})", classes[*next], share(*next));
        let mut cells =
            vec![file.clone(), row.to_string(), classes[*class].clone(), share(*class), next];
        if are_known {
            let mark = if prediction.is_miss(classes) == Some(true) { "✗ " } else { "" };
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
    /// Nothing if no true class is known.
    fn of(classes: &[String], predictions: &[Prediction]) -> Option<Self> {
        let misses: Vec<bool> = predictions.iter().filter_map(|p| p.is_miss(classes)).collect();
        let mut counts = BTreeMap::new();
        for truth in predictions.iter().filter_map(|prediction| prediction.truth.as_deref()) {
            *counts.entry(truth).or_insert(0) += 1;
        }
        let (names, counts): (Vec<&str>, Vec<usize>) = counts.into_iter().unzip();
        let (class, share) = commonest(&counts)?;
        let right = misses.iter().filter(|&&is_miss| !is_miss).count();
        Some(Self { right, known: misses.len(), commonest: names[class].to_owned(), share })
    }
}

/// Writes a row for each prediction.
fn write_csv(path: &Path, classes: &[String], predictions: &[Prediction]) -> Result<(), Error> {
    let shares = classes.iter().map(|class| format!("probability of {class}"));
    let header = ["file", "row", "class", "probability", "next", "label", "miss", "far"];
    let header = header.map(str::to_owned).into_iter().chain(shares);
    atomic_file::write(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(header)?;
        for prediction in predictions {
            let Prediction { file, row, probabilities, class, next, truth, far } = prediction;
            let [class_name, next] = [class, next].map(|&class| classes[class].clone());
            let miss =
                prediction.is_miss(classes).map_or_else(String::new, |miss| miss.to_string());
            let (share, label) = (probabilities[*class], truth.clone().unwrap_or_default());
            let cells = [file.clone(), row.to_string(), class_name, share.to_string(), next, label];
            let cells = cells.into_iter().chain([miss, far.join(", ")]);
            table.write_record(cells.chain(probabilities.iter().map(f64::to_string)))?;
        }
        Ok::<_, csv::Error>(table.flush()?)
    })
    .map_err(|error| DataError::unwritable(path)(error.into()).into())
}

fn as_json(classes: &[String], predictions: &[Prediction]) -> Value {
    let list = predictions.iter().map(|prediction| {
        let Prediction { file, row, probabilities, class, next, truth, far } = prediction;
        let shares = classes.iter().zip(probabilities);
        let shares: Map<String, Value> = shares.map(|(c, p)| (c.clone(), json!(p))).collect();
        let mut object = json!({
            "file": file, "row": row, "class": classes[*class], "next": classes[*next],
            "probabilities": shares, "far": far
        });
        if let Some(truth) = truth {
            object["label"] = json!(truth);
            object["miss"] = json!(prediction.is_miss(classes));
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
