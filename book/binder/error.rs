use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// Why a book was not bound.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Something in the pages does not resolve.
    #[error("the book cannot be bound:\n{}", lines(.0))]
    Refused(Vec<Problem>),
    /// A file or a folder is not what it should be, or mdBook failed, in words.
    #[error("{0}")]
    Failed(String),
}

/// A place where the book does not hold together.
#[derive(Debug, PartialEq)]
pub struct Problem {
    /// The file, from the project's folder.
    pub file: PathBuf,
    /// The line, from 1; 0 where it is the whole file.
    pub line: usize,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

/// What the bookbinder refuses.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Diagnostic {
    /// A listing's file is not there.
    #[error("there is no file {0} to take a listing from")]
    NoFile(String),
    /// A listing names an anchor that its file has not.
    #[error("{0} has no anchor `{1}`; it has {2}")]
    NoAnchor(String, String, String),
    /// An anchor with nothing in it.
    #[error("the anchor `{0}` is empty")]
    EmptyAnchor(String),
    /// An anchor that is not closed, or closed twice, or opened twice.
    #[error("the anchor `{0}` needs one ANCHOR and one ANCHOR_END line")]
    UnpairedAnchor(String),
    /// An anchor that no page uses.
    #[error("no page uses the anchor `{0}`: delete it")]
    UnusedAnchor(String),
    /// A listing that is too long to be read in one go.
    #[error("the listing `{0}` has {1} lines, more than {2}: show it in pieces")]
    LongListing(String, usize, usize),
    /// Something between `{{` and `}}` that means nothing.
    #[error(
        "`{0}` is nothing that the bookbinder knows: {{{{= value | format }}}}, {{{{#include file:anchor}}}}, {{{{#figure name}}}}, {{{{#console name}}}}, {{{{#gradient_table chapter_NN}}}}, {{{{#table report.list: column, column}}}} or {{{{#claims}}}}"
    )]
    UnknownDirective(String),
    /// A token that does not lead to a number.
    #[error("`{0}` cannot be resolved: {1}")]
    Token(String, String),
    /// A number typed by hand.
    #[error(
        "`{0}` is typed by hand: take it from a report, or give its reason in book/permitted_numbers.toml"
    )]
    TypedNumber(String),
    /// A permission that nothing uses.
    #[error("the permission for `{0}` is not used: delete it")]
    UnusedPermission(String),
    /// A formula that does not parse.
    #[error("the formula `{0}` does not parse: {1}")]
    Formula(String, String),
    /// A `$` without its partner.
    #[error("a formula is opened with $ and not closed on its line")]
    OpenFormula,
    /// Something in a page that browsers are told to refuse.
    #[error("`{0}` would run or load what does not lie beside the page: leave it out")]
    Unsafe(String),
    /// A figure that no report yields.
    #[error("there is no figure `{0}`: the reports yield {1}")]
    NoFigure(String, String),
    /// A picture that the program did not draw.
    #[error("pictures are drawn by the program: write {{{{#figure name}}}} for one")]
    ForeignPicture,
    /// Output that nobody has printed.
    #[error(
        "there is no book/console/{0}.txt: make it with its command in the first line, and run `handwritten bless --consoles`"
    )]
    NoConsole(String),
    /// A box of a kind that there is not.
    #[error("`::: {0}` opens no box: there are {1}")]
    NoBox(String, String),
    /// `:::` where nothing is open, or a box inside another.
    #[error("boxes cannot be nested, and `:::` closes an open one")]
    NestedBox,
    /// A box, a formula or a block of code that runs to the end of the page.
    #[error("what is opened here is not closed")]
    Unclosed,
    /// A link to a page, a place in a page or a file that is not there.
    #[error("the link to {0} leads nowhere")]
    BrokenLink(String),
}

impl BindError {
    /// A file or folder that cannot be read, for the reason that will be given.
    pub(super) fn unreadable<E: fmt::Display>(path: &Path) -> impl Fn(E) -> Self {
        |reason| Self::Failed(format!("cannot read {}: {reason}", path.display()))
    }

    /// A file or folder that cannot be written, for the reason that the system will give.
    pub(super) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        |source| {
            let what = format!("cannot write {}: {source}", path.display());
            Self::Failed(format!("{what}; name a folder that can be written to with `--out DIR`"))
        }
    }

    /// Refuses to go on with problems.
    pub(super) fn unless_empty(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::Refused(problems)) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.diagnostic)
    }
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
    lines.join("\n")
}
