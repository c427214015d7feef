//! JSON text → a tree that keeps each value's own text, so that a number is read from its digits and never passes
//! through a binary float. serde_json does the parsing; what is its own is only that numbers stay text.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Levels of nesting that are read. The contract has nine; each level is scanned once more, so this bounds the work.
const MAX_DEPTH: usize = 32;

/// A value with the text that it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Tree<'t> {
    pub(crate) text: &'t str,
    node: Node<'t>,
}

#[derive(Clone, Debug)]
enum Node<'t> {
    Null,
    Bool(bool),
    Number,
    String(String),
    Array(Vec<Tree<'t>>),
    Object(Vec<(String, Tree<'t>)>),
}

impl<'t> Tree<'t> {
    /// The value of a JSON text.
    ///
    /// # Errors
    /// In serde_json's words: bad escapes, or more than 32 levels.
    pub(crate) fn new(raw: &'t RawValue) -> Result<Self, serde_json::Error> {
        Self::at(raw.get(), 0)
    }

    fn at(text: &'t str, depth: usize) -> Result<Self, serde_json::Error> {
        if depth > MAX_DEPTH {
            return Err(serde::de::Error::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let below = |raw: &'t RawValue| Self::at(raw.get(), depth + 1);
        let node = match text.as_bytes().first() {
            Some(b'{') => {
                let fields = serde_json::from_str::<Fields>(text)?.0;
                let read = fields.into_iter().map(|(key, raw)| Ok((key, below(raw)?)));
                Node::Object(read.collect::<Result<_, serde_json::Error>>()?)
            }
            Some(b'[') => {
                let items: Vec<&'t RawValue> = serde_json::from_str(text)?;
                Node::Array(items.into_iter().map(below).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Node::String(serde_json::from_str(text)?),
            Some(b't') => Node::Bool(true),
            Some(b'f') => Node::Bool(false),
            Some(b'n') => Node::Null,
            _ => Node::Number,
        };
        Ok(Self { text, node })
    }

    /// The value under a key; of several the last one, as JSON parsers have it.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree<'t>> {
        self.as_object()?.iter().rev().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    pub(crate) fn as_object(&self) -> Option<&[(String, Tree<'t>)]> {
        if let Node::Object(fields) = &self.node { Some(fields) } else { None }
    }

    pub(crate) fn as_array(&self) -> Option<&[Tree<'t>]> {
        if let Node::Array(items) = &self.node { Some(items) } else { None }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Node::String(text) = &self.node { Some(text) } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Node::Bool(value) = self.node { Some(value) } else { None }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        self.as_number()?.parse().ok()
    }

    /// The digits of a number as they are written.
    pub(crate) fn as_number(&self) -> Option<&'t str> {
        matches!(self.node, Node::Number).then_some(self.text)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.node, Node::Null)
    }
}

/// What serde_json says, without a position: that would count from the part, not from the file.
pub(crate) fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
}

/// Keys and values of an object in their order.
struct Fields<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Fields<'t> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'t> Visitor<'t> for Collect {
            type Value = Fields<'t>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn with<T>(text: &str, read: impl FnOnce(Result<Tree, serde_json::Error>) -> T) -> T {
        read(Tree::new(serde_json::from_str(text).unwrap()))
    }

    #[test]
    fn numbers_keep_their_digits_and_keys_their_order() {
        with(r#"{"b": [43.00, null, true], "a": "\u4e2d", "b": {"n": 7}}"#, |tree| {
            let tree = tree.unwrap();
            assert_eq!(tree.as_object().unwrap().iter().map(|(k, _)| k.as_str()).collect::<String>(), "bab");
            assert_eq!(tree.as_object().unwrap()[0].1.as_array().unwrap()[0].as_number(), Some("43.00"));
            assert_eq!(tree.get("b").unwrap().get("n").unwrap().as_u64(), Some(7));
            assert_eq!(tree.get("a").unwrap().as_str(), Some("中"));
        });
    }

    #[test]
    fn a_deep_nest_is_an_error() {
        with(&("[".repeat(100_000) + &"]".repeat(100_000)), |tree| {
            assert!(tree.unwrap_err().to_string().contains("nested deeper"));
        });
    }
}
