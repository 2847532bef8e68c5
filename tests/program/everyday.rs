//! Tables as people have them: each is read as the plain one is, or refused with what helps.

use crate::support::{Folder, hold_to_the_book, mnist, text};
use chapters::dataset::mnist::load;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    process::Stdio,
};

/// What becomes of a table.
enum Becomes {
    /// It is read as the plain table, and this is said (nothing if it is empty).
    Read(&'static str),
    /// It is refused, and this is said.
    Refused(&'static str),
}
use Becomes::{Read, Refused};

/// What is unusual about a table, its file, its content, and options.
type Kind = (&'static str, &'static str, String, &'static str, Becomes);

/// Two numbers and a class.
fn rows() -> Vec<[String; 3]> {
    let row = |i: usize| {
        let x = (7 * i % 20) as f64 / 8.0;
        [x.to_string(), (x * x - (i % 3) as f64).to_string(), ["alba", "rosea"][i % 2].to_owned()]
    };
    (0..40).map(row).collect()
}

/// A table of all rows with headings.
fn table(separator: &str, end: &str) -> String {
    let headings = ["width", "height", "label"].map(str::to_owned);
    let rows = [headings].into_iter().chain(rows());
    rows.map(|row| row.join(separator) + end).collect()
}

fn plain() -> String {
    table(",", "\n")
}

/// The plain table with every row changed, the headings by `headings`.
fn changed(headings: &str, row: impl Fn(usize, [String; 3]) -> String) -> String {
    let rows = rows().into_iter().enumerate().map(|(i, cells)| row(i, cells));
    [headings.to_owned()].into_iter().chain(rows).map(|row| row + "\n").collect()
}

const NAMELESS: &str = "the first row is like the others, and so it is read as an example; the columns are \
                        called \"column 1\" to \"column 3\"";

#[allow(clippy::too_many_lines, reason = "it is a list")]
fn kinds() -> Vec<Kind> {
    let class = |spellings: [&'static str; 4]| {
        changed("width,height,label", move |i, [x, y, _]| {
            format!("{x},{y},{}", spellings[i % 2 + i / 2 % 2 * 2])
        })
    };
    let first_height = |cell: &str| plain().replacen(",0,alba", &format!(",{cell},alba"), 1);
    let words = || {
        changed("town,width,height,label", |i, [x, y, label]| {
            format!("{},{x},{y},{label}", ["Rome", "Ulm", "Bonn"][i % 3])
        })
    };
    let mut kinds = vec![
        ("semicolons", "a.csv", table(";", "\n"), "", Read("")),
        ("tabs", "a.tsv", table("\t", "\n"), "", Read("")),
        ("doubled tabs", "a.txt", table("\t\t", "\n"), "", Read("")),
        ("vertical bars", "a.data", table(" | ", "\n"), "", Read("")),
        ("runs of spaces", "a.dat", table("    ", "  \n"), "", Read("")),
        (
            "a line that names the separator",
            "a.csv",
            format!("sep=;\n{}", table(";", "\n")),
            "",
            Read(""),
        ),
        (
            "lines of comment",
            "a.csv",
            format!("# garden, spring, 2024\n#\n{}", plain()),
            "",
            Read(""),
        ),
        (
            "a byte order mark and CR LF",
            "a.csv",
            format!("\u{feff}{}", table(",", "\r\n")),
            "",
            Read(""),
        ),
        ("a comma after every row", "a.csv", table(",", ",\n"), "", Read("")),
        ("a comma after the headings", "a.csv", plain().replacen('\n', ",\n", 1), "", Read("")),
        (
            "rows of commas at the end",
            "a.csv",
            plain() + ",,\n,,\n",
            "",
            Read("lines without a value are left out: 2"),
        ),
        (
            "names of rows without a heading, as R writes them",
            "a.txt",
            changed("width height label", |i, row| format!("\"{i}\" {}", row.join(" "))),
            "",
            Read("the column \"\" numbers the rows: it is left out"),
        ),
        (
            "no headings",
            "a.data",
            changed("", |_, row| row.join(",")).trim_start().to_owned(),
            "",
            Read(NAMELESS),
        ),
        (
            "an index without a name, as pandas writes it",
            "a.csv",
            changed(",width,height,label", |i, row| format!("{i},{}", row.join(","))),
            "",
            Read("the column \"\" numbers the rows: it is left out"),
        ),
        (
            "an identifier",
            "a.csv",
            changed("PatientId,width,height,label", |i, row| {
                format!("{},{}", 9000 - 7 * i, row.join(","))
            }),
            "",
            Read("the column \"PatientId\" numbers the rows: it is left out"),
        ),
        (
            "classes spelled in several ways",
            "a.csv",
            class(["no", "yes", "No", "YES"]),
            "",
            Read("the labels \"no\", \"No\" are one class"),
        ),
        (
            "classes that are the same number",
            "a.csv",
            class(["0", "1", "0.0", "01"]),
            "",
            Read("the labels \"0\", \"0.0\" are one class, \"0\""),
        ),
        (
            "a web page",
            "a.csv",
            "<!DOCTYPE html>\n<html><head><title>a.csv, at GitHub</title>\n".to_owned(),
            "",
            Refused("a.csv is a web page, not a table"),
        ),
        (
            "a pointer of a large-file store",
            "a.csv",
            "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n".to_owned(),
            "",
            Refused("a.csv is a pointer to a file in a large-file store"),
        ),
        (
            "thousands",
            "a.csv",
            first_height("\"71,877\""),
            "",
            Refused(
                "column 2: found \"71,877\", expected a number without separators between its thousands",
            ),
        ),
        (
            "a measured label",
            "a.csv",
            changed("kind,label", |i, [x, _, _]| {
                format!("{},{}", i % 2, x.parse::<f64>().unwrap() + i as f64)
            }),
            "",
            Refused(
                "looks like a measured quantity: this program tells classes apart, expected a column of classes, which could be \"kind\"",
            ),
        ),
        (
            "words",
            "a.csv",
            words(),
            "",
            Refused(
                "holds text in the columns \"town\", expected numbers: make each of their words a feature with `--one-hot town`",
            ),
        ),
        ("words, left out", "a.csv", words(), "--drop town", Read("")),
        (
            "a label missing",
            "a.csv",
            plain().replacen("alba", "N/A", 1),
            "",
            Refused("line 2, column 3: found \"N/A\", expected a label"),
        ),
        (
            "rows with gaps, left out",
            "a.csv",
            plain() + "1,?,alba\n2,3,NULL\n",
            "--missing drop",
            Read("1 missing value: 1 row left out"),
        ),
    ];
    for missing in ["", "NA", "N/A", "n/a", "None", "-", "#N/A", "<NA>", ".", "?", "nan"] {
        let refused = Refused(
            "has 1 missing value in 1 row, the first in line 2, column 2; fill them in, or train with `--missing drop`",
        );
        kinds.push(("a missing value", "a.csv", first_height(missing), "", refused));
    }
    kinds
}

/// Trains, and returns what was said and, unless that failed, the report.
fn train(folder: &Folder, arguments: &str) -> (String, Option<Value>) {
    let epochs = if arguments.contains("--epochs") { "" } else { "--epochs 2 --hidden 4" };
    let output = folder.run(&format!("train {epochs} --overwrite --json {arguments}"));
    let said = text(&output.stderr);
    assert!(!said.contains("panicked"), "{arguments}: {said}");
    (said, serde_json::from_slice(&output.stdout).ok())
}

/// What a training run came to, whatever the names.
fn outcome(report: &Value) -> [&Value; 3] {
    ["sizes", "history", "confusion"].map(|key| &report[key])
}

#[test]
fn every_table_is_read_as_the_plain_one_or_refused() {
    let folder = Folder::with([("plain.csv", plain())]);
    let expected = train(&folder, "--data plain.csv").1.unwrap();
    let mut shown: Vec<Value> = Vec::new();
    for (kind, name, content, options, becomes) in kinds() {
        fs::write(folder.path(name), &content).unwrap();
        let (said, report) = train(&folder, &format!("--data {name} {options}"));
        let (result, sentence) = match becomes {
            Read(sentence) => {
                let report = report.unwrap_or_else(|| panic!("{kind}: {said}"));
                assert_eq!(outcome(&report), outcome(&expected), "{kind}: {said}");
                ("read", sentence)
            }
            Refused(sentence) => {
                assert!(report.is_none(), "{kind} was read");
                ("refused", sentence)
            }
        };
        assert!(said.contains(sentence), "{kind}: {said}");
        let row = json!({ "table": kind, "options": options, "result": result, "said": sentence });
        if shown.last().is_none_or(|last| last["table"] != row["table"]) {
            shown.push(row);
        }
    }
    let command = "cargo test --test program everyday";
    hold_to_the_book("everyday", command, json!({ "rows": shown }));
}

#[test]
fn compressed_tables_other_encodings_and_standard_input_are_read() {
    let folder = Folder::with([("plain.csv", plain())]);
    let expected = train(&folder, "--data plain.csv").1.unwrap();
    let mut packed =
        GzEncoder::new(File::create(folder.path("a.csv.gz")).unwrap(), Compression::fast());
    packed.write_all(plain().as_bytes()).unwrap();
    packed.finish().unwrap();
    let utf_16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{}", table("\t", "\r\n")).encode_utf16().flat_map(unit).collect()
    };
    fs::write(folder.path("little.txt"), utf_16(u16::to_le_bytes)).unwrap();
    fs::write(folder.path("big.txt"), utf_16(u16::to_be_bytes)).unwrap();
    for name in ["a.csv.gz", "little.txt", "big.txt"] {
        let (said, report) = train(&folder, &format!("--data {name}"));
        let report = report.unwrap_or_else(|| panic!("{name}: {said}"));
        assert_eq!(outcome(&report), outcome(&expected), "{name}");
    }
    let by_name = cfg!(unix).then_some("/dev/stdin");
    for name in ["-"].into_iter().chain(by_name) {
        let mut child = folder
            .command(&format!("train --epochs 2 --hidden 4 --overwrite --json --data {name}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(plain().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(outcome(&report), outcome(&expected), "{name}");
    }
}

/// Ten digits of 8 × 8 pixels as a table whose columns are called as `name` says.
fn pixels(name: impl Fn(usize, usize) -> String, label_first: bool) -> String {
    let ordered = |label: String, mut pixels: Vec<String>| {
        pixels.insert(if label_first { 0 } else { 64 }, label);
        pixels.join(",") + "\n"
    };
    let names = (0..64).map(|i| name(i / 8, i % 8)).collect();
    let mut table = ordered("label".to_owned(), names);
    for i in 0..40 {
        let ink = |k: usize| if k.is_multiple_of(7) { 0 } else { (k * (i % 4 + 3) * 29 + i) % 256 };
        table += &ordered((i % 4).to_string(), (0..64).map(|k| ink(k).to_string()).collect());
    }
    table
}

#[test]
fn numbered_columns_of_bytes_are_pictures() {
    let folder = Folder::with([(
        "plain.csv",
        pixels(|row, column| format!("p{}", 8 * row + column), false),
    )]);
    let expected = train(&folder, "--data plain.csv").1.unwrap();
    let nameless = |label_first: bool| {
        let table = pixels(|_, _| "x".to_owned(), label_first);
        table.split_once('\n').unwrap().1.to_owned()
    };
    for (table, note) in [
        (
            pixels(|row, column| format!("pixel{}", 8 * row + column), true),
            "pictures of 8 × 8 pixels",
        ),
        (
            pixels(|row, column| format!("{}x{}", row + 1, column + 1), true),
            "pictures of 8 × 8 pixels",
        ),
        (pixels(|row, column| format!("pixel_{row}_{column}"), false), "pictures of 8 × 8 pixels"),
        (
            pixels(|row, column| format!("attribute{}", 8 * row + column + 1), false),
            "pictures of 8 × 8 pixels",
        ),
        (nameless(true), "the label column is \"column 1\""),
        (nameless(false), "the label column is \"column 65\""),
    ] {
        fs::write(folder.path("a.csv"), table).unwrap();
        let (said, report) = train(&folder, "--data a.csv");
        assert_eq!(outcome(&report.unwrap()), outcome(&expected), "{said}");
        assert!(said.contains(note), "{said}");
        // The model reads the same pictures from any of them
        let told = folder.json("predict target/train/model.safetensors plain.csv --label label");
        let again = folder.json("predict target/train/model.safetensors a.csv");
        let probabilities = |told: &Value| told["predictions"][7]["probabilities"].clone();
        assert_eq!(probabilities(&told), probabilities(&again));
    }
}

#[test]
fn predictions_compare_classes_by_value_and_say_where_none_is_known() {
    let numbered = changed("width,height,label", |i, [x, y, _]| format!("{x},{y},{}", i % 2));
    let folder = Folder::with([("a.csv", numbered.clone())]);
    train(&folder, "--data a.csv");
    let right = |label: &str| {
        let table = numbered.replace(",0\n", &format!(",{label}\n"));
        fs::write(folder.path("b.csv"), table).unwrap();
        folder.run("predict target/train/model.safetensors b.csv --label label")
    };
    let told = |label: &str| {
        let output = right(label);
        text(&output.stdout).lines().last().unwrap().to_owned()
    };
    assert_eq!(told("0.0"), told("0"));
    let other = numbered.replace(",0\n", ",a\n").replace(",1\n", ",b\n");
    fs::write(folder.path("b.csv"), other).unwrap();
    let output = folder.run("predict target/train/model.safetensors b.csv --label label");
    let said = text(&output.stderr);
    assert!(said.contains("none of the labels \"a\", \"b\" is a class of the model"), "{said}");
    assert!(!text(&output.stdout).contains("correct"), "{}", text(&output.stdout));
}

#[test]
fn capital_and_small_letters_of_an_alphabet_are_different_classes() {
    let letters = ["a", "A", "b", "B", "c", "C", "d", "D", "e", "E"];
    let table =
        changed("width,height,label", |i, [x, y, _]| format!("{x},{y},{}", letters[i % 10]));
    let folder = Folder::with([("a.csv", table)]);
    let (said, _) = train(&folder, "--data a.csv");
    assert!(said.contains("capital and small letters are different classes"), "{said}");
    let told = folder.json("predict target/train/model.safetensors a.csv --label label");
    let predictions = told["predictions"].as_array().unwrap();
    assert!(predictions.iter().all(|p| p["miss"] == (p["class"] != p["label"])), "{told}");
    let right = predictions.iter().filter(|p| p["class"] == p["label"]).count();
    assert_eq!(told["right"], right);
}

#[test]
fn words_and_gaps_are_kept_in_the_model() {
    let table = changed("town,width,height,label", |i, [x, y, label]| {
        let gap = if i == 5 { "NA".to_owned() } else { x };
        format!("{},{gap},{y},{label}", ["Rome", "Ulm"][i % 2])
    });
    let folder = Folder::with([("a.csv", table)]);
    let (said, report) =
        train(&folder, "--data a.csv --one-hot town --missing mean --hidden 8 --epochs 60");
    let report = report.unwrap_or_else(|| panic!("{said}"));
    assert_eq!(report["sizes"], json!([4, 8, 1]));
    assert!(
        said.contains("1 missing value in 1 row: the mean of the column takes its place"),
        "{said}"
    );
    let predict = |rows: &str| {
        fs::write(folder.path("b.csv"), format!("height,town,width\n{rows}")).unwrap();
        let told = folder.json("predict target/train/model.safetensors b.csv");
        told["predictions"].as_array().unwrap().clone()
    };
    // The town tells the class, in any spelling; a gap is the mean
    let told = predict("1,Rome,1\n1,ulm,1\n1,Rome,\n");
    assert_eq!([&told[0]["class"], &told[1]["class"]], ["alba", "rosea"]);
    assert_eq!([&told[2]["class"], &told[2]["row"]], [&json!("alba"), &json!(3)]);
}

/// As many rows as the training table of a well-known competition.
const ROWS: usize = 42_000;
/// The most memory that they may take.
const MOST_MEMORY: u64 = 300_000_000;

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn a_large_table_of_digits_takes_little_memory_with_mnist() {
    let folder = Folder::new();
    let digits = load(&mnist()).unwrap().train;
    let mut table = BufWriter::new(File::create(folder.path("train.csv")).unwrap());
    let headings: Vec<String> = (0..784).map(|i| format!("pixel{i}")).collect();
    writeln!(table, "label,{}", headings.join(",")).unwrap();
    for (pixels, label) in digits.pixels.rows().into_iter().zip(&digits.labels).take(ROWS) {
        let cells: Vec<String> = pixels.iter().map(u8::to_string).collect();
        writeln!(table, "{label},{}", cells.join(",")).unwrap();
    }
    table.flush().unwrap();
    let (output, memory) = folder.watched("train --data train.csv --epochs 2 --json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["sizes"], json!([784, 100, 10]), "{}", text(&output.stderr));
    assert!(report["on_held_out"]["error"].as_f64().unwrap() < 0.06);
    println!("{:.0} MB", memory as f64 / 1e6);
    assert!(memory < MOST_MEMORY, "{memory} bytes");
}
