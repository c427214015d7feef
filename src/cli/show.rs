//! `yusuan show`: a page, or what is around one amount, with all that was read from it.

use super::args::{ScreenArgs, ShowArgs};
use super::exit::Exit;
use super::screen::Screen;
use crate::batch::run::read;
use crate::batch::{Failure, Origin, guard::guard, write};
use crate::document::Document;
use crate::error::Error;
use crate::geometry::Rect;
use crate::grid::PageGrids;
use crate::options::{Deadline, Options};
use crate::pdf::{self, Ruling};
use crate::picture::drawing::{self, Ground, Layers};
use crate::picture::marks::{Mark, Marks};
use crate::picture::{png, render};
use crate::proof::Rules;
use crate::view::Lang;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Points of an inch.
const INCH: f32 = 72.0;
/// Anchors that are named where none fits.
const MAX_HINTS: usize = 5;

/// Runs the command.
pub(super) fn run(args: &ShowArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => options,
        Err(message) => return screen.fatal(&message),
    };
    let form = args.output.as_deref().filter(|p| *p != Path::new("-")).map(|path| {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        (path, ending)
    });
    if let Some((path, ending)) = &form
        && !matches!(ending.as_str(), "svg" | "png")
    {
        return screen.fatal(&format!("{}: a picture ends in .svg or .png", path.display()));
    }
    let label = args.file.to_string_lossy();
    let drawn = guard(|| draw(args, &options))
        .unwrap_or_else(|cause| Err(Failure::from(Error::Internal { cause }).to_string()));
    let svg = match drawn {
        Ok(svg) => svg,
        Err(message) => {
            screen.failure(&label, &message);
            return Exit::FilesFailed;
        }
    };
    #[allow(clippy::cast_precision_loss)]
    let scale = args.dpi as f32 / INCH;
    let (path, bytes) = match form {
        None => return super::print(&screen, svg.as_bytes()),
        Some((path, ending)) if ending == "png" => match guard(|| png(&svg, scale)).and_then(|made| made) {
            Ok(bytes) => (path, bytes),
            Err(cause) => return screen.fatal(&format!("{}: cannot draw it: {cause}", path.display())),
        },
        Some((path, _)) => (path, svg.into_bytes()),
    };
    let written = write::begin(path).and_then(|mut file| {
        file.write_all(&bytes)?;
        file.commit()
    });
    match written {
        Ok(_) => Exit::Done,
        Err(error) => screen.fatal(&format!("{}: cannot write: {error}", path.display())),
    }
}

/// What was read of a file.
struct Seen {
    documents: Vec<Document>,
    grids: Vec<PageGrids>,
    rulings: Vec<Vec<Ruling>>,
}

fn draw(args: &ShowArgs, options: &Options) -> Result<String, String> {
    let origin = if args.file == Path::new("-") { Origin::Stdin } else { Origin::File(args.file.clone()) };
    let bytes: Arc<[u8]> = read(&origin).map_err(|e| e.to_string())?.into();
    let seen = look(&bytes, options)?;
    let rules = options.rules.as_deref().unwrap_or(Rules::built_in());
    let marks: Vec<Marks> = seen.documents.iter().map(|d| Marks::of(d, rules, &seen.grids)).collect();
    let all = || marks.iter().flat_map(|m| &m.all);
    let wanted = match &args.cell {
        Some(cell) => Some(find(cell, all())?),
        None => None,
    };
    let number = args.page.or(wanted.map(|m| m.page)).unwrap_or(1);
    if let Some(mark) = wanted.filter(|m| m.page != number) {
        return Err(format!("this amount stands on page {}, not on page {number}", mark.page));
    }
    let Some(page) = seen.grids.iter().find(|p| p.number == number) else {
        return Err(format!("no page {number}; hint: it has {}", seen.grids.len()));
    };
    let rendered = render(&bytes, options.password.as_deref(), &[number]);
    let here = || all().filter(|m| m.page == number);
    let layers = Layers {
        rulings: (number as usize)
            .checked_sub(1)
            .and_then(|i| seen.rulings.get(i))
            .map_or(&[], Vec::as_slice),
        grids: &page.grids,
        columns: columns(here()),
        amounts: here().filter(|m| m.value.is_some()).map(|m| (m, told(m))).collect(),
        lit: wanted.map(|m| (m.bbox, told(m))),
    };
    let ground = Ground { width: page.width, height: page.height, sheet: rendered.pages.get(&number) };
    let only = wanted.filter(|_| args.page.is_none()).map(|m| m.bbox);
    Ok(drawing::page(&ground, &layers, only))
}

fn look(bytes: &[u8], options: &Options) -> Result<Seen, String> {
    let documents = match crate::extract(bytes, options) {
        Ok(documents) => documents,
        Err(error) => return Err(error.to_string()),
    };
    let grids = crate::page_grids(bytes, options).map_err(|e| e.to_string())?;
    let deadline = Deadline::start_reading(&options.limits);
    let rulings = pdf::read(bytes, options.access(), deadline)
        .map_or(Vec::new(), |source| source.pages.into_iter().map(|p| p.rulings).collect());
    Ok(Seen { documents, grids, rulings })
}

