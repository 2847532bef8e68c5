//! Terms in the pages: where a page first uses one, the word becomes a link to its definition, which a
//! browser also shows on hover. On the page that introduces the term it needs none.
//!
//! [In the book](../../book/glossary.html)

use crate::glossary::{self, Entry};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
};

/// Words and phrases in which a term means something else.
const EVERYDAY: [&str; 25] = [
    "for example",
    "arithmetic units",
    "relative accuracy",
    "few features",
    "every unit you",
    "does it cost",
    "costs",
    "can cost",
    "could cost",
    "them cost",
    "may cost",
    "must cost",
    "should cost",
    "to cost",
    "will cost",
    "would cost",
    "and report",
    "change of units",
    "reports",
    "2 units",
    "two units",
    "FMA units",
    "default features",
    "tests for bias",
    "weights in",
];

/// The page whose words are mostly titles of others.
const TITLES: &str = "sources.md";

/// The terms, and how they are found.
pub struct Terms {
    entries: Vec<Entry>,
    /// Entries by name, with a small first letter.
    names: BTreeMap<String, usize>,
    /// Any name or everyday phrase, with or without the plural's ending.
    name: Regex,
    /// Tags of HTML in which nothing is linked.
    literal: Regex,
}

impl Terms {
    /// The terms of a resolved glossary.
    pub fn of(glossary: &str) -> Self {
        let entries = glossary::entries(glossary);
        let mut names = BTreeMap::new();
        for (i, entry) in entries.iter().enumerate() {
            names.extend(entry.names().map(|name| (small(name), i)));
        }
        // Of names that begin alike, the longest is meant
        let mut sought: Vec<&str> = names.keys().map(String::as_str).chain(EVERYDAY).collect();
        sought.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let sought: Vec<String> = sought.into_iter().map(small_or_capital).collect();
        let pattern = |pattern: &str| Regex::new(pattern).expect("the pattern is one");
        Self {
            name: pattern(&format!("({})(?:e?s)?", sought.join("|"))),
            literal: pattern(r"<(/?)(?:a|code|dfn|figcaption|math|pre)\b"),
            entries,
            names,
        }
    }

    /// A resolved page in which the first occurrence of each term in running text is a link. Each entry
    /// of the glossary counts as a page.
    pub fn link(&self, page: &Path, text: &str) -> String {
        if page == Path::new(TITLES) {
            return text.to_owned();
        }
        let is_glossary = page == Path::new(glossary::PAGE);
        let text = if is_glossary { &glossary::with_anchors(text) } else { text };
        let (mut seen, mut literal) = (BTreeSet::new(), 0);
        let (mut linked, mut end) = (String::new(), 0);
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Paragraph) if is_glossary => seen.clear(),
                Event::Start(tag) if is_literal(tag.to_end()) => literal += 1,
                Event::End(tag) if is_literal(tag) => literal -= 1,
                Event::Html(html) | Event::InlineHtml(html) => {
                    for tag in self.literal.captures_iter(&html) {
                        literal += if tag[1].is_empty() { 1 } else { -1 };
                    }
                    if is_glossary {
                        seen.extend(self.entries.iter().position(|entry| *html == entry.anchor()));
                    }
                }
                Event::Text(_) if literal == 0 => {
                    for (term, i) in self.terms_in(text, range) {
                        let entry = &self.entries[i];
                        if page != Path::new(&entry.home) && seen.insert(i) {
                            linked += &text[end..term.start];
                            linked += &entry.link(&text[term.clone()]);
                            end = term.end;
                        }
                    }
                }
                _ => {}
            }
        }
        linked + &text[end..]
    }

    /// The terms in a piece of a page: where each one stands, and its entry.
    fn terms_in(&self, page: &str, piece: Range<usize>) -> Vec<(Range<usize>, usize)> {
        let found = self.name.captures_iter(&page[piece.clone()]);
        let term = |found: regex::Captures| {
            let word = found.get_match();
            let [from, to] = [word.start(), word.end()].map(|at| piece.start + at);
            let is_whole = !page[..from].ends_with(is_joined) && !page[to..].starts_with(is_joined);
            let entry = self.names.get(&small(&found[1])).filter(|_| is_whole)?;
            Some((from..to, *entry))
        };
        found.filter_map(term).collect()
    }
}

fn is_literal(tag: TagEnd) -> bool {
    matches!(tag, TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::Link | TagEnd::TableHead)
}

/// Whether a character beside a word is part of a longer one.
fn is_joined(c: char) -> bool {
    c.is_alphanumeric() || c == '-'
}

/// The name with a small first letter.
fn small(name: &str) -> String {
    name.chars().take(1).flat_map(char::to_lowercase).chain(name.chars().skip(1)).collect()
}

/// A pattern for the name with a small or a capital first letter.
fn small_or_capital(name: &str) -> String {
    let first: String = name.chars().take(1).collect();
    format!("(?i:{}){}", regex::escape(&first), regex::escape(&name[first.len()..]))
}

#[cfg(test)]
mod tests;
