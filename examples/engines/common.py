"""What the engine examples share: inputs with failures among them, and the worker's function: bytes in, rows out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

ROOT = Path(__file__).resolve().parents[2]
#: Columns of an answer. The document itself travels as its JSON: exact, and the same for every engine.
SCHEMA = pa.schema([
    ("name", pa.string()), ("status", pa.string()), ("reason", pa.string()), ("sha256", pa.string()),
    ("department", pa.string()), ("amounts", pa.int64()), ("proved", pa.int64()), ("json", pa.string()),
])  # fmt: skip


def inputs(copies: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes: the samples so many times, one that is no PDF, and one that gets no time."""
    pdfs = sorted((ROOT / "samples").glob("*.pdf"))
    for i in range(copies):
        for pdf in pdfs:
            yield f"{i}/{pdf.name}", pdf.read_bytes()
    yield "junk.pdf", b"<!DOCTYPE html>"


def answer(name: str, data: bytes, timeout: float = 8.0) -> dict[str, Any]:
    """One row, whatever the bytes are."""
    import yusuan

    row: dict[str, Any] = dict.fromkeys(SCHEMA.names) | {"name": name}
    try:
        doc = yusuan.extract(data, name=name, timeout=timeout)
    except yusuan.ExtractError as error:
        return row | {"status": "timeout" if error.code == "timeout" else "failed", "reason": str(error)}
    return row | {
        "status": doc.status, "sha256": doc.source["sha256"], "department": doc.department,
        "amounts": doc.proof["amounts"], "proved": doc.proof["proved"], "json": doc.json.decode(),
    }  # fmt: skip


def report(engine: str, rows: list[dict[str, Any]], seconds: float) -> None:
    """One line of what an engine did, and what failed."""
    failed = [row for row in rows if row["status"] in ("failed", "timeout")]
    proved, amounts = (sum(row[key] or 0 for row in rows) for key in ("proved", "amounts"))
    print(json.dumps({"engine": engine, "files": len(rows), "failed": len(failed), "amounts": amounts,
                      "proved": proved, "seconds": round(seconds, 2)}))  # fmt: skip
    for row in failed:
        print(f"  {row['name']}: {row['reason']}", file=sys.stderr)
