use crate::{common::Common, error::Error, output};
use clap::Args;
use serde_json::json;
use std::{path::PathBuf, time::Instant};

/// Bind the book, with listings from the code and numbers from the committed reports
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten book --open
  handwritten book --source ../handwritten --out /tmp/book")]
pub struct Book {
    /// Open it in a browser
    #[arg(long)]
    open: bool,
    /// The project folder, which contains `book`
    #[arg(long, value_name = "DIR", default_value = ".")]
    source: PathBuf,
}

/// The folder that it is bound into.
pub const OUT: &str = "target/book";

/// Binds the book.
pub fn run(common: &Common, arguments: &Book) -> Result<(), Error> {
    let start = Instant::now();
    let out = common.out(OUT);
    let pages = bookbinder::bind(&arguments.source, &out)?;
    let index = std::path::absolute(out.join("index.html"))?;
    if arguments.open {
        opener::open(&index).map_err(|error| Error::Browser(error.to_string()))?;
    }
    let index = index.display().to_string();
    if common.json {
        return output::print_json(&json!({ "pages": pages, "index": index }));
    }
    let seconds = start.elapsed().as_secs_f64();
    output::print_line(&format!("Bound {pages} pages in {seconds:.1} s: open {index}"))
}
