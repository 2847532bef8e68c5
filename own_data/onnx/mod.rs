//! Models for programs in other languages, as ONNX files: a network as a graph of named operators.
//!
//! The operators are those of set 13, in messages of version 7, which came together with ONNX 1.8
//! (November 2020): the first set in which `Softmax` runs along one axis, and one that every ONNX Runtime
//! since 1.6 takes (<https://onnxruntime.ai/docs/reference/compatibility.html>).
//!
//! [In the book](../../../book/experiments.html#how-do-others-use-the-model)

mod graph;
mod messages;
mod port;
#[cfg(test)]
mod tests;

pub use port::Port;

use crate::{Input, Model, formats::Missing};
use chapters::{
    chapter_05_mnist::{Activation, Layer},
    dataset::{DataError, atomic_file},
};
use graph::Graph;
use messages::{DataType, ModelProto, OperatorSetIdProto, StringStringEntryProto};
use ndarray::{ArrayView1, array};
use prost::Message;
use std::{
    io::{self, Write},
    path::Path,
};

/// The operators that are used, and the messages around them.
const OPERATOR_SET: i64 = 13;
const IR_VERSION: i64 = 7;
/// What the outputs are called.
const PROBABILITIES: &str = "probabilities";
const CLASS: &str = "class";

impl Model {
    /// Writes the model in another program's format, which the ending of the file's name decides: `.onnx`.
    /// The file is written whole or not at all.
    ///
    /// [In the book](../../../book/experiments.html#how-do-others-use-the-model)
    ///
    /// # Errors
    /// If the name ends in anything else, or the file cannot be written.
    pub fn export(&self, path: &Path) -> Result<(), DataError> {
        if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx")) {
            return Err(DataError::new(path, "has a name that does not tell its format")
                .expected("one that ends in .onnx, or in .safetensors for half precision"));
        }
        atomic_file::write(path, |file| file.write_all(&self.to_onnx()))
            .map_err(|error: io::Error| DataError::unwritable(path)(error))
    }

    /// The content of an ONNX file that turns raw examples into probabilities.
    ///
    /// [In the book](../../../book/experiments.html#how-do-others-use-the-model)
    pub fn to_onnx(&self) -> Vec<u8> {
        let mut graph = Graph::new("network");
        let x = scaled(&self.input, &mut graph);
        let mut z = self.logits(x, &mut graph);
        if self.temperature != 1.0 {
            let temperature = graph.singles("temperature", &array![self.temperature as f32]);
            z = graph.node("Div", &[&z, &temperature], &[], "calibrated");
        }
        self.decide(&z, &mut graph);
        graph.take_in(&Port::of(&self.input));
        self.onnx_outputs().iter().for_each(|output| graph.give_out(output));

        let features = match &self.input {
            Input::Pictures { .. } => None,
            Input::Numbers { features, .. } => Some(("features", features)),
        };
        let names = [("classes", &self.classes)].into_iter().chain(features);
        let metadata_props = names.map(|(key, names)| StringStringEntryProto {
            key: key.to_owned(),
            value: serde_json::json!(names).to_string(),
        });
        let model = ModelProto {
            ir_version: IR_VERSION,
            opset_import: vec![OperatorSetIdProto { version: OPERATOR_SET }],
            producer_name: "handwritten".to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            metadata_props: metadata_props.collect(),
            graph: Some(graph.finish()),
        };
        model.encode_to_vec()
    }

    /// What the graph gives: the probabilities of the classes, and the number of the most probable.
    ///
    /// [In the book](../../../book/experiments.html#how-do-others-use-the-model)
    pub fn onnx_outputs(&self) -> [Port; 2] {
        [
            Port {
                name: PROBABILITIES,
                data_type: DataType::Float,
                shape: vec![self.classes.len()],
            },
            Port { name: CLASS, data_type: DataType::Int64, shape: vec![] },
        ]
    }

    /// Adds the layers to a graph, from the value `a` to the logits.
    fn logits(&self, mut a: String, graph: &mut Graph) -> String {
        let operator = match self.network.activation {
            Activation::Relu => "Relu",
            Activation::Sigmoid => "Sigmoid",
            Activation::Tanh => "Tanh",
        };
        let last = self.network.layers.len();
        for (l, Layer { w, b }) in (1..).zip(&self.network.layers) {
            let [w, b] = [graph.singles(&format!("w{l}"), w), graph.singles(&format!("b{l}"), b)];
            // z = a W + b
            a = graph.node("Gemm", &[&a, &w, &b], &[], &format!("z{l}"));
            if l < last {
                a = graph.node(operator, &[&a], &[], &format!("a{l}"));
            }
        }
        a
    }

    /// Adds what turns logits into probabilities and classes.
    fn decide(&self, z: &str, graph: &mut Graph) {
        if self.network.outputs() == 1 {
            // The only output is the probability of the second of two classes
            let second = graph.node("Sigmoid", &[z], &[], "second");
            let one = graph.singles("one", &array![1.0]);
            let first = graph.node("Sub", &[&one, &second], &[], "first");
            graph.node("Concat", &[&first, &second], &[("axis", 1)], PROBABILITIES);
        } else {
            graph.node("Softmax", &[z], &[], PROBABILITIES);
        }
        graph.node("ArgMax", &[PROBABILITIES], &[("axis", 1), ("keepdims", 0)], CLASS);
    }
}

/// Adds what the network sees of raw examples to a graph: the same as [`Input`] does in this program, with
/// numbers scaled in double precision.
fn scaled(input: &Input, graph: &mut Graph) -> String {
    let raw = Port::of(input).name;
    let to_single = [("to", DataType::Float as i64)];
    match input {
        Input::Pictures { .. } => {
            let pixels = graph.node("Cast", &[raw], &to_single, "grey");
            let white = graph.singles("white", &array![255.0]);
            let shares = graph.node("Div", &[&pixels, &white], &[], "shares");
            graph.node("Flatten", &[&shares], &[], "x")
        }
        Input::Numbers { mean, deviation, encoding, .. } => {
            let mean = graph.doubles("mean", ArrayView1::from(mean));
            let deviation = graph.doubles("deviation", ArrayView1::from(deviation));
            let distance = graph.node("Sub", &[raw, &mean], &[], "distance");
            let scaled = graph.node("Div", &[&distance, &deviation], &[], "scaled");
            if encoding.missing != Missing::Mean {
                return graph.node("Cast", &[&scaled], &to_single, "x");
            }
            // A missing value is NaN, and the mean is 0
            let known = graph.node("Cast", &[&scaled], &to_single, "known");
            let is_missing = graph.node("IsNaN", &[&known], &[], "missing");
            let zero = graph.singles("zero", &array![0.0]);
            graph.node("Where", &[&is_missing, &zero, &known], &[], "x")
        }
    }
}
