//! Figures in the text: `{{#figure chapter-03-cost: What to see in it.}}`

use crate::{
    error::{BindError, Diagnostic},
    html::escape,
    number::Reports,
    snippets::Snippets,
};
use chapters::CHAPTERS;
use figures::kit::Figure;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufReader, Cursor},
    path::{Path, PathBuf},
};

/// Every figure that the committed reports give.
pub struct Pictures {
    folder: PathBuf,
    /// By name: the chapter's key, and what the figure shows.
    figures: BTreeMap<String, (String, String)>,
}

/// The report of the records.
const RECORDS: &str = "records";

impl Pictures {
    /// Asks for the figures of every chapter's committed report, and for those of the records.
    pub fn of(reports: &Reports, project: &Path) -> Result<Self, BindError> {
        let mut figures = BTreeMap::new();
        let path = |key: &str| project.join(format!("book/reports/{key}.json"));
        let report = |key: &str| {
            let report = reports.report(key).ok_or("there is no such report");
            report.map_err(BindError::unreadable(&path(key)))
        };
        let mut add = |key: &str, drawn: Vec<Figure>| {
            figures.extend(drawn.into_iter().map(|f| (f.name, (key.to_owned(), f.alt))));
        };
        for chapter in &CHAPTERS {
            let key = chapter.key();
            let drawn = figures::of_chapter(chapter, report(&key)?);
            add(&key, drawn.map_err(BindError::unreadable(&path(&key)))?);
        }
        let drawn = figures::of_records(report(RECORDS)?);
        add(RECORDS, drawn.map_err(BindError::unreadable(&path(RECORDS)))?);
        Ok(Self { folder: project.join("book/src/figures"), figures })
    }

    /// A figure with its alt text, its data and the function that drew it.
    pub fn html(
        &self,
        snippets: &Snippets,
        name: &str,
        caption: &str,
    ) -> Result<String, Diagnostic> {
        let missing = || {
            let known: Vec<&str> = self.figures.keys().map(String::as_str).collect();
            Diagnostic::NoFigure(name.to_owned(), known.join(", "))
        };
        let (chapter, alt) = self.figures.get(name).ok_or_else(missing)?;
        let (width, height) = self.size(name).ok_or_else(missing)?;
        let (file, function, line) = drawn_by(snippets, name).ok_or_else(missing)?;
        let alt = escape(alt);
        Ok(format!(
            "<figure class=\"picture\">\
             <a href=\"figures/{name}.png\"><img src=\"figures/{name}.png\" alt=\"{alt}\" \
             width=\"{width}\" height=\"{height}\"></a>\n\
             <figcaption>\n\n{caption} <span class=\"sources\">\
             <a href=\"reports/{chapter}.json\">the data</a> · \
             <a href=\"code/{file}.html#L{line}\">drawn by <code>{function}</code></a></span>\n\n\
             </figcaption>\n</figure>"
        ))
    }

    /// Width and height as the page shows it: figures are drawn at twice that resolution.
    fn size(&self, name: &str) -> Option<(u32, u32)> {
        let bytes = fs::read(self.folder.join(format!("{name}.png"))).ok()?;
        let reader = png::Decoder::new(BufReader::new(Cursor::new(bytes))).read_info().ok()?;
        Some((reader.info().width / 2, reader.info().height / 2))
    }
}

/// The file, the function and its line where a figure's name stands.
fn drawn_by(snippets: &Snippets, name: &str) -> Option<(String, String, usize)> {
    let quoted = format!("\"{name}\"");
    let (path, file) = snippets
        .files()
        .find(|(path, file)| path.starts_with("figures/chapter_") && file.text.contains(&quoted))?;
    let mut function = None;
    for (line, number) in file.text.lines().zip(1..) {
        if let Some(rest) = line.trim_start_matches("pub ").strip_prefix("fn ") {
            function = rest.split(['(', '<']).next().map(|name| (name.to_owned(), number));
        }
        if line.contains(&quoted) {
            snippets.file(path);
            return function.map(|(function, line)| (path.clone(), function, line));
        }
    }
    None
}
