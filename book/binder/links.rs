//! Links of the bound book that lead nowhere.

use crate::{
    error::{BindError, Diagnostic, Problem},
    files::{files_in, read},
};
use regex::Regex;
use std::{fs, path::Path};

/// The links of the pages in `folder`, bound from `root`, that lead nowhere.
pub fn broken(root: &Path, folder: &Path) -> Result<Vec<Problem>, BindError> {
    let pattern = |pattern: &str| Regex::new(pattern).expect("the pattern is one");
    let (target, outside) = (pattern(r#"(?:href|src)="([^"]*)""#), pattern(r"^(?:[a-z]+:|//)"));
    let mut problems = Vec::new();
    for page in files_in(folder, "html")? {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Made by mdBook from the same pages, or for browsers without scripts
        if ["print.html", "index.html", "toc.html"].contains(&name.as_str()) {
            continue;
        }
        let source = Path::new("src").join(&name).with_extension("md");
        let text = fs::read_to_string(root.join(&source)).unwrap_or_default();
        for link in target.captures_iter(&read(&page)?) {
            let link = link[1].replace("&amp;", "&");
            let (file, place) = link.split_once('#').unwrap_or((&link, ""));
            let file = if file.is_empty() { &name } else { file };
            if outside.is_match(&link) || leads_to(&folder.join(file), place)? {
                continue;
            }
            let stem = file.trim_end_matches(".html");
            let line = text.lines().position(|line| line.contains(&link) || line.contains(stem));
            problems.push(Problem {
                file: Path::new("book").join(&source),
                line: line.map_or(0, |line| line + 1),
                diagnostic: Diagnostic::BrokenLink(link.clone()),
            });
        }
    }
    Ok(problems)
}

/// Whether a file exists and has this place in it.
fn leads_to(file: &Path, place: &str) -> Result<bool, BindError> {
    Ok(file.is_file() && (place.is_empty() || read(file)?.contains(&format!(" id=\"{place}\""))))
}
