//! Findings as JSON, with the places that they point at.

use super::words;
use super::writer::{Lines, Writer};
use crate::document::{Finding, Place};

pub(super) fn finding(w: &mut Writer, f: &Finding) {
    w.object(Lines::Joined);
    w.key("rule");
    w.string(&f.rule);
    w.key("severity");
    w.word(words::severity(f.severity));
    w.key("message");
    w.string(&f.message);
    named(w, &f.place);
    w.key("expected");
    w.optional_decimal(f.expected.as_ref());
    w.key("actual");
    w.optional_decimal(f.actual.as_ref());
    w.key("difference");
    w.optional_decimal(f.difference.as_ref());
    printed(w, &f.place);
    w.key("cause");
    w.optional(f.cause.map(words::cause));
    w.key("others");
    w.array(Lines::Joined);
    for other in &f.others {
        w.element();
        w.object(Lines::Joined);
        named(w, other);
        printed(w, other);
        w.end_object();
    }
    w.end_array();
    w.end_object();
}

/// Table, row and column of a place.
fn named(w: &mut Writer, p: &Place) {
    w.key("table");
    match p.table {
        Some(n) => w.uint(u64::from(n)),
        None => w.null(),
    }
    w.key("row");
    w.optional(p.row.as_deref());
    w.key("column");
    w.optional(p.column.as_deref());
}

/// Page and box of a place.
fn printed(w: &mut Writer, p: &Place) {
    w.key("page");
    match p.page {
        Some(n) => w.uint(u64::from(n)),
        None => w.null(),
    }
    w.key("bbox");
    match &p.bbox {
        Some(b) => w.rect(b),
        None => w.null(),
    }
}
