//! Graphs, evaluated by the few operators that they use, written here from their specification:
//! <https://github.com/onnx/onnx/blob/v1.8.0/docs/Operators.md>. The oracle in
//! `tests/oracle/onnx_runtime.py` has ONNX Runtime do the same.

use super::messages::{DataType, ModelProto, NodeProto, TensorProto};
use crate::{
    Input, Model, Ranges,
    formats::{Encoding, Inputs, Missing},
};
use chapters::{
    chapter_05_mnist::{Activation, Initialisation, Network, outputs_for},
    random::{Purpose, Rng, stream},
};
use ndarray::{Array1, Array2, Array3, ArrayD, ArrayView1, Axis, Ix2, Zip, concatenate};
use prost::Message;
use rand::Rng as _;
use std::collections::BTreeMap;

const ROWS: usize = 20;

/// A network whose layers have biases too.
fn network(sizes: &[usize], activation: Activation, rng: &mut Rng) -> Network<f32> {
    let mut network = Network::random(sizes, activation, Initialisation::He, rng);
    for layer in &mut network.layers {
        layer.b.mapv_inplace(|_| rng.random_range(-0.5..0.5));
    }
    network
}

/// Pictures of 3 × 4 pixels, or two columns of numbers, one of them far from 0.
fn examples(pictures: bool, rng: &mut Rng) -> (Input, Inputs) {
    if pictures {
        let pixels = Array3::from_shape_simple_fn((ROWS, 3, 4), || rng.random());
        return (Input::Pictures { rows: 3, columns: 4 }, Inputs::Pictures(pixels));
    }
    let features = ["far".to_owned(), "near, \"quoted\"".to_owned()].to_vec();
    let (mean, deviation) = (vec![1e6, -0.5], vec![0.01, 3.0]);
    let mut x = Array2::from_shape_fn((ROWS, 2), |(_, j)| {
        mean[j] + deviation[j] * rng.random_range(-2.0..2.0)
    });
    let missing = if rng.random() { Missing::Mean } else { Missing::Refuse };
    if missing == Missing::Mean {
        x[[0, 1]] = f64::NAN;
    }
    let encoding = Encoding { missing, ..Encoding::default() };
    (
        Input::Numbers { features: features.clone(), mean, deviation, encoding },
        Inputs::Numbers { x, features },
    )
}

/// A model of each kind, with examples for it.
fn models() -> Vec<(Model, Inputs)> {
    let rng = &mut stream(1, Purpose::Weights);
    let mut models = Vec::new();
    for activation in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
        for (pictures, hidden) in [(false, vec![]), (true, vec![5]), (false, vec![4, 3, 6])] {
            for classes in [2, 3] {
                let (input, inputs) = examples(pictures, rng);
                let sizes = [&[input.len()], &hidden[..], &[outputs_for(classes)]].concat();
                let network = network(&sizes, activation, rng);
                let classes = (0..classes).map(|class| format!("class {class}")).collect();
                let temperature = [1.0, 1.7][models.len() % 2];
                let (ranges, provenance) = (Ranges::of(&inputs), None);
                let model = Model { network, classes, input, temperature, ranges, provenance };
                models.push((model, inputs));
            }
        }
    }
    models
}

fn decoded(model: &Model) -> ModelProto {
    ModelProto::decode(model.to_onnx().as_slice()).unwrap()
}

/// All values of a graph, by name.
fn evaluate(model: &ModelProto, input: ArrayD<f64>) -> BTreeMap<String, ArrayD<f64>> {
    let graph = model.graph.as_ref().unwrap();
    let mut values = BTreeMap::from([(graph.input[0].name.clone(), input)]);
    values.extend(graph.initializer.iter().map(|array| (array.name.clone(), numbers(array))));
    for node in &graph.node {
        let value = apply(node, &node.input.iter().map(|name| &values[name]).collect::<Vec<_>>());
        let [name] = node.output.as_slice() else { panic!("{} outputs", node.output.len()) };
        assert!(values.insert(name.clone(), value).is_none(), "{name} is computed twice");
    }
    values
}

