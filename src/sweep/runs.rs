//! Runs as a table: one row each, so that a row is added when a run ends.

use super::{COSTS, Run, Setting};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// A row of the table.
#[derive(Deserialize, Serialize)]
struct Row {
    hidden: usize,
    learning_rate: f64,
    seed: u64,
    train_accuracy: f64,
    fresh_accuracy: f64,
    cost: f64,
    /// The costs on the way, with spaces between them.
    costs: String,
}

/// The headings: the names of a row's parts.
const HEADINGS: [&str; 7] =
    ["hidden", "learning_rate", "seed", "train_accuracy", "fresh_accuracy", "cost", "costs"];

/// Reads the rows that are whole, up to the first that is not: a program that was killed may have
/// left a torn one at the end.
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
    let Setting { hidden, learning_rate, seed } = run.setting;
    let costs: Vec<String> = run.costs.iter().map(f64::to_string).collect();
    Row {
        hidden,
        learning_rate,
        seed,
        train_accuracy: run.train,
        fresh_accuracy: run.fresh,
        cost: run.costs.last().copied().unwrap_or(f64::NAN),
        costs: costs.join(" "),
    }
}

fn run(row: Row) -> Option<Run> {
    let Row { hidden, learning_rate, seed, train_accuracy, fresh_accuracy, cost, costs } = row;
    let costs: Vec<f64> = costs.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let whole = costs.len() == COSTS && costs[COSTS - 1] == cost;
    let setting = Setting { hidden, learning_rate, seed };
    whole.then_some(Run { setting, train: train_accuracy, fresh: fresh_accuracy, costs })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs() -> Vec<Run> {
        let run = |seed| Run {
            setting: Setting { hidden: 3, learning_rate: 1.2, seed },
            train: 0.975,
            fresh: 0.123_456_789_012_345_67,
            costs: (0..COSTS).map(|i| 1.0 / (i as f64 + 3.0)).collect(),
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
