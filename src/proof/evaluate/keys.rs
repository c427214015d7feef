//! Identities that hold for every code, or every project, of several tables.

use super::{BELOW_ZERO, Evaluation, Here, WITHIN_ROOM};
use crate::document::{Level, Status};
use crate::proof::expr::Expr;
use crate::proof::rule::Key;
use crate::proof::texts;
use std::collections::BTreeSet;

const LEVELS: [Level; 3] = [Level::Class, Level::Section, Level::Item];

impl Evaluation<'_, '_> {
    /// The first conventions of a list, up to one that speaks of a table which prints none of the keys.
    fn usable<'e>(&self, by: Key, right: &'e [Expr]) -> &'e [Expr] {
        let prints_keys = |number: u8| match (self.printed(number), by) {
            (Ok((_, table)), _) if table.table.status != Status::Filled => true,
            (Ok((_, table)), Key::Code) => table.codes().next().is_some(),
            (Ok((_, table)), Key::Project) => table.projects().next().is_some(),
            (Err(_), _) => false,
        };
        let says = |expr: &Expr| {
            let mut all = true;
            expr.each_reference(&mut |r| all &= r.table.is_none_or(prints_keys));
            all
        };
        let more = right.iter().skip(1).take_while(|expr| says(expr)).count();
        &right[..right.len().min(1 + more)]
    }

    /// Puts an identity to every key of its tables.
    pub(super) fn per_key(
        &mut self,
        by: Key,
        levels: &[Level],
        both: bool,
        left: &Expr,
        right: &[Expr],
        at_most: bool,
    ) {
        let mut tables: Vec<u8> = Vec::new();
        let right = self.usable(by, right);
        for expr in std::iter::once(left).chain(right) {
            expr.each_reference(&mut |r| tables.extend(r.table));
        }
        tables.sort_unstable();
        tables.dedup();
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let mut shown = [true; 3];
        for &number in &tables {
            let table = match self.printed(number) {
                Ok((_, table)) => table,
                Err(absent) => return self.not_checked(absent.table, absent.reason),
            };
            match by {
                Key::Code => {
                    keys.extend(table.codes().map(str::to_owned));
                    // a table that stops at a level says nothing about those below
                    if table.table.status == Status::Filled {
                        for (i, level) in LEVELS.iter().enumerate() {
                            let any = table.codes().any(|c| c.len() == level.digits());
                            shown.get_mut(i).into_iter().for_each(|s| *s &= any);
                        }
                    }
                }
                Key::Project => keys.extend(table.projects().map(str::to_owned)),
            }
        }
        let wanted = |code: &str| {
            LEVELS.iter().zip(shown).any(|(level, shown)| {
                code.len() == level.digits() && shown && (levels.is_empty() || levels.contains(level))
            })
        };
        if by == Key::Code {
            keys.retain(|code| wanted(code));
        }
        if both {
            let stands = |key: &str, number: u8| match (self.index.table(number), by) {
                (Some((_, table)), Key::Code) => !table.rows_of_code(key).is_empty(),
                (Some((_, table)), Key::Project) => !table.rows_of_project(key).is_empty(),
                (None, _) => false,
            };
            keys.retain(|key| tables.iter().all(|&number| stands(key, number)));
            if keys.is_empty() {
                return self.not_checked(None, "nothing of the same name stands on both sides");
            }
        }
        let before = self.out.not_checked.len();
        self.conventions(right, |this, right| {
            let mut reason = None;
            let mark = this.out.len();
            for key in &keys {
                let here = match by {
                    Key::Code => Here::Code(key),
                    Key::Project => Here::Project(key),
                };
                let sides = this.resolve(left, here).and_then(|l| Ok((l, this.resolve(right, here)?)));
                match sides {
                    Ok((left, right)) => match this.unprinted(&left, &right) {
                        Some((table, column)) => {
                            reason = Some((
                                table,
                                format!("{} does not print column `{column}`", texts::words(table)),
                            ));
                        }
                        // a bound says nothing where its smaller side is not printed
                        None if at_most && left.terms.is_empty() => {}
                        None if both && !(this.is_filled(&left) && this.is_filled(&right)) => {}
                        None => {
                            let before = this.out.len();
                            if !this.push(&left.terms, &right.terms, at_most, here) {
                                reason = tables.first().map(|&table| (table, WITHIN_ROOM.to_owned()));
                            }
                            if let Some(number) =
                                this.bound_without_force(before, at_most, &left.terms, &right.terms)
                            {
                                reason = Some((number, BELOW_ZERO.to_owned()));
                            }
                        }
                    },
                    Err(absent) => reason = absent.table.map(|t| (t, absent.reason)),
                }
            }
            if this.out.len() == mark
                && let Some((table, reason)) = reason
            {
                this.not_checked(Some(table), reason);
            }
        });
        self.out.not_checked.truncate(before + 1);
    }
}
