//! Encrypted files give what the plain file gives, but for the file's hash: every kind of encryption, opened with the
//! empty password and with one.
#![allow(clippy::unwrap_used, deprecated)] // R5 is out of date, but files have it

use lopdf::encryption::crypt_filters::{Aes128CryptFilter, Aes256CryptFilter, CryptFilter};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, StringFormat};
use std::collections::BTreeMap;
use std::sync::Arc;
use yusuan::output::json::{self, Settings};
use yusuan::output::writer::Style;
use yusuan::{Error, Options};

const KINDS: [&str; 5] =
    ["RC4 of 40 bits", "RC4 of 128 bits", "AES of 128 bits", "AES of 256 bits, R5", "AES of 256 bits, R6"];

/// The file, encrypted so that this password opens it.
fn encrypted(pdf: &[u8], kind: usize, user_password: &str) -> Vec<u8> {
    let mut file = Document::load_mem(pdf).unwrap();
    let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
    file.trailer.set("ID", vec![id.clone(), id]);
    let (owner_password, permissions) = ("owner", Permissions::all());
    let filters = |filter: Arc<dyn CryptFilter>| BTreeMap::from([(b"StdCF".to_vec(), filter)]);
    let (stream_filter, string_filter) = (b"StdCF".to_vec(), b"StdCF".to_vec());
    let version = match kind {
        0 => EncryptionVersion::V1 { document: &file, owner_password, user_password, permissions },
        1 => EncryptionVersion::V2 {
            document: &file,
            owner_password,
            user_password,
            key_length: 128,
            permissions,
        },
        2 => EncryptionVersion::V4 {
            document: &file,
            encrypt_metadata: true,
            crypt_filters: filters(Arc::new(Aes128CryptFilter)),
            stream_filter,
            string_filter,
            owner_password,
            user_password,
            permissions,
        },
        3 => EncryptionVersion::R5 {
            encrypt_metadata: true,
            crypt_filters: filters(Arc::new(Aes256CryptFilter)),
            file_encryption_key: &[7; 32],
            stream_filter,
            string_filter,
            owner_password,
            user_password,
            permissions,
        },
        _ => EncryptionVersion::V5 {
            encrypt_metadata: true,
            crypt_filters: filters(Arc::new(Aes256CryptFilter)),
            file_encryption_key: &[7; 32],
            stream_filter,
            string_filter,
            owner_password,
            user_password,
            permissions,
        },
    };
    let state = EncryptionState::try_from(version).unwrap();
    file.encrypt(&state).unwrap();
    let mut out = Vec::new();
    file.save_to(&mut out).unwrap();
    out
}

/// What comes out, without what tells one file from another.
fn read(pdf: &[u8], password: Option<&str>) -> Result<String, Error> {
    let options = Options { password: password.map(str::to_owned), ..Options::default() };
    let mut documents = yusuan::extract(pdf, &options)?;
    for document in &mut documents {
        (document.source.sha256, document.source.bytes) = (String::new(), 0);
    }
    let mut out = Vec::new();
    json::file(&mut out, &documents, Settings { style: Style::Compact, cells: true });
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn every_kind_of_encryption_gives_the_output_of_the_plain_file() {
    // this sample has an error that the second reader is asked about
    let pdf = std::fs::read("samples/writer-grid.pdf").unwrap();
    let plain = read(&pdf, None).unwrap();
    assert!(plain.contains("a second reader finds the same digits"));
    for (kind, name) in KINDS.iter().enumerate() {
        assert!(read(&encrypted(&pdf, kind, ""), None).unwrap() == plain, "{name}, no password");
        let locked = encrypted(&pdf, kind, "secret");
        assert!(read(&locked, Some("secret")).unwrap() == plain, "{name}, password");
        let error = read(&locked, None).unwrap_err();
        assert!(matches!(error, Error::Encrypted), "{name}: {error}");
        let error = read(&locked, Some("Secret")).unwrap_err();
        assert!(matches!(error, Error::WrongPassword), "{name}: {error}");
    }
}

/// The plain file with another value of a key of its encryption dictionary.
fn with_entry(key: &str, value: Object) -> Vec<u8> {
    let pdf = std::fs::read("samples/writer-grid.pdf").unwrap();
    let mut file = Document::load_mem(&pdf).unwrap();
    let mut entries = lopdf::Dictionary::new();
    for (key, value) in [
        ("Filter", Object::Name(b"Standard".to_vec())),
        ("V", Object::Integer(2)),
        ("R", Object::Integer(3)),
        ("Length", Object::Integer(128)),
        ("P", Object::Integer(-4)),
        ("O", Object::String(vec![1; 32], StringFormat::Hexadecimal)),
        ("U", Object::String(vec![2; 32], StringFormat::Hexadecimal)),
    ] {
        entries.set(key, value);
    }
    entries.set(key, value);
    let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
    file.trailer.set("ID", vec![id.clone(), id]);
    file.trailer.set("Encrypt", Object::Dictionary(entries));
    let mut out = Vec::new();
    file.save_to(&mut out).unwrap();
    out
}

#[test]
fn what_a_library_says_of_encryption_never_reaches_the_user() {
    for (key, value) in [
        ("V", Object::Integer(9)),
        ("V", Object::Integer(0)),
        ("R", Object::Integer(99)),
        ("O", Object::String(b"short".to_vec(), StringFormat::Literal)),
        ("U", Object::Null),
        ("P", Object::Null),
        ("Filter", Object::Name(b"Adobe.PubSec".to_vec())),
    ] {
        let message = read(&with_entry(key, value), None).unwrap_err().to_string();
        let foreign = ["lopdf", "implemented", "hash length", "invalid"];
        assert!(!foreign.iter().any(|word| message.contains(word)), "{key}: {message}");
        assert!(message.contains("crypt"), "{key}: {message}");
    }
}

#[test]
fn a_project_s_settings_hold_the_password_of_each_file_and_a_wrong_one_is_told_as_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let pdf = std::fs::read("samples/writer-grid.pdf").unwrap();
    for (name, password) in [("a.pdf", "first"), ("b.pdf", "second"), ("c.pdf", "third")] {
        std::fs::write(dir.path().join(name), encrypted(&pdf, 2, password)).unwrap();
    }
    let settings = "[passwords]\n\"a.pdf\" = \"first\"\n\"b*.pdf\" = \"second\"\n\"c.pdf\" = \"not third\"\n";
    std::fs::write(dir.path().join("yusuan.toml"), settings).unwrap();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yusuan"));
    let output =
        command.args(["extract", ".", "-o", "out"]).env("LC_ALL", "C").current_dir(dir.path()).output();
    let (output, out) = (output.unwrap(), dir.path().join("out"));
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("c.pdf: the password is wrong"), "{err}");
    assert!(out.join("a.json").is_file() && out.join("b.json").is_file() && !out.join("c.json").exists());
}
