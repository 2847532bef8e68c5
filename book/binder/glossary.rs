//! The glossary: what each term means, and which page introduces it.
//!
//! An entry is a line that begins with the term's names in bold and ends with links, the first of which
//! leads to the page that introduces it: `**Held-out data, held out.** Its meaning. [Here](page.md)`.
//!
//! [In the book](../../book/glossary.html)

use crate::html::escape;
use pulldown_cmark::{Event, Parser, Tag};

/// Its page.
pub const PAGE: &str = "glossary.md";

/// A term.
pub struct Entry {
    /// What it is called.
    names: String,
    /// Its place in the glossary, after the first of its names.
    slug: String,
    /// Without Markdown and formulas.
    definition: String,
    /// The page that introduces it.
    pub home: String,
}

/// All entries of the glossary, once its tokens and formulas are resolved.
pub fn entries(page: &str) -> Vec<Entry> {
    page.lines().filter_map(Entry::of).collect()
}

/// The glossary with a place to link to in each entry.
pub fn with_anchors(page: &str) -> String {
    let anchored = |line| match Entry::of(line) {
        Some(entry) => {
            let dfn = format!("{}{}.</dfn>", entry.anchor(), entry.names);
            line.replacen(&format!("**{}.**", entry.names), &dfn, 1)
        }
        None => line.to_owned(),
    };
    page.lines().map(anchored).collect::<Vec<String>>().join("\n")
}

impl Entry {
    fn of(line: &str) -> Option<Self> {
        let (names, rest) = line.strip_prefix("**")?.split_once(".**")?;
        let (mut definition, mut home) = (String::new(), String::new());
        for event in Parser::new(rest) {
            match event {
                Event::Text(text) | Event::Code(text) => definition += &text,
                Event::Start(Tag::Link { dest_url, .. }) => {
                    dest_url.split('#').next().unwrap_or_default().clone_into(&mut home);
                    break;
                }
                _ => {}
            }
        }
        let first = names.split(", ").next().unwrap_or_default().to_lowercase();
        Some(Self {
            names: names.to_owned(),
            slug: first.replace(|c: char| !c.is_alphanumeric(), "-"),
            definition: definition.trim().to_owned(),
            home,
        })
    }

    /// What the term is called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.split(", ")
    }

    /// What makes its place in the glossary.
    pub fn anchor(&self) -> String {
        format!("<dfn id=\"{}\">", self.slug)
    }

    /// A word of a page as a link to its place.
    pub fn link(&self, word: &str) -> String {
        let (slug, title) = (&self.slug, escape(&self.definition));
        format!("<a class=\"term\" href=\"glossary.html#{slug}\" title=\"{title}\">{word}</a>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_has_names_a_plain_definition_and_a_home() {
        let page = "# Glossary\n\nWords.\n\n**Step size, length.** *How* far <math><mi>λ</mi></math> \
                    \"goes\" in `f`. [Chapter 2](chapter_02.md#cost), [5](chapter_05.md)";
        let entries = entries(page);
        assert_eq!((entries.len(), entries[0].home.as_str()), (1, "chapter_02.md"));
        assert!(entries[0].names().eq(["Step size", "length"]));
        let title = "title=\"How far λ &quot;goes&quot; in f.\"";
        let link =
            format!("<a class=\"term\" href=\"glossary.html#step-size\" {title}>lengths</a>");
        assert_eq!(entries[0].link("lengths"), link);
        let anchored = "Words.\n\n<dfn id=\"step-size\">Step size, length.</dfn> *How*";
        assert!(with_anchors(page).contains(anchored));
    }
}
