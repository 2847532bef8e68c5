//! What the readers of foreign bytes were ever fed that taught us something, fed again.

#[path = "../fuzz/src/lib.rs"]
mod readers;
#[path = "program/support/mod.rs"]
mod support;

use chapters::dataset::idx::LARGEST;
use peak_alloc::PeakAlloc;
use readers::READERS;
use serde_json::json;
use std::{fs, path::Path};
use support::hold_to_the_book;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a reader may take, whatever a header promises, in bytes: for itself, and for every byte that
/// it is fed.
const OWN: usize = 1 << 20;
const FOR_EVERY_BYTE: usize = 128;
/// The largest picture that is read has 64 million pixels of four bytes, and becomes grey.
const PICTURE: usize = 330 << 20;
/// A report that is changed, a page that quotes from all over the project: both are our own.
const PROJECT: usize = 4 << 20;

fn most_memory(reader: &str, fed: usize) -> usize {
    let own = match reader {
        "picture" => PICTURE,
        "report" | "page" => PROJECT,
        _ => OWN,
    };
    own + FOR_EVERY_BYTE * fed
}

#[test]
fn readers_survive_what_they_were_ever_fed_and_stay_within_their_memory() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (reader, read) in READERS {
        let fed: Vec<_> = fs::read_dir(corpus.join(reader)).unwrap().map(Result::unwrap).collect();
        assert!(!fed.is_empty(), "{reader}");
        for file in fed {
            let bytes = fs::read(file.path()).unwrap();
            // The first time, the reader also makes what it makes only once
            read(&bytes);
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            read(&bytes);
            let taken = MEMORY.peak_usage() - before;
            let most = most_memory(reader, bytes.len());
            assert!(taken <= most, "{}: {taken} bytes, not {most}", file.path().display());
            println!("{taken:>12} {:>6} {}", bytes.len(), file.path().display());
        }
    }
    let megabytes = |bytes| bytes as f64 / f64::from(1 << 20);
    let bounds = json!({
        "own_megabytes": megabytes(OWN),
        "for_every_byte": FOR_EVERY_BYTE,
        "picture_megabytes": megabytes(PICTURE),
        "unpacked_megabytes": megabytes(LARGEST),
    });
    hold_to_the_book("memory", "cargo test --test fuzz", bounds);
}
