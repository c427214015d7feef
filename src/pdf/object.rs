//! What a PDF is made of. Streams hold the place of their data in the file, not the data, so that a file of images
//! costs nothing until a page asks for one.

use std::ops::Range;

/// A direct object, or a reference to one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    /// With its `#xx` escapes undone.
    Name(Box<[u8]>),
    /// Decrypted bytes.
    String(Box<[u8]>),
    Array(Box<[Object]>),
    Dictionary(Dictionary),
    Stream(Box<Stream>),
    /// Number of an indirect object. Generations tell nothing that the cross-reference table does not.
    Reference(u32),
}

/// Entries sorted by key; of two entries with one key the later one is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dictionary(Box<[(Box<[u8]>, Object)]>);

/// A dictionary with data.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stream {
    pub(super) dict: Dictionary,
    /// Where its encoded data stands in the file.
    pub(super) data: Range<usize>,
    /// Number and generation: encryption needs both.
    pub(super) id: (u32, u16),
}

impl Dictionary {
    pub(super) fn new(mut entries: Vec<(Box<[u8]>, Object)>) -> Self {
        // Stable, so that the last of equal keys stays last; then the earlier ones go.
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.reverse();
        entries.dedup_by(|later, earlier| later.0 == earlier.0);
        entries.reverse();
        Self(entries.into_boxed_slice())
    }

    /// The entry as it stands; references are not followed.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Object> {
        let at = self.0.binary_search_by(|(k, _)| k.as_ref().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The entry with its key.
    pub(super) fn entry(&self, key: &[u8]) -> Option<(&[u8], &Object)> {
        let at = self.0.binary_search_by(|(k, _)| k.as_ref().cmp(key)).ok()?;
        self.0.get(at).map(|(k, value)| (k.as_ref(), value))
    }

    /// Both; where both have an entry, the newer one's.
    pub(super) fn joined(self, newer: Self) -> Self {
        if self.0.is_empty() {
            return newer;
        }
        Self::new(self.0.into_iter().chain(newer.0).collect())
    }

    pub(super) fn has(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    /// Whether `Type` is this name.
    pub(super) fn has_type(&self, name: &[u8]) -> bool {
        matches!(self.get(b"Type"), Some(Object::Name(n)) if n.as_ref() == name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Object> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl Object {
    pub(super) fn as_reference(&self) -> Option<u32> {
        match self {
            Object::Reference(number) => Some(*number),
            _ => None,
        }
    }
}

/// The dictionary of a dictionary or stream.
pub(super) fn as_dict(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// An integer or a real that is finite.
pub(super) fn as_number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(v) => Some(*v as f64),
        Object::Real(v) if v.is_finite() => Some(*v),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_entries_with_one_key_the_later_one_is_kept() {
        let entry = |key: &[u8], value| (Box::from(key), Object::Integer(value));
        let dict = Dictionary::new(vec![entry(b"b", 1), entry(b"a", 2), entry(b"b", 3)]);
        assert_eq!(dict.get(b"b"), Some(&Object::Integer(3)));
        assert_eq!(dict.get(b"a"), Some(&Object::Integer(2)));
        assert_eq!((dict.iter().count(), dict.has(b"c")), (2, false));
    }
}
