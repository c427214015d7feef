//! Bytes → indirect objects, each read when it is asked for. What the cross-reference data says is used as far as it
//! is true; where it is not, the file is looked through for the objects themselves.

mod container;
mod crypt;
mod parse;
mod scan;
mod xref;

use super::object::{Dictionary, Object, Stream, as_dict};
use super::store::Store;
use crate::error::Error;
use crate::limits::Access;
use parse::Parser;
use rustc_hash::FxHashMap;
use std::rc::Rc;

pub(super) use container::Container;
pub(super) use crypt::Crypt;
pub(super) use xref::Place;

/// References that lead from one to the next while an object is read: a stream's length is the usual one.
const CHAIN: usize = 8;

/// What opening and reading a file showed about its structure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The cross-reference data was useless; objects were looked for.
    pub(super) rebuilt: bool,
    /// Some objects stood elsewhere than it said.
    pub(super) moved: bool,
    /// More objects than the limit.
    pub(super) objects: bool,
    /// Objects took more memory than the limit.
    pub(super) memory: bool,
    /// Objects were nested too deep.
    pub(super) depth: bool,
    /// Time ran out while objects were read.
    pub(super) late: bool,
}

/// Opens a file.
pub(super) fn open<'b>(store: Store<'b>, access: Access) -> Result<Store<'b>, Error> {
    let mut store = store;
    let limit = access.limits.objects;
    let written = xref::read(&store, limit);
    let mut usable = false;
    if let Some(table) = written {
        store.note(|state| state.objects |= table.cut);
        store.install(table.places, table.trailer);
        unlock(&mut store, access)?;
        usable = has_pages(&store);
    }
    if !usable {
        rebuild(&mut store, access)?;
    }
    Ok(store)
}

/// Sets up decryption where the trailer asks for it.
fn unlock(store: &mut Store, access: Access) -> Result<(), Error> {
    let Some(encrypt) = store.trailer().get(b"Encrypt") else { return Ok(()) };
    let crypt = match store.resolve(encrypt) {
        Object::Dictionary(encrypt) => Crypt::open(store, encrypt, access.password)?,
        _ => return Ok(()),
    };
    store.lock_with(crypt);
    Ok(())
}

fn has_pages(store: &Store) -> bool {
    let pages = store.dict(store.trailer(), b"Root").and_then(|root| store.dict(root, b"Pages"));
    pages.is_some_and(|pages| store.array(pages, b"Kids").is_some() || pages.has_type(b"Page"))
}

/// Finds the objects and the trailer without the cross-reference data.
fn rebuild(store: &mut Store, access: Access) -> Result<(), Error> {
    let limit = access.limits.objects;
    let found = scan::scan(store.bytes(), limit, store.deadline());
    store.note(|state| {
        state.rebuilt = true;
        state.objects |= found.cut;
    });
    if found.objects.is_empty() {
        return Err(Error::Damaged { cause: "no object was found in it".to_owned() });
    }
    // Updates are appended: of two objects with one number the later one holds.
    let places: FxHashMap<u32, Place> = found.objects.iter().map(|&(n, at)| (n, Place::At(at))).collect();
    store.install(places.clone(), Dictionary::default());
    store.unlock();
    let mut trailer = Dictionary::default();
    for at in &found.trailers {
        let mut parser = Parser::new(store.bytes(), *at, store.allowance());
        if let Some(Object::Dictionary(dict)) = parser.object() {
            trailer = trailer.joined(dict);
        }
        store.spend(parser.cost);
    }
    let compressed = candidates(store, &found.objects);
    for &number in &compressed {
        if let Some(Object::Stream(stream)) = store.object(number)
            && stream.dict.has_type(b"XRef")
        {
            trailer = trailer.joined(stream.dict.clone());
        }
    }
    store.install(places.clone(), trailer.clone());
    unlock(store, access)?;
    let mut places = places;
    for &number in &compressed {
        if store.object(number).is_some_and(container::is_container)
            && let Some(container) = store.container(number)
        {
            for (index, inner) in (0u32..).zip(container.numbers()) {
                // A whole object in the file is newer than a packed one more often than not.
                places.entry(inner).or_insert(Place::In { container: number, index });
            }
        }
        if places.len() >= limit {
            store.note(|state| state.objects = true);
            break;
        }
    }
    store.install(places, trailer);
    if store.dict(store.trailer(), b"Root").and_then(|root| store.dict(root, b"Pages")).is_none() {
        let catalog = catalog(store);
        let root = catalog.map(|number| (Box::from(&b"Root"[..]), Object::Reference(number)));
        let trailer = store.trailer().clone().joined(Dictionary::new(root.into_iter().collect()));
        store.retitle(trailer);
    }
    Ok(())
}

