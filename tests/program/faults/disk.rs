//! Disks that fill up.

use crate::{
    faults::table::{Outcome, Table, below, done, hold, nothing_unfinished, refused, same},
    faults::{Tier, mirrors},
    support::{Folder, mirror, mnist, moons},
};
use std::{
    fs,
    process::{Command, Output},
};

/// Commands that write, and how they are asked to go on where that is another command. `room` is the
/// folder that they write to.
const COMMANDS: [(&str, &str, &str); 9] = [
    (
        "train",
        "train --quiet --data moons.csv --hidden 40,20 --epochs 30 --format png --out room/out",
        "train --quiet --data moons.csv --hidden 40,20 --epochs 30 --format png --out room/out --resume",
    ),
    (
        "train --optimiser lbfgs",
        "train --quiet --data moons.csv --optimiser lbfgs --epochs 9 --format png --out room/out",
        "train --quiet --data moons.csv --optimiser lbfgs --epochs 9 --format png --out room/out --resume",
    ),
    ("sweep", "sweep --quiet --hidden 2,3 --seeds 2 --epochs 20 --format png --out room/out", ""),
    ("data export --as csv", "data export rings --as csv --count 2000 --out room/out", ""),
    ("data export --as npz", "data export rings --as npz --count 2000 --out room/out", ""),
    ("chapter 2", "chapter 2 --epochs 5 --seeds 1 --quiet --format png --out room/out", ""),
    ("book", "book --source PROJECT --out room/out", ""),
    ("pen", "pen --train 200 --test 50 --out room/out", ""),
    ("pen --rows", "pen --rows room/rows.csv", ""),
];

pub fn inject(tier: Tier, table: &mut Table) {
    let chosen = tier.of(vec![0, 2, 4, 6], (0..COMMANDS.len()).collect());
    for (name, command, resumed) in chosen.into_iter().map(|i| COMMANDS[i]) {
        let command = command.replace("PROJECT", env!("CARGO_MANIFEST_DIR"));
        fill(tier, table, name, &command, resumed);
    }
    if tier == Tier::Many {
        let mirror = mirrors::good(mnist());
        let command = format!("fetch mnist --quiet --out room/out --mirror {}", mirror.url);
        fill(tier, table, "fetch mnist", &command, "");
    }
    fetch_other_files(tier, table);
}

/// Runs a command where there is too little room, at several sizes, and then where there is enough.
fn fill(tier: Tier, table: &mut Table, name: &str, command: &str, resumed: &str) {
    let work = Folder::with([("moons.csv", moons(150))]);
    fs::create_dir(work.path("room")).unwrap();
    done(&work.run(command)).unwrap();
    fs::rename(work.path("room"), work.path("whole")).unwrap();
    let written = below(&work.path("whole"));
    let bytes = written.iter().map(|path| fs::metadata(path).unwrap().len());

    // A limit on the size of files, which needs no rights
    let (times, largest) = (tier.of(1, 3), bytes.clone().max().unwrap());
    let limits = (0..times).map(|i| limited(&work, command, resumed, i * largest / times / 512));
    table.add("files may grow no larger", name, GOT, limits.collect());

    // A disk of this many pages
    if tier == Tier::Many && may_mount() {
        let pages: u64 = bytes.map(|bytes| bytes.div_ceil(4096)).sum();
        let disks = 6.min(pages - 1);
        let outcomes = (1..=disks).map(|i| full(&work, command, resumed, i * (pages - 1) / disks));
        table.add("the disk fills up", name, GOT, outcomes.collect());
    }
}

const GOT: &str = "No room: an error; with room: the same bytes as ever";

/// Whether disks may be mounted here, which root may and, on most machines, anyone who makes themselves
/// root of a namespace of their own.
pub fn may_mount() -> bool {
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    unshare.output().is_ok_and(|output| output.status.success())
}

/// Where a training has a checkpoint, it goes on from there; all else is asked for again.
fn again<'a>(work: &Folder, command: &'a str, resumed: &'a str) -> &'a str {
    let begun = work.path("room/out/checkpoint.safetensors").exists();
    if begun { resumed } else { command }
}

/// Runs the program where no file may have more than this many blocks of 512 bytes.
fn limited(work: &Folder, command: &str, resumed: &str, blocks: u64) -> Outcome {
    let room = work.path("room");
    let _ = fs::remove_dir_all(&room);
    fs::create_dir(&room).unwrap();
    // Without the trap, a signal would end the program
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = through(work, &["sh", "-c", &script], command);
    refused(&output, "File too large", &room).map_err(|e| format!("{blocks} blocks: {e}"))?;
    done(&work.run(again(work, command, resumed)))?;
    same(&work.path("whole"), &room)
}

/// Runs the program through another one.
fn through(work: &Folder, before: &[&str], command: &str) -> Output {
    let program = work.command(command);
    let mut outer = Command::new(before[0]);
    outer.args(&before[1..]).arg(program.get_program()).args(program.get_args());
    outer.current_dir(work.path("")).env_remove("MNIST_DIR").output().unwrap()
}

/// What is done on a small disk of its own, which no other program sees: the command; then, with room,
/// the same again.
const ON_A_DISK: &str = r#"
mount -t tmpfs -o size="$1"k tmpfs room || exit 99
$2 2>first; echo $? >code
find room -name ".handwritten-*" >unfinished
mount -o remount,size=1g room || exit 99
if [ -e room/out/checkpoint.safetensors ]; then $3; else $2; fi 2>second || exit 98
rm -rf kept && cp -r room kept
"#;

/// Runs the program where there are this many pages of 4096 bytes.
fn full(work: &Folder, command: &str, resumed: &str, pages: u64) -> Outcome {
    let program = |arguments: &str| format!("{} {arguments}", env!("CARGO_BIN_EXE_handwritten"));
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--mount", "sh", "-c", ON_A_DISK, "sh"]);
    unshare.args([(4 * pages).to_string(), program(command), program(resumed)]);
    let output = unshare.current_dir(work.path("")).env_remove("MNIST_DIR").output().unwrap();
    let said = |name: &str| fs::read_to_string(work.path(name)).unwrap_or_default();
    let at = |reason: String| format!("{pages} pages: {reason}");
    hold(output.status.success(), || at(said("second")))?;
    hold(said("code").trim() == "1", || at(format!("exit {}: {}", said("code"), said("first"))))?;
    hold(said("first").contains("No space left on device"), || at(said("first")))?;
    hold(!said("first").contains("panicked"), || at(said("first")))?;
    hold(said("unfinished").is_empty(), || at(said("unfinished")))?;
    same(&work.path("whole"), &work.path("kept")).map_err(at)
}

/// What is fetched need not be MNIST: it does not come to be looked at.
fn fetch_other_files(tier: Tier, table: &mut Table) {
    let mirror = mirror::mirror(|_| mirror::ok(&vec![7; 1_000_000]));
    let work = Folder::new();
    let limits = (0..tier.of(1, 6)).map(|i| {
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", i * 300);
        let command = format!("fetch mnist --out room --mirror {}", mirror.url);
        let output = through(&work, &["sh", "-c", &script], &command);
        refused(&output, "File too large", &work.path(""))?;
        nothing_unfinished(&work.path(""))?;
        hold(!work.path("room").exists(), || "a folder is left".to_owned())
    });
    let got = "could not write to room: File too large; check that it is a folder with free space";
    table.add("files may grow no larger", "fetch mnist", got, limits.collect());
}
