//! Random tables, drawn in every style, must read back as they are.

use super::super::synthetic::{Align, Column, Setting, Style, Table, Text, draw, expected, read_cells};
use super::{assert_reads_back, read};
use crate::geometry::Rect;
use crate::pdf::{Page, Ruling};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A small deterministic source of choices, so that a failing table can be told by its seed.
struct Choice(u64);

impl Choice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % below.max(1) as u64) as usize
    }

    fn name(&mut self, least: usize, most: usize) -> String {
        const CHARS: &[char] = &[
            '一', '般', '公', '共', '服', '务', '支', '出', '社', '会', '保', '障', '和', '就', '业', '教',
            '育', '科', '学', '技', '术', '住', '房',
        ];
        let n = least + self.next(most - least + 1);
        (0..n).map(|_| CHARS[self.next(CHARS.len())]).collect()
    }

    fn amount(&mut self) -> String {
        let whole = [self.next(10), self.next(1000), self.next(100_000), self.next(10_000_000)][self.next(4)];
        let digits = whole.to_string();
        let mut text = String::new();
        for (i, ch) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(ch);
        }
        format!("{text}.{:02}", self.next(100))
    }
}

/// What kind of table to make.
#[derive(Clone, Copy, Debug)]
struct Kind {
    seed: u64,
    codes: usize,
    amounts: usize,
    rows: usize,
    /// Every row has an amount.
    dense: bool,
    /// The total's label spans codes and name.
    label: bool,
}

fn table(kind: Kind) -> Table {
    let mut pick = Choice(kind.seed);
    let codes = kind.codes;
    let mut columns = vec![Column { width: 2.8, align: Align::Centre }; codes];
    columns.push(Column { width: 8.0 + pick.next(8) as f32, align: Align::Left });
    let align = [Align::Right, Align::Right, Align::Centre][pick.next(3)];
    let amount_width = 6.5 + pick.next(4) as f32;
    columns.extend(vec![Column { width: amount_width, align }; kind.amounts]);
    let first = codes + 1;
    let mut cells = Vec::new();
    // Groups of amount columns under common headings make a second band; codes under one make it too.
    let banded = kind.amounts > 2 && pick.next(3) > 0;
    let mut groups = Vec::new();
    while groups.iter().sum::<usize>() < kind.amounts {
        let left = kind.amounts - groups.iter().sum::<usize>();
        let many = banded && left > 1 && pick.next(2) == 0;
        groups.push(if many { 2 + pick.next(left.min(4) - 1) } else { 1 });
    }
    let header = if codes > 0 || groups.iter().any(|g| *g > 1) { 2 } else { 1 };
    if codes > 0 {
        cells.push(Text::span(0, 0, 1, codes, if codes > 1 { "科目编码" } else { "码" }));
        let mut leaves = ["类", "款", "项"].iter();
        for c in 0..codes {
            cells.push(Text::one(1, c, leaves.next().unwrap()));
        }
    }
    cells.push(Text::span(0, codes, header, 1, "科目名称"));
    let mut c = 0;
    for group in groups {
        if group > 1 {
            cells.push(Text::span(0, first + c, 1, group, &pick.name(3, 6)));
            for k in 0..group {
                cells.push(Text::one(1, first + c + k, &pick.name(2, 8)));
            }
        } else {
            cells.push(Text::span(0, first + c, header, 1, &pick.name(2, 8)));
        }
        c += group;
    }
    for r in 0..kind.rows {
        let row = header + r;
        let last = r + 1 == kind.rows;
        if last && kind.label {
            cells.push(Text::span(row, 0, 1, codes + 1, "总计"));
        } else {
            let depth = if codes == 0 { 0 } else { 1 + pick.next(codes) };
            for c in 0..depth {
                let code = if c == 0 {
                    format!("{}", 201 + pick.next(30))
                } else {
                    format!("{:02}", pick.next(100))
                };
                cells.push(Text::one(row, c, &code));
            }
            let name = pick.name(3, 26);
            cells.push(Text::one(row, codes, &name));
        }
        let must = pick.next(kind.amounts);
        for c in 0..kind.amounts {
            if last || (kind.dense && c == must) || pick.next(3) > 0 {
                cells.push(Text::one(row, first + c, &pick.amount()));
            }
        }
    }
    Table { columns, rows: header + kind.rows, header, cells }
}

fn kind(dense: bool, label: bool) -> impl Strategy<Value = Kind> {
    (any::<u64>(), 0usize..4, 1usize..9, 2usize..16).prop_map(move |(seed, codes, amounts, rows)| Kind {
        seed,
        codes,
        amounts,
        rows,
        dense,
        label,
    })
}

