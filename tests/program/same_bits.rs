//! The same command gives the same bytes: in every run, and on any number of threads.

use crate::support::{Folder, MINI, clouds, hold_to_the_book, text, write_png};
use chapters::dataset::pen::pen_digits;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A command, and what is left out of the comparison: values that it measures, by name, and files, by
/// ending.
type Case = (&'static str, &'static [&'static str]);

/// Every command that computes something, with settings that make it short.
const CASES: [Case; 24] = [
    ("chapter 1 --own-data digits", &[]),
    ("chapter 2 --seeds 3", &[]),
    ("chapter 3 --seeds 2 --epochs 100", &[]),
    ("chapter 4 --rows rows.csv --seeds 2", &[]),
    ("chapter 5 --own-data digits --epochs 1 --seeds 2", &[]),
    ("chapter 6 --own-data digits", &TIMES),
    ("chapter 7 --own-data digits --epochs 2 --hidden 10", &["times"]),
    ("train --data clouds.csv --epochs 5 --optimiser sgd", &EPOCH),
    ("train --data clouds.csv --epochs 5 --optimiser momentum", &EPOCH),
    ("train --data clouds.csv --epochs 5 --optimiser adam --patience 2", &EPOCH),
    ("train --data clouds.csv --epochs 5 --optimiser lbfgs", &EPOCH),
    ("train --data clouds.csv --epochs 5 --plain", &EPOCH),
    (
        "train --images digits/train-images-idx3-ubyte.gz --labels \
         digits/train-labels-idx1-ubyte.gz --epochs 1 --hidden 300",
        &EPOCH,
    ),
    (
        "train --images digits/train-images-idx3-ubyte.gz --labels \
         digits/train-labels-idx1-ubyte.gz --epochs 3 --hidden 20 --augment --average 2",
        &EPOCH,
    ),
    ("records --make record.json", &RECORD),
    ("sweep --hidden 2,20 --seeds 3 --epochs 50", &[]),
    ("sweep --data clouds.csv --optimiser sgd,lbfgs --epochs 5 --seeds 2", &[]),
    ("predict table/model.safetensors clouds.csv", &[]),
    ("predict reader/model.safetensors digits/t10k-images-idx3-ubyte.gz photo.png", &[]),
    ("pen --train 300 --test 30", &[]),
    ("data export rings --as csv", &FILE),
    ("data export rows --own-data digits --count 50 --as npz", &FILE),
    ("data show digits --own-data digits", &[]),
    ("book --source PROJECT", &PLACE),
];

/// What chapter 6 reads from the clock, with pictures of it, how many threads it was given, and how many
/// digits it had time for.
const TIMES: [&str; 17] = [
    "cores",
    "peak",
    "bandwidth",
    "one_core",
    "all_cores",
    "share_of_peak",
    "share_by_role",
    "against_ndarray_by_role",
    "milliseconds",
    "ndarray_milliseconds",
    "products_alone",
    "update_alone",
    "one_digit",
    "speed",
    "seconds",
    "by_examples",
    ".png",
];
/// How long an epoch took.
const EPOCH: [&str; 1] = ["seconds_per_epoch"];
/// How long networks took, on which machine; their files know it as well.
const RECORD: [&str; 3] = ["seconds", "hardware", ".safetensors"];
/// How long a file took.
const FILE: [&str; 2] = ["seconds_to_write", "seconds_to_read"];
/// Where the book is, which differs from folder to folder.
const PLACE: [&str; 1] = ["index"];

/// On how many threads each command runs: chapter 6, which looks at the clock for ten seconds, only
/// twice.
fn threads(command: &str) -> &'static [usize] {
    if command.starts_with("chapter 6") { &[1, 3] } else { &[1, 2, 3] }
}

/// What a command printed and wrote: contents by the names of files, without what is left out.
type Outcome = BTreeMap<String, Vec<u8>>;

/// Everything that the commands are given, in one folder.
fn given() -> Folder {
    let folder = Folder::with([("clouds.csv", clouds(90))]);
    let digits = pen_digits(120, 1);
    digits.balanced(6).unwrap().write_csv(&folder.path("rows.csv")).unwrap();
    let first: Vec<u8> = digits.picture(0).iter().copied().collect();
    write_png(&folder.path("photo.png"), &first);
    fs::write(folder.path("record.json"), MINI).unwrap();
    folder.succeed("pen --train 200 --test 40 --out digits");
    folder.succeed("train --quiet --data clouds.csv --epochs 3 --out table");
    folder.succeed(
        "train --quiet --images digits/train-images-idx3-ubyte.gz --labels \
         digits/train-labels-idx1-ubyte.gz --epochs 3 --hidden 20 --out reader",
    );
    folder
}

/// All files below a folder, but for locks.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { files_below(&path) } else { vec![path] };
    let files = entries.flat_map(below);
    files.filter(|path| path.file_name().unwrap() != ".lock").collect()
}

