"""Documents as objects and tables as frames."""

from decimal import Decimal

import duckdb
import pandas
import polars
import pyarrow
import pytest

import yusuan


def test_there_are_always_twelve_tables_with_their_columns(doc: yusuan.Document) -> None:
    assert len(doc.tables) == 12
    for table in doc.tables.values():
        assert table.columns and table.to_arrow().column_names[8:] == table.columns


def test_an_amount_knows_its_place(doc: yusuan.Document) -> None:
    row = doc.tables["expenditure"][0]
    amount = row["total"]
    assert amount is not None and amount.value == Decimal("786.10")
    assert str(amount.value) == amount.text == "786.10"
    assert amount.page == row.page == 8 and amount.proofs > 0
    assert amount.box is not None and amount.box[0] < amount.box[2]
    cited = amount.cite()
    assert cited["sha256"] == doc.source["sha256"] and cited["page"] == 8 and cited["box"] == amount.box


def test_frames_hold_the_same_exact_numbers(doc: yusuan.Document) -> None:
    table = doc.tables["expenditure"]
    printed = [row["total"].value if row["total"] else None for row in table]
    assert pyarrow.table(table)["total"].to_pylist() == printed
    assert polars.DataFrame(table)["total"].to_list() == printed
    assert table.to_polars()["total"].to_list() == printed
    assert [None if pandas.isna(v) else v for v in table.to_pandas()["total"]] == printed
    assert pyarrow.table(table).schema.field("total").type == pyarrow.decimal128(38, 8)


def test_the_name_of_a_project_is_not_the_column_of_project_spending(doc: yusuan.Document) -> None:
    frame = doc.tables["expenditure"].to_polars()
    assert frame["project"].dtype == polars.Decimal(38, 8) and frame["project_name"].dtype == polars.String
    named = doc.tables["project_expenditure"].to_pandas()["project_name"].dropna()
    assert len(named) == sum(row.project is not None for row in doc.tables["project_expenditure"])


def test_floats_come_only_on_request(doc: yusuan.Document) -> None:
    table = doc.tables["three_public"]
    assert str(table.to_pandas(floats=True)["total"].dtype) == "float64"
    assert table.to_polars(floats=True)["total"].dtype == polars.Float64
    assert table.to_arrow(floats=True).schema.field("total").type == pyarrow.float64()
    assert table.to_polars()["total"].dtype == polars.Decimal(38, 8)


def test_duckdb_takes_a_table_as_it_is(doc: yusuan.Document) -> None:
    expenditure = doc.tables["expenditure"]
    arrow = expenditure.to_arrow()
    query = "SELECT max(total) FROM arrow WHERE kind = 'total'"
    ((total,),) = duckdb.connect().execute(query).fetchall()
    assert total == max(r["total"].value for r in expenditure if r.kind == "total")


def test_facts_findings_figures_and_projects_are_those_of_the_json(doc: yusuan.Document) -> None:
    assert len(doc.facts) >= doc.proof["amounts"] > 0
    assert len(doc.findings) == len(doc.data["findings"])
    assert len(doc.figures) == len(doc.data["narrative"]["figures"]) > 0
    assert doc.projects and doc.projects[0]["name"]


def test_html_boxes_amounts_and_escapes_texts(doc: yusuan.Document) -> None:
    html = doc._repr_html_()
    assert "<svg" in html and "expenditure" in html
    page = doc.show(page=8)._repr_html_()
    assert "786.10" in page and page.count("<rect") > 10
    for wrong in (0, 10_000, True, "8"):
        with pytest.raises(ValueError, match="page should be"):
            doc.show(page=wrong)
    hostile = yusuan.Document(doc.json.replace("一般公共服务支出".encode(), b"<script>alert(1)</script>"))
    assert "<script>" not in hostile.show(page=8)._repr_html_() + hostile.tables["expenditure"]._repr_html_()


def test_json_that_is_no_document_is_a_value_error() -> None:
    for text in ("[]", "{}", "nonsense"):
        with pytest.raises(ValueError):
            _ = yusuan.Document(text).data
