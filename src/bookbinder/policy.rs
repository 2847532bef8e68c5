//! Pages that are safe to serve: a browser that opens them runs and loads nothing but the files that
//! lie beside them, whatever anybody may smuggle into a page.

use super::{Error, Problem, Refusal, files_below, read};
use regex::Regex;
use std::{fs, path::Path};

/// What a browser may do with a page (W3C, *Content Security Policy Level 3*).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      font-src 'self'; base-uri 'none'; form-action 'none'";

/// Puts the policy into every page of a bound book, and returns what the policy would forbid.
pub fn enforce(folder: &Path) -> Result<Vec<Problem>, Error> {
    let styles = read(&folder.join("theme/book.css"))?;
    let head =
        format!("<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    let mut problems = Vec::new();
    for page in files_below(folder, "html")? {
        // The policy forbids style attributes, which mdBook and MathML have: book.css knows them
        let text = read(&page)?.replace(" style=\"", " data-style=\"").replacen("<head>", &head, 1);
        let name = page.strip_prefix(folder).unwrap_or(&page);
        problems.extend(forbidden(&text, &styles).into_iter().map(|what| Problem {
            file: name.to_owned(),
            line: 0,
            refusal: Refusal::Unsafe(what),
        }));
        fs::write(&page, text).map_err(|source| Error::Unwritable { path: page, source })?;
    }
    Ok(problems)
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
    tags.chain(unknown).map(|found| found.as_str().to_owned()).collect()
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
