//! Quirks of headers whose levels no rule parts.

use super::super::synthetic::{Setting, Style, draw, expected, read_cells};
use super::{expenditure, read};
use crate::pdf::{Axis, Page, Ruling};

/// The ruled table without the horizontal rules inside its header.
fn without_inner_rules() -> Page {
    let mut page = draw(&expenditure(), Style::Grid, Setting::default());
    let horizontal = page.rulings.iter().filter(|r| r.axis == Axis::Horizontal);
    let mut ys: Vec<f32> = horizontal.map(|r| r.at).collect();
    ys.sort_by(f32::total_cmp);
    ys.dedup();
    page.rulings.retain(|r| r.axis == Axis::Vertical || r.at <= ys[0] || r.at >= ys[3]);
    page
}

#[test]
fn header_levels_without_a_rule_between_them_end_where_vertical_rules_begin() {
    let out = read(&without_inner_rules());
    assert_eq!(out.grids.len(), 1);
    assert_eq!(read_cells(&out.grids[0]), expected(&expenditure()));
}

#[test]
fn a_vertical_rule_that_begins_beside_the_middle_of_texts_ends_no_level() {
    let mut page = without_inner_rules();
    // between two headings that stand in the middle of both lower levels
    let middle = page.glyphs.iter().find(|g| g.ch == '基').map(|g| g.bbox.cy()).unwrap();
    let upright = |r: &&Ruling| r.axis == Axis::Vertical;
    let right = page.rulings.iter().filter(upright).map(|r| r.at).fold(0.0, f32::max);
    let last = page.rulings.iter().filter(upright).map(|r| r.at).filter(|x| *x < right - 1.0);
    let last = last.fold(0.0, f32::max);
    page.rulings
        .iter_mut()
        .filter(|r| r.axis == Axis::Vertical && r.at == last)
        .for_each(|r| r.from = middle);
    assert!(read(&page).grids[0].ys.iter().all(|y| (y - middle).abs() > 1.0));
}
