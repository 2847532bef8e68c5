//! What is read from disk.

use crate::error::BindError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The text of a file.
pub fn read(path: &Path) -> Result<String, BindError> {
    fs::read_to_string(path).map_err(BindError::unreadable(path))
}

/// The files of a folder with this extension, in order.
pub fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, BindError> {
    let mut files = entries(folder)?;
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    Ok(files)
}

/// The files of a folder and of all folders in it with this extension.
pub fn files_below(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, BindError> {
    let mut files = files_in(folder, ending)?;
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        files.extend(files_below(&path, ending)?);
    }
    Ok(files)
}

/// What lies in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, BindError> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
        .map_err(BindError::unreadable(folder))?;
    paths.sort();
    Ok(paths)
}
