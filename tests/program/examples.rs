//! The examples of the help, run as they are printed, but shorter.

use crate::support::{Folder, MINI, clouds, moons, write_png};
use serde_json::Value;
use std::fs;

/// What the examples print, shortened as below: pieces of lines, or the place of a value in JSON.
const PRINTED: [(&str, &[&str]); 33] = [
    (
        "train --data iris.csv --label species",
        &[
            "4-100-3 after 1 epoch: ",
            " on 48 training examples",
            " on 12 validation examples",
            "target/train/model",
        ],
    ),
    (
        "train --data moons.csv --hidden 8,8 --activation tanh --optimiser lbfgs",
        &["2-8-8-1 after 1 epoch: "],
    ),
    (
        "train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --hidden 128,64 \
         --patience 3",
        &["784-128-64-10 after 1 epoch: ", " on 48 training examples"],
    ),
    (
        "train --data titanic.csv --label Survived --drop Name,Ticket,Cabin --one-hot Sex,Embarked --missing mean",
        &["7-100-1 after ", " on 48 training examples"],
    ),
    (
        "train --data emnist.npz --transpose",
        &["784-100-10 after 1 epoch: ", " on 48 training examples"],
    ),
    (
        "train --data digits.npz --augment",
        &["784-100-10 after 1 epoch: ", " on 48 training examples"],
    ),
    (
        "train --data letters.npz --augment affine,elastic=30",
        &["784-100-10 after 1 epoch: ", " on 48 training examples"],
    ),
    (
        "train --data iris.csv --label species --folds 5",
        &[
            "Trained on",
            "Accuracy ",
            "(mean ± standard deviation over 5 folds)",
            "target/folds/report",
        ],
    ),
    ("train --resume", &["4-3-3 after 1 epoch: ", " on 48 training examples"]),
    ("predict photo.png scan.png", &["Class", "Probability", "photo.png", "scan.png"]),
    (
        "predict target/train/model.safetensors new.csv",
        &["Class", "Probability", "Next", "new.csv   20"],
    ),
    (
        "predict target/train/model.safetensors new.csv --label species --csv predictions.csv",
        &["True class", "new.csv   20", " of 20 are correct: "],
    ),
    (
        "predict digits.safetensors photo.png scan.png --json",
        &["/predictions/0/probabilities/9", "/predictions/1/class"],
    ),
    (
        "predict digits.safetensors t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz",
        &["t10k-images-idx3-ubyte.gz   20", " of 20 are correct: "],
    ),
    (
        "export target/train/model.safetensors --to model.onnx",
        &[
            "Wrote model.onnx. It takes `features`, float64 of shape (N, 4): ",
            "(N, 3), and `class`, ",
        ],
    ),
    (
        "export target/train/model.safetensors --to small.safetensors",
        &["Wrote small.safetensors: the model in half precision, "],
    ),
    ("sweep", &["hidden units", "held out", " 50 ", "and figures are in target/sweep."]),
    (
        "sweep --hidden 2,4,8,16 --learning-rate 0.1,0.4 --seeds 5",
        &["hidden units", "learning rate", " 16 ", " 0.1 "],
    ),
    (
        "sweep --data iris.csv --label species --optimiser sgd,adam",
        &["hidden units", "optimiser", " sgd ", " adam "],
    ),
    (
        "sweep --digits 20 --hidden 25,50 --lambda 0,1,3 --optimiser lbfgs --epochs 50",
        &["hidden units", "λ", " 25 ", " 3 "],
    ),
    ("sweep --shard 1/3 --out parts/1", &["3 of 7 runs are in parts/1;", "--merge"]),
    (
        "sweep --merge parts/1 parts/2 parts/3 --out whole",
        &["hidden units", " 50 ", "and figures are in whole."],
    ),
    ("chapter 3", &["2-4-1, rings, training points", "Reports are in target/course/reports"]),
    (
        "chapter 3 --hidden 8 --learning-rate 0.5",
        &["2-8-1, rings, training points", "Reports are in target/course/reports"],
    ),
    ("chapter 5 --seeds 5 --json", &["/chapter_05/source"]),
    ("chapter 4 --rows my_digits.csv", &["L-BFGS", "Reports are in target/course/reports"]),
    ("pen", &["Penned 100 training and 10000 test digits into target/pen;"]),
    (
        "pen --train 1000 --test 100 --seed 7 --out target/mine",
        &["Penned 100 training and 100 test digits into target/mine;"],
    ),
    ("pen --rows digits.csv", &["Penned 5000 digits into digits.csv;"]),
    ("records", &["Name", "Record", "lowest error", "seconds to 98 %"]),
    ("records seconds-to-98 --json", &["/name", "/config/hidden", "/measured/error"]),
    ("records --make mine.json", &["mini: ", " misread, ", "What came out is in mine.json."]),
    ("records --check mine.json", &["mini: ", "It holds."]),
];

/// What makes an example short: the option of a command, and a small value.
const SHORTER: [(&str, &str, &str); 10] = [
    ("train", "--epochs", "1"),
    ("sweep", "--epochs", "2"),
    ("sweep", "--seeds", "1"),
    ("sweep --digits", "--examples", "100"),
    ("chapter", "--epochs", "2"),
    ("chapter", "--seeds", "1"),
    ("chapter 4", "--hidden", "3"),
    ("chapter 5", "--own-data", "digits"),
    // Otherwise it tries several
    ("chapter 5", "--learning-rate", "0.003"),
    ("pen", "--train", "100"),
];

