//! The page tree → a flat list of pages with what they inherit, and each page's upright matrix.

use super::matrix::Matrix;
use super::object::{Dictionary, Object, Stream};
use super::store::{Store, as_dict, as_number};
use crate::limits::Limits;
use rustc_hash::FxHashSet;

/// A page with inherited entries filled in.
pub(super) struct PageNode<'s> {
    pub(super) dict: &'s Dictionary,
    pub(super) resources: Option<&'s Dictionary>,
    /// Visible part of the page in user space: x0, y0, x1, y1.
    view: [f64; 4],
    /// Clockwise, in quarter turns.
    turns: u8,
    unit: f64,
}

/// What went wrong on the way through the tree.
#[derive(Default)]
pub(super) struct TreeTrouble {
    /// More pages than [`Limits::pages`].
    pub(super) too_many: bool,
    /// Nodes too deep, cyclic or no dictionaries.
    pub(super) broken: bool,
    /// The tree was useless: pages were collected from all objects.
    pub(super) collected: bool,
    /// Nodes deeper than [`Limits::depth`].
    pub(super) deep: bool,
    /// Numbers of pages that are named but cannot be had.
    pub(super) lost: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Inherited<'s> {
    resources: Option<&'s Dictionary>,
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotate: Option<i64>,
}

/// All pages in order.
pub(super) fn pages<'s>(store: &'s Store<'s>, limits: &Limits) -> (Vec<PageNode<'s>>, TreeTrouble) {
    let mut walk = Walk {
        store,
        limit: limits.pages,
        depth: limits.depth.max(8),
        seen: FxHashSet::default(),
        out: Vec::new(),
        trouble: TreeTrouble::default(),
    };
    let root = store.dict(store.trailer(), b"Root").and_then(|catalog| catalog.get(b"Pages"));
    if let Some(root) = root {
        walk.node(root, Inherited::default(), 0);
    } else {
        walk.trouble.broken = true;
    }
    if walk.out.len() == walk.trouble.lost.len() {
        walk.out.clear();
        walk.trouble.lost.clear();
        walk.collect();
    }
    (walk.out, walk.trouble)
}

/// What stands for a page that cannot be had.
static EMPTY: std::sync::OnceLock<Dictionary> = std::sync::OnceLock::new();

struct Walk<'s> {
    store: &'s Store<'s>,
    limit: usize,
    depth: usize,
    seen: FxHashSet<u32>,
    out: Vec<PageNode<'s>>,
    trouble: TreeTrouble,
}

impl<'s> Walk<'s> {
    fn node(&mut self, object: &'s Object, above: Inherited<'s>, depth: usize) {
        if self.trouble.too_many {
            return;
        }
        if let Object::Reference(id) = object
            && !self.seen.insert(*id)
        {
            self.trouble.broken = true;
            return;
        }
        let Some(dict) = as_dict(self.store.resolve(object)) else {
            self.trouble.broken = true;
            // Named by its parent, so it was a page: those behind it keep their numbers.
            if depth > 0 {
                let nothing = EMPTY.get_or_init(Dictionary::default);
                self.page(nothing, above);
                if !self.trouble.too_many {
                    self.trouble.lost.push(self.out.len() as u32);
                }
            }
            return;
        };
        let inherited = self.inherit(dict, above);
        let kids = self.store.array(dict, b"Kids");
        match kids {
            Some(kids) if self.store.name(dict, b"Type") != Some(b"Page") => {
                if depth >= self.depth {
                    self.trouble.broken = true;
                    self.trouble.deep = true;
                    return;
                }
                for kid in kids {
                    self.node(kid, inherited, depth + 1);
                }
            }
            _ if self.store.name(dict, b"Type") == Some(b"Pages") => {}
            _ => self.page(dict, inherited),
        }
    }

