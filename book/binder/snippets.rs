//! The project's source files, and the pieces of them that pages quote.

use crate::{
    error::{BindError, Diagnostic, Problem},
    files::{files_below, read},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The longest listing that can be read in one go, in lines.
const MOST_LINES: usize = 25;
/// Where quotable files lie.
const FOLDERS: [&str; 6] = ["book/binder", "chapters", "figures", "own_data", "src", "tests"];

/// Every source file of the project.
pub struct Snippets {
    /// By path from the project's folder, with `/` between folders.
    files: BTreeMap<String, SourceFile>,
    /// Anchors that pages have used: file and name.
    used: RefCell<BTreeSet<(String, String)>>,
    /// Files that pages link to.
    linked: RefCell<BTreeSet<String>>,
}

/// A file and its anchors.
pub struct SourceFile {
    /// The whole text.
    pub text: String,
    anchors: BTreeMap<String, Anchor>,
}

/// A named piece of a file.
#[derive(Clone, Debug, Default, PartialEq)]
struct Anchor {
    /// Lines from 1, without those of any anchor.
    lines: Vec<(usize, String)>,
    opened: Vec<usize>,
    closed: usize,
}

/// A piece of code to be shown.
#[derive(Debug, PartialEq)]
pub struct Listing {
    /// Its lines, without the indentation that they share.
    pub code: String,
    /// The first and the last line in the file.
    pub lines: (usize, usize),
}

impl Snippets {
    /// Reads the project's source files.
    pub fn read(project: &Path) -> Result<Self, BindError> {
        let mut files = BTreeMap::new();
        for folder in FOLDERS {
            for path in files_below(&project.join(folder), "rs")? {
                let name = path.strip_prefix(project).unwrap_or(&path).to_string_lossy();
                files.insert(name.replace('\\', "/"), SourceFile::new(read(&path)?));
            }
        }
        Ok(Self { files, used: RefCell::default(), linked: RefCell::default() })
    }

    /// The piece of `path` between `ANCHOR: anchor` and `ANCHOR_END: anchor`.
    pub fn listing(&self, path: &str, anchor: &str) -> Result<Listing, Diagnostic> {
        let file = self.file(path).ok_or_else(|| Diagnostic::NoFile(path.to_owned()))?;
        let piece = file.anchors.get(anchor).ok_or_else(|| {
            let known: Vec<&str> = file.anchors.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Diagnostic::NoAnchor(path.to_owned(), anchor.to_owned(), known)
        })?;
        self.used.borrow_mut().insert((path.to_owned(), anchor.to_owned()));
        let count = piece.lines.len();
        if count > MOST_LINES {
            let anchor = anchor.to_owned();
            return Err(Diagnostic::LongListing(anchor, count, MOST_LINES));
        }
        match (piece.lines.first(), piece.lines.last()) {
            (Some(first), Some(last)) if piece.lines.iter().any(|line| !line.1.is_empty()) => {
                Ok(Listing { code: to_the_left(&piece.lines), lines: (first.0, last.0) })
            }
            _ => Err(Diagnostic::EmptyAnchor(anchor.to_owned())),
        }
    }

    /// A file by its path from the project's folder; it will be bound as a page.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        let file = self.files.get(path)?;
        self.linked.borrow_mut().insert(path.to_owned());
        Some(file)
    }

    /// Every file, by path.
    pub fn files(&self) -> impl Iterator<Item = (&String, &SourceFile)> {
        self.files.iter()
    }

    /// The files that pages link to.
    pub fn linked(&self) -> Vec<(String, &SourceFile)> {
        let linked = self.linked.borrow();
        linked.iter().filter_map(|path| Some((path.clone(), self.files.get(path)?))).collect()
    }

    /// Anchors that are malformed or that no page has used.
    pub fn problems(&self) -> Vec<Problem> {
        let used = self.used.borrow();
        let mut problems = Vec::new();
        for (path, file) in &self.files {
            for (name, anchor) in &file.anchors {
                let paired = anchor.opened.len() == 1 && anchor.closed == 1;
                let diagnostic = if !paired {
                    Diagnostic::UnpairedAnchor(name.clone())
                } else if !used.contains(&(path.clone(), name.clone())) {
                    Diagnostic::UnusedAnchor(name.clone())
                } else {
                    continue;
                };
                let line = anchor.opened.first().copied().unwrap_or(0);
                problems.push(Problem { file: path.into(), line, diagnostic });
            }
        }
        problems
    }
}

