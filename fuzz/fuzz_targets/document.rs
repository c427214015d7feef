//! Bytes of a file → documents.
#![no_main]

#[path = "../../tests/common/mod.rs"]
mod common;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = common::properties::document(data, &yusuan::Options::default());
});
