//! What Markdown takes literally: code, and the targets of links.

use crate::error::Diagnostic;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A page in which only text is left to be searched.
pub struct Masked {
    /// The page with spaces in place of what is taken literally, so that everything else keeps its
    /// position.
    pub text: String,
    /// What a page must not contain, and where.
    pub problems: Vec<(usize, Diagnostic)>,
}

/// Masks what Markdown takes literally.
pub fn mask(page: &str) -> Masked {
    let (mut text, mut problems) = (page.to_owned(), Vec::new());
    let mut end_of_last = 0;
    // Without tables, whose cells would end at the bars between the filters of a token
    for (event, range) in Parser::new_ext(page, Options::empty()).into_offset_iter() {
        match event {
            Event::Code(_) => blank(&mut text, range.clone()),
            Event::Start(Tag::CodeBlock(kind)) => {
                if matches!(kind, CodeBlockKind::Fenced(_)) && !is_closed(&page[range.clone()]) {
                    problems.push((range.start, Diagnostic::Unclosed));
                }
                blank(&mut text, range.clone());
            }
            Event::Start(Tag::Image { .. }) => {
                problems.push((range.start, Diagnostic::ForeignPicture));
            }
            // From the end of what is linked to the end of the link: `](target)`
            Event::End(TagEnd::Link) => blank(&mut text, end_of_last..range.end),
            _ => {}
        }
        end_of_last = range.end;
    }
    Masked { text, problems }
}

/// Whether a block of code ends with a fence, and not with the page.
fn is_closed(block: &str) -> bool {
    let block = block.trim_end();
    block.lines().count() > 1 && block.ends_with(['`', '~'])
}

/// Puts spaces in place of a piece of text; lines remain lines.
pub fn blank(text: &mut String, range: Range<usize>) {
    let blanks = text[range.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' });
    let blanks: String = blanks.collect();
    text.replace_range(range, &blanks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_targets_of_links_are_masked() {
        for (page, literal) in [
            ("a `$b` c", "`$b`"),
            ("``a ` $`` b", "``a ` $``"),
            ("see [*b* c](d_$.md) e", "](d_$.md)"),
            ("| a | {{= b | c }} | `$` |", "`$`"),
            ("a\n\n```\n$\n```\nb", "```\n$\n```"),
        ] {
            let blanks = literal.replace(|c| c != '\n', " ");
            assert_eq!(mask(page).text, page.replace(literal, &blanks));
            assert!(mask(page).problems.is_empty());
        }
    }

    #[test]
    fn pictures_and_blocks_of_code_without_an_end_are_found() {
        let problems = |page: &str| mask(page).problems;
        assert_eq!(problems("a ![b](c.png)"), [(2, Diagnostic::ForeignPicture)]);
        for page in ["a\n\n```", "a\n\n```rust\nlet a = 1;\n"] {
            assert_eq!(problems(page), [(3, Diagnostic::Unclosed)], "{page}");
        }
    }
}
