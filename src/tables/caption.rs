//! Lines around a grid → what they say of it: title, number, department, unit, notes.

use super::title;
use crate::document::Unit;
use crate::normalize::label::{self, chinese_number};
use crate::normalize::{text, unit};
use crate::schema::{Layout, handicap, headers};
use regex::Regex;
use std::sync::{Arc, LazyLock};

/// What the lines above a grid (or caption rows inside it) say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caption {
    /// Title as printed, cleaned, without the label.
    pub title: Option<String>,
    /// The title's key without year, department and prefix: what table definitions are matched with.
    pub bare: Option<String>,
    /// Number of the label: 表 3, 附表三, 公开03表 …
    pub number: Option<u8>,
    /// 编制部门, 部门名称, 单位名称.
    pub department: Option<String>,
    /// 单位：元, 单位：万元.
    pub unit: Option<Unit>,
    /// 续表.
    pub continued: bool,
}

/// What one line is.
#[derive(Clone, Debug, PartialEq)]
pub enum LineKind {
    /// A label, title, department or unit line; everything that it says.
    Caption(Caption),
    /// Anything else.
    Other,
}

macro_rules! regex {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
    };
}

regex!(
    LABEL,
    r"^(?:附?件?表|附表)(?:([0-9]{1,2})(?:-[0-9]+)?|([一二三四五六七八九十]{1,3}))(?:[:：、.．]|$|续)?(.*)$"
);
// `表42026年…`: the label's number and the title's year, the space between them gone.
regex!(
    YEAR_LABEL,
    r"^(?:附?件?表|附表)([0-9]{1,2}?|[一二三四五六七八九十]{1,3}?)(?:-[0-9]{1,2}?)?((?:(?:19|20)[0-9]{2}|二[〇○零Oo0]二?[〇○零一二三四五六七八九]{1,2})年.*)$"
);
regex!(OPEN_LABEL, r"^(?:部门|单位|财)?(?:公开|预算|批复|决算){1,2}0?([0-9]{1,2})(?:-[0-9]+)?表(.*)$");
regex!(
    OPEN_TABLE,
    r"^(?:部门|单位|财)?(?:预算|决算|批复)?(?:公开|预算|决算|批复)表(?:0?([0-9]{1,2}?)(?:-[0-9]+)?[:：、.．]?((?:(?:19|20)[0-9]{2}年|[^0-9]).*|)|([一二三四五六七八九十]{1,3})[:：、.．]?)$"
);
regex!(
    ENUMERATED,
    r"^(?:[（(]([一二三四五六七八九十]{1,3})[）)][、.．]?|([一二三四五六七八九十]{1,3})[、.．]|([0-9]{1,2})[、.．])(.*表.*)$"
);
regex!(CONTINUED, r"^[（(]?续(?:上)?表?[）)]?[0-9]{0,2}$|[（(]续(?:上|上表|表)?[0-9]{0,2}[）)]$|^续表[0-9]*");
regex!(
    DEPARTMENT,
    r"^(?:编制|填报|申报|预算|公开)?(?:部门|单位)(?:[/／、（(]?(?:部门|单位)[）)]?)?(?:名称|（公章）)?[:：](.*)$"
);
regex!(
    UNIT_TAIL,
    r"[（(]?(?:金额|计量)?单位[:：](?:人民币)?(?:元|万元|千元|亿元)[）)]?$|[（(](?:人民币)?(?:元|万元|千元|亿元)[）)]$"
);
// `附件3 收入总表`: attachments are counted over the whole document, so their numbers are no table's.
regex!(
    ATTACHED,
    r"^附件(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})?[:：、.．]?((?:(?:19|20)[0-9]{2}年|[^0-9]).*表.*)$"
);
// `一般公共预算支出表2026年编制部门：某局`: all on one line, the spaces gone.
regex!(
    AFTER_TITLE,
    r"^(.*?表(?:[（(][^（）()]*[）)])?)((?:19|20)[0-9]{2}年(?:度)?)?(?:单位[:：](?:元|万元|千元|亿元))?(?:编制|填报|申报|预算|公开)?(?:部门|单位)(?:名称)?[:：](.*)$"
);
// `部门收入总体情况表（预算公开02表）`: the label behind the title, whatever it is called.
regex!(LABEL_BEHIND, r"^(.*表)[（(][^（()）]{0,8}?0?([0-9]{1,2})(?:-[0-9]{1,2})?表[）)]$");
regex!(NOTE_MARK, r"^(?:备?注|说明)[0-9]*[:：]|^[0-9一二三四五六七八九十]+[、.．]");

