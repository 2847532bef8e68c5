//! Downloads files whose content is known, from whichever mirror has them.

use chapters::dataset::{
    DataError, atomic_file,
    mnist::{self, KnownFile},
};
use rustls::CertificateError;
use rustls_native_certs::{CertificateResult, load_native_certs};
use std::{
    env,
    fs::File,
    io::{self, Read, Seek, Write},
    path::Path,
    time::Duration,
};
use tempfile::NamedTempFile;
use ureq::{
    Agent, Body,
    config::ConfigBuilder,
    tls::{Certificate, RootCerts, TlsConfig},
    typestate::AgentScope,
};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

/// The largest file of MNIST has 9.7 million bytes when compressed, about half of this.
const LARGEST_DOWNLOAD: u64 = 20_000_000;

/// What ends one download.
enum Failure {
    /// The next mirror may do better.
    Mirror(String),
    /// No mirror will.
    Disk(io::Error),
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        Self::Mirror(if is_untrusted(&error) { why_untrusted() } else { error.to_string() })
    }
}

/// What every download needs.
pub struct Downloader<'a> {
    pub agent: &'a Agent,
    pub folder: &'a Path,
    /// Is told the file, the bytes received so far, and the bytes in total, or 0 if the mirror does
    /// not say.
    pub on_progress: &'a dyn Fn(&str, u64, u64),
}

impl Downloader<'_> {
    /// Fetches files into a folder, compressed as `.gz`, unless they are already there.
    ///
    /// Every file is tried from each mirror in turn. It gets its name only after its content has been
    /// verified, so that no half-written file is ever left behind.
    ///
    /// Fails if the folder cannot be written to, if it has a file of that name with other content, or
    /// if no mirror has the file.
    pub fn fetch(&self, files: &[KnownFile], mirrors: &[String]) -> Result<(), DataError> {
        // Check what is there before anything is downloaded
        let mut missing = Vec::new();
        for known in files {
            if !is_there(self.folder, known)? {
                missing.push(known);
            }
        }

        let mut mirrors = mirrors.to_vec();
        for known in missing {
            // Ask the mirror that had this file first from now on
            let asked = self.fetch_file(known, &mirrors)?;
            mirrors[..=asked].rotate_right(1);
        }
        Ok(())
    }

    /// Fetches one file from the first mirror that has it, and returns which one that is.
    fn fetch_file(&self, known: &KnownFile, mirrors: &[String]) -> Result<usize, DataError> {
        let mut attempts = Vec::new();
        for (i, mirror) in mirrors.iter().enumerate() {
            match self.download(known, mirror) {
                Ok(()) => return Ok(i),
                Err(Failure::Mirror(reason)) => attempts.push(format!("\n  {mirror}: {reason}")),
                Err(Failure::Disk(source)) => return Err(unwritable(self.folder)(source)),
            }
        }
        let (file, folder) = (known.name, self.folder.display());
        Err(DataError::plain(format!(
            "no mirror could provide {file}:{}\ncheck the connection, or put the file into {folder} yourself",
            attempts.concat()
        )))
    }

    /// Downloads one file from one mirror, verifies it, and only then gives it its name.
    fn download(&self, known: &KnownFile, mirror: &str) -> Result<(), Failure> {
        let name = format!("{}.gz", known.name);
        let path = self.folder.join(&name);

        // Ask for the file
        let url = format!("{}/{name}", mirror.trim_end_matches('/'));
        let mut response = self.agent.get(&url).call()?;

        // Save it under a name that disappears if anything goes wrong
        let mut file = atomic_file::create_beside(&path).map_err(Failure::Disk)?;
        save(response.body_mut(), file.as_file_mut(), known, self.on_progress)?;

        keep(file, &path, known)
    }
}

/// A client that waits no longer than this for a file, follows few redirects, and trusts Mozilla's
/// authorities, which are built in, and the system's.
pub fn polite(seconds: u64) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(authorities()).build())
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(Duration::from_secs(seconds)))
        .max_redirects(3)
}

/// The certificates of all authorities that are trusted. As for curl, those that `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` name stand in for the system's.
fn authorities() -> RootCerts {
    let built_in = TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der));
    let system = load_native_certs().certs.into_iter();
    built_in.chain(system.map(|der| Certificate::from_der(&der).to_owned())).into()
}

