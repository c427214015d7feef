"""Documents as objects. Everything is read from the emitted JSON, whose numbers become `decimal.Decimal`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ._yusuan import columns

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Box = tuple[float, float, float, float]

#: Amount columns of each table, in the contract's order.
COLUMNS: dict[str, list[str]] = dict(columns())

#: What every row has beside its amounts: the frame's column and the row's key. `project` is an amount column of two
#: tables (项目支出), so the name of a row's project has another one.
KEYS = {
    "kind": "kind", "code": "code", "level": "level", "name": "name", "item": "item", "project_name": "project",
    "side": "side", "page": "page",
}  # fmt: skip

#: Type of an amount in Arrow: exact in 万元, and wide enough for every printed number.
PRECISION, SCALE = 38, 8


def _box(value: Any) -> Box | None:
    return None if value is None else tuple(float(v) for v in value)  # type: ignore[return-value]


def _decimal(value: Any) -> Decimal | None:
    return value if value is None or isinstance(value, Decimal) else Decimal(value)


def _need(module: str, extra: str) -> Any:
    try:
        return __import__(module)
    except ImportError as error:
        raise ImportError(f"{module} is needed for this: pip install 'yusuan[{extra}]'") from error


@dataclass(frozen=True)
class Amount:
    """A printed amount in 万元 with the place that it was read from."""

    value: Decimal
    #: As printed, in the table's own unit.
    text: str
    #: Page, from 1.
    page: int
    #: `(x0, y0, x1, y1)` in points, origin at the top left of the page as displayed.
    box: Box | None
    #: How many independent identities prove it.
    proofs: int
    #: Whether a second reader finds these digits; `None` where it was not asked or cannot tell.
    second_reader: bool | None
    document: Document

    def __float__(self) -> float:
        return float(self.value)

    def cite(self) -> dict[str, Any]:
        """Where it stands: file, its SHA-256, page and box."""
        source = self.document.source
        return {
            "document": self.document.title or self.document.department,
            "path": source["path"],
            "sha256": source["sha256"],
            "page": self.page,
            "box": self.box,
            "text": self.text,
        }


class Row:
    """A typed row of one of the twelve tables: `row["total"]` is an :class:`Amount`, or `None` for a blank cell."""

    def __init__(self, data: dict[str, Any], document: Document) -> None:
        self._data, self._document = data, document
        self.kind: str = data["kind"]
        self.code: str | None = data["code"]
        self.level: str | None = data["level"]
        self.name: str | None = data["name"]
        self.item: str | None = data["item"]
        self.project: str | None = data["project"]
        self.side: str | None = data["side"]
        self.page: int = data["page"]

    @property
    def box(self) -> Box | None:
        """Box of the row."""
        return _box(self._data["bbox"])

    @property
    def amounts(self) -> dict[str, Amount]:
        """Its amounts by column, blank cells left out."""
        return {key: a for key in self._data["amounts"] if (a := self[key]) is not None}

    @property
    def extra(self) -> dict[str, Amount]:
        """Amounts in columns that the standard lacks, by header path."""
        return {key: a for key in self._data["extra"] if (a := self[key]) is not None}

    def __getitem__(self, column: str) -> Amount | None:
        data = self._data
        value = data["amounts"][column] if column in data["amounts"] else data["extra"][column]
        if value is None:
            return None
        cell = data["cells"][column]
        return Amount(
            Decimal(value), cell["text"], cell["page"], _box(cell["bbox"]), cell["proved_by"], cell["second_reader"],
            self._document,
        )

    def __repr__(self) -> str:
        amounts = ", ".join(f"{key}={a.value}" for key, a in self.amounts.items())
        return f"<Row {self.kind} {self.code or ''} {self.project or self.name or ''}: {amounts}>"


class Table:
    """One of the twelve tables: a sequence of rows, and a data frame on request."""

    def __init__(self, data: dict[str, Any], document: Document) -> None:
        self._data, self.document = data, document
        self.id: str = data["id"]
        self.number: int = data["number"]
        self.title: str = data["title"]
        #: `filled`, `declared_empty`, `missing` or `unreadable`.
        self.status: str = data["status"]
        self.pages: list[int] = data["pages"]
        self.notes: list[str] = data["notes"]
        #: Amounts that the pages print in it, and those of them that are placed.
        self.printed: int = data["printed"]
        self.placed: int = data["placed"]

    @property
    def columns(self) -> list[str]:
        """Its amount columns; the same for every document."""
        return COLUMNS[self.id]

    @cached_property
    def rows(self) -> list[Row]:
        """Its rows in printed order."""
        return [Row(row, self.document) for row in self._data["rows"]]

    def __len__(self) -> int:
        return len(self._data["rows"])

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]

    def _lists(self) -> dict[str, list[Any]]:
        rows = self._data["rows"]
        lists: dict[str, list[Any]] = {
            column: [row[key] for row in rows] for column, key in KEYS.items()
        }
        for column in self.columns:
            lists[column] = [_decimal(row["amounts"].get(column)) for row in rows]
        return lists

    def to_arrow(self, *, floats: bool = False) -> pyarrow.Table:
        """A `pyarrow.Table`; amounts are `decimal128(38, 8)` unless `floats` are asked for. Needs pyarrow."""
        arrow = _need("pyarrow", "arrow")
        exact = arrow.decimal128(PRECISION, SCALE)
        fields = [(key, arrow.int32() if key == "page" else arrow.string()) for key in KEYS]
        fields += [(column, exact) for column in self.columns]
        table = arrow.table(self._lists(), schema=arrow.schema(fields))
        if floats:
            to = arrow.schema([(f.name, arrow.float64() if f.type == exact else f.type) for f in table.schema])
            table = table.cast(to)
        return table

    def to_pandas(self, *, floats: bool = False) -> pandas.DataFrame:
        """A `pandas.DataFrame`; amounts are `decimal.Decimal` unless `floats` are asked for."""
        frame: pandas.DataFrame = _need("pandas", "pandas").DataFrame(self._lists())
        if floats:
            frame = frame.astype({column: "float64" for column in self.columns})
        return frame

    def to_polars(self, *, floats: bool = False) -> polars.DataFrame:
        """A `polars.DataFrame`; amounts are `Decimal(38, 8)` unless `floats` are asked for."""
        polars = _need("polars", "polars")
        schema = {key: polars.Int32 if key == "page" else polars.String for key in KEYS}
        schema |= {column: polars.Decimal(PRECISION, SCALE) for column in self.columns}
        frame = polars.DataFrame(self._lists(), schema=schema)
        return frame.with_columns(polars.col(self.columns).cast(polars.Float64)) if floats else frame

    def __arrow_c_schema__(self) -> object:
        return self.to_arrow().schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule interface: DuckDB, Polars, Ibis and others take the table as it is. Needs pyarrow."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        from ._show import table

        return table(self)

    def __repr__(self) -> str:
        return f"<Table {self.number} {self.id} {self.title!r}: {self.status}, {len(self)} rows>"


@dataclass(frozen=True)
class Finding:
    """Something that a reader of the numbers must know."""

    rule: str
    #: `info`, `warning` or `error`.
    severity: str
    message: str
    table: int | None
    row: str | None
    column: str | None
    page: int | None
    box: Box | None
    expected: Decimal | None
    actual: Decimal | None
    difference: Decimal | None
    #: `source` (printed so), `extraction` (perhaps read wrong) or `undecided`.
    cause: str | None


@dataclass(frozen=True)
class Figure:
    """A number that the text parts state."""

    section: str | None
    item: str | None
    label: str | None
    amount: Decimal | None
    page: int
    box: Box | None
    text: str
    #: All that the output says of it.
    data: Mapping[str, Any]


class Document:
    """One department's (or unit's) budget."""

    def __init__(self, text: bytes | str) -> None:
        #: The emitted JSON, byte for byte what `yusuan extract --provenance cells` writes.
        self.json: bytes = text.encode() if isinstance(text, str) else bytes(text)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The JSON as Python objects; numbers with a point are `decimal.Decimal`."""
        data = json.loads(self.json, parse_float=Decimal)
        if not isinstance(data, dict) or "tables" not in data:
            raise ValueError("not a document as yusuan writes it")
        return dict(data)

    @property
    def source(self) -> dict[str, Any]:
        """The file: `path`, `sha256`, `bytes`, `pages`, `producer`, `part`, `parts`."""
        value: dict[str, Any] = self.data["source"]
        return value

    @property
    def department(self) -> str | None:
        """Name of the department or unit, as printed."""
        value: str | None = self.data["document"]["department"]
        return value

    @property
    def fiscal_year(self) -> int | None:
        """Budget year."""
        value: int | None = self.data["document"]["fiscal_year"]
        return value

    @property
    def title(self) -> str | None:
        """Title of the document."""
        value: str | None = self.data["document"]["title"]
        return value

    @property
    def status(self) -> str:
        """`complete`, `partial`, `scan` or `nothing`."""
        value: str = self.data["document"]["status"]
        return value

    @property
    def proof(self) -> dict[str, Any]:
        """How many amounts there are, and how many identities prove them."""
        value: dict[str, Any] = self.data["proof"]
        return value

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The twelve tables by id, e.g. `three_public`; always twelve."""
        return {table["id"]: Table(table, self) for table in self.data["tables"]}

    @property
    def facts(self) -> list[dict[str, Any]]:
        """All amounts, one each: table, row, column, value, page, box, proofs."""
        return [
            {
                "table": table.id, "kind": row.kind, "code": row.code, "name": row.name, "item": row.item,
                "project": row.project, "side": row.side, "column": column, "value": amount.value,
                "page": amount.page, "box": amount.box, "proofs": amount.proofs,
            }
            for table in self.tables.values() for row in table
            for column, amount in {**row.amounts, **row.extra}.items()
        ]  # fmt: skip

    @property
    def findings(self) -> list[Finding]:
        """What is wrong, doubtful or worth knowing."""
        return [
            Finding(
                f["rule"], f["severity"], f["message"], f["table"], f["row"], f["column"], f["page"], _box(f["bbox"]),
                _decimal(f["expected"]), _decimal(f["actual"]), _decimal(f["difference"]), f["cause"],
            )
            for f in self.data["findings"]
        ]  # fmt: skip

    @property
    def figures(self) -> list[Figure]:
        """Numbers that the text parts state."""
        return [
            Figure(
                f["section"], f["item"], f["label"], _decimal(f["amount"]), f["source"]["page"],
                _box(f["source"]["bbox"]), f["source"]["text"], f,
            )
            for f in self.data["narrative"]["figures"]
        ]  # fmt: skip

    @property
    def projects(self) -> list[dict[str, Any]]:
        """Projects that the text parts describe."""
        value: list[dict[str, Any]] = self.data["narrative"]["projects"]
        return value

    def show(self, page: int | None = None) -> Page:
        """A page with the boxes of its amounts, for a notebook; the first page with amounts unless told."""
        from ._show import page_of

        return Page(page_of(self, page))

    def _repr_html_(self) -> str:
        from ._show import document

        return document(self)

    def __repr__(self) -> str:
        proof = self.proof
        name, year = self.department or self.title or "?", self.fiscal_year or ""
        return f"<Document {name} {year}: {self.status}, {proof['proved']} of {proof['amounts']} amounts proved>"


@dataclass(frozen=True)
class Page:
    """A drawn page."""

    svg: str

    def _repr_html_(self) -> str:
        return self.svg