/// What an operator computes.
fn apply(node: &NodeProto, inputs: &[&ArrayD<f64>]) -> ArrayD<f64> {
    let flat = |array: &ArrayD<f64>| array.clone().into_dimensionality::<Ix2>().unwrap();
    let setting = |name| {
        let setting = node.attribute.iter().find(|setting| setting.name == name);
        setting.and_then(|setting| setting.i)
    };
    match (node.op_type.as_str(), inputs) {
        ("Cast", [x]) => {
            assert_eq!(setting("to"), Some(DataType::Float as i64));
            x.mapv(|x| f64::from(x as f32))
        }
        ("IsNaN", [x]) => x.mapv(|x| f64::from(u8::from(x.is_nan()))),
        ("Where", [condition, a, b]) => {
            let a = a.broadcast(b.shape()).unwrap();
            Zip::from(*condition)
                .and(a)
                .and(*b)
                .map_collect(|&c, &a, &b| if c > 0.0 { a } else { b })
        }
        ("Sub", [a, b]) => *a - *b,
        ("Div", [a, b]) => *a / *b,
        ("Flatten", [x]) => x.to_shape((x.len_of(Axis(0)), 12)).unwrap().to_owned().into_dyn(),
        ("Gemm", [a, w, b]) => (flat(a).dot(&flat(w)) + *b).into_dyn(),
        ("Relu", [z]) => z.mapv(|z| z.max(0.0)),
        ("Sigmoid", [z]) => z.mapv(|z| 1.0 / (1.0 + (-z).exp())),
        ("Tanh", [z]) => z.mapv(f64::tanh),
        ("Softmax", [z]) => {
            let powers = flat(z).mapv(f64::exp);
            (&powers / &powers.sum_axis(Axis(1)).insert_axis(Axis(1))).into_dyn()
        }
        ("Concat", [a, b]) => {
            assert_eq!(setting("axis"), Some(1));
            concatenate![Axis(1), a.view(), b.view()]
        }
        ("ArgMax", [p]) => {
            assert_eq!([setting("axis"), setting("keepdims")], [Some(1), Some(0)]);
            let most = |p: ArrayView1<f64>| {
                let first = |best, i| if p[i] > p[best] { i } else { best };
                (1..p.len()).fold(0, first) as f64
            };
            Array1::from_iter(flat(p).rows().into_iter().map(most)).into_dyn()
        }
        (other, inputs) => panic!("{other} of {} inputs", inputs.len()),
    }
}

fn numbers(array: &TensorProto) -> ArrayD<f64> {
    let bytes = array.raw_data.as_slice();
    let numbers = match array.data_type() {
        DataType::Float => {
            bytes.as_chunks().0.iter().map(|&b| f64::from(f32::from_le_bytes(b))).collect()
        }
        DataType::Double => bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
        other => panic!("{other:?}"),
    };
    let shape: Vec<usize> = array.dims.iter().map(|&length| length as usize).collect();
    ArrayD::from_shape_vec(shape, numbers).unwrap()
}

#[test]
fn graph_of_every_kind_of_model_computes_its_probabilities_from_raw_examples() {
    for (model, inputs) in models() {
        let expected = model.predict(&inputs).unwrap();
        let raw = match inputs {
            Inputs::Pictures(pixels) => pixels.mapv(f64::from).into_dyn(),
            Inputs::Numbers { x, .. } => x.into_dyn(),
        };
        let values = evaluate(&decoded(&model), raw);
        let difference = (&values["probabilities"] - &expected).mapv(f64::abs);
        assert_eq!(difference.shape(), [ROWS, model.classes.len()]);
        assert!(difference.iter().all(|&d| d < 1e-6), "{model:?}: {difference}");
        let classes = chapters::metrics::argmax(expected.view()).mapv(|class| class as f64);
        assert_eq!(values["class"], classes.into_dyn());
    }
}

#[test]
fn file_says_what_goes_in_and_what_comes_out() {
    let (model, _) = models().swap_remove(1);
    let ModelProto { ir_version, opset_import, producer_name, metadata_props, graph, .. } =
        decoded(&model);
    assert_eq!((ir_version, opset_import[0].version), (7, 13));
    assert_eq!(producer_name, "handwritten");
    let texts: Vec<[&str; 2]> =
        metadata_props.iter().map(|text| [text.key.as_str(), &text.value]).collect();
    assert_eq!(
        texts,
        [
            ["classes", r#"["class 0","class 1","class 2"]"#],
            ["features", r#"["far","near, \"quoted\""]"#],
        ]
    );
    let graph = graph.unwrap();
    let shape = |port: &super::messages::ValueInfoProto| {
        let tensor = port.r#type.clone().unwrap().tensor_type.unwrap();
        let lengths = tensor.shape.unwrap().dim.into_iter();
        let lengths = lengths.map(|length| length.dim_param.ok_or(length.dim_value));
        (port.name.clone(), tensor.elem_type, lengths.collect::<Vec<_>>())
    };
    let any = || Ok("N".to_owned());
    let inputs: Vec<_> = graph.input.iter().map(shape).collect();
    assert_eq!(inputs, [("features".to_owned(), 11, vec![any(), Err(Some(2))])]);
    let outputs: Vec<_> = graph.output.iter().map(shape).collect();
    assert_eq!(
        outputs,
        [
            ("probabilities".to_owned(), 1, vec![any(), Err(Some(3))]),
            ("class".to_owned(), 7, vec![any()]),
        ]
    );
}
