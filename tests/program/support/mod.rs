//! The real program in a temporary folder, and data for it that every machine makes alike.

#![allow(dead_code, unused_imports, reason = "no file of tests needs all of it")]

mod data;
pub mod mirror;
mod shown;
pub mod tls;

pub use data::{MINI, Numbers, clouds, moons, rings};
pub use shown::hold_to_the_book;
use std::{
    fs,
    io::BufWriter,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};
use tempfile::TempDir;

/// A folder in which the program runs, and where MNIST is not to be found.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder that holds files already.
    pub fn with<const N: usize>(files: [(&str, String); N]) -> Self {
        let folder = Self::new();
        for (name, content) in files {
            fs::write(folder.path(name), content).unwrap();
        }
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The command as it stands.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handwritten"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path());
        command.env_remove("MNIST_DIR");
        // Mirrors on this machine are asked directly
        for proxy in
            ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        {
            command.env_remove(proxy);
        }
        command
    }

    /// The command with figures as SVG, unless it names a format: a PNG takes longer to draw than most
    /// of these networks to train.
    pub fn sketching(&self, arguments: &str) -> Command {
        let mut command = self.command(arguments);
        if !arguments.contains("--format") {
            command.args(["--format", "svg"]);
        }
        command
    }

    pub fn run(&self, arguments: &str) -> Output {
        self.sketching(arguments).output().unwrap()
    }

    /// Runs it; also returns the most memory in bytes that it had, where there is a `/proc` to tell.
    pub fn watched(&self, arguments: &str) -> (Output, u64) {
        let mut program = self.sketching(arguments);
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            let told = fs::read_to_string(&status).unwrap_or_default();
            let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
            most = most.max(1024 * kilobytes.unwrap_or(0_u64));
            sleep(Duration::from_millis(2));
        }
        (child.wait_with_output().unwrap(), most)
    }

    /// Starts it, and does not wait for its end.
    pub fn start(&self, arguments: &str) -> Child {
        self.sketching(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs it and returns what it printed; it must succeed.
    #[track_caller]
    pub fn succeed(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs it with `--json` and returns the object that it printed.
    #[track_caller]
    pub fn json(&self, arguments: &str) -> serde_json::Value {
        serde_json::from_str(&self.succeed(&format!("{arguments} --json"))).unwrap()
    }

    /// Runs it and returns its complaint; it must fail with this exit code and print nothing else.
    #[track_caller]
    pub fn refusal(&self, arguments: &str, code: i32) -> String {
        let output = self.run(arguments);
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {complaint}");
        assert!(output.stdout.is_empty(), "{arguments} printed {}", text(&output.stdout));
        assert!(!complaint.contains("panicked"), "{arguments}: {complaint}");
        complaint
    }
}

/// Where MNIST is, for tests that are ignored without it.
pub fn mnist() -> PathBuf {
    let folder = std::env::var_os("MNIST_DIR").expect("MNIST_DIR names the folder with MNIST");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// A name in Latin-1, with `ü` for `~`: a byte that no UTF-8 has on its own.
#[cfg(unix)]
pub fn latin_1(name: &str) -> std::ffi::OsString {
    let bytes = name.bytes().map(|byte| if byte == b'~' { 0xfc } else { byte });
    std::os::unix::ffi::OsStringExt::from_vec(bytes.collect())
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names and contents of all files of a folder, but for its lock.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(path).unwrap()))
        .filter(|(name, _): &(String, _)| name != ".lock")
        .collect();
    files.sort();
    files
}

/// A penned digit as somebody would photograph it: larger, and dark on light.
pub fn write_png(path: &Path, digit: &[u8]) {
    const ENLARGED: usize = 9;
    let side = 28 * ENLARGED;
    let grey = |i: usize| 255 - digit[i / side / ENLARGED * 28 + i % side / ENLARGED];
    let pixels: Vec<u8> = (0..side * side).map(grey).collect();
    let file = BufWriter::new(fs::File::create(path).unwrap());
    let mut encoder = png::Encoder::new(file, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
}
