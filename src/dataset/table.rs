use super::{Error, Labelled};
use std::path::Path;

impl Labelled {
    /// Comes.
    pub fn read_csv(path: &Path, _label: Option<&str>) -> Result<Self, Error> {
        Err(Error::UnknownFormat { path: path.into() })
    }

    /// Comes.
    pub fn write_csv(&self, path: &Path) -> Result<(), Error> {
        Err(Error::UnknownFormat { path: path.into() })
    }
}
