//! What experiments hand over: numbers and curves that can be written, read, printed and drawn.
//!
//! [In the book](../../../book/opening.html#why-may-i-trust-the-numbers)

use crate::{
    dataset::MNIST,
    metrics::{mean_and_deviation, quantile},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ndarray::{Array1, Array2, ArrayView2};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A report as it is committed for the book: what made it, and how closely another machine must agree.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Committed {
    /// The command that makes it again.
    pub command: String,
    /// How far a value may be from the committed one, by the name of the value or of what contains it;
    /// the longest matching name counts.
    pub tolerances: BTreeMap<String, Tolerance>,
    /// The report.
    pub report: Value,
}

/// How far a value may move.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// By this much, in the value's own unit.
    Absolute(f64),
    /// By this share of the value.
    Relative(f64),
    /// By any amount: it depends on last digits, which differ between processors.
    Anything,
}

impl Committed {
    /// Where the report of a new run differs from this one by more than its tolerance, a sentence each.
    pub fn differences(&self, report: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.compare("", &self.report, report, &mut found);
        found
    }

    fn compare(&self, name: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
        let below =
            |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
        let tolerance = self.tolerance(name);
        match (old, new) {
            _ if tolerance == Tolerance::Anything => {}
            (Value::Object(old), Value::Object(new)) => {
                let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for key in names {
                    let [old, new] = [old, new].map(|map| map.get(key).unwrap_or(&Value::Null));
                    self.compare(&below(key), old, new, found);
                }
            }
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                for (i, (old, new)) in old.iter().zip(new).enumerate() {
                    self.compare(&below(&i.to_string()), old, new, found);
                }
            }
            (Value::Number(o), Value::Number(n)) if tolerance.allows(o.as_f64(), n.as_f64()) => {}
            _ if old == new => {}
            _ => {
                let [old, new] = [old, new].map(Value::to_string);
                found.push(format!("{name} is {new:.60}, but the committed report has {old:.60}"));
            }
        }
    }

    fn tolerance(&self, name: &str) -> Tolerance {
        let holds = |part: &&String| name == part.as_str() || name.starts_with(&format!("{part}."));
        let longest = self.tolerances.keys().filter(holds).max_by_key(|part| part.len());
        // Sums in another order, and logarithms of another library
        longest.map_or(Tolerance::Relative(1e-6), |part| self.tolerances[part])
    }
}

impl Tolerance {
    fn allows(self, old: Option<f64>, new: Option<f64>) -> bool {
        let (Some(old), Some(new)) = (old, new) else { return false };
        match self {
            Self::Absolute(most) => (old - new).abs() <= most,
            Self::Relative(share) => (old - new).abs() <= share * old.abs().max(new.abs()),
            Self::Anything => true,
        }
    }
}

/// One line of the table that ends the course: what an article claims, what was reached here.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was measured.
    pub what: String,
    /// What the inspiring article, or the mathematics, says.
    pub claimed: String,
    /// What came out.
    pub reached: String,
    /// The verdict on the claim, if several runs can judge it.
    pub verdict: Option<Verdict>,
    /// Why there is no verdict, where the claim is about other data than these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_verdict: Option<String>,
}

/// The verdict on a claim after several runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At least 95 % of the runs support it.
    Holds,
    /// Fewer do, but enough: more than 5 % for a number to be reached, more than 75 % for a statement
    /// to be true.
    Typical,
    /// Too few do.
    NotSupported,
}

/// A number that an article claims, and which numbers are as good.
#[derive(Clone, Copy, Debug)]
pub enum Claimed {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

/// The fewest runs that a verdict is based on.
const FEWEST_RUNS: usize = 3;

impl Finding {
    /// A line of the table without a verdict.
    pub fn new(
        what: impl Into<String>,
        claimed: impl Into<String>,
        reached: impl Into<String>,
    ) -> Self {
        let [what, claimed, reached] = [what.into(), claimed.into(), reached.into()];
        Self { what, claimed, reached, verdict: None, no_verdict: None }
    }

    /// A number that is claimed, and what each run reached: the median, and where nine of ten runs lie.
    pub fn number(
        what: impl Into<String>,
        claimed: Claimed,
        runs: &[f64],
        write: impl Fn(f64) -> String,
    ) -> Self {
        let (Claimed::AtLeast(value) | Claimed::AtMost(value)) = claimed;
        let reached = match runs {
            [only] => format!("{}, one run", write(*only)),
            runs => format!("{}, {} runs", median_and_band(runs, &write), runs.len()),
        };
        let verdict = (runs.len() >= FEWEST_RUNS).then(|| Verdict::on_number(claimed, runs));
        Self { verdict, ..Self::new(what, write(value), reached) }
    }

