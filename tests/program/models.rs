use serde::Deserialize;
use serde_json::Value;
use std::{fs, process::Command};

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

/// What `handwritten predict` prints for the examples of a file.
fn predictions(model: &str, examples: &str) -> Vec<Value> {
    let mut predict = Command::new(env!("CARGO_BIN_EXE_handwritten"));
    predict.args(["predict", model, examples, "--json"]);
    predict.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/models"));
    let said: Value = serde_json::from_slice(&predict.output().unwrap().stdout).unwrap();
    said["predictions"].as_array().unwrap().clone()
}

#[test]
fn models_say_what_they_say_in_pytorch() {
    let oracle = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/models.json");
    let Oracle { tolerance, models } = serde_json::from_slice(&fs::read(oracle).unwrap()).unwrap();
    for Asked { model, examples, classes, probabilities } in models {
        let predictions = predictions(&model, &examples);
        assert_eq!(predictions.len(), probabilities.len());
        for (prediction, expected) in predictions.iter().zip(&probabilities) {
            let shares = &prediction["probabilities"];
            for (class, expected) in classes.iter().zip(expected) {
                let found = shares[class].as_f64().unwrap();
                // Single precision on both sides, added up in another order
                assert!((found - expected).abs() <= tolerance, "{model}: {found}, not {expected}");
            }
        }
    }
}
