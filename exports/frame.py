"""Responses as a typed DataFrame: for the staff's pictures, and for whoever analyses a de-identified export.

Numbers are `Float64`, 0/1 columns `Int8` and days `datetime64`, each with missing values as missing; everything else is
text, with the code
of why an answer is missing as in the CSV.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from exports.choices import Attached, Choices
from exports.sheet import Sheet
from screening.engine.content import Content
from screening.records.store import Record

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("number", "integer", "decimal")


def frame(
    records: Iterable[Record],
    content: Content,
    choices: Choices = Choices(),  # noqa: B008
    key: bytes = b"",
    attached: Attached = Attached(),  # noqa: B008
) -> pd.DataFrame:
    """One row a response, one typed column a column of the codebook. All of it is in memory: choose columns for many
    responses."""
    import pandas as pd  # only staff need it

    sheet = Sheet(content, choices, key, attached)
    table = pd.DataFrame(
        [sheet.cells(record) for record in records], columns=[column.name for column in sheet.columns], dtype=object
    )
    typed: dict[str, pd.Series[Any]] = {}
    for column in sheet.columns:
        values = table[column.name]
        if column.kind in NUMBERS:
            typed[column.name] = pd.to_numeric(values.replace("90+", 90), errors="coerce").astype("Float64")
        elif column.kind == "0/1":
            typed[column.name] = values.astype("Int8")
        elif column.kind in ("date", "time"):
            typed[column.name] = pd.to_datetime(values, errors="coerce")
        else:
            typed[column.name] = values.astype("str").where(values.notna(), "")
    return pd.DataFrame(typed)
