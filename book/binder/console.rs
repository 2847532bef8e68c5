//! Blocks of console output: commands, and what they printed.
//!
//! Each is a file in `book/console/`. A line that begins with `$ handwritten` is a command; the lines
//! below it are what it printed. The program runs the commands of a block, one after the other in
//! one folder, to remake the output or to compare it.

use crate::{
    error::{BindError, Diagnostic},
    files::{files_in, read},
};
use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
};

/// The beginning of a command's line.
const PROMPT: &str = "$ handwritten ";

/// How far numbers that a command prints may be from those in the book, relative to the larger of
/// the two: a table shows rounded results of training, which differ a little between processors.
const TOLERANCE: f64 = 0.2;

/// A block of console output.
pub struct Console {
    /// Its file.
    pub path: PathBuf,
    /// What the book shows: commands, and what each printed.
    pub text: String,
}

/// The console blocks of the project's book.
pub fn all(project: &Path) -> Result<Vec<Console>, BindError> {
    let block = |path: PathBuf| {
        let text = read(&path)?;
        if !text.starts_with(PROMPT) {
            let expected = "its first line must be `$ handwritten …`";
            return Err(BindError::unreadable(&path)(expected));
        }
        Ok(Console { path, text })
    };
    files_in(&project.join("book/console"), "txt")?.into_iter().map(block).collect()
}

/// The block that a page shows, its command first.
pub(super) fn committed(project: &Path, name: &str) -> Result<String, Diagnostic> {
    let path = project.join(format!("book/console/{name}.txt"));
    read(&path).map_err(|_| Diagnostic::NoConsole(name.to_owned()))
}

impl Console {
    /// Its commands, without the program's name.
    pub fn commands(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter_map(|line| line.strip_prefix(PROMPT))
    }

    /// Runs the commands with `program` in an empty folder, where they find MNIST in `mnist`, and
    /// returns them with what they printed.
    pub fn run(&self, program: &Path, mnist: Option<&Path>) -> io::Result<String> {
        let folder = tempfile::tempdir()?;
        let mut text = String::new();
        for command in self.commands() {
            let mut run = Command::new(program);
            run.args(command.split_whitespace()).current_dir(&folder);
            if let Some(mnist) = mnist {
                run.env("MNIST_DIR", std::path::absolute(mnist)?);
            }
            let printed = run.output()?;
            if !printed.status.success() {
                return Err(io::Error::other(String::from_utf8_lossy(&printed.stderr)));
            }
            text += PROMPT;
            text += command;
            text += "\n";
            text += &String::from_utf8_lossy(&printed.stdout);
        }
        Ok(text)
    }

    /// Where the output first differs by more than the tolerance.
    pub fn difference(&self, printed: &str) -> Option<String> {
        difference(&self.text, printed)
    }
}

/// Compares word by word: how a table breaks its lines depends on the width of its numbers.
fn difference(old: &str, new: &str) -> Option<String> {
    let (old, new) = (words(old), words(new));
    let (count, expected) = (new.len(), old.len());
    let differs = |i: &usize| !alike(old[*i], new[*i]);
    if let Some(i) = (0..count.min(expected)).find(differs) {
        let from = i.saturating_sub(4);
        return Some(format!(
            "`{}` instead of `{}`",
            new[from..=i].join(" "),
            old[from..=i].join(" ")
        ));
    }
    (count != expected).then(|| format!("it has {count} words instead of {expected}"))
}

/// The words and numbers of a text, without the lines and brackets around them.
fn words(text: &str) -> Vec<&str> {
    let between = |c: char| c.is_whitespace() || "─═,()".contains(c);
    text.split(between).filter(|word| !word.is_empty()).collect()
}

/// Whether two words are the same, or numbers that are close.
fn alike(old: &str, new: &str) -> bool {
    match (old.parse::<f64>(), new.parse::<f64>()) {
        (Ok(old), Ok(new)) => (old - new).abs() <= TOLERANCE * old.abs().max(new.abs()),
        _ => old == new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_alike_when_words_are_the_same_and_numbers_close() {
        let old = "D: 1.46 % (1.33 to 1.50), holds";
        assert_eq!(difference(old, "───\n D: 1.39 %\n  (1.35 to\n 1.51), holds"), None);
        let told = difference(old, "D: 3.46 % (1.33 to 1.50), holds");
        assert_eq!(told.as_deref(), Some("`D: 3.46` instead of `D: 1.46`"));
        assert!(difference(old, "E: 1.46 % (1.33 to 1.50), holds").is_some());
        assert!(difference(old, "D: 1.46 % (1.33 to 1.50)").is_some());
    }
}