fn copy(from: &Path, to: &Path) {
    for file in files_below(from) {
        let copy = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(file, copy).unwrap();
    }
}

/// Runs a command on this many threads in a folder of its own.
fn run(given: &Folder, (command, left_out): Case, threads: usize) -> Outcome {
    let folder = Folder::new();
    copy(&given.path(""), &folder.path(""));
    let command = format!("{command} --quiet --json");
    let mut program = folder.command(&command.replace("PROJECT", env!("CARGO_MANIFEST_DIR")));
    let output = program.env("RAYON_NUM_THREADS", threads.to_string()).output().unwrap();
    assert!(output.status.success(), "{command}: {}", text(&output.stderr));
    let mut outcome = Outcome::from([("standard output".to_owned(), output.stdout)]);
    for file in files_below(&folder.path("")) {
        let name = file.strip_prefix(folder.path("")).unwrap();
        if !given.path("").join(name).exists() {
            outcome.insert(name.display().to_string(), fs::read(&file).unwrap());
        }
    }
    outcome
        .retain(|name, _| !left_out.iter().any(|out| out.starts_with('.') && name.ends_with(out)));
    outcome.into_iter().map(|(name, content)| (name, without(content, left_out))).collect()
}

/// JSON without values of these names; anything else as it is.
fn without(content: Vec<u8>, names: &[&str]) -> Vec<u8> {
    fn withhold(value: &mut Value, names: &[&str]) {
        match value {
            Value::Object(parts) => {
                parts.retain(|name, _| !names.contains(&name.as_str()));
                parts.values_mut().for_each(|part| withhold(part, names));
            }
            Value::Array(values) => values.iter_mut().for_each(|value| withhold(value, names)),
            _ => {}
        }
    }
    match serde_json::from_slice(&content) {
        Ok(mut value) if !names.is_empty() => {
            withhold(&mut value, names);
            value.to_string().into_bytes()
        }
        _ => content,
    }
}

/// What was compared: what was printed, and the endings of files.
fn kinds(outcome: &Outcome) -> String {
    let kind =
        |name: &String| name.rsplit_once('.').map_or(name.clone(), |(_, kind)| kind.to_owned());
    let kinds: BTreeSet<String> = outcome.keys().map(kind).collect();
    kinds.into_iter().collect::<Vec<_>>().join(", ")
}

#[test]
fn every_command_gives_the_same_bits_in_every_run_on_any_number_of_threads() {
    let given = given();
    let rows = CASES.par_iter().map(|&case| {
        let (command, left_out) = case;
        let threads = threads(command);
        let first = run(&given, case, threads[0]);
        for &threads in &threads[1..] {
            let outcome = run(&given, case, threads);
            let names: BTreeSet<_> = outcome.keys().chain(first.keys()).collect();
            let differ = names.into_iter().find(|name| outcome.get(*name) != first.get(*name));
            assert_eq!(differ, None, "{command} on {threads} threads");
        }
        json!({
            "command": format!("`{command}`"),
            "compared": kinds(&first),
            "threads": threads,
            "left_out": left_out.join(", "),
        })
    });
    let report = json!({ "rows": rows.collect::<Vec<Value>>() });
    hold_to_the_book("same_bits", "cargo test same_bits::", report);
}

#[test]
fn another_seed_gives_other_bits() {
    let given = given();
    for (command, other) in [
        ("chapter 2 --format svg --seeds 1", "chapter 2 --format svg --seeds 1 --seed 2"),
        ("train --data clouds.csv --epochs 5", "train --data clouds.csv --epochs 5 --seed 2"),
        ("sweep --hidden 3 --seeds 1 --epochs 5", "sweep --hidden 3 --seeds 1 --epochs 5 --seed 2"),
        ("pen --train 30 --test 10", "pen --train 30 --test 10 --seed 2"),
    ] {
        let [one, other] = [command, other].map(|command| run(&given, (command, &EPOCH), 2));
        assert_eq!(kinds(&one), kinds(&other));
        assert!(one != other, "{command}");
    }
}
