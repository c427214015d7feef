//! A document → its projects: table 7, the text and the performance forms joined by the project's name.
//!
//! A row of table 7 is a project; one that only the text or a performance form knows is one too, and says so.

use crate::document::narrative::Project as Told;
use crate::document::performance::{Performance, Subject};
use crate::document::{Amount, Document, Row, RowKind};
use crate::normalize::text::key;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Number of table 7.
const PROJECT_TABLE: u8 = 7;

/// A project with all that the document says of it.
#[derive(Debug, Default)]
pub(crate) struct Project<'d> {
    /// As printed in the table, else in the text, else on the form.
    pub(crate) name: &'d str,
    /// Its row in table 7.
    pub(crate) row: Option<&'d Row>,
    /// The budget unit whose block of the table the row stands in.
    pub(crate) unit: Option<&'d str>,
    /// What the text says.
    pub(crate) told: Option<&'d Told>,
    /// Its performance form.
    pub(crate) form: Option<&'d Performance>,
}

impl<'d> Project<'d> {
    /// Its amount in table 7.
    pub(crate) fn amount(&self) -> Option<&'d Amount> {
        self.row?.amounts.iter().find(|(id, _)| *id == "total")?.1.as_ref()
    }

    /// Its amount on the performance form.
    pub(crate) fn form_amount(&self) -> Option<Decimal> {
        self.form?.amount("total").map(|f| f.amount)
    }

    /// When its money is spent, as printed, with first and last day.
    pub(crate) fn period(&self) -> Option<&'d crate::document::narrative::Period> {
        self.told.and_then(|t| t.period.as_ref()).or_else(|| self.form?.period.as_ref())
    }

    /// What it shall reach.
    pub(crate) fn goal(&self) -> Option<&'d str> {
        self.told.and_then(|t| t.goal.as_deref()).or_else(|| self.form?.goal.as_deref())
    }

    /// The page that tells most of it.
    pub(crate) fn page(&self) -> Option<u32> {
        let told = || self.told.map(|t| t.source.page);
        self.row.map(|r| r.page).or_else(told).or_else(|| self.form?.pages.first().copied())
    }
}

/// The projects of a document: those of table 7 in printed order, then those of the text, then those of the forms.
pub(crate) fn projects(d: &Document) -> Vec<Project<'_>> {
    let mut out: Vec<Project> = Vec::new();
    let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let table = d.tables.iter().find(|t| t.number == PROJECT_TABLE);
    let mut unit = None;
    for row in table.into_iter().flat_map(|t| &t.rows) {
        if row.kind == RowKind::Department {
            unit = row.name.as_deref();
        }
        let Some(name) = row.project.as_deref().filter(|_| row.kind == RowKind::Project) else { continue };
        by_name.entry(key(name)).or_default().push(out.len());
        out.push(Project { name, row: Some(row), unit, ..Project::default() });
    }
    for told in &d.narrative.projects {
        let rows = by_name.entry(key(&told.name)).or_default();
        if rows.is_empty() {
            rows.push(out.len());
            out.push(Project { name: &told.name, ..Project::default() });
        }
        for &row in rows.iter() {
            out.get_mut(row).into_iter().filter(|p| p.told.is_none()).for_each(|p| p.told = Some(told));
        }
    }
    let forms = d.performance.iter().filter(|f| f.subject == Subject::Project);
    for (name, form) in forms.filter_map(|f| Some((f.project.as_deref()?, f))) {
        let rows = by_name.entry(key(name)).or_default();
        if rows.is_empty() {
            rows.push(out.len());
            out.push(Project { name, ..Project::default() });
        }
        for &row in rows.iter() {
            out.get_mut(row).into_iter().filter(|p| p.form.is_none()).for_each(|p| p.form = Some(form));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::document::Table;

    fn row(project: &str, total: &str) -> Row {
        let amount = Amount { value: total.parse().unwrap(), ..Amount::default() };
        Row {
            kind: RowKind::Project,
            project: Some(project.to_owned()),
            amounts: vec![("total", Some(amount))],
            page: 7,
            ..Row::default()
        }
    }

    #[test]
    fn table_text_and_form_are_one_project_and_what_only_one_knows_stays() {
        let mut d = Document { tables: vec![Table { number: 7, ..Table::default() }], ..Document::default() };
        d.tables[0].rows = vec![row("道路 养护", "87.00"), row("路灯", "1.00")];
        let told = |name: &str| Told { name: name.to_owned(), ..Told::default() };
        d.narrative.projects = vec![told("道路养护"), told("只在文字里")];
        d.performance = vec![
            Performance {
                project: Some("道路养护".to_owned()),
                goal: Some("好".to_owned()),
                ..Performance::default()
            },
            Performance {
                project: Some("只有绩效表".to_owned()), pages: vec![9], ..Performance::default()
            },
        ];
        let all = projects(&d);
        let names: Vec<&str> = all.iter().map(|p| p.name).collect();
        assert_eq!(names, ["道路 养护", "路灯", "只在文字里", "只有绩效表"]);
        assert_eq!((all[0].told.is_some(), all[0].goal()), (true, Some("好")));
        assert_eq!(all[0].amount().unwrap().value.to_string(), "87.00");
        assert!(all[1].told.is_none() && all[1].form.is_none());
        assert_eq!((all[3].page(), all[3].amount()), (Some(9), None));
    }
}
