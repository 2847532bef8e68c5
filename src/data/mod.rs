//! Data to export, and data to look at.

mod export;
mod show;
mod source;

use crate::{common::Common, error::Error};
use clap::{Args, Subcommand};
use export::Export;
use show::Show;

/// Export the course's data, convert your own, or look at either
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten data export rings --as csv
  handwritten data show rings")]
pub struct Data {
    #[command(subcommand)]
    what: WhatToDo,
}

#[derive(Debug, Subcommand)]
enum WhatToDo {
    Export(Export),
    Show(Show),
}

/// Does what is asked with data.
pub fn run(common: &Common, data: &Data) -> Result<(), Error> {
    match &data.what {
        WhatToDo::Export(export) => export.run(common),
        WhatToDo::Show(show) => show.run(common),
    }
}
