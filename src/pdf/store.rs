//! Objects of one file, however they were loaded: references are followed here and nowhere else.

use super::stream::Budget;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// References to references are followed this far; more is a cycle.
const CHAIN: usize = 16;

static NULL: Object = Object::Null;

/// The objects of a file and the budget for inflating its streams.
pub(super) struct Store {
    document: Document,
    pub(super) budget: Budget,
}

impl Store {
    pub(super) fn new(document: Document, budget: Budget) -> Self {
        Self { document, budget }
    }

    pub(super) fn trailer(&self) -> &Dictionary {
        &self.document.trailer
    }

    /// The object with this id.
    pub(super) fn object(&self, id: ObjectId) -> Option<&Object> {
        self.document.objects.get(&id)
    }

    /// The object itself, after following references; null where one leads nowhere.
    pub(super) fn resolve<'s>(&'s self, object: &'s Object) -> &'s Object {
        let mut object = object;
        for _ in 0..CHAIN {
            let Object::Reference(id) = object else { return object };
            match self.object(*id) {
                Some(next) => object = next,
                None => return &NULL,
            }
        }
        &NULL
    }

    /// A dictionary's entry, resolved; `None` where it is missing or null.
    pub(super) fn get<'s>(&'s self, dict: &'s Dictionary, key: &[u8]) -> Option<&'s Object> {
        match self.resolve(dict.get(key).ok()?) {
            Object::Null => None,
            object => Some(object),
        }
    }

    /// An entry that is a dictionary (or a stream: then its dictionary).
    pub(super) fn dict<'s>(&'s self, dict: &'s Dictionary, key: &[u8]) -> Option<&'s Dictionary> {
        as_dict(self.get(dict, key)?)
    }

    pub(super) fn array<'s>(&'s self, dict: &'s Dictionary, key: &[u8]) -> Option<&'s [Object]> {
        match self.get(dict, key)? {
            Object::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn stream<'s>(&'s self, dict: &'s Dictionary, key: &[u8]) -> Option<&'s Stream> {
        match self.get(dict, key)? {
            Object::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    pub(super) fn name<'s>(&'s self, dict: &'s Dictionary, key: &[u8]) -> Option<&'s [u8]> {
        match self.get(dict, key)? {
            Object::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn number(&self, dict: &Dictionary, key: &[u8]) -> Option<f64> {
        as_number(self.get(dict, key)?)
    }

    pub(super) fn integer(&self, dict: &Dictionary, key: &[u8]) -> Option<i64> {
        self.number(dict, key).map(|v| v as i64)
    }

    /// Exactly `N` numbers.
    pub(super) fn numbers<const N: usize>(&self, dict: &Dictionary, key: &[u8]) -> Option<[f64; N]> {
        let items = self.array(dict, key)?;
        let mut out = [0.0; N];
        for (slot, i) in out.iter_mut().zip(0..) {
            *slot = as_number(self.resolve(items.get(i)?))?;
        }
        Some(out)
    }

    /// Ids of all objects that are loaded, ascending: only for repair.
    pub(super) fn ids(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.document.objects.keys().copied()
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
        Object::Real(v) if v.is_finite() => Some(f64::from(*v)),
        _ => None,
    }
}
