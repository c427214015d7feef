//! The document's own particulars: department, year, title, kind, scope, date of publication.

use super::join::Found;
use crate::document::{Head, Kind, Scope};
use crate::grid::{PageGrids, TextLine};
use crate::normalize::{date, text};
use regex::Regex;
use std::sync::LazyLock;

static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:部门|单位|区级|本级|年度?|局|会|室|院|厅|委)?(?:部门|单位)?(?:预算|决算)(?:信息)?(?:(?:及|和|与)[“”三公经费预算决算信息绩效目标]{2,14})?(?:公开)?(?:说明|报告|情况|文本|报表|表)?$").ok()
});
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:19|20)[0-9]{2}年(?:度)?)?(.{3,40}?)(?:(?:19|20)[0-9]{2}年(?:度)?)?(?:区级|本级)?(?:部门|单位)?(?:预算|决算)?(?:信息)?(?:(?:及|和|与)[“”三公经费预算决算信息绩效目标]{2,14})?(?:公开)?(?:说明|报告)?$").ok()
});

/// A line that could be (part of) the document's title.
fn is_title_part(line: &str) -> bool {
    line.chars().count() <= 50
        && !line.contains(['。', '，', ',', '；', '、', '…', '.'])
        && !line.starts_with([
            '第', '（', '(', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '表', '附',
        ])
        && (!line.ends_with('表') || line.ends_with("报表"))
        && TITLE.as_ref().is_some_and(|r| r.is_match(line))
}

/// A line that is a document's title by itself: it says of what year it is, or that it is public.
pub(super) fn is_title(line: &str) -> bool {
    is_title_part(line) && (line.contains('年') || line.contains("公开"))
}

/// Reads the particulars from the pages of one document. `tables` are its tables.
pub fn read(pages: &[PageGrids], tables: &[&Found], default_kind: Option<Kind>) -> Head {
    let mut head = Head::default();
    let from_tables = most_frequent(tables.iter().filter_map(|t| t.caption.department.clone()));
    let cover = cover_lines(pages);
    let title_at = title_at(&cover);
    if let Some(at) = title_at {
        head.title = Some(whole_title(&cover, at));
    }
    head.department = from_tables.or_else(|| department_on_cover(&cover, title_at));
    head.fiscal_year = fiscal_year(head.title.as_deref(), pages, tables);
    head.kind = kind(head.title.as_deref(), tables, default_kind);
    head.scope = scope(head.title.as_deref(), &cover, tables);
    head.published_on = published_on(pages);
    head
}

/// The line of the cover that is the title, or its last part. A running head that says `部门预算公开` and no more gives way
/// to a title with a year.
fn title_at(cover: &[String]) -> Option<usize> {
    let first = |is: &dyn Fn(&str) -> bool| cover.iter().position(|l| is_title_part(l) && is(l));
    let found = cover.iter().position(|l| is_title(l)).or_else(|| first(&|_| true))?;
    let says_nothing = ["部门", "单位", "预算", "决算", "信息", "公开"]
        .iter()
        .fold(cover.get(found)?.clone(), |rest, word| rest.replace(word, ""))
        .is_empty();
    let dated = || first(&|l| date::fiscal_year(l).is_some());
    says_nothing.then(dated).flatten().or(Some(found))
}

/// The short lines of the first pages, before the first table.
pub(super) fn cover_lines(pages: &[PageGrids]) -> Vec<String> {
    let before_tables = pages.iter().take(3).take_while(|p| p.grids.is_empty());
    let heads = running_heads(pages);
    let is_head = |l: &&TextLine| !heads.iter().any(|h| is_same_head(h, l));
    let lines = before_tables.flat_map(|p| &p.lines).filter(is_head).take(60);
    let mut out: Vec<String> = Vec::new();
    for line in lines.map(|l| text::compact(&l.text)).filter(|l| !l.is_empty()) {
        match out.last_mut() {
            Some(above) if is_rest_of_title(above, &line) => above.push_str(&line),
            _ => out.push(line),
        }
    }
    out
}

/// Lines that three of the first pages have at one height: they head pages, not the document.
fn running_heads(pages: &[PageGrids]) -> Vec<&TextLine> {
    let Some((first, others)) = pages.split_first() else { return Vec::new() };
    let others = || others.iter().take(6);
    let repeated = |line: &&TextLine| {
        others().filter(|p| p.lines.iter().take(4).any(|l| is_same_head(line, l))).count() > 1
    };
    first.lines.iter().take(4).filter(repeated).collect()
}

fn is_same_head(a: &TextLine, b: &TextLine) -> bool {
    (a.bbox.y0 - b.bbox.y0).abs() < 3.0 && a.text == b.text
}

