use super::Record;
use chapters::{dataset::Digits, report::Raster};
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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

    /// Fetches the pictures of the digits that were misread from those that the records were judged on.
    pub fn show_misread(&mut self, test: &Digits) {
        for digit in self
            .all_mut()
            .filter_map(|record| record.measured.as_mut())
            .flat_map(|m| &mut m.misread)
        {
            digit.picture =
                (digit.index < test.len()).then(|| Raster::grey(test.picture(digit.index)));
        }
    }

    /// Those whose names begin like this.
    pub fn named(&self, beginning: &str) -> impl Iterator<Item = &Record> {
        self.all().filter(move |record| record.name.starts_with(beginning))
    }
}