/// Whether the certificate of a server leads to no authority that is trusted.
fn is_untrusted(error: &ureq::Error) -> bool {
    let ureq::Error::Io(error) = error else { return false };
    let reason = error.get_ref().and_then(|reason| reason.downcast_ref());
    matches!(reason, Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)))
}

/// Which authorities are trusted, and how to trust another.
fn why_untrusted() -> String {
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
        .into_iter()
        .filter_map(|name| env::var_os(name).map(|value| format!("in {name}={}", value.display())));
    let named: Vec<String> = named.collect();
    let place = if named.is_empty() { "of the system".to_owned() } else { named.join(" and ") };
    let CertificateResult { certs, errors, .. } = load_native_certs();
    let problems: Vec<String> = errors.iter().map(|problem| format!(" ({problem})")).collect();
    format!(
        "its certificate is signed by none of the authorities that are built in, nor by one of the {} \
         {place}{}; if your network has its own, name a PEM file of its certificate with \
         SSL_CERT_FILE",
        certs.len(),
        problems.concat()
    )
}

/// Whether a file is in the folder already, in any spelling, and has the right content.
fn is_there(folder: &Path, known: &KnownFile) -> Result<bool, DataError> {
    let path = mnist::locate(folder, known.name)?;
    let Some(path) = path else { return Ok(false) };
    let file = File::open(&path).map_err(DataError::unreadable(&path));
    let reason = match file.and_then(|file| mnist::verify(file, &path, known)) {
        Ok(Ok(_)) => return Ok(true),
        Ok(Err(reason)) => reason,
        Err(error) if error.is_unreadable() => return Err(error),
        Err(error) => error.to_string(),
    };
    // It may be precious to the reader
    let found = format!("already exists and is not the MNIST file: {reason}");
    Err(DataError::new(&path, found).remedy("move it away, then fetch again"))
}

/// Gives a file its name if its content is the right one.
fn keep(file: NamedTempFile, path: &Path, known: &KnownFile) -> Result<(), Failure> {
    file.as_file().rewind().map_err(Failure::Disk)?;
    let content = mnist::verify(file.as_file(), path, known);
    content.map_err(|error| Failure::Mirror(error.to_string()))?.map_err(Failure::Mirror)?;
    atomic_file::keep(file, path).map_err(Failure::Disk)
}

/// The most bytes that a compressed file can have: compression makes nothing noticeably larger.
fn largest_download(known: &KnownFile) -> u64 {
    let slack = known.bytes / 1000 + 1000;
    LARGEST_DOWNLOAD.min(known.bytes + slack)
}

/// Saves what arrives, and refuses the first byte too many.
fn save(
    body: &mut Body,
    file: &mut File,
    known: &KnownFile,
    on_progress: &dyn Fn(&str, u64, u64),
) -> Result<(), Failure> {
    let (total, largest) = (body.content_length().unwrap_or(0), largest_download(known));
    let mut arriving = body.as_reader();
    let mut buffer = vec![0; 1 << 16];
    let mut done = 0;
    while let count @ 1.. = arriving.read(&mut buffer).map_err(ureq::Error::from)? {
        done += count as u64;
        if done > largest {
            let reason = format!("expected at most {largest} bytes, found more");
            return Err(Failure::Mirror(reason));
        }
        file.write_all(&buffer[..count]).map_err(Failure::Disk)?;
        on_progress(known.name, done, total);
    }
    Ok(())
}

fn unwritable(folder: &Path) -> impl FnOnce(io::Error) -> DataError {
    move |source| {
        DataError::plain(format!("could not write to {}: {source}", folder.display()))
            .remedy("check that it is a folder with free space")
    }
}

