//! Data as it is exported and looked at: the real program, real files, broken files.

use crate::support::write_png;
use serde_json::Value;
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;

/// The program in a folder of its own, where MNIST is not to be found but few digits are.
struct Program(TempDir);

impl Program {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With some penned digits in the folder `digits`.
    fn with_digits() -> Self {
        let program = Self::new();
        program.stdout("pen --train 600 --test 100 --out digits");
        program
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handwritten"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).env_remove("MNIST_DIR");
        command.output().unwrap()
    }

    /// What it prints; it must succeed.
    fn stdout(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &str) -> Value {
        serde_json::from_str(&self.stdout(&format!("{arguments} --json"))).unwrap()
    }

    /// Its complaint; it must fail with this exit code and print nothing.
    fn refusal(&self, arguments: &str, code: i32) -> String {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments}: {complaint}");
        assert!(output.stdout.is_empty() && !complaint.contains("panicked"), "{complaint}");
        complaint
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }
}

const FLOWERS: &str =
    "length,breadth,species\n5.1,3.5,iris\n4.9,3.0,rose\n6.0,2.9,iris\n7,3,rose\n";

#[test]
fn every_set_is_exported_in_every_format_and_reads_back_equal() {
    let program = Program::with_digits();
    for (what, examples) in [
        ("rings", 200),
        ("rings --count 50", 50),
        ("digits --own-data digits", 600),
        ("digits --own-data digits --count 60", 60),
        ("digits --own-data digits --test", 100),
        ("rows --own-data digits --count 200", 200),
    ] {
        for format in ["json", "csv", "npz", "idx"] {
            let json = program.json(&format!("data export {what} --as {format}"));
            let export = &json["export"];
            assert_eq!(export["examples"], examples, "{what} as {format}");
            assert_eq!(export["read_back_and_equal"], true);
            let files = export["files"].as_array().unwrap();
            assert_eq!(files.len(), if format == "idx" { 2 } else { 1 });
            for file in files {
                assert!(program.path(file.as_str().unwrap()).is_file(), "{file}");
            }
        }
    }
}

#[test]
fn one_format_is_converted_into_any_other_and_back() {
    let program = Program::with_digits();
    program.stdout("data export digits --own-data digits --test --to 0.csv");
    let chain = ["0.csv", "1-images.idx", "2.npz", "3-images.idx.gz", "4.json", "5.csv"];
    for pair in chain.windows(2) {
        let said = program.stdout(&format!("data export {} --to {}", pair[0], pair[1]));
        assert!(said.contains("100 examples, 10 classes") && said.contains("equal"), "{said}");
    }
    let [first, last] = ["0.csv", "5.csv"].map(|name| fs::read(program.path(name)).unwrap());
    assert!(first == last);
    let mnist = program.stdout("data export digits/t10k-images-idx3-ubyte.gz --as csv");
    assert!(mnist.contains("target/data/t10k.csv"), "{mnist}");
    assert!(first == fs::read(program.path("target/data/t10k.csv")).unwrap());
}

#[test]
fn names_are_kept_where_there_is_room_for_them() {
    let program = Program::new();
    program.write("flowers.csv", FLOWERS);
    for format in ["json", "npz", "csv"] {
        let said = program.json(&format!("data export flowers.csv --label species --as {format}"));
        assert_eq!(said["export"]["classes"], serde_json::json!(["iris", "rose"]));
    }
    let refusal = program.refusal("data export flowers.csv --as idx", 1);
    assert!(
        refusal.contains("\"iris\"") && refusal.contains("write CSV, JSON or NPZ"),
        "{refusal}"
    );
    let show = program.json("data show target/data/flowers.npz");
    assert_eq!(show["show"]["features"][1]["feature"], "breadth");
    assert_eq!(show["show"]["features"][1]["min"], 2.9);
}