impl SourceFile {
    fn new(text: String) -> Self {
        let mut anchors: BTreeMap<String, Anchor> = BTreeMap::new();
        let mut open: Vec<String> = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            if let Some(name) = marked(line, "ANCHOR:") {
                anchors.entry(name.to_owned()).or_default().opened.push(number);
                open.push(name.to_owned());
            } else if let Some(name) = marked(line, "ANCHOR_END:") {
                anchors.entry(name.to_owned()).or_default().closed += 1;
                open.retain(|anchor| anchor != name);
            } else {
                for name in &open {
                    let anchor = anchors.get_mut(name).expect("an open anchor is known");
                    anchor.lines.push((number, line.to_owned()));
                }
            }
        }
        Self { text, anchors }
    }
}

/// The name behind `mark` in a line that is nothing but this comment.
fn marked<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let line = line.trim_start();
    Some(line.strip_prefix("// ")?.strip_prefix(mark)?.trim())
}

/// Removes the indentation that all lines share.
fn to_the_left(lines: &[(usize, String)]) -> String {
    let filled = lines.iter().map(|(_, line)| line).filter(|line| !line.trim().is_empty());
    let indent = filled.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let moved: Vec<&str> = lines.iter().map(|(_, line)| line.get(indent..).unwrap_or("")).collect();
    moved.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippets(text: &str) -> Snippets {
        let files = BTreeMap::from([("a.rs".to_owned(), SourceFile::new(text.to_owned()))]);
        Snippets { files, used: RefCell::default(), linked: RefCell::default() }
    }

    const TEXT: &str = "mod a;\n    // ANCHOR: step\n    fn step() {\n        1;\n    // ANCHOR: one\n    }\n    // ANCHOR_END: one\n    // ANCHOR_END: step\n";

    #[test]
    fn listing_is_moved_to_the_left_and_knows_its_lines() {
        let listing = snippets(TEXT).listing("a.rs", "step").unwrap();
        assert_eq!(listing.code, "fn step() {\n    1;\n}\n");
        assert_eq!(listing.lines, (3, 6));
    }

    #[test]
    fn missing_empty_and_long_listings_are_refused() {
        let refused = |text: &str, path, anchor| snippets(text).listing(path, anchor).unwrap_err();
        assert_eq!(refused(TEXT, "b.rs", "step"), Diagnostic::NoFile("b.rs".into()));
        let unknown = refused(TEXT, "a.rs", "leap").to_string();
        assert_eq!(unknown, "a.rs has no anchor `leap`; it has one, step");
        let empty = "// ANCHOR: a\n\n// ANCHOR_END: a\n";
        assert_eq!(refused(empty, "a.rs", "a"), Diagnostic::EmptyAnchor("a".into()));
        let long = format!("// ANCHOR: a\n{}// ANCHOR_END: a\n", "x\n".repeat(26));
        assert!(matches!(refused(&long, "a.rs", "a"), Diagnostic::LongListing(_, 26, _)));
    }

    #[test]
    fn unused_and_unpaired_anchors_are_found() {
        let snippets = snippets("// ANCHOR: a\nx\n// ANCHOR_END: a\n// ANCHOR: b\ny\n");
        let problems = snippets.problems().into_iter().map(|problem| problem.diagnostic);
        assert_eq!(
            problems.collect::<Vec<_>>(),
            [Diagnostic::UnusedAnchor("a".into()), Diagnostic::UnpairedAnchor("b".into())]
        );
        snippets.listing("a.rs", "a").unwrap();
        assert_eq!(snippets.problems().len(), 1);
    }
}
