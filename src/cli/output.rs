use super::{arguments::Format, error::Error};
use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use handwritten::{chapters::Chapter, dataset::atomic_file, report::Finding};
use serde_json::Value;
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

/// A folder for reports and figures, known to be writable before anything is trained.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder and tries it.
    pub fn create(path: PathBuf) -> Result<Self, Error> {
        for room in ["reports", "figures"] {
            let room = path.join(room);
            fs::create_dir_all(&room)
                .and_then(|()| atomic_file::create_beside(&room.join("trial")))
                .map_err(|source| Error::Unwritable { path: room, source })?;
        }
        Ok(Self { path })
    }

    /// Writes a chapter's report and draws its figures.
    pub fn keep(&self, chapter: &Chapter, report: &Value, format: Format) -> Result<(), Error> {
        let name = format!("{}.json", chapter.key());
        let json = serde_json::to_string_pretty(report)?;
        write(&self.path.join("reports").join(name), json.as_bytes())?;
        for figure in chapter.figures(report)? {
            let (drawing, ending) = match format {
                Format::Png => (figure.png(), "png"),
                Format::Svg => (figure.svg().map(String::into_bytes), "svg"),
            };
            let name = format!("{}.{ending}", figure.name);
            let drawing = drawing.map_err(|source| Error::Figure { name: name.clone(), source })?;
            write(&self.path.join("figures").join(name), &drawing)?;
        }
        Ok(())
    }

    /// Where the files are.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    atomic_file::write(path, |file| file.write_all(content))
        .map_err(|source: io::Error| Error::Unwritable { path: path.to_owned(), source })
}

/// Prints one JSON object on standard output.
pub fn print_json(object: &Value) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, object)?;
    Ok(writeln!(stdout)?)
}

/// Prints a line on standard output.
pub fn print_line(line: &str) -> Result<(), Error> {
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}

/// Prints what articles claim and what came out.
pub fn print_findings(findings: &[(usize, Finding)]) -> Result<(), Error> {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["Chapter", "What", "Claimed", "Reached here"]);
    for (chapter, Finding { what, claimed, reached }) in findings {
        table.add_row([&chapter.to_string(), what, claimed, reached]);
    }
    if let Some((_, columns)) = console::Term::stdout().size_checked() {
        table.set_width(columns).set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    }
    print_line(&table.to_string())
}
