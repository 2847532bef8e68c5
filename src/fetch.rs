//! `handwritten fetch mnist`: the one command that opens a network connection.

use crate::{
    common::Common,
    downloader::{self, Downloader},
    error::Error,
    output,
    progress::Progress,
};
use chapters::dataset::mnist;
use clap::{Args, Subcommand};
use serde_json::json;

/// Download data; the only command that opens a network connection
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  handwritten fetch mnist
  handwritten fetch mnist --out /data/mnist --mirror https://example.org/mnist/")]
pub struct Fetch {
    #[command(subcommand)]
    what: Fetchable,
}

#[derive(Debug, Subcommand)]
enum Fetchable {
    /// Download and verify the MNIST database of handwritten digits, 12 MB
    #[command(after_help = "Examples:
  handwritten fetch mnist
  handwritten fetch mnist --out /data/mnist --mirror https://example.org/mnist/
  handwritten fetch mnist --timeout 600

Environment:
  HTTPS_PROXY=URL          download through this proxy
  SSL_CERT_FILE=FILE.pem   trust these authorities instead of the system's, such as your network's own;
  SSL_CERT_DIR=DIR         those built into the program are trusted as well")]
    Mnist {
        /// Download from this mirror instead of the built-in ones; may be repeated
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
        /// How long to wait for each file before trying the next mirror
        #[arg(
            long,
            value_name = "SECONDS",
            default_value_t = 120,
            value_parser = clap::value_parser!(u64).range(1..)
        )]
        timeout: u64,
    },
}

/// Fetches what the reader asks for.
pub fn run(common: &Common, arguments: &Fetch) -> Result<(), Error> {
    let Fetchable::Mnist { mirror, timeout } = &arguments.what;
    let folder = common.out(mnist::DEFAULT_FOLDER);
    let _made = output::create_folder(&folder)?;
    let mirrors = if mirror.is_empty() { MIRRORS.map(String::from).into() } else { mirror.clone() };
    let progress = Progress::new(common.quiet);
    let on_progress = |file: &str, done, total| progress.bytes(file, done, total);
    let agent = &downloader::polite(*timeout).build().into();
    let downloader = Downloader { agent, folder: &folder, on_progress: &on_progress };
    let fetched = downloader.fetch(&mnist::FILES, &mirrors);
    progress.clear();
    fetched?;
    let folder = folder.display().to_string();
    if common.json {
        let files = mnist::FILES.map(|file| file.name);
        return output::print_json(&json!({ "fetch": { "folder": folder, "files": files } }));
    }
    output::print_line(&format!("MNIST is in {folder}, every file verified."))
}

/// Public copies of MNIST, each a folder of the four `.gz` files. Which one a file comes from does
/// not matter, since its content is verified.
const MIRRORS: [&str; 3] = [
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://systemds.apache.org/assets/datasets/mnist/",
];
