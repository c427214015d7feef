//! The twelve tables and the publishers' layouts, read from `schemas/`. Comes in: TOML text. Goes out: checked
//! definitions. Adding a table's synonym or a publisher needs no code.

pub mod concepts;
mod file;
pub mod handicap;
pub mod headers;
pub mod kinds;
mod pattern;
pub mod roles;

pub use file::parse_layout;
pub use pattern::{Path, Pattern, header_key};

use crate::document::{Kind, Side, Unit};
use concepts::{Meaning, Set};
use regex::Regex;
use std::sync::OnceLock;

/// The twelve standard tables.
#[derive(Debug)]
pub struct Standard {
    /// In order of their number.
    pub tables: Vec<TableDef>,
}

/// A standard table: what it is called, how its columns are headed, how its rows are to be read.
#[derive(Clone, Debug)]
pub struct TableDef {
    /// 1–12.
    pub number: u8,
    /// The contract's id.
    pub id: &'static str,
    /// Standard title.
    pub title: &'static str,
    /// What its title says.
    pub names: Names,
    /// Its amount columns in the contract's order, and what the header of each says.
    pub columns: Vec<(&'static str, Meant)>,
    /// What each of them is called in Chinese, from the top band to the leaf.
    pub headings: Vec<&'static str>,
    /// Ways of printing it; the one whose headers fit best is taken.
    pub forms: Vec<Form>,
}

/// What a header must say to be a column's: one of the sets, and at most what it may say beside it.
#[derive(Clone, Debug, Default)]
pub struct Meant {
    /// The sets.
    pub is: Vec<Set>,
    /// What it may say beside what the whole list's headers may.
    pub may: Set,
}

impl Meant {
    /// How much of a header one of the sets speaks for; `may` holds for the whole list.
    pub fn fit(&self, may: Set, says: Set) -> Option<usize> {
        fit(&self.is, self.may.union(may), says)
    }
}

/// What the titles of one kind of table say.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// All that one of them must say …
    pub is: Vec<Set>,
    /// … and what it may say beside it.
    pub may: Set,
    /// Titles that say one of these are another table's.
    pub unless: Vec<Set>,
    /// Titles that may mean this table where no better one stands.
    pub also: Vec<Set>,
    /// Its columns are those of many tables: a title or a band must say what it is about.
    pub needs_word: bool,
}

impl Names {
    fn read(file: &file::NamesFile) -> Result<Self, String> {
        Ok(Self {
            is: concepts::sets(&file.is)?,
            may: concepts::set(&file.may)?,
            unless: concepts::sets(&file.unless)?,
            also: concepts::sets(&file.also)?,
            needs_word: file.needs_word,
        })
    }

    /// Whether a title that says this is one of them; `also` asks for those that may be.
    pub fn fit(&self, says: Set, also: bool) -> bool {
        let may = self.may.union(roles::roles().title_neutral);
        let list = if also { &self.also } else { &self.is };
        !self.unless.iter().any(|set| says.has(*set)) && fit(list, may, says).is_some()
    }
}

/// How much of a text one of the sets speaks for, where nothing is left over but what it may say; `None` where none fits.
pub fn fit(is: &[Set], may: Set, says: Set) -> Option<usize> {
    is.iter()
        .filter(|set| says.has(**set) && says.without(**set).without(may).is_empty())
        .map(|s| s.len())
        .max()
}

/// A row's name, read once for all items that it is compared with.
#[derive(Clone, Debug)]
pub struct RowName {
    key: String,
    meaning: Meaning,
}

impl RowName {
    /// Reads a name without its numbering.
    pub fn new(name: &str) -> Self {
        Self { key: crate::normalize::text::key(name), meaning: pattern::header_meaning(name) }
    }

    /// Its key; empty where nothing is printed.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Item {
    /// How well a row's name is this item's: a layout's own wording first, then how much of it the item speaks for.
    pub fn fit(&self, name: &RowName) -> Option<usize> {
        if self.names.iter().any(|n| n.key() == name.key) {
            return Some(usize::MAX);
        }
        let may = self.may.union(roles::roles().row_neutral);
        let meant = (name.meaning.unknown == 0).then(|| fit(&self.is, may, name.meaning.says));
        meant.flatten().filter(|n| *n > 0)
    }
}

