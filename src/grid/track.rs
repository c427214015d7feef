//! Painted rulings → tracks: one clean line for what was painted as doubles, dashes, per-cell pieces or
//! hairline rectangles.

use crate::limits::Deadline;
use crate::pdf::{Axis, Ruling};

/// A straight piece of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    /// The track that it lies on.
    pub(super) track: u32,
    /// y of a horizontal piece, x of a vertical one.
    pub(super) at: f32,
    /// Start along the axis.
    pub(super) from: f32,
    /// End along the axis.
    pub(super) to: f32,
}

impl Segment {
    pub(super) fn length(&self) -> f32 {
        self.to - self.from
    }
}

/// All clean pieces of one axis, sorted by track, then by start; pieces of a track are disjoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracks {
    /// Position of every track, ascending.
    pub(super) at: Vec<f32>,
    /// The pieces.
    pub(super) segments: Vec<Segment>,
    /// For every track the start of its pieces in `segments` (one more entry than tracks).
    pub(super) starts: Vec<u32>,
    /// Places (track, position along it) where a painted piece ended before neighbours were joined, away from
    /// the ends of the joined piece: borders painted cell by cell end at every column edge.
    pub(super) joints: Vec<(u32, f32)>,
}

/// Lengths that decide what belongs together, from the size of the page's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tolerance {
    /// Size of the page's text in points.
    pub(super) em: f32,
    /// Lines nearer than this are one line.
    pub(super) snap: f32,
    /// Gaps up to this do not interrupt a line.
    pub(super) join: f32,
}

impl Tolerance {
    /// Tolerances for a page whose text mostly has this size.
    pub(super) fn new(size: f32) -> Self {
        let em = if size > 0.0 { size } else { 9.0 };
        Self { em, snap: 0.22 * em, join: 0.35 * em }
    }
}

impl Tracks {
    /// Cleans the rulings of one axis.
    pub(super) fn new(rulings: &[Ruling], axis: Axis, tolerance: Tolerance, deadline: Deadline) -> Self {
        let mut painted: Vec<&Ruling> = rulings
            .iter()
            .filter(|r| {
                r.axis == axis && r.at.is_finite() && r.from.is_finite() && r.to.is_finite() && r.to > r.from
            })
            .collect();
        painted.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
        let mut out = Tracks::default();
        let mut rest = painted.as_mut_slice();
        while let Some(first) = rest.first() {
            if deadline.expired() {
                break;
            }
            // Anchored at the first one, so that lines do not chain; thick double borders reach farther.
            let limit = first.at + tolerance.snap.max(first.width.min(tolerance.em) * 1.5);
            let n = rest.iter().take_while(|r| r.at <= limit).count().max(1);
            let (track, tail) = rest.split_at_mut(n);
            track.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)));
            out.push_track(track, tolerance);
            rest = tail;
        }
        out.starts.push(out.segments.len() as u32);
        out
    }

    /// Joins the pieces of one track, sorted by start.
    fn push_track(&mut self, pieces: &[&Ruling], tolerance: Tolerance) {
        let (mut sum, mut weight) = (0.0_f64, 0.0_f64);
        for r in pieces {
            let w = f64::from(r.to - r.from);
            sum += f64::from(r.at) * w;
            weight += w;
        }
        let at = if weight > 0.0 { (sum / weight) as f32 } else { 0.0 };
        let track = self.at.len() as u32;
        let first = self.segments.len();
        let mut open: Option<Segment> = None;
        let mut last_end = f32::NEG_INFINITY;
        for r in pieces {
            let gap_of = |s: &Segment| r.from - s.to;
            match &mut open {
                Some(s) if gap_of(s) <= joinable(r.to - r.from, last_end, s, tolerance) => {
                    // The new piece begins where the last one stopped: a joint, unless it only doubles it.
                    if r.from >= s.to - tolerance.snap
                        && r.from > s.from + tolerance.snap
                        && r.to > s.to + tolerance.snap
                    {
                        self.joints.push((track, (r.from + s.to) * 0.5));
                    }
                    s.to = s.to.max(r.to);
                }
                Some(s) => {
                    self.segments.push(*s);
                    open = Some(Segment { track, at, from: r.from, to: r.to });
                }
                None => open = Some(Segment { track, at, from: r.from, to: r.to }),
            }
            last_end = r.to - r.from;
        }
        self.segments.extend(open);
        // What is still too short to part two cells is a corner, a tick or a dot.
        let least = 0.4 * tolerance.em;
        let mut keep = first;
        for i in first..self.segments.len() {
            if let Some(s) = self.segments.get(i).copied()
                && s.length() >= least
            {
                if let Some(slot) = self.segments.get_mut(keep) {
                    *slot = s;
                }
                keep += 1;
            }
        }
        self.segments.truncate(keep);
        if keep > first {
            self.at.push(at);
            self.starts.push(first as u32);
        } else {
            while self.joints.last().is_some_and(|(t, _)| *t == track) {
                self.joints.pop();
            }
        }
    }

    /// The tracks whose position lies in `from..=to`.
    pub(super) fn range(&self, from: f32, to: f32) -> std::ops::Range<usize> {
        let a = self.at.partition_point(|at| *at < from);
        let b = self.at.partition_point(|at| *at <= to);
        a..b.max(a)
    }

    /// Index range of the pieces of a track.
    pub(super) fn of_track(&self, track: usize) -> std::ops::Range<usize> {
        let a = self.starts.get(track).copied().unwrap_or_default() as usize;
        let b = self.starts.get(track + 1).map_or(self.segments.len(), |s| *s as usize);
        a..b.max(a)
    }
}

/// The widest gap over which a piece of this length continues `open`: dashes and dots may lie farther apart
/// than the ends of borders.
fn joinable(length: f32, last_length: f32, open: &Segment, tolerance: Tolerance) -> f32 {
    let dash = length.max(last_length) < 0.8 * tolerance.em;
    let _ = open;
    if dash {
        tolerance.join.max(1.6 * length.min(last_length)).min(0.8 * tolerance.em)
    } else {
        tolerance.join
    }
}

/// Sets of items that touch.
#[derive(Clone, Debug)]
pub(super) struct Sets(Vec<u32>);

impl Sets {
    /// `n` sets of one.
    pub(super) fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    /// The set's representative.
    pub(super) fn find(&mut self, i: usize) -> usize {
        let mut at = i as u32;
        // Path halving; the loop ends because parents have smaller numbers.
        while let Some(&parent) = self.0.get(at as usize) {
            if parent == at {
                break;
            }
            let grand = self.0.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.0.get_mut(at as usize) {
                *slot = grand;
            }
            at = grand;
        }
        at as usize
    }

    /// Joins two sets.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        if let Some(slot) = self.0.get_mut(high) {
            *slot = low as u32;
        }
    }
}
