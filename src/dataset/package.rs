//! `datapackage.json`: what a dataset's tables hold, as a Frictionless Data Package with the column types of the Fiscal
//! Data Package.

use super::csv::Written;
use super::fields::{Field, Kind, Resource};
use crate::output::json::SCHEMA_VERSION;
use serde_json::{Value, json};

/// The package's text.
pub(crate) fn package(resources: &[(Resource, Written)], years: Option<(i64, i64)>) -> String {
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
    let resources: Vec<Value> = resources.iter().map(|(r, w)| resource(r, w)).collect();
    if let Some(object) = package.as_object_mut() {
        object.insert("resources".to_owned(), Value::Array(resources));
    }
    // a tree of texts always serializes
    let mut text = serde_json::to_string_pretty(&package).unwrap_or_default();
    text.push('\n');
    text
}

fn resource(resource: &Resource, written: &Written) -> Value {
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
    json!({
        "name": resource.name,
        "type": "table",
        "description": resource.about,
        "path": format!("{}.csv", resource.name),
        "parquet": format!("{}.parquet", resource.name),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.bytes,
        "hash": format!("sha256:{}", written.sha256),
        "rows": written.rows,
        "schema": schema,
    })
}

fn field(field: &Field) -> Value {
    let mut out = json!({
        "name": field.name,
        "type": match field.kind {
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Amount => "number",
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
    if field.kind == Kind::Amount {
        object.insert("unit".to_owned(), Value::from("CNY 10,000 (万元)"));
    }
    out
}
