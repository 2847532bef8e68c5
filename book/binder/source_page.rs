//! Source files as pages, with a number on each line to link to.

use crate::{html::escape, snippets::Snippets};
use std::{fs, io, path::Path};

/// Writes every file that a page links to into `code/` of the bound book.
pub fn write_all(snippets: &Snippets, book: &Path) -> io::Result<()> {
    for (path, file) in snippets.linked() {
        let page = book.join("code").join(format!("{path}.html"));
        if let Some(folder) = page.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(page, page_of(&path, &file.text))?;
    }
    Ok(())
}

fn page_of(path: &str, text: &str) -> String {
    // One way up for each folder, and one for `code`
    let root = "../".repeat(path.matches('/').count() + 1);
    let number = |n| format!("<a id=\"L{n}\" href=\"#L{n}\">{n}</a>");
    let numbers = (1..=text.lines().count()).map(number).collect::<Vec<_>>().join("\n");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{path} – Handwritten</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"icon\" href=\"{root}favicon.svg\">\n\
         <link rel=\"stylesheet\" href=\"{root}theme/book.css\">\n\
         <script src=\"{root}theme/early.js\"></script>\n\
         <script src=\"{root}highlight.js\" defer></script>\n\
         <script src=\"{root}book.js\" defer></script>\n</head>\n\
         <body class=\"code-page\">\n<header><a href=\"{root}index.html\">Handwritten</a></header>\n\
         <main>\n<h1>{path}</h1>\n<pre class=\"source\"><code class=\"numbers\">{numbers}</code>\
         <code class=\"language-rust\">{}</code></pre>\n</main>\n</body>\n</html>\n",
        escape(text)
    )
}
