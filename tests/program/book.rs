//! The book: what the bookbinder refuses, each diagnostic shown to fire, and what every chapter's page
//! must have.

use crate::support::mnist;
use bookbinder::{self, Diagnostic, console};
use chapters::{CHAPTERS, Chapter};
use regex::Regex;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of everything that the book is bound from, to be broken.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = tempfile::tempdir().unwrap();
        for folder in ["book", "chapters", "figures", "own_data", "src", "tests"] {
            copy_folder(&project().join(folder), &copy.path().join(folder));
        }
        Self(copy)
    }

    /// Replaces a piece of a file.
    fn change(&self, file: &str, old: &str, new: &str) {
        let path = self.0.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file} does not contain {old}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    }

    /// Puts a paragraph in front of a page's first heading of the second level; returns its line.
    fn add(&self, page: &str, paragraph: &str) -> usize {
        let path = self.0.path().join("book/src").join(page);
        let text = fs::read_to_string(&path).unwrap();
        let (before, after) = text.split_once("\n## ").unwrap();
        fs::write(&path, format!("{before}\n{paragraph}\n\n## {after}")).unwrap();
        before.lines().count() + 2
    }

    fn bind(&self) -> Result<usize, bookbinder::BindError> {
        bookbinder::bind(self.0.path(), &self.out())
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("bound")
    }

    /// The one thing that is refused: the file, the line and the reason.
    fn diagnostic(&self) -> (String, usize, Diagnostic) {
        match self.bind() {
            Err(bookbinder::BindError::Refused(mut problems)) if problems.len() == 1 => {
                let problem = problems.remove(0);
                (problem.file.display().to_string(), problem.line, problem.diagnostic)
            }
            Err(error) => panic!("another error: {error}"),
            Ok(_) => panic!("the book was bound"),
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A paragraph added to chapter 3, and taken out again, is refused at its line, for a reason of this form.
macro_rules! assert_refused {
    ($copy:expr, $paragraph:expr, $pattern:pat) => {{
        let page = $copy.0.path().join("book/src/chapter_03.md");
        let whole = fs::read(&page).unwrap();
        let line = $copy.add("chapter_03.md", $paragraph);
        let (file, found, diagnostic) = $copy.diagnostic();
        assert_eq!((file.as_str(), found), ("book/src/chapter_03.md", line), "{diagnostic}");
        assert!(matches!(diagnostic, $pattern), "{diagnostic:?}");
        fs::write(page, whole).unwrap();
    }};
}

#[test]
fn book_is_bound() {
    let copy = Copy::new();
    let pages = copy.bind().unwrap_or_else(|error| panic!("{error}"));
    assert!(pages > CHAPTERS.len());
    // Binding it again replaces it
    copy.bind().unwrap_or_else(|error| panic!("{error}"));
    let page = fs::read_to_string(copy.out().join("chapter_03.html")).unwrap();
    assert!(page.contains("<math") && page.contains("class=\"listing\""));
    assert_eq!(page.matches("<a class=\"term\" href=\"glossary.html#cost\"").count(), 1);
    let code = copy.out().join("code/chapters/chapter_03_shallow_network/network.rs.html");
    for page in [page, fs::read_to_string(code).unwrap()] {
        assert!(page.contains("content=\"default-src 'none'; script-src 'self'"));
    }
}

#[test]
fn scripts_and_pictures_from_elsewhere_are_refused() {
    let copy = Copy::new();
    assert_refused!(copy, "<script>alert(1)</script>", Diagnostic::Unsafe(_));
    assert_refused!(copy, "<img src=\"https://example.org/a.png\">", Diagnostic::Unsafe(_));
    assert_refused!(copy, "<p style=\"color: red\">", Diagnostic::Unsafe(_));
}

#[test]
fn listings_that_do_not_resolve_are_refused() {
    let copy = Copy::new();
    let network = "../../chapters/chapter_03_shallow_network";
    assert_refused!(copy, "{{#include ../../chapters/nowhere.rs:a}}", Diagnostic::NoFile(_));
    assert_refused!(
        copy,
        &format!("{{{{#include {network}/network.rs:sideways}}}}"),
        Diagnostic::NoAnchor { .. }
    );
    assert_refused!(copy, "{{#include network.rs}}", Diagnostic::UnknownDirective(_));
}

#[test]
fn anchors_that_are_empty_unused_or_unpaired_are_refused() {
    let file = "chapters/chapter_03_shallow_network/network.rs";
    let end = "// ANCHOR_END: train\n";
    for (anchor, diagnostic) in [
        ("// ANCHOR: new\n// ANCHOR_END: new\n", Diagnostic::UnusedAnchor("new".into())),
        ("// ANCHOR: new\n", Diagnostic::UnpairedAnchor("new".into())),
    ] {
        let copy = Copy::new();
        copy.change(file, end, &format!("{end}{anchor}"));
        let (found, line, reason) = copy.diagnostic();
        assert_eq!((found.as_str(), &reason), (file, &diagnostic));
        assert!(line > 0);
    }
    let copy = Copy::new();
    copy.change(file, end, &format!("{end}// ANCHOR: new\n\n// ANCHOR_END: new\n"));
    copy.add("chapter_03.md", &format!("{{{{#include ../../{file}:new}}}}"));
    assert_eq!(copy.diagnostic().2, Diagnostic::EmptyAnchor("new".into()));
}

#[test]
fn listing_that_is_too_long_is_refused() {
    let copy = Copy::new();
    let file = "chapters/chapter_03_shallow_network/network.rs";
    copy.change(
        file,
        "// ANCHOR_END: backward",
        &format!("{}// ANCHOR_END: backward", "//\n".repeat(30)),
    );
    assert!(matches!(copy.diagnostic().2, Diagnostic::LongListing { .. }));
}

#[test]
fn tokens_that_lead_to_no_number_are_refused() {
    let copy = Copy::new();
    for token in
        ["chapter_03.nothing | fixed 1", "chapter_09.accuracy", "chapter_03.accuracies", ""]
    {
        assert_refused!(copy, &format!("It is {{{{= {token} }}}}."), Diagnostic::Token { .. });
    }
    assert_refused!(copy, "It is {{ chapter_03 }}.", Diagnostic::UnknownDirective(_));
}

#[test]
fn numbers_typed_by_hand_are_refused() {
    let copy = Copy::new();
    assert_refused!(copy, "It reads 97.3 of them.", Diagnostic::TypedNumber(_));
    assert_refused!(copy, "It reads 97 % of them.", Diagnostic::TypedNumber(_));
    assert_refused!(copy, "It reads $0.97$ of them.", Diagnostic::TypedNumber(_));
    copy.add(
        "chapter_03.md",
        "Code may hold any: `let rate = 0.97;`, and so may [links](chapter_02.md).",
    );
    copy.bind().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn permission_that_is_not_needed_is_refused() {
    let copy = Copy::new();
    let more =
        "\n[[permitted]]\npage = \"chapter_03.md\"\nnumber = \"7.77\"\nreason = \"a test\"\n";
    let path = copy.0.path().join("book/permitted_numbers.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap() + more).unwrap();
    assert_eq!(copy.diagnostic().2, Diagnostic::UnusedPermission("7.77".into()));
}

#[test]
fn formulas_that_do_not_parse_are_refused() {
    let copy = Copy::new();
    assert_refused!(copy, "Here is $\\frac{1}{$ of it.", Diagnostic::Formula { .. });
    assert_refused!(copy, "Here is $x of it.", Diagnostic::OpenFormula);
    assert_refused!(copy, "$$ \\left( x $$", Diagnostic::Formula { .. });
}

#[test]
fn figures_and_consoles_that_are_not_there_are_refused() {
    let copy = Copy::new();
    assert_refused!(copy, "{{#figure chapter-03-nothing: A caption.}}", Diagnostic::NoFigure(..));
    assert_refused!(copy, "![A picture](figures/chapter-03-cost.png)", Diagnostic::ForeignPicture);
    assert_refused!(copy, "{{#console chapter-99}}", Diagnostic::NoConsole(_));
    assert_refused!(copy, "{{#gradient_table chapter_01}}", Diagnostic::UnknownDirective(_));
}

#[test]
fn boxes_that_do_not_close_are_refused() {
    let copy = Copy::new();
    assert_refused!(copy, "::: nonsense", Diagnostic::NoBox(..));
    assert_refused!(copy, ":::", Diagnostic::NoBox(..) | Diagnostic::NestedBox);
    let path = copy.0.path().join("book/src/chapter_03.md");
    fs::write(&path, fs::read_to_string(&path).unwrap() + "\n::: side\n\nFor ever.\n").unwrap();
    assert_eq!(copy.diagnostic().2, Diagnostic::Unclosed);
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    let copy = Copy::new();
    for link in ["chapter_99.md", "chapter_02.md#nowhere", "#nowhere", "figures/nothing.png"] {
        assert_refused!(copy, &format!("See [there]({link})."), Diagnostic::BrokenLink(_));
    }
}

#[test]
fn folder_with_something_else_in_it_is_left_alone() {
    let copy = Copy::new();
    fs::create_dir(copy.out()).unwrap();
    fs::write(copy.out().join("diary.txt"), "dear").unwrap();
    let refusal = copy.bind().unwrap_err().to_string();
    assert!(refusal.contains(" is not empty and holds no bound book: "), "{refusal}");
    assert_eq!(fs::read_to_string(copy.out().join("diary.txt")).unwrap(), "dear");
}

#[test]
fn refused_book_leaves_the_bound_one_alone() {
    let copy = Copy::new();
    copy.bind().unwrap();
    let before = fs::read_to_string(copy.out().join("chapter_03.html")).unwrap();
    copy.add("chapter_03.md", "It reads 97 % of them.");
    copy.bind().unwrap_err();
    assert_eq!(fs::read_to_string(copy.out().join("chapter_03.html")).unwrap(), before);
}

/// Runs what a console block says and holds it to what the book shows.
fn assert_printed(chapter: usize, mnist: Option<PathBuf>) {
    let blocks = console::all(project()).unwrap();
    let command = format!("chapter {chapter}");
    let block = blocks.iter().find(|block| block.commands().eq([command.as_str()])).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_handwritten"));
    let printed = block.run(program, mnist.as_deref()).unwrap();
    let advice = "if this is meant, run `cargo run --release -- bless --consoles`";
    assert_eq!(block.difference(&printed), None, "{advice}");
}

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn console_of_chapter_1_is_what_is_printed_with_mnist() {
    assert_printed(1, Some(mnist()));
}

#[test]
fn console_of_chapter_2_is_what_is_printed() {
    // Rings need no handwriting
    assert_printed(2, None);
}

// The others take half a minute and more: CI holds them with `bless --check`.

/// The pages of a chapter as they are written, one after the other.
fn page(chapter: &Chapter) -> String {
    let entries = fs::read_dir(project().join("book/src")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&chapter.key()));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_chapters_page_has_all_its_parts() {
    for chapter in &CHAPTERS {
        let page = page(chapter);
        let report =
            fs::read_to_string(project().join(format!("book/reports/{}.json", chapter.key())))
                .unwrap();
        let mut parts = vec![
            "# ",
            "<p class=\"lead\">",
            "## What must come true?",
            "{{#include",
            "{{#figure",
            "{{#console",
            "{{=",
            "::: before",
            "::: honest",
            "::: turn",
            "cargo run --release -- chapter",
            "cargo test chapter_",
        ];
        if report.contains("\"gradient_table\"") {
            parts.push("{{#gradient_table");
            parts.push("## What did the article");
        }
        for part in parts {
            assert!(page.contains(part), "{} has no `{part}`", chapter.key());
        }
        let question = page.split_once("<p class=\"lead\">").unwrap().1;
        let lead = question.split_once("</p>").unwrap().0;
        assert!(lead.contains('?') || lead.ends_with('.'), "{}: {lead}", chapter.key());
    }
}

#[test]
fn every_figure_stands_in_its_chapters_page() {
    for entry in fs::read_dir(project().join("book/src/figures")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".png");
        let used = CHAPTERS.iter().any(|c| page(c).contains(&format!("{{{{#figure {name}")));
        assert!(used, "no page shows {name}");
    }
}

/// Words that must not return, as patterns, and what to write in their place: the field has a term, or
/// a native speaker would not say it.
const UNWANTED: [(&str, &str); 35] = [
    // They belittle: what is simple to the author isn't to the reader
    ("simply|just|obviously|powerful", "nothing"),
    // The field has a term
    ("prices?|priced", "loss of one example, L2 penalty and its strength λ, weight decay; cost"),
    ("squeez(e|es|ed|ing)", "activation function; to apply it"),
    ("units say|(each|every) unit says", "activations, outputs"),
    ("says? of (them|it|this|these|all|a|an|the|one)", "predicts for, outputs for; states about"),
    ("pace", "step size, learning rate"),
    ("turned round", "transposed"),
    ("heaps?", "set, part"),
    ("thousand million", "billion"),
    ("telephones?", "phone"),
    ("brought to the disk", "flushed to disk"),
    ("left the numbers", "overflowed or became NaN"),
    ("(the|course's) data away", "exports the data"),
    ("part(s|ed)? (the|two|its|these|both) (rings|classes|points|clouds)", "separate"),
    // Nobody says it
    ("anew|afresh", "again, each time, from scratch"),
    ("so many", "n, m, this many"),
    ("at the most", "at most"),
    ("at the least", "at least"),
    ("rightly", "correctly"),
    ("whoever", "anyone who, if you"),
    ("in vain", "without success"),
    ("for want of", "if you have no"),
    ("to and fro", "back and forth"),
    ("hangs? on (the|last|its|what|how)", "depends on"),
    ("to be had", "available, there is"),
    ("takes? it away", "removes it, deletes it"),
    ("tells? (how|whether)", "shows how, shows whether; tells you"),
    ("by the clock|by a clock", "by measuring"),
    ("is the matter", "is the problem"),
    ("nearly together", "almost in step"),
    ("each by itself", "each alone, one at a time"),
    ("digits penned", "digits that the program draws"),
    ("nobody has a use for", "is useless"),
    ("thrice|nought|upon|whence|thence|hither|thither|lest", "three times, 0, on, from where, …"),
    ("wherefore|therein|thereof|thereby|herein|hereby", "why, in it, of it, …"),
];

/// Where unwanted words may stand: the file, the words, and why.
const WANTED_HERE: [(&str, &str, &str); 1] =
    [("chapters/chapter_06_speed/peak.rs", "just", "a moment before, and nothing that belittles")];

/// Pages, sources and what surrounds them, by path from the project's folder.
fn texts() -> Vec<(String, String)> {
    let folders = ["src", "own_data", "chapters", "figures", "book/binder"];
    let mut files: Vec<PathBuf> =
        folders.iter().flat_map(|folder| rust_files(&project().join(folder))).collect();
    let entries = fs::read_dir(project().join("book/src")).unwrap();
    files.extend(entries.map(|entry| entry.unwrap().path()));
    files.extend(["README.md", "CONTRIBUTING.md"].map(|name| project().join(name)));
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md" || ending == "rs"));
    let text = |file: PathBuf| {
        let name = file.strip_prefix(project()).unwrap().display().to_string();
        (name.replace('\\', "/"), fs::read_to_string(&file).unwrap())
    };
    files.into_iter().map(text).collect()
}

#[test]
fn no_text_uses_words_that_must_not_return() {
    // A phrase may run on in the next line, of a comment or of a text in quotes
    let lines = Regex::new(r"\\?\s*\n\s*(?://[/!]?\s*)?").unwrap();
    let texts: Vec<_> = texts()
        .into_iter()
        .map(|(file, text)| (file, lines.replace_all(&text, " ").into_owned()))
        .collect();
    let (mut found, mut pictures) = (Vec::new(), 0);
    for (words, instead) in UNWANTED {
        let words = Regex::new(&format!(r"(?i)\b(?:{words})\b")).unwrap();
        for (file, text) in &texts {
            for word in words.find_iter(text).map(|word| word.as_str()) {
                if WANTED_HERE.iter().any(|(here, wanted, _)| here == file && *wanted == word) {
                    continue;
                }
                // Once in the book, as the picture of an activation function
                let is_picture =
                    word.to_lowercase().starts_with("squeez") && file.starts_with("book/src/");
                pictures += usize::from(is_picture);
                if !is_picture || pictures > 1 {
                    found.push(format!("{file}: `{word}` → {instead}"));
                }
            }
        }
    }
    found.sort();
    assert!(found.is_empty(), "{} words:\n{}", found.len(), found.join("\n"));
}

/// The pages in their order: the file and its title.
fn pages() -> Vec<(String, String)> {
    let summary = fs::read_to_string(project().join("book/src/SUMMARY.md")).unwrap();
    let files = summary.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(')'));
    let title = |file: &str| {
        let text = fs::read_to_string(project().join("book/src").join(file)).unwrap();
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap();
        (file.to_owned(), title.to_owned())
    };
    files.map(title).collect()
}

#[test]
fn every_page_but_the_last_ends_with_why_to_go_on() {
    let mut missing = Vec::new();
    let pages = pages();
    for ((file, _), (next, title)) in pages.iter().zip(&pages[1..]) {
        let text = fs::read_to_string(project().join("book/src").join(file)).unwrap();
        let last = text.trim_end().lines().next_back().unwrap();
        // **Next:** [Title](page.md): a sentence.
        let link = last.strip_prefix("**Next:** [").and_then(|rest| rest.split_once("]("));
        let why = link.and_then(|(named, rest)| {
            let why = rest.strip_prefix(next.as_str())?.strip_prefix("): ")?;
            title.starts_with(named).then_some(why)
        });
        if !why.is_some_and(|why| why.ends_with(['.', '?'])) {
            missing.push(format!("{file} must end with `**Next:** [{title}]({next}): why.`"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn glossary_is_in_order_and_each_term_leads_to_its_page() {
    let text = fs::read_to_string(project().join("book/src/glossary.md")).unwrap();
    let entries: Vec<(&str, &str)> =
        text.lines().filter_map(|line| line.strip_prefix("**")?.split_once(".** ")).collect();
    assert!(entries.len() > 80, "only {} terms", entries.len());
    let key = |name: &str| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
    let first: Vec<&str> = entries.iter().map(|e| e.0.split(", ").next().unwrap()).collect();
    for (one, other) in first.iter().zip(&first[1..]) {
        assert!(key(one) < key(other), "{other} stands after {one}");
    }
    let names: Vec<&str> = entries.iter().flat_map(|(names, _)| names.split(", ")).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "one name, two entries");
    for (names, rest) in entries {
        let (definition, links) = rest.split_once(" [").unwrap_or((rest, ""));
        assert!(definition.ends_with(['.', '?']) && links.contains(".md"), "{names}: {rest}");
    }
}

#[test]
fn documentation_of_every_public_item_leads_to_its_page() {
    for chapter in &CHAPTERS {
        let link = format!("(../../../book/{}", chapter.key());
        let key = chapter.key();
        let folders = fs::read_dir(project().join("chapters")).unwrap();
        let folder = folders
            .map(|entry| entry.unwrap().path())
            .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&key))
            .unwrap();
        let exported = fs::read_to_string(folder.join("mod.rs")).unwrap();
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Tests that are too long for the file they test
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for (i, line) in lines.iter().enumerate() {
                let Some(name) = public_item(line) else { continue };
                if !exported.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name) {
                    continue;
                }
                let above = lines[..i].iter().rev();
                let documentation: Vec<_> = above
                    .take_while(|line| {
                        line.starts_with("///")
                            || line.starts_with("#[")
                            || line.starts_with("// ANCHOR")
                    })
                    .collect();
                assert!(
                    documentation.iter().any(|line| line.contains(&link)),
                    "{}: the documentation of `{name}` has no link to {link}…)",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn documentation_of_every_module_leads_to_the_book() {
    let mut modules = 0;
    for room in ["chapters", "figures", "own_data"].map(|room| project().join(room)) {
        let library = fs::read_to_string(room.join("lib.rs")).unwrap();
        for module in library.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
            let module = module.trim_end_matches(';');
            let places = [format!("{module}.rs"), format!("{module}/mod.rs")];
            let text = places.iter().find_map(|place| fs::read_to_string(room.join(place)).ok());
            let links = text.unwrap().contains("[In the book](");
            assert!(
                links || module.starts_with("chapter_"),
                "the documentation of {module} has no link to the book"
            );
            modules += 1;
        }
    }
    assert!(modules > 20, "only {modules} modules");
}

/// The pages that documentation links to, and the places in them, are there.
#[test]
fn links_of_the_documentation_lead_somewhere() {
    let copy = Copy::new();
    copy.bind().unwrap();
    let mut links = 0;
    for folder in ["book/binder", "chapters", "figures", "own_data"] {
        for file in rust_files(&project().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for target in
                text.split("[In the book](").skip(1).filter_map(|rest| rest.split(')').next())
            {
                let page = target.rsplit('/').next().unwrap();
                let (page, place) = page.split_once('#').unwrap_or((page, ""));
                let html = fs::read_to_string(copy.out().join(page)).unwrap();
                let there = place.is_empty() || html.contains(&format!("id=\"{place}\""));
                assert!(there, "{}: {target} is not there", file.display());
                links += 1;
            }
        }
    }
    assert!(links > 40, "only {links} links");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The name of the item that a line at the left margin declares for everyone.
fn public_item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ")?;
    let rest = ["struct ", "enum ", "fn ", "trait ", "const "]
        .iter()
        .find_map(|kind| rest.strip_prefix(kind))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

#[test]
fn table_of_dependencies_names_each_of_them_once() {
    let read = |path: &str| fs::read_to_string(project().join(path)).unwrap();
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let dependencies = manifest["workspace"]["dependencies"].as_table().unwrap();
    let from_elsewhere = dependencies.iter().filter(|(_, crate_)| crate_.get("path").is_none());
    let taken: BTreeSet<String> = from_elsewhere.map(|(name, _)| name.clone()).collect();
    let page = read("book/src/dependencies.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let named: Vec<String> =
        rows.flat_map(|cell| cell.split(", ").map(|name| name.replace('`', ""))).collect();
    assert_eq!(named.iter().cloned().collect::<BTreeSet<_>>(), taken);
    assert_eq!(named.len(), taken.len());
}
