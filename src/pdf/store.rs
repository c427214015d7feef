//! Objects of one file: references are followed here and nowhere else.

use super::file::{Container, Crypt, Place, State};
use super::object::{Dictionary, Object, Stream};
pub(super) use super::object::{as_dict, as_number};
use super::stream::Budget;
use crate::limits::{Deadline, Limits};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// References to references are followed this far; more is a cycle.
const CHAIN: usize = 16;

static NULL: Object = Object::Null;

/// The objects of a file, and what may still be spent on reading them.
pub(super) struct Store<'b> {
    bytes: &'b [u8],
    trailer: Dictionary,
    slots: FxHashMap<u32, (Place, OnceCell<Object>)>,
    /// Numbers in ascending order.
    numbers: Vec<u32>,
    containers: RefCell<FxHashMap<u32, Option<Rc<Container>>>>,
    scanned: OnceCell<FxHashMap<u32, usize>>,
    crypt: Option<Crypt>,
    /// Objects that are being read.
    chain: RefCell<Vec<u32>>,
    pub(super) budget: Budget,
    memory: Cell<usize>,
    objects: usize,
    deadline: Deadline,
    state: Cell<State>,
}

impl<'b> Store<'b> {
    /// A file without objects yet.
    pub(super) fn new(bytes: &'b [u8], limits: &Limits, deadline: Deadline) -> Self {
        Self {
            bytes,
            trailer: Dictionary::default(),
            slots: FxHashMap::default(),
            numbers: Vec::new(),
            containers: RefCell::default(),
            scanned: OnceCell::new(),
            crypt: None,
            chain: RefCell::default(),
            budget: Budget::new(limits),
            memory: Cell::new(limits.memory),
            objects: limits.objects,
            deadline,
            state: Cell::default(),
        }
    }

    pub(super) fn install(&mut self, places: FxHashMap<u32, Place>, trailer: Dictionary) {
        self.numbers = places.keys().copied().collect();
        self.numbers.sort_unstable();
        self.slots = places.into_iter().map(|(number, place)| (number, (place, OnceCell::new()))).collect();
        self.trailer = trailer;
    }

    pub(super) fn retitle(&mut self, trailer: Dictionary) {
        self.trailer = trailer;
    }

    /// From now on strings and streams are decrypted; what was read before is forgotten.
    pub(super) fn lock_with(&mut self, crypt: Crypt) {
        self.unlock();
        self.crypt = Some(crypt);
    }

    pub(super) fn unlock(&mut self) {
        self.crypt = None;
        self.containers.borrow_mut().clear();
        for (_, cell) in self.slots.values_mut() {
            cell.take();
        }
    }

    pub(super) fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    pub(super) fn trailer(&self) -> &Dictionary {
        &self.trailer
    }

    pub(super) fn crypt(&self) -> Option<&Crypt> {
        self.crypt.as_ref()
    }

    pub(super) fn slot(&self, number: u32) -> Option<(Place, &OnceCell<Object>)> {
        self.slots.get(&number).map(|(place, cell)| (*place, cell))
    }

    pub(super) fn containers(&self) -> &RefCell<FxHashMap<u32, Option<Rc<Container>>>> {
        &self.containers
    }

    pub(super) fn scan_cell(&self) -> &OnceCell<FxHashMap<u32, usize>> {
        &self.scanned
    }

    pub(super) fn chain(&self) -> &RefCell<Vec<u32>> {
        &self.chain
    }

    pub(super) fn object_limit(&self) -> usize {
        self.objects
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Whether time is up; remembered.
    pub(super) fn is_late(&self) -> bool {
        let late = self.deadline.expired();
        if late {
            self.note(|state| state.late = true);
        }
        late
    }

    /// Bytes of memory that objects may still take.
    pub(super) fn allowance(&self) -> usize {
        self.memory.get()
    }

    pub(super) fn spend(&self, bytes: usize) {
        let left = self.memory.get().saturating_sub(bytes);
        self.memory.set(left);
        if left == 0 {
            self.note(|state| state.memory = true);
        }
    }

    /// What was noticed about the file's structure so far.
    pub(super) fn state(&self) -> State {
        self.state.get()
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.get();
        change(&mut state);
        self.state.set(state);
    }

    /// The object itself, after following references; null where one leads nowhere.
    pub(super) fn resolve<'s>(&'s self, object: &'s Object) -> &'s Object {
        let mut object = object;
        for _ in 0..CHAIN {
            let Object::Reference(number) = object else { return object };
            match self.object(*number) {
                Some(next) => object = next,
                None => return &NULL,
            }
        }
        &NULL
    }

    /// A dictionary's entry, resolved; `None` where it is missing or null.
    pub(super) fn get<'s>(&'s self, dict: &'s Dictionary, key: &[u8]) -> Option<&'s Object> {
        match self.resolve(dict.get(key)?) {
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

    /// Numbers of all indirect objects, ascending: only for repair.
    pub(super) fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers.iter().copied()
    }
}