/// What a mouse over an amount tells.
fn told(mark: &Mark) -> String {
    let value = mark.value.map_or_else(String::new, |v| v.to_string());
    format!(
        "{} · {} · {value} 万元 · “{}” · {} ({})",
        mark.anchor,
        Lang::Zh.column(mark.table, &mark.column),
        mark.text,
        mark.state.id(),
        mark.proofs
    )
}

/// The columns of the twelve tables on a page, and what they were taken for.
fn columns<'m>(marks: impl Iterator<Item = &'m Mark>) -> Vec<(Rect, String)> {
    let mut found: Vec<(u16, &str, Rect)> = Vec::new();
    for mark in marks.filter(|m| (1..=12).contains(&m.table) && m.value.is_some()) {
        // the halves of tables 1 and 4 have columns of the same name side by side
        let same = |(table, column, hull): &&mut (u16, &str, Rect)| {
            *table == mark.table && *column == mark.column && hull.overlap_x(&mark.bbox) > 0.0
        };
        match found.iter_mut().find(same) {
            Some((_, _, hull)) => *hull = hull.union(&mark.bbox),
            None => found.push((mark.table, &mark.column, mark.bbox)),
        }
    }
    found.into_iter().map(|(table, column, hull)| (hull, format!("T{table} {column}"))).collect()
}

/// The amount that is meant: `T10/reception/total`, or an anchor.
fn find<'m>(wish: &str, marks: impl Iterator<Item = &'m Mark> + Clone) -> Result<&'m Mark, String> {
    if let Some(mark) = marks.clone().find(|m| m.anchor == wish) {
        return Ok(mark);
    }
    let parsed = wish.strip_prefix(['T', 't']).and_then(|rest| {
        let (table, rest) = rest.split_once('/')?;
        let (row, column) = rest.split_once('/')?;
        Some((table.parse::<u16>().ok()?, row, column))
    });
    let Some((table, row, column)) = parsed else {
        return Err(format!(
            "`{wish}` names no amount; hint: T10/reception/total (table, row, column), or an anchor of the review page"
        ));
    };
    let of_table = || marks.clone().filter(|m| m.table == table && m.value.is_some());
    let key = |text: &str| crate::normalize::text::key(text);
    let row_is =
        |m: &&Mark| m.name == row || key(&m.name) == key(row) || m.anchor.contains(&format!("-{row}-"));
    let found: Vec<&Mark> = of_table().filter(row_is).collect();
    let column_is = |m: &&&Mark| {
        m.column == column || Lang::Zh.column(m.table, &m.column) == column || m.column.ends_with(column)
    };
    if let Some(mark) = found.iter().find(column_is) {
        return Ok(mark);
    }
    let near: Vec<&str> = if found.is_empty() {
        of_table().map(|m| m.anchor.as_str()).take(MAX_HINTS).collect()
    } else {
        found.iter().map(|m| m.anchor.as_str()).take(MAX_HINTS).collect()
    };
    Err(match near.is_empty() {
        true => format!("table {table} prints no amounts"),
        false => format!("no amount `{wish}`; hint: {}", near.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mark(table: u16, name: &str, column: &str, anchor: &str) -> Mark {
        Mark {
            table,
            row: 0,
            column: column.into(),
            name: name.into(),
            anchor: anchor.into(),
            value: Some(rust_decimal::Decimal::ONE),
            text: "1".into(),
            unit: None,
            page: 3,
            bbox: Rect::new(10.0, 10.0, 20.0, 20.0),
            proofs: 0,
            second: None,
            state: crate::picture::marks::State::Proved,
        }
    }

    #[test]
    fn an_amount_is_found_by_table_row_and_column_in_both_languages_or_by_its_anchor() {
        let all = [
            mark(10, "reception", "total", "p9-t10-reception-total"),
            mark(10, "vehicles", "total", "p9-t10-vehicles-total"),
        ];
        for wish in ["T10/reception/total", "t10/reception/合计", "p9-t10-reception-total"] {
            assert_eq!(find(wish, all.iter()).unwrap().name, "reception", "{wish}");
        }
        assert!(find("T10/travel/total", all.iter()).unwrap_err().contains("p9-t10-reception-total"));
        assert!(find("T3/201/total", all.iter()).unwrap_err().contains("prints no amounts"));
        assert!(find("reception", all.iter()).unwrap_err().contains("T10/reception/total"));
    }

    #[test]
    fn columns_side_by_side_stay_two() {
        let mut other = mark(1, "b", "total", "b");
        other.bbox = Rect::new(100.0, 10.0, 120.0, 20.0);
        let all = [mark(1, "a", "total", "a"), other, mark(1, "c", "total", "c")];
        assert_eq!(columns(all.iter()).len(), 2);
    }
}