/// A title that is wrapped within a word: neither line is one, both together are (`某局2026年单位预` / `算公开`). The rest
/// may look like one by itself (`某局2026年部` / `门预算公开`).
fn is_rest_of_title(above: &str, line: &str) -> bool {
    let words = ["部门", "单位", "预算", "决算"];
    let cut = words.iter().filter_map(|word| word.split_at_checked('部'.len_utf8()));
    let within = cut.into_iter().any(|(head, tail)| above.ends_with(head) && line.starts_with(tail));
    line.chars().count() <= 8
        && above.contains('年')
        && line.contains(['算', '开'])
        && !is_title_part(above)
        && (within || !is_title_part(line))
        && is_title_part(&format!("{above}{line}"))
}

/// The title line with the lines just above that complete it (`某局` / `2026年部门预算公开`), which may be wrapped
/// themselves.
fn whole_title(cover: &[String], at: usize) -> String {
    let title = cover[at].clone();
    let names_body =
        title.chars().take_while(|c| !c.is_ascii_digit()).count() >= 4 && !title.starts_with("部门");
    if names_body && date::fiscal_year(&title).is_some() {
        return title;
    }
    // `全国工商联` over `2025年部门预算`: the name of a body, whatever it ends with
    if let Some(name) = at.checked_sub(1).and_then(|i| cover.get(i))
        && date::fiscal_year(&title).is_some()
        && title.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '二' | '〇'))
        && (4..=30).contains(&name.chars().count())
        && name.chars().all(char::is_alphabetic)
        && !["目录", "附件", "公开", "预算", "决算"].iter().any(|w| name.contains(w))
    {
        return format!("{name}{title}");
    }
    let mut above = String::new();
    for line in cover[..at].iter().rev().take(3) {
        if line.chars().count() > 40 || line.contains(['。', '，', ':', '：', '、']) {
            break;
        }
        above.insert_str(0, line);
        if crate::normalize::label::is_body(&above) || date::fiscal_year(&above).is_some() {
            return above + &title;
        }
    }
    title
}

fn department_on_cover(cover: &[String], title_at: Option<usize>) -> Option<String> {
    let labelled = cover.iter().find_map(|l| {
        let rest = l
            .strip_prefix("预算主管部门")
            .or_else(|| l.strip_prefix("预算单位"))
            .or_else(|| l.strip_prefix("部门名称"))?;
        let name = rest.trim_start_matches([':', '：']);
        (!name.is_empty()).then(|| name.to_owned())
    });
    let from_title = || {
        let title = whole_title(cover, title_at?);
        let found = BODY.as_ref()?.captures(&title)?;
        let name = found.get(1)?.as_str();
        let words = ["部门", "单位", "预算", "决算", "公开", "年"];
        let region = name.ends_with(['省', '市', '区', '县', '州', '盟', '旗', '级']);
        let named = !region && !words.iter().any(|w| name.contains(w));
        (named || crate::normalize::label::is_body(name)).then(|| name.to_owned())
    };
    labelled.or_else(from_title)
}

/// The year of the title, else of the tables' titles, else of the part headings, else of the tables' notes; never any
/// other year.
fn fiscal_year(title: Option<&str>, pages: &[PageGrids], tables: &[&Found]) -> Option<u16> {
    if let Some(year) = title.and_then(date::fiscal_year) {
        return Some(year);
    }
    let titles = tables.iter().filter_map(|t| t.caption.title.as_deref()).filter_map(date::fiscal_year);
    if let Some(year) = most_frequent(titles) {
        return Some(year);
    }
    // cleaning every line of the document for a few headings would cost more than the rest of this module
    let headings = pages.iter().flat_map(|p| &p.lines).filter(|l| l.text.contains('算'));
    let headings = headings.map(|l| text::compact(&l.text));
    let headings = headings.filter(|l| {
        l.chars().count() <= 40
            && (l.contains("预算") || l.contains("决算"))
            && (l.starts_with('第') || l.contains("部门") || l.contains("单位"))
            && !l.contains(['，', ',', '。', '；', ';', '《', '》', '〔', '号', '、'])
    });
    // `2026年没有使用政府性基金预算拨款安排的支出` speaks of one year, and that is the budget's
    let only_year = |note: &String| {
        let year = date::fiscal_year(note)?;
        let (_, rest) = note.split_once('年')?;
        date::any_year(rest).is_none().then_some(year)
    };
    most_frequent(headings.filter_map(|l| date::fiscal_year(&l)))
        .or_else(|| most_frequent(tables.iter().flat_map(|t| &t.notes).filter_map(only_year)))
}

