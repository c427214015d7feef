//! Figures of the text and the cells that they say they repeat.

use super::{Absent, Evaluation, Here};
use crate::proof::expr::{self, Expr};
use crate::proof::index::Cell;
use crate::proof::texts;
use rustc_hash::FxHashMap;

impl Evaluation<'_, '_> {
    /// Each figure of the narrative and the cells that it says it repeats.
    pub(super) fn repeats(&mut self, soft: bool) {
        let Some((_, table)) = self.index.table(texts::FIGURES).filter(|(_, t)| t.is_printed()) else {
            return self.not_checked(None, "the text has no figures that were read");
        };
        let Some(column) = table.column("amount") else { return };
        let narrative = &self.document.narrative;
        let figures = narrative.figures.iter().map(|f| (f.amount, f.repeats.as_deref()));
        let projects = narrative.projects.iter().filter(|p| p.amount.is_some());
        let repeats = figures.chain(projects.map(|p| (p.amount, p.repeats.as_deref())));
        let terms = FxHashMap::default();
        let mut absent: Option<Absent> = None;
        let mark = self.out.len();
        for (row, (amount, text)) in repeats.enumerate() {
            let (Some(_), Some(text)) = (amount, text) else { continue };
            let Ok(expr) = expr::parse(text, &terms) else { continue };
            match self.resolve(&expr, Here::Nothing) {
                // a blank cell repeats nothing, except a zero
                Ok(right) => {
                    if let Some((table, column)) = &right.unprinted
                        && !right.columns
                    {
                        let reason = format!("{} does not print column `{column}`", texts::words(*table));
                        absent = absent.or(Some(Absent { table: Some(*table), reason }));
                        continue;
                    }
                    let before = self.out.len();
                    let cell = [(table.cell(row, column), 1)];
                    self.out.push(self.index, self.rule, &cell, &right.terms, false);
                    if self.out.broken_since(before) > 0 {
                        self.other_convention(&expr, &cell, before);
                    }
                    if soft && self.out.broken_since(before) > 0 {
                        self.out.cut(before);
                    }
                }
                Err(reason) => absent = absent.or(Some(reason)),
            }
        }
        if self.out.len() == mark {
            let reason = absent.unwrap_or(Absent {
                table: None,
                reason: "no figure of the text names a cell that it repeats".into(),
            });
            self.not_checked(reason.table, reason.reason);
        }
    }

    /// Publishers use one word for several amounts (with or without transfers from above): takes the alternative of
    /// `a | b` that the figure repeats, if there is one.
    pub(super) fn other_convention(&mut self, expr: &Expr, cell: &[(Cell, i8)], mark: usize) {
        let Expr::First(alternatives) = expr else { return };
        for alternative in alternatives {
            let Ok(right) = self.resolve(alternative, Here::Nothing) else { continue };
            let start = self.out.len();
            if !self.is_filled(&right) || !self.out.push(self.index, self.rule, cell, &right.terms, false) {
                continue;
            }
            let holds = self.out.broken_since(start) == 0;
            self.out.cut(if holds { mark } else { start });
            if holds {
                self.out.push(self.index, self.rule, cell, &right.terms, false);
                return;
            }
        }
    }
}
