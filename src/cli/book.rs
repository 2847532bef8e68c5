use super::{
    arguments::{BOOK, BOUND_BOOK, Bless, Book, Common},
    course::{digit_source, every_chapter, train},
    error::Error,
    output::{self, Folder},
    progress::Progress,
};
use bookbinder::{self, console};
use chapters::{Chapter, dataset::DigitSource};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// Binds the book.
pub fn run(common: &Common, arguments: &Book) -> Result<(), Error> {
    let start = Instant::now();
    let out = common.out(BOUND_BOOK);
    let pages = bookbinder::bind(&arguments.source, &out)?;
    let index = std::path::absolute(out.join("index.html"))?;
    if arguments.open {
        opener::open(&index).map_err(|error| Error::Browser(error.to_string()))?;
    }
    if common.json {
        return output::print_json(&json!({ "pages": pages, "index": index }));
    }
    let seconds = start.elapsed().as_secs_f64();
    output::print_line(&format!(
        "{pages} pages are bound, in {seconds:.1} s: open {}",
        index.display()
    ))
}

/// Makes the book's reports, figures and console blocks anew, or those named.
pub fn bless(common: &Common, arguments: &Bless) -> Result<(), Error> {
    let DigitSource::Mnist(mnist) = digit_source(common)? else {
        return Err(Error::BlessWithoutMnist);
    };
    let chapters = match arguments.chapters.as_slice() {
        [] => every_chapter(),
        numbers => numbers.iter().map(|&n| Chapter::numbered(n)).collect::<Result<_, _>>()?,
    };
    let book = common.out(BOOK);
    if !arguments.consoles {
        let folder = Folder::of_book(book.clone(), arguments.check);
        train(common, &chapters, |chapter| chapter.book, None, &folder)?;
    }
    if arguments.chapters.is_empty() {
        bless_consoles(common, &book, &mnist, arguments.check)?;
    }
    Ok(())
}

/// Runs what the console blocks say, and writes or compares what is printed.
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
