//! Names of files that are no UTF-8, as old disks and archives have them. In what follows, `~` stands
//! for such a byte.

use crate::support::{Folder, clouds, latin_1, text, write_png};
use serde_json::Value;
use std::{fs, path::PathBuf, process::Output};

fn path(folder: &Folder, name: &str) -> PathBuf {
    folder.path("").join(latin_1(name))
}

fn run(folder: &Folder, arguments: &str) -> Output {
    let mut command = folder.sketching("");
    command.args(arguments.split_whitespace().map(latin_1)).env("OWNER", latin_1("M~ller"));
    command.output().unwrap()
}

#[track_caller]
fn succeed(folder: &Folder, arguments: &str) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn json(folder: &Folder, arguments: &str) -> Value {
    serde_json::from_str(&succeed(folder, &format!("{arguments} --quiet --json"))).unwrap()
}

/// A folder with a table whose name is no UTF-8.
fn folder() -> Folder {
    let folder = Folder::new();
    fs::write(path(&folder, "bl~ten.csv"), clouds(60)).unwrap();
    folder
}

#[test]
fn training_run_is_found_again_and_its_model_used() {
    let folder = folder();
    let begun = json(
        &folder,
        "train --data bl~ten.csv --hidden 4 --epochs 3 --schedule constant --out r~n",
    );
    assert_eq!(begun["source"]["file"]["data"]["percent_encoded"], "bl%FCten.csv");
    let continued = json(&folder, "train --resume --epochs 5 --out r~n");
    assert_eq!(continued["history"].as_array().unwrap().len(), 5);
    let whole = json(
        &folder,
        "train --data bl~ten.csv --hidden 4 --epochs 5 --schedule constant --out whole",
    );
    assert_eq!(continued["history"], whole["history"]);
    // Another file in its place is noticed
    fs::write(path(&folder, "bl~ten.csv"), clouds(61)).unwrap();
    let refused = text(&run(&folder, "train --resume --epochs 5 --out r~n").stderr);
    assert!(refused.contains("the examples are not those that the training run in"), "{refused}");

    let said = json(&folder, "predict r~n/model.safetensors bl~ten.csv --label species");
    assert_eq!(said["known"], 61);
    assert_eq!(said["predictions"][0]["file"], "bl\u{fffd}ten.csv");
    assert!(succeed(&folder, "predict r~n/model.safetensors bl~ten.csv").contains("setosa"));
    let said = json(&folder, "export r~n/model.safetensors --to bl~ten.onnx");
    assert_eq!(said["export"]["file"], "bl\u{fffd}ten.onnx");
    assert!(path(&folder, "bl~ten.onnx").is_file());
}

#[test]
fn sweep_is_continued_and_merged() {
    let folder = folder();
    let sweep = "sweep --data bl~ten.csv --hidden 2,3 --seeds 1 --epochs 2";
    let first = json(&folder, &format!("{sweep} --out s~n"));
    let source = &first["plan"]["data"]["own"]["source"];
    assert_eq!(source["file"]["data"]["percent_encoded"], "bl%FCten.csv");
    assert_eq!(json(&folder, &format!("{sweep} --out s~n")), first);
    for part in [1, 2] {
        succeed(&folder, &format!("{sweep} --quiet --shard {part}/2 --out p~{part}"));
    }
    assert_eq!(json(&folder, "sweep --merge p~1 p~2 --out m~n")["groups"], first["groups"]);
}

#[test]
fn digits_are_penned_shown_exported_learned_and_read() {
    let folder = folder();
    let penned = json(&folder, "pen --train 100 --test 20 --out d~n");
    assert_eq!(penned["pen"]["folder"], "d\u{fffd}n");
    let report =
        json(&folder, "chapter 5 --own-data d~n --epochs 1 --learning-rate 0.003 --out c~n");
    assert!(report["chapter_05"].is_object());
    assert!(path(&folder, "c~n/reports/chapter_05.json").is_file());

    // The labels are found beside the pictures
    for (file, kind) in [("images", "idx3"), ("labels", "idx1")] {
        let penned = path(&folder, &format!("d~n/train-{file}-{kind}-ubyte.gz"));
        fs::copy(penned, path(&folder, &format!("~-{file}-{kind}.gz"))).unwrap();
    }
    let shown = json(&folder, "data show ~-images-idx3.gz --out d~n");
    assert_eq!(shown["show"]["sheet"], "d\u{fffd}n/\u{fffd}.svg");
    assert_eq!(shown["show"]["classes"].as_array().unwrap().len(), 10);
    let exported = json(&folder, "data export ~-images-idx3.gz --to ~2-images.idx");
    let names = ["\u{fffd}2-images.idx", "\u{fffd}2-labels.idx"];
    assert_eq!(exported["export"]["files"], serde_json::json!(names));
    assert!(path(&folder, "~2-labels.idx").is_file());

    let report = json(
        &folder,
        "train --images ~2-images.idx --labels ~2-labels.idx --hidden 3 --epochs 1 --out r~n",
    );
    assert_eq!(report["source"]["idx"]["labels"]["percent_encoded"], "%FC2-labels.idx");
    succeed(&folder, "train --quiet --resume --out r~n");
    let stroke: Vec<u8> = (0..784).map(|i| if i % 28 / 3 == 4 { 255 } else { 0 }).collect();
    write_png(&folder.path("photo.png"), &stroke);
    fs::rename(folder.path("photo.png"), path(&folder, "ph~to.png")).unwrap();
    let said = json(&folder, "predict r~n/model.safetensors ph~to.png");
    assert_eq!(said["predictions"][0]["file"], "ph\u{fffd}to.png");
}

#[test]
fn table_is_shown_and_exported_in_every_format() {
    let folder = folder();
    let said = json(&folder, "data show bl~ten.csv --out sh~wn");
    assert_eq!(said["show"]["sheet"], "sh\u{fffd}wn/bl\u{fffd}ten.svg");
    for ending in ["csv", "json", "npz"] {
        let said = json(&folder, &format!("data export bl~ten.csv --to ~.{ending}"));
        assert_eq!(said["export"]["files"][0], format!("\u{fffd}.{ending}"));
        assert!(path(&folder, &format!("~.{ending}")).is_file());
    }
    let refused = text(&run(&folder, "data show abs~nt.csv").stderr);
    assert!(
        refused.starts_with("error: could not read abs\u{fffd}nt.csv: No such file"),
        "{refused}"
    );
}

#[test]
fn book_is_bound_in_a_folder_and_an_environment_that_are_no_utf_8() {
    let folder = folder();
    let project = env!("CARGO_MANIFEST_DIR");
    let said = json(&folder, &format!("book --source {project} --out b~k"));
    assert!(said["index"].as_str().unwrap().ends_with("/b\u{fffd}k/index.html"), "{said}");
    assert!(path(&folder, "b~k/index.html").is_file());
}
