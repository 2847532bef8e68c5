use super::{
    arguments::{BOOK, Bless, COURSE, Chapter as ChapterArguments, Common},
    error::Error,
    output::{self, Folder},
    progress::Progress,
};
use handwritten::{
    chapters::{CHAPTERS, Changes, Chapter, Course},
    dataset::{DigitSource, mnist},
    progress::Step,
};
use serde_json::{Map, Value};
use std::{path::PathBuf, time::Instant};

/// Runs every chapter.
pub fn run_all(common: &Common) -> Result<(), Error> {
    run(common, &every_chapter(), Changes::default(), None, &Folder::of_course(common.out(COURSE)))
}

/// Runs one chapter, with the reader's changes.
pub fn run_one(common: &Common, arguments: &ChapterArguments) -> Result<(), Error> {
    let chapter = Chapter::numbered(arguments.number)?;
    let folder = Folder::of_course(common.out(COURSE));
    run(common, &[chapter], arguments.changes(), arguments.rows.clone(), &folder)
}

/// Makes the book's reports and figures anew, of all chapters or of those named.
pub fn bless(common: &Common, arguments: &Bless) -> Result<(), Error> {
    let chapters = match arguments.chapters.as_slice() {
        [] => every_chapter(),
        numbers => numbers.iter().map(|&n| Chapter::numbered(n)).collect::<Result<_, _>>()?,
    };
    if !matches!(digit_source(common)?, DigitSource::Mnist(_)) {
        return Err(Error::BlessWithoutMnist);
    }
    let folder = Folder::of_book(common.out(BOOK), arguments.check);
    run(common, &chapters, Changes::default(), None, &folder)
}

fn every_chapter() -> Vec<&'static Chapter> {
    CHAPTERS.iter().collect()
}

fn run(
    common: &Common,
    chapters: &[&Chapter],
    changes: Changes,
    rows: Option<PathBuf>,
    folder: &Folder,
) -> Result<(), Error> {
    let start = Instant::now();
    let digits = digit_source(common)?;
    folder.create()?;
    let progress = Progress::new(common.quiet);
    progress.say(&handwriting(&digits));
    let watch = |step: &Step| progress.show(step);
    let course = Course { seed: common.seed, digits, rows, changes, watch: &watch };

    // Train, write and draw, one chapter after the other
    let mut reports = Map::new();
    let mut findings = Vec::new();
    for chapter in chapters {
        progress.say(&format!("Chapter {}: {}", chapter.number, chapter.title));
        let report = chapter.run(&course);
        progress.clear();
        let report = report?;
        folder.keep(chapter, &report, common.format)?;
        findings.extend(chapter.findings(&report)?.into_iter().map(|f| (chapter.number, f)));
        reports.insert(chapter.key(), report);
    }

    // Say what came out
    progress.say(&format!("Done in {:.0} s.", start.elapsed().as_secs_f64()));
    if common.json {
        return output::print_json(&Value::Object(reports));
    }
    output::print_findings(&findings)?;
    output::print_line(&folder.done())
}

/// The reader's own digits, or MNIST where it is, or else penned ones.
fn digit_source(common: &Common) -> Result<DigitSource, Error> {
    if let Some(folder) = &common.own_data {
        return Ok(DigitSource::Own(folder.clone()));
    }
    let mnist_dir = std::env::var_os("MNIST_DIR").map(PathBuf::from);
    let folder = mnist::find(common.data_dir.as_deref(), mnist_dir.as_deref())?;
    Ok(folder.map_or(DigitSource::Penned, DigitSource::Mnist))
}

fn handwriting(digits: &DigitSource) -> String {
    match digits {
        DigitSource::Mnist(folder) => format!("Handwriting: MNIST, from {}.", folder.display()),
        DigitSource::Own(folder) => format!("Handwriting: your own, from {}.", folder.display()),
        DigitSource::Penned => "Handwriting: penned by this program, because MNIST is not here; \
                                `handwritten fetch mnist` downloads it."
            .to_owned(),
    }
}
