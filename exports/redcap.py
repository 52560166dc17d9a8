"""The data dictionary by which REDCap makes a project that takes an export for research as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exports.columns import Column

HEAD = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
"""The head that REDCap expects."""
_VALIDATION = {"integer": "integer", "decimal": "number", "number": "number", "date": "date_ymd"}
_LONG = ("text", "medicines", "list", "list: rule (items)", "list of rules")


def dictionary(columns: Iterable[Column]) -> Iterator[tuple[str, ...]]:
    """The head, then a field for every column. Codes stay as they are, so that why an answer is missing can stand
    beside the answers: their meanings are in the note."""
    yield HEAD
    for column in columns:
        kind = "yesno" if column.kind == "0/1" else "notes" if column.kind in _LONG else "text"
        note = column.codes if len(column.codes) < 500 else "see the codebook"
        validation = _VALIDATION.get(column.kind, "")
        yield (column.name, "responses", "", kind, column.meaning, "", note, validation, *[""] * 10)
