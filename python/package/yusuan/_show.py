"""Pages and documents as HTML: where each amount stands, and whether it is proved."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._document import Amount, Document, Table

#: Points around the outermost boxes.
MARGIN = 20.0
#: Rows of a table that are shown; a notebook is no place for hundreds.
MOST_ROWS = 30
PROVED, UNPROVED = "#2e7d32", "#ef6c00"


def _amounts(document: Document) -> Iterator[tuple[str, Amount]]:
    for table in document.tables.values():
        for row in table:
            for column, amount in (row.amounts | row.extra).items():
                label = f"{table.id} · {row.project or row.name or row.code or row.kind} · {column}"
                yield label, amount


def page_of(document: Document, page: int | None) -> str:
    """An SVG of one page: rows' boxes, amounts as printed at their places, green where proved."""
    if page is None:
        page = min((a.page for _, a in _amounts(document)), default=1)
    last = document.source["pages"]
    if isinstance(page, bool) or not isinstance(page, int) or not 1 <= page <= last:
        raise ValueError(f"page should be 1 to {last}")
    rows = [r for t in document.tables.values() for r in t if r.page == page and r.box]
    amounts = [(label, a) for label, a in _amounts(document) if a.page == page and a.box]
    boxes = [r.box for r in rows if r.box] + [a.box for _, a in amounts if a.box]
    width = max((b[2] for b in boxes), default=200.0) + MARGIN
    height = max((b[3] for b in boxes), default=100.0) + MARGIN
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" style="max-width:100%;'
             f'background:#fff" width="{width:.0f}" font-family="sans-serif">']  # fmt: skip
    for row in rows:
        x0, y0, x1, y1 = row.box or (0.0, 0.0, 0.0, 0.0)
        name = escape(f"{row.code or ''} {row.project or row.name or ''}".strip())
        parts.append(f'<rect x="{x0}" y="{y0}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" fill="none" stroke="#ccc"/>'
                     f'<text x="{x0 + 2}" y="{y1 - 4:.1f}" font-size="7" fill="#555">{name}</text>')  # fmt: skip
    for label, a in amounts:
        x0, y0, x1, y1 = a.box or (0.0, 0.0, 0.0, 0.0)
        colour = PROVED if a.proofs else UNPROVED
        title = escape(f"{label}: {a.value} 万元, {a.proofs} proofs")
        parts.append(f'<g><title>{title}</title><rect x="{x0}" y="{y0}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" '
                     f'fill="{colour}" fill-opacity="0.15" stroke="{colour}"/><text x="{x1}" y="{y1 - 2:.1f}" '
                     f'font-size="8" text-anchor="end">{escape(a.text)}</text></g>')  # fmt: skip
    parts.append("</svg>")
    return "".join(parts)


def table(table: Table) -> str:
    """A table as HTML, its first rows."""
    heads = ["code", "name", *table.columns]
    lines = []
    for row in table.rows[:MOST_ROWS]:
        cells = [row.code or "", row.project or row.name or row.item or row.kind]
        amounts = row.amounts
        cells += [str(amounts[c].value) if c in amounts else "" for c in table.columns]
        lines.append("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in cells) + "</tr>")
    more = f"<p>{len(table) - MOST_ROWS} more rows</p>" if len(table) > MOST_ROWS else ""
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    return f"<b>{escape(table.title)}</b> ({table.status}, 万元)<table><tr>{head}</tr>{''.join(lines)}</table>{more}"


def document(document: Document) -> str:
    """What a document is, which tables it has, and its first page with amounts."""
    lines = "".join(
        f"<tr><td>{t.number}</td><td>{escape(t.id)}</td><td>{escape(t.title)}</td><td>{t.status}</td>"
        f"<td>{len(t)}</td><td>{t.placed} / {t.printed}</td></tr>"
        for t in document.tables.values()
    )
    heads = "".join(f"<th>{h}</th>" for h in ("", "table", "title", "status", "rows", "placed / printed"))
    return (f"<p><b>{escape(repr(document)[1:-1])}</b></p><table><tr>{heads}</tr>{lines}</table>"
            f"{page_of(document, None)}")  # fmt: skip
