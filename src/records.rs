use crate::{
    common::Common,
    error::Error,
    output::{self, Workplace},
    progress::Progress,
};
use chapters::{
    dataset::{DataError, DigitSource, atomic_file, mnist},
    metrics::mean_and_deviation,
    progress::Step,
    report::grouped,
};
use clap::Args;
use own_data::records::{Collection, Goal, Measured, Record, measure, percent};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// List the open records of fully connected networks on MNIST, make them again, or check another's
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten records
  handwritten records seconds-to-98 --json > mine.json
  handwritten records --make mine.json
  handwritten records --check mine.json

To hand in a better record, write one to a file as in the second line, change it, and take its
`measured` out; `--make` trains its networks and fills in what they reach, and `--check` trains them once
more. Both continue where they were interrupted. The course's own records are
in `book/reports/records.json`.")]
pub struct Records {
    /// Only these
    names: Vec<String>,
    /// Train the networks of all records in this file that have not been measured, and write into it
    /// what came out
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    make: Option<PathBuf>,
    /// Train the networks of all records in this file, and say whether they do what it claims
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

/// The records of the course.
const OURS: &str = include_str!("../book/reports/records.json");
/// The folders for the networks, of which a check needs its own, so that it trains them.
const OUT: &str = "target/records";
const OUT_OF_CHECK: &str = "target/check";

/// Lists records, makes them or checks them.
pub fn run(common: &Common, arguments: &Records) -> Result<(), Error> {
    match (&arguments.make, &arguments.check) {
        (Some(file), _) => make(common, file, &arguments.names),
        (_, Some(file)) => check(common, file, &arguments.names),
        _ => list(common, &arguments.names),
    }
}

/// The records of a file, as they stand there.
#[derive(Serialize)]
#[serde(untagged)]
enum RecordFile {
    One(Box<Record>),
    Several(Collection),
    /// As the book keeps them.
    Report {
        report: Collection,
    },
}

impl RecordFile {
    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let mut value: Value = serde_json::from_str(text)?;
        if let Some(report) = value.get_mut("report") {
            serde_json::from_value(report.take()).map(|report| Self::Report { report })
        } else if value.get("records").is_some() {
            serde_json::from_value(value).map(Self::Several)
        } else {
            serde_json::from_value(value).map(|record| Self::One(Box::new(record)))
        }
    }

    fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(DataError::unreadable(path))?;
        let refuse = |error: serde_json::Error| {
            DataError::new(path, format!("is not a record: {error}"))
                .remedy("print one to begin with: `handwritten records NAME --json`")
        };
        Ok(Self::parse(&text).map_err(refuse)?)
    }

    fn write(&self, path: &Path) -> Result<(), Error> {
        let json = serde_json::to_string_pretty(self)?;
        output::write(path, format!("{json}\n").as_bytes())
    }

    fn all(&self) -> Vec<&Record> {
        match self {
            Self::One(record) => vec![record],
            Self::Several(collection) | Self::Report { report: collection } => {
                collection.all().collect()
            }
        }
    }

    fn all_mut(&mut self) -> Vec<&mut Record> {
        match self {
            Self::One(record) => vec![record],
            Self::Several(collection) | Self::Report { report: collection } => {
                collection.all_mut().collect()
            }
        }
    }

    /// Those named, or all.
    fn chosen(&self, names: &[String]) -> Result<Vec<Record>, Error> {
        let all = self.all();
        let known: Vec<&str> = all.iter().map(|record| record.name.as_str()).collect();
        if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
            let error = DataError::plain(format!("there is no record {name:?}"));
            return Err(error.expected(format!("one of {}", known.join(", "))).into());
        }
        let named = |record: &&&Record| names.is_empty() || names.contains(&record.name);
        Ok(all.iter().filter(named).copied().cloned().collect())
    }

    /// The same, if they can be run.
    fn runnable(&self, path: &Path, names: &[String]) -> Result<Vec<Record>, Error> {
        let refuse = |found: String| Err(DataError::new(path, found).into());
        let all = self.all();
        if all.is_empty() {
            return refuse("holds no record".to_owned());
        }
        for (i, record) in all.iter().enumerate() {
            record.check().map_err(|error| {
                let name = record.name.escape_debug().to_string();
                Error::BadRecord { name, reason: error.to_string() }
            })?;
            if all[..i].iter().any(|before| before.name == record.name) {
                return refuse(format!("holds two records named {}", record.name));
            }
        }
        self.chosen(names)
    }
}

/// Prints the course's records.
fn list(common: &Common, names: &[String]) -> Result<(), Error> {
    let chosen = RecordFile::parse(OURS)?.chosen(names)?;
    if common.json {
        let text = match (names, chosen.as_slice()) {
            ([_], [one]) => serde_json::to_string(one)?,
            _ => serde_json::to_string(&Collection { records: chosen, studies: Vec::new() })?,
        };
        return output::print_json(&serde_json::from_str(&text)?);
    }
    let shown = chosen.iter().filter(|record| !names.is_empty() || record.goal != Goal::Study);
    let header = ["Name", "Record", "Network", "Weights", "Error", "Seconds", "Vectors"];
    output::print_lines(header, shown.map(row))
}

fn row(record: &Record) -> [String; 7] {
    let sizes = [&[784], record.config.hidden.as_slice(), &[10]].concat();
    let network = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    let found = |of: fn(&Measured) -> String| record.measured.as_ref().map_or("–".to_owned(), of);
    [
        record.name.clone(),
        record.goal.to_string(),
        if record.networks > 1 { format!("{} × {network}", record.networks) } else { network },
        found(|m| grouped(m.weights)),
        found(|m| percent(m.error)),
        found(|m| grouped(m.seconds.round() as usize)),
        found(|m| m.hardware.vectors.clone()),
    ]
}

