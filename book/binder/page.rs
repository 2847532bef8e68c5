//! One page: everything in it that is not plain Markdown.

use super::{
    BindError, Diagnostic, Problem, box_of_text, console, escape, formula::Formulas,
    number::Reports, picture::Pictures, shelf::Snippets, table, typed_number::Permissions,
};
use std::path::{Path, PathBuf};

/// All that pages are bound with.
///
/// [In the book](../../book/opening.html#why-may-i-trust-the-numbers)
pub struct Preprocessor {
    project: PathBuf,
    pub(super) shelf: Snippets,
    reports: Reports,
    pictures: Pictures,
    formulas: Formulas,
    permissions: Permissions,
}

/// What is open at a line, and where it was opened.
#[derive(Clone, Copy)]
enum Open {
    Code(usize),
    Formula(usize),
}

impl Preprocessor {
    /// Lays out what the pages of a project may quote.
    ///
    /// # Errors
    /// Where a report, a source file or a permission cannot be read.
    pub fn open(project: &Path) -> Result<Self, BindError> {
        let reports = Reports::read(project)?;
        Ok(Self {
            project: project.to_owned(),
            shelf: Snippets::read(project)?,
            pictures: Pictures::of(&reports, project)?,
            reports,
            formulas: Formulas::new(),
            permissions: Permissions::read(project)?,
        })
    }

    /// The page as Markdown that mdBook understands, and what in it does not resolve.
    pub fn bind(&self, page: &Path, text: &str) -> (String, Vec<Problem>) {
        let mut binding =
            Binding { desk: self, page, line: 0, out: String::new(), problems: Vec::new() };
        binding.run(text);
        (binding.out, binding.problems)
    }

    /// What no page has used.
    pub fn left_over(&self) -> Vec<Problem> {
        self.shelf.problems().into_iter().chain(self.permissions.unused()).collect()
    }
}

/// A page on the desk.
struct Binding<'a> {
    desk: &'a Preprocessor,
    page: &'a Path,
    line: usize,
    out: String,
    problems: Vec<Problem>,
}