    /// A statement that is claimed, and whether it is true of each run.
    pub fn statement(what: impl Into<String>, runs: &[bool]) -> Self {
        let truths: Vec<f64> = runs.iter().map(|&truth| f64::from(u8::from(truth))).collect();
        let share = percent(mean_and_deviation(&truths).0);
        let reached = match runs {
            [truth] => format!("{truth}, one run"),
            _ => format!("true in {share} of {} runs", runs.len()),
        };
        let verdict = (runs.len() >= FEWEST_RUNS).then(|| Verdict::on_statement(&truths));
        Self { verdict, ..Self::new(what, "yes", reached) }
    }

    /// Withholds the verdict unless the digits, called `source`, are MNIST's, which the claim is about.
    #[must_use]
    pub fn about_mnist(self, source: &str) -> Self {
        if source == MNIST {
            return self;
        }
        let reason = format!("the claim is about MNIST, these are {source}");
        Self { verdict: None, no_verdict: Some(reason), ..self }
    }

    /// The verdict, or why there is none, in words; empty where nothing is to be said.
    pub fn verdict_in_words(&self) -> String {
        match (&self.verdict, &self.no_verdict) {
            (Some(verdict), _) => verdict.to_string(),
            (None, Some(reason)) => format!("no verdict: {reason}"),
            (None, None) => String::new(),
        }
    }
}

impl Verdict {
    /// On a number, from what each run reached.
    pub fn on_number(claimed: Claimed, runs: &[f64]) -> Self {
        let as_good = |x: f64| match claimed {
            Claimed::AtLeast(value) => x >= value,
            Claimed::AtMost(value) => x <= value,
        };
        let reached = runs.iter().filter(|&&x| as_good(x)).count();
        Self::of_share(reached as f64 / runs.len() as f64, 0.05)
    }

    /// On a statement, from a 1 for each run of which it is true and a 0 for each other.
    pub fn on_statement(truths: &[f64]) -> Self {
        Self::of_share(mean_and_deviation(truths).0, 0.75)
    }

    fn of_share(share: f64, enough: f64) -> Self {
        if share >= 0.95 {
            Self::Holds
        } else if share > enough {
            Self::Typical
        } else {
            Self::NotSupported
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Holds => "holds",
            Self::Typical => "typical",
            Self::NotSupported => "not supported",
        })
    }
}

/// The median of some runs and, in brackets, the band in which nine of ten lie.
pub fn median_and_band(runs: &[f64], write: impl Fn(f64) -> String) -> String {
    let [low, median, high] = [0.05, 0.5, 0.95].map(|p| write(quantile(runs, p)));
    format!("{median} ({low} to {high})")
}

/// A share from 0 to 1 as a percentage with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// What to tell the reader about a network that ended at a cost no lower than that of guessing, with
/// advice; nothing if the cost is lower.
pub fn worse_than_guessing(whose: &str, cost: f64, guessing: f64, advice: &str) -> Option<String> {
    (cost >= guessing).then(|| {
        format!(
            "{whose} ended with a cost of {}, no better than the {} of always predicting the class \
             frequencies: {advice}",
            short(cost),
            short(guessing)
        )
    })
}

/// What to try in place of a learning rate that ended at this cost; `usual` is one that suits the task.
pub fn advice_on_rate(cost: f64, guessing: f64, rate: f64, usual: f64) -> String {
    // A network that merely guesses comes this close, give or take the noise of the last steps
    let clearly_worse = cost > 1.05 * guessing;
    if rate > usual && clearly_worse {
        format!("the learning rate {} is too large, try {}", short(rate), short(usual))
    } else if rate == usual && !clearly_worse {
        "try more epochs, and check that the features can tell the classes apart".to_owned()
    } else {
        let other = if rate == usual { rate / 10.0 } else { usual };
        format!("try more epochs, or a learning rate of {}", short(other))
    }
}

/// What to try in place of a learning rate that was too large: the usual one if that is smaller, else
/// a tenth.
pub fn smaller_rate(rate: f64, usual: f64) -> f64 {
    if rate > usual { usual } else { rate / 10.0 }
}

