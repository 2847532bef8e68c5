//! The roof: arguments, progress, printing and exit codes. Nothing below it prints.

mod arguments;
mod book;
mod course;
mod data;
mod error;
mod fetch;
mod output;
mod pen;
mod predict;
mod progress;
mod sweep;
mod train;

use arguments::{Arguments, Command};
use chapters::chapter_06_speed::Width;
use clap::Parser;
use error::Error;
use std::process::ExitCode;

/// Does what the command line asks for.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = Width::asked_for().map_err(Error::from).and_then(|_| command(&arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} {error}", console::style("error:").red().bold().for_stderr());
            ExitCode::from(error.exit_code())
        }
    }
}

fn command(arguments: &Arguments) -> Result<(), Error> {
    match &arguments.command {
        None => course::run_all(&arguments.common),
        Some(Command::Chapter(chapter)) => course::run_one(&arguments.common, chapter),
        Some(Command::Claims(claims)) => course::claims(&arguments.common, claims),
        Some(Command::Sweep(sweep)) => sweep::run(&arguments.common, sweep),
        Some(Command::Train(train)) => train::run(&arguments.common, train),
        Some(Command::Predict(predict)) => predict::run(&arguments.common, predict),
        Some(Command::Data(data)) => data::run(&arguments.common, data),
        Some(Command::Fetch(fetch)) => fetch::run(&arguments.common, fetch),
        Some(Command::Bless(bless)) => book::bless(&arguments.common, bless),
        Some(Command::Book(book)) => book::run(&arguments.common, book),
        Some(Command::Pen(pen)) => pen::run(&arguments.common, pen),
    }
}
