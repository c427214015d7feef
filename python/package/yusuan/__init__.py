"""yusuan for Python: published Chinese department budgets (部门预算公开 PDFs) as tables with exact, proved amounts.

>>> import yusuan
>>> doc = yusuan.extract("budget.pdf")          # doctest: +SKIP
>>> doc.tables["three_public"].to_pandas()      # doctest: +SKIP
"""

from ._document import Amount, Document, Figure, Finding, Page, Row, Table
from ._read import Failure, Result, extract, extract_all, extract_many
from ._yusuan import ExtractError, __version__

__all__ = [
    "Amount", "Document", "ExtractError", "Failure", "Figure", "Finding", "Page", "Result", "Row", "Table", "__version__",
    "extract", "extract_all", "extract_many",
]
