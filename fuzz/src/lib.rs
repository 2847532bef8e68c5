//! What the program does with bytes from elsewhere: a function for each kind, none of which may
//! panic, and which must give back what they have read.
//!
//! libFuzzer calls them with bytes that it thinks of (`fuzz_targets/`), and `tests/fuzz.rs` with
//! those that are kept in `corpus/`.

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use bookbinder::Preprocessor;
use chapters::{
    CHAPTERS,
    dataset::{Digits, idx},
    report::Committed,
};
use own_data::{
    Archive, Input, Model, Split, Trainer,
    formats::{Inputs, Labelled, Missing, TableOptions, picture, read_arrays, read_pixels},
    photo::find_digit,
    sweep::{SweepGrid, read_runs, write_runs},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// What is done with bytes.
pub type Reader = fn(&[u8]);

/// Everything that reads foreign bytes, by name.
pub const READERS: [(&str, Reader); 11] = [
    ("idx", read_idx),
    ("points", read_points),
    ("digit_rows", read_digit_rows),
    ("json", read_json),
    ("npz", read_npz),
    ("picture", read_picture),
    ("model", read_model),
    ("report", read_report),
    ("sweep", read_sweep),
    ("page", read_page),
    ("formula", read_formula),
];

/// IDX, plain or packed.
pub fn read_idx(bytes: &[u8]) {
    let path = file("a-images.idx", bytes);
    accepted(idx::read_numbers(&path));
    accepted(Labelled::read_pair(&path, &path, &mut Vec::new()));
    if let Some(idx) = accepted(idx::read_from(bytes, &path, idx::LARGEST)) {
        let again = beside("b.idx.gz");
        idx::write(&again, &idx.array).expect("a folder with room in it");
        assert_eq!(idx::read(&again).expect("what was written"), idx.array);
    }
}

/// A table of examples.
pub fn read_points(bytes: &[u8]) {
    let path = file("points.csv", bytes);
    let label = |name: &str| TableOptions { label: Some(name.into()), ..TableOptions::default() };
    accepted(read_pixels(&path, (2, 2), &label("label")));
    for missing in [Missing::Drop, Missing::Mean] {
        let options = TableOptions { one_hot: vec!["b".into()], missing, ..label("a") };
        accepted(Labelled::read_csv(&path, &options));
    }
    let read = accepted(Labelled::read_csv(&path, &TableOptions::default()));
    use_examples(read.map(|read| read.examples), "csv");
}

/// A table of digits.
pub fn read_digit_rows(bytes: &[u8]) {
    let path = file("digits.csv", bytes);
    if let Some(digits) = accepted(Digits::read_csv(&path)) {
        digits.write_csv(&path).expect("a folder with room in it");
        assert_eq!(Digits::read_csv(&path).expect("what was written"), digits);
    }
}

/// Examples as JSON.
pub fn read_json(bytes: &[u8]) {
    use_examples(accepted(Labelled::read_json(&file("examples.json", bytes))), "json");
}

/// Examples as NPZ.
pub fn read_npz(bytes: &[u8]) {
    let path = file("examples.npz", bytes);
    use_examples(accepted(Labelled::read_npz(&path, &mut Vec::new())), "npz");
    for input in [Input::Pictures { rows: 1, columns: 2 }, SPLIT.0.input.clone()] {
        accepted(read_arrays(&path, None, &input, &mut Vec::new()));
    }
}

/// A picture of a digit.
pub fn read_picture(bytes: &[u8]) {
    if let Some(picture) = accepted(picture::read_photo(&file("digit.png", bytes))) {
        accepted(find_digit(picture.view(), (28, 28)));
    }
}

/// A model, or a checkpoint.
pub fn read_model(bytes: &[u8]) {
    let Some(archive) = accepted(Archive::parse(&sealed(bytes))) else { return };
    if let Some(model) = accepted(Model::of(&archive)) {
        let path = beside("model.safetensors");
        model.write(&path).expect("a folder with room in it");
        assert_eq!(Model::read(&path).expect("what was written"), model);
        accepted(model.predict(&SPLIT.1.inputs));
        model.to_onnx();
    }
    if let Some(mut trainer) = accepted(Trainer::load_checkpoint(&archive, &SPLIT.0)) {
        accepted(trainer.epoch(&SPLIT.0, trainer.history.len()));
    }
}

/// A committed report, as it is or with some of its values replaced by the bytes.
pub fn read_report(bytes: &[u8]) {
    let committed = serde_json::from_slice(bytes).or_else(|_| Ok(replaced(bytes)));
    let Some(Committed { report, tolerances, command }) =
        accepted::<_, serde_json::Error>(committed)
    else {
        return;
    };
    for chapter in &CHAPTERS {
        accepted(chapter.findings(&report));
        accepted(figures::of_chapter(chapter, &report));
    }
    Committed { report: report.clone(), tolerances, command }.differences(&report);
}

/// The runs of a sweep, or its grid.
pub fn read_sweep(bytes: &[u8]) {
    let runs = read_runs(bytes);
    let mut table = Vec::new();
    write_runs(&mut table, &runs, true).expect("memory");
    assert_eq!(read_runs(table.as_slice()), runs);
    if let Some(grid) = accepted(serde_json::from_slice::<SweepGrid>(bytes)) {
        accepted(grid.check());
    }
}

/// A page of the book.
pub fn read_page(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    PREPROCESSOR.with(|preprocessor| preprocessor.bind(Path::new("chapter_01.md"), &text));
}

/// A formula, within a line and on its own.
pub fn read_formula(bytes: &[u8]) {
    let latex = String::from_utf8_lossy(bytes).replace(['$', '\n', '\r'], " ");
    PREPROCESSOR.with(|preprocessor| {
        for page in [format!("${latex}$"), format!("$$\n{latex}\n$$")] {
            let (html, _) = preprocessor.bind(Path::new("chapter_01.md"), &page);
            assert!(!html.contains("<script"), "{latex} became {html}");
        }
    });
}

/// The same with the digest in place of its 64 zeros, which is more than anybody could guess.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut sealed = bytes.to_vec();
    if let Some(at) = bytes.windows(64).position(|window| window == [b'0'; 64]) {
        let digest = Sha256::digest(bytes);
        let digits = digest.iter().flat_map(|byte| format!("{byte:02x}").into_bytes());
        sealed.splice(at..at + 64, digits);
    }
    sealed
}

