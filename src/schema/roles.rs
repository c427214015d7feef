//! Which columns name rows, which names are those of totals, and what says nothing of its own (`schemas/roles.toml`).

use super::concepts::{self, Set};
use super::{Role, fit};
use crate::error::Error;
use serde::Deserialize;
use std::sync::OnceLock;

const SOURCE: (&str, &str) = ("roles.toml", include_str!("../../schemas/roles.toml"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    neutral: Vec<String>,
    title_neutral: Vec<String>,
    row_neutral: Vec<String>,
    subjects: Vec<String>,
    units: Vec<String>,
    totals: Sets,
    role: Vec<RoleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sets {
    is: Vec<Vec<String>>,
    may: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    id: RoleId,
    is: Vec<Vec<String>>,
    may: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleId {
    Code,
    CodeName,
    Name,
    Project,
}

/// The words of `schemas/roles.toml`.
#[derive(Debug, Default)]
pub struct Roles {
    /// What a column's header may say of any table.
    pub neutral: Set,
    /// What a title may say of any table.
    pub title_neutral: Set,
    /// What a row's name may say of any row.
    pub row_neutral: Set,
    /// What says that a column names what the rows are about.
    pub of_subjects: Set,
    /// What says that a column names the unit beside the rows.
    pub of_units: Set,
    totals: (Vec<Set>, Set),
    roles: Vec<Labels>,
}

#[derive(Debug)]
struct Labels {
    role: Role,
    is: Vec<Set>,
    may: Set,
    unless: Set,
}

/// The roles. The file is part of the program; a test proves that it parses.
pub fn roles() -> &'static Roles {
    static ROLES: OnceLock<Roles> = OnceLock::new();
    ROLES.get_or_init(|| parse(SOURCE.0, SOURCE.1).unwrap_or_default())
}

fn parse(name: &str, text: &str) -> Result<Roles, Error> {
    let error = |cause: String| Error::Layout { file: name.to_owned(), cause };
    let file: File = toml::from_str(text).map_err(|e| error(e.to_string()))?;
    let set = |names: &[String]| concepts::set(names).map_err(error);
    let sets = |lists: &[Vec<String>]| concepts::sets(lists).map_err(error);
    let mut roles = Vec::with_capacity(file.role.len());
    for role in &file.role {
        let labels = Labels {
            role: match role.id {
                RoleId::Code => Role::Code,
                RoleId::CodeName => Role::CodeName,
                RoleId::Name => Role::Name,
                RoleId::Project => Role::Project,
            },
            is: sets(&role.is)?,
            may: set(&role.may)?,
            unless: set(&role.unless)?,
        };
        roles.push(labels);
    }
    Ok(Roles {
        neutral: set(&file.neutral)?,
        title_neutral: set(&file.title_neutral)?,
        row_neutral: set(&file.row_neutral)?,
        of_subjects: set(&file.subjects)?,
        of_units: set(&file.units)?,
        totals: (sets(&file.totals.is)?, set(&file.totals.may)?),
        roles,
    })
}

impl Roles {
    /// The role of a column whose header says this, where it names rows, and how much of it the role speaks for.
    pub fn of(&self, says: Set) -> Option<(usize, Role)> {
        self.roles.iter().find_map(|labels| {
            let fits = fit(&labels.is, labels.may.union(self.neutral), says)?;
            (!says.meets(labels.unless)).then_some((fits, labels.role))
        })
    }

    /// Whether a row's name, as a key, is that of a total.
    pub fn is_total(&self, key: &str) -> bool {
        let meaning = concepts::meaning(key);
        let may = self.totals.1.union(self.row_neutral);
        meaning.unknown == 0 && fit(&self.totals.0, may, meaning.says).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(header: &str) -> Option<Role> {
        roles().of(concepts::meaning(header).says).map(|(_, role)| role)
    }

    #[test]
    fn the_file_parses() {
        parse(SOURCE.0, SOURCE.1).unwrap();
    }

    #[test]
    fn headers_that_name_rows() {
        assert_eq!(role("支出功能分类科目编码"), Some(Role::Code));
        assert_eq!(role("科目编码及名称"), Some(Role::CodeName));
        assert_eq!(role("功能科目"), Some(Role::CodeName));
        assert_eq!(role("预算科目名称"), Some(Role::Name));
        assert_eq!(role("项目名称"), Some(Role::Project));
        assert_eq!(role("单位代码"), None);
        assert_eq!(role("合计"), None);
    }

    #[test]
    fn names_of_totals() {
        for name in ["合计", "支出总计", "三公经费合计", "收入合计"] {
            assert!(roles().is_total(name), "{name}");
        }
        for name in ["支出", "本年支出合计", "人员经费合计", "上级补助小计"] {
            assert!(!roles().is_total(name), "{name}");
        }
    }
}
