//! Models that travel out. What the files compute, `own_data` tests by operators of its own and
//! `tests/oracle/onnx_runtime.py` by ONNX Runtime.

use crate::support::{Folder, clouds, text};
use serde_json::json;
use std::fs;

/// A folder in which a network for flowers has been trained.
fn trained() -> Folder {
    let folder = Folder::with([("clouds.csv", clouds(60))]);
    folder.succeed("train --quiet --data clouds.csv --hidden 3 --epochs 1 --out .");
    folder
}

#[test]
fn model_is_exported_and_its_inputs_and_outputs_named() {
    let folder = trained();
    let said = folder.json("export model.safetensors --to m.onnx");
    let port = |name, numbers, shape| json!({ "name": name, "type": numbers, "shape": shape });
    let expected = json!({ "export": {
        "file": "m.onnx",
        "inputs": [port("features", "float64", json!(["N", 4]))],
        "outputs": [
            port("probabilities", "float32", json!(["N", 3])),
            port("class", "int64", json!(["N"])),
        ],
        "classes": ["setosa", "versicolor", "virginica"],
    } });
    assert_eq!(said, expected);
    let written = fs::read(folder.path("m.onnx")).unwrap();
    // The first field of the message: version 7
    assert!(written.starts_with(&[8, 7]));
    let holds = |part: &str| text(&written).contains(part);
    assert!(holds(r#"["setosa","versicolor","virginica"]"#) && holds("sepal length"));

    let told = folder.succeed("export model.safetensors --to m2.ONNX");
    let expected = "Wrote m2.ONNX. It takes `features`, float64 of shape (N, 4): the features sepal length, \
                    sepal width, petal length, petal width. It gives `probabilities`, float32 of shape \
                    (N, 3), and `class`, int64 of shape (N,).\n";
    assert_eq!(told, expected);
    // The same every time
    assert_eq!(fs::read(folder.path("m2.ONNX")).unwrap(), written);
}

#[test]
fn what_cannot_be_exported_is_refused_and_nothing_lost() {
    let folder = trained();
    fs::write(folder.path("old.onnx"), "precious").unwrap();
    let before = crate::support::files(&folder.path(""));
    for (arguments, code, expected) in [
        ("export model.safetensors", 2, "--to"),
        ("export model.safetensors --to m.pt", 1, "m.pt has a name that does not tell its format"),
        ("export model.safetensors --to m", 1, "expected one that ends in .onnx"),
        ("export model.safetensors --to nowhere/m.onnx", 1, "could not write nowhere/m.onnx"),
        ("export absent.safetensors --to old.onnx", 1, "could not read absent.safetensors"),
        ("export clouds.csv --to old.onnx", 1, "clouds.csv is not a model of this program"),
        ("export checkpoint.safetensors --to old.onnx", 1, "is not a model of this program"),
    ] {
        let complaint = folder.refusal(arguments, code);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
    }
    assert_eq!(crate::support::files(&folder.path("")), before);
}
