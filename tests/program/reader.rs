//! The reader of digits that the program brings with it.

use crate::support::{Folder, hold_to_the_book, mnist};
use own_data::{Judged, Model, Provenance, Split, formats::Labelled};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn reader() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/reader.safetensors")
}

fn provenance(model: &Model) -> Provenance {
    model.provenance.clone().expect("it says where it comes from")
}

/// The share of the predictions that are right.
fn share_right(read: &Value) -> f64 {
    read["right"].as_f64().unwrap() / read["known"].as_f64().unwrap()
}

#[test]
fn reader_is_small_says_where_it_comes_from_and_reads_penned_digits() {
    assert!(fs::metadata(reader()).unwrap().len() <= 700_000);
    let model = Model::read(&reader()).unwrap();
    let Provenance { config, digest, on_held_out, .. } = provenance(&model);
    let about = fs::read_to_string(reader().with_file_name("README.md")).unwrap();
    assert!(about.contains(&digest), "data/README.md does not name the digest {digest}");
    assert!(config.augment.is_some() && on_held_out.is_some());

    let folder = Folder::new();
    folder.succeed("pen --train 10 --test 1000 --out .");
    let files = "t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz";
    let read = folder.json(&format!("predict {files}"));
    assert!(share_right(&read) > 0.9, "{}", share_right(&read));
}

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn reader_reads_as_well_as_it_is_said_to_with_mnist() {
    let (folder, mnist) = (Folder::new(), mnist());
    let [images, labels] =
        ["images-idx3", "labels-idx1"].map(|name| mnist.join(format!("t10k-{name}-ubyte.gz")));
    let command = format!("predict {} --labels {}", images.display(), labels.display());
    let accuracy = share_right(&folder.json(&command));

    // What was held out when it was trained, before and after its weights were rounded
    let model = Model::read(&reader()).unwrap();
    let Provenance { config, digest, on_held_out, .. } = provenance(&model);
    let [images, labels] =
        ["images-idx3", "labels-idx1"].map(|name| mnist.join(format!("train-{name}-ubyte.gz")));
    let examples = Labelled::read_pair(&images, &labels, &mut Vec::new()).unwrap();
    assert_eq!(examples.digest(), digest);
    let split = Split::new(&examples, config.validation, config.seed).unwrap();
    let rounded = Judged::new(&model.network, &split.held_out);
    hold_to_the_book(
        "reader",
        "cargo test --test program reader:: -- --ignored",
        json!({
            "bytes": fs::metadata(reader()).unwrap().len(),
            "error": (1e4 * (1.0 - accuracy)).round() / 1e4,
            "held_out": split.held_out.len(),
            "in_single": on_held_out.unwrap().error,
            "in_half": rounded.error,
        }),
    );
}