fn captures<'t>(regex: &LazyLock<Option<Regex>>, text: &'t str) -> Option<regex::Captures<'t>> {
    regex.as_ref().and_then(|r| r.captures(text))
}

fn is_match(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|r| r.is_match(text))
}

/// What the layouts at hand say of lines outside of the grids, beside what holds for every publisher.
#[derive(Clone, Debug, Default)]
pub struct Own<'s> {
    /// Titles that need not look like one.
    titles: Vec<&'s Regex>,
    /// What is printed where a table has nothing to show.
    empty: Vec<&'s Regex>,
    /// Titles of the layouts that the program brings along.
    known: Vec<(u8, &'s Regex)>,
}

impl<'s> Own<'s> {
    /// The words of the user's layouts, and of those that the program brings along (whose titles look like titles).
    pub fn new(users: &'s [Arc<Layout>], known: &'s [Arc<Layout>]) -> Self {
        Self {
            titles: users.iter().flat_map(|l| &l.tables).flat_map(|t| &t.titles).collect(),
            empty: users.iter().chain(known).flat_map(|l| &l.empty).collect(),
            known: (users.iter().chain(known).flat_map(|l| &l.tables))
                .flat_map(|t| t.titles.iter().map(|r| (t.number, r)))
                .collect(),
        }
    }

    /// The standard table that a bare title names, in the words of some layout or of the language of titles.
    pub fn number_of(&self, bare: &str) -> Option<u8> {
        let titled = |variant: &str| self.known.iter().find(|(_, r)| r.is_match(variant)).map(|(n, _)| *n);
        title::variants(bare).into_iter().find_map(titled).or_else(|| {
            match title::named(title::frame(bare)) {
                title::Named::Table(number) => Some(number),
                _ => None,
            }
        })
    }

    fn is_title(&self, line: &str) -> bool {
        if self.titles.is_empty() || line.chars().count() > 60 {
            return false;
        }
        let bare = title::bare(line);
        title::variants(&bare).iter().any(|variant| self.titles.iter().any(|r| r.is_match(variant)))
    }
}

/// Characters of the longest name of a body.
const LONGEST_NAME: usize = 30;