impl Binding<'_> {
    fn run(&mut self, text: &str) {
        let mut open = None;
        let mut open_box: Option<(usize, &str)> = None;
        let mut formula = String::new();
        for (number, line) in (1..).zip(text.lines()) {
            self.line = number;
            let trimmed = line.trim();
            match open {
                Some(Open::Code(_)) => {
                    if trimmed.starts_with("```") {
                        open = None;
                    }
                    self.write(line);
                }
                Some(Open::Formula(_)) if trimmed == "$$" => {
                    open = None;
                    self.display(&std::mem::take(&mut formula));
                }
                Some(Open::Formula(_)) => formula = format!("{formula}{line}\n"),
                None if trimmed.starts_with("```") => {
                    open = Some(Open::Code(number));
                    self.write(line);
                }
                None if trimmed == "$$" => open = Some(Open::Formula(number)),
                None if trimmed.starts_with(":::") => self.box_line(trimmed, &mut open_box),
                None => self.text_line(line, trimmed),
            }
        }
        let unclosed = match open {
            Some(Open::Code(line) | Open::Formula(line)) => Some(line),
            None => open_box.map(|(line, _)| line),
        };
        if let Some(line) = unclosed {
            self.line = line;
            self.refuse(Diagnostic::Unclosed);
        }
    }

    /// A line outside of code, formulas and the edges of boxes.
    fn text_line(&mut self, line: &str, trimmed: &str) {
        if let Some(directive) = trimmed.strip_prefix("{{#").and_then(|d| d.strip_suffix("}}")) {
            match self.directive(directive) {
                Ok(html) => self.write(&html),
                Err(refusal) => self.refuse(refusal),
            }
        } else if let Some(latex) =
            trimmed.strip_prefix("$$").and_then(|latex| latex.strip_suffix("$$"))
        {
            self.display(latex);
        } else {
            let prose = self.prose(line);
            self.write(&prose);
        }
    }

    fn box_line(&mut self, line: &str, open_box: &mut Option<(usize, &'static str)>) {
        let name = line.trim_start_matches(':').trim();
        match (open_box.take(), box_of_text::tags(name)) {
            (Some((_, close)), None) if name.is_empty() => self.write(&format!("\n{close}\n")),
            (None, Some((open, close))) => {
                *open_box = Some((self.line, close));
                self.write(&format!("{open}\n"));
            }
            (None, None) if !name.is_empty() => {
                self.refuse(Diagnostic::NoBox(name.to_owned(), box_of_text::names()));
            }
            _ => self.refuse(Diagnostic::NestedBox),
        }
    }

    /// `include file:anchor`, `figure name: caption`, `console name`, `gradient_table chapter`,
    /// `table report.list: column, column` or `claims`.
    fn directive(&mut self, directive: &str) -> Result<String, Diagnostic> {
        let unknown = || Diagnostic::UnknownDirective(format!("{{{{#{directive}}}}}"));
        let (word, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        match word {
            "claims" => table::claims(&self.desk.reports).ok_or_else(unknown),
            "gradient_table" => {
                table::gradients(&self.desk.reports, rest.trim()).ok_or_else(unknown)
            }
            "table" => table::rows(&self.desk.reports, rest).ok_or_else(unknown),
            "include" => self.listing(rest.trim()),
            "figure" => {
                let (name, caption) = rest.split_once(':').unwrap_or((rest, ""));
                let caption = self.prose(caption.trim());
                self.desk.pictures.html(&self.desk.shelf, name.trim(), &caption)
            }
            "console" => {
                let output = console::committed(&self.desk.project, rest.trim())?;
                let output = escape(&output);
                Ok(format!(
                    "<figure class=\"console\"><pre tabindex=\"0\"><code class=\"language-console\">\
                     {}</code></pre></figure>",
                    output.trim_end().replace("\n\n", "\n&#8203;\n")
                ))
            }
            _ => Err(unknown()),
        }
    }

    /// A piece of code, and where it stands.
    fn listing(&self, target: &str) -> Result<String, Diagnostic> {
        let unknown = || Diagnostic::UnknownDirective(format!("{{{{#include {target}}}}}"));
        let (path, anchor) = target.rsplit_once(':').ok_or_else(unknown)?;
        let path = path.trim_start_matches("../");
        let listing = self.desk.shelf.listing(path, anchor)?;
        let (first, last) = listing.lines;
        let where_ =
            if first == last { format!("line {first}") } else { format!("lines {first}–{last}") };
        Ok(format!(
            "<figure class=\"listing\">\n\n```rust\n{}```\n\n\
             <figcaption><a href=\"code/{path}.html#L{first}\">{path}, {where_}</a></figcaption>\n</figure>",
            listing.code
        ))
    }

    fn display(&mut self, latex: &str) {
        self.check_typed(latex);
        match self.desk.formulas.display(latex) {
            Ok(math) => self.write(&format!("\n{math}\n")),
            Err(refusal) => self.refuse(refusal),
        }
    }

    /// Resolves the tokens and formulas of a line of text.
    fn prose(&mut self, line: &str) -> String {
        let mut out = String::new();
        // The line without what is not typed text: code, tokens, targets of links
        let mut typed = String::new();
        let mut rest = line;
        while let Some(at) = rest.find(['`', '$', '{', '\\', '(', '!']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            typed.push_str(before);
            let (piece, length) = self.piece(from, &mut typed);
            out.push_str(&piece);
            rest = &from[length..];
        }
        out.push_str(rest);
        typed.push_str(rest);
        self.check_typed(&typed);
        out
    }

    /// What the piece of text that begins here becomes, and how long it is.
    fn piece(&mut self, from: &str, typed: &mut String) -> (String, usize) {
        let as_it_is = |length: usize| (from[..length].to_owned(), length);
        if from.starts_with('`') {
            let ticks = from.len() - from.trim_start_matches('`').len();
            let fence = &from[..ticks];
            let end = from[ticks..].find(fence).map_or(from.len(), |end| end + 2 * ticks);
            return as_it_is(end);
        }
        if from.starts_with("{{") {
            let Some(end) = from.find("}}") else {
                self.refuse(Diagnostic::UnknownDirective(from.to_owned()));
                return as_it_is(from.len());
            };
            let text = if let Some(token) = from[..end].strip_prefix("{{=") {
                self.token(token.trim())
            } else {
                self.refuse(Diagnostic::UnknownDirective(from[..end + 2].to_owned()));
                String::new()
            };
            return (text, end + 2);
        }
        if let Some(formula) = from.strip_prefix('$') {
            let Some(end) = formula.find('$') else {
                self.refuse(Diagnostic::OpenFormula);
                return as_it_is(from.len());
            };
            typed.push_str(&formula[..end]);
            return (self.formula(&formula[..end]), end + 2);
        }
        if from.starts_with("\\$") {
            return ("$".to_owned(), 2);
        }
        if from.starts_with("![") {
            self.refuse(Diagnostic::ForeignPicture);
        }
        // The target of a link: `](target)`
        if from.starts_with('(') && typed.ends_with(']') {
            return as_it_is(from.find(')').map_or(from.len(), |end| end + 1));
        }
        let first = from.chars().next().map_or(1, char::len_utf8);
        typed.push_str(&from[..first]);
        as_it_is(first)
    }

    fn token(&mut self, token: &str) -> String {
        self.desk.reports.resolve(token).unwrap_or_else(|reason| {
            self.refuse(Diagnostic::Token(token.to_owned(), reason));
            String::new()
        })
    }

    fn formula(&mut self, latex: &str) -> String {
        self.desk.formulas.inline(latex).unwrap_or_else(|refusal| {
            self.refuse(refusal);
            String::new()
        })
    }

    fn check_typed(&mut self, text: &str) {
        for refusal in self.desk.permissions.refused(self.page, text) {
            self.refuse(refusal);
        }
    }

    fn write(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn refuse(&mut self, refusal: Diagnostic) {
        let file = Path::new("book/src").join(self.page);
        self.problems.push(Problem { file, line: self.line, refusal });
    }
}
