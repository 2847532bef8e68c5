//! Blocks of console output: a command, and what it printed.
//!
//! Each is a file in `book/console/` whose first line is `$ ` and the command. The program runs it
//! again to make the rest anew or to compare it.

use super::{Error, Refusal, files_in};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// How far numbers that a command prints may be from those in the book, relative to the larger of
/// both: a table shows rounded results of trainings, which differ a little between processors.
const TOLERANCE: f64 = 0.2;

/// A block of console output.
pub struct Console {
    /// Its file.
    pub path: PathBuf,
    /// What the file's first line says to run.
    pub command: String,
    /// What the book shows as printed.
    pub output: String,
}

/// The console blocks of the project's book.
pub fn all(project: &Path) -> Result<Vec<Console>, Error> {
    let folder = project.join("book/console");
    let unreadable = |path: &Path, reason: String| Error::Unreadable { path: path.into(), reason };
    let paths = files_in(&folder, "txt").map_err(|e| unreadable(&folder, e.to_string()))?;
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|e| unreadable(&path, e.to_string()))?;
        let (first, output) = text.split_once('\n').unwrap_or((&text, ""));
        let command = first.strip_prefix("$ handwritten").ok_or_else(|| {
            unreadable(&path, "its first line must be `$ handwritten …`".to_owned())
        })?;
        Ok(Console { command: command.trim().to_owned(), output: output.to_owned(), path })
    };
    paths.into_iter().map(read).collect()
}

/// The block that a page shows, its command first.
pub(super) fn committed(project: &Path, name: &str) -> Result<String, Refusal> {
    let path = project.join(format!("book/console/{name}.txt"));
    let text = fs::read_to_string(path).map_err(|_| Refusal::NoConsole(name.to_owned()))?;
    Ok(text)
}

impl Console {
    /// Runs the command with `program` in an empty folder, where it finds MNIST in `mnist`, and
    /// returns what it printed.
    pub fn run(&self, program: &Path, mnist: Option<&Path>) -> std::io::Result<String> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(program);
        command.args(self.command.split_whitespace()).current_dir(&folder);
        if let Some(mnist) = mnist {
            command.env("MNIST_DIR", std::path::absolute(mnist)?);
        }
        let printed = command.output()?;
        if !printed.status.success() {
            return Err(std::io::Error::other(String::from_utf8_lossy(&printed.stderr)));
        }
        Ok(String::from_utf8_lossy(&printed.stdout).into_owned())
    }

    /// The first line in which the output differs by more than it may.
    pub fn difference(&self, printed: &str) -> Option<String> {
        let (old, new): (Vec<_>, Vec<_>) =
            (self.output.lines().collect(), printed.lines().collect());
        if old.len() != new.len() {
            return Some(format!("it has {} lines instead of {}", new.len(), old.len()));
        }
        let differing = old.iter().zip(&new).find(|(old, new)| !alike(old, new));
        differing.map(|(old, new)| format!("`{new}` instead of `{old}`"))
    }
}

/// Whether two lines have the same words, and numbers that are close.
fn alike(old: &str, new: &str) -> bool {
    let words = |line: &str| -> Vec<String> {
        line.split(|c: char| c.is_whitespace() || "│─┼╌═╞╪╡,".contains(c))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (old, new) = (words(old), words(new));
    old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| match (old.parse::<f64>(), new.parse::<f64>()) {
            (Ok(old), Ok(new)) => (old - new).abs() <= TOLERANCE * old.abs().max(new.abs()),
            _ => old == new,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_alike_when_words_are_the_same_and_numbers_close() {
        assert!(alike("D: 1.46 %, one seed", "D: 1.39 %,  one seed"));
        assert!(!alike("D: 1.46 %, one seed", "D: 3.46 %, one seed"));
        assert!(!alike("D: 1.46 %, one seed", "E: 1.46 %, one seed"));
        assert!(!alike("D: 1.46 %", "D: 1.46 %, one seed"));
    }
}
