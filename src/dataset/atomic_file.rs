//! Files that appear whole or not at all: written under another name in the same folder, then
//! renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Writes the file at `path` with what `fill` writes, or leaves what was there untouched.
///
/// Fails with what `fill` fails with, and where the folder is not there or cannot be written.
pub fn write<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&File>) -> Result<(), E>,
) -> Result<(), E> {
    let file = create_beside(path)?;
    let mut writer = BufWriter::new(file.as_file());
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    file.persist(path).map_err(|failure| failure.error)?;
    Ok(())
}

/// An empty file in the folder of `path`, which disappears unless it is renamed with `persist`.
///
/// Fails where the folder is not there or cannot be written.
pub fn create_beside(path: &Path) -> io::Result<NamedTempFile> {
    // The folder of a bare file name is the empty path, which no system call accepts.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = Builder::new();
    readable_like_any_other_file(&mut builder);
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
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
    use std::fs;

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
}