/// Objects that may be object or cross-reference streams, told from their first bytes.
fn candidates(store: &Store, objects: &[(u32, usize)]) -> Vec<u32> {
    const HEAD: usize = 1024;
    let data = store.bytes();
    let mut numbers = Vec::new();
    for (i, &(number, at)) in objects.iter().enumerate() {
        let next = objects.get(i + 1).map_or(data.len(), |next| next.1);
        let head = data.get(at..next.min(at.saturating_add(HEAD))).unwrap_or(&[]);
        let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        if has(b"/ObjStm") || has(b"/XRef") {
            numbers.push(number);
        }
    }
    numbers
}

/// The last object that says it is a catalog.
fn catalog(store: &Store) -> Option<u32> {
    store
        .ids()
        .filter(|id| store.object(*id).and_then(as_dict).is_some_and(|d| d.has_type(b"Catalog")))
        .last()
}

impl Store<'_> {
    /// The indirect object with this number, read now if it was not before.
    pub(super) fn object(&self, number: u32) -> Option<&Object> {
        let (place, cell) = self.slot(number)?;
        if let Some(object) = cell.get() {
            return Some(object);
        }
        let mut chain = self.chain().take();
        // Going round in a circle, or no time or memory left.
        let stop = chain.contains(&number) || chain.len() >= CHAIN || self.is_late() || self.allowance() == 0;
        chain.push(number);
        self.chain().replace(chain);
        let object = if stop { None } else { self.read_place(number, place) };
        let mut chain = self.chain().take();
        chain.pop();
        self.chain().replace(chain);
        if stop {
            return None;
        }
        // Reading may have come back here by another way; then the first answer holds.
        let _ = cell.set(object.unwrap_or(Object::Null));
        cell.get()
    }

    fn read_place(&self, number: u32, place: Place) -> Option<Object> {
        match place {
            Place::Free => None,
            Place::At(at) => self.read_at(at, Some(number)).or_else(|| {
                let at = self.scanned(number)?;
                let object = self.read_at(at, Some(number))?;
                self.note(|state| state.moved = true);
                Some(object)
            }),
            Place::In { container, index } => {
                let container = self.container(container)?;
                let mut parser = container.parser(number, index, self.allowance())?;
                let object = parser.object();
                self.account(&parser);
                object
            }
        }
    }

    /// The object that starts at this byte, if its number is the expected one.
    pub(super) fn read_at(&self, at: usize, expected: Option<u32>) -> Option<Object> {
        let data = self.bytes();
        let mut parser = Parser::new(data, at, self.allowance());
        let id = parser.header()?;
        if expected.is_some_and(|number| number != id.0) {
            return None;
        }
        let mut object = parser.object().unwrap_or(Object::Null);
        if let Object::Dictionary(dict) = &mut object
            && let Some(start) = parser.stream_start()
        {
            let dict = std::mem::take(dict);
            let length = self.number(&dict, b"Length").filter(|v| *v >= 0.0).map(|v| v as usize);
            let (end, _) = parse::stream_end(data, start, length);
            object = Object::Stream(Box::new(Stream { dict, data: start..end.max(start), id }));
        }
        self.account(&parser);
        if let Some(crypt) = self.crypt() {
            crypt::decrypt_strings(crypt, id, &mut object);
        }
        Some(object)
    }

    fn account(&self, parser: &Parser) {
        self.spend(parser.cost);
        if parser.too_deep || parser.too_much {
            self.note(|state| {
                state.depth |= parser.too_deep;
                state.memory |= parser.too_much;
            });
        }
    }

    /// Where the object stands, as the file itself says; looks through it once.
    fn scanned(&self, number: u32) -> Option<usize> {
        let all = self.scan_cell().get_or_init(|| {
            let found = scan::scan(self.bytes(), self.object_limit(), self.deadline());
            found.objects.into_iter().collect()
        });
        all.get(&number).copied()
    }

    /// The object stream with this number, unpacked.
    fn container(&self, number: u32) -> Option<Rc<Container>> {
        if let Some(known) = self.containers().borrow().get(&number) {
            return known.clone();
        }
        // Only objects that stand in the file itself: a container in a container would be a circle.
        let (Place::At(_), _) = self.slot(number)? else { return None };
        let container = match self.object(number)? {
            Object::Stream(stream) => Container::read(self, stream, self.object_limit()).map(Rc::new),
            _ => None,
        };
        self.containers().borrow_mut().insert(number, container.clone());
        container
    }
}