/// What was read; or a sentence on why it was not.
fn accepted<T, E: Display>(result: Result<T, E>) -> Option<T> {
    let refused = |error: E| assert!(error.to_string().len() > 10, "{error}");
    result.map_err(refused).ok()
}

/// Whatever was read can be looked at, written and read again.
fn use_examples(examples: Option<Labelled>, ending: &str) {
    let Some(examples) = examples else { return };
    let counts: usize = examples.counts().iter().sum();
    assert_eq!((counts, examples.inputs.len()), (examples.labels.len(), examples.labels.len()));
    examples.constant_columns();
    accepted(Split::new(&examples, 0.25, 1));
    let path = beside(&format!("again.{ending}"));
    if accepted(examples.write(&path)).is_some() {
        assert_eq!(
            Labelled::read(&path, &TableOptions::default())
                .map(|read| read.examples)
                .expect("what was written"),
            examples
        );
    }
}

/// The report of a chapter, in which three bytes each say which value becomes what.
fn replaced(bytes: &[u8]) -> Committed {
    let (&chapter, edits) = bytes.split_first().unwrap_or((&0, &[]));
    let mut committed = REPORTS[usize::from(chapter) % REPORTS.len()].clone();
    for &[high, low, what] in edits.as_chunks::<3>().0 {
        let way = usize::from(u16::from_be_bytes([high, low]));
        *walk(&mut committed.report, way) = match what % 12 {
            0 => Value::Null,
            1 => json!(0),
            2 => json!(-1),
            3 => json!(1e308),
            4 => json!(-1e308),
            5 => json!(1e-308),
            6 => json!(u64::MAX),
            7 => json!(""),
            8 => json!([]),
            9 => json!({}),
            10 => json!(0.5),
            _ => json!([[], [1.0], [1.0, 2.0]]),
        };
    }
    committed
}

/// The value at the end of a way, whose remainders say which value below to go on to.
fn walk(value: &mut Value, way: usize) -> &mut Value {
    let below = match value {
        Value::Array(values) => values.len(),
        Value::Object(map) => map.len(),
        _ => 0,
    };
    // The last choice is to stay here
    let (next, way) = (way % (below + 1), way / (below + 1));
    if next == below {
        return value;
    }
    match value {
        Value::Array(values) => walk(&mut values[next], way),
        Value::Object(map) => walk(map.values_mut().nth(next).expect("as many as counted"), way),
        _ => value,
    }
}

/// A file with these bytes.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = beside(name);
    fs::write(&path, bytes).expect("a folder with room in it");
    path
}

/// A place for a file.
fn beside(name: &str) -> PathBuf {
    static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));
    FOLDER.path().join(name)
}

/// Something to learn from.
static SPLIT: LazyLock<(Split, Labelled)> = LazyLock::new(|| {
    let x = ndarray::Array2::from_shape_fn((8, 2), |(i, j)| (i * (j + 1)) as f64);
    let inputs = Inputs::Numbers { x, features: vec!["x".into(), "y".into()] };
    let labels = (0..8).map(|i| i % 2).collect();
    let examples = Labelled { inputs, labels, classes: vec!["0".into(), "1".into()] };
    (Split::new(&examples, 0.25, 1).expect("enough of both classes"), examples)
});

/// The project's folder.
fn project() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let above = here.parent().filter(|_| here.ends_with("fuzz"));
    above.unwrap_or(here).to_owned()
}

static REPORTS: LazyLock<Vec<Committed>> = LazyLock::new(|| {
    let path = |key: String| project().join("book/reports").join(key + ".json");
    let report = |path| serde_json::from_slice(&fs::read(path).expect("a report"));
    CHAPTERS.iter().map(|chapter| report(path(chapter.key())).expect("a report")).collect()
});

thread_local! {
    static PREPROCESSOR: Preprocessor = Preprocessor::open(&project()).expect("the book");
}