/// A number in its most readable form, such as `0.003`, `50` or `1e38`, in at most six digits.
pub fn short(number: f64) -> String {
    let rounded: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    if rounded == 0.0 || (1e-4..1e7).contains(&rounded.abs()) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

/// A count with its noun, such as `1 example` or `2 examples`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A whole number with commas between its thousands, such as `60,000`.
pub fn grouped(count: usize) -> String {
    match count {
        ..1000 => count.to_string(),
        _ => format!("{},{:03}", grouped(count / 1000), count % 1000),
    }
}

/// Values on a grid, kept in 65,536 levels so that a report with pictures stays small.
///
/// In JSON the levels are one base64 string, row by row, two bytes each, the lower one first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Raster {
    /// The value of level 0.
    pub low: f64,
    /// The value of the highest level.
    pub high: f64,
    /// Levels, shape `(rows, columns)`.
    #[serde(flatten, with = "Levels")]
    levels: Array2<u16>,
}

/// The number of the highest level.
const HIGHEST: f64 = u16::MAX as f64;

impl Raster {
    /// Values from `low` to `high`, shape `(rows, columns)`; what lies outside is clipped.
    pub fn new(values: ArrayView2<f64>, low: f64, high: f64) -> Self {
        let level = |value: f64| ((value - low) / (high - low) * HIGHEST).round() as u16;
        Self { low, high, levels: values.mapv(level) }
    }

    /// Values of either sign, with 0 in the middle of the levels.
    pub fn signed(values: ArrayView2<f64>) -> Self {
        let most = values.fold(f64::MIN_POSITIVE, |most, value| value.abs().max(most));
        Self::new(values, -most, most)
    }

    /// Grey values from 0 to 255, shape `(rows, columns)`.
    pub fn grey(pixels: ArrayView2<u8>) -> Self {
        Self::new(pixels.mapv(f64::from).view(), 0.0, 255.0)
    }

    /// The values that the levels stand for, shape `(rows, columns)`.
    pub fn values(&self) -> Array2<f64> {
        let step = (self.high - self.low) / HIGHEST;
        self.levels.mapv(|level| self.low + step * f64::from(level))
    }
}

/// How levels are written in JSON.
#[derive(Deserialize, Serialize)]
struct Levels {
    rows: usize,
    columns: usize,
    base64: String,
}

impl Levels {
    fn serialize<S: Serializer>(levels: &Array2<u16>, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = levels.iter().flat_map(|level| level.to_le_bytes()).collect();
        let (rows, columns) = levels.dim();
        Serialize::serialize(&Self { rows, columns, base64: STANDARD.encode(bytes) }, serializer)
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Array2<u16>, D::Error> {
        let Self { rows, columns, base64 } = Deserialize::deserialize(deserializer)?;
        let bytes = STANDARD.decode(base64).map_err(serde::de::Error::custom)?;
        let (pairs, _) = bytes.as_chunks();
        let levels = pairs.iter().copied().map(u16::from_le_bytes).collect();
        Array2::from_shape_vec((rows, columns), levels).map_err(serde::de::Error::custom)
    }
}

/// Points of the plane with a class each.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Scatter {
    /// Coordinates.
    pub points: Vec<[f64; 2]>,
    /// Classes from 0, one per point.
    pub labels: Vec<usize>,
}

impl Scatter {
    /// The first two coordinates of each point; `x` has the shape `(m, n)` with `n` at least 2.
    pub fn new(x: ArrayView2<f64>, labels: impl IntoIterator<Item = usize>) -> Self {
        Self {
            points: x.rows().into_iter().map(|row| [row[0], row[1]]).collect(),
            labels: labels.into_iter().collect(),
        }
    }

    /// How far the farthest point lies from the origin along either axis.
    pub fn reach(&self) -> f64 {
        let coordinates = self.points.iter().flatten();
        coordinates.fold(0.0, |most, c| c.abs().max(most))
    }
}

/// The values of a function on the square `[-reach, reach]²`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Map {
    /// Half the side of the square.
    pub reach: f64,
    /// The function's values: rows from the bottom up, columns from left to right.
    pub raster: Raster,
}

/// Grid points along each side of a [`Map`].
const SIDE: usize = 101;

