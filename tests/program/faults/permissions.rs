//! Folders that cannot be written to, and files that cannot be read.

use crate::{
    faults::Tier,
    faults::disk::may_mount,
    faults::table::{Outcome, Table, below, hold, refused},
    support::{Folder, moons},
};
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

/// Commands that write to the folder `OUT`.
const WRITING: [&str; 9] = [
    "train --data moons.csv --out OUT",
    "sweep --hidden 2 --seeds 1 --epochs 2 --out OUT",
    "data export rings --as csv --out OUT",
    "data show rings --out OUT",
    "chapter 2 --epochs 2 --out OUT",
    "book --source PROJECT --out OUT",
    "pen --train 20 --test 20 --out OUT",
    "pen --rows OUT/rows.csv",
    "fetch mnist --out OUT",
];

/// Commands that read the file `IN`.
const READING: [&str; 7] = [
    "train --data IN.csv --out out",
    "sweep --data IN.csv --out out",
    "data show IN.csv --out out",
    "predict IN.safetensors moons.csv",
    "export IN.safetensors --to out/model.onnx",
    "train --images IN.idx --labels IN.idx --out out",
    "chapter 4 --rows IN.csv --out out",
];

pub fn inject(tier: Tier, table: &mut Table) {
    // What hinders root as well
    let got = "an error that names the folder; nothing is left";
    for (fault, out) in
        [("the folder is a file", "a_file"), ("the folder is in a file", "a_file/out")]
    {
        let outcomes = WRITING.map(|command| alone(&command.replace("OUT", out), &[]));
        table.add(fault, "every command that writes", got, outcomes.into());
    }
    let got = "an error that names the file; nothing is left";
    for (fault, input) in
        [("the file is not there", "absent"), ("the file is a folder", "a_folder")]
    {
        let outcomes = READING.map(|command| alone(&command.replace("IN", input), &[]));
        table.add(fault, "every command that reads", got, outcomes.into());
    }
    if tier == Tier::Few {
        return;
    }
    let nobody = nobody();
    let nobody: Vec<&str> = nobody.iter().map(String::as_str).collect();
    let outcomes = WRITING.map(|command| alone(&command.replace("OUT", "locked/out"), &nobody));
    let got = "an error that names the folder; nothing is left";
    table.add(
        "the folder may not be written to",
        "every command that writes",
        got,
        outcomes.into(),
    );
    let unread = READING.map(|command| alone(&command.replace("IN", "locked/file"), &nobody));
    if may_mount() {
        inject_read_only(table, got);
    }
    let got = "an error that names the file; nothing is left";
    table.add("the file may not be read", "every command that reads", got, unread.into());
}

fn inject_read_only(table: &mut Table, got: &str) {
    let script = r#"mount -t tmpfs -o ro tmpfs read_only && exec "$0" "$@""#;
    let read_only = ["unshare", "--map-root-user", "--mount", "sh", "-c", script];
    let outcomes =
        WRITING.map(|command| alone(&command.replace("OUT", "read_only/out"), &read_only));
    table.add("the disk is read-only", "every command that writes", got, outcomes.into());
}

/// How to run a program as somebody who is not root.
fn nobody() -> Vec<String> {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout.trim_ascii() == b"0" {
        let setpriv = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
        return setpriv.map(str::to_owned).into();
    }
    vec!["env".to_owned()]
}

/// Runs a command that must fail, through another program if need be, in a folder of its own.
fn alone(command: &str, through: &[&str]) -> Outcome {
    let work = Folder::with([("moons.csv", moons(60)), ("a_file", String::new())]);
    for ending in ["csv", "idx", "safetensors"] {
        fs::create_dir(work.path(&format!("a_folder.{ending}"))).unwrap();
    }
    fs::create_dir(work.path("locked")).unwrap();
    fs::create_dir(work.path("read_only")).unwrap();
    let allow = |name: &str, mode| {
        fs::set_permissions(work.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    for ending in ["csv", "idx", "safetensors"] {
        let file = format!("locked/file.{ending}");
        fs::write(work.path(&file), moons(60)).unwrap();
        allow(&file, 0o000);
    }
    // Not everybody may look into the folder where programs are built
    let (built, program) = (env!("CARGO_BIN_EXE_handwritten"), work.path("program"));
    fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(drop)).unwrap();
    allow("locked", 0o555);
    allow("", 0o777);
    let before = below(&work.path(""));

    let asked = work.command(&command.replace("PROJECT", env!("CARGO_MANIFEST_DIR")));
    let mut words: Vec<_> = through.iter().map(std::ffi::OsStr::new).collect();
    words.push(program.as_os_str());
    words.extend(asked.get_args());
    let mut whole = Command::new(words[0]);
    whole.args(&words[1..]).current_dir(work.path("")).env_remove("MNIST_DIR");
    let output = whole.output().unwrap();

    let outcome = refused(&output, "", &work.path(""));
    let after = below(&work.path(""));
    allow("locked", 0o755);
    outcome.map_err(|reason| format!("{command}: {reason}"))?;
    hold(before == after, || format!("{command} left {after:?}"))?;
    hold(!work.path("out").exists(), || format!("{command} left an empty folder"))
}
