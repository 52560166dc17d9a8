"""Commands that read answers: screen responses, and read medicines."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from screening.cli.terminal import ENVIRONMENT, FINDINGS, SHIPPED, WRONG_USE, ContentDirectory, loaded, say, today
from screening.engine.content import Content

app = typer.Typer()


@app.command()
def screen(
    file: Annotated[str, typer.Argument(help="A JSON file, or - for one JSON a line on standard input.")],
    content: ContentDirectory = SHIPPED,
    language: Annotated[str, typer.Option(help="Language of the patient wording.")] = "en",
) -> None:
    """Screen responses: {"answers": {link_id: value}, "medicines": ["as typed"], "authored": "2026-11-23"}."""
    ready = loaded(content)
    if language not in ready.languages:
        say(f"No language {language!r}; there are {', '.join(ready.languages)}.")
        raise typer.Exit(WRONG_USE)
    if file != "-":
        try:
            text = Path(file).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            say(f"{file} cannot be read ({type(error).__name__}).")
            raise typer.Exit(ENVIRONMENT) from None
        _screen_line(text, ready, language, 1)
        return
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            _screen_line(line.decode("utf-8", "replace"), ready, language, number)


def _screen_line(text: str, content: Content, language: str, number: int) -> None:
    from screening.engine.facts import ResponseFacts
    from screening.engine.response import read
    from screening.engine.screen import as_json, screened

    try:
        raw = json.loads(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("answers", {}), dict):
            raise ValueError("not an object with answers")
        authored = date.fromisoformat(raw["authored"]) if raw.get("authored") else today(content)
    except (ValueError, TypeError, RecursionError) as error:
        say(f"Line {number} is not a response ({type(error).__name__}).")
        raise typer.Exit(FINDINGS) from None
    answers: dict[str, Any] = dict(raw.get("answers", {}))
    if raw.get("medicines") is not None and content.program.medicines is not None:
        link_id = content.program.items[content.program.medicines].item.link_id
        answers.setdefault(link_id, "none" if raw["medicines"] == [] else raw["medicines"])
    response, problems = read(answers, authored, content)
    facts = ResponseFacts(response, content.program)
    result = as_json(screened(facts, content), facts, problems, content, language)
    typer.echo(json.dumps(result, ensure_ascii=False))


@app.command()
def medicines(content: ContentDirectory = SHIPPED) -> None:
    """Read medicines: one line of typed text in, one JSON out. Classes are named as in the table of classes that other
    tools use."""
    ready = loaded(content)
    for line in sys.stdin.buffer:
        typed = line.decode("utf-8", "replace").rstrip("\r\n")
        readings = ready.formulary.read(typed)
        current = [reading for reading in readings if reading.use == "current"]
        others = [reading for reading in readings if reading.use != "current"]
        classes = dict.fromkeys(one for reading in current for one in reading.classes)
        states = {reading.status for reading in readings}
        found = {
            "text": typed,
            "ingredients": list(dict.fromkeys(one for reading in current for one in reading.ingredients)),
            "classes": ["cyp3a4_inducer" if one == "cyp-inducer" else one.replace("-", "_") for one in classes],
            "status": next(
                (state for state in ("unrecognised", "suggested", "matched") if state in states), "unrecognised"
            ),
            "suggestions": [one for reading in readings for one in reading.suggestions],
            "not_current": [{"text": one.text, "ingredients": list(one.ingredients), "use": one.use} for one in others],
            "past": list(dict.fromkeys(one for reading in others for one in reading.ingredients)),
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
