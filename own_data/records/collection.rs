use super::Record;
use serde::{Deserialize, Serialize};

/// Records, and what was measured on the way to them.
///
/// [In the book](../../../book/chapter_07.html#which-records-are-open)
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// The records.
    pub records: Vec<Record>,
    /// What helps, and by how much: networks that differ in one thing each.
    #[serde(default)]
    pub studies: Vec<Record>,
}

impl Collection {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().chain(&self.studies)
    }

    /// All of them, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.records.iter_mut().chain(&mut self.studies)
    }

    /// Those whose names begin like this.
    pub fn named(&self, beginning: &str) -> impl Iterator<Item = &Record> {
        self.all().filter(move |record| record.name.starts_with(beginning))
    }
}
