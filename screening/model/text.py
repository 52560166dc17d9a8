"""Words: text in several languages, and text that a person typed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pydantic import ConfigDict, RootModel, field_validator
from pydantic_core import PydanticCustomError

LONGEST_LINE = 300
LONGEST_TEXT = 4_000

_JOINERS = {"\u200c", "\u200d"}  # zero-width (non-)joiners carry meaning in several scripts


class Text(RootModel[dict[str, str]]):
    """The same words in every language of the questionnaire: `{"en": "...", "es": "..."}`."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _not_empty(cls, words: dict[str, str]) -> dict[str, str]:
        empty = [language for language, word in words.items() if not word.strip()]
        if not words or empty:
            raise PydanticCustomError(
                "no_words", "no words for {languages}", {"languages": ", ".join(empty) or "any language"}
            )
        return words

    def __getitem__(self, language: str) -> str:
        """The words in `language`; the first language of the text where that one is missing."""
        return self.root.get(language) or next(iter(self.root.values()))


class Unreadable(ValueError):
    """Typed text that cannot be kept as it is. The message is a code of content/words.yaml, never the text."""


_LINE_BREAKS = dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")


def with_line_breaks(typed: str) -> str:
    """`typed` with every kind of line break as `\\n`: of other systems, word processors (vertical tab), PDFs (form
    feed)."""
    return typed.replace("\r\n", "\n").translate(_LINE_BREAKS)


@dataclass(frozen=True)
class Cleaned:
    """Typed text made safe to store and show, and how many invisible characters were taken out."""

    text: str
    dropped: int


def clean(typed: str, longest: int = LONGEST_TEXT) -> Cleaned:
    """Make typed text storable: NFC, every line break as `\\n`, no other control characters, no bidirectional
    overrides.

    Raises Unreadable("unreadable-text") for lone surrogates and Unreadable("too-long") above `longest`
    characters: cutting would drop what a person said.
    """
    if len(typed) > longest * 4:  # before any work on it
        raise Unreadable("too-long")
    text = with_line_breaks(typed)
    kept = []
    dropped = 0
    for char in text:
        category = unicodedata.category(char)
        if category == "Cs":
            raise Unreadable("unreadable-text")
        if category in ("Cc", "Cf") and char not in "\n\t" and char not in _JOINERS:
            dropped += 1
        else:
            kept.append(char)
    text = unicodedata.normalize("NFC", "".join(kept)).strip()
    if len(text) > longest:
        raise Unreadable("too-long")
    return Cleaned(text, dropped)
