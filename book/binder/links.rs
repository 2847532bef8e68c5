//! Links within the bound book: every page, place and file that one names must be there.

use super::{BindError, Diagnostic, Problem, files_in, read};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The links of the pages in `folder`, bound from `root`, that lead nowhere.
pub fn broken(root: &Path, folder: &Path) -> Result<Vec<Problem>, BindError> {
    let pattern = |pattern: &str| Regex::new(pattern).expect("the pattern is one");
    let (target, id) = (pattern(r#"(?:href|src)="([^"]*)""#), pattern(r#"\sid="([^"]*)""#));
    let outside = pattern(r"^(?:[a-z]+:|//)");
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut places = |file: &str| -> Result<BTreeSet<String>, BindError> {
        if let Some(found) = ids.get(file) {
            return Ok(found.clone());
        }
        let text = read(&folder.join(file))?;
        let found: BTreeSet<String> = id.captures_iter(&text).map(|c| c[1].to_owned()).collect();
        ids.insert(file.to_owned(), found.clone());
        Ok(found)
    };
    let mut problems = Vec::new();
    for page in files_in(folder, "html")? {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Made by mdBook from the same pages, or for browsers without scripts
        if ["print.html", "index.html", "toc.html"].contains(&name.as_str()) {
            continue;
        }
        let source = root.join("src").join(&name).with_extension("md");
        let text = fs::read_to_string(&source).unwrap_or_default();
        for link in target.captures_iter(&read(&page)?) {
            let link = link[1].replace("&amp;", "&");
            if outside.is_match(&link) {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((&link, ""));
            let file = if file.is_empty() { &name } else { file };
            let there =
                folder.join(file).is_file() && (place.is_empty() || places(file)?.contains(place));
            if !there {
                let stem = file.trim_end_matches(".html");
                let line =
                    text.lines().position(|line| line.contains(&link) || line.contains(stem));
                problems.push(Problem {
                    file: Path::new("book/src").join(&name).with_extension("md"),
                    line: line.map_or(0, |line| line + 1),
                    refusal: Diagnostic::BrokenLink(link.clone()),
                });
            }
        }
    }
    Ok(problems)
}
