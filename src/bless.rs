use crate::{
    common::Common,
    course,
    error::Error,
    output::{self, Folder},
    progress::Progress,
    records,
};
use bookbinder::console;
use chapters::{Chapter, dataset::DigitSource};
use clap::Args;
use std::path::{Path, PathBuf};

/// Remake the book's committed reports, figures and console blocks from a full run on MNIST
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten bless
  handwritten bless 2 3
  handwritten bless --consoles
  handwritten bless --check")]
pub struct Bless {
    /// Only these chapters
    chapters: Vec<usize>,
    /// Only the console blocks
    #[arg(long, conflicts_with = "chapters")]
    consoles: bool,
    /// Write nothing; report where a new run differs from what is committed
    #[arg(long)]
    check: bool,
}

/// Remakes the book's reports, figures and console blocks, or those named.
pub fn run(common: &Common, arguments: &Bless) -> Result<(), Error> {
    let DigitSource::Mnist(mnist) = common.digits()? else {
        return Err(Error::BlessWithoutMnist);
    };
    let chapters = match arguments.chapters.as_slice() {
        [] => course::every_chapter(),
        numbers => numbers.iter().map(|&n| Chapter::numbered(n)).collect::<Result<_, _>>()?,
    };
    let book = common.out("book");
    if !arguments.consoles {
        let folder = Folder::of_book(book.clone(), arguments.check);
        course::train(common, &chapters, |chapter| chapter.book, None, &folder)?;
        if !arguments.check && chapters.iter().any(|chapter| chapter.number == 7) {
            records::draw(common, &book, &mnist)?;
        }
    }
    if arguments.chapters.is_empty() {
        bless_consoles(common, &book, &mnist, arguments.check)?;
    }
    Ok(())
}

/// Runs the commands of the console blocks, and writes or compares what they print.
fn bless_consoles(common: &Common, book: &Path, mnist: &Path, check: bool) -> Result<(), Error> {
    let progress = Progress::new(common.quiet);
    let program = std::env::current_exe()?;
    let project = book.parent().map_or_else(PathBuf::new, Path::to_owned);
    for block in console::all(&project)? {
        let command = block.commands().collect::<Vec<_>>().join("; ");
        progress.say(&format!("$ handwritten {command}"));
        let printed = block
            .run(&program, Some(mnist))
            .map_err(|source| Error::Console { command: command.clone(), source })?;
        if !check {
            output::write(&block.path, printed.as_bytes())?;
        } else if let Some(difference) = block.difference(&printed) {
            return Err(Error::ConsoleMoved { command, difference });
        }
    }
    Ok(())
}
