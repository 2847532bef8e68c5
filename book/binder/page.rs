//! One page: everything in it that is not plain Markdown.

use crate::{
    box_of_text, console,
    error::{BindError, Diagnostic, Problem},
    formula::Formulas,
    html::escape,
    markdown::{self, blank},
    number::Reports,
    picture::Pictures,
    snippets::Snippets,
    table,
    typed_number::Permissions,
};
use regex::{Captures, Regex};
use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// Our own syntax, beyond Markdown.
static SYNTAX: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?xmR)
          ^[\ \t]* :::+ (?<box>.*) $
        | ^[\ \t]* \{\{\# (?<directive>.*) \}\} [\ \t]*$
        | \{\{= (?<token>.*?) \}\}
        | (?<unknown> \{\{ (?: .*?\}\} | .* ) )
        | \$\$ (?<display> (?s:.*?) ) \$\$
        | \$ (?<formula> [^$\r\n]+ ) \$
        | (?<escaped> \\\$ )
        | (?<open> \$\$? )";
    Regex::new(pattern).expect("the pattern is one")
});

/// Everything that pages are bound with.
///
/// [In the book](../../book/opening.html#why-may-i-trust-the-numbers)
pub struct Preprocessor {
    project: PathBuf,
    pub(super) snippets: Snippets,
    reports: Reports,
    pictures: Pictures,
    formulas: Formulas,
    permissions: Permissions,
}

impl Preprocessor {
    /// Reads what the pages of a project may quote.
    ///
    /// # Errors
    /// If a report, a source file or a permission cannot be read.
    pub fn open(project: &Path) -> Result<Self, BindError> {
        let reports = Reports::read(project)?;
        Ok(Self {
            project: project.to_owned(),
            snippets: Snippets::read(project)?,
            pictures: Pictures::of(&reports, project)?,
            reports,
            formulas: Formulas::new(),
            permissions: Permissions::read(project)?,
        })
    }

    /// The page as Markdown that mdBook understands, and what in it does not resolve.
    pub fn bind(&self, page: &Path, text: &str) -> (String, Vec<Problem>) {
        let masked = markdown::mask(text);
        let mut binding = Binding {
            preprocessor: self,
            page,
            text,
            masked: &masked.text,
            open_box: None,
            problems: masked.problems,
        };
        let bound = binding.resolve(0..text.len());
        (bound, binding.into_problems())
    }

    /// What no page has used.
    pub fn left_over(&self) -> Vec<Problem> {
        self.snippets.problems().into_iter().chain(self.permissions.unused()).collect()
    }
}

/// A page that is being bound.
struct Binding<'a> {
    preprocessor: &'a Preprocessor,
    page: &'a Path,
    text: &'a str,
    /// The text without what Markdown takes literally.
    masked: &'a str,
    /// Where a box was opened, and what will close it.
    open_box: Option<(usize, &'static str)>,
    /// What does not resolve, and where.
    problems: Vec<(usize, Diagnostic)>,
}