/// The examples that the help of a command shows.
fn examples(command: &str) -> Vec<String> {
    let help = Folder::new().succeed(&format!("{command} --help"));
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let lines = examples.lines().take_while(|line| !line.is_empty());
    // Without what a shell would do with the output
    let commands =
        lines.filter_map(|line| line.split(" > ").next()?.trim().strip_prefix("handwritten "));
    commands.filter(|example| example.starts_with(command)).map(str::to_owned).collect()
}

/// The same with the options that make it short.
fn shortened(example: &str) -> String {
    let mut words: Vec<&str> = example.split_whitespace().collect();
    for (command, option, value) in SHORTER {
        // What is only joined has been trained before
        let is_meant = command.split(' ').all(|word| words.contains(&word));
        if !is_meant || words.contains(&"--merge") {
            continue;
        }
        match words.iter().position(|word| *word == option) {
            Some(at) => words[at + 1] = value,
            None => words.extend([option, value]),
        }
    }
    words.join(" ")
}

/// Makes what an example names.
fn prepare(folder: &Folder, example: &str) {
    const TRAIN: &str = "train --quiet --epochs 1 --hidden 3 --data iris.csv";
    let names = |file: &str| example.split_whitespace().any(|word| word == file);
    fs::write(folder.path("iris.csv"), clouds(60)).unwrap();
    fs::write(folder.path("moons.csv"), moons(60)).unwrap();
    if names("target/train/model.safetensors") || names("--resume") {
        folder.succeed(TRAIN);
        fs::write(folder.path("new.csv"), clouds(20)).unwrap();
    }
    if example.contains("ubyte") || names("digits.safetensors") {
        folder.succeed("pen --train 60 --test 20 --out .");
        folder.succeed(
            "train --quiet --epochs 1 --hidden 3 --images train-images-idx3-ubyte.gz \
             --labels train-labels-idx1-ubyte.gz --out reader",
        );
        fs::rename(folder.path("reader/model.safetensors"), folder.path("digits.safetensors"))
            .unwrap();
    }
    if names("titanic.csv") {
        let row = |i: usize| {
            let age = if i.is_multiple_of(7) { String::new() } else { (20 + i % 40).to_string() };
            let (sex, port) = (["female", "male"][i % 2], ["S", "C", "Q"][i % 3]);
            format!("{},{},\"Doe, {i}\",{sex},{age},PC {i},C{i},{port}\n", i / 2 % 2, 1 + i % 3)
        };
        let rows: String = (0..60).map(row).collect();
        let table = format!("Survived,Pclass,Name,Sex,Age,Ticket,Cabin,Embarked\n{rows}");
        fs::write(folder.path("titanic.csv"), table).unwrap();
    }
    if names("emnist.npz") {
        folder.succeed("pen --train 60 --test 20 --out .");
        folder.succeed("data export train-images-idx3-ubyte.gz --to emnist.npz");
    }
    for file in ["digits.npz", "letters.npz"].into_iter().filter(|file| names(file)) {
        folder.succeed("pen --train 60 --test 20 --out .");
        folder.succeed(&format!("data export train-images-idx3-ubyte.gz --to {file}"));
    }
    if names("mine.json") {
        fs::write(folder.path("mine.json"), MINI).unwrap();
    }
    if names("--check") {
        folder.succeed("records --make mine.json");
    }
    let stroke: Vec<u8> = (0..784).map(|i| if i % 28 / 3 == 4 { 255 } else { 0 }).collect();
    for photo in ["photo.png", "scan.png"].into_iter().filter(|photo| names(photo)) {
        write_png(&folder.path(photo), &stroke);
    }
    if example.starts_with("chapter 5") {
        folder.succeed("pen --train 300 --test 100 --out digits");
    }
    if names("my_digits.csv") {
        folder.succeed("pen --rows all.csv");
        // They are in the order of their classes: a seventh has some of each
        let all = fs::read_to_string(folder.path("all.csv")).unwrap();
        let few: Vec<&str> = all.lines().step_by(7).collect();
        fs::write(folder.path("my_digits.csv"), few.join("\n")).unwrap();
    }
    if names("--merge") {
        for part in 1..=3 {
            let sweep = shortened(&format!("sweep --quiet --shard {part}/3 --out parts/{part}"));
            folder.succeed(&sweep);
        }
    }
}

#[test]
fn every_example_of_the_help_prints_what_it_is_for() {
    let commands = ["train", "predict", "export", "sweep", "chapter", "pen", "records"];
    let shown: Vec<String> = commands.into_iter().flat_map(examples).collect();
    assert_eq!(shown, PRINTED.map(|(example, _)| example));
    for (example, pieces) in PRINTED {
        let folder = Folder::new();
        prepare(&folder, example);
        let printed = folder.succeed(&shortened(example));
        for piece in pieces {
            let is_there = match serde_json::from_str::<Value>(&printed) {
                Ok(object) => object.pointer(piece).is_some(),
                Err(_) => printed.contains(piece),
            };
            assert!(is_there, "{example} does not print {piece:?}:\n{printed}");
        }
    }
}