/// Says what a line of text above a grid is.
pub fn read(line: &str, own: &Own) -> LineKind {
    let squeezed = text::compact(line);
    if squeezed.is_empty() || squeezed.chars().count() > 80 {
        return LineKind::Other;
    }
    // every kind of caption has one of these characters; most lines and cells have none
    if own.titles.is_empty() && !squeezed.contains(['表', '续', '门', '位', '元', '万']) {
        return LineKind::Other;
    }
    let mut caption = Caption { unit: unit::detect_unit(&squeezed), ..Caption::default() };
    let mut rest = squeezed.as_str();
    if is_match(&CONTINUED, rest) {
        caption.continued = true;
    }
    if let Some(found) = captures(&DEPARTMENT, rest) {
        let name = found.get(1).map_or("", |m| m.as_str());
        let name = UNIT_TAIL.as_ref().map_or(name.into(), |r| r.replace(name, ""));
        let name = without_code(name.trim_matches(|c: char| c == '：' || c == ':' || c.is_whitespace()));
        if caption.unit.is_none() || !is_unit_word(name) {
            caption.department = (!name.is_empty() && !is_unit_word(name)).then(|| name.to_owned());
            return LineKind::Caption(caption);
        }
    }
    let unit_removed = UNIT_TAIL.as_ref().map(|r| r.replace(rest, "").into_owned());
    if let Some(without) = unit_removed.as_deref() {
        rest = without;
    }
    // a body's name before the unit, without any label
    let plain = !rest.contains(['表', ':', '：']) && !rest.contains(|c: char| c.is_ascii_digit());
    if caption.unit.is_some() && plain && label::is_body(rest) && rest.chars().count() <= LONGEST_NAME {
        caption.department = Some(rest.to_owned());
        return LineKind::Caption(caption);
    }
    if rest.contains('续') {
        caption.continued |= is_match(&CONTINUED, &title::undated(rest));
    }
    if let Some(found) = captures(&ATTACHED, rest).and_then(|found| found.get(1)) {
        rest = &rest[title_start(rest, found.start())..];
    } else if let Some(found) = captures(&YEAR_LABEL, rest) {
        let number = found.get(1).map_or("", |m| m.as_str());
        caption.number = number.parse().ok().or_else(|| number_of(number));
        rest = found.get(2).map_or("", |m| m.as_str());
    } else if let Some(found) = captures(&LABEL, rest) {
        let tail = found.get(3).map_or(rest.len(), |m| m.start());
        let start = title_start(rest, tail);
        let chinese = found.get(2).map(|m| m.as_str());
        let chinese = chinese.map(|n| if start < tail { n.trim_end_matches('一') } else { n });
        caption.number = chinese.map_or_else(|| found.get(1)?.as_str().parse().ok(), number_of);
        rest = &rest[start..];
    } else if let Some(found) = captures(&OPEN_LABEL, rest) {
        caption.number = found.get(1).and_then(|m| m.as_str().parse().ok());
        rest = found.get(2).map_or("", |m| m.as_str());
    } else if let Some(found) = captures(&OPEN_TABLE, rest) {
        let chinese = found.get(3).and_then(|m| number_of(m.as_str()));
        caption.number = chinese.or_else(|| found.get(1)?.as_str().parse().ok());
        rest = found.get(2).map_or("", |m| m.as_str());
    } else if let Some(found) = captures(&ENUMERATED, rest) {
        let chinese = found.get(1).or_else(|| found.get(2)).and_then(|m| number_of(m.as_str()));
        caption.number = chinese.or_else(|| found.get(3)?.as_str().parse().ok());
        rest = found.get(4).map_or("", |m| m.as_str());
    }
    if let Some(found) = captures(&LABEL_BEHIND, rest) {
        caption.number = caption.number.or_else(|| found.get(2)?.as_str().parse().ok());
        rest = &rest[..found.get(1).map_or(rest.len(), |m| m.end())];
    }
    let rest = rest.trim_start_matches(['：', ':', '、', '.', '—', '-']);
    // a running head on the left and 续表 on the right are one line
    let rest = match rest.strip_suffix("续表") {
        Some(head) if !head.is_empty() => {
            caption.continued = true;
            head
        }
        _ => rest,
    };
    let shared = rest.contains('表') && rest.contains([':', '：']);
    let all = shared
        .then(|| captures(&AFTER_TITLE, rest))
        .flatten()
        .filter(|f| f.get(1).is_some_and(|t| title::looks_like_one(t.as_str())));
    let text = |n: usize| all.as_ref().and_then(|f| f.get(n)).map_or("", |m| m.as_str());
    let titled = [text(1), text(2)].concat();
    if !titled.is_empty() {
        let name = without_code(text(3));
        caption.department = (!name.is_empty() && !is_unit_word(name)).then(|| name.to_owned());
    }
    let rest = if titled.is_empty() { rest } else { titled.as_str() };
    if handicap::get().numbers {
        caption.number = caption.number.map(handicap::exchanged);
    }
    let titled = (title::looks_like_one(rest) || own.is_title(rest)) && !rest.starts_with('续');
    if titled && !handicap::get().titles {
        caption.title = Some(rest.to_owned());
        caption.bare = Some(title::bare(rest));
    }
    if caption == Caption::default() { LineKind::Other } else { LineKind::Caption(caption) }
}

impl Caption {
    /// Adds what a later (lower) line says; it wins over what stood above it.
    pub fn merge(&mut self, lower: Caption) {
        if lower.title.is_some() {
            self.title = lower.title;
            self.bare = lower.bare;
            self.number = lower.number.or(self.number);
        } else if lower.number.is_some() {
            // A new label starts a new caption: a title above it that has a label of its own belongs to something else.
            if self.number.is_some() {
                self.title = None;
                self.bare = None;
            }
            self.number = lower.number;
        }
        self.department = lower.department.or_else(|| self.department.take());
        self.unit = lower.unit.or(self.unit);
        self.continued |= lower.continued;
    }

    /// Whether it says anything that makes a line a caption of its own (a bare unit in a sentence does not).
    pub fn names_a_table(&self) -> bool {
        self.title.is_some() || self.number.is_some()
    }
}

/// Where the title behind a label begins whose numeral ends before `start`: no numeral ends within 一般 (`附表五 一般公共
/// 预算支出表`, the space gone).
fn title_start(line: &str, start: usize) -> usize {
    let cut = line[start..].starts_with('般') && line[..start].ends_with('一');
    if cut { start - '一'.len_utf8() } else { start }
}

/// A department's name without its code in the budget system: `207001_某局`, `[207001]某局`.
fn without_code(name: &str) -> &str {
    let inner = name.trim_start_matches(['[', '（', '【']);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = rest.trim_start_matches([']', '）', '】', '_', '-', '—']);
    let digits = inner.len() - rest.len();
    let parted = bare.len() < rest.len();
    if digits >= 5 || digits >= 3 && parted { bare } else { name }
}

