//! The TOML files of tables and layouts, read strictly: an unknown key is an error that names file, line and key.

use super::concepts::{self, Set};
use super::{
    Block, Classification, Form, Item, Layout, LayoutTable, Meant, Names, Pattern, Role, RowModel, TableDef,
};
use crate::document::{Kind, Side, Unit};
use crate::error::Error;
use crate::normalize::text;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    number: u8,
    id: String,
    title: String,
    names: Spanned<NamesFile>,
    column: Vec<ColumnFile>,
    block: Vec<BlockFile>,
}

/// What a title must say, as lists of concepts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamesFile {
    pub(super) is: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) may: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) also: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) needs_word: bool,
}

/// Names of a column for people (kept strict so that the files stay complete), and what its header says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    id: Spanned<String>,
    zh: String,
    #[allow(dead_code)]
    en: String,
    is: Vec<Vec<String>>,
    #[serde(default)]
    may: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockFile {
    form: Option<String>,
    side: Option<SideFile>,
    #[serde(default)]
    under: Vec<String>,
    #[serde(default)]
    band: Vec<Vec<String>>,
    rows: Spanned<RowsFile>,
    classification: Option<ClassificationFile>,
    columns: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    may: Vec<String>,
    #[serde(default)]
    beside: Vec<String>,
    #[serde(default)]
    total_labels: Vec<String>,
    #[serde(default)]
    total_columns: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    headers: BTreeMap<Spanned<String>, Vec<String>>,
    #[serde(default)]
    item: Vec<ItemFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    id: Spanned<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    is: Vec<Vec<String>>,
    may: Option<Vec<String>>,
    parent: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    id: Spanned<String>,
    name: String,
    kind: Option<KindFile>,
    unit: Option<UnitFile>,
    #[serde(default)]
    evidence: Vec<Spanned<String>>,
    #[serde(default)]
    empty: Vec<Spanned<String>>,
    #[serde(default)]
    table: Vec<LayoutTableFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutTableFile {
    number: Spanned<u8>,
    #[serde(default)]
    titles: Vec<Spanned<String>>,
    #[serde(default)]
    block: Vec<BlockFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SideFile {
    Revenue,
    Expenditure,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RowsFile {
    Codes,
    Items,
    Classes,
    Projects,
    Columns,
    Sources,
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClassificationFile {
    Functional,
    Economic,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindFile {
    Budget,
    FinalAccount,
}

#[derive(Deserialize)]
enum UnitFile {
    #[serde(rename = "元")]
    Yuan,
    #[serde(rename = "千元")]
    ThousandYuan,
    #[serde(rename = "万元")]
    Wan,
    #[serde(rename = "亿元")]
    Yi,
}

/// Where a file's text stands, for messages.
struct Context<'a> {
    file: &'a str,
    text: &'a str,
}

impl Context<'_> {
    fn error(&self, at: usize, cause: impl std::fmt::Display) -> Error {
        let line = self.text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        let cause = cause.to_string();
        let key = self.key(at).filter(|_| !cause.starts_with("key ") && !cause.contains(" field `"));
        let key = key.map_or_else(String::new, |key| format!("key `{key}`: "));
        Error::Layout { file: self.file.to_owned(), cause: format!("line {line}: {key}{cause}") }
    }

    /// The key whose value holds a place of the text.
    fn key(&self, at: usize) -> Option<&str> {
        let end = self.text.get(at..)?.find('\n').map_or(self.text.len(), |n| at + n);
        self.text.get(..end)?.lines().rev().find_map(|line| {
            let (key, _) = line.split_once('=')?;
            let key = key.trim().trim_matches('"');
            let plain = !key.is_empty() && !key.contains([' ', '[', '#', '"', '(']);
            plain.then_some(key)
        })
    }

    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        toml::from_str(self.text).map_err(|e| self.error(e.span().map_or(0, |s| s.start), e.message()))
    }

    fn regexes(&self, patterns: &[Spanned<String>], whole: bool) -> Result<Vec<Regex>, Error> {
        let compile = |p: &Spanned<String>| {
            let wrapped = if whole { format!("^(?:{})$", p.get_ref()) } else { p.get_ref().clone() };
            Regex::new(&wrapped).map_err(|e| {
                let why = e.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
                self.error(p.span().start, format!("`{}` is no regular expression ({why})", p.get_ref()))
            })
        };
        patterns.iter().map(compile).collect()
    }

    fn forms(&self, blocks: Vec<BlockFile>, columns: &Columns) -> Result<Vec<Form>, Error> {
        let mut forms: Vec<(String, Form)> = Vec::new();
        for block in blocks {
            let form = block.form.clone().unwrap_or_default();
            let block = self.block(block, columns)?;
            match forms.iter_mut().find(|(name, _)| *name == form) {
                Some((_, f)) => f.blocks.push(block),
                None => forms.push((form, Form { blocks: vec![block] })),
            }
        }
        Ok(forms.into_iter().map(|(_, form)| form).collect())
    }

    fn block(&self, block: BlockFile, known: &Columns) -> Result<Block, Error> {
        let at = block.rows.span().start;
        let meant = |set: Result<Vec<Set>, String>| set.map_err(|cause| self.error(at, cause));
        let bands = meant(concepts::sets(&block.band))?;
        let may = concepts::set(&block.may).map_err(|cause| self.error(at, cause))?;
        let beside = concepts::set(&block.beside).map_err(|cause| self.error(at, cause))?;
        let mut columns: Vec<&'static str> = Vec::new();
        if block.columns.is_none() {
            columns.extend(known.all());
        }
        for id in block.columns.iter().flatten() {
            columns.push(known.column(id.get_ref()).ok_or_else(|| {
                self.error(
                    id.span().start,
                    format!("key `columns`: `{}` is no column of this table", id.get_ref()),
                )
            })?);
        }
        let mut headers = Vec::with_capacity(block.headers.len());
        for (role, patterns) in &block.headers {
            let role = role_of(role.get_ref(), &columns).ok_or_else(|| {
                self.error(
                    role.span().start,
                    format!("key `headers.{}` is neither a role nor a column", role.get_ref()),
                )
            })?;
            headers.push((role, patterns.iter().map(|p| Pattern::new(p)).collect()));
        }
        let mut total_columns = Vec::with_capacity(block.total_columns.len());
        for (label, id) in &block.total_columns {
            let column = columns.iter().find(|c| **c == id.get_ref().as_str()).ok_or_else(|| {
                self.error(
                    id.span().start,
                    format!("key `total_columns`: `{}` is no column of this block", id.get_ref()),
                )
            })?;
            total_columns.push((text::key(label), *column));
        }
        let mut items = Vec::with_capacity(block.item.len());
        for item in &block.item {
            let resolve = |id: &Spanned<String>, key: &str| {
                known.item(id.get_ref()).ok_or_else(|| {
                    self.error(
                        id.span().start,
                        format!("key `item.{key}`: unknown line item `{}`", id.get_ref()),
                    )
                })
            };
            let own = item.may.as_ref().map(|may| concepts::set(may)).transpose();
            items.push(Item {
                id: resolve(&item.id, "id")?,
                names: item.names.iter().map(|n| Pattern::new(n)).collect(),
                is: meant(concepts::sets(&item.is))?,
                may: own.map_err(|cause| self.error(at, cause))?.unwrap_or(may),
                parent: item.parent.as_ref().map(|p| resolve(p, "parent")).transpose()?,
            });
        }
        Ok(Block {
            side: block.side.map(|s| match s {
                SideFile::Revenue => Side::Revenue,
                SideFile::Expenditure => Side::Expenditure,
            }),
            under: block.under.iter().map(|u| Pattern::new(u)).collect(),
            bands,
            rows: match block.rows.into_inner() {
                RowsFile::Codes => RowModel::Codes,
                RowsFile::Items => RowModel::Items,
                RowsFile::Classes => RowModel::Classes,
                RowsFile::Projects => RowModel::Projects,
                RowsFile::Columns => RowModel::Columns,
                RowsFile::Sources => RowModel::Sources,
                RowsFile::Other => RowModel::Other,
            },
            classification: match block.classification {
                Some(ClassificationFile::Economic) => Classification::Economic,
                _ => Classification::Functional,
            },
            meant: columns.iter().map(|id| known.meant(id)).collect(),
            columns,
            may,
            beside,
            total_labels: block.total_labels.iter().map(|l| text::key(l)).collect(),
            total_columns,
            headers,
            items,
        })
    }
}

/// Where ids come from: a table file declares its own, a layout file may only use the contract's.
enum Columns {
    Declared(Vec<(&'static str, Meant)>),
    Contract(u8),
}

impl Columns {
    fn column(&self, id: &str) -> Option<&'static str> {
        match self {
            Columns::Declared(ids) => ids.iter().find(|(c, _)| *c == id).map(|(c, _)| *c),
            Columns::Contract(number) => super::column_id(*number, id),
        }
    }

    /// All columns of the table.
    fn all(&self) -> Vec<&'static str> {
        match self {
            Columns::Declared(ids) => ids.iter().map(|(id, _)| *id).collect(),
            Columns::Contract(number) => {
                super::table(*number).map_or_else(Vec::new, |t| t.columns.iter().map(|(id, _)| *id).collect())
            }
        }
    }

    /// What the header of a column says, in any layout.
    fn meant(&self, id: &str) -> Meant {
        let of = |columns: &[(&'static str, Meant)]| {
            columns.iter().find(|(c, _)| *c == id).map(|(_, meant)| meant.clone()).unwrap_or_default()
        };
        match self {
            Columns::Declared(columns) => of(columns),
            Columns::Contract(number) => {
                super::table(*number).map_or_else(Meant::default, |t| of(&t.columns))
            }
        }
    }

    fn item(&self, id: &str) -> Option<&'static str> {
        match self {
            Columns::Declared(_) => Some(leak(id)),
            Columns::Contract(_) => super::item_id(id),
        }
    }
}

/// The standard is read once per process and lives as long: its ids are shared by every row without a copy.
fn leak(id: &str) -> &'static str {
    Box::leak(id.to_owned().into_boxed_str())
}

fn role_of(name: &str, columns: &[&'static str]) -> Option<Role> {
    Some(match name {
        "code.class" => Role::CodeClass,
        "code.section" => Role::CodeSection,
        "code.item" => Role::CodeItem,
        "code" => Role::Code,
        "code_name" => Role::CodeName,
        "name" => Role::Name,
        "project" if !columns.contains(&"project") => Role::Project,
        "department" => Role::Department,
        "ignore" => Role::Ignore,
        "extra" => Role::Extra,
        _ => Role::Amount(columns.iter().find(|c| **c == name)?),
    })
}

/// Reads a standard table's file.
///
/// # Errors
/// [`Error::Layout`] with file, line and key.
pub(super) fn parse_table(name: &str, text: &str) -> Result<TableDef, Error> {
    let context = Context { file: name, text };
    let file: TableFile = context.read()?;
    let mut columns = Vec::with_capacity(file.column.len());
    let headings = file.column.iter().map(|c| leak(&c.zh)).collect();
    for column in &file.column {
        let error = |cause| context.error(column.id.span().start, cause);
        let is = concepts::sets(&column.is).map_err(error)?;
        let may = concepts::set(&column.may).map_err(error)?;
        columns.push((leak(column.id.get_ref()), Meant { is, may }));
    }
    let at = file.names.span().start;
    let names = Names::read(file.names.get_ref()).map_err(|cause| context.error(at, cause))?;
    let known = Columns::Declared(columns.clone());
    let forms = context.forms(file.block, &known)?;
    let (id, title) = (leak(&file.id), leak(&file.title));
    Ok(TableDef { number: file.number, id, title, names, columns, headings, forms })
}

/// Whether a layout's id may stand in the output: words of lower-case letters and digits, joined by hyphens.
fn is_id(id: &str) -> bool {
    id.split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Reads a publisher's layout file.
///
/// # Errors
/// [`Error::Layout`] with file, line and key.
pub fn parse_layout(name: &str, text: &str) -> Result<Layout, Error> {
    let context = Context { file: name, text };
    let file: LayoutFile = context.read()?;
    if !is_id(file.id.get_ref()) {
        let cause = format!(
            "key `id`: `{}` is not of lower-case letters, digits and single hyphens",
            file.id.get_ref().escape_debug()
        );
        return Err(context.error(file.id.span().start, cause));
    }
    let mut tables = Vec::with_capacity(file.table.len());
    for table in file.table {
        let number = *table.number.get_ref();
        if !(1..=12).contains(&number) {
            return Err(
                context.error(table.number.span().start, format!("key `number`: {number} is not 1–12"))
            );
        }
        tables.push(LayoutTable {
            number,
            titles: context.regexes(&table.titles, true)?,
            forms: context.forms(table.block, &Columns::Contract(number))?,
        });
    }
    if file.evidence.is_empty() {
        return Err(context.error(0, "key `evidence` is missing or empty: no document would be recognized"));
    }
    Ok(Layout {
        id: file.id.into_inner(),
        name: file.name,
        kind: file.kind.map(|k| match k {
            KindFile::Budget => Kind::Budget,
            KindFile::FinalAccount => Kind::FinalAccount,
        }),
        unit: file.unit.map(|u| match u {
            UnitFile::Yuan => Unit::Yuan,
            UnitFile::ThousandYuan => Unit::ThousandYuan,
            UnitFile::Wan => Unit::Wan,
            UnitFile::Yi => Unit::Yi,
        }),
        evidence: context.regexes(&file.evidence, false)?,
        empty: context.regexes(&file.empty, false)?,
        tables,
    })
}
