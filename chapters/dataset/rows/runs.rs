//! Runs of white space as separators.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

/// Which white space separates cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// One or more spaces or tabs.
    Spaces,
    /// Two or more of them: a single one belongs to a cell.
    WideSpaces,
    /// One or more tabs, with any spaces around them.
    Tabs,
}

impl Run {
    fn separates(self, run: &[u8]) -> bool {
        match self {
            Self::Spaces => true,
            Self::WideSpaces => run.len() > 1,
            Self::Tabs => run.contains(&b'\t'),
        }
    }
}

/// What runs are replaced by.
pub(super) const DELIMITER: u8 = b'\t';

/// A text with one delimiter in place of each run that separates cells, and no white space around lines.
/// What stands in quotation marks stays as it is.
pub(super) struct Runs<R> {
    kind: Run,
    text: BufReader<R>,
    /// The white space since the last other byte.
    run: Vec<u8>,
    /// What has been collapsed, but not read yet.
    ready: VecDeque<u8>,
    is_quoted: bool,
    at_start: bool,
}

impl<R: Read> Runs<R> {
    pub fn new(kind: Run, text: R) -> Self {
        let text = BufReader::new(text);
        let (run, ready) = (Vec::new(), VecDeque::new());
        Self { kind, text, run, ready, is_quoted: false, at_start: true }
    }

    fn take(&mut self, byte: u8) {
        let is_end = b"\r\n".contains(&byte) && !self.is_quoted;
        match byte {
            b' ' | b'\t' if !self.is_quoted => return self.run.push(byte),
            b'"' => self.is_quoted = !self.is_quoted,
            _ => {}
        }
        if self.at_start || is_end {
            self.run.clear();
        } else if self.kind.separates(&self.run) && !self.run.is_empty() {
            self.run.clear();
            self.ready.push_back(DELIMITER);
        }
        self.ready.extend(self.run.drain(..));
        self.at_start = is_end;
        self.ready.push_back(byte);
    }
}

impl<R: Read> Read for Runs<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            let bytes = self.text.fill_buf()?.to_vec();
            if bytes.is_empty() {
                break;
            }
            for &byte in &bytes {
                self.take(byte);
            }
            self.text.consume(bytes.len());
        }
        self.ready.read(buffer)
    }
}
