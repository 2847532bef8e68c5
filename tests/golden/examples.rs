//! The examples that a reader copies into a project of their own: each runs as it stands, and comes as
//! far as its chapter does.

#![expect(dead_code, reason = "the tests call `run`, as `main` does")]

#[path = "../../chapters/examples/chapter_01.rs"]
mod chapter_01;
#[path = "../../chapters/examples/chapter_02.rs"]
mod chapter_02;
#[path = "../../chapters/examples/chapter_03.rs"]
mod chapter_03;
#[path = "../../chapters/examples/chapter_04.rs"]
mod chapter_04;
#[path = "../../chapters/examples/chapter_05.rs"]
mod chapter_05;

#[test]
fn chapter_01_tells_0_from_1() {
    let accuracy = chapter_01::run();
    assert!((0.95..1.0).contains(&accuracy), "{accuracy}");
}

#[test]
fn chapter_02_separates_rings_with_the_squared_distance() {
    let accuracy = chapter_02::run();
    assert!((0.95..1.0).contains(&accuracy), "{accuracy}");
}

#[test]
fn chapter_03_parts_rings_without_it() {
    let accuracy = chapter_03::run();
    assert!((0.90..0.99).contains(&accuracy), "{accuracy}");
}

#[test]
fn chapter_04_reads_penned_digits() {
    let accuracy = chapter_04::run();
    assert!((0.76..0.86).contains(&accuracy), "{accuracy}");
}

#[test]
fn chapter_05_reads_penned_digits_by_mini_batches() {
    let accuracy = chapter_05::run();
    assert!((0.80..1.0).contains(&accuracy), "{accuracy}");
}
