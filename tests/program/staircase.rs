//! The rule of the staircase: a chapter stands on the ground floor and on lower chapters, never on a
//! higher one; the ground floor stands on no chapter.

use chapters::CHAPTERS;
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
fn chapters_named_in(text: &str) -> Vec<usize> {
    text.split("chapter_").skip(1).filter_map(|rest| rest.get(..2)?.parse().ok()).collect()
}

#[test]
fn no_chapter_uses_a_higher_one() {
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
    let mut files_of = [0; CHAPTERS.len()];
    for file in rust_files(&chapters) {
        let name = file.strip_prefix(&chapters).unwrap().display().to_string();
        let Some(&own) = chapters_named_in(&name).first() else { continue };
        for named in chapters_named_in(&code(&file)) {
            assert!(named <= own, "{name} uses chapter {named}, which comes later");
        }
        files_of[own - 1] += 1;
    }
    for (files, chapter) in files_of.iter().zip(&CHAPTERS) {
        assert!(*files >= 3, "{} has only {files} files", chapter.key());
    }
}

#[test]
fn ground_floor_knows_no_chapter() {
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
    let ground = rust_files(&chapters).into_iter().filter(|file| {
        let name = file.strip_prefix(&chapters).unwrap();
        // The table of chapters names them all, and examples stand outside
        name != Path::new("lib.rs")
            && !name.starts_with("examples")
            && chapters_named_in(&name.display().to_string()).is_empty()
    });
    let mut seen = 0;
    for file in ground {
        assert!(chapters_named_in(&code(&file)).is_empty(), "{} uses a chapter", file.display());
        seen += 1;
    }
    assert!(seen >= 15, "found only {seen} files of the ground floor");
}

#[test]
fn rule_would_notice_a_step_upwards() {
    let upwards = "use crate::chapter_04_regularised_network::Lbfgs;";
    assert_eq!(chapters_named_in(upwards), [4]);
}
