//! A value of a dataset's table, and what takes rows of them.

use rust_decimal::Decimal;
use std::io;

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// An exact decimal.
    Amount(Decimal),
    /// True or false.
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// Text, or nothing.
    pub(crate) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Cell::Blank, Cell::Text)
    }

    /// A number, or nothing.
    pub(crate) fn integer(n: Option<impl Into<i64>>) -> Self {
        n.map_or(Cell::Blank, |n| Cell::Integer(n.into()))
    }

    /// An amount, or nothing.
    pub(crate) fn amount(amount: Option<Decimal>) -> Self {
        amount.map_or(Cell::Blank, Cell::Amount)
    }
}

/// Takes the rows of one table, in order.
pub(crate) trait Rows {
    /// One more row; as many cells as the table has columns.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, cells: &[Cell]) -> io::Result<()>;
}
