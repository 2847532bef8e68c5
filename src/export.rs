use crate::{common::Common, error::Error, output};
use clap::Args;
use own_data::{Model, Port};
use serde_json::json;
use std::path::PathBuf;

/// Write a trained model as an ONNX file, for programs in other languages
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten export target/train/model.safetensors --to model.onnx

An ONNX file holds everything that turns a raw example into probabilities: the scaling, the layers and
the softmax. ONNX Runtime 1.6 or later takes it, in Python, JavaScript, C and many more languages.
Pictures go in as bytes, from 0 for paper to 255 for ink; numbers go in as float64.")]
pub struct Export {
    /// A model written by `handwritten train`
    model: PathBuf,
    /// The file to write, whose name ends in .onnx
    #[arg(long, value_name = "FILE.onnx")]
    to: PathBuf,
}

/// Writes a model in another format, and says how to use it.
pub fn run(common: &Common, Export { model: path, to }: &Export) -> Result<(), Error> {
    let model = Model::read(path)?;
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
