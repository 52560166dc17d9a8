"""What the person who exports has chosen: which columns, in which words, and whether people can be known from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Choices(BaseModel):
    """One export's shape, the same for CSV, XLSX and DataFrame.

    columns: names of columns to keep (an item brings its split columns with it); None keeps all. answers: the codes of
    options or their words in `language` (None: the questionnaire's first). split: a 0/1 column for every option of a
    question with several answers. dates, in the de-identified form: shifted by a secret number of days for each record,
    or
    the year alone, as 45 CFR 164.514(b)(2) has it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    columns: frozenset[str] | None = None
    answers: Literal["codes", "labels"] = "codes"
    language: str | None = None
    split: bool = True
    flags: bool = True
    to_ask: bool = True
    history: bool = False
    notes: bool = False
    deidentified: bool = False
    dates: Literal["shifted", "year"] = "shifted"


@dataclass(frozen=True)
class Attached:
    """What staff added to records, as lines of text by reference."""

    history: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
