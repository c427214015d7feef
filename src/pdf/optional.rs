//! Optional content: which layers are switched off when the document is opened.

use super::object::Object;
use super::store::{Store, as_dict};
use rustc_hash::FxHashSet;

/// The groups that are off by default.
#[derive(Default)]
pub(super) struct Hidden(FxHashSet<u32>);

impl Hidden {
    /// Reads `/OCProperties /D` of the catalog (ISO 32000-1, 8.11.4).
    pub(super) fn read(store: &Store) -> Self {
        let mut off = FxHashSet::default();
        let properties = store.dict(store.trailer(), b"Root").and_then(|c| store.dict(c, b"OCProperties"));
        if let Some(properties) = properties
            && let Some(default) = store.dict(properties, b"D")
        {
            let ids = |items: Option<&[Object]>| -> Vec<u32> {
                items.unwrap_or(&[]).iter().filter_map(|item| item.as_reference()).collect()
            };
            if store.name(default, b"BaseState") == Some(b"OFF") {
                off.extend(ids(store.array(properties, b"OCGs")));
                for id in ids(store.array(default, b"ON")) {
                    off.remove(&id);
                }
            }
            off.extend(ids(store.array(default, b"OFF")));
        }
        Self(off)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this group, or membership dictionary, is off.
    pub(super) fn hides(&self, store: &Store, group: &Object) -> bool {
        if self.is_empty() {
            return false;
        }
        if let Object::Reference(id) = group
            && self.0.contains(id)
        {
            return true;
        }
        let Some(dict) = as_dict(store.resolve(group)) else { return false };
        let one = dict.get(b"OCGs");
        let members: Vec<bool> = match one.map(|item| (item, store.resolve(item))) {
            Some((_, Object::Array(items))) => items.iter().map(|item| self.is_off(item)).collect(),
            Some((item, _)) => vec![self.is_off(item)],
            None => return false,
        };
        if members.is_empty() {
            return false;
        }
        let (all_off, any_off) = (members.iter().all(|off| *off), members.iter().any(|off| *off));
        match store.name(dict, b"P") {
            Some(b"AllOn") => any_off,
            Some(b"AnyOff") => !any_off,
            Some(b"AllOff") => !all_off,
            _ => all_off,
        }
    }

    fn is_off(&self, group: &Object) -> bool {
        matches!(group, Object::Reference(id) if self.0.contains(id))
    }
}
