//! Binds the book: pages in, a folder of web pages out that needs neither a network nor a script to
//! show a formula.
//!
//! What could drift is not written in the pages but resolved here: listings come from the code by
//! anchor, numbers from the committed reports, formulas become MathML, console blocks are what a
//! command printed, figures come with their alt text and a link to the function that drew them.
//! Whatever does not resolve is refused, with the page and the line.
//!
//! [In the book](../../book/opening.html#why-may-i-trust-the-numbers)

mod box_of_text;
pub mod console;
mod error;
mod files;
mod formula;
mod glossary;
mod html;
mod links;
mod markdown;
mod number;
mod page;
mod picture;
mod policy;
mod snippets;
mod source_page;
mod table;
mod terms;
mod typed_number;

pub use error::{BindError, Diagnostic, Problem};
pub use page::Preprocessor;

use chapters::dataset::atomic_file;
use figures::kit::font_file;
use files::files_in;
use mdbook_driver::{MDBook, config::Config};
use std::{fs, io, path::Path};
use terms::Terms;

/// Fonts that the pages are set in, by the names of their files.
const FONTS: [&str; 8] = [
    "LibertinusSerif-Regular",
    "LibertinusSerif-Italic",
    "LibertinusSerif-Semibold",
    "LibertinusSerif-Bold",
    "LibertinusSerif-BoldItalic",
    "NewCMMath-Regular",
    "DejaVuSansMono",
    "DejaVuSansMono-Bold",
];

/// Binds the book of the project in `project` into the folder `out`, and returns how many pages it
/// has.
///
/// The folder is replaced as a whole, once everything has been bound and checked.
pub fn bind(project: &Path, out: &Path) -> Result<usize, BindError> {
    let root = project.join("book");
    if !root.join("book.toml").is_file() {
        return Err(BindError::Failed(format!(
            "there is no book in {}: run this in the project folder, or name that with `--source DIR`",
            root.display()
        )));
    }
    refuse_other_folder(out)?;
    let of_mdbook =
        |error| BindError::Failed(format!("mdBook could not bind the pages: {error:#}"));
    // Not `load`, which panics if any variable of the environment is no UTF-8
    let config = Config::from_disk(root.join("book.toml")).map_err(of_mdbook)?;
    let mut book = MDBook::load_with_config(&root, config).map_err(of_mdbook)?;

    // Resolve every page, and collect what does not
    let preprocessor = Preprocessor::open(project)?;
    let mut problems = Vec::new();
    let mut pages = 0;
    let mut definitions = String::new();
    book.book.for_each_chapter_mut(|chapter| {
        let Some(name) = &chapter.source_path else { return };
        let (text, found) = preprocessor.bind(name, &chapter.content);
        if name == Path::new(glossary::PAGE) {
            definitions.clone_from(&text);
        }
        chapter.content = text;
        problems.extend(found);
        pages += 1;
    });
    problems.extend(preprocessor.left_over());
    BindError::unless_empty(problems)?;

    // Lead from terms to their definitions
    let terms = Terms::of(&definitions);
    book.book.for_each_chapter_mut(|chapter| {
        if let Some(name) = &chapter.source_path {
            chapter.content = terms.link(name, &chapter.content);
        }
    });

    // Bind beside the folder, check, and put it in place
    let unwritable = BindError::unwritable(out);
    let _made = atomic_file::make_folder(out.parent().unwrap_or(out)).map_err(unwritable)?;
    let bound = atomic_file::folder_beside(out).map_err(unwritable)?;
    let folder = bound.path().join("book");
    book.config.build.build_dir = std::path::absolute(&folder).map_err(unwritable)?;
    book.build().map_err(of_mdbook)?;
    copy_fonts(&folder).map_err(unwritable)?;
    copy_reports(project, &folder)?;
    source_page::write_all(&preprocessor.snippets, &folder).map_err(unwritable)?;
    BindError::unless_empty(links::broken(&root, &folder)?)?;
    BindError::unless_empty(policy::enforce(&root, &folder)?)?;
    exchange(out, &folder, &bound.path().join("old")).map_err(unwritable)?;
    Ok(pages)
}

/// Puts the folder `new` in the place of `out`; what was there is moved to `aside`, to be removed once
/// the new one is in place.
fn exchange(out: &Path, new: &Path, aside: &Path) -> io::Result<()> {
    if !out.exists() {
        return fs::rename(new, out);
    }
    fs::rename(out, aside)?;
    fs::rename(new, out).inspect_err(|_| {
        // The old book is better than none
        let _ = fs::rename(aside, out);
    })
}

/// Refuses to replace a folder that holds something other than a bound book.
fn refuse_other_folder(out: &Path) -> Result<(), BindError> {
    let empty = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    if empty || !out.exists() || out.join("fonts/NewCMMath-Regular.otf").is_file() {
        return Ok(());
    }
    Err(BindError::Failed(format!(
        "{} is not empty and holds no bound book: choose another folder with `--out DIR`",
        out.display()
    )))
}

fn copy_fonts(folder: &Path) -> io::Result<()> {
    let fonts = folder.join("fonts");
    fs::create_dir_all(&fonts)?;
    for name in FONTS {
        let Some(bytes) = font_file(name) else { continue };
        let ending = if bytes.starts_with(b"OTTO") { "otf" } else { "ttf" };
        fs::write(fonts.join(format!("{name}.{ending}")), bytes)?;
    }
    Ok(())
}

fn copy_reports(project: &Path, folder: &Path) -> Result<(), BindError> {
    let copies = folder.join("reports");
    let unwritable = BindError::unwritable(&copies);
    fs::create_dir_all(&copies).map_err(unwritable)?;
    for report in files_in(&project.join("book/reports"), "json")? {
        let name = report.file_name().unwrap_or_default();
        fs::copy(&report, copies.join(name)).map_err(unwritable)?;
    }
    Ok(())
}
