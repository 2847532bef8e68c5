use crate::fixture::{self, assert_close};
use serde::Deserialize;
use serde_json::Value;
use std::process::Command;

#[derive(Deserialize)]
struct Oracle {
    tolerance: f64,
    models: Vec<Asked>,
}

/// A file of ours that PyTorch used as a model.
#[derive(Deserialize)]
struct Asked {
    model: String,
    examples: String,
    classes: Vec<String>,
    probabilities: Vec<Vec<f64>>,
}

/// What `handwritten predict` says of a file's examples.
fn predictions(model: &str, examples: &str) -> Vec<Value> {
    let mut predict = Command::new(env!("CARGO_BIN_EXE_handwritten"));
    predict.args(["predict", model, examples, "--json"]);
    predict.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/models"));
    let said: Value = serde_json::from_slice(&predict.output().unwrap().stdout).unwrap();
    said["predictions"].as_array().unwrap().clone()
}

#[test]
fn models_say_what_they_say_in_pytorch() {
    let Oracle { tolerance, models } = fixture::read_named("models");
    for Asked { model, examples, classes, probabilities } in models {
        let predictions = predictions(&model, &examples);
        assert_eq!(predictions.len(), probabilities.len());
        for (prediction, expected) in predictions.iter().zip(&probabilities) {
            let shares = &prediction["probabilities"];
            let found: Vec<f64> =
                classes.iter().map(|class| shares[class].as_f64().unwrap()).collect();
            // Single precision on both sides, added up in another order
            assert_close(&model, &found, expected, tolerance);
        }
    }
}
