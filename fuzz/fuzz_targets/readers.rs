//! libFuzzer's way in: it feeds the reader that the environment names.

#![no_main]

use std::{env, sync::LazyLock};

static READER: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = env::var("READER").unwrap_or_default();
    let named = handwritten_fuzz::READERS.iter().find(|(known, _)| *known == name);
    named.expect("READER=… names one of the folders of corpus/").1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| READER(bytes));
