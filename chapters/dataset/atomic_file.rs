//! Files that appear whole or not at all: written under another name in the same folder, then
//! renamed. What a killed program leaves under such names, the next one removes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

/// The prefix of names until a file is whole.
const UNFINISHED: &str = ".handwritten-";

/// Writes the file at `path` with what `fill` writes, or leaves what was there untouched.
///
/// Fails if `fill` does, or if the folder does not exist or cannot be written to.
pub fn write<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&File>) -> Result<(), E>,
) -> Result<(), E> {
    let file = create_beside(path)?;
    let mut writer = BufWriter::new(file.as_file());
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    Ok(keep(file, path)?)
}

/// An empty file in the folder of `path`, which disappears unless it is passed to [`keep`].
///
/// Fails if the folder does not exist or cannot be written to.
pub fn create_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(path);
    take_leftovers_away(folder);
    let mut builder = Builder::new();
    readable_like_any_other_file(builder.prefix(UNFINISHED));
    loop {
        let file = builder.tempfile_in(folder)?;
        if is_taken(file.as_file(), file.path()) {
            return Ok(file);
        }
    }
}

/// Gives a file made by [`create_beside`] its name.
///
/// Its bytes reach the disk before that: after a power cut, the name refers to all of them or to the
/// file that was there before.
pub fn keep(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failure| failure.error)?;
    Ok(())
}

/// An empty folder beside `path`, which disappears with everything in it.
///
/// Fails if the folder of `path` does not exist or cannot be written to.
pub fn folder_beside(path: &Path) -> io::Result<Unfinished> {
    let folder = folder_of(path);
    take_leftovers_away(folder);
    loop {
        let made = Builder::new().prefix(UNFINISHED).tempdir_in(folder)?;
        // Where folders cannot be opened as files, leftovers cannot either, and stay
        let Ok(mark) = File::open(made.path()) else {
            return Ok(Unfinished { folder: made, _mark: None });
        };
        if is_taken(&mark, made.path()) {
            return Ok(Unfinished { folder: made, _mark: Some(mark) });
        }
    }
}

/// A folder whose content is not whole yet.
pub struct Unfinished {
    folder: TempDir,
    /// Locked, so that others see that it is in use.
    _mark: Option<File>,
}

impl Unfinished {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The folder that a file is in; for a bare name, `.` instead of the empty path, which no system call
/// accepts.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Locks what was made, and says whether it still exists: another program may have taken it for a
/// leftover before it was locked.
fn is_taken(file: &File, path: &Path) -> bool {
    // Where a disk does not support locks, leftovers are not removed either
    !matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) && path.exists()
}

/// Removes what killed programs have left: a lock ends with the program that holds it.
fn take_leftovers_away(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        let path = entry.path();
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            // What cannot be removed does no harm
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

/// Folders made for what is to be written; those that are still empty are removed with this value.
pub struct MadeFolders(Vec<PathBuf>);

/// Makes a folder and its parents.
pub fn make_folder(folder: &Path) -> io::Result<MadeFolders> {
    let is_missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let missing = folder.ancestors().take_while(is_missing).map(Path::to_owned);
    let made = MadeFolders(missing.collect());
    fs::create_dir_all(folder)?;
    Ok(made)
}

impl MadeFolders {
    /// Whether the folder did not exist before.
    pub fn are_new(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        // A folder with something in it is not removed, nor are those around it
        let _ = self.0.iter().try_for_each(fs::remove_dir);
    }
}

/// Temporary files are private to their owner unless told otherwise; these will be kept.
#[cfg(unix)]
fn readable_like_any_other_file(builder: &mut Builder) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn readable_like_any_other_file(_: &mut Builder) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_fails_halfway_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        fs::write(&path, "old").unwrap();

        let outcome = write(&path, |writer| {
            writer.write_all(b"half")?;
            Err(io::Error::other("the ink ran out"))
        });

        assert_eq!(outcome.unwrap_err().to_string(), "the ink ran out");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_whole_file_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers");
        fs::write(&path, "old").unwrap();
        write(&path, |writer| writer.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_that_any_other_file_would_have() {
        let folder = tempfile::tempdir().unwrap();
        let [ours, any] = ["ours", "any"].map(|name| folder.path().join(name));
        write(&ours, |writer| writer.write_all(b"1")).unwrap();
        fs::write(&any, "1").unwrap();
        let permissions = |path| fs::metadata(path).unwrap().permissions();
        assert_eq!(permissions(ours), permissions(any));
    }

    #[test]
    fn leftovers_are_taken_away_and_what_is_in_use_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path(".handwritten-1"), "half").unwrap();
        fs::create_dir(path(".handwritten-2")).unwrap();
        fs::write(path(".handwritten-2/page"), "half").unwrap();
        fs::write(path(".diary"), "dear").unwrap();

        let in_use = create_beside(&path("numbers")).unwrap();
        let folder_in_use = folder_beside(&path("book")).unwrap();
        write(&path("numbers"), |writer| writer.write_all(b"new")).unwrap();

        let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<_> = names.collect();
        names.sort();
        let mut expected =
            [path(".diary"), path("numbers"), in_use.path().into(), folder_in_use.path().into()];
        expected.sort();
        assert_eq!(names, expected);
    }

    #[test]
    fn folders_that_stay_empty_go_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        drop(make_folder(&path("a/b")).unwrap());
        assert!(!path("a").exists());

        let made = make_folder(&path("a/b")).unwrap();
        fs::write(path("a/numbers"), "1").unwrap();
        drop(made);
        assert!(path("a").exists() && !path("a/b").exists());

        let made = make_folder(&path("a")).unwrap();
        assert!(!made.are_new());
        fs::remove_file(path("a/numbers")).unwrap();
        drop(made);
        assert!(path("a").exists());
    }
}
