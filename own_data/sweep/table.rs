//! Runs as a table with one row each, so that a row can be added when a run ends.

use super::{Run, RunConfig};
use crate::OptimiserKind;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// A row of the table.
#[derive(Deserialize, Serialize)]
struct Row {
    hidden: usize,
    lambda: f64,
    learning_rate: f64,
    batch: usize,
    optimiser: OptimiserKind,
    seed: u64,
    train_accuracy: f64,
    held_out_accuracy: f64,
    /// The costs along the way, separated by spaces.
    costs: String,
    /// The last of them: it distinguishes a whole row from a torn one.
    cost: f64,
}

/// The headings: the names of a row's fields.
const HEADINGS: [&str; 10] = [
    "hidden",
    "lambda",
    "learning_rate",
    "batch",
    "optimiser",
    "seed",
    "train_accuracy",
    "held_out_accuracy",
    "costs",
    "cost",
];

/// Reads the rows up to the first that is not whole: a killed program may have left a torn one at the
/// end.
pub fn read_runs(table: impl Read) -> Vec<Run> {
    let rows = csv::Reader::from_reader(table).into_deserialize::<Row>();
    rows.map_while(Result::ok).map_while(run).collect()
}

/// Writes runs as rows, after the headings if they are `headed`.
pub fn write_runs<'a>(
    table: impl Write,
    runs: impl IntoIterator<Item = &'a Run>,
    headed: bool,
) -> csv::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(table);
    if headed {
        writer.write_record(HEADINGS)?;
    }
    for run in runs {
        writer.serialize(row(run))?;
    }
    Ok(writer.flush()?)
}

fn row(run: &Run) -> Row {
    let RunConfig { hidden, lambda, learning_rate, batch, optimiser, seed } = run.config;
    let costs: Vec<String> = run.costs.iter().map(f64::to_string).collect();
    Row {
        hidden,
        lambda,
        learning_rate,
        batch,
        optimiser,
        seed,
        train_accuracy: run.train,
        held_out_accuracy: run.held_out,
        costs: costs.join(" "),
        cost: run.costs.last().copied().unwrap_or(f64::NAN),
    }
}

fn run(row: Row) -> Option<Run> {
    let Row { hidden, lambda, learning_rate, batch, optimiser, seed, .. } = row;
    let costs: Vec<f64> = row.costs.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let whole = costs.last() == Some(&row.cost);
    let config = RunConfig { hidden, lambda, learning_rate, batch, optimiser, seed };
    let [train, held_out] = [row.train_accuracy, row.held_out_accuracy];
    whole.then_some(Run { config, train, held_out, costs })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs() -> Vec<Run> {
        let run = |seed| Run {
            config: RunConfig {
                hidden: 3,
                lambda: 0.1,
                learning_rate: 1.2,
                batch: 0,
                optimiser: OptimiserKind::Sgd,
                seed,
            },
            train: 0.975,
            held_out: 0.123_456_789_012_345_67,
            costs: (0..5).map(|i| 1.0 / (i as f64 + 3.0)).collect(),
        };
        vec![run(1), run(2)]
    }

    fn table() -> Vec<u8> {
        let mut table = Vec::new();
        write_runs(&mut table, &runs(), true).unwrap();
        table
    }

    #[test]
    fn runs_survive_the_table_to_the_last_digit() {
        assert_eq!(read_runs(table().as_slice()), runs());
    }

    #[test]
    fn rows_can_be_added_to_a_table_without_any() {
        let mut table = Vec::new();
        write_runs(&mut table, [], true).unwrap();
        assert_eq!(read_runs(table.as_slice()), []);
        write_runs(&mut table, &runs(), false).unwrap();
        assert_eq!(read_runs(table.as_slice()), runs());
    }

    #[test]
    fn torn_row_is_left_out_wherever_it_is_torn() {
        let table = table();
        let second = table.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).unwrap().0 + 1;
        // The last row is whole even without the end of its line.
        for end in 0..table.len() - 1 {
            let expected = usize::from(end >= second - 1);
            assert_eq!(read_runs(&table[..end]).len(), expected, "cut after {end} bytes");
        }
    }
}
