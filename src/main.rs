//! The `handwritten` program: arguments, progress, printing and exit codes. Nothing below it prints.

mod bless;
mod book;
mod common;
mod course;
mod data;
mod downloader;
mod error;
mod export;
mod fetch;
mod output;
mod pen;
mod predict;
mod progress;
mod records;
mod sweep;
mod table;
mod train;

use bless::Bless;
use book::Book;
use chapters::chapter_06_speed::Width;
use clap::{Parser, Subcommand};
use common::Common;
use course::{ChapterArgs, Claims};
use data::Data;
use error::Error;
use export::Export;
use fetch::Fetch;
use pen::Pen;
use predict::Predict;
use records::Records;
use std::process::ExitCode;
use sweep::Sweep;
use train::Train;

/// A course that teaches neural networks by building them.
///
/// Without a command, the whole course runs, in a few minutes: every chapter trains its networks,
/// draws its figures and adds its lines to a table of what the articles claim and what came out.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  handwritten                          run the course, on MNIST if it is there
  handwritten --seed 7 --out runs/7    run it with other random numbers
  handwritten chapter 3 --hidden 8     run one chapter, with a change
  handwritten sweep --hidden 2,4,8     compare networks of several sizes
  handwritten train --data iris.csv    train a network on your own table
  handwritten predict MODEL photo.png  read a picture with a trained model
  handwritten export MODEL --to m.onnx pass a trained model to other programs
  handwritten fetch mnist              download MNIST into data/mnist
  handwritten data show rings          draw and count examples
  handwritten records                  list the records that are open to you
  handwritten book --open              bind the book and open it

Environment:
  MNIST_DIR=DIR                        the folder with MNIST
  HANDWRITTEN_VECTORS=WIDTH            use narrower vectors than the processor has:
                                       plain, neon, avx2 or avx512
  SSL_CERT_FILE=FILE, SSL_CERT_DIR=DIR certificates that fetch trusts, as curl does
  RAYON_NUM_THREADS=N                  use N threads instead of one for each core

Exit codes: 0 done, 1 failed, 2 bad usage."
)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Chapter(ChapterArgs),
    Claims(Claims),
    Sweep(Sweep),
    Train(Train),
    Predict(Predict),
    Export(Export),
    Data(Data),
    Fetch(Fetch),
    Pen(Pen),
    Records(Records),
    Book(Book),
    Bless(Bless),
}

/// Does what the command line asks.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = Width::asked_for().map_err(Error::from).and_then(|_| run(&arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} {error}", console::style("error:").red().bold().for_stderr());
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(Arguments { common, command }: &Arguments) -> Result<(), Error> {
    match command {
        None => course::run_all(common),
        Some(Command::Chapter(chapter)) => course::run_one(common, chapter),
        Some(Command::Claims(claims)) => course::claims(common, claims),
        Some(Command::Sweep(sweep)) => sweep::run(common, sweep),
        Some(Command::Train(train)) => train::run(common, train),
        Some(Command::Predict(predict)) => predict::run(common, predict),
        Some(Command::Export(arguments)) => export::run(common, arguments),
        Some(Command::Data(data)) => data::run(common, data),
        Some(Command::Fetch(fetch)) => fetch::run(common, fetch),
        Some(Command::Bless(bless)) => bless::run(common, bless),
        Some(Command::Book(book)) => book::run(common, book),
        Some(Command::Pen(pen)) => pen::run(common, pen),
        Some(Command::Records(records)) => records::run(common, records),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
