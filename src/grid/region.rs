//! Tracks → regions: sets of rulings that belong to one table.

use super::track::{Segment, Sets, Tolerance, Tracks};
use crate::geometry::Rect;
use crate::limits::Deadline;

/// Rulings that touch one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    /// Hull of the rulings.
    pub(super) hull: Rect,
    /// Horizontal pieces, sorted by y, then x.
    pub(super) h: Vec<Segment>,
    /// Vertical pieces, sorted by x, then y.
    pub(super) v: Vec<Segment>,
}

/// More touching sets than this on one page are a drawing, not tables.
const MOST_REGIONS: usize = 1_000;

impl Region {
    fn push_h(&mut self, s: Segment) {
        self.grow(Rect::new(s.from, s.at, s.to, s.at));
        self.h.push(s);
    }

    fn push_v(&mut self, s: Segment) {
        self.grow(Rect::new(s.at, s.from, s.at, s.to));
        self.v.push(s);
    }

    fn grow(&mut self, r: Rect) {
        self.hull = if self.h.is_empty() && self.v.is_empty() { r } else { self.hull.union(&r) };
    }

    fn absorb(&mut self, other: Region) {
        self.hull = self.hull.union(&other.hull);
        self.h.extend(other.h);
        self.v.extend(other.v);
    }

    fn sort(&mut self) {
        self.h.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
        self.v.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    }

    /// Rulings along both sides and nothing upright between them.
    pub(super) fn is_closed(&self, tolerance: Tolerance) -> bool {
        let near = |x: f32, side: f32| (x - side).abs() < tolerance.em;
        let on = |side: f32| {
            let length: f32 = self.v.iter().filter(|s| near(s.at, side)).map(Segment::length).sum();
            length > 0.9 * self.hull.height()
        };
        on(self.hull.x0)
            && on(self.hull.x1)
            && self.v.iter().all(|s| near(s.at, self.hull.x0) || near(s.at, self.hull.x1))
    }

    /// The top and the bottom of a frame that a page break leaves open: where its sides end.
    pub(super) fn open_ends(&self, tolerance: Tolerance) -> impl Iterator<Item = Segment> + '_ {
        let Rect { x0, x1, y0, y1 } = self.hull;
        let open = move |y: &f32| !self.h.iter().any(|s| (s.at - y).abs() < tolerance.em);
        [y0, y1].into_iter().filter(open).map(move |at| Segment { track: u32::MAX, at, from: x0, to: x1 })
    }

    /// A plain rectangle without anything inside.
    fn is_frame(&self) -> bool {
        let distinct =
            |s: &[Segment]| s.iter().map(|s| s.track).collect::<std::collections::BTreeSet<_>>().len();
        distinct(&self.h) <= 2 && distinct(&self.v) <= 2
    }
}

/// Regions with crossing rulings, and the horizontal and vertical pieces that cross nothing.
pub(super) fn regions(
    h: &Tracks,
    v: &Tracks,
    tolerance: Tolerance,
    deadline: Deadline,
) -> (Vec<Region>, Vec<Segment>, Vec<Segment>) {
    let reach = tolerance.snap * 1.3;
    let mut sets = Sets::new(h.segments.len() + v.segments.len());
    for (j, vertical) in v.segments.iter().enumerate() {
        if j % 256 == 0 && deadline.expired() {
            break;
        }
        for track in h.range(vertical.from - reach, vertical.to + reach) {
            let range = h.of_track(track);
            let pieces = h.segments.get(range.clone()).unwrap_or_default();
            let after = pieces.partition_point(|s| s.from <= vertical.at + reach);
            // Pieces are disjoint and farther apart than `reach`: only the last one can reach x.
            if let Some(i) = after.checked_sub(1)
                && pieces.get(i).is_some_and(|s| s.to >= vertical.at - reach)
            {
                sets.join(range.start + i, h.segments.len() + j);
            }
        }
    }
    let mut slot_of = vec![u32::MAX; h.segments.len() + v.segments.len()];
    let mut found: Vec<Region> = Vec::new();
    let mut place = |root: usize, found: &mut Vec<Region>| -> usize {
        let Some(slot) = slot_of.get_mut(root) else { return 0 };
        if *slot == u32::MAX {
            *slot = found.len() as u32;
            found.push(Region::default());
        }
        *slot as usize
    };
    for (i, s) in h.segments.iter().enumerate() {
        let at = place(sets.find(i), &mut found);
        if let Some(region) = found.get_mut(at) {
            region.push_h(*s);
        }
    }
    for (j, s) in v.segments.iter().enumerate() {
        let at = place(sets.find(h.segments.len() + j), &mut found);
        if let Some(region) = found.get_mut(at) {
            region.push_v(*s);
        }
    }
    let (crossed, loose): (Vec<Region>, Vec<Region>) =
        found.into_iter().partition(|r| !r.h.is_empty() && !r.v.is_empty());
    let (mut bars, mut posts) = (Vec::new(), Vec::new());
    for region in loose {
        bars.extend(region.h);
        posts.extend(region.v);
    }
    (merge(crossed, tolerance), bars, posts)
}

