//! The tables of a dataset and their columns, in the order in which they are written. Names, types and keys go into
//! `datapackage.json`; the Fiscal Data Package's column types say what a column means to tools that know them.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// An exact decimal.
    Amount,
    /// True or false.
    Flag,
    /// An ISO date.
    Date,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Never blank.
    pub(crate) required: bool,
    pub(crate) about: &'static str,
    /// Column type of the Fiscal Data Package.
    pub(crate) fiscal: Option<&'static str>,
}

/// A table of the dataset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resource {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) key: &'static [&'static str],
    /// Whether `doc_id` is one of `documents`.
    pub(crate) of_documents: bool,
}

const fn text(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Text, required: false, about, fiscal: None }
}

const fn integer(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Integer, required: false, about, fiscal: None }
}

const fn amount(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Amount, required: false, about, fiscal: None }
}

const fn flag(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Flag, required: false, about, fiscal: None }
}

const fn date(name: &'static str, about: &'static str) -> Field {
    Field { name, kind: Kind::Date, required: false, about, fiscal: None }
}

impl Field {
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn means(self, fiscal: &'static str) -> Self {
        Self { fiscal: Some(fiscal), ..self }
    }
}

const DOC_ID: Field =
    text("doc_id", "first 16 digits of the file's SHA-256, and the document's number in the file").required();

/// Columns of `facts` and `facts_leaf`.
pub(crate) const FACTS: &[Field] = &[
    text("fact_id", "doc_id/table/row/column; the same as long as the document is read the same")
        .required()
        .means("budget-line-id"),
    DOC_ID,
    text("department", "department or unit that published the document").means("administrator:generic:name"),
    integer("fiscal_year", "budget year").means("date:fiscal-year"),
    text("doc_kind", "budget or final_account").required().means("phase:id"),
    integer("table_number", "1 to 12").required(),
    text("table_id", "id of the standard table").required(),
    integer("row_no", "number of the row in its table, from 1").required(),
    text("row_kind", "item, project, department or total").required(),
    text("unit_name", "the budget unit whose block of the table the row stands in"),
    text("side", "revenue or expenditure, in tables 1 and 4").means("direction"),
    text("classification", "functional or economic, for rows with a code"),
    text("code", "whole code of the row"),
    text("level", "class, section or item, for rows with a code"),
    text("class_code", "first three digits of the code")
        .means("functional-classification:generic:level1:code"),
    text("section_code", "first five digits of the code")
        .means("functional-classification:generic:level2:code"),
    text("name", "printed name of the row"),
    text("item", "id of a fixed line item"),
    text("project", "name of the project").means("activity:generic:project:label"),
    text("column_id", "id of the column; of a printed column that the standard table lacks, its header path")
        .required(),
    flag("is_extra", "whether the standard table lacks the column").required(),
    amount(
        "amount",
        "exact amount in 万元 (10,000 yuan); blank where the cell is blank or the column not printed",
    )
    .means("value"),
    integer("decimals", "decimal places of the amount as printed, in 万元"),
    text("source_unit", "unit that the table is printed in"),
    integer("page", "page of the PDF, from 1"),
    integer("proved_by", "number of identities that prove the amount"),
    flag(
        "second_reader",
        "whether a second reader finds these digits on the page; blank where it was not asked or cannot tell",
    ),
    integer("findings", "findings about this cell").required(),
    flag(
        "is_leaf",
        "whether the amount may be summed: the leaves of one table (and side) count nothing twice",
    )
    .required(),
];

const DOCUMENTS: &[Field] = &[
    DOC_ID,
    text("path", "path of the first file with this content"),
    text("sha256", "SHA-256 of the file").required(),
    integer("bytes", "size of the file").required(),
    integer("pages", "pages of the file").required(),
    text("producer", "program that made the PDF"),
    integer("part", "which document of the file this is, from 1").required(),
    integer("parts", "how many documents the file holds").required(),
    text("department", "department or unit").means("administrator:generic:name"),
    integer("fiscal_year", "budget year").means("date:fiscal-year"),
    text("title", "title of the document"),
    text("kind", "budget or final_account").required().means("phase:id"),
    text("scope", "department (with its units) or unit").required(),
    text("layout", "layout that was recognized").required(),
    date("published_on", "date of publication, where printed"),
    text("source_unit", "unit that all tables are printed in; 万元 where they differ").required(),
    text("status", "complete, partial, scan or nothing: how far the document was read").required(),
    integer("tables_filled", "tables with amounts").required(),
    integer("tables_empty", "tables that are declared empty").required(),
    integer("tables_missing", "standard tables that the document does not have").required(),
    integer("tables_unreadable", "tables that could not be read").required(),
    integer("printed", "amounts that are printed inside tables").required(),
    integer("placed", "of these, those that are placed").required(),
    integer("amounts", "amounts that are not blank").required(),
    integer("proved", "amounts that an identity proves").required(),
    integer("identities", "identities that were evaluated or should have been").required(),
    integer("exact", "identities that hold to the last digit").required(),
    integer("rounding", "identities that hold within rounding").required(),
    integer("inconsistent", "identities that are broken").required(),
    integer("not_checked", "identities that could not be evaluated").required(),
    integer("errors", "findings of severity error").required(),
    integer("warnings", "findings of severity warning").required(),
    integer("notes", "findings of severity info").required(),
];