#[cfg(test)]
#[path = "../tests/program/support/mirror.rs"]
mod mirror;

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::fs;
    use std::path::PathBuf;
    use std::sync::atomic::Ordering;

    use super::mirror::{closed_mirror, mirror, not_found, ok, response};
    use chapters::dataset::idx;
    use ndarray::{ArrayD, array};
    use tempfile::TempDir;

    /// A small array as a compressed file, with the digest of its content.
    fn packed(array: &ArrayD<u8>) -> (Vec<u8>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("array.gz");
        idx::write(&path, array).unwrap();
        (fs::read(&path).unwrap(), idx::read_with_digest(&path).unwrap().sha256)
    }

    fn right_array() -> ArrayD<u8> {
        array![7, 0, 9].into_dyn()
    }

    fn right() -> Vec<u8> {
        packed(&right_array()).0
    }

    fn wrong() -> Vec<u8> {
        packed(&array![7, 0, 8].into_dyn()).0
    }

    /// What became of fetching one small file, and what was left in the folder.
    struct Outcome {
        result: Result<(), DataError>,
        folder: TempDir,
        progress: Vec<(String, u64, u64)>,
    }

    impl Outcome {
        fn file_names(&self) -> Vec<String> {
            let entries = fs::read_dir(self.folder.path()).unwrap();
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        }

        fn assert_fetched(&self) {
            assert!(self.result.is_ok(), "{:?}", self.result);
            assert_eq!(self.file_names(), ["labels-idx1.gz"]);
            let path = self.folder.path().join("labels-idx1.gz");
            assert_eq!(idx::read(&path).unwrap(), right_array());
        }

        fn assert_refused(&self, reason: &str) {
            let error = self.result.as_ref().unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert_eq!(self.file_names(), [""; 0]);
        }
    }

    fn fetch_from(mirrors: &[String]) -> Outcome {
        fetch_into(tempfile::tempdir().unwrap(), mirrors)
    }

    fn fetch_into(folder: TempDir, mirrors: &[String]) -> Outcome {
        let sha256 = packed(&right_array()).1;
        let files = [KnownFile { name: "labels-idx1", bytes: 11, sha256: &sha256 }];
        let progress = RefCell::new(Vec::new());
        let on_progress = |file: &str, done, total| {
            progress.borrow_mut().push((file.to_string(), done, total));
        };
        let downloader =
            Downloader { agent: &direct_agent(), folder: folder.path(), on_progress: &on_progress };
        let result = downloader.fetch(&files, mirrors);
        Outcome { result, folder, progress: progress.into_inner() }
    }

    fn fetch_quietly(
        folder: &Path,
        files: &[KnownFile],
        mirrors: &[String],
    ) -> Result<(), DataError> {
        let downloader = Downloader { agent: &direct_agent(), folder, on_progress: &|_, _, _| () };
        downloader.fetch(files, mirrors)
    }

    /// A client that reaches this machine even where the environment names a proxy.
    fn direct_agent() -> Agent {
        polite(120).proxy(None).build().into()
    }

    #[test]
    fn a_file_is_fetched_under_its_name() {
        let mirror = mirror(|path| {
            assert_eq!(path, "/digits/labels-idx1.gz");
            ok(&right())
        });
        let outcome = fetch_from(&[mirror.url]);
        outcome.assert_fetched();
        let size = right().len() as u64;
        assert_eq!(outcome.progress.last(), Some(&("labels-idx1".to_string(), size, size)));
    }

    #[test]
    fn a_mirror_may_be_named_without_its_last_slash() {
        let url = mirror(|_| ok(&right())).url;
        fetch_from(&[url.trim_end_matches('/').to_string()]).assert_fetched();
    }

    #[test]
    fn the_second_mirror_is_asked_when_the_first_has_no_such_file() {
        let mirrors = [mirror(not_found).url, mirror(|_| ok(&right())).url];
        fetch_from(&mirrors).assert_fetched();
    }

    #[test]
    fn the_second_mirror_is_asked_when_the_first_sends_another_file() {
        let mirrors = [mirror(|_| ok(&wrong())).url, mirror(|_| ok(&right())).url];
        fetch_from(&mirrors).assert_fetched();
    }

    #[test]
    fn the_second_mirror_is_asked_when_the_first_is_closed() {
        fetch_from(&[closed_mirror(), mirror(|_| ok(&right())).url]).assert_fetched();
    }

    #[test]
    fn a_mirror_that_worked_is_asked_first_for_the_next_file() {
        let sha256 = packed(&right_array()).1;
        let files = ["first", "second"].map(|name| KnownFile { name, bytes: 11, sha256: &sha256 });
        let [poor, good] = [mirror(not_found), mirror(|_| ok(&right()))];
        let folder = tempfile::tempdir().unwrap();
        let mirrors = [poor.url, good.url];
        fetch_quietly(folder.path(), &files, &mirrors).unwrap();
        assert_eq!(poor.requests.load(Ordering::SeqCst), 1);
        assert_eq!(good.requests.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_mirror_that_says_no_length_will_do() {
        let outcome = fetch_from(&[mirror(|_| response("200 OK", "", &right())).url]);
        outcome.assert_fetched();
        assert_eq!(outcome.progress.last().unwrap().2, 0);
    }

    #[test]
    fn a_file_that_ends_before_its_announced_length_is_refused() {
        let half = |_: &str| {
            let bytes = right();
            response("200 OK", &format!("Content-Length: {}\r\n", bytes.len()), &bytes[..20])
        };
        fetch_from(&[mirror(half).url]).assert_refused("disconnected");
    }

    #[test]
    fn a_file_that_ends_early_unannounced_is_refused() {
        let half = mirror(|_| response("200 OK", "", &right()[..20]));
        fetch_from(&[half.url]).assert_refused("is damaged, expected a whole gzip file");
    }

    #[test]
    fn a_file_without_end_is_refused() {
        let endless = mirror(|_| response("200 OK", "", &vec![0; 1_000_000]));
        fetch_from(&[endless.url]).assert_refused("expected at most 1011 bytes, found more");
    }

    #[test]
    fn a_page_instead_of_a_file_is_refused() {
        let page = mirror(|_| ok(b"<!doctype html>"));
        fetch_from(&[page.url]).assert_refused("begins with the bytes 3c 21 64 6f");
    }

    #[test]
    fn a_mirror_that_sends_elsewhere_forever_is_left() {
        let circle = mirror(|path| {
            response("302 Found", &format!("Location: {path}\r\nContent-Length: 0\r\n"), b"")
        });
        fetch_from(&[circle.url]).assert_refused("redirect");
        assert_eq!(circle.requests.load(Ordering::SeqCst), 4);
    }

    #[test]
    fn every_mirror_is_listed_when_none_is_left() {
        let mirrors = [mirror(not_found).url, closed_mirror(), mirror(|_| ok(&wrong())).url];
        let outcome = fetch_from(&mirrors);
        outcome.assert_refused("no mirror could provide labels-idx1:\n");
        outcome.assert_refused(&format!("\n  {}: http status: 404\n", mirrors[0]));
        outcome.assert_refused(&format!("\n  {}: io: Connection refused", mirrors[1]));
        outcome.assert_refused(&format!("\n  {}: expected content with the SHA", mirrors[2]));
    }

    #[test]
    fn a_file_that_is_there_is_not_asked_for_again() {
        for name in ["labels-idx1", "labels-idx1.gz", "labels.idx1"] {
            let folder = tempfile::tempdir().unwrap();
            idx::write(&folder.path().join(name), &right_array()).unwrap();
            let mirror = mirror(not_found);
            let outcome = fetch_into(folder, &[mirror.url]);
            assert!(outcome.result.is_ok(), "{:?}", outcome.result);
            assert_eq!(mirror.requests.load(Ordering::SeqCst), 0);
        }
    }

    #[test]
    fn another_file_of_that_name_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels-idx1.gz");
        fs::write(&path, wrong()).unwrap();
        let outcome = fetch_into(folder, &[mirror(|_| ok(&right())).url]);
        let error = outcome.result.unwrap_err().to_string();
        assert!(error.contains("already exists and is not the MNIST file: expected"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), wrong());
    }

    #[test]
    #[ignore = "needs MNIST: MNIST_DIR=DIR cargo test with_mnist -- --ignored"]
    fn files_are_fetched_and_found_with_mnist() {
        let source = std::env::var_os("MNIST_DIR").expect("MNIST_DIR names the folder with MNIST");
        let source = PathBuf::from(source);
        let mirror = mirror(move |path| {
            let name = path.strip_prefix("/digits/").unwrap().strip_suffix(".gz").unwrap();
            ok(&fs::read(mnist::locate(&source, name).unwrap().unwrap()).unwrap())
        });
        let folder = tempfile::tempdir().unwrap();
        fetch_quietly(folder.path(), &mnist::FILES, &[mirror.url]).unwrap();
        assert_eq!(mnist::load(folder.path()).unwrap().name, "MNIST");
    }
}
