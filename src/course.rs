use crate::{
    book,
    common::Common,
    error::Error,
    output::{self, Folder},
    progress::Progress,
};
use chapters::{
    CHAPTERS, Chapter, Course, Overrides, Setting, dataset::DigitSource, progress::Step,
    report::Finding,
};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use serde_json::{Map, Value, json};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// Run one chapter
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten chapter 3
  handwritten chapter 3 --hidden 8 --learning-rate 0.5
  handwritten chapter 5 --seeds 5 --json > chapter_05.json
  handwritten chapter 4 --rows my_digits.csv")]
pub struct ChapterArgs {
    /// The chapter's number
    number: usize,
    #[command(flatten)]
    overrides: Settings,
    /// Chapter 4: read digits from this table, in the format of `handwritten pen --rows`
    #[arg(long, value_name = "FILE.csv")]
    rows: Option<PathBuf>,
}

/// The options for all settings that chapters have.
#[derive(Debug)]
struct Settings(Overrides);

/// Test every claim of the articles again, over several seeds, and give a verdict on each
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten claims
  handwritten claims --seeds 20 --json > claims.json

A claimed number holds if at least 95 % of the runs are as good, and is typical if more than 5 %
are; a claimed statement holds if it is true in at least 95 % of the runs, and is typical in more
than 75 %. Otherwise the claim is not supported. A claim about MNIST gets a verdict on MNIST only.")]
pub struct Claims {
    /// How many seeds, counted up from --seed [default: as many as in the book]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..))]
    seeds: Option<u32>,
}

/// The folder for reports and figures.
const OUT: &str = "target/course";

/// Runs every chapter, with fewer seeds than the chapter alone, to keep the wait short.
pub fn run_all(common: &Common) -> Result<(), Error> {
    let folder = Folder::of_course(common.out(OUT));
    train(common, &every_chapter(), |chapter| chapter.course, None, &folder)?;
    bind_book(common)
}

/// Binds the book if its pages are there: the program may have been moved elsewhere without them.
fn bind_book(common: &Common) -> Result<(), Error> {
    let project = Path::new(".");
    if common.json || !project.join("book/book.toml").is_file() {
        return Ok(());
    }
    bookbinder::bind(project, Path::new(book::OUT))?;
    output::print_line(&format!("The book is bound: open {}/index.html.", book::OUT))
}

/// Runs one chapter, with the reader's settings.
pub fn run_one(common: &Common, arguments: &ChapterArgs) -> Result<(), Error> {
    let chapter = Chapter::numbered(arguments.number)?;
    let folder = Folder::of_course(common.out(OUT));
    train(common, &[chapter], |_| arguments.overrides.0, arguments.rows.clone(), &folder)
}

/// All chapters there are.
pub fn every_chapter() -> Vec<&'static Chapter> {
    CHAPTERS.iter().collect()
}

/// Runs chapters, writes their reports and prints the findings.
pub fn train(
    common: &Common,
    chapters: &[&Chapter],
    overrides: impl Fn(&Chapter) -> Overrides,
    rows: Option<PathBuf>,
    folder: &Folder,
) -> Result<(), Error> {
    let _made = folder.create()?;
    let keep = |chapter: &Chapter, report: &Value| folder.keep(chapter, report, common.format);
    let Outcome { reports, findings } = run_chapters(common, chapters, overrides, rows, keep)?;
    if common.json {
        return output::print_json(&Value::Object(reports));
    }
    output::print_findings(&findings)?;
    output::print_line(&folder.done())
}

/// Runs every chapter over several seeds, and prints and writes the verdict on each claim.
pub fn claims(common: &Common, arguments: &Claims) -> Result<(), Error> {
    let folder = common.out("target/claims");
    let _made = output::create_folder(&folder)?;
    let overrides = |chapter: &Chapter| match arguments.seeds {
        Some(seeds) => Overrides { seeds: Some(seeds as usize), ..Overrides::NONE },
        None => chapter.book,
    };
    let chapters: Vec<_> = CHAPTERS.iter().filter(|chapter| chapter.takes_seeds()).collect();
    let Outcome { mut findings, .. } =
        run_chapters(common, &chapters, overrides, None, |_, _| Ok(()))?;
    findings.retain(|(_, finding)| finding.verdict.is_some() || finding.no_verdict.is_some());
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

/// The results of some chapters.
struct Outcome {
    /// By the chapters' keys.
    reports: Map<String, Value>,
    /// Lines of the table, with the number of their chapter.
    findings: Vec<(usize, Finding)>,
}

fn run_chapters(
    common: &Common,
    chapters: &[&Chapter],
    overrides: impl Fn(&Chapter) -> Overrides,
    rows: Option<PathBuf>,
    keep: impl Fn(&Chapter, &Value) -> Result<(), Error>,
) -> Result<Outcome, Error> {
    let start = Instant::now();
    let digits = common.digits()?;
    let progress = Progress::new(common.quiet);
    progress.say(&handwriting(&digits));
    let watch = |step: &Step| progress.show(step);
    let mut course =
        Course { seed: common.seed(), digits, rows, overrides: Overrides::NONE, watch: &watch };
    let mut outcome = Outcome { reports: Map::new(), findings: Vec::new() };
    for chapter in chapters {
        progress.say(&format!("Chapter {}: {}", chapter.number, chapter.title));
        course.overrides = overrides(chapter);
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

fn handwriting(digits: &DigitSource) -> String {
    match digits {
        DigitSource::Mnist(folder) => format!("Digits: MNIST, from {}.", folder.display()),
        DigitSource::Own(folder) => {
            format!(
                "Digits: your own, from {}. Claims about MNIST get no verdict.",
                folder.display()
            )
        }
        DigitSource::Penned => "Digits: penned by this program, because MNIST is not here. Claims \
                                about MNIST get no verdict; `handwritten fetch mnist` downloads it."
            .to_owned(),
    }
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        command.args(Setting::ALL.iter().map(|setting| {
            Arg::new(setting.name)
                .long(setting.options[0])
                .visible_aliases(&setting.options[1..])
                .value_name(setting.placeholder)
                .help(setting.help)
                // So that a negative number is refused for its value, not as an unknown option
                .allow_negative_numbers((setting.parse)("-1").is_ok())
                .value_parser(setting.parse)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let set = Setting::ALL.iter().filter_map(|setting| matches.get_one(setting.name));
        Ok(Self(set.fold(Overrides::NONE, |all, &one: &Overrides| all.or(one))))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0 = Self::from_arg_matches(matches)?.0.or(self.0);
        Ok(())
    }
}
