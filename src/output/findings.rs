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
    let p = &f.place;
    w.key("table");
    table_number(w, p);
    w.key("row");
    w.optional(p.row.as_deref());
    w.key("column");
    w.optional(p.column.as_deref());
    w.key("expected");
    w.optional_decimal(f.expected.as_ref());
    w.key("actual");
    w.optional_decimal(f.actual.as_ref());
    w.key("difference");
    w.optional_decimal(f.difference.as_ref());
    w.key("page");
    page(w, p);
    w.key("bbox");
    bbox(w, p);
    w.key("cause");
    w.optional(f.cause.map(words::cause));
    w.key("others");
    w.array(Lines::Joined);
    for other in &f.others {
        w.element();
        place(w, other);
    }
    w.end_array();
    w.end_object();
}

fn place(w: &mut Writer, p: &Place) {
    w.object(Lines::Joined);
    w.key("table");
    table_number(w, p);
    w.key("row");
    w.optional(p.row.as_deref());
    w.key("column");
    w.optional(p.column.as_deref());
    w.key("page");
    page(w, p);
    w.key("bbox");
    bbox(w, p);
    w.end_object();
}

fn table_number(w: &mut Writer, p: &Place) {
    match p.table {
        Some(n) => w.uint(u64::from(n)),
        None => w.null(),
    }
}

fn page(w: &mut Writer, p: &Place) {
    match p.page {
        Some(n) => w.uint(u64::from(n)),
        None => w.null(),
    }
}

fn bbox(w: &mut Writer, p: &Place) {
    match &p.bbox {
        Some(b) => w.rect(b),
        None => w.null(),
    }
}
