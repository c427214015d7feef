//! The JSON Schema of the output, as it stands in `schemas/budget.schema.json`.

/// The schema's text (JSON Schema, draft 2020-12).
pub const OUTPUT: &str = include_str!("../../schemas/budget.schema.json");

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::writer::Style;
    use super::super::{fixture, json};
    use super::OUTPUT;
    use crate::document::Document;
    use serde_json::Value;

    fn validator() -> jsonschema::Validator {
        let schema: Value = serde_json::from_str(OUTPUT).unwrap();
        assert!(jsonschema::meta::is_valid(&schema));
        jsonschema::validator_for(&schema).unwrap()
    }

    fn emitted(documents: &[Document], cells: bool) -> Value {
        let mut out = Vec::new();
        json::file(&mut out, documents, json::Settings { style: Style::Compact, cells });
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn every_kind_of_document_is_valid() {
        let schema = validator();
        for documents in
            [vec![], vec![fixture::empty()], vec![fixture::full()], vec![fixture::full(), fixture::empty()]]
        {
            for cells in [false, true] {
                let errors: Vec<String> =
                    schema.iter_errors(&emitted(&documents, cells)).map(|e| e.to_string()).collect();
                assert_eq!(errors, Vec::<String>::new());
            }
        }
    }

    /// JSON pointers of all objects.
    fn objects(v: &Value, at: String, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match v {
            Value::Object(map) => {
                map.iter().map(|(k, v)| (k.replace('~', "~0").replace('/', "~1"), v)).collect()
            }
            Value::Array(list) => list.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
            _ => return,
        };
        for (key, child) in children {
            objects(child, format!("{at}/{key}"), found);
        }
        if v.is_object() {
            found.push(at);
        }
    }

    #[test]
    fn no_object_is_valid_with_a_key_more_except_the_open_ones() {
        let schema = validator();
        let original = emitted(&[fixture::full()], true);
        let (mut pointers, mut passed) = (Vec::new(), Vec::new());
        objects(&original, String::new(), &mut pointers);
        for pointer in pointers {
            let mut document = original.clone();
            let object = document.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
            object.insert("unheard_of".to_owned(), Value::from("x"));
            if schema.is_valid(&document) {
                passed.push(pointer);
            }
        }
        assert_eq!(passed, ["/tables/2/rows/1/raw"]);
    }

    #[test]
    fn no_object_is_valid_with_a_key_less_except_what_comes_and_goes() {
        let schema = validator();
        let original = emitted(&[fixture::full()], true);
        let (mut pointers, mut passed) = (Vec::new(), Vec::new());
        objects(&original, String::new(), &mut pointers);
        for pointer in &pointers {
            for key in original.pointer(pointer).unwrap().as_object().unwrap().keys() {
                let mut document = original.clone();
                document.pointer_mut(pointer).unwrap().as_object_mut().unwrap().shift_remove(key);
                if schema.is_valid(&document) {
                    passed.push(format!("{pointer}/{key}"));
                }
            }
        }
        let optional = |p: &str| {
            p.ends_with("/raw")
                || p.ends_with("/cells")
                || ["/raw/", "/cells/", "/extra/", "/typed_rows/0/amounts/"]
                    .iter()
                    .any(|part| p.contains(part))
        };
        let rest: Vec<_> = passed.iter().filter(|p| !optional(p)).collect();
        assert_eq!(rest, Vec::<&String>::new());
        assert!(passed.iter().any(|p| p.ends_with("/cells")), "cells may be left out");
    }

    #[test]
    fn the_columns_of_each_table_are_those_of_the_contract() {
        let schema: Value = serde_json::from_str(OUTPUT).unwrap();
        for (number, (id, title, columns)) in (1..).zip(fixture::TABLES) {
            let table = &schema["$defs"][format!("table_{number}")];
            assert_eq!(table["properties"]["id"]["const"], id);
            assert_eq!(table["title"], title);
            let row = &table["properties"]["rows"]["items"];
            let amounts =
                row.pointer("/properties/amounts").or_else(|| row.pointer("/else/properties/amounts"));
            assert_eq!(amounts.unwrap()["required"], serde_json::json!(columns));
        }
    }

    #[test]
    fn values_that_the_contract_forbids_are_not_valid() {
        let schema = validator();
        let original = emitted(&[fixture::full()], true);
        for (pointer, value) in [
            ("/tables/2/rows/0/amounts/total", Value::from("887.32")),
            ("/tables/2/rows/1/code", Value::from("2150")),
            ("/tables/2/rows/1/level", Value::from("item")),
            ("/tables/2/rows/1/side", Value::from("revenue")),
            ("/tables/0/rows/0/side", Value::Null),
            ("/tables/0/rows/0/item", Value::from("unheard_of")),
            ("/tables/6/rows/1/project", Value::Null),
            ("/tables/0/number", Value::from(2)),
            ("/tables/11/source_unit", Value::from("万元")),
            ("/tables/1/status", Value::from("missing")),
            ("/document/unit", Value::from("角")),
            ("/document/published_on", Value::from("2026年2月5日")),
            ("/source/part", Value::from(0)),
            ("/findings/0/severity", Value::from("fatal")),
            ("/findings/0/bbox", serde_json::json!([1, 2, 3])),
        ] {
            let mut document = original.clone();
            *document.pointer_mut(pointer).unwrap() = value;
            assert!(!schema.is_valid(&document), "{pointer}");
        }
    }
}
