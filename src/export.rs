use crate::{common::Common, error::Error, output};
use chapters::{dataset::DataError, report::grouped};
use clap::Args;
use own_data::{Model, Port};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Write a trained model as an ONNX file, for programs in other languages, or at half its size
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten export target/train/model.safetensors --to model.onnx
  handwritten export target/train/model.safetensors --to small.safetensors

An ONNX file holds everything that turns a raw example into probabilities: the scaling, the layers and
the softmax. ONNX Runtime 1.6 or later takes it, in Python, JavaScript, C and many more languages.
Pictures go in as bytes, from 0 for paper to 255 for ink; numbers go in as float64.

A .safetensors file holds the same model in half precision (16 bits a weight), which this program and
PyTorch read.")]
pub struct Export {
    /// A model written by `handwritten train`
    model: PathBuf,
    /// The file to write, whose name ends in .onnx, or in .safetensors for half precision
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Writes a model in another format, and says how to use it.
pub fn run(common: &Common, Export { model: path, to }: &Export) -> Result<(), Error> {
    let model = Model::read(path)?;
    if to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors")) {
        return halve(common, &model, path, to);
    }
    model.export(to)?;
    let (input, outputs) = (Port::of(&model.input), model.onnx_outputs());
    let to = to.display().to_string();
    if common.json {
        return output::print_json(&json!({ "export": {
            "file": to,
            "inputs": [input.json()],
            "outputs": outputs.map(|output| output.json()),
            "classes": model.classes,
        } }));
    }
    let [probabilities, class] = outputs;
    output::print_line(&format!(
        "Wrote {to}. It takes {input}: {}. It gives {probabilities}, and {class}.",
        model.input
    ))
}

/// Writes a model in half precision.
fn halve(common: &Common, model: &Model, from: &Path, to: &Path) -> Result<(), Error> {
    if output::is_same_file(from, to) {
        let error = DataError::new(to, "is the model itself, which would lose its precision");
        return Err(error.remedy("give `--to` another name").into());
    }
    if to.exists() && Model::read(to).is_err() {
        let error = DataError::new(to, "is something else than a model, and would be overwritten");
        return Err(error.remedy("give `--to` another name").into());
    }
    model.write_in_half(to)?;
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let (to, bytes) = (to.display().to_string(), size(to));
    if common.json {
        return output::print_json(&json!({ "export": { "file": to, "bytes": bytes } }));
    }
    let [bytes, before] = [bytes, size(from)].map(|bytes| grouped(bytes as usize));
    output::print_line(&format!(
        "Wrote {to}: the model in half precision, {bytes} bytes instead of {before}."
    ))
}
