//! Faults, injected into the real program: disks that fill up, folders that nobody may write to,
//! `SIGKILL` at any moment, two programs in one folder, files that change while they are read, and
//! mirrors that do as they please.
//!
//! A fault is survived if the program ends with a sentence and nothing half-written is ever taken for
//! whole, or if it goes on as though nothing had been.

mod changes;
mod disk;
mod kills;
mod mirrors;
mod names;
mod permissions;
mod table;
mod together;

use serde_json::json;
use std::time::Instant;
use table::Table;

/// How many faults there are to be.
#[derive(Clone, Copy, PartialEq)]
enum Tier {
    /// Some of each kind that any machine can make.
    Few,
    /// All.
    Many,
}

impl Tier {
    fn of<T>(self, few: T, many: T) -> T {
        match self {
            Self::Few => few,
            Self::Many => many,
        }
    }
}

/// Injects faults of some kinds.
type Inject = fn(Tier, &mut Table);

fn inject(tier: Tier) -> Table {
    let mut table = Table::default();
    let parts: [(&str, Inject); 7] = [
        ("disk", disk::inject),
        ("permissions", permissions::inject),
        ("kills", kills::inject),
        ("together", together::inject),
        ("changes", changes::inject),
        ("names", names::inject),
        ("mirrors", mirrors::inject),
    ];
    for (name, inject) in parts {
        let start = Instant::now();
        inject(tier, &mut table);
        println!("{name}: {:.1} s", start.elapsed().as_secs_f64());
    }
    table.sum_up();
    table
}

#[test]
fn faults_are_survived() {
    inject(Tier::Few).assert_all_survived();
}

#[test]
#[ignore = "takes minutes: .ci/run runs it"]
fn many_faults_are_survived() {
    let table = inject(Tier::Many);
    table.assert_all_survived();
    if !disk::may_mount() {
        println!("NOT HELD to the book: no disk may be mounted here, and none was filled up");
        return;
    }
    let command = "cargo test --test program many_faults -- --ignored";
    crate::support::hold_to_the_book("faults", command, json!({ "rows": table.rows }));
}
