//! `datapackage.json`: what a dataset's tables hold, as a Frictionless Data Package with the column types of the Fiscal
//! Data Package.

use super::csv::Written;
use super::fields::{Field, Kind, Resource};
use crate::output::json::SCHEMA_VERSION;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A table, its rows, its CSV file, whether its Parquet files are parted, and all of its files.
pub(crate) type Made = (Resource, u64, Option<Written>, bool, Vec<PathBuf>);

/// The package's text.
pub(crate) fn package(resources: &[Made], years: Option<(i64, i64)>) -> String {
    let mut package = json!({
        "profile": "data-package",
        "name": "yusuan",
        "title": "Published Chinese department budgets (部门预算公开)",
        "description": "Facts of published department budgets with the proof of every amount. Amounts are in 万元 (10,000 yuan). The same tables lie beside the CSV files as Parquet.",
        "created_by": format!("yusuan {}", env!("CARGO_PKG_VERSION")),
        "document_schema_version": SCHEMA_VERSION,
        "countryCode": "CN",
        "granularity": "aggregated",
        "sources": [{"title": "The files that are listed in files.csv with path and SHA-256", "path": "files.csv"}],
    });
    if let (Some((first, last)), Some(object)) = (years, package.as_object_mut()) {
        let period = json!({"start": format!("{first}-01-01"), "end": format!("{last}-12-31")});
        object.insert("fiscalPeriod".to_owned(), period);
    }
    let resources: Vec<Value> = resources.iter().map(resource).collect();
    if let Some(object) = package.as_object_mut() {
        object.insert("resources".to_owned(), Value::Array(resources));
    }
    // a tree of texts always serializes
    let mut text = serde_json::to_string_pretty(&package).unwrap_or_default();
    text.push('\n');
    text
}

fn resource((resource, rows, csv, parted, files): &Made) -> Value {
    let mut schema = json!({
        "fields": resource.fields.iter().map(field).collect::<Vec<_>>(),
        "missingValues": [""],
        "primaryKey": resource.key,
    });
    if let (true, Some(object)) = (resource.of_documents, schema.as_object_mut()) {
        let keys =
            json!([{"fields": ["doc_id"], "reference": {"resource": "documents", "fields": ["doc_id"]}}]);
        object.insert("foreignKeys".to_owned(), keys);
    }
    let mut out = json!({
        "name": resource.name,
        "type": "table",
        "description": resource.about,
    });
    let mut add = |key: &str, value: Value| {
        if let Some(object) = out.as_object_mut() {
            object.insert(key.to_owned(), value);
        }
    };
    let slashed = |p: &PathBuf| p.to_string_lossy().replace('\\', "/");
    let mut parquet: Vec<String> =
        files.iter().filter(|f| f.extension().is_some_and(|e| e == "parquet")).map(slashed).collect();
    parquet.sort();
    let parquet = match (*parted, &parquet[..]) {
        (false, [one]) => Some(Value::from(one.clone())),
        (false, _) => None,
        (true, all) => Some(Value::from(all.to_vec())),
    };
    if let Some(written) = csv {
        add("path", Value::from(format!("{}.csv", resource.name)));
        parquet.into_iter().for_each(|p| add("parquet", p));
        add("scheme", Value::from("file"));
        add("format", Value::from("csv"));
        add("mediatype", Value::from("text/csv"));
        add("encoding", Value::from("utf-8"));
        add("bytes", Value::from(written.bytes));
        add("hash", Value::from(format!("sha256:{}", written.sha256)));
    } else {
        add("path", parquet.clone().unwrap_or_default());
        parquet.into_iter().for_each(|p| add("parquet", p));
        add("scheme", Value::from("file"));
        add("format", Value::from("parquet"));
        add("mediatype", Value::from("application/vnd.apache.parquet"));
    }
    add("rows", Value::from(*rows));
    add("schema", schema);
    out
}

fn field(field: &Field) -> Value {
    let mut out = json!({
        "name": field.name,
        "type": match field.kind {
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Amount | Kind::Percent | Kind::Number => "number",
            Kind::Flag => "boolean",
            Kind::Date => "date",
        },
        "description": field.about,
    });
    let Some(object) = out.as_object_mut() else { return out };
    if field.required {
        object.insert("constraints".to_owned(), json!({"required": true}));
    }
    if let Some(fiscal) = field.fiscal {
        object.insert("columnType".to_owned(), Value::from(fiscal));
    }
    let unit = match field.kind {
        Kind::Amount => Some("CNY 10,000 (万元)"),
        Kind::Percent => Some("%"),
        _ => None,
    };
    if let Some(unit) = unit {
        object.insert("unit".to_owned(), Value::from(unit));
    }
    out
}
