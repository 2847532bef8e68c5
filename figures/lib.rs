//! Pictures drawn from reports: the drawing kit, and what each report looks like.
//!
//! A figure is a function of a report and of nothing else: no network is used here.

pub mod chapter_01;
pub mod chapter_02;
pub mod chapter_03;
mod chapter_03_drawings;
pub mod chapter_04;
mod chapter_04_valley;
mod chapter_04_zoom;
pub mod chapter_05;
mod chapter_05_idx;
pub mod chapter_06;
mod chapter_06_tiles;
pub mod chapter_07;
pub mod chapter_07_records;
mod curves;
mod exact;
pub mod examples;
pub mod kit;
mod layers;

pub mod sweep;
pub mod training;

use chapters::{CHAPTERS, Chapter, CourseError};
use kit::Figure;
use own_data::records::Collection;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// What draws a report.
type Draw = fn(&Value) -> serde_json::Result<Vec<Figure>>;

/// The pictures of each chapter, in the order of [`CHAPTERS`].
const DRAWN: [Draw; CHAPTERS.len()] = [
    |report| draw(report, chapter_01::figures),
    |report| draw(report, chapter_02::figures),
    |report| draw(report, chapter_03::figures),
    |report| draw(report, chapter_04::figures),
    |report| draw(report, chapter_05::figures),
    |report| draw(report, chapter_06::figures),
    |report| draw(report, chapter_07::figures),
];

/// The pictures of a chapter's report.
///
/// Fails if the report does not have the form of the chapter's.
pub fn of_chapter(chapter: &Chapter, report: &Value) -> Result<Vec<Figure>, CourseError> {
    DRAWN[chapter.number - 1](report).map_err(CourseError::report(chapter.number))
}

/// The pictures of the records, from their report.
///
/// Fails if the report does not have the form of a [`Collection`].
pub fn of_records(report: &Value) -> serde_json::Result<Vec<Figure>> {
    Ok(chapter_07_records::figures(&Collection::deserialize(report)?))
}

fn draw<R: DeserializeOwned>(
    report: &Value,
    figures: fn(&R) -> Vec<Figure>,
) -> serde_json::Result<Vec<Figure>> {
    Ok(figures(&R::deserialize(report)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chapters::report::Committed;
    use std::{fs, path::Path};

    #[test]
    fn words_of_diagrams_stay_apart_and_inside() {
        let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/reports");
        for chapter in &CHAPTERS {
            let path = reports.join(format!("{}.json", chapter.key()));
            let report: Committed = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            for figure in of_chapter(chapter, &report.report).unwrap() {
                if let kit::Picture::Diagram(diagram) = &figure.picture {
                    assert_eq!(
                        kit::tests::clashes(diagram),
                        Vec::<String>::new(),
                        "{}",
                        figure.name
                    );
                }
            }
        }
    }
}
