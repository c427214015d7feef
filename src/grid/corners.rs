//! Borders that stop short of the corners: every cell paints its sides a little shorter than they are, and no piece
//! meets another. What is missing stands where a crossing ruling has its own gap, so both lines are taken as whole there.

use super::track::{Segment, Tolerance, Tracks};

/// The widest gap at a corner, in ems: an unpainted side of a cell is as long as the cell, and a cell holds text.
const WIDEST: f32 = 0.9;
/// How far from the gap's middle the crossing line may stand, in parts of the gap: all pieces stop equally short.
const OFF_MIDDLE: f32 = 0.25;
/// So many corners must be open before a single end that stops short is one more.
const LEAST: usize = 4;
/// An end may stop so much shorter than the others do.
const SLACK: f32 = 1.3;

/// Closes the corners of both axes.
pub(super) fn close(h: &mut Tracks, v: &mut Tracks, tolerance: Tolerance) {
    let gaps = (gaps(h, v, tolerance), gaps(v, h, tolerance));
    let mut halves: Vec<f32> = gaps.0.iter().chain(&gaps.1).map(|g| 0.5 * g.width).collect();
    bridge(h, &gaps.0);
    bridge(v, &gaps.1);
    if halves.len() < LEAST {
        return;
    }
    let middle = halves.len() / 2;
    let (_, half, _) = halves.select_nth_unstable_by(middle, f32::total_cmp);
    let reach = SLACK * *half;
    let ends = (ends(h, v, reach, tolerance), ends(v, h, reach, tolerance));
    h.segments = ends.0;
    v.segments = ends.1;
}

/// A gap between a piece and the next one of its track, at a corner.
struct Gap {
    /// The piece before it.
    piece: usize,
    width: f32,
}

/// The gaps of `tracks` in whose middle one line of `across`, and no other, stands.
fn gaps(tracks: &Tracks, across: &Tracks, tolerance: Tolerance) -> Vec<Gap> {
    let mut out = Vec::new();
    for (i, pair) in tracks.segments.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let width = b.from - a.to;
        if a.track != b.track || width > WIDEST * tolerance.em || width > a.length().min(b.length()) {
            continue;
        }
        let middle = (a.to + b.from) * 0.5;
        // The ends of two tables that stand close to one another are a line each.
        let mut lines = across
            .range(a.to - tolerance.snap, b.from + tolerance.snap)
            .filter(|t| meets(across, *t, a.at, width))
            .filter_map(|t| across.at.get(t));
        if let (Some(only), None) = (lines.next(), lines.next())
            && (only - middle).abs() <= OFF_MIDDLE * width
        {
            out.push(Gap { piece: i, width });
        }
    }
    out
}

/// Whether a piece of a track runs through `at`, or ends that close to it.
fn meets(tracks: &Tracks, track: usize, at: f32, reach: f32) -> bool {
    let pieces = tracks.segments.get(tracks.of_track(track)).unwrap_or_default();
    let after = pieces.partition_point(|s| s.from <= at + reach);
    after.checked_sub(1).and_then(|i| pieces.get(i)).is_some_and(|s| s.to >= at - reach)
}

/// Joins the pieces on both sides of gaps, sorted by piece.
fn bridge(tracks: &mut Tracks, gaps: &[Gap]) {
    let mut gaps = gaps.iter().map(|g| g.piece).peekable();
    if gaps.peek().is_none() {
        return;
    }
    let mut joined: Vec<Segment> = Vec::with_capacity(tracks.segments.len());
    let mut starts = Vec::with_capacity(tracks.starts.len());
    let mut open = false;
    for (i, s) in tracks.segments.iter().enumerate() {
        match joined.last_mut() {
            Some(last) if open => {
                tracks.joints.push((s.track, (last.to + s.from) * 0.5));
                last.to = s.to;
            }
            _ => {
                if joined.last().is_none_or(|last| last.track != s.track) {
                    starts.push(joined.len() as u32);
                }
                joined.push(*s);
            }
        }
        open = gaps.next_if_eq(&i).is_some();
    }
    starts.push(joined.len() as u32);
    tracks.joints.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    tracks.segments = joined;
    tracks.starts = starts;
}

/// The pieces of `tracks`, whose ends reach the next line of `across` where that is not farther away than `reach`.
fn ends(tracks: &Tracks, across: &Tracks, reach: f32, tolerance: Tolerance) -> Vec<Segment> {
    let near = |from: f32, to: f32, at: f32| {
        let mut lines = across.range(from, to).filter(move |t| meets(across, *t, at, reach));
        let first = lines.next();
        first.map(|first| (first, lines.next_back().unwrap_or(first)))
    };
    let at = |track: usize, end: f32| across.at.get(track).copied().unwrap_or(end);
    let snap = tolerance.snap;
    let extended = tracks.segments.iter().map(|s| {
        let mut s = *s;
        // What already touches a line goes no farther.
        if near(s.from - snap, s.from + snap, s.at).is_none()
            && let Some((_, last)) = near(s.from - reach, s.from, s.at)
        {
            s.from = at(last, s.from);
        }
        if near(s.to - snap, s.to + snap, s.at).is_none()
            && let Some((first, _)) = near(s.to, s.to + reach, s.at)
        {
            s.to = at(first, s.to);
        }
        s
    });
    extended.collect()
}
