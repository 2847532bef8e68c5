//! `handwritten fetch mnist`: the one place that opens a network connection.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use handwritten::dataset::mnist::{self, KnownFile};
use handwritten::dataset::{Error, atomic_file};
use ureq::Agent;

/// Public copies of MNIST, each a folder of the four `.gz` files. Which one a file comes from does
/// not matter, since its content is verified.
pub const MIRRORS: [&str; 3] = [
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://systemds.apache.org/assets/datasets/mnist/",
];

/// The largest file of MNIST has 9.9 million bytes when packed, about half of this.
const LARGEST_DOWNLOAD: u64 = 20_000_000;

/// Why MNIST could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The folder, or a file in it, cannot be written.
    #[error("could not write to {folder}: {source}; check that it is a folder with room in it")]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// A file is already there and is another one; it may be precious to the reader.
    #[error("{reason}; {path} is left as it is: move it away, then fetch again")]
    InTheWay {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// The folder cannot be looked into.
    #[error(transparent)]
    Unreadable(Error),

    /// No mirror could give a file.
    #[error(
        "no mirror could give {file}:{}\ncheck the connection, or put the file into {folder} \
         yourself",
        list(attempts)
    )]
    NoMirror {
        /// The file.
        file: String,
        /// Where it was to be put.
        folder: PathBuf,
        /// Every mirror, and what went wrong with it.
        attempts: Vec<(String, String)>,
    },
}

fn list(attempts: &[(String, String)]) -> String {
    attempts
        .iter()
        .map(|(mirror, reason)| format!("\n  {mirror}: {reason}"))
        .collect()
}

/// What ends one download.
enum Failure {
    /// The next mirror may do better.
    Mirror(String),
    /// No mirror will.
    Disk(io::Error),
}

/// Fetches the four files of MNIST into a folder, packed as `.gz`, unless they are already there.
///
/// Every file is tried from each mirror in turn. It gets its name only after its content was
/// verified, so that whatever happens no half-written file is left behind. `on_progress` is told
/// the file, the bytes that have arrived, and the bytes that will, or 0 if the mirror does not say.
///
/// Fails where the folder cannot be written, has a file of that name with other content, or no
/// mirror gives the file.
pub fn fetch_mnist(
    folder: &Path,
    mirrors: &[String],
    on_progress: &dyn Fn(&str, u64, u64),
) -> Result<(), FetchError> {
    fetch_files(&mnist::FILES, folder, mirrors, on_progress)
}

fn fetch_files(
    files: &[KnownFile],
    folder: &Path,
    mirrors: &[String],
    on_progress: &dyn Fn(&str, u64, u64),
) -> Result<(), FetchError> {
    fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
    let agent = polite_agent();
    let mut mirrors = mirrors.to_vec();
    for known in files {
        if !is_there(folder, known)? {
            fetch_file(&agent, known, folder, &mut mirrors, on_progress)?;
        }
    }
    Ok(())
}

/// One that does not wait forever, nor follow wherever it is sent.
fn polite_agent() -> Agent {
    Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(Duration::from_secs(120)))
        .max_redirects(3)
        .build()
        .into()
}

/// Whether a file is in the folder already, in any spelling, and is the right one.
fn is_there(folder: &Path, known: &KnownFile) -> Result<bool, FetchError> {
    let path = mnist::locate(folder, known.name).map_err(FetchError::Unreadable)?;
    let Some(path) = path else { return Ok(false) };
    let file = File::open(&path).map_err(|source| {
        FetchError::Unreadable(Error::Unreadable {
            path: path.clone(),
            source,
        })
    })?;
    match mnist::verify(file, &path, known) {
        Ok(_) => Ok(true),
        Err(error) => Err(FetchError::InTheWay {
            reason: explain(&error),
            path,
        }),
    }
}

/// Fetches one file from the first mirror that has it, and moves that mirror to the front.
fn fetch_file(
    agent: &Agent,
    known: &KnownFile,
    folder: &Path,
    mirrors: &mut [String],
    on_progress: &dyn Fn(&str, u64, u64),
) -> Result<(), FetchError> {
    let mut attempts = Vec::new();
    for i in 0..mirrors.len() {
        match download(agent, known, folder, &mirrors[i], on_progress) {
            Ok(()) => {
                mirrors[..=i].rotate_right(1);
                return Ok(());
            }
            Err(Failure::Mirror(reason)) => attempts.push((mirrors[i].clone(), reason)),
            Err(Failure::Disk(source)) => return Err(unwritable(folder, source)),
        }
    }
    let (file, folder) = (known.name.to_string(), folder.to_path_buf());
    Err(FetchError::NoMirror {
        file,
        folder,
        attempts,
    })
}

/// Downloads one file from one mirror, verifies it, and only then gives it its name.
fn download(
    agent: &Agent,
    known: &KnownFile,
    folder: &Path,
    mirror: &str,
    on_progress: &dyn Fn(&str, u64, u64),
) -> Result<(), Failure> {
    let name = format!("{}.gz", known.name);
    let path = folder.join(&name);

    // Ask for the file
    let url = format!("{}/{name}", mirror.trim_end_matches('/'));
    let mut response = agent
        .get(&url)
        .call()
        .map_err(|error| Failure::Mirror(error.to_string()))?;
    let body = response.body_mut();
    let total = body.content_length().unwrap_or(0);

    // Save it under a name that disappears if anything goes wrong
    let mut file = atomic_file::create_beside(&path).map_err(Failure::Disk)?;
    save(body.as_reader(), file.as_file_mut(), |done| {
        on_progress(known.name, done, total)
    })?;

    // Verify what was saved
    let saved = file.reopen().map_err(Failure::Disk)?;
    mnist::verify(saved, &path, known).map_err(|error| Failure::Mirror(explain(&error)))?;

    file.persist(path)
        .map_err(|failure| Failure::Disk(failure.error))?;
    Ok(())
}

/// Saves what arrives, up to the size that no file of MNIST reaches.
fn save(
    mut arriving: impl Read,
    file: &mut File,
    on_progress: impl Fn(u64),
) -> Result<(), Failure> {
    let mut buffer = vec![0; 1 << 16];
    let mut done = 0;
    loop {
        let count = arriving.read(&mut buffer);
        let count = count.map_err(|error| Failure::Mirror(error.to_string()))?;
        if count == 0 {
            return Ok(());
        }
        done += count as u64;
        if done > LARGEST_DOWNLOAD {
            let reason = format!("sends more than {LARGEST_DOWNLOAD} bytes, which cannot be MNIST");
            return Err(Failure::Mirror(reason));
        }
        file.write_all(&buffer[..count]).map_err(Failure::Disk)?;
        on_progress(done);
    }
}

/// An error in the words of a download: the reader's own digits play no part in it.
fn explain(error: &Error) -> String {
    match error {
        Error::NotMnist {
            expected, found, ..
        } => {
            format!("expected content with the SHA-256 {expected}…, found {found}…")
        }
        other => other.to_string(),
    }
}

fn unwritable(folder: &Path, source: io::Error) -> FetchError {
    FetchError::Unwritable {
        folder: folder.to_path_buf(),
        source,
    }
}