impl Binding<'_> {
    /// A piece of the page, in which everything is resolved.
    fn resolve(&mut self, range: Range<usize>) -> String {
        let masked = &self.masked[range.clone()];
        // The piece without what is not typed text: code, tokens, targets of links
        let mut typed = masked.to_owned();
        let (mut bound, mut end) = (String::new(), range.start);
        for found in SYNTAX.captures_iter(masked) {
            let [from, to] = [found.get_match().start(), found.get_match().end()];
            bound += &self.text[end..range.start + from];
            match self.replacement(&found, range.start) {
                Ok(replacement) => bound += &replacement,
                Err(diagnostic) => self.problems.push((range.start + from, diagnostic)),
            }
            if found.name("display").or(found.name("formula")).is_none() {
                blank(&mut typed, from..to);
            }
            end = range.start + to;
        }
        bound += &self.text[end..range.end];
        let numbers = self.preprocessor.permissions.not_permitted(self.page, &typed);
        let placed = |(at, diagnostic)| (range.start + at, diagnostic);
        self.problems.extend(numbers.into_iter().map(placed));
        bound
    }

    /// The replacement of a piece of our syntax in the bound page, found in what begins at `start`.
    fn replacement(&mut self, found: &Captures, start: usize) -> Result<String, Diagnostic> {
        let text = self.text;
        let range = |name| found.name(name).map(|group| start + group.start()..start + group.end());
        let group = |name| range(name).map(|range| &text[range]);
        let formulas = &self.preprocessor.formulas;
        if let Some(kind) = group("box") {
            self.box_line(kind.trim(), start + found.get_match().start())
        } else if let Some(directive) = range("directive") {
            self.directive(directive)
        } else if let Some(token) = group("token").map(str::trim) {
            let unresolved = |reason| Diagnostic::Token(token.to_owned(), reason);
            self.preprocessor.reports.resolve(token).map_err(unresolved)
        } else if let Some(unknown) = group("unknown") {
            Err(Diagnostic::UnknownDirective(unknown.to_owned()))
        } else if let Some(latex) = group("display") {
            formulas.display(latex).map(|math| format!("\n{math}\n"))
        } else if let Some(latex) = group("formula") {
            formulas.inline(latex)
        } else if let Some(escaped) = group("escaped") {
            Ok(escaped.to_owned())
        } else {
            Err(if group("open") == Some("$") {
                Diagnostic::OpenFormula
            } else {
                Diagnostic::Unclosed
            })
        }
    }

    fn box_line(&mut self, kind: &str, at: usize) -> Result<String, Diagnostic> {
        match (self.open_box.take(), box_of_text::tags(kind)) {
            (Some((_, close)), None) if kind.is_empty() => Ok(format!("\n{close}\n")),
            (None, Some((open, close))) => {
                self.open_box = Some((at, close));
                Ok(format!("{open}\n"))
            }
            (None, None) if !kind.is_empty() => {
                Err(Diagnostic::NoBox(kind.to_owned(), box_of_text::names()))
            }
            _ => Err(Diagnostic::NestedBox),
        }
    }

    /// `include file:anchor`, `figure name: caption`, `console name`, `gradient_table chapter`,
    /// `table report.list: column, column` or `claims`.
    fn directive(&mut self, range: Range<usize>) -> Result<String, Diagnostic> {
        let Preprocessor { project, snippets, reports, pictures, .. } = self.preprocessor;
        let directive = &self.text[range.clone()];
        let unknown = || Diagnostic::UnknownDirective(format!("{{{{#{directive}}}}}"));
        let (word, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        match word {
            "claims" => table::claims(reports).ok_or_else(unknown),
            "gradient_table" => table::gradients(reports, rest.trim()).ok_or_else(unknown),
            "table" => table::rows(reports, rest).ok_or_else(unknown),
            "include" => self.listing(rest.trim()),
            "figure" => {
                let (name, caption) = rest.split_once(':').unwrap_or((rest, ""));
                let caption = self.resolve(range.end - caption.len()..range.end);
                pictures.html(snippets, name.trim(), caption.trim())
            }
            "console" => {
                let output = escape(&console::committed(project, rest.trim())?);
                Ok(format!(
                    "<figure class=\"console\"><pre tabindex=\"0\"><code class=\"language-console\">\
                     {}</code></pre></figure>",
                    output.trim_end().replace("\n\n", "\n&#8203;\n")
                ))
            }
            _ => Err(unknown()),
        }
    }

    /// A piece of code, and where it comes from.
    fn listing(&self, target: &str) -> Result<String, Diagnostic> {
        let unknown = || Diagnostic::UnknownDirective(format!("{{{{#include {target}}}}}"));
        let (path, anchor) = target.rsplit_once(':').ok_or_else(unknown)?;
        let path = path.trim_start_matches("../");
        let listing = self.preprocessor.snippets.listing(path, anchor)?;
        let (first, last) = listing.lines;
        let where_ =
            if first == last { format!("line {first}") } else { format!("lines {first}–{last}") };
        Ok(format!(
            "<figure class=\"listing\">\n\n```rust\n{}```\n\n\
             <figcaption><a href=\"code/{path}.html#L{first}\">{path}, {where_}</a></figcaption>\n</figure>",
            listing.code
        ))
    }

    /// What does not resolve, line by line.
    fn into_problems(mut self) -> Vec<Problem> {
        self.problems.extend(self.open_box.map(|(at, _)| (at, Diagnostic::Unclosed)));
        self.problems.sort_by_key(|&(at, _)| at);
        let file = Path::new("book/src").join(self.page);
        let problem = |(at, diagnostic)| {
            let line = self.text[..at].matches('\n').count() + 1;
            Problem { file: file.clone(), line, diagnostic }
        };
        self.problems.into_iter().map(problem).collect()
    }
}