const TABLES: &[Field] = &[
    DOC_ID,
    integer("table_number", "1 to 12").required(),
    text("table_id", "id of the standard table").required(),
    text("title", "title as printed"),
    text("status", "filled, declared_empty, missing or unreadable").required(),
    text("source_unit", "unit that the table is printed in"),
    integer("first_page", "first page with rows"),
    integer("last_page", "last page with rows"),
    integer("rows", "rows").required(),
    integer("amounts", "amounts that are not blank").required(),
    integer("proved", "amounts that an identity proves").required(),
    amount("printed_total", "total as printed, in 万元 (of expenditure, in tables 1 and 4)").means("value"),
    amount("leaf_total", "sum over the leaves, in 万元 (of expenditure, in tables 1 and 4)").means("value"),
    amount("printed_revenue", "total revenue as printed, in 万元, in tables 1 and 4").means("value"),
    amount("leaf_revenue", "sum over the leaves of revenue, in 万元, in tables 1 and 4").means("value"),
    flag("leaves_close", "whether the leaves sum to every printed total; blank where none is printed"),
];

const FIGURES: &[Field] = &[
    DOC_ID,
    integer("figure", "number of the amount in the text, from 1").required(),
    text("section", "id of the section that it stands in"),
    text("item", "id of what it is the amount of"),
    text("label", "what it is the amount of, as printed"),
    text("code", "functional code that the label names"),
    amount("amount", "exact amount in 万元, or blank where only its change is printed").means("value"),
    amount("share_percent", "printed share, in percent"),
    text("direction", "increase, decrease or unchanged against the base"),
    amount("change_amount", "change in 万元, negative for a decrease"),
    amount("change_percent", "change in percent as printed, without sign"),
    text("base", "what the change is compared with"),
    amount("previous", "amount of the year before as printed, in 万元"),
    amount("implied_previous", "amount less change, in 万元: derived, not printed"),
    text("reason", "why it changed, as printed"),
    text("purpose", "what it is for, as printed"),
    text("source_unit", "unit that it is printed in"),
    integer("page", "page of the PDF, from 1"),
];

const FINDINGS: &[Field] = &[
    DOC_ID,
    integer("finding", "number of the finding in its document, from 1").required(),
    text("rule", "id of the rule: `yusuan explain RULE` tells what it means").required(),
    text("severity", "error, warning or info").required(),
    text("message", "what is the matter").required(),
    integer("table_number", "1 to 12"),
    text("row_name", "code, item, project or name of the row"),
    text("column_id", "id or header path of the column"),
    integer("page", "page of the PDF, from 1"),
    amount("expected", "what an identity demands, in 万元"),
    amount("actual", "what is printed, in 万元"),
    amount("difference", "actual less expected, in 万元"),
    text("cause", "source (the document prints it so), extraction (we may have read it wrong) or undecided"),
];

const FILES: &[Field] = &[
    integer("file", "number of the input, from 1").required(),
    text("path", "path as it was given; bytes that are no UTF-8 are replaced").required(),
    text("sha256", "SHA-256 of the file"),
    integer("bytes", "size of the file"),
    integer("pages", "pages of the file"),
    integer("documents", "documents that it holds").required(),
    text(
        "status",
        "complete, partial, scan, nothing, failed, or duplicate (same content as an earlier file)",
    )
    .required(),
    text("error", "why it gave nothing"),
];

/// The tables in the order of `datapackage.json`.
pub(crate) const RESOURCES: [Resource; 7] = [
    Resource {
        name: "facts",
        about: "One row for each document, table, row and column. Wholes and parts stand side by side: sum over is_leaf only.",
        fields: FACTS,
        key: &["fact_id"],
        of_documents: true,
    },
    Resource {
        name: "facts_leaf",
        about: "The facts that count nothing twice: within one table (and side) their sum is the printed total wherever the document's own sums close. The twelve tables show the same money from different sides: never sum over several tables.",
        fields: FACTS,
        key: &["fact_id"],
        of_documents: true,
    },
    Resource {
        name: "documents",
        about: "One row for each document; files of the same content count once.",
        fields: DOCUMENTS,
        key: &["doc_id"],
        of_documents: false,
    },
    Resource {
        name: "tables",
        about: "One row for each document and standard table: its state, and whether its leaves sum to its total.",
        fields: TABLES,
        key: &["doc_id", "table_number"],
        of_documents: true,
    },
    Resource {
        name: "figures",
        about: "One row for each amount of the text, with its change against the year before and the printed reason.",
        fields: FIGURES,
        key: &["doc_id", "figure"],
        of_documents: true,
    },
    Resource {
        name: "findings",
        about: "What is wrong, doubtful or worth knowing.",
        fields: FINDINGS,
        key: &["doc_id", "finding"],
        of_documents: true,
    },
    Resource {
        name: "files",
        about: "One row for each input, those too that gave nothing.",
        fields: FILES,
        key: &["file"],
        of_documents: false,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_keys_are_columns_that_are_never_blank() {
        for resource in RESOURCES {
            let names: BTreeSet<_> = resource.fields.iter().map(|f| f.name).collect();
            assert_eq!(names.len(), resource.fields.len(), "{}", resource.name);
            for key in resource.key {
                assert!(resource.fields.iter().any(|f| f.name == *key && f.required), "{key}");
            }
        }
    }
}
