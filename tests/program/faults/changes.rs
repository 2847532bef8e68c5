//! Tables that change while they are read.

use crate::{
    faults::Tier,
    faults::table::{Outcome, Table, done, hold, refused},
    support::{Folder, Numbers, clouds},
};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::{Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Rows of a table whose reading takes a while, and of another one in its place.
const MANY: usize = 40_000;
const OTHER: usize = 1000;

/// What somebody does to a table.
type Change = fn(&Path);

pub fn inject(tier: Tier, table: &mut Table) {
    let changes: [(&str, Change); 4] = [
        ("rows are added", |path| {
            let mut file = OpenOptions::new().append(true).open(path).unwrap();
            file.write_all(clouds(20).split_once('\n').unwrap().1.as_bytes()).unwrap();
        }),
        ("it is cut short", |path| {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_len(file.metadata().unwrap().len() * 2 / 3).unwrap();
        }),
        ("it is rewritten", |path| fs::write(path, clouds(OTHER)).unwrap()),
        ("another takes its name", |path| {
            let other = path.with_extension("new");
            fs::write(&other, clouds(OTHER)).unwrap();
            fs::rename(other, path).unwrap();
        }),
    ];
    let commands = [
        (
            "train --data",
            "train --quiet --data big.csv --hidden 1 --epochs 1 --format svg --out out --json",
        ),
        ("data show", "data show big.csv --label species --format svg --out out --json"),
        ("predict --label", "predict model.safetensors big.csv --label species --json"),
    ];
    let rows = clouds(tier.of(MANY / 8, MANY));
    let big = Folder::with([("big.csv", rows.clone())]);
    done(&big.run("train --quiet --data big.csv --hidden 1 --epochs 1 --out model")).unwrap();
    let model = fs::read(big.path("model/model.safetensors")).unwrap();
    // What draws no figures is soonest done
    for &(name, command) in &commands[tier.of(2, 0)..] {
        for (fault, change) in changes {
            let [before, after] = [fresh(&rows, &model), fresh(&rows, &model)];
            change(&after.path("big.csv"));
            let either = [&before, &after].map(|work| found(work, &work.run(command)));
            let start = Instant::now();
            before.run(&command.replace("--out out", "--out again"));
            let longest = 0.6 * start.elapsed().as_secs_f64();
            let mut moments = Numbers(3);
            let outcomes = (0..tier.of(1, 4)).map(|_| {
                let moment = Duration::from_secs_f64(longest * moments.uniform());
                changed(&fresh(&rows, &model), command, change, moment, &either)
            });
            let got = "what it was, what it is, or an error that tells of it";
            let fault = format!("while a table is read, {fault}");
            table.add(&fault, name, got, outcomes.collect());
        }
    }
}

/// A folder with the table, and with a model that reads it.
fn fresh(rows: &str, model: &[u8]) -> Folder {
    let work = Folder::with([("big.csv", rows.to_owned())]);
    fs::write(work.path("model.safetensors"), model).unwrap();
    work
}

/// Overrides a table while a command reads it.
fn changed(
    work: &Folder,
    command: &str,
    change: Change,
    moment: Duration,
    either: &[Option<Vec<u8>>; 2],
) -> Outcome {
    let mut program = work.command(command);
    let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sleep(moment);
    change(&work.path("big.csv"));
    let output = child.wait_with_output().unwrap();
    match found(work, &output) {
        None => refused(&output, "big.csv", &work.path("")),
        found => hold(either.contains(&found), || "it is neither the one nor the other".to_owned()),
    }
}

/// What a command made of the table, if it made anything: the model and the checkpoint, in which the
/// digest of the examples is, or else what it printed.
fn found(work: &Folder, output: &Output) -> Option<Vec<u8>> {
    if !output.status.success() {
        return None;
    }
    let trained = ["model", "checkpoint"].map(|name| work.path(&format!("out/{name}.safetensors")));
    if trained[0].exists() {
        return Some(trained.map(|path| fs::read(path).unwrap()).concat());
    }
    Some(output.stdout.clone())
}
