//! `SIGKILL`, at any moment.

use crate::{
    faults::table::{Outcome, Table, done, hold, nothing_unfinished, same},
    faults::{Tier, mirrors},
    support::{Folder, Numbers, mnist, moons},
};
use std::{
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

/// After this many kills in one folder, the program is left alone.
const IN_A_ROW: usize = 10;

/// A command that is killed.
struct Victim {
    name: &'static str,
    command: String,
    /// What is added to it where the folder `out` has a checkpoint.
    resume: &'static str,
    /// What becomes of it.
    got: &'static str,
}

pub fn inject(tier: Tier, table: &mut Table) {
    let resumed = "a resume to the same bytes";
    let train = "train --quiet --data moons.csv --hidden 60,30 --out out";
    let project = env!("CARGO_MANIFEST_DIR");
    let mut victims = vec![
        Victim {
            name: "train",
            command: format!("{train} --epochs {}", tier.of(100, 400)),
            resume: " --resume",
            got: resumed,
        },
        Victim {
            name: "train --optimiser lbfgs",
            command: format!("{train} --optimiser lbfgs --lambda 0.1 --epochs {}", tier.of(10, 60)),
            resume: " --resume",
            got: resumed,
        },
        Victim {
            name: "sweep",
            command: format!(
                "sweep --quiet --hidden 2,6,30 --seeds {} --epochs 150 --out out",
                tier.of(1, 4)
            ),
            resume: "",
            got: resumed,
        },
        Victim {
            name: "book",
            command: format!("book --source {project} --out out"),
            resume: "",
            got: "the book of before or the new one; the next run binds the same",
        },
    ];
    let mirror;
    if tier == Tier::Many {
        let mnist = mnist();
        let folder = mnist.display();
        victims.push(Victim {
            name: "bless 1",
            command: format!("bless 1 --quiet --data-dir {folder} --out out"),
            resume: "",
            got: "the reports and figures of before or new ones; the next run makes the same",
        });
        mirror = mirrors::good(mnist.clone());
        victims.push(Victim {
            name: "fetch mnist",
            command: format!("fetch mnist --quiet --out out --mirror {}", mirror.url),
            resume: "",
            got: "the files that were verified stay; the next run fetches the others",
        });
    }
    for victim in victims {
        let outcomes = kill(&victim, tier.of(2, 25));
        table.add("SIGKILL", victim.name, victim.got, outcomes);
    }
}

/// Kills a command this many times, and lets it end now and then; returns what came of each kill.
fn kill(victim: &Victim, times: usize) -> Vec<Outcome> {
    let whole = begin();
    let start = Instant::now();
    done(&whole.run(&victim.command)).unwrap();
    let longest = 1.1 * start.elapsed().as_secs_f64();

    let mut moments = Numbers(7);
    let mut outcomes = Vec::new();
    let mut work = begin();
    let mut in_a_row = 0;
    while outcomes.len() < times {
        let moment = Duration::from_secs_f64(longest * moments.uniform());
        let command = format!("{}{}", victim.command, resume(victim, &work));
        let mut child = work.start(&command);
        sleep(moment);
        let ended = child.try_wait().unwrap().is_some();
        if !ended {
            child.kill().unwrap();
            child.wait().unwrap();
            in_a_row += 1;
            outcomes.push(files_are_whole(&work.path("out"), &whole.path("out")));
        }
        if ended || in_a_row == IN_A_ROW || outcomes.len() == times {
            let command = format!("{}{}", victim.command, resume(victim, &work));
            let outcome = done(&work.run(&command))
                .and_then(|()| same(&whole.path("out"), &work.path("out")))
                .and_then(|()| nothing_unfinished(&work.path("")));
            match outcomes.last_mut() {
                Some(last) => *last = last.clone().and(outcome),
                None => outcome.unwrap(),
            }
            (work, in_a_row) = (begin(), 0);
        }
    }
    outcomes
}

fn begin() -> Folder {
    Folder::with([("moons.csv", moons(600))])
}

fn resume(victim: &Victim, work: &Folder) -> &'static str {
    let begun = work.path("out/checkpoint.safetensors").exists();
    if begun { victim.resume } else { "" }
}

/// Files that have their names have all of their bytes; what is still being added to is no such file.
fn files_are_whole(found: &Path, whole: &Path) -> Outcome {
    for path in crate::faults::table::below(found) {
        let name = path.strip_prefix(found).unwrap();
        let growing = ["runs.csv", "checkpoint.safetensors", ".lock"];
        let unfinished = name.to_string_lossy().contains(".handwritten-");
        if unfinished || growing.iter().any(|growing| name.ends_with(growing)) {
            continue;
        }
        let same = fs::read(&path).unwrap() == fs::read(whole.join(name)).unwrap_or_default();
        hold(same, || format!("{} is not whole", name.display()))?;
    }
    Ok(())
}
