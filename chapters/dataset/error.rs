use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What is wrong with the reader's data: where, what was found there, what was expected, and what to
/// do about it. It prints as a sentence.
#[derive(Debug, Default)]
pub struct DataError {
    /// The file or folder, unless `found` names it.
    path: Option<PathBuf>,
    /// The line and the column in it, counted from 1; 0 for all of them.
    line: u64,
    column: usize,
    found: String,
    expected: String,
    remedy: &'static str,
    is_unreadable: bool,
}

impl DataError {
    /// Says what was found in a file or folder, in words that continue after its name.
    pub fn new(path: &Path, found: impl Into<String>) -> Self {
        Self { path: Some(path.to_path_buf()), ..Self::plain(found) }
    }

    /// Says what was found where no file is at fault, or where its name does not come first.
    pub fn plain(found: impl Into<String>) -> Self {
        Self { found: found.into(), ..Self::default() }
    }

    /// Names the line, counted from 1.
    #[must_use]
    pub fn line(self, line: u64) -> Self {
        Self { line, ..self }
    }

    /// Names the line and the column, counted from 1.
    #[must_use]
    pub fn cell(self, line: u64, column: usize) -> Self {
        Self { line, column, ..self }
    }

    /// Says what should have been there.
    #[must_use]
    pub fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: expected.into(), ..self }
    }

    /// Says what the reader can do.
    #[must_use]
    pub fn remedy(self, remedy: &'static str) -> Self {
        Self { remedy, ..self }
    }

    /// A file or folder that the operating system could not read.
    pub fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let found = format!("could not read {}: {source}", path.display());
            let error = Self::plain(found).remedy("check its name and its permissions");
            Self { is_unreadable: true, ..error }
        }
    }

    /// Whether the operating system could not read it.
    pub fn is_unreadable(&self) -> bool {
        self.is_unreadable
    }

    /// A file that the operating system could not write.
    pub fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            Self::plain(format!("could not write {}: {source}", path.display()))
                .remedy("check that its folder exists and the disk is not full")
        }
    }

    /// A file of no bytes, or of no bytes once decompressed.
    pub fn empty(path: &Path, expected: &str) -> Self {
        Self::new(path, "is empty").expected(expected).remedy("download or create the file again")
    }

    /// A file of the right form with nothing in it to learn from.
    pub fn no_examples(path: &Path) -> Self {
        let error = Self::new(path, "holds no examples").expected("at least one");
        error.remedy("download or create the file again")
    }

    /// Pictures without a pixel.
    pub fn no_pixels(path: &Path, rows: usize, columns: usize) -> Self {
        Self::new(path, format!("holds pictures of {rows} × {columns} pixels"))
            .expected("at least 1 × 1")
    }

    /// A digit that cannot be learned because there is no picture of it.
    pub fn none_of(digit: usize) -> Self {
        Self::plain(format!("there is no picture of the digit {digit}: all ten digits are needed"))
    }

    /// Examples that differ only in their classes; `blank` pictures are all paper.
    pub fn all_alike(found: usize, blank: bool) -> Self {
        let blank = if blank { " (every pixel is 0)" } else { "" };
        Self::plain(format!("all {found} examples are identical{blank}"))
            .expected("some that differ: nothing tells their classes apart")
            .remedy("check how the file was made")
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { path, line, column, found, expected, remedy, .. } = self;
        if let Some(path) = path {
            match (line, column) {
                (0, _) => write!(f, "{} ", path.display())?,
                (_, 0) => write!(f, "{}, line {line}: ", path.display())?,
                _ => write!(f, "{}, line {line}, column {column}: ", path.display())?,
            }
        }
        f.write_str(found)?;
        if !expected.is_empty() {
            write!(f, ", expected {expected}")?;
        }
        if !remedy.is_empty() {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DataError {}