/// Whether a line under a grid is a note that belongs to it.
pub fn is_note(line: &str, own: &Own) -> bool {
    let squeezed = text::compact(line);
    headers::is_note(&squeezed) || own.empty.iter().any(|r| r.is_match(&squeezed))
}

/// Whether a line opens a note, so that it does not go on with the one before it.
pub fn starts_note(line: &str) -> bool {
    is_match(&NOTE_MARK, &text::compact(line))
}

fn number_of(chinese: &str) -> Option<u8> {
    chinese_number(chinese).and_then(|n| u8::try_from(n).ok())
}

fn is_unit_word(word: &str) -> bool {
    matches!(word, "元" | "万元" | "千元" | "亿元" | "人民币元" | "人民币万元")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caption(line: &str) -> Caption {
        match read(line, &Own::default()) {
            LineKind::Caption(c) => c,
            LineKind::Other => Caption::default(),
        }
    }

    #[test]
    fn labels_in_all_spellings() {
        for (line, number) in [
            ("表 1", 1),
            ("表1", 1),
            ("附表1", 1),
            ("表一", 1),
            ("附表十二", 12),
            ("公开01表", 1),
            ("预算05表", 5),
            ("公开 10 表", 10),
            ("三、部门支出总体情况表", 3),
            ("表 2 部门收入总体情况表", 2),
            ("表3-2", 3),
            ("部门公开表4", 4),
            ("公开表 12", 12),
            ("预算公开表三", 3),
            ("部门公开表 1 部门收支总表", 1),
            ("部门公开表4 2026年收支总表", 4),
        ] {
            assert_eq!(caption(line).number, Some(number), "{line}");
        }
        assert_eq!(caption("表 2 部门收入总体情况表").bare.as_deref(), Some("部门收入总体情况表"));
    }

    #[test]
    fn titles_lose_year_and_spaces() {
        assert_eq!(caption("2026年部门财务收支预算总表").bare.as_deref(), Some("部门财务收支预算总表"));
        assert_eq!(caption("收 支 预 算 总 表").bare.as_deref(), Some("收支预算总表"));
        assert_eq!(
            caption("一般公共预算支出预算表（功能科目）").bare.as_deref(),
            Some("一般公共预算支出预算表功能科目")
        );
        assert_eq!(
            caption("财政拨款“三公”经费支出情况表").bare.as_deref(),
            Some("财政拨款三公经费支出情况表")
        );
    }

    #[test]
    fn a_label_and_the_year_of_the_title_are_two_numbers() {
        for (line, number) in [("附表五 一般公共预算支出表", Some(5)), ("附表 一般公共预算支出表", None)]
        {
            let c = caption(line);
            assert_eq!((c.number, c.bare.as_deref()), (number, Some("一般公共预算支出表")), "{line}");
        }
        for (line, number) in [
            ("表 4 2026年收支总表", 4),
            ("表12 2026年收支总表", 12),
            ("表 1-1 2026年收支总表", 1),
            ("附表一 二〇二六年收支总表", 1),
        ] {
            let c = caption(line);
            assert_eq!((c.number, c.bare.as_deref()), (Some(number), Some("收支总表")), "{line}");
        }
    }

    #[test]
    fn title_year_department_and_unit_may_share_a_line() {
        for line in [
            "公开02表 部门收入总表 2026年 编制部门：某市某局 单位：万元",
            "附表二 部门收入总表 单位：万元 部门名称：某市某局",
        ] {
            let c = caption(line);
            assert_eq!((c.number, c.bare.as_deref()), (Some(2), Some("部门收入总表")), "{line}");
            assert_eq!((c.department.as_deref(), c.unit), (Some("某市某局"), Some(Unit::Wan)), "{line}");
        }
        let c = caption("某市某局2026年部门预算公开          续表");
        assert_eq!((c.continued, c.title), (true, None));
        assert_eq!(caption("部门收入总表续表").bare.as_deref(), Some("部门收入总表"));
        assert_eq!(caption("部门收入总表2026年度").bare.as_deref(), Some("部门收入总表"));
        assert_eq!(caption("本表反映部门：某局").title, None);
    }

    #[test]
    fn an_attachments_number_is_no_tables() {
        for line in
            ["附件3 收入总表 2023年 单位：万元", "附件12 2023年收入总表", "附件三：收入总表（2023年度）"]
        {
            let c = caption(line);
            assert_eq!((c.number, c.bare.as_deref()), (None, Some("收入总表")), "{line}");
        }
        assert_eq!(caption("附件3般公共预算支出表").title.as_deref(), Some("般公共预算支出表"));
        let c = caption("收入总表（续） 2023年 单位：万元");
        assert_eq!((c.continued, c.bare.as_deref()), (true, Some("收入总表")));
        assert_eq!(caption("附件五 一般公共预算支出表").title.as_deref(), Some("一般公共预算支出表"));
    }

    proptest::proptest! {
        #[test]
        fn no_line_made_of_the_words_of_captions_breaks_the_reader(
            label in proptest::sample::select(&["", "附件", "附表", "表", "公开"][..]),
            number in proptest::sample::select(&["", "3", "12", "01-1", "一", "五", "十一"][..]),
            title in proptest::sample::select(&["", "般公共预算支出表", "一般公共预算支出表", "2026年收入总表"][..]),
            words in proptest::collection::vec(proptest::sample::select(WORDS), 0..5),
        ) {
            let line = [label, number, title, &words.concat()].concat();
            if let LineKind::Caption(c) = read(&line, &Own::default()) {
                proptest::prop_assert!(c.title.is_none_or(|t| text::compact(&line).contains(&t)), "{line}");
            }
        }
    }

    /// What captions are made of, and what their patterns part them at.
    const WORDS: &[&str] = &[
        "附件",
        "附表",
        "表",
        "公开",
        "预算",
        "0",
        "3",
        "12",
        "01-1",
        "一",
        "五",
        "十",
        "般",
        "一般公共预算",
        "支出",
        "2026",
        "年",
        "度",
        "二〇二六年",
        "续",
        "续表",
        "（",
        "）",
        "(",
        ")",
        "：",
        ":",
        "、",
        ".",
        "单位",
        "部门",
        "编制部门",
        "名称",
        "万元",
        "元",
        "某局",
        "—",
        " ",
        "é",
        "注",
    ];

    #[test]
    fn a_title_that_starts_with_a_numeral_is_not_enumerated() {
        assert_eq!(caption("一般公共预算支出情况表").title.as_deref(), Some("一般公共预算支出情况表"));
        assert_eq!(caption("（三）一般公共预算支出情况表").number, Some(3));
    }

    #[test]
    fn this_table_is_empty_is_no_title() {
        assert_eq!(caption("此表为空").title, None);
        assert!(is_note("此表为空", &Own::default()));
    }

    #[test]
    fn department_and_unit_lines() {
        let c = caption("编制部门：上海市普陀区司法局 单位：元");
        assert_eq!((c.department.as_deref(), c.unit), (Some("上海市普陀区司法局"), Some(Unit::Yuan)));
        let c = caption("编制部门：某局 （单位：万元）");
        assert_eq!((c.department.as_deref(), c.unit), (Some("某局"), Some(Unit::Wan)));
        assert_eq!(caption("单位：万元").unit, Some(Unit::Wan));
        let titled = caption("2025年部门支出总表（单位：元）");
        assert_eq!((titled.bare.as_deref(), titled.unit), (Some("部门支出总表"), Some(Unit::Yuan)));
        assert_eq!(caption("单位：万元").department, None);
        assert_eq!(caption("编制部门： 单位：元").department, None);
        assert_eq!(caption("单位名称：某局").department.as_deref(), Some("某局"));
        for name in ["207001_某局", "207001某局", "[207]某局", "207001-某局"] {
            assert_eq!(caption(&format!("部门：{name}")).department.as_deref(), Some("某局"), "{name}");
        }
        assert_eq!(caption("单位：72某局").department.as_deref(), Some("72某局"));
    }

    #[test]
    fn sentences_and_contents_lines_are_no_titles() {
        assert_eq!(caption("某局2026年没有相关支出，政府性基金预算支出情况表为空表。").title, None);
        assert_eq!(caption("一、部门收支总体情况表............5").title, None);
        assert!(is_note(
            "某局2026年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。",
            &Own::default()
        ));
        assert!(is_note("注：本表反映部门本年度的总收支。", &Own::default()));
        assert!(!is_note("一、主要职能", &Own::default()));
    }

    #[test]
    fn continuation_marks() {
        assert!(caption("续表").continued);
        assert_eq!(caption("续表1").title, None);
        assert!(caption("（续表1）").continued);
        assert!(caption("部门支出总体情况表（续）").continued);
    }
}
