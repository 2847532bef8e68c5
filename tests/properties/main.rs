//! What holds of any data, any shape and any seed, tried with some that nobody would think of.
//!
//! `PROPTEST_CASES=1000 cargo test --test properties` tries more of them. A case that fails is kept in
//! `tests/properties/regressions.txt`, and tried first from then on.

mod examples;
mod files;
mod gradients;
mod learners;
mod reports;
mod speed;
mod splitting;
#[path = "../program/support/mod.rs"]
mod support;
mod sweeps;

use proptest::{prelude::ProptestConfig, test_runner::FileFailurePersistence};
use std::env;

/// This many cases, unless `PROPTEST_CASES` asks for another number.
fn cases(usual: u32) -> ProptestConfig {
    let asked = env::var("PROPTEST_CASES").ok();
    let asked = asked.map(|cases| cases.parse().expect("PROPTEST_CASES is a number"));
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties/regressions.txt");
    ProptestConfig {
        cases: asked.unwrap_or(usual),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(kept))),
        ..ProptestConfig::default()
    }
}
