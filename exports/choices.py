"""What the person who exports has chosen: which columns, in which words, and whether people can be known from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from screening.engine.content import Content
from screening.records.work_state import State

Purpose = Literal["call-sheet", "research", "everything"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class Choices(BaseModel):
    """One export's shape, the same for CSV and the workbook.

    purpose: a call sheet in words for whoever telephones, research (codes, nothing that only the clinic needs), or
    everything. mark: whether a CSV begins with a byte order mark, by which spreadsheets know accents.

    columns: names of columns to keep (an item brings its split columns with it); None keeps all. answers: the codes of
    options or their words in `language` (None: the questionnaire's first). split: a 0/1 column for every option of a
    question with several answers. dates, in the de-identified form: shifted by a secret number of days for each record,
    or
    the year alone, as 45 CFR 164.514(b)(2) has it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    purpose: Purpose = "everything"
    mark: bool = True
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
    """What is known of records beside what they hold, by reference.

    history, notes: lines of text. work: how far each is. content_of: the content of a record's own day; None where it
    cannot be read any more.
    """

    history: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    work: Mapping[str, State] = field(default_factory=dict)
    content_of: Callable[[str], Content | None] = lambda _: None
