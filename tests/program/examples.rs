//! The examples of the help, run as they are printed, but shorter.

use crate::support::{Folder, clouds, moons, write_png};
use std::fs;

/// What makes an example short: the option of a command, and a small value.
const SHORTER: [(&str, &str, &str); 8] = [
    ("train", "--epochs", "1"),
    ("sweep", "--epochs", "2"),
    ("sweep", "--seeds", "1"),
    ("sweep --digits", "--examples", "100"),
    ("chapter", "--epochs", "2"),
    ("chapter", "--seeds", "1"),
    ("chapter 5", "--own-data", "digits"),
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
    let stroke: Vec<u8> = (0..784).map(|i| if i % 28 / 3 == 4 { 255 } else { 0 }).collect();
    for photo in ["photo.png", "scan.png"].into_iter().filter(|photo| names(photo)) {
        write_png(&folder.path(photo), &stroke);
    }
    if example.starts_with("chapter 5") {
        folder.succeed("pen --train 300 --test 100 --out digits");
    }
    if names("my_digits.csv") {
        folder.succeed("pen --rows my_digits.csv");
    }
    if names("--merge") {
        for part in 1..=3 {
            let sweep = shortened(&format!("sweep --quiet --shard {part}/3 --out parts/{part}"));
            folder.succeed(&sweep);
        }
    }
}

#[test]
fn every_example_of_the_help_runs() {
    for command in ["train", "predict", "sweep", "chapter", "pen"] {
        let examples = examples(command);
        assert!(!examples.is_empty());
        for example in examples {
            let folder = Folder::new();
            prepare(&folder, &example);
            let said = folder.succeed(&shortened(&example));
            assert!(!said.is_empty(), "{example} says nothing");
        }
    }
}