fn setting() -> impl Strategy<Value = Setting> {
    (5.0f32..13.0, 20.0f32..90.0, 30.0f32..200.0, 0.15f32..0.6, 0.2f32..0.7)
        .prop_map(|(size, x, y, pad, lead)| Setting { size, x, y, pad, lead, ..Setting::default() })
}

const RULED: [Style; 7] = [
    Style::Grid,
    Style::CellRects,
    Style::Segments,
    Style::Short,
    Style::OpenSides,
    Style::Double,
    Style::Dashed,
];
const ROWS_RULED: [Style; 3] = [Style::HorizontalRules, Style::HorizontalPieces, Style::HeaderFill];
// Without any rule or fill the span of a header is a guess: `Style::Bare` is not among them.
const ALIGNED: [Style; 2] = [Style::ThreeLine, Style::Zebra];

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    #[test]
    fn a_ruled_table_reads_back(kind in kind(false, true), setting in setting(), style in 0usize..7) {
        assert_reads_back(&table(kind), RULED[style], setting);
    }

    #[test]
    fn a_table_with_rules_between_its_rows_reads_back(kind in kind(false, false), setting in setting(), style in 0usize..3) {
        assert_reads_back(&table(kind), ROWS_RULED[style], setting);
    }

    #[test]
    fn a_table_without_rules_between_its_rows_reads_back(kind in kind(true, false), mut setting in setting(), style in 0usize..2) {
        // Without rules rows are told by their distance, columns by theirs.
        setting.lead = setting.lead.max(0.3);
        setting.pad = setting.pad.max(0.3);
        assert_reads_back(&table(kind), ALIGNED[style], setting);
    }

    #[test]
    fn the_order_of_painting_does_not_matter(kind in kind(false, true), seed in any::<u64>(), style in 0usize..9) {
        let styles = [RULED.as_slice(), &ROWS_RULED].concat();
        let table = table(Kind { label: style < RULED.len(), ..kind });
        let mut page = draw(&table, styles[style], Setting::default());
        shuffle(&mut page, seed);
        let out = read(&page);
        prop_assert_eq!(read_cells(&out.grids[0]), expected(&table));
    }

    #[test]
    fn moving_and_scaling_a_page_moves_and_scales_its_grid(
        kind in kind(true, false), dx in -15.0f32..300.0, dy in -15.0f32..300.0, scale in 0.4f32..3.0, style in 0usize..11,
    ) {
        let styles = [RULED.as_slice(), &ROWS_RULED, &ALIGNED].concat();
        let table = table(kind);
        let page = draw(&table, styles[style], Setting::default());
        let moved = transform(&page, dx, dy, scale);
        let (a, b) = (read(&page), read(&moved));
        prop_assert_eq!(a.grids.len(), b.grids.len());
        for (a, b) in a.grids.iter().zip(&b.grids) {
            prop_assert_eq!(read_cells(a), read_cells(b));
            for (p, q) in a.xs.iter().zip(&b.xs) {
                prop_assert!((p * scale + dx - q).abs() < 0.3 * scale.max(1.0), "{} {}", p, q);
            }
        }
    }
}

/// Paints the same page in another order: whole texts stay together, everything else is mixed.
fn shuffle(page: &mut Page, seed: u64) {
    let mut pick = Choice(seed);
    for i in (1..page.rulings.len()).rev() {
        let j = pick.next(i + 1);
        page.rulings.swap(i, j);
    }
    let runs = page.glyphs.last().map_or(0, |g| g.run + 1) as usize;
    let mut order: Vec<usize> = (0..runs).collect();
    for i in (1..runs).rev() {
        let j = pick.next(i + 1);
        order.swap(i, j);
    }
    for g in &mut page.glyphs {
        g.run = order[g.run as usize] as u32;
    }
    page.glyphs.sort_by_key(|g| g.run);
}

fn transform(page: &Page, dx: f32, dy: f32, k: f32) -> Page {
    let rect = |r: Rect| Rect::new(r.x0 * k + dx, r.y0 * k + dy, r.x1 * k + dx, r.y1 * k + dy);
    let mut out = page.clone();
    (out.width, out.height) = (page.width * k + 300.0, page.height * k + 300.0);
    for g in &mut out.glyphs {
        g.bbox = rect(g.bbox);
        g.baseline = g.baseline * k + dy;
        g.size *= k;
    }
    for Ruling { axis, at, from, to, width, .. } in &mut out.rulings {
        let (along, across) = if *axis == crate::pdf::Axis::Horizontal { (dx, dy) } else { (dy, dx) };
        (*at, *from, *to, *width) = (*at * k + across, *from * k + along, *to * k + along, *width * k);
    }
    for f in &mut out.fills {
        f.bbox = rect(f.bbox);
    }
    out
}
