//! What the readers of foreign bytes were ever fed that taught us something, fed again.

#[path = "../fuzz/src/lib.rs"]
mod readers;

use peak_alloc::PeakAlloc;
use readers::READERS;
use std::{fs, path::Path};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a reader may take for itself, and for every byte that it is fed, whatever a header promises.
fn most_memory(reader: &str, fed: usize) -> usize {
    const MEGABYTE: usize = 1 << 20;
    match reader {
        // The largest picture that is read has 64 million pixels of four bytes, and becomes grey
        "png" => 330 * MEGABYTE,
        // A report that is changed, and the text of a page that quotes from all over the project
        "report" | "page" => 4 * MEGABYTE + 128 * fed,
        _ => MEGABYTE + 128 * fed,
    }
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
}
