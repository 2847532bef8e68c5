//! Tables that tests fill in and the book shows.

use serde_json::{Value, json};
use std::{env, fs, path::Path};

/// Holds what a test found out to `book/reports/NAME.json`, which the book shows; with `BLESS=1` in
/// the environment, writes it there instead. `command` makes it again.
#[track_caller]
pub fn hold_to_the_book(name: &str, command: &str, report: Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("book/reports/{name}.json"));
    if env::var_os("BLESS").is_some() {
        let committed = json!({ "command": command, "report": report });
        let text = serde_json::to_string_pretty(&committed).unwrap();
        return fs::write(&path, text + "\n").unwrap();
    }
    let committed = fs::read(&path).unwrap_or_else(|_| panic!("run `BLESS=1 {command}`"));
    let committed: Value = serde_json::from_slice(&committed).unwrap();
    let (found, shown) = (&report, &committed["report"]);
    assert_eq!(found, shown, "if this is intended, run `BLESS=1 {command}`");
}
