//! A department's name or a title → the place that it names: province, prefecture, county with its GB/T 2260 code
//! (`schemas/regions.csv`). A name that several places have is nobody's until another text tells which.

use super::strip;
use crate::document::Region;
use crate::normalize::text;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

pub(super) const TEXT: &str = include_str!("../../schemas/regions.csv");

/// Letters of the shortest and the longest name.
const SHORTEST: usize = 2;
const LONGEST: usize = 15;

/// How provinces are called where their whole name does not stand: `新疆维吾尔自治区` → 新疆, `江苏省` → 江苏.
const ENDINGS: [&str; 9] =
    ["特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "生产建设兵团", "自治区", "省", "市", "地区"];

/// A place's code: province, prefecture and county are two digits each.
type Code = u32;

struct Places {
    names: FxHashMap<Code, &'static str>,
    by_name: FxHashMap<&'static str, Vec<Code>>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let mut out = Places { names: FxHashMap::default(), by_name: FxHashMap::default() };
    for line in TEXT.lines().filter(|l| !l.starts_with('#')) {
        let Some((code, name)) = line.split_once(',') else { continue };
        let Ok(code) = code.parse() else { continue };
        out.names.insert(code, name);
        out.by_name.entry(name).or_default().push(code);
        if is_province(code)
            && let Some(short) =
                ENDINGS.iter().find_map(|e| name.strip_suffix(e)).filter(|s| s.chars().count() >= 2)
        {
            out.by_name.entry(short).or_default().push(code);
        }
    }
    out
});

fn is_province(code: Code) -> bool {
    code.is_multiple_of(10_000)
}

/// Whether `code` lies in `whole`, and is not the whole itself.
fn is_in(code: Code, whole: Code) -> bool {
    let step = if is_province(whole) { 10_000 } else { 100 };
    whole.is_multiple_of(100) && code != whole && code / step == whole / step
}

/// The longest name of a place that begins a text, and the places of that name.
fn first(text: &str) -> Option<(&'static str, &'static [Code])> {
    let ends: Vec<usize> = text.char_indices().map(|(n, c)| n + c.len_utf8()).take(LONGEST).collect();
    ends.iter().skip(SHORTEST - 1).rev().find_map(|&end| {
        let (name, codes) = PLACES.by_name.get_key_value(text.get(..end)?)?;
        Some((*name, codes.as_slice()))
    })
}

/// The places that a text may name at its beginning, one inside of the other, and their names as they stand there.
fn named(text: &str) -> (Vec<Code>, String) {
    let mut rest = text;
    let Some((name, codes)) = first(rest) else { return (Vec::new(), String::new()) };
    // 城区, 郊区, 矿区 are words as well
    let is_word = |name: &str, codes: &[Code]| {
        name.chars().count() == SHORTEST && name.ends_with('区') && !codes.iter().any(|c| is_province(*c))
    };
    if is_word(name, codes) {
        return (Vec::new(), String::new());
    }
    let (mut places, mut words) = (codes.to_vec(), name.to_owned());
    rest = rest.strip_prefix(name).unwrap_or_default();
    while let Some((name, codes)) = first(rest) {
        let below: Vec<Code> =
            codes.iter().filter(|c| places.iter().any(|whole| is_in(**c, *whole))).copied().collect();
        if below.is_empty() {
            break;
        }
        words.push_str(name);
        places = below;
        rest = rest.strip_prefix(name).unwrap_or_default();
    }
    (places, words)
}

