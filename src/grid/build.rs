//! One page from rulings and words to grids and lines.

use super::plan::Plan;
use super::region::{self, Region};
use super::stream::areas::{self, Ground};
use super::stream::below;
use super::stream::uprights::{self, Uprights};
use super::track::{Tolerance, Tracks};
use super::{Grid, PageGrids, assign, chart, corners, lattice, loose, stream};
use crate::geometry::Rect;
use crate::layout::{PageText, Turn};
use crate::limits::Deadline;
use crate::pdf::{Axis, Page};

/// Finds the grids of one page; see [`super::page_grids`].
pub(super) fn page_grids(page: &Page, text: &PageText, deadline: Deadline) -> PageGrids {
    if text.turn == Turn::None {
        return reading_grids(page, text, deadline);
    }
    let mut out = reading_grids(&text.turn.page(page), text, deadline);
    out.turn = text.turn;
    out
}

/// As [`page_grids`], on a page whose text runs to the right.
fn reading_grids(page: &Page, text: &PageText, deadline: Deadline) -> PageGrids {
    let tolerance = Tolerance::new(text.size);
    let mut h = Tracks::new(&page.rulings, Axis::Horizontal, tolerance, deadline);
    let mut v = Tracks::new(&page.rulings, Axis::Vertical, tolerance, deadline);
    corners::close(&mut h, &mut v, tolerance);
    let (regions, mut bars, loose) = region::regions(&h, &v, tolerance, deadline);
    let joints = v.joints.iter().filter_map(|(track, y)| v.at.get(*track as usize).map(|x| (*x, *y)));
    let uprights = Uprights { loose, joints: joints.collect() };
    let mut used = vec![false; text.words.len()];
    let mut plans: Vec<(Plan, Vec<u32>)> = Vec::new();
    let mut charts: Vec<u32> = Vec::new();
    for region in &regions {
        if deadline.expired() {
            break;
        }
        if let Some(words) = chart::words(region, text) {
            charts.extend(words);
            continue;
        }
        let plan = upright_plan(region, &uprights, text, &used).or_else(|| lattice_plan(region, text));
        if let Some(plan) = plan {
            let words = take_words(&plan, text, &mut used);
            plans.push((plan, words));
        }
    }
    for region in region::upright(&uprights.loose, tolerance.em) {
        let taken = plans.iter().any(|(p, _)| {
            let bbox = p.bbox();
            bbox.overlap_x(&region.hull) > 0.0 && bbox.overlap_y(&region.hull) > 0.0
        });
        if !taken && let Some(plan) = upright_plan(&region, &uprights, text, &used) {
            let words = take_words(&plan, text, &mut used);
            plans.push((plan, words));
        }
    }
    for n in 0..plans.len() {
        if deadline.expired() {
            break;
        }
        let taken: Vec<Rect> = plans.iter().map(|(p, _)| p.bbox()).collect();
        let ground = Ground { page, text, used: &used, taken: &taken, tolerance, deadline };
        if let Some((header, words)) = plans.get_mut(n)
            && let Some(plan) =
                below::extend(header, words, &bars, &ground, |hull| words_in(hull, text, &used))
        {
            *header = plan;
            words.extend(take_words(header, text, &mut used));
            words.sort_unstable();
        }
    }
    let mut grids: Vec<Grid> =
        plans.iter().map(|(plan, words)| assign::fill(page.number, plan, text, words)).collect();
    let taken: Vec<Rect> = grids.iter().map(|g| g.bbox).collect();
    // A frame parts no columns, but it tells where the table ends, and rules across it where its header does.
    let around = |r: &Region| taken.iter().any(|t| r.hull.contains(t.cx(), t.cy()));
    for frame in regions.iter().filter(|r| r.is_closed(tolerance) && !around(r)) {
        bars.extend(frame.h.iter().copied());
        bars.extend(frame.open_ends(tolerance));
    }
    // What labels a chart is no table either, but stays text of the page.
    charts.retain(|w| !used.get(*w as usize).copied().unwrap_or(true));
    mark(&mut used, &charts, true);
    let ground = Ground { page, text, used: &used, taken: &taken, tolerance, deadline };
    for area in areas::areas(&ground, bars, &areas::places(&h)) {
        if deadline.expired() {
            break;
        }
        let words = words_in(&area.hull, text, &used);
        if let Some(plan) = stream::plan(&area, text, &words) {
            let words = take_words(&plan, text, &mut used);
            grids.push(assign::fill(page.number, &plan, text, &words));
        }
    }
    mark(&mut used, &charts, false);
    grids.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let boxes: Vec<Rect> = grids.iter().map(|g| g.bbox).collect();
    let lines = loose::lines(text, &used, &boxes);
    PageGrids { number: page.number, width: page.width, height: page.height, turn: Turn::None, grids, lines }
}

fn mark(used: &mut [bool], words: &[u32], value: bool) {
    for w in words {
        if let Some(slot) = used.get_mut(*w as usize) {
            *slot = value;
        }
    }
}

fn lattice_plan(region: &Region, text: &PageText) -> Option<Plan> {
    let (words, em) = near(region, text);
    let plan = lattice::plan(region, &words, em)?;
    (plan.rows() * plan.columns() > 1 && plan.columns() > 1).then_some(plan)
}

/// The plan of a region whose rows no ruling parts.
fn upright_plan(region: &Region, uprights: &Uprights, text: &PageText, used: &[bool]) -> Option<Plan> {
    let (near, em) = near(region, text);
    let reach = Rect { x0: region.hull.x0 - 2.0 * em, x1: region.hull.x1 + 2.0 * em, ..region.hull };
    uprights::plan(region, uprights, &near, text, &words_in(&reach, text, used), em)
}

/// Boxes of the words in and beside a region, and the size of its text.
fn near(region: &Region, text: &PageText) -> (Vec<Rect>, f32) {
    let near =
        Rect { x0: region.hull.x0 - 6.0 * text.size, x1: region.hull.x1 + 6.0 * text.size, ..region.hull };
    let words: Vec<Rect> =
        text.words.iter().map(|w| w.bbox).filter(|b| near.contains(b.cx(), b.cy())).collect();
    let em = local_size(&words).unwrap_or(text.size).min(text.size.max(1.0) * 2.0);
    (words, em)
}

/// Median height of words.
fn local_size(words: &[Rect]) -> Option<f32> {
    let mut heights: Vec<f32> = words.iter().map(Rect::height).collect();
    let middle = heights.len() / 2;
    if heights.is_empty() {
        return None;
    }
    let (_, median, _) = heights.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*median)
}

/// The free words whose middle lies in the box.
fn words_in(bbox: &Rect, text: &PageText, used: &[bool]) -> Vec<u32> {
    let free = |i: usize| !used.get(i).copied().unwrap_or(false);
    let inside = |b: &Rect| bbox.contains(b.cx(), b.cy());
    (0..text.words.len())
        .filter(|i| free(*i) && text.words.get(*i).is_some_and(|w| inside(&w.bbox)))
        .map(|i| i as u32)
        .collect()
}

/// Marks and gives the words whose middle lies in the plan.
fn take_words(plan: &Plan, text: &PageText, used: &mut [bool]) -> Vec<u32> {
    let bbox = plan.bbox();
    let mut out = Vec::new();
    for (i, word) in text.words.iter().enumerate() {
        if let Some(flag) = used.get_mut(i)
            && !*flag
            && bbox.contains(word.bbox.cx(), word.bbox.cy())
        {
            *flag = true;
            out.push(i as u32);
        }
    }
    out
}
