//! The identities of a document with its amounts put in, for whoever shows them to a person: which sums an amount
//! stands in, what stands on both sides, and whether they close.

use super::index::{Cell, Index};
use super::instance::Outcome;
use super::rule::Rules;
use super::{evaluate, texts, words};
use crate::document::Document;
use crate::geometry::Rect;
use crate::limits::Deadline;
use rust_decimal::Decimal;

/// An identity at one place of a document.
#[derive(Clone, Debug)]
pub struct Equation {
    /// Id of the identity.
    pub rule: String,
    /// Whether it closes.
    pub closes: Closes,
    /// Whether it counts as a proof of its amounts: it closes, follows from no other, and is no bound.
    pub proves: bool,
    /// The left side need only be at most the right one.
    pub at_most: bool,
    /// Left minus right, in 万元.
    pub difference: Decimal,
    /// How far off rounding alone can be, in 万元.
    pub envelope: Decimal,
    /// What is added up on the left side.
    pub left: Vec<Term>,
    /// What is added up on the right side.
    pub right: Vec<Term>,
}

/// How an identity came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closes {
    /// To the last digit.
    Exactly,
    /// Within what rounding can explain.
    Rounded,
    /// It does not.
    Not,
}

/// An amount, or a blank cell, in an identity.
#[derive(Clone, Debug)]
pub struct Term {
    /// Number of the table; above twelve for what is none of the twelve (see [`Part`]).
    pub table: u8,
    /// Its row there, from 0: rows of the table, entries of the performance section, figures of the text.
    pub row: usize,
    /// Column id or header path.
    pub column: String,
    /// What names its row.
    pub name: String,
    /// It is taken away, not added.
    pub minus: bool,
    /// In 万元; `None` for a blank cell.
    pub value: Option<Decimal>,
    /// As printed; empty for a blank cell.
    pub text: String,
    /// Page, from 1.
    pub page: u32,
    /// Box in points, origin at the top left of the page as displayed; that of the row for a blank cell.
    pub bbox: Rect,
}

/// What a table number of a [`Term`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// One of the twelve.
    Table(u8),
    /// The performance tables: one row for each.
    Performance,
    /// Cost targets of the performance tables.
    Costs,
    /// Figures of the text, one row for each; behind them its projects with an amount, then explained differences.
    Figures,
    /// Parts of a project's money that the text names.
    Allocations,
    /// Other numbers of the text.
    Quantities,
}

impl Term {
    /// Where it stands.
    pub fn part(&self) -> Part {
        match self.table {
            texts::PERFORMANCE => Part::Performance,
            texts::COSTS => Part::Costs,
            texts::FIGURES => Part::Figures,
            texts::ALLOCATIONS => Part::Allocations,
            texts::QUANTITIES => Part::Quantities,
            number => Part::Table(number),
        }
    }
}

/// All identities of a document that can be checked, in the order of the rules.
pub fn equations(rules: &Rules, document: &Document, deadline: Deadline) -> Vec<Equation> {
    let texts = texts::tables(document);
    let index = Index::new(document, &texts);
    let instances = evaluate::evaluate(rules, document, &index, deadline);
    let term = |&(cell, sign): &(Cell, i8), flip: bool| term(&index, cell, (sign < 0) != flip);
    let equation = |instance: &super::instance::Instance| {
        let rule = rules.identities.get(usize::from(instance.rule))?;
        let (left, right) = instances.sides(instance);
        let closes = match instance.outcome {
            Outcome::Exact => Closes::Exactly,
            Outcome::Rounding => Closes::Rounded,
            Outcome::Broken => Closes::Not,
        };
        Some(Equation {
            rule: rule.id.clone(),
            closes,
            proves: closes != Closes::Not && !rule.derived && !rule.soft && !instance.at_most,
            at_most: instance.at_most,
            difference: instance.difference,
            envelope: instance.envelope,
            left: left.iter().filter_map(|t| term(t, false)).collect(),
            right: right.iter().filter_map(|t| term(t, true)).collect(),
        })
    };
    instances.all().iter().filter_map(equation).collect()
}

fn term(index: &Index<'_>, cell: Cell, minus: bool) -> Option<Term> {
    let at = index.at(cell)?;
    let table = index.tables.get(at.table)?;
    let row = table.table.rows.get(at.row)?;
    let amount = index.amount(cell);
    Some(Term {
        table: table.table.number,
        row: at.row,
        column: (*table.columns.get(at.column)?).to_owned(),
        name: words::row_name(row),
        minus,
        value: index.value(cell),
        text: amount.map_or(String::new(), |a| a.text.clone()),
        page: amount.map_or(row.page, |a| a.page),
        bbox: amount.map_or(row.bbox, |a| a.bbox),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::proof::testing::{code, document, table, total};

    #[test]
    fn an_equation_tells_both_sides_with_their_signs() {
        let columns = |t, b, p| [("total", t), ("basic", b), ("project", p)];
        let rows =
            vec![code("201", &columns("3.00", "1.00", "2.00")), total(&columns("3.00", "1.00", "2.00"))];
        let all = equations(Rules::built_in(), &document(vec![table(3, rows)]), Deadline::never());
        let sum = all.iter().find(|e| e.left[0].column == "total" && e.right.len() == 2).unwrap();
        assert_eq!((sum.closes, sum.proves, sum.at_most), (Closes::Exactly, true, false));
        let right: Vec<_> = sum.right.iter().map(|t| (t.column.as_str(), t.minus, t.value)).collect();
        assert_eq!(
            right,
            [("basic", false, Some(Decimal::new(100, 2))), ("project", false, Some(Decimal::new(200, 2)))]
        );
        assert_eq!(sum.left[0].part(), Part::Table(3));
    }
}
