//! The rules of the house, for which the sources are read.
//!
//! The staircase: a chapter stands on the ground floor and on lower chapters, never on a higher one; the
//! ground floor stands on no chapter. No circles: modules of a crate that use each other in a ring cannot
//! be read one after the other. Short enough to read whole: what a file teaches fits on a few screens.

mod imports;
mod source;

use chapters::CHAPTERS;
use imports::{circles, graph};
use source::{Modules, lines_of_code, modules, read, rust_files, without_tests, without_texts};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// A file without its comment lines.
fn code(file: &Path) -> String {
    let text = read(file);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The numbers of the chapters whose modules a text names.
fn chapters_named_in(text: &str) -> Vec<usize> {
    text.split("chapter_").skip(1).filter_map(|rest| rest.get(..2)?.parse().ok()).collect()
}

fn chapters_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters")
}

/// The files of the chapters' crate, by their paths in it, but for examples, which stand outside.
fn files_of_chapters() -> Vec<PathBuf> {
    let files = rust_files(&chapters_folder()).into_iter();
    let files = files.map(|file| file.strip_prefix(chapters_folder()).unwrap().to_owned());
    files.filter(|file| !file.starts_with("examples")).collect()
}

/// The number of the chapter that a file belongs to; none for the ground floor.
fn chapter_of(file: &Path) -> Option<usize> {
    chapters_named_in(&file.display().to_string()).first().copied()
}

#[test]
fn no_chapter_uses_a_higher_one() {
    let mut seen = BTreeSet::new();
    for file in files_of_chapters() {
        let Some(own) = chapter_of(&file) else { continue };
        for named in chapters_named_in(&code(&chapters_folder().join(&file))) {
            assert!(named <= own, "{} uses chapter {named}, which comes later", file.display());
        }
        seen.insert(own);
    }
    assert!(seen.into_iter().eq(1..=CHAPTERS.len()));
}

#[test]
fn ground_floor_knows_no_chapter() {
    // The table of chapters names them all
    let is_ground = |file: &PathBuf| chapter_of(file).is_none() && file != Path::new("lib.rs");
    let ground: Vec<PathBuf> = files_of_chapters().into_iter().filter(is_ground).collect();
    for file in &ground {
        let named = chapters_named_in(&code(&chapters_folder().join(file)));
        assert!(named.is_empty(), "{} uses a chapter", file.display());
    }
    let declared = modules("chapters/lib.rs");
    let declared = declared.keys().filter(|name| chapters_named_in(name).is_empty());
    assert_eq!(ground.len() + 1, declared.count(), "not every module of the ground was seen");
}

#[test]
fn rule_would_notice_a_step_upwards() {
    let upwards = "use crate::chapter_04_regularised_network::Lbfgs;";
    assert_eq!(chapters_named_in(upwards), [4]);
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for root in [
        "src/main.rs",
        "book/binder/lib.rs",
        "figures/lib.rs",
        "own_data/lib.rs",
        "chapters/lib.rs",
    ] {
        let graph = graph(&modules(root));
        let uses: usize = graph.values().map(BTreeSet::len).sum();
        assert!(uses > graph.len(), "{root} has {} modules and only {uses} uses", graph.len());
        let named =
            |module: &String| if module.is_empty() { root.to_owned() } else { module.clone() };
        let told =
            |circle: &Vec<String>| circle.iter().map(named).collect::<Vec<_>>().join(" uses ");
        found.extend(circles(graph).iter().map(told));
    }
    assert!(found.is_empty(), "modules use each other in circles:\n{}", found.join("\n"));
}

/// A crate of three modules below its root.
fn crate_of(root: &str, a: &str, b: &str, c: &str) -> Modules {
    let modules = [("", root), ("a", a), ("b", b), ("b::c", c)];
    modules.map(|(name, code)| (name.to_owned(), without_texts(code))).into()
}

#[test]
fn circle_would_be_noticed_however_it_is_closed() {
    let root = "mod a; mod b; pub use b::{Other, c::Thing as Renamed}; pub struct Own;";
    let found = |a: &str, b: &str, c: &str| circles(graph(&crate_of(root, a, b, c)));
    assert!(found("use crate::b::Other;", "mod c; use c::Thing;", "").is_empty());
    let ring = [["a", "b", "a"].map(str::to_owned).to_vec()];
    assert_eq!(found("use super::b::Other;", "mod c; use crate::{Own, a::One};", ""), ring);
    // What is handed on is used from where it is
    assert_eq!(found("use crate::Other as It;", "use super::a;\nfn f() { a::f() }", ""), ring);
    assert_eq!(found("use crate::Renamed;", "", "fn f(): crate::a::One {}").len(), 1);
    // A parent and its child
    let both = [["b", "b::c", "b"].map(str::to_owned).to_vec()];
    assert_eq!(found("", "mod c; use c::{self, Thing};", "use super::{Other};"), both);
    // Only code counts
    assert!(found("use super::b::Other; // use", "// use super::a::One;", "").is_empty());
    assert!(
        found("use super::b::Other;", "const A: &str = \"use super::a::One;\";", "").is_empty()
    );
}

/// A file that teaches is shorter than this, in lines of code.
const TOO_LONG: usize = 150;

#[test]
fn teaching_files_are_short_enough_to_read_whole() {
    let teaches = |file: &PathBuf| {
        let name = file.file_stem().unwrap().to_str().unwrap();
        chapter_of(file).is_some()
            && !name.starts_with("experiment")
            && !["mod", "report", "tests"].contains(&name)
    };
    let files: Vec<PathBuf> = files_of_chapters().into_iter().filter(teaches).collect();
    let taught: BTreeSet<_> = files.iter().filter_map(|file| chapter_of(file)).collect();
    assert!(taught.into_iter().eq(1..=CHAPTERS.len()));
    let length = |file: &PathBuf| {
        lines_of_code(&without_tests(&without_texts(&read(&chapters_folder().join(file)))))
    };
    let long =
        files.iter().map(|file| (length(file), file)).filter(|(lines, _)| *lines >= TOO_LONG);
    let told: Vec<_> =
        long.map(|(lines, file)| format!("{}: {lines} lines", file.display())).collect();
    assert!(told.is_empty(), "not under {TOO_LONG} lines of code:\n{}", told.join("\n"));
}

#[test]
fn only_lines_of_code_are_counted() {
    let text = "//! A file.\n\nconst TEXT: &str = \"\n  // no comment\n\";\n/// One.\n#[cfg(test)]\n\
                mod a {\n    fn f() {}\n}\nfn g() -> char {\n    '{' // brace\n}\n#[cfg(test)]\nmod tests;\n";
    let code = without_tests(&without_texts(text));
    assert_eq!(lines_of_code(&code), 6, "{code}");
}

#[test]
fn documentation_of_every_crate_leads_to_the_book_from_docs_rs_alike() {
    // A published package holds only its own folder, so that each has a copy
    let [first, others @ ..] = ["book", "chapters", "figures", "own_data"]
        .map(|room| read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room).join("docs_rs.html")));
    assert!(others.iter().all(|other| *other == first), "copy one docs_rs.html over the others");
}
