"""The item that takes medicines as people type them, with what they say of each."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from screening.model.content_model import Slug
from screening.model.item import AnswerOption, Given, ListedItem, Refused, Wording, cleaned, typed_text
from screening.model.text import LONGEST_LINE, LONGEST_TEXT, Text

NONE_OF_THESE = "none-of-these"
"""What `confirmed` holds when a person says that every reading proposed to them is wrong."""

How = Literal["regular", "as-needed", "not-started", "stopped", "ran-out", "carried", "not-mine"]
"""What a person may say of a medicine on their list."""
HOWS: tuple[How, ...] = get_args(How)
ASKED_WHEN: frozenset[str] = frozenset({"as-needed", "stopped", "ran-out"})
"""Where it matters when a medicine was last taken."""

_ENTRY_KEYS = {"text", "confirmed", "how", "last_taken", "dose"}
_MOST_DOSE, _MOST_TIMES = 100_000, 48


class Medicines(ListedItem):
    """Medicines as typed. Answer: a tuple of entries, or the code of an option such as `none`.

    An entry is the typed text, or `{"text": ...}` with what the person said about it: `confirmed` (the name they chose,
    or NONE_OF_THESE), `how` and `last_taken` (codes of the options below), `dose` (any of "value", "unit" and times
    "per_day"). `recent` are the last_taken codes after which a medicine still counts (clinical.md a.1).
    """

    type: Literal["medicines"]
    """Medicines as typed; at most one such item."""
    most: int = 60
    """How many entries at most."""
    prompts: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Shown beside the list, to help people remember."""
    how_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """How a medicine is taken: codes of `How`."""
    carried: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Ingredients that people may only carry, for an emergency: the code `carried` is offered for these alone."""
    last_taken_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """When it was last taken."""
    recent: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    """The codes of last_taken_option after which a medicine still counts."""
    last_taken_days: dict[Slug, Annotated[tuple[int, int | None], Field(strict=False)]] = Field(default_factory=dict)
    """Code of last_taken_option -> at least and at most how many days ago that is, for what works on for weeks."""
    dose_unit_option: Annotated[tuple[AnswerOption, ...], Field(strict=False)] = ()
    """Units of a dose."""

    @model_validator(mode="after")
    def _codes_have_meaning(self) -> Medicines:
        strange = {one.code for one in self.how_option} - set(HOWS)
        if strange:
            raise ValueError(f"how_option knows {', '.join(HOWS)}; not {', '.join(sorted(strange))}")
        if not set(self.recent) <= {one.code for one in self.last_taken_option}:
            raise ValueError("recent names codes of last_taken_option")
        if not set(self.last_taken_days) <= {one.code for one in self.last_taken_option}:
            raise ValueError("last_taken_days names codes of last_taken_option")
        return self

    @property
    def answered_with(self) -> str:
        return f"Medicines as typed, up to {self.most}, or one of these answers"

    def is_recent(self, last_taken: str | None) -> bool | None:
        """Whether that answer is within the window; None where it is open."""
        option = next((one for one in self.last_taken_option if one.code == last_taken), None)
        return None if option is None or option.meaning else option.code in self.recent

    def accept(self, raw: Any, today: date) -> Given:
        if isinstance(raw, str):
            return self._code(raw)
        if not isinstance(raw, list | tuple):
            raise Refused("wrong-type")
        if len(raw) > self.most:
            raise Refused("too-many")
        entries = tuple(kept for entry in raw if (kept := self._entry(entry)))
        if not entries:
            raise Refused("no-medicines")
        return entries

    def in_words(self, given: Given, wording: Wording) -> str:
        if not isinstance(given, tuple):
            return super().in_words(given, wording)
        return "\n".join(self._entry_in_words(entry, wording) for entry in given)

    def _entry_in_words(self, entry: str | dict[str, Any], wording: Wording) -> str:
        """One medicine as typed, and in brackets what the person said about it."""
        if isinstance(entry, str):
            return entry
        said = []
        if "confirmed" in entry:
            no = entry["confirmed"] == NONE_OF_THESE
            said.append(wording["medicines-none-right"] if no else entry["confirmed"])
        for code, options in ((entry.get("how"), self.how_option), (entry.get("last_taken"), self.last_taken_option)):
            said += [option.text[wording.language] for option in options if option.code == code]
        if "dose" in entry:
            dose = entry["dose"]
            units = [
                option.text[wording.language] for option in self.dose_unit_option if option.code == dose.get("unit")
            ]
            said.append(" ".join([*(f"{dose[key]:g}" for key in ("value",) if key in dose), *units]))
            if "per_day" in dose:
                said.append(wording["medicines-a-day"].format(n=f"{dose['per_day']:g}"))
        return f"{entry['text']} ({'; '.join(said)})" if said else str(entry["text"])

    def _entry(self, raw: Any) -> str | dict[str, Any]:
        """One entry as it is stored; empty where its text is blank."""
        if isinstance(raw, str):
            return cleaned(raw, LONGEST_TEXT)
        if not isinstance(raw, dict) or not set(raw) <= _ENTRY_KEYS or not isinstance(raw.get("text"), str):
            raise Refused("wrong-type")
        text = cleaned(raw["text"], LONGEST_TEXT)
        said: dict[str, Any] = {
            key: raw[key] for key in sorted(_ENTRY_KEYS) if key != "text" and raw.get(key) is not None
        }
        if "confirmed" in said:
            said["confirmed"] = typed_text(said["confirmed"], LONGEST_LINE)
        for key, options in (("how", self.how_option), ("last_taken", self.last_taken_option)):
            if key in said and not any(option.code == said[key] for option in options):
                raise Refused("unknown-option")
        if "dose" in said:
            said["dose"] = self._dose(said["dose"])
        return {"text": text, **said} if text and said else text

    def _dose(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, dict) or not raw or not set(raw) <= {"value", "unit", "per_day"}:
            raise Refused("wrong-type")
        if "unit" in raw and not any(option.code == raw["unit"] for option in self.dose_unit_option):
            raise Refused("unknown-unit")
        most = {"value": _MOST_DOSE, "per_day": _MOST_TIMES}
        return {
            key: _positive(raw[key], most[key]) if key in most else raw[key]
            for key in ("value", "unit", "per_day")
            if key in raw
        }


def _positive(raw: Any, most: int) -> int | float:
    if isinstance(raw, str):
        raise Refused("not-a-number")
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Refused("wrong-type")
    if not 0 < raw <= most:  # false for what is not a number, too
        raise Refused("dose-out-of-range")
    return raw