/// Trains what has not been measured yet, and writes down what came out after each record.
fn make(common: &Common, path: &Path, names: &[String]) -> Result<(), Error> {
    let mut open = RecordFile::read(path)?.runnable(path, names)?;
    open.retain(|record| record.measured.is_none());
    let bench = Bench::new(common, OUT)?;
    atomic_file::create_beside(path).map_err(DataError::unwritable(path))?;
    let mut told = Vec::new();
    for record in &open {
        let found = bench.measure(record)?;
        // The file as it is now: somebody may have changed it
        let mut file = RecordFile::read(path)?;
        let place = file.all_mut().into_iter().find(|other| other.name == record.name);
        if let Some(place) = place {
            place.measured = Some(found.clone());
        }
        file.write(path)?;
        told.push(json!({ "name": record.name, "found": found }));
        if !common.json {
            tell(&record.name, &found)?;
            if let Some(missed) = record.misses(&found) {
                output::print_line(&format!("It misses its goal: {missed}."))?;
            }
        }
    }
    if common.json {
        return output::print_json(&json!({ "records": told }));
    }
    output::print_line(&match open.as_slice() {
        [] => "There is nothing to do: all have been measured. Take `measured` out of those to make again."
            .to_owned(),
        _ => format!("What came out is in {}.", path.display()),
    })
}

/// Trains the networks of records again, and says which do what they claim.
fn check(common: &Common, path: &Path, names: &[String]) -> Result<(), Error> {
    let chosen = RecordFile::read(path)?.runnable(path, names)?;
    let claim = |record: Record| match record.measured.clone() {
        Some(claimed) => Ok((record, claimed)),
        None => {
            Err(DataError::plain(format!("{} claims nothing: it has no `measured`", record.name))
                .remedy("let `--make` fill it in"))
        }
    };
    let chosen = chosen.into_iter().map(claim).collect::<Result<Vec<_>, _>>()?;
    let bench = Bench::new(common, OUT_OF_CHECK)?;
    let (mut told, mut refuted) = (Vec::new(), Vec::new());
    for (record, claimed) in &chosen {
        let found = bench.measure(record)?;
        // The next check is to train them again
        for path in record.networks_in(&bench.folder) {
            fs::remove_file(&path).map_err(|source| Error::Unwritable { path, source })?;
        }
        let reason = record.refute(claimed, &found);
        if !common.json {
            tell(&record.name, &found)?;
            let verdict = reason.as_ref().map_or_else(
                || "It holds.".to_owned(),
                |reason| format!("It does not hold: {reason}."),
            );
            output::print_line(&verdict)?;
        }
        refuted.extend(reason.as_ref().map(|_| record.name.clone()));
        told.push(json!({
            "name": record.name, "holds": reason.is_none(), "reason": reason, "found": found
        }));
    }
    if common.json {
        output::print_json(&json!({ "records": told }))?;
    }
    if refuted.is_empty() { Ok(()) } else { Err(Error::NotConfirmed { names: refuted.join(", ") }) }
}

/// Draws the figures of the book's records, with pictures from MNIST.
pub fn draw(common: &Common, book: &Path, mnist: &Path) -> Result<(), Error> {
    let file = RecordFile::read(&book.join("reports/records.json"))?;
    if let RecordFile::Report { report: mut collection } = file {
        collection.show_misread(&mnist::load(mnist)?.test);
        for figure in figures::chapter_07_records::figures(&collection) {
            output::draw(&book.join("src/figures"), &figure, common.format)?;
        }
    }
    Ok(())
}

/// A folder in which networks are trained.
struct Bench {
    folder: PathBuf,
    mnist: Option<PathBuf>,
    progress: Progress,
    /// Keeps others out of it.
    #[expect(dead_code, reason = "it is held")]
    workplace: Workplace,
}

impl Bench {
    /// In the folder asked for, or in the usual one.
    fn new(common: &Common, usual: &str) -> Result<Self, Error> {
        if common.seed.is_some() {
            return Err(Error::SeedOfRecord);
        }
        let mnist = match common.digits()? {
            DigitSource::Mnist(folder) => Some(folder),
            _ => None,
        };
        let folder = common.out(usual);
        let workplace = Workplace::enter(&folder)?;
        Ok(Self { folder, mnist, progress: Progress::new(common.quiet), workplace })
    }

    /// Trains the networks of a record, and finds out what they reach.
    fn measure(&self, record: &Record) -> Result<Measured, Error> {
        let watch = |step: &Step| self.progress.show(step);
        let measured = measure(record, self.mnist.as_deref(), &self.folder, &watch);
        self.progress.clear();
        Ok(measured?)
    }
}

/// Prints what came out.
fn tell(
    name: &str,
    Measured { error, errors, seconds, weights, .. }: &Measured,
) -> Result<(), Error> {
    let (mean, deviation) = mean_and_deviation(errors);
    let each = if errors.len() > 1 {
        let [mean, deviation] = [mean, deviation].map(percent);
        format!(" ({mean} ± {deviation} for each of {} networks)", errors.len())
    } else {
        String::new()
    };
    output::print_line(&format!(
        "{name}: {} misread{each}, {} weights and biases, trained in {}.",
        percent(*error),
        grouped(*weights),
        seconds_or_minutes(*seconds)
    ))
}

fn seconds_or_minutes(seconds: f64) -> String {
    if seconds < 100.0 { format!("{seconds:.1} s") } else { format!("{:.1} min", seconds / 60.0) }
}