#[test]
fn what_a_table_would_not_give_back_is_refused_before_it_appears() {
    let program = Program::new();
    let json = |pictures: &str, classes: &str| {
        format!(r#"{{"inputs":{{"pictures":{pictures}}},"labels":[0,1],"classes":{classes}}}"#)
    };
    let square = r#"{"v":1,"dim":[2,2,2],"data":[0,1,2,3,4,5,6,7]}"#;
    let flat = r#"{"v":1,"dim":[2,1,4],"data":[0,1,2,3,4,5,6,7]}"#;
    for (pictures, classes, complaint) in [
        (flat, r#"["a","b"]"#, "cannot hold pictures of 1 × 4 pixels"),
        (square, r#"["NA","b"]"#, "cannot hold the class \"NA\", because"),
        (square, r#"["a ","b"]"#, "cannot hold the name \"a \", because"),
    ] {
        program.write("a.json", json(pictures, classes));
        let refusal = program.refusal("data export a.json --to a.csv", 1);
        assert!(refusal.contains(complaint) && refusal.contains("write JSON or NPZ"), "{refusal}");
        assert!(!program.path("a.csv").exists());
    }
    program.write("a.csv", "\"in cm; or mm; or m\",label\n1,a\n2,b\n");
    program.stdout("data export a.csv --to b.csv");
    let shown = program.json("data show b.csv");
    assert_eq!(shown["show"]["features"][0]["feature"], "in cm; or mm; or m");
}

#[test]
fn sheets_of_every_kind_are_drawn() {
    let program = Program::with_digits();
    program.write("flowers.csv", FLOWERS);
    program.write("one.csv", "x,label\n1,a\n2,b\n3,b\n");
    program.write("three.csv", "x,y,z,label\n1,2,3,a\n2,2,2,b\n3,1,2,b\n");
    for (what, sheet, title) in [
        ("rings", "rings.png", "200 examples of 2 classes: 100 of each"),
        ("digits --own-data digits --count 30", "digits.png", "600 examples of 10 classes"),
        ("rows --own-data digits --format svg", "rows.svg", "examples of 10 classes"),
        ("flowers.csv", "flowers.png", "4 examples of 2 classes: 2 of each"),
        ("one.csv", "one.png", "3 examples of 2 classes: 1 of a, 2 of b"),
        ("three.csv --format svg", "three.svg", "3 examples of 2 classes: 1 of a, 2 of b"),
    ] {
        let said = program.stdout(&format!("data show {what}"));
        assert!(said.contains(title) && said.contains("Mean"), "{what}: {said}");
        let drawn = fs::read(program.path("target/data").join(sheet)).unwrap();
        assert!(drawn.starts_with(b"\x89PNG") || drawn.starts_with(b"<svg"), "{sheet}");
    }
}

#[test]
fn broken_files_are_named_and_nothing_is_written() {
    let program = Program::with_digits();
    for name in ["whole.json", "whole.npz", "whole-images.idx", "whole.csv"] {
        program.stdout(&format!("data export digits --own-data digits --count 60 --to {name}"));
        let whole = fs::read(program.path(name)).unwrap();
        let broken = name.replace("whole", "broken");
        for content in [&whole[..whole.len() / 2], b"", b"GIF89a"] {
            program.write(&broken, content);
            program.write("broken-labels.idx", b"");
            let refusal = program.refusal(&format!("data export {broken} --to out.json"), 1);
            assert!(refusal.contains(&broken) && refusal.contains(';'), "{refusal}");
            assert!(!program.path("out.json").exists());
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let program = Program::new();
    program.write("flowers.csv", FLOWERS);
    for (arguments, code, complaint) in [
        ("data", 2, "Usage"),
        ("data export rings", 2, "--as"),
        ("data export rings --as xls", 2, "xls"),
        ("data export rings --as json --to a.csv", 2, "a.csv is not JSON"),
        ("data export rings --to a.txt", 1, "a.txt has a name that does not"),
        ("data export rings --to a.idx", 1, "`images` or `features`"),
        ("data export rings --count 0 --as csv", 2, "at least 1, but it is 0"),
        ("data export rings --test --as csv", 2, "except for `digits`"),
        ("data export rings --label x1 --as csv", 2, "except for a table"),
        ("data export rows --count 7 --as csv", 2, "a multiple of 10"),
        ("data export flowers.csv --count 3 --as csv", 2, "left out for a file"),
        ("data export absent.csv --as json", 1, "absent.csv"),
        ("data export rings --to nowhere/a.csv", 1, "nowhere/a.csv"),
        ("data show a.json --label x", 1, "leave out what is for tables: `--label`"),
        ("data show a.csv --missing mean", 2, "only a training run has means"),
        ("data show absent-images.idx", 1, "absent-labels.idx"),
        ("data show rings --count 0", 2, "0"),
    ] {
        let refusal = program.refusal(arguments, code);
        assert!(refusal.contains(complaint), "{arguments}: {refusal}");
    }
}

/// A vertical stroke, as a picture of 28 × 28 pixels.
fn stroke() -> Vec<u8> {
    (0..784).map(|i| if i % 28 / 3 == 4 { 255 } else { 0 }).collect()
}

#[test]
fn photo_is_shown_and_exported_as_a_model_sees_it() {
    let program = Program::new();
    write_png(&program.path("1.png"), &stroke());
    let said = program.stdout("data show 1.png");
    assert!(said.contains("28×28 pixels") && said.contains("1 example of 1 class: 1."), "{said}");
    assert!(fs::read(program.path("target/data/1.png")).unwrap().starts_with(b"\x89PNG"));
    let said = program.stdout("data export 1.png --to one-images.idx");
    assert!(said.contains("1 example, 1 class"), "{said}");
    let refusal = program.refusal("data show 1.png --label x", 2);
    assert!(refusal.contains("except for a table"), "{refusal}");
}

#[test]
fn every_example_of_the_help_runs() {
    let program = Program::with_digits();
    fs::create_dir_all(program.path("data")).unwrap();
    fs::rename(program.path("digits"), program.path("own")).unwrap();
    write_png(&program.path("photo.png"), &stroke());
    let mut examples = 0;
    for command in ["data", "data export", "data show"] {
        let help = program.stdout(&format!("{command} --help"));
        for option in ["--seed", "--out", "--json"] {
            assert!(help.contains(option), "{command} --help does not explain {option}");
        }
        let lines = help.split_once("Examples:\n").unwrap().1.lines();
        for line in lines.map_while(|line| line.strip_prefix("  handwritten ")) {
            let needs_digits = line.contains("digits") || line.contains("rows");
            program.stdout(&format!("{line}{}", if needs_digits { " --own-data own" } else { "" }));
            examples += 1;
        }
    }
    assert!(examples >= 10, "only {examples}");
}
