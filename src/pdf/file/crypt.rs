//! Encryption by the standard security handler: RC4 with 40 to 128 bits, AES with 128 and 256. The algorithms are
//! lopdf's; which bytes they are asked for is decided here.

use crate::error::Error;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::store::Store;
use lopdf::encryption::{DecryptionError, EncryptionState, PasswordAlgorithm, decrypt_object};
use lopdf::{Object as Other, StringFormat};

/// Dictionaries of encryption are a few levels deep.
const DEPTH: usize = 8;

/// The key of a file.
pub(in crate::pdf) struct Crypt(EncryptionState);

impl Crypt {
    /// Derives the key. The empty password is tried first, then the given one.
    ///
    /// # Errors
    /// [`Error::Encrypted`] where a password is needed, [`Error::WrongPassword`] where the given one does not fit,
    /// [`Error::UnsupportedEncryption`] for other handlers and methods.
    pub(super) fn open(store: &Store, encrypt: &Dictionary, password: Option<&str>) -> Result<Self, Error> {
        let mut document = lopdf::Document::new();
        // lopdf looks only for an indirect dictionary.
        document.objects.insert((1, 0), Other::Dictionary(dictionary(store, encrypt, DEPTH)));
        document.trailer.set("Encrypt", Other::Reference((1, 0)));
        if let Some(id) = store.trailer().get(b"ID") {
            document.trailer.set("ID", convert(store, id, DEPTH));
        }
        // The handler's name first: an unknown one makes every password look wrong.
        let handler = store.name(encrypt, b"Filter").unwrap_or(b"Standard");
        if handler != b"Standard" {
            return Err(Error::UnsupportedEncryption {
                cause: format!("a handler called {}", String::from_utf8_lossy(handler)),
            });
        }
        let mut failure = None;
        for password in [Some(""), password].into_iter().flatten() {
            match document.authenticate_password(password).and_then(|()| {
                let bytes = PasswordAlgorithm::try_from(&document)?.sanitize_password(password)?;
                EncryptionState::decode(&document, bytes)
            }) {
                Ok(state) => return Ok(Self(state)),
                Err(error) => failure = Some(error),
            }
        }
        Err(explain(failure, password.is_some()))
    }

    /// A string of the object with this id.
    pub(super) fn string(&self, id: (u32, u16), text: &[u8]) -> Box<[u8]> {
        let mut object = Other::String(text.to_vec(), StringFormat::Literal);
        match (decrypt_object(&self.0, id, &mut object), object) {
            (Ok(()), Other::String(plain, _)) => plain.into_boxed_slice(),
            _ => text.into(),
        }
    }

    /// The data of a stream, still compressed. As it is where it cannot be decrypted: its filter will say so.
    pub(in crate::pdf) fn data(
        &self,
        store: &Store,
        id: (u32, u16),
        dict: &Dictionary,
        data: &[u8],
    ) -> Vec<u8> {
        let mut own = lopdf::Dictionary::new();
        for key in [&b"Type"[..], b"Filter", b"DecodeParms"] {
            if let Some(value) = dict.get(key) {
                own.set(key, convert(store, value, DEPTH));
            }
        }
        let mut object = Other::Stream(lopdf::Stream::new(own, data.to_vec()));
        match (decrypt_object(&self.0, id, &mut object), object) {
            (Ok(()), Other::Stream(stream)) => stream.content,
            _ => data.to_vec(),
        }
    }
}

/// What a person can do about it: lopdf's own words speak of its inside.
fn explain(error: Option<lopdf::Error>, given: bool) -> Error {
    use DecryptionError::{
        IncorrectPassword, Padding, StringPrep, UnsupportedEncryption, UnsupportedRevision,
        UnsupportedVersion,
    };
    let unknown =
        |what: &str| Error::UnsupportedEncryption { cause: format!("{what} that is not known here") };
    match error {
        Some(
            lopdf::Error::InvalidPassword
            | lopdf::Error::Decryption(IncorrectPassword | Padding | StringPrep(_)),
        )
        | None => {
            if given {
                Error::WrongPassword
            } else {
                Error::Encrypted
            }
        }
        Some(lopdf::Error::Decryption(UnsupportedEncryption)) => unknown("a method"),
        Some(lopdf::Error::Decryption(UnsupportedVersion)) => unknown("a version"),
        Some(lopdf::Error::Decryption(UnsupportedRevision)) => unknown("a revision"),
        Some(_) => Error::Damaged { cause: "its encryption entries are incomplete or damaged".to_owned() },
    }
}

fn dictionary(store: &Store, dict: &Dictionary, depth: usize) -> lopdf::Dictionary {
    dict.iter().map(|(key, value)| (key.to_vec(), convert(store, value, depth))).collect()
}

fn convert(store: &Store, object: &Object, depth: usize) -> Other {
    if depth == 0 {
        return Other::Null;
    }
    match store.resolve(object) {
        Object::Boolean(v) => Other::Boolean(*v),
        Object::Integer(v) => Other::Integer(*v),
        Object::Real(v) => Other::Real(*v as f32),
        Object::Name(name) => Other::Name(name.to_vec()),
        Object::String(text) => Other::String(text.to_vec(), StringFormat::Literal),
        Object::Array(items) => Other::Array(items.iter().map(|i| convert(store, i, depth - 1)).collect()),
        Object::Dictionary(dict) => Other::Dictionary(dictionary(store, dict, depth - 1)),
        Object::Null | Object::Stream(_) | Object::Reference(_) => Other::Null,
    }
}

/// Decrypts the strings of a direct object.
pub(super) fn decrypt_strings(crypt: &Crypt, id: (u32, u16), object: &mut Object) {
    match object {
        Object::String(text) => *text = crypt.string(id, text),
        Object::Array(items) => items.iter_mut().for_each(|item| decrypt_strings(crypt, id, item)),
        Object::Dictionary(dict) => dict.values_mut().for_each(|v| decrypt_strings(crypt, id, v)),
        Object::Stream(stream) => stream.dict.values_mut().for_each(|v| decrypt_strings(crypt, id, v)),
        _ => {}
    }
}
