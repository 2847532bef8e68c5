//! The rule of the staircase: a chapter stands on the ground floor and on lower chapters, never on a
//! higher one; the ground floor stands on no chapter.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// All Rust files below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// A file without its comment lines.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The numbers of the chapters whose modules a text names.
fn chapters_named_in(text: &str) -> Vec<u32> {
    text.split("chapter_").skip(1).filter_map(|rest| rest.get(..2)?.parse().ok()).collect()
}

#[test]
fn no_chapter_uses_a_higher_one() {
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
    let mut seen = 0;
    for file in rust_files(&chapters).iter().filter(|file| !file.ends_with("chapters/mod.rs")) {
        let name = file.strip_prefix(&chapters).unwrap().display().to_string();
        let own = chapters_named_in(&name)[0];
        for named in chapters_named_in(&code(file)) {
            assert!(named <= own, "{name} uses chapter {named}, which comes later");
        }
        seen += 1;
    }
    assert!(seen >= 15, "found only {seen} files of chapters");
}

#[test]
fn ground_floor_knows_no_chapter() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_roof = |file: &PathBuf| {
        ["cli", "bookbinder", "sweep", "workbench", "main.rs", "lib.rs"]
            .iter()
            .any(|room| file.starts_with(src.join(room)))
    };
    for file in rust_files(&src).iter().filter(|file| !is_roof(file)) {
        let code = code(file);
        assert!(
            chapters_named_in(&code).is_empty() && !code.contains("chapters::"),
            "{} uses a chapter",
            file.display()
        );
    }
}

#[test]
fn rule_would_notice_a_step_upwards() {
    let upwards = "use crate::chapters::chapter_04_regularised_network::Lbfgs;";
    assert_eq!(chapters_named_in(upwards), [4]);
}