/// The place of a document whose department and title are these.
pub(super) fn region(department: Option<&str>, title: Option<&str>) -> Option<Region> {
    let texts = [("department", department), ("title", title)];
    let told: Vec<(&str, Vec<Code>, String)> = texts
        .into_iter()
        .filter_map(|(which, text)| Some((which, text::compact(text?))))
        .map(|(which, text)| {
            let (places, words) = named(strip(&text));
            (which, places, words)
        })
        .filter(|(_, places, _)| !places.is_empty())
        .collect();
    let (which, places, words) = told.first()?;
    let mut evidence = format!("{which}: {words}");
    let mut fitting = places.clone();
    for (other, of_other, words) in told.iter().skip(1) {
        let agreeing: Vec<Code> = fitting
            .iter()
            .filter(|c| of_other.iter().any(|o| *o == **c || is_in(**c, *o)))
            .copied()
            .collect();
        let finer: Vec<Code> =
            of_other.iter().filter(|o| fitting.iter().any(|c| is_in(**o, *c))).copied().collect();
        // the title says more: the name 普陀区财政局 under 上海市普陀区
        if fitting.len() > 1 && !agreeing.is_empty() {
            fitting = agreeing;
            evidence = format!("{evidence}; {other}: {words}");
        } else if fitting.len() == 1 && finer.len() == 1 && !words.is_empty() {
            evidence = format!("{evidence}; {other}: {words}");
            fitting = finer;
        }
    }
    match fitting[..] {
        [code] => Some(place(code, evidence)),
        _ => None,
    }
}

fn place(code: Code, evidence: String) -> Region {
    let name = |code: Code| PLACES.names.get(&code).map(|n| (*n).to_owned());
    let (province, prefecture) = (code - code % 10_000, code - code % 100);
    Region {
        province: name(province).unwrap_or_default(),
        prefecture: if prefecture == province { None } else { name(prefecture) },
        county: if code == prefecture { None } else { name(code) },
        code: format!("{code:06}"),
        evidence,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(department: &str, title: &str) -> Option<(String, String)> {
        region(Some(department), Some(title))
            .map(|r| (r.code.clone(), r.county.or(r.prefecture).unwrap_or(r.province)))
    }

    #[test]
    fn the_list_holds_all_provinces_and_no_code_twice() {
        let lines: Vec<&str> = TEXT.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(lines.len(), PLACES.names.len());
        assert_eq!(PLACES.names.keys().filter(|c| is_province(**c)).count(), 34);
        assert!(PLACES.names.len() > 3200);
        assert!(PLACES.names.values().all(|n| (SHORTEST..=LONGEST).contains(&n.chars().count())));
    }

    #[test]
    fn a_name_tells_its_place() {
        for (department, code, place) in [
            ("莎车县市场监督管理局", "653125", "莎车县"),
            ("博尔塔拉蒙古自治州水利局", "652700", "博尔塔拉蒙古自治州"),
            ("新疆维吾尔自治区财政厅", "650000", "新疆维吾尔自治区"),
            ("上海市普陀区司法局", "310107", "普陀区"),
            ("中共喀什地区委员会组织部", "653100", "喀什地区"),
            ("中国人民政治协商会议江苏省委员会", "320000", "江苏省"),
            ("江苏省南京市玄武区财政局", "320102", "玄武区"),
            ("吉林市教育局", "220200", "吉林市"),
        ] {
            let found = told(department, "2026年部门预算公开").unwrap();
            assert_eq!(found, (code.to_owned(), place.to_owned()), "{department}");
        }
    }

    #[test]
    fn a_name_that_several_places_have_is_told_by_the_title_or_not_at_all() {
        assert_eq!(told("普陀区财政局", "2026年部门预算"), None);
        let found = told("普陀区财政局", "上海市普陀区2026年部门预算").unwrap();
        assert_eq!(found.0, "310107");
        assert_eq!(told("城区管理局", "城区管理局2026年部门预算"), None);
        assert_eq!(told("财政局", "2026年部门预算"), None);
    }

    #[test]
    fn the_title_may_tell_the_finer_place() {
        let found =
            told("新疆维吾尔自治区人民检察院", "新疆维吾尔自治区莎车县人民检察院2026年部门预算").unwrap();
        assert_eq!(found.0, "653125");
    }
}
