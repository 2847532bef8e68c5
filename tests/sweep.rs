//! Sweeps through the real binary: interrupted, taken apart, joined.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};
use tempfile::TempDir;

/// A sweep of twelve runs that together take a few seconds.
const SMALL: &str = "sweep --quiet --hidden 2,6,30 --seeds 4 --epochs 1500";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handwritten"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path());
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn succeed(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refusal(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// The names and contents of all files of a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[track_caller]
fn assert_same_files(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    for (a, b) in one.iter().zip(&other) {
        assert!(a == b, "{} differs", a.0);
    }
}

#[test]
fn sweep_is_the_same_however_it_is_made() {
    let folder = Folder::new();
    let table = folder.succeed(&format!("{SMALL} --jobs 1 --out whole"));
    assert!(table.contains("Fresh points"), "{table}");
    let names: Vec<String> = files(&folder.path("whole")).into_iter().map(|f| f.0).collect();
    let expected =
        ["accuracy.png", "costs.png", "plan.json", "regions.png", "runs.csv", "summary.json"];
    assert_eq!(names, expected);

    // On two threads
    folder.succeed(&format!("{SMALL} --jobs 2 --out threads"));
    assert_same_files(&folder.path("whole"), &folder.path("threads"));

    // In three parts, side by side
    let parts: Vec<_> = (1..=3)
        .map(|i| {
            let part = format!("{SMALL} --shard {i}/3 --out part{i}");
            folder.command(&part).stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut part in parts {
        assert!(part.wait().unwrap().success());
    }
    let early = folder.refusal("sweep --merge part1 part2 --out early");
    assert!(early.contains("4 of 12 runs are missing"), "{early}");
    folder.succeed("sweep --merge part3 part1 part2 --out merged");
    assert_same_files(&folder.path("whole"), &folder.path("merged"));

    // Killed again and again
    for pause in [20, 100, 300, 700, 1200] {
        let command = format!("{SMALL} --jobs 2 --out killed");
        let mut sweep = folder.command(&command).stdout(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(pause));
        sweep.kill().unwrap();
        sweep.wait().unwrap();
    }
    folder.succeed(&format!("{SMALL} --out killed"));
    assert_same_files(&folder.path("whole"), &folder.path("killed"));

    // Once more: nothing is left to do, and nothing changes
    folder.succeed(&format!("{SMALL} --out killed"));
    assert_same_files(&folder.path("whole"), &folder.path("killed"));
}

#[test]
fn other_plan_into_the_same_folder_is_refused() {
    let folder = Folder::new();
    folder.succeed("sweep --quiet --hidden 2 --seeds 1 --epochs 50");
    let before = files(&folder.path("target/sweep"));
    let error = folder.refusal("sweep --quiet --hidden 2 --seeds 2 --epochs 50");
    assert!(error.contains("seeds is 2 here and was 1 there"), "{error}");
    assert_eq!(files(&folder.path("target/sweep")), before);
}

#[test]
fn grid_of_two_quantities_is_drawn_and_summed_up() {
    let folder = Folder::new();
    let json = folder.succeed(
        "sweep --quiet --hidden 2,4 --learning-rate 0.5,1.2 --seeds 2 --epochs 100 --json --format svg",
    );
    let summary: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(summary["cells"].as_array().unwrap().len(), 4);
    let svg = fs::read_to_string(folder.path("target/sweep/accuracy.svg")).unwrap();
    assert!(svg.starts_with("<svg"));
}

#[test]
fn nonsense_is_refused_with_advice() {
    let folder = Folder::new();
    for (arguments, expected) in [
        ("sweep --hidden 0", "must be at least 1"),
        ("sweep --learning-rate -1", "must be a positive number"),
        ("sweep --hidden 2,2", "without repetitions"),
        ("sweep --shard 4/3", "such as 2/3"),
        ("sweep --merge nowhere", "there is no sweep in nowhere"),
        ("sweep --hidden 2 --seeds 1 --learning-rate 1e308 --epochs 50", "is too large, try"),
    ] {
        let error = folder.refusal(arguments);
        assert!(error.contains(expected), "{arguments}: {error}");
    }
}