impl Map {
    /// Evaluates `function`, from points of shape `(m, 2)` to values of shape `(m,)`, all over the
    /// square; the values lie between `low` and `high`.
    pub fn new(
        reach: f64,
        [low, high]: [f64; 2],
        function: impl Fn(ArrayView2<f64>) -> Array1<f64>,
    ) -> Self {
        let ticks = Array1::linspace(-reach, reach, SIDE);
        let points = Array2::from_shape_fn((SIDE * SIDE, 2), |(i, axis)| match axis {
            0 => ticks[i % SIDE],
            _ => ticks[i / SIDE],
        });
        let values = function(points.view());
        let grid = Array2::from_shape_fn((SIDE, SIDE), |(row, column)| values[row * SIDE + column]);
        Self { reach, raster: Raster::new(grid.view(), low, high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use ndarray::array;
    use serde_json::json;

    #[test]
    fn numbers_are_shortened_to_what_reads_easily() {
        let numbers = [0.0, 0.003, 0.003 / 10.0, 50.0, -1e38, f64::MAX, 1e-300, 2.0 / 3.0];
        let read = ["0", "0.003", "0.0003", "50", "-1e38", "1.79769e308", "1e-300", "0.666667"];
        assert_eq!(numbers.map(short), read);
    }

    #[test]
    fn verdict_counts_the_runs_that_support_a_claim() {
        let runs = [0.9, 0.8, 1.0];
        let on = |claimed| Verdict::on_number(claimed, &runs);
        assert_eq!(on(Claimed::AtLeast(0.8)), Verdict::Holds);
        assert_eq!(on(Claimed::AtLeast(0.9)), Verdict::Typical);
        assert_eq!(on(Claimed::AtLeast(1.1)), Verdict::NotSupported);
        assert_eq!(on(Claimed::AtMost(1.0)), Verdict::Holds);
        let finding = |truths: &[bool]| Finding::statement("so", truths).verdict;
        assert_eq!(finding(&[true; 5]), Some(Verdict::Holds));
        assert_eq!(finding(&[true, true, true, true, false]), Some(Verdict::Typical));
        assert_eq!(finding(&[true, true, false]), Some(Verdict::NotSupported));
        assert_eq!(finding(&[true]), None);
    }

    #[test]
    fn claim_about_mnist_gets_a_verdict_on_mnist_alone() {
        let finding = |source| {
            Finding::number("accuracy", Claimed::AtLeast(0.5), &[0.9; 5], percent)
                .about_mnist(source)
        };
        assert_eq!(finding("MNIST").verdict_in_words(), "holds");
        let penned = finding("penned digits");
        assert_eq!(penned.verdict, None);
        assert_eq!(
            penned.verdict_in_words(),
            "no verdict: the claim is about MNIST, these are penned digits"
        );
        assert_eq!(Finding::new("a", "b", "c").verdict_in_words(), "");
    }

    #[test]
    fn noun_agrees_with_its_count() {
        let written = [0, 1, 2].map(|count| counted(count, "class", "classes"));
        assert_eq!(written, ["0 classes", "1 class", "2 classes"]);
    }

    #[test]
    fn commas_stand_between_thousands() {
        let written = [7, 999, 1_000, 10_050, 1_234_567].map(grouped);
        assert_eq!(written, ["7", "999", "1,000", "10,050", "1,234,567"]);
    }

    #[test]
    fn reports_differ_where_they_differ_by_more_than_they_may() {
        let tolerances = [
            ("error".to_owned(), Tolerance::Absolute(0.01)),
            ("runs".to_owned(), Tolerance::Anything),
        ];
        let committed = Committed {
            command: String::new(),
            tolerances: tolerances.into(),
            report: json!({ "error": 0.1, "cost": 2.0, "name": "x", "runs": [1, 2] }),
        };
        let same = json!({ "error": 0.105, "cost": 2.000_000_1, "name": "x", "runs": [3] });
        assert_eq!(committed.differences(&same), Vec::<String>::new());
        let other = json!({ "error": 0.12, "cost": 2.1, "name": "y", "more": 1, "runs": [] });
        let found = committed.differences(&other);
        let names: Vec<&str> = found.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(names, ["cost", "error", "more", "name"]);
    }

    #[test]
    fn raster_survives_json() {
        let raster = Raster::signed(array![[-2.0, 0.0, 1.0], [2.0, 0.5, -0.5]].view());
        let json = serde_json::to_string(&raster).unwrap();
        assert_eq!(serde_json::from_str::<Raster>(&json).unwrap(), raster);
    }

    #[test]
    fn raster_keeps_values_to_half_a_level() {
        let values = array![[0.0, 0.301, 1.0]];
        let kept = Raster::new(values.view(), 0.0, 1.0).values();
        assert!((&kept - &values).iter().all(|d| d.abs() <= 0.51 / HIGHEST));
    }

    #[test]
    fn raster_with_too_few_levels_is_refused() {
        let json = r#"{"low":0,"high":1,"rows":2,"columns":2,"base64":"AAAA"}"#;
        assert!(serde_json::from_str::<Raster>(json).is_err());
    }
}
