//! libFuzzer's way in: it feeds the reader that the environment names.

#![no_main]

use handwritten_fuzz::{READERS, Reader};
use std::{env, sync::LazyLock};

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let name = env::var("READER").unwrap_or_default();
    let named = READERS.iter().find(|(known, _)| *known == name);
    named.expect("READER=… names one of the folders of corpus/").1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| READER(bytes));