impl Block {
    /// Whether a header is that of a further column that publishers print here.
    pub fn knows_beside(&self, meaning: Meaning) -> bool {
        let known = self.beside.union(self.may).union(roles::roles().neutral);
        meaning.unknown == 0 && !meaning.says.is_empty() && known.has(meaning.says)
    }

    /// Whether a name, as a key, is that of a total row.
    pub fn is_total(&self, key: &str) -> bool {
        self.total_labels.iter().any(|label| label == key) || roles::roles().is_total(key)
    }

    /// The column whose total a row states by its name (人员经费合计).
    pub fn totalled(&self, name: &RowName) -> Option<&'static str> {
        let layout = self.total_columns.iter().find(|(label, _)| *label == name.key).map(|(_, id)| *id);
        let total = Set::of(&["total"]);
        let parts = || {
            let says = name.meaning.says.without(total);
            let may = self.may.union(roles::roles().row_neutral);
            let mut own = self.columns.iter().zip(&self.meant).skip(1);
            own.find(|(_, meant)| meant.fit(may, says).is_some_and(|n| n > 0)).map(|(id, _)| *id)
        };
        let counts =
            name.meaning.unknown == 0 && name.meaning.says.has(total) && self.rows == RowModel::Codes;
        layout.or_else(|| if counts { parts() } else { None })
    }

    /// Whether a name, as a key, is that of the whole list (二、支出部分).
    pub fn is_named(&self, key: &str) -> bool {
        let meaning = concepts::meaning(key);
        let banded = || meaning.unknown == 0 && self.bands.contains(&meaning.says);
        self.under.iter().any(|u| u.elements().eq([key])) || banded()
    }
}

/// One way of printing a table: blocks of columns side by side.
#[derive(Clone, Debug)]
pub struct Form {
    /// Blocks from left to right.
    pub blocks: Vec<Block>,
}

/// A block of columns: one list of rows.
#[derive(Clone, Debug)]
pub struct Block {
    /// Side, in tables 1 and 4.
    pub side: Option<Side>,
    /// Header words of a layout that the block stands under.
    pub under: Vec<Pattern>,
    /// What the bands say that it stands under; empty where the table has one block.
    pub bands: Vec<Set>,
    /// How its rows are read.
    pub rows: RowModel,
    /// Whether codes are functional or economic.
    pub classification: Classification,
    /// Its amount columns in the contract's order.
    pub columns: Vec<&'static str>,
    /// What the header of each of them says.
    pub meant: Vec<Meant>,
    /// What headers and names may say that holds for the whole list.
    pub may: Set,
    /// What the headers of further columns say that publishers print beside the standard's.
    pub beside: Set,
    /// A layout's names of total rows, as keys.
    pub total_labels: Vec<String>,
    /// Rows that state one column only (total rows, sources as rows): their names' keys and the column.
    pub total_columns: Vec<(String, &'static str)>,
    /// A layout's header paths of each role.
    pub headers: Vec<(Role, Vec<Pattern>)>,
    /// Fixed line items.
    pub items: Vec<Item>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The 类 part of a code.
    CodeClass,
    /// The 款 part.
    CodeSection,
    /// The 项 part.
    CodeItem,
    /// A whole code.
    Code,
    /// Code and name in one cell.
    CodeName,
    /// Name of a code row or line item.
    Name,
    /// Name of a project.
    Project,
    /// Name of a department or unit.
    Department,
    /// An amount column of the contract.
    Amount(&'static str),
    /// Known, but not wanted (serial numbers, remarks).
    Ignore,
    /// Known to be none of the standard's columns, whatever it is called: it goes to `extra` as printed.
    Extra,
}

/// How rows of a block become typed rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowModel {
    /// Rows with classification codes.
    Codes,
    /// Fixed line items known by name, order and parent.
    Items,
    /// Functional classes, by code or by name alone.
    Classes,
    /// Projects (with or without codes) and departments.
    Projects,
    /// One data row whose columns are the line items.
    Columns,
    /// The columns stand one below the other, named by `total_columns`: one total row.
    Sources,
    /// Kept as printed.
    Other,
}

/// Which code list a block uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Classification {
    /// 功能分类: 类 3, 款 5, 项 7 digits.
    #[default]
    Functional,
    /// 经济分类: 类 3, 款 5 digits.
    Economic,
}