/// The region with the loose vertical pieces that lie wholly in it: rulings under a heading over several columns reach
/// no horizontal one where the table goes on on the next page.
pub(super) fn with_loose(region: &Region, loose: &[Segment], em: f32) -> Region {
    let mut out = region.clone();
    let hull = region.hull;
    for s in loose {
        let across = s.at > hull.x0 - 0.5 * em && s.at < hull.x1 + 0.5 * em;
        let along = s.from > hull.y0 - 0.5 * em && s.to < hull.y1 + 0.5 * em;
        let own = region.v.iter().any(|o| (o.at, o.from, o.to) == (s.at, s.from, s.to));
        if across && along && s.length() > em && !own {
            out.push_v(*s);
        }
    }
    out.sort();
    out
}

/// Loose vertical pieces that stand side by side and share an end, as regions: columns of a table without any
/// horizontal ruling.
pub(super) fn upright(loose: &[Segment], em: f32) -> Vec<Region> {
    let tall: Vec<Segment> =
        loose.iter().copied().filter(|s| s.length() > 3.0 * em).take(MOST_REGIONS).collect();
    let mut sets = Sets::new(tall.len());
    for (i, a) in tall.iter().enumerate() {
        for (j, b) in tall.iter().enumerate().skip(i + 1) {
            let same_end = (a.from - b.from).abs() < 0.5 * em || (a.to - b.to).abs() < 0.5 * em;
            if same_end && a.track != b.track {
                sets.join(i, j);
            }
        }
    }
    let mut found: std::collections::BTreeMap<usize, Region> = std::collections::BTreeMap::new();
    for (i, s) in tall.iter().enumerate() {
        found.entry(sets.find(i)).or_default().push_v(*s);
    }
    let mut out: Vec<Region> =
        found.into_values().filter(|r| r.v.len() > 2 && r.hull.width() > 10.0 * em).collect();
    out.iter_mut().for_each(Region::sort);
    out
}

/// Joins regions that overlap or whose boxes stand side by side (cells painted apart from one another).
fn merge(mut regions: Vec<Region>, tolerance: Tolerance) -> Vec<Region> {
    if regions.len() > MOST_REGIONS {
        regions.sort_by_key(|r| std::cmp::Reverse(r.h.len() + r.v.len()));
        regions.truncate(MOST_REGIONS);
    }
    regions.sort_by(|a, b| a.hull.y0.total_cmp(&b.hull.y0).then(a.hull.x0.total_cmp(&b.hull.x0)));
    let mut sets = Sets::new(regions.len());
    for (i, a) in regions.iter().enumerate() {
        for (j, b) in regions.iter().enumerate().skip(i + 1) {
            if b.hull.y0 > a.hull.y1 + tolerance.em {
                break;
            }
            if belong(a, b, tolerance) {
                sets.join(i, j);
            }
        }
    }
    let mut merged: Vec<Option<Region>> = vec![None; regions.len()];
    for (i, region) in regions.into_iter().enumerate() {
        let root = sets.find(i);
        match merged.get_mut(root) {
            Some(Some(base)) => base.absorb(region),
            Some(empty) => *empty = Some(region),
            None => {}
        }
    }
    let mut merged: Vec<Region> = merged.into_iter().flatten().collect();
    for region in &mut merged {
        region.sort();
    }
    merged
}

fn belong(a: &Region, b: &Region, tolerance: Tolerance) -> bool {
    let (x, y) = (a.hull.overlap_x(&b.hull), a.hull.overlap_y(&b.hull));
    if x > tolerance.snap && y > tolerance.snap {
        // A frame around a whole table is decoration, unless both are single boxes (a box in a box).
        let inside = |inner: &Region, outer: &Region| {
            outer.is_frame() && contains(&outer.hull, &inner.hull) && !touches_edge(inner, outer, tolerance)
        };
        return !(inside(a, b) || inside(b, a));
    }
    let near = 0.6 * tolerance.em;
    let beside = y > 0.8 * a.hull.height().max(b.hull.height())
        && gap(a.hull.x0, a.hull.x1, b.hull.x0, b.hull.x1) <= near;
    let below = x > 0.8 * a.hull.width().max(b.hull.width())
        && gap(a.hull.y0, a.hull.y1, b.hull.y0, b.hull.y1) <= near;
    // Only boxes that are painted one by one: whole tables that close up to one another stay apart.
    (beside && (a.is_frame() || b.is_frame())) || (below && (a.is_frame() || b.is_frame()))
}

fn contains(outer: &Rect, inner: &Rect) -> bool {
    outer.x0 <= inner.x0 && outer.x1 >= inner.x1 && outer.y0 <= inner.y0 && outer.y1 >= inner.y1
}

/// Whether the inner region reaches the frame on two opposite sides: then the frame is its border.
fn touches_edge(inner: &Region, outer: &Region, tolerance: Tolerance) -> bool {
    let near = tolerance.em;
    let (i, o) = (&inner.hull, &outer.hull);
    let left_right = (i.x0 - o.x0).abs() <= near && (i.x1 - o.x1).abs() <= near;
    let top_bottom = (i.y0 - o.y0).abs() <= near && (i.y1 - o.y1).abs() <= near;
    left_right || top_bottom
}

fn gap(a0: f32, a1: f32, b0: f32, b1: f32) -> f32 {
    (b0 - a1).max(a0 - b1).max(0.0)
}
