//! `yusuan schema`: what the output looks like.

use super::args::{SchemaArgs, SchemaOf, ScreenArgs};
use super::exit::Exit;
use super::screen::Screen;
use crate::output::schema::OUTPUT;
use serde_json::Value;
use std::fmt::Write as _;

/// Runs the command.
pub(super) fn run(args: &SchemaArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    match args.what {
        SchemaOf::Output => super::print(&screen, OUTPUT.as_bytes()),
        SchemaOf::Tables => super::print(&screen, tables().as_bytes()),
    }
}

/// The twelve tables and their columns, told from the schema itself.
fn tables() -> String {
    let schema: Value = serde_json::from_str(OUTPUT).unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mut out = String::new();
    for number in 1..=12 {
        let table = &schema["$defs"][format!("table_{number}")];
        let id = text(&table["properties"]["id"]["const"]);
        let _ = writeln!(out, "{number:>2}  {id}  {}", text(&table["title"]));
        let _ = writeln!(out, "    {}", text(&table["description"]));
        let row = &table["properties"]["rows"]["items"];
        // in table 4 the columns depend on the side; those of the expenditure side are all there are
        let amounts = row.pointer("/properties/amounts").or_else(|| row.pointer("/else/properties/amounts"));
        for (column, amount) in amounts.and_then(|a| a["properties"].as_object()).into_iter().flatten() {
            let _ = writeln!(out, "      {column:<34} {}", text(&amount["title"]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tables_are_listed_with_their_columns() {
        let out = tables();
        assert!(out.starts_with(" 1  overview  部门收支总体情况表\n"));
        assert!(out.contains("\n12  carryover  上年结转结余情况表\n"));
        assert_eq!(out.lines().filter(|l| l.trim_start().starts_with("total ")).count(), 12);
        assert!(out.contains("      goods_services                     302 商品和服务支出\n"));
    }
}
