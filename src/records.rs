use crate::{
    common::Common,
    error::Error,
    output::{self, Workplace},
    progress::Progress,
};
use chapters::{
    dataset::{DataError, DigitSource},
    metrics::mean_and_deviation,
    progress::Step,
    report::{counted, grouped, percent},
};
use clap::Args;
use own_data::records::{Goal, Measured, Record, measure};
use serde_json::json;
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
  handwritten records --check book/reports/records.json seconds-to-98

To hand in a better record, write one to a file as in the second line, change it, and take its
`measured` out; `--make` trains its networks and fills in what they reach. Both `--make` and `--check`
continue where they were interrupted; `target/records` holds the networks.")]
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
/// The folder for the networks.
pub const OUT: &str = "target/records";

/// Lists records, makes them or checks them.
pub fn run(common: &Common, arguments: &Records) -> Result<(), Error> {
    match (&arguments.make, &arguments.check) {
        (Some(file), _) => make(common, file, &arguments.names),
        (_, Some(file)) => check(common, file, &arguments.names),
        _ => list(common, &arguments.names),
    }
}

/// The records of a file, as they stand there.
struct RecordFile {
    records: Vec<Record>,
    /// Whether the file holds one record without a list around it.
    is_single: bool,
}

impl RecordFile {
    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        if text.trim_start().starts_with('[') {
            return Ok(Self { records: serde_json::from_str(text)?, is_single: false });
        }
        Ok(Self { records: vec![serde_json::from_str(text)?], is_single: true })
    }

    fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(DataError::unreadable(path))?;
        let refuse = |error: serde_json::Error| {
            DataError::new(path, format!("is no record: {error}"))
                .remedy("`handwritten records NAME --json` prints one to begin with")
        };
        Ok(Self::parse(&text).map_err(refuse)?)
    }

    fn json(&self) -> Result<String, Error> {
        Ok(if self.is_single {
            serde_json::to_string_pretty(&self.records[0])?
        } else {
            serde_json::to_string_pretty(&self.records)?
        })
    }

    /// Which of them are meant: those named, or all.
    fn chosen(&self, names: &[String]) -> Result<Vec<usize>, Error> {
        let unknown = names.iter().find(|name| self.records.iter().all(|r| r.name != **name));
        if let Some(name) = unknown {
            let known: Vec<&str> = self.records.iter().map(|r| r.name.as_str()).collect();
            return Err(DataError::plain(format!("there is no record {name:?}"))
                .expected(format!("one of {}", known.join(", ")))
                .into());
        }
        let all = (0..self.records.len()).filter(|&i| {
            names.is_empty() || names.contains(&self.records[i].name)
        });
        Ok(all.collect())
    }
}

/// Prints the course's records.
fn list(common: &Common, names: &[String]) -> Result<(), Error> {
    let ours = RecordFile::parse(OURS)?;
    let chosen = ours.chosen(names)?;
    let chosen = chosen.into_iter().map(|i| &ours.records[i]);
    if common.json {
        return match (names, chosen.collect::<Vec<_>>().as_slice()) {
            ([_], [one]) => output::print_json(&serde_json::to_value(one)?),
            (_, several) => output::print_json(&serde_json::to_value(several)?),
        };
    }
    let shown = chosen.filter(|record| !names.is_empty() || record.goal != Goal::Study);
    let header = ["Name", "Record", "Network", "Networks", "Weights", "Error", "Seconds", "Vectors"];
    output::print_lines(header, shown.map(row))
}

fn row(record: &Record) -> [String; 8] {
    let hidden = record.config.hidden.iter().map(|units| format!("-{units}")).collect::<String>();
    let found = |of: fn(&Measured) -> String| record.measured.as_ref().map_or("–".to_owned(), of);
    [
        record.name.clone(),
        record.goal.to_string(),
        format!("784{hidden}-10"),
        record.networks.to_string(),
        found(|m| grouped(m.weights)),
        found(|m| percent(m.error)),
        found(|m| grouped(m.seconds.round() as usize)),
        found(|m| m.hardware.vectors.clone()),
    ]
}

/// Trains what has not been measured yet, and writes down what came out after each record.
fn make(common: &Common, path: &Path, names: &[String]) -> Result<(), Error> {
    let mut file = RecordFile::read(path)?;
    let chosen = file.chosen(names)?;
    let open: Vec<usize> =
        chosen.into_iter().filter(|&i| file.records[i].measured.is_none()).collect();
    if open.is_empty() {
        return output::print_line(
            "Nothing to do: each record has been measured. Take `measured` out of those to make again.",
        );
    }
    let bench = Bench::new(common)?;
    for i in open {
        let measured = bench.measure(&file.records[i])?;
        tell(&file.records[i].name, &measured)?;
        file.records[i].measured = Some(measured);
        output::write(path, format!("{}\n", file.json()?).as_bytes())?;
    }
    output::print_line(&format!("What came out is in {}.", path.display()))
}

/// Trains the networks of records again, and says which do what they claim.
fn check(common: &Common, path: &Path, names: &[String]) -> Result<(), Error> {
    let file = RecordFile::read(path)?;
    let bench = Bench::new(common)?;
    let (mut told, mut broken) = (Vec::new(), Vec::new());
    for i in file.chosen(names)? {
        let record = &file.records[i];
        let measured = bench.measure(record)?;
        let reason = record.refute(&measured);
        if common.json {
            told.push(json!({"name": record.name, "holds": reason.is_none(), "reason": reason, "found": measured}));
        } else {
            tell(&record.name, &measured)?;
            let verdict = reason.as_deref().map_or("holds".to_owned(), |why| format!("does not hold: {why}"));
            output::print_line(&format!("{} {verdict}.", record.name))?;
        }
        broken.extend(reason.map(|_| record.name.clone()));
    }
    if common.json {
        output::print_json(&told.into())?;
    }
    if broken.is_empty() { Ok(()) } else { Err(Error::NotConfirmed { names: broken.join(", ") }) }
}

/// A folder in which networks are trained.
struct Bench {
    folder: PathBuf,
    mnist: Option<PathBuf>,
    progress: Progress,
    _workplace: Workplace,
}

impl Bench {
    fn new(common: &Common) -> Result<Self, Error> {
        let mnist = match common.digits()? {
            DigitSource::Mnist(folder) => Some(folder),
            _ => None,
        };
        let folder = common.out(OUT);
        let _workplace = Workplace::enter(&folder)?;
        Ok(Self { folder, mnist, progress: Progress::new(common.quiet), _workplace })
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
fn tell(name: &str, Measured { error, errors, seconds, weights, .. }: &Measured) -> Result<(), Error> {
    let each = match errors.as_slice() {
        [_] => String::new(),
        _ => {
            let (mean, deviation) = mean_and_deviation(errors);
            let networks = counted(errors.len(), "network", "networks");
            format!(" ({} ± {} for each of {networks})", percent(mean), percent(deviation))
        }
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
