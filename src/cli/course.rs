use super::{
    arguments::{BOUND_BOOK, COURSE, Chapter as ChapterArguments, Claims, Common, JUDGED},
    error::Error,
    output::{self, Folder},
    progress::Progress,
};
use bookbinder;
use chapters::{
    CHAPTERS, Chapter, Course, Overrides,
    dataset::{DigitSource, mnist},
    progress::Step,
    report::Finding,
};
use serde_json::{Map, Value, json};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// Runs every chapter, over fewer seeds than the chapter alone, so that nobody waits for long.
pub fn run_all(common: &Common) -> Result<(), Error> {
    let folder = Folder::of_course(common.out(COURSE));
    train(common, &every_chapter(), |chapter| chapter.course, None, &folder)?;
    bind_book(common)
}

/// Binds the book, where its pages are: the program may have been taken elsewhere without them.
fn bind_book(common: &Common) -> Result<(), Error> {
    let project = Path::new(".");
    if common.json || !project.join("book/book.toml").is_file() {
        return Ok(());
    }
    bookbinder::bind(project, Path::new(BOUND_BOOK))?;
    output::print_line(&format!("The book is bound: open {BOUND_BOOK}/index.html."))
}

/// Runs one chapter, with the reader's changes.
pub fn run_one(common: &Common, arguments: &ChapterArguments) -> Result<(), Error> {
    let chapter = Chapter::numbered(arguments.number)?;
    let folder = Folder::of_course(common.out(COURSE));
    train(common, &[chapter], |_| arguments.changes(), arguments.rows.clone(), &folder)
}

/// All chapters there are.
pub fn every_chapter() -> Vec<&'static Chapter> {
    CHAPTERS.iter().collect()
}

/// Runs chapters, keeps their reports and prints what came out.
pub fn train(
    common: &Common,
    chapters: &[&Chapter],
    changes: impl Fn(&Chapter) -> Overrides,
    rows: Option<PathBuf>,
    folder: &Folder,
) -> Result<(), Error> {
    let _made = folder.create()?;
    let keep = |chapter: &Chapter, report: &Value| folder.keep(chapter, report, common.format);
    let Outcome { reports, findings } = run_chapters(common, chapters, changes, rows, keep)?;
    if common.json {
        return output::print_json(&Value::Object(reports));
    }
    output::print_findings(&findings)?;
    output::print_line(&folder.done())
}

/// Runs every chapter from several seeds, and prints and writes what is to be said of each claim.
pub fn claims(common: &Common, arguments: &Claims) -> Result<(), Error> {
    let folder = common.out(JUDGED);
    let _made = output::create_folder(&folder)?;
    let changes = |chapter: &Chapter| match arguments.seeds {
        Some(seeds) => Overrides { seeds: Some(seeds as usize), ..Overrides::NONE },
        None => chapter.book,
    };
    let chapters: Vec<_> = CHAPTERS.iter().filter(|chapter| chapter.takes_seeds()).collect();
    let Outcome { mut findings, .. } =
        run_chapters(common, &chapters, changes, None, |_, _| Ok(()))?;
    findings.retain(|(_, finding)| finding.verdict.is_some());
    let lines: Vec<Value> = findings
        .iter()
        .map(|(chapter, finding)| json!({ "chapter": chapter, "finding": finding }))
        .collect();
    let judged = json!({ "claims": lines });
    let path = folder.join("claims.json");
    output::write(&path, &serde_json::to_vec_pretty(&judged)?)?;
    if common.json {
        return output::print_json(&judged);
    }
    output::print_findings(&findings)?;
    output::print_line(&format!("The table is in {}.", path.display()))
}

/// What came of some chapters.
struct Outcome {
    /// By the chapters' keys.
    reports: Map<String, Value>,
    /// Lines of the table, with the number of their chapter.
    findings: Vec<(usize, Finding)>,
}

fn run_chapters(
    common: &Common,
    chapters: &[&Chapter],
    changes: impl Fn(&Chapter) -> Overrides,
    rows: Option<PathBuf>,
    keep: impl Fn(&Chapter, &Value) -> Result<(), Error>,
) -> Result<Outcome, Error> {
    let start = Instant::now();
    let digits = digit_source(common)?;
    let progress = Progress::new(common.quiet);
    progress.say(&handwriting(&digits));
    let watch = |step: &Step| progress.show(step);
    let mut course =
        Course { seed: common.seed(), digits, rows, changes: Overrides::NONE, watch: &watch };
    let mut outcome = Outcome { reports: Map::new(), findings: Vec::new() };
    for chapter in chapters {
        progress.say(&format!("Chapter {}: {}", chapter.number, chapter.title));
        course.changes = changes(chapter);
        let report = chapter.run(&course);
        progress.clear();
        let report = report?;
        keep(chapter, &report)?;
        chapter.warnings(&report)?.iter().for_each(|warning| progress.warn(warning));
        let findings = chapter.findings(&report)?.into_iter();
        outcome.findings.extend(findings.map(|finding| (chapter.number, finding)));
        outcome.reports.insert(chapter.key(), report);
    }
    progress.say(&format!("Done in {:.0} s.", start.elapsed().as_secs_f64()));
    Ok(outcome)
}

/// The reader's own digits, or MNIST where it is, or else penned ones.
pub fn digit_source(common: &Common) -> Result<DigitSource, Error> {
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
