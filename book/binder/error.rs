use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// Why a book was not bound.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no book where one was looked for.
    #[error(
        "there is no book in {path}: run this in the project's folder, or name it with `--source DIR`"
    )]
    NoBook {
        /// Where `book.toml` should be.
        path: PathBuf,
    },
    /// The folder to bind into holds something else.
    #[error("{path} is not empty and holds no bound book: name another folder with `--out DIR`")]
    NotABook {
        /// The folder.
        path: PathBuf,
    },
    /// A file that the book is made from could not be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// The bound book could not be written.
    #[error("cannot write {path}: {source}; name a folder that can be written to with `--out DIR`")]
    Unwritable {
        /// Where to.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in the pages does not resolve.
    #[error("the book cannot be bound:\n{}", lines(.0))]
    Refused(Vec<Problem>),
    /// mdBook itself failed.
    #[error("mdBook could not bind the pages: {0}")]
    MdBook(String),
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
    #[error("{file} has no anchor `{anchor}`; it has {known}")]
    NoAnchor {
        /// The file.
        file: String,
        /// The anchor asked for.
        anchor: String,
        /// Those that are there.
        known: String,
    },
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
    #[error("the listing `{anchor}` has {lines} lines, more than {most}: show it in pieces")]
    LongListing {
        /// The listing's anchor.
        anchor: String,
        /// How many lines it has.
        lines: usize,
        /// How many it may have.
        most: usize,
    },
    /// Something between `{{` and `}}` that means nothing.
    #[error(
        "`{0}` is nothing that the bookbinder knows: {{{{= value | format }}}}, {{{{#include file:anchor}}}}, {{{{#figure name}}}}, {{{{#console name}}}}, {{{{#gradient_table chapter_NN}}}}, {{{{#table report.list: column, column}}}} or {{{{#claims}}}}"
    )]
    UnknownDirective(String),
    /// A token that does not lead to a number.
    #[error("`{token}` cannot be resolved: {reason}")]
    Token {
        /// The token.
        token: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A number typed by hand.
    #[error(
        "`{0}` is typed by hand: take it from a report, or give its reason in book/permitted_numbers.toml"
    )]
    TypedNumber(String),
    /// A permission that nothing uses.
    #[error("the permission for `{0}` is not used: delete it")]
    UnusedPermission(String),
    /// A formula that does not parse.
    #[error("the formula `{formula}` does not parse: {reason}")]
    Formula {
        /// As it stands in the page.
        formula: String,
        /// What the parser says.
        reason: String,
    },
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

impl Error {
    /// A file or folder that cannot be read, for the reason that will be given.
    pub(super) fn unreadable<E: fmt::Display>(path: &Path) -> impl Fn(E) -> Self {
        |error| Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
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
