use clap::Args;
use own_data::formats::{Missing, TableOptions};

const TABLES: &str = "Tables";

/// How a table is read.
#[derive(Args, Clone, Debug)]
pub struct TableArguments {
    /// The label column: its heading, or its number, counted from 1 [default: label, otherwise the last]
    #[arg(long, help_heading = TABLES, value_name = "COLUMN", requires = "data")]
    label: Option<String>,
    /// Take the first row for headings [default: if it is not like the others]
    #[arg(long, help_heading = TABLES, requires = "data", conflicts_with = "no_header")]
    header: bool,
    /// Take the first row for an example [default: if it is like the others]
    #[arg(long, help_heading = TABLES, requires = "data")]
    no_header: bool,
    /// Leave columns out
    #[arg(long, help_heading = TABLES, value_name = "COLUMN,…", value_delimiter = ',', requires = "data")]
    drop: Vec<String>,
    /// Make each word of these columns a feature that is 1 or 0
    #[arg(long, help_heading = TABLES, value_name = "COLUMN,…", value_delimiter = ',', requires = "data")]
    one_hot: Vec<String>,
    /// What to do about missing values: refuse them, drop their rows, or take the mean of the training
    /// examples [default: refuse]
    #[arg(long, help_heading = TABLES, value_name = "WHAT", value_parser = crate::common::named::<Missing>, requires = "data")]
    missing: Option<Missing>,
}

impl TableArguments {
    /// The options of the reader of tables.
    pub fn options(&self) -> TableOptions {
        TableOptions {
            label: self.label.clone(),
            header: header(self.header, self.no_header),
            drop: self.drop.clone(),
            one_hot: self.one_hot.clone(),
            missing: self.missing.unwrap_or_default(),
        }
    }
}

/// What two options say about the first row.
pub fn header(header: bool, no_header: bool) -> Option<bool> {
    match (header, no_header) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
