"""The reviewer's table: the rule book as one HTML file and one PDF, which a clinician can read and sign on paper.

The HTML asks nothing of any network; the PDF is tagged (PDF/UA-1). Words of the content arrive in both as plain values,
whatever they hold, and a character that a reader would not see is written out, so that what is signed is what the
program reads.
"""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from screening.authoring.book.rulebook import RuleBook

_HERE = Path(__file__).parent
_SEEN = "\n\u200c\u200d"


def write(book: RuleBook, directory: Path) -> tuple[Path, Path]:
    """Write rules.html and rules.pdf into `directory`, which is made if need be. Raises OSError, or TypstError for a
    broken template."""
    directory.mkdir(parents=True, exist_ok=True)
    html, pdf = directory / "rules.html", directory / "rules.pdf"
    html.write_text(as_html(book), "utf-8")
    pdf.write_bytes(as_pdf(book))
    return html, pdf


def as_html(book: RuleBook) -> str:
    """One self-contained page. Everything is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Everything between the tags is text, so there is no name by which escaping could be left out.
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("review_table.html").render(book=values(book))


def as_pdf(book: RuleBook) -> bytes:
    """PDF bytes: PDF/UA-1 where this machine has the letters of everything that the content holds."""
    from typst import TypstError

    with suppress(TypstError):  # letters that no font here has must not cost the table
        return _compiled(book, "pdf", standard="ua-1")[0]
    return _compiled(book, "pdf")[0]


def as_pictures(book: RuleBook, dots_an_inch: int = 80) -> list[bytes]:
    """The pages of the PDF as PNG pictures."""
    return _compiled(book, "png", dots_an_inch)


def values(book: RuleBook) -> dict[str, Any]:
    """The book as plain values, with invisible characters written out."""
    found: dict[str, Any] = _shown(asdict(book))
    return found


def _compiled(
    book: RuleBook, kind: Literal["pdf", "png"], ppi: int | None = None, standard: Literal["ua-1"] | None = None
) -> list[bytes]:
    import typst  # loaded only when somebody wants a table

    template = (_HERE / "review_table.typ").read_bytes()
    compiler = typst.Compiler(template, sys_inputs={"data": json.dumps(values(book), ensure_ascii=False)})
    made = compiler.compile(format=kind, ppi=ppi, pdf_standards=standard or [])
    return [bytes(page) for page in (made if isinstance(made, list) else [made or b""])]


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(
            char if char in _SEEN or unicodedata.category(char) not in ("Cc", "Cf", "Cs") else _named(char)
            for char in value
        )
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    return value


def _named(char: str) -> str:
    return f"[U+{ord(char):04X}]"
