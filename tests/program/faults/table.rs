//! What was injected, and what became of it.

use crate::support::text;
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

/// How a fault ended, or why it was not survived.
pub type Outcome = Result<(), String>;

/// Faults of one kind, into one command or several that gave the same.
#[derive(Serialize)]
pub struct Row {
    fault: String,
    command: String,
    injected: usize,
    survived: usize,
    got: String,
}

/// All kinds of faults.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
    /// What was not survived, and why.
    failures: Vec<String>,
}

impl Table {
    /// Adds what became of faults of one kind. `got` is what the program gave where all is well.
    pub fn add(&mut self, fault: &str, command: &str, got: &str, outcomes: Vec<Outcome>) {
        let injected = outcomes.len();
        let reasons = outcomes.into_iter().filter_map(Result::err);
        let reasons: Vec<_> =
            reasons.map(|reason| format!("{fault}, {command}: {reason}")).collect();
        let survived = injected - reasons.len();
        println!("{survived} of {injected} survived: {fault} | {command} | {got}");
        self.failures.extend(reasons);
        let is_one = !command.starts_with("every ");
        let command = if is_one { format!("`{command}`") } else { command.to_owned() };
        let same = |row: &&mut Row| row.fault == fault && row.got == got;
        if let Some(row) = self.rows.iter_mut().find(same) {
            row.command.push_str(", ");
            row.command.push_str(&command);
            row.injected += injected;
            row.survived += survived;
        } else {
            let [fault, got] = [fault, got].map(str::to_owned);
            self.rows.push(Row { fault, command, injected, survived, got });
        }
    }

    pub fn sum_up(&self) {
        let sum = |number: fn(&Row) -> usize| self.rows.iter().map(number).sum::<usize>();
        let [injected, survived] = [sum(|row| row.injected), sum(|row| row.survived)];
        println!("{injected} faults injected, {survived} survived");
    }

    #[track_caller]
    pub fn assert_all_survived(&self) {
        assert!(self.failures.is_empty(), "not survived:\n{}", self.failures.join("\n"));
    }
}

/// `Err` with what is wrong, unless it is true.
pub fn hold(truth: bool, otherwise: impl FnOnce() -> String) -> Outcome {
    if truth { Ok(()) } else { Err(otherwise()) }
}

/// The program must have failed with a sentence that holds what is expected, and have left nothing
/// unfinished below a folder.
pub fn refused(output: &Output, expected: &str, folder: &Path) -> Outcome {
    let complaint = text(&output.stderr);
    let told = || format!("exit {:?}: {complaint}", output.status.code());
    hold(matches!(output.status.code(), Some(1 | 2)), told)?;
    hold(complaint.contains("error: ") && !complaint.contains("panicked"), told)?;
    hold(complaint.contains(expected), || format!("expected {expected:?}: {complaint}"))?;
    nothing_unfinished(folder)
}

/// The program must have done what it was asked for.
pub fn done(output: &Output) -> Outcome {
    hold(output.status.success(), || text(&output.stderr))
}

/// Files that are not whole yet must be gone.
pub fn nothing_unfinished(folder: &Path) -> Outcome {
    let left =
        below(folder).into_iter().find(|path| path.to_string_lossy().contains("/.handwritten-"));
    hold(left.is_none(), || format!("{} is left", left.unwrap_or_default().display()))
}

/// All files below a folder, in order.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Two folders must hold the same files, but for locks.
pub fn same(one: &Path, other: &Path) -> Outcome {
    let names = |folder: &Path| -> Vec<PathBuf> {
        let names = below(folder).into_iter().filter(|path| !path.ends_with(".lock"));
        names.map(|path| path.strip_prefix(folder).unwrap().to_owned()).collect()
    };
    let (expected, found) = (names(one), names(other));
    hold(expected == found, || format!("expected the files {expected:?}, found {found:?}"))?;
    let is_other =
        |name: &&PathBuf| fs::read(one.join(name)).unwrap() != fs::read(other.join(name)).unwrap();
    match expected.iter().find(is_other) {
        Some(name) => Err(format!("{} differs", name.display())),
        None => Ok(()),
    }
}
