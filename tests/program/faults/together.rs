//! Two programs that write to one folder at the same time.

use crate::{
    faults::table::{Outcome, Table, done, hold, refused, same},
    faults::{Tier, mirrors},
    support::{Folder, mnist, moons},
};
use std::process::{Output, Stdio};

pub fn inject(tier: Tier, table: &mut Table) {
    let times = tier.of(1, 5);
    let one = "one does all; the other: another `handwritten` is at work in out: wait for it, or choose \
               another folder with `--out DIR`";
    let sweep = "sweep --quiet --hidden 2,30 --seeds 3 --epochs 100 --format svg --out out";
    let train = "train --quiet --data moons.csv --hidden 60,30 --epochs 100 --format svg --out out";
    let both = "both end with the same files";
    let pen = "pen --train 300 --test 50 --out out";
    let export = "data export rings --as csv --count 3000 --out out";
    let book = concat!("book --out out --source ", env!("CARGO_MANIFEST_DIR"));
    let mut commands = vec![
        ("sweep", sweep, one),
        ("train", train, one),
        ("pen", pen, both),
        ("data export", export, both),
        ("book", book, "at least one binds the book, the other may say that it could not"),
    ];
    let (mirror, fetch);
    if tier == Tier::Many {
        mirror = mirrors::good(mnist());
        fetch = format!("fetch mnist --quiet --out out --mirror {}", mirror.url);
        commands.push(("fetch mnist", &fetch, both));
    }
    for (name, command, got) in commands {
        let outcomes = (0..times).map(|_| two(command));
        table.add("two programs in one folder", name, got, outcomes.collect());
    }
}

/// Runs a command twice at once; what it leaves must be what it leaves alone.
fn two(command: &str) -> Outcome {
    let alone = Folder::with([("moons.csv", moons(300))]);
    done(&alone.run(command))?;
    let work = Folder::with([("moons.csv", moons(300))]);
    let start = || {
        let mut command = work.command(command);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let outputs = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let ended = |output: &Output| output.status.success();
    for output in outputs.iter().filter(|output| !ended(output)) {
        refused(output, "", &work.path(""))?;
    }
    hold(outputs.iter().any(ended), || "neither was done".to_owned())?;
    same(&alone.path("out"), &work.path("out"))
}