/// A fixed line item.
#[derive(Clone, Debug)]
pub struct Item {
    /// The contract's id; `total` stands for the total row.
    pub id: &'static str,
    /// A layout's printed names as patterns (one element for items that are rows, a path for items that are columns).
    pub names: Vec<Pattern>,
    /// What its name says, …
    pub is: Vec<Set>,
    /// … and what it may say beside it.
    pub may: Set,
    /// The item that must have been printed before it.
    pub parent: Option<&'static str>,
}

/// How one publisher prints the tables.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Id, as in `document.layout`.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// Budget or final account, where the layout tells.
    pub kind: Option<Kind>,
    /// Unit where the document names none.
    pub unit: Option<Unit>,
    /// Texts (titles, header words) that speak for this layout.
    pub evidence: Vec<Regex>,
    /// What is printed where a table has nothing to show, beside the words of `schemas/headers.toml`.
    pub empty: Vec<Regex>,
    /// What it prints differently from the standard.
    pub tables: Vec<LayoutTable>,
}

/// A standard table as one publisher prints it. What it leaves out comes from the standard.
#[derive(Clone, Debug)]
pub struct LayoutTable {
    /// 1–12.
    pub number: u8,
    /// Titles, tried before the standard's.
    pub titles: Vec<Regex>,
    /// Forms, tried before the standard's.
    pub forms: Vec<Form>,
}

const TABLES: [(&str, &str); 12] = [
    ("01-overview.toml", include_str!("../../schemas/tables/01-overview.toml")),
    ("02-revenue.toml", include_str!("../../schemas/tables/02-revenue.toml")),
    ("03-expenditure.toml", include_str!("../../schemas/tables/03-expenditure.toml")),
    ("04-fiscal_overview.toml", include_str!("../../schemas/tables/04-fiscal_overview.toml")),
    ("05-general_public_budget.toml", include_str!("../../schemas/tables/05-general_public_budget.toml")),
    ("06-basic_expenditure.toml", include_str!("../../schemas/tables/06-basic_expenditure.toml")),
    ("07-project_expenditure.toml", include_str!("../../schemas/tables/07-project_expenditure.toml")),
    ("08-government_fund.toml", include_str!("../../schemas/tables/08-government_fund.toml")),
    ("09-state_capital.toml", include_str!("../../schemas/tables/09-state_capital.toml")),
    ("10-three_public.toml", include_str!("../../schemas/tables/10-three_public.toml")),
    ("11-commissioned_services.toml", include_str!("../../schemas/tables/11-commissioned_services.toml")),
    ("12-carryover.toml", include_str!("../../schemas/tables/12-carryover.toml")),
];

const LAYOUTS: [(&str, &str); 5] = [
    ("xinjiang-2026.toml", include_str!("../../schemas/layouts/xinjiang-2026.toml")),
    ("shanghai.toml", include_str!("../../schemas/layouts/shanghai.toml")),
    ("shanghai-final.toml", include_str!("../../schemas/layouts/shanghai-final.toml")),
    ("jiangsu.toml", include_str!("../../schemas/layouts/jiangsu.toml")),
    ("national.toml", include_str!("../../schemas/layouts/national.toml")),
];

/// Line items outside of the standard tables' lists that other publishers print (contract, “Fixed line items”).
const FURTHER_ITEMS: [&str; 3] =
    ["carryover.general_public_budget", "carryover.government_fund", "carryover.state_capital"];

/// The standard tables. The files are part of the program; a test proves that they parse, so an empty
/// standard never ships.
pub fn standard() -> &'static Standard {
    static STANDARD: OnceLock<Standard> = OnceLock::new();
    STANDARD.get_or_init(|| Standard {
        tables: TABLES.iter().filter_map(|(name, text)| file::parse_table(name, text).ok()).collect(),
    })
}