fn kind(title: Option<&str>, tables: &[&Found], default: Option<Kind>) -> Kind {
    let says = |text: &str| {
        let (final_account, budget) = (text.contains("决算"), text.contains("预算"));
        match (final_account, budget) {
            (true, false) => Some(Kind::FinalAccount),
            (false, true) => Some(Kind::Budget),
            (true, true) if text.contains("决算表") || text.contains("决算总表") => {
                Some(Kind::FinalAccount)
            }
            _ => None,
        }
    };
    let votes: Vec<Kind> =
        tables.iter().filter_map(|t| t.caption.title.as_deref()).filter_map(says).collect();
    let finals = votes.iter().filter(|k| **k == Kind::FinalAccount).count();
    // whatever stands on the cover: tables that all call themselves 决算表 are those of final accounts
    if votes.len() > 2 && finals == votes.len() {
        return Kind::FinalAccount;
    }
    if let Some(kind) = title.and_then(says) {
        return kind;
    }
    if finals * 2 > votes.len() {
        Kind::FinalAccount
    } else if votes.is_empty() {
        default.unwrap_or_default()
    } else {
        Kind::Budget
    }
}

fn scope(title: Option<&str>, cover: &[String], tables: &[&Found]) -> Scope {
    let unit = |l: &str| l.contains("单位预算") || l.contains("单位决算");
    let department = |l: &str| l.contains("部门预算") || l.contains("部门决算");
    match title {
        Some(title) if unit(title) && !department(title) => Scope::Unit,
        Some(title) if department(title) => Scope::Department,
        _ if cover.iter().any(|l| unit(l)) && !cover.iter().any(|l| department(l)) => Scope::Unit,
        // without a cover the tables' titles tell: 单位收支总表; 预算单位 is any unit that has a budget
        None if cover.is_empty() => {
            let titles = || tables.iter().filter_map(|t| t.caption.title.as_deref());
            let own = |t: &str| t.replace("预算单位", "").contains("单位") && !t.contains("部门");
            if titles().any(own) && !titles().any(|t| t.contains("部门")) {
                Scope::Unit
            } else {
                Scope::Department
            }
        }
        _ => Scope::Department,
    }
}

/// A date that stands alone on its line: on the cover, or written with 年月日 below the text, the last one printed.
fn published_on(pages: &[PageGrids]) -> Option<String> {
    let first = pages.first().map_or(0, |p| p.number);
    pages.iter().rev().flat_map(|p| p.lines.iter().rev().map(move |l| (p, l))).find_map(|(page, line)| {
        let printed = text::compact(&line.text);
        if printed.chars().count() > 24 {
            return None;
        }
        let labels = ["公开时间", "公开日期", "发布日期", "发布时间", "日期"];
        let bare = labels.iter().find_map(|p| printed.strip_prefix(p));
        let labelled = bare.is_some();
        let bare = bare.unwrap_or(&printed).trim_matches([':', '：', '(', ')', '（', '）']);
        let starts = bare.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '二' | '〇' | '○'));
        let ends = bare.ends_with('日') && bare.matches('日').count() == 1
            || (labelled || page.number == first) && bare.ends_with(|c: char| c.is_ascii_digit());
        // beside other text on its line it is a field of a form
        let alone =
            !page.lines.iter().any(|l| l != line && l.bbox.overlap_y(&line.bbox) > line.bbox.height() * 0.5);
        let in_table = page.grids.iter().any(|g| g.bbox.contains(line.bbox.cx(), line.bbox.cy()));
        (starts && ends && alone && !in_table).then(|| date::parse_date(bare)).flatten()
    })
}

/// The value that occurs most often, the first of equals.
pub fn most_frequent<T: PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(v, _)| *v == value) {
            Some((_, n)) => *n += 1,
            None => counts.push((value, 1)),
        }
    }
    counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(v, _)| v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_whole_though_it_is_wrapped_within_a_word() {
        for (above, line) in [("某局2026年单位预", "算公开"), ("某支队2024年部", "门预算公开")]
        {
            assert!(is_rest_of_title(above, line), "{above}{line}");
        }
        assert!(!is_rest_of_title("某局2026年", "部门预算公开"));
    }

    #[test]
    fn a_running_head_that_says_nothing_gives_way_to_a_title_with_a_year() {
        let cover = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        assert_eq!(title_at(&cover(&["部门预算公开", "某局2025年度部门预算"])), Some(1));
        assert_eq!(title_at(&cover(&["某局部门预算公开", "某局2025年度部门预算"])), Some(0));
        assert_eq!(title_at(&cover(&["部门预算公开", "某局"])), Some(0));
    }
}
