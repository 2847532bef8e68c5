//! The committed reports and figures: made again, and compared.
//!
//! What fails here is remade by `cargo run --release -- bless`, if the change was intended.

use crate::support::mnist;
use chapters::{
    CHAPTERS, Chapter, Course, dataset::DigitSource, progress::unwatched, report::Committed,
};
use figures::kit;
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

const BLESS: &str = "if this is intended, run `cargo run --release -- bless`";

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book")
}

fn committed(chapter: &Chapter) -> Committed {
    let path = book().join("reports").join(format!("{}.json", chapter.key()));
    let json = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}: {BLESS}", path.display()));
    serde_json::from_str(&json).unwrap()
}

/// Trains a chapter's networks again and holds its report to the committed one.
fn assert_reproduced(number: usize, digits: DigitSource) {
    let chapter = Chapter::numbered(number).unwrap();
    let overrides = chapter.book;
    let course = Course { seed: 1, digits, rows: None, overrides, watch: &unwatched };
    let again = chapter.commit(chapter.run(&course).unwrap()).report;
    let differences = committed(chapter).differences(&again);
    assert!(differences.is_empty(), "{}\n{BLESS}", differences.join("\n"));
}

// Each trains for most of a minute, so that their names are not among those that `cargo test chapter_03`
// finds, which is to answer a changed line at once.

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn first_report_is_reproduced_with_mnist() {
    assert_reproduced(1, DigitSource::Mnist(mnist()));
}

// Rings need no handwriting
#[test]
fn second_report_is_reproduced() {
    assert_reproduced(2, DigitSource::Penned);
}

#[test]
fn third_report_is_reproduced() {
    assert_reproduced(3, DigitSource::Penned);
}

#[test]
#[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
fn fourth_report_is_reproduced_with_mnist() {
    assert_reproduced(4, DigitSource::Mnist(mnist()));
}

// Chapter 5 takes a minute of both cores: CI holds it to its report with `bless --check`.

#[test]
fn figures_are_those_of_the_committed_reports() {
    let of_chapters = CHAPTERS
        .iter()
        .flat_map(|chapter| figures::of_chapter(chapter, &committed(chapter).report).unwrap());
    let records = fs::read(book().join("reports/records.json")).unwrap();
    let records: serde_json::Value = serde_json::from_slice(&records).unwrap();
    let mut drawn = Vec::new();
    for figure in of_chapters.chain(figures::of_records(&records["report"]).unwrap()) {
        let name = format!("{}.png", figure.name);
        let path = book().join("src/figures").join(&name);
        let png = fs::read(&path).unwrap_or_else(|_| panic!("{}: {BLESS}", path.display()));
        drawn.push(name.clone());
        let again = match figure.png() {
            // Its pixels are MNIST's, and not in the committed report.
            Err(kit::DrawError::Empty(_)) => continue,
            again => again.unwrap(),
        };
        let off = difference(&pixels(&png), &pixels(&again));
        assert!(off <= 0.2, "{name} differs by {off:.2} of 255 grey levels on average: {BLESS}");
    }
    for entry in fs::read_dir(book().join("src/figures")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(drawn.contains(&name), "{name} belongs to no report: delete it");
    }
}

/// Width, height and bytes of a PNG.
fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let decoder = png::Decoder::new(Cursor::new(png));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    (info.width, info.height, bytes)
}

/// By how much the bytes of two pictures differ on average; pictures of another size are wholly
/// different. A fifth of a grey level is what a few edges rounded otherwise would make.
fn difference(one: &(u32, u32, Vec<u8>), other: &(u32, u32, Vec<u8>)) -> f64 {
    if (one.0, one.1) != (other.0, other.1) {
        return 255.0;
    }
    let sum: f64 = one.2.iter().zip(&other.2).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / one.2.len() as f64
}
