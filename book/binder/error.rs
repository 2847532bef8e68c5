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

/// Something wrong with the book, and where.
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
    /// A listing names an anchor that its file does not have.
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
    /// A listing that is too long to read in one go.
    #[error("the listing `{0}` has {1} lines, more than {2}: show it in pieces")]
    LongListing(String, usize, usize),
    /// Something between `{{` and `}}` that means nothing.
    #[error(
        "the bookbinder does not know `{0}`; it knows {{{{= value | format }}}}, {{{{#include file:anchor}}}}, {{{{#figure name}}}}, {{{{#console name}}}}, {{{{#gradient_table chapter_NN}}}}, {{{{#table report.list: column, column}}}} and {{{{#claims}}}}"
    )]
    UnknownDirective(String),
    /// A token that does not lead to a number.
    #[error("`{0}` cannot be resolved: {1}")]
    Token(String, String),
    /// A number typed by hand.
    #[error(
        "`{0}` is typed by hand: take it from a report, or give a reason in book/permitted_numbers.toml"
    )]
    TypedNumber(String),
    /// A permission that nothing uses.
    #[error("no page uses the permission for `{0}`: delete it")]
    UnusedPermission(String),
    /// A formula that does not parse.
    #[error("the formula `{0}` does not parse: {1}")]
    Formula(String, String),
    /// A `$` without its partner.
    #[error("a formula opens with $ and is not closed on the same line")]
    OpenFormula,
    /// Something in a page that browsers are told to block.
    #[error("`{0}` would run or load something from outside the book: leave it out")]
    Unsafe(String),
    /// A figure that no report gives.
    #[error("there is no figure `{0}`; the reports give {1}")]
    NoFigure(String, String),
    /// A picture that the program did not draw.
    #[error("pictures must be drawn by the program: write {{{{#figure name}}}} instead")]
    ForeignPicture,
    /// Console output that does not exist.
    #[error(
        "there is no book/console/{0}.txt: create it with the command in its first line, and run `handwritten bless --consoles`"
    )]
    NoConsole(String),
    /// A box of an unknown kind.
    #[error("`::: {0}` does not open a box; the kinds of boxes are {1}")]
    NoBox(String, String),
    /// `:::` where nothing is open, or a box inside another.
    #[error("boxes cannot be nested, and `:::` can only close an open box")]
    NestedBox,
    /// A box, a formula or a block of code that is not closed before the end of the page.
    #[error("what opens here is never closed")]
    Unclosed,
    /// A link to a page, a place in a page or a file that does not exist.
    #[error("the link to {0} leads nowhere")]
    BrokenLink(String),
}

impl BindError {
    /// A file or folder that cannot be read, for a reason to be given.
    pub(super) fn unreadable<E: fmt::Display>(path: &Path) -> impl Fn(E) -> Self {
        |reason| Self::Failed(format!("cannot read {}: {reason}", path.display()))
    }

    /// A file or folder that cannot be written, for the reason given by the system.
    pub(super) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        |source| {
            let what = format!("cannot write {}: {source}", path.display());
            Self::Failed(format!("{what}; choose a writable folder with `--out DIR`"))
        }
    }

    /// Fails if there are problems.
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