    fn inherit(&self, dict: &'s Dictionary, above: Inherited<'s>) -> Inherited<'s> {
        Inherited {
            resources: self.store.dict(dict, b"Resources").or(above.resources),
            media: self.rectangle(dict, b"MediaBox").or(above.media),
            crop: self.rectangle(dict, b"CropBox").or(above.crop),
            rotate: self.store.integer(dict, b"Rotate").or(above.rotate),
        }
    }

    fn rectangle(&self, dict: &Dictionary, key: &[u8]) -> Option<[f64; 4]> {
        let [xa, ya, xb, yb] = self.store.numbers::<4>(dict, key)?;
        let rect = [xa.min(xb), ya.min(yb), xa.max(xb), ya.max(yb)];
        (rect[2] - rect[0] > 1.0 && rect[3] - rect[1] > 1.0 && rect.iter().all(|v| v.abs() < 1e6))
            .then_some(rect)
    }

    fn page(&mut self, dict: &'s Dictionary, inherited: Inherited<'s>) {
        if self.out.len() >= self.limit {
            self.trouble.too_many = true;
            return;
        }
        // US letter where nothing is said: what other readers assume.
        let media = inherited.media.or(inherited.crop).unwrap_or([0.0, 0.0, 612.0, 792.0]);
        let crop = inherited.crop.unwrap_or(media);
        let both =
            [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
        let view = if both[2] - both[0] > 1.0 && both[3] - both[1] > 1.0 { both } else { media };
        let unit =
            self.store.get(dict, b"UserUnit").and_then(as_number).filter(|u| (0.01..=1000.0).contains(u));
        self.out.push(PageNode {
            dict,
            resources: inherited.resources,
            view,
            turns: (inherited.rotate.unwrap_or(0).rem_euclid(360) / 90) as u8,
            unit: unit.unwrap_or(1.0),
        });
    }

    /// Every object that says it is a page, in order of object numbers.
    fn collect(&mut self) {
        let store = self.store;
        for id in store.ids() {
            if let Some(dict) = store.object(id).and_then(as_dict)
                && dict.has_type(b"Page")
            {
                self.trouble.collected = true;
                let inherited = self.inherit(dict, Inherited::default());
                self.page(dict, inherited);
                if self.trouble.too_many {
                    return;
                }
            }
        }
    }
}

impl<'s> PageNode<'s> {
    /// Its content streams in order; false where some of what is named cannot be had.
    pub(super) fn contents(&self, store: &'s Store<'s>) -> (Vec<&'s Stream>, bool) {
        match store.get(self.dict, b"Contents") {
            Some(Object::Stream(stream)) => (vec![stream], true),
            Some(Object::Array(parts)) => {
                let stream = |part| match store.resolve(part) {
                    Object::Stream(stream) => Some(stream.as_ref()),
                    _ => None,
                };
                let streams: Vec<&Stream> = parts.iter().filter_map(stream).collect();
                let whole = streams.len() == parts.len();
                (streams, whole)
            }
            Some(_) => (Vec::new(), false),
            // A page without content is blank; one whose content is nowhere is not.
            None => (Vec::new(), !self.dict.has(b"Contents")),
        }
    }

    /// The visible part in user space: x0, y0, x1, y1.
    pub(super) fn view(&self) -> [f64; 4] {
        self.view
    }

    /// Width and height as displayed, in points.
    pub(super) fn size(&self) -> (f64, f64) {
        let [x0, y0, x1, y1] = self.view;
        let (w, h) = ((x1 - x0) * self.unit, (y1 - y0) * self.unit);
        if self.turns.is_multiple_of(2) { (w, h) } else { (h, w) }
    }

    /// User space → upright page: points, origin top left, y down.
    pub(super) fn upright(&self) -> Matrix {
        let [x0, y0, x1, y1] = self.view;
        let u = self.unit;
        Matrix::new(match self.turns {
            1 => [0.0, u, u, 0.0, -y0 * u, -x0 * u],
            2 => [-u, 0.0, 0.0, u, x1 * u, -y0 * u],
            3 => [0.0, -u, -u, 0.0, y1 * u, x1 * u],
            _ => [u, 0.0, 0.0, -u, -x0 * u, y1 * u],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(view: [f64; 4], turns: u8, unit: f64) -> PageNode<'static> {
        static EMPTY: std::sync::OnceLock<Dictionary> = std::sync::OnceLock::new();
        PageNode { dict: EMPTY.get_or_init(Dictionary::default), resources: None, view, turns, unit }
    }

    #[test]
    fn corners_land_where_they_are_displayed() {
        // The lower left corner of the visible part: bottom left, top left, top right, bottom right.
        let expected = [(0.0, 300.0), (0.0, 0.0), (200.0, 0.0), (300.0, 200.0)];
        for (turns, corner) in (0u8..).zip(expected) {
            let page = node([10.0, 20.0, 210.0, 320.0], turns, 1.0);
            assert_eq!(page.upright().apply(10.0, 20.0), corner, "{turns} turns");
        }
    }

    #[test]
    fn user_unit_scales_the_page() {
        let page = node([0.0, 0.0, 100.0, 200.0], 0, 2.0);
        assert_eq!(page.size(), (200.0, 400.0));
        assert_eq!(page.upright().apply(100.0, 0.0), (200.0, 400.0));
    }

    #[test]
    fn quarter_turn_swaps_the_sides() {
        assert_eq!(node([0.0, 0.0, 100.0, 200.0], 1, 1.0).size(), (200.0, 100.0));
    }
}
