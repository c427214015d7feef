//! Object streams: many objects in one compressed stream, each read when it is asked for.

use super::parse::Parser;
use crate::pdf::object::{Object, Stream, as_number};
use crate::pdf::store::Store;
use crate::pdf::stream;
use crate::pdf::token::{Lexer, Token};

/// An object stream, unpacked.
pub(in crate::pdf) struct Container {
    data: Vec<u8>,
    /// Number of each object and where it starts in the data.
    index: Vec<(u32, u32)>,
}

impl Container {
    /// Unpacks one; `None` where it has no index.
    pub(super) fn read(store: &Store, stream: &Stream, limit: usize) -> Option<Self> {
        let number = |key: &[u8]| store.get(&stream.dict, key).and_then(as_number).filter(|v| *v >= 0.0);
        let first = number(b"First")? as usize;
        let count = number(b"N")? as usize;
        let data = stream::decode(store, stream).bytes.into_owned();
        let mut index = Vec::new();
        let mut lexer = Lexer::new(data.get(..first)?);
        while index.len() < count.min(limit)
            && let (Some(Token::Number(number)), Some(Token::Number(at))) = (lexer.next(), lexer.next())
        {
            let start = (first as f64 + at).min(f64::from(u32::MAX));
            index.push((number as u32, start as u32));
        }
        store.spend(data.len() + index.len() * size_of::<(u32, u32)>());
        Some(Self { data, index })
    }

    /// Numbers of its objects, in order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.index.iter().map(|entry| entry.0)
    }

    /// A parser at the object with this number, which should be the one at `hint`.
    pub(super) fn parser(&self, number: u32, hint: u32, allowance: usize) -> Option<Parser<'_>> {
        let told = self.index.get(hint as usize).filter(|entry| entry.0 == number);
        let (_, at) = told.or_else(|| self.index.iter().find(|entry| entry.0 == number))?;
        let at = *at as usize;
        (at < self.data.len()).then(|| Parser::new(&self.data, at, allowance))
    }
}

/// Whether it looks like an object stream, told from its dictionary alone.
pub(super) fn is_container(object: &Object) -> bool {
    matches!(object, Object::Stream(stream) if stream.dict.has_type(b"ObjStm"))
}
