//! Column edges that the painting of an area shows.

use super::Area;
use super::items::Item;

/// Places where something painted ends.
pub(super) struct Painted {
    /// Column edges that the painting repeats often enough.
    pub(super) trusted: Vec<f32>,
    /// All places where something painted ends.
    pub(super) all: Vec<f32>,
}

/// Column edges that the painting shows: joints of rules, ends of partial rules, sides of fills.
pub(super) fn edges(area: &Area, body: &[Item], em: f32) -> Painted {
    let mut marks: Vec<(f32, i64)> = Vec::new();
    let level = |y: f32| (y * 4.0) as i64;
    marks.extend(area.joints.iter().map(|(x, y)| (*x, level(*y))));
    for s in &area.h {
        marks.push((s.from, level(s.at)));
        marks.push((s.to, level(s.at)));
    }
    for s in &area.v {
        marks.push((s.at, level(s.from)));
        marks.push((s.at, level(s.to)));
    }
    marks.retain(|(x, _)| *x > area.hull.x0 + 0.5 * em && *x < area.hull.x1 - 0.5 * em);
    marks.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut levels: Vec<i64> = area
        .h
        .iter()
        .map(|s| level(s.at))
        .chain(area.v.iter().flat_map(|s| [level(s.from), level(s.to)]))
        .collect();
    levels.sort_unstable();
    levels.dedup();
    let mut out = Painted { trusted: Vec::new(), all: Vec::new() };
    let mut rest = marks.as_slice();
    while let Some((first, _)) = rest.first() {
        let n = rest.iter().take_while(|(x, _)| *x - first < 0.4 * em).count().max(1);
        let (cluster, tail) = rest.split_at(n);
        let x = cluster.iter().map(|(x, _)| *x).sum::<f32>() / n as f32;
        let mut own: Vec<i64> = cluster.iter().map(|(_, y)| *y).collect();
        own.sort_unstable();
        own.dedup();
        let crossing = body.iter().filter(|t| t.bbox.x0 < x - 0.3 * em && t.bbox.x1 > x + 0.3 * em).count();
        let side = area.v.iter().any(|s| (s.at - x).abs() < 0.4 * em && s.length() > 0.8 * em);
        let often = own.len() >= 2 && own.len() * 10 >= levels.len() * 3;
        if (often || side) && crossing * 10 <= body.len() {
            out.trusted.push(x);
        }
        out.all.push(x);
        rest = tail;
    }
    out
}
