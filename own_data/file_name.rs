//! Paths as text that can be turned back, whatever their bytes.
//!
//! On most systems a path is any sequence of bytes, while JSON is Unicode. What is no UTF-8 is
//! percent-encoded (RFC 3986, section 2.1).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::path::{Path, PathBuf};

/// A path in JSON: usually a text.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Written {
    Plain(PathBuf),
    Encoded { percent_encoded: String },
}

/// Writes a path as a text if it is one, otherwise as an object with its percent-encoded bytes.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let written = match path.to_str() {
        Some(_) => Written::Plain(path.to_owned()),
        None => Written::Encoded { percent_encoded: encode(path) },
    };
    written.serialize(serializer)
}

/// Reads what [`serialize`] wrote.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(match Written::deserialize(deserializer)? {
        Written::Plain(path) => path,
        Written::Encoded { percent_encoded } => decode(&percent_encoded),
    })
}

/// The bytes of a path, but for letters, digits and signs of ASCII, as `%` and two hexadecimal digits.
#[cfg(unix)]
pub fn encode(path: &Path) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
    use std::os::unix::ffi::OsStrExt;
    const ENCODED: &AsciiSet = &CONTROLS.add(b'%');
    percent_encode(path.as_os_str().as_bytes(), ENCODED).to_string()
}

/// The path that [`encode`] was given.
#[cfg(unix)]
pub fn decode(text: &str) -> PathBuf {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};
    OsString::from_vec(percent_encoding::percent_decode_str(text).collect()).into()
}

/// Elsewhere, what is no Unicode is replaced.
#[cfg(not(unix))]
pub fn encode(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(not(unix))]
pub fn decode(text: &str) -> PathBuf {
    text.into()
}

#[cfg(all(test, unix))]
mod tests {
    use crate::{Source, formats::TableOptions};
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    #[test]
    fn any_path_survives_json_and_a_plain_one_stays_plain() {
        for (bytes, json) in [
            (&b"data/iris.csv"[..], r#""data/iris.csv""#),
            ("blüten %41.csv".as_bytes(), r#""blüten %41.csv""#),
            (b"bl\xfcten.csv", r#"{"percent_encoded":"bl%FCten.csv"}"#),
            (b"100%\xff\n%41.csv", r#"{"percent_encoded":"100%25%FF%0A%2541.csv"}"#),
        ] {
            let data = OsStr::from_bytes(bytes).into();
            let source = Source::File { data, table: TableOptions::default(), transpose: false };
            let written = serde_json::to_string(&source).unwrap();
            assert_eq!(written, format!(r#"{{"file":{{"data":{json},"label":null}}}}"#));
            assert_eq!(serde_json::from_str::<Source>(&written).unwrap(), source);
        }
    }
}
