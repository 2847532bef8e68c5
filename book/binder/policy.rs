//! Pages that are safe to serve: a browser that opens them runs and loads only the files beside them,
//! whatever anyone may smuggle into a page.

use crate::{
    error::{BindError, Diagnostic, Problem},
    files::{files_below, read},
};
use regex::Regex;
use std::{fs, path::Path};

/// What a browser may do with a page (W3C, *Content Security Policy Level 3*).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      font-src 'self'; base-uri 'none'; form-action 'none'";

/// What style attributes are renamed to.
const RENAMED: &str = " data-style=\"";

/// Puts the policy into every page of a book that was bound from `root`, and returns what the policy
/// would forbid.
pub fn enforce(root: &Path, folder: &Path) -> Result<Vec<Problem>, BindError> {
    let styles = read(&folder.join("theme/book.css"))?;
    let head =
        format!("<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    let mut problems = Vec::new();
    for page in files_below(folder, "html")? {
        // The policy forbids style attributes, which mdBook and MathML have: book.css knows them
        let text = read(&page)?.replace(" style=\"", RENAMED).replacen("<head>", &head, 1);
        let name = page.strip_prefix(folder).unwrap_or(&page);
        // Made by mdBook from the same pages
        if !["print.html", "index.html"].map(Path::new).contains(&name) {
            let found = forbidden(&text, &styles).into_iter();
            problems.extend(found.map(|what| problem(root, name, what)));
        }
        fs::write(&page, text).map_err(BindError::unwritable(&page))?;
    }
    Ok(problems)
}

/// What is forbidden, and where it was written.
fn problem(root: &Path, page: &Path, what: String) -> Problem {
    let source = Path::new("src").join(page).with_extension("md");
    let text = fs::read_to_string(root.join(&source)).unwrap_or_default();
    let line = text.lines().position(|line| line.contains(&what)).map_or(0, |line| line + 1);
    Problem { file: Path::new("book").join(source), line, diagnostic: Diagnostic::Unsafe(what) }
}

/// The pieces of a page that the policy forbids, and styles that are not there.
fn forbidden(page: &str, styles: &str) -> Vec<String> {
    let pattern = |pattern: &str| Regex::new(pattern).expect("the pattern is one");
    let script = pattern(r"<script\b[^>]*>");
    let inline = script.find_iter(page).filter(|tag| !tag.as_str().contains(" src="));
    let foreign =
        pattern(r#"<(?:style|iframe|object|embed|base)\b[^>]*>|<[^<>]*\son[a-z]+="[^"]*""#);
    let remote =
        pattern(r#"<(?:script|link|img|source)\b[^>]*\s(?:src|href)="(?:[a-z]+:|//)[^"]*""#);
    let tags = inline.chain(foreign.find_iter(page)).chain(remote.find_iter(page));
    let unknown = pattern(r#" data-style="[^"]*""#);
    let unknown = unknown.find_iter(page).filter(|style| !styles.contains(style.as_str().trim()));
    let found = tags.chain(unknown).map(|found| found.as_str().replace(RENAMED, " style=\""));
    found.map(|what| what.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_runs_or_loads_from_elsewhere_is_forbidden() {
        for page in [
            "<script>alert(1)</script>",
            "<p onclick=\"alert(1)\">",
            "<style>p { color: red }</style>",
            "<iframe src=\"page.html\"></iframe>",
            "<img src=\"https://example.org/a.png\">",
            "<script src=\"//example.org/a.js\"></script>",
            "<link rel=\"stylesheet\" href=\"data:text/css,\">",
            "<p data-style=\"color: red\">",
        ] {
            assert_eq!(forbidden(page, "").len(), 1, "{page}");
        }
    }

    #[test]
    fn what_lies_beside_a_page_is_allowed() {
        let page = "<script src=\"book.js\" defer></script><img src=\"figures/a.png\" alt=\"x\">\
                    <a href=\"https://example.org\">there</a><td data-style=\"text-align: right\">";
        let styles = "[data-style=\"text-align: right\"] { text-align: right; }";
        assert!(forbidden(page, styles).is_empty());
    }
}