/// The layouts that the program brings along.
pub fn layouts() -> &'static [std::sync::Arc<Layout>] {
    static ALL: OnceLock<Vec<std::sync::Arc<Layout>>> = OnceLock::new();
    ALL.get_or_init(|| {
        LAYOUTS
            .iter()
            .filter_map(|(name, text)| parse_layout(name, text).ok())
            .filter(|layout| !handicap::get().layouts.contains(&layout.id))
            .map(std::sync::Arc::new)
            .collect()
    })
}

/// The sources of tables and layouts, for `yusuan schema`.
pub fn sources() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.into_iter().chain(LAYOUTS)
}

/// The definition of a standard table.
pub fn table(number: u8) -> Option<&'static TableDef> {
    standard().tables.iter().find(|t| t.number == number)
}

/// The contract's own copy of a column id of a table.
pub fn column_id(number: u8, id: &str) -> Option<&'static str> {
    let blocks = table(number)?.forms.iter().flat_map(|f| &f.blocks);
    blocks.flat_map(|b| &b.columns).find(|c| **c == id).copied()
}

/// The contract's own copy of a line item's id.
pub fn item_id(id: &str) -> Option<&'static str> {
    let blocks = standard().tables.iter().flat_map(|t| &t.forms).flat_map(|f| &f.blocks);
    let mut items = blocks.flat_map(|b| &b.items).map(|i| i.id);
    items.find(|i| *i == id).or_else(|| FURTHER_ITEMS.into_iter().find(|i| *i == id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shipped_tables_parse() {
        for (name, text) in TABLES {
            file::parse_table(name, text).unwrap();
        }
        let numbers: Vec<u8> = standard().tables.iter().map(|t| t.number).collect();
        assert_eq!(numbers, (1..=12).collect::<Vec<u8>>());
    }

    #[test]
    fn all_shipped_layouts_parse() {
        for (name, text) in LAYOUTS {
            parse_layout(name, text).unwrap();
        }
        assert_eq!(layouts().len(), LAYOUTS.len());
    }

    #[test]
    fn a_layout_error_names_file_line_and_key() {
        let text = "id = \"x\"\nname = \"x\"\n[[table]]\nnumber = 3\ntitels = [\"支出表\"]\n";
        let message = parse_layout("mine.toml", text).unwrap_err().to_string();
        assert!(
            message.contains("mine.toml") && message.contains("line 5") && message.contains("titels"),
            "{message}"
        );
        let head = "id = \"x\"\nname = \"x\"\nevidence = [\"x\"]\n";
        for (rest, line, key) in [
            ("[[table]]\nnumber = 13\n", "line 5", "`number`"),
            ("[[table]]\nnumber = \"3\"\n", "line 5", "`number`"),
            ("[[table]]\nnumber = 3\ntitles = [\n  \"(支出表\",\n]\n", "line 7", "`titles`"),
            ("unit = \"万\"\n", "line 4", "`unit`"),
        ] {
            let message = parse_layout("mine.toml", &format!("{head}{rest}")).unwrap_err().to_string();
            assert!(message.contains(line) && message.contains(key), "{message}");
        }
        let message = parse_layout("mine.toml", "id = \"x\"\nname = \"x\"\n").unwrap_err().to_string();
        assert!(message.contains("`evidence`"), "{message}");
    }

    #[test]
    fn a_layout_id_that_may_not_stand_in_the_output_is_refused() {
        let text = |id: &str| format!("name = \"x\"\nid = \"{id}\"\nevidence = [\"x\"]\n");
        for id in ["", "natio\tnal", "National", "a--b", "-a", "a-", "省", "a b"] {
            let message = parse_layout("mine.toml", &text(id)).unwrap_err().to_string();
            assert!(message.contains("line 2: key `id`"), "{message}");
        }
        assert_eq!(parse_layout("mine.toml", &text("xinjiang-2026")).unwrap().id, "xinjiang-2026");
    }

    #[test]
    fn ids_of_columns_and_items_resolve() {
        assert_eq!(column_id(2, "fiscal_subtotal"), Some("fiscal_subtotal"));
        assert_eq!(column_id(3, "fiscal_subtotal"), None);
        assert_eq!(item_id("carryover.non_fiscal.unit_funds"), Some("carryover.non_fiscal.unit_funds"));
        assert_eq!(item_id("nothing"), None);
    }
}
