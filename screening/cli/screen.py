"""Commands that read answers: screen responses, and read medicines."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from screening.cli.terminal import ENVIRONMENT, FINDINGS, SHIPPED, WRONG_USE, ContentDirectory, loaded, say, today
from screening.engine.content import Content
from screening.engine.result import Evidence, Flag
from screening.engine.screen import Outcome, screen_answers
from screening.model.rule import Citation

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
            text = Path(file).read_bytes().decode("utf-8-sig")  # some editors put a mark before UTF-8
        except UnicodeDecodeError:
            say(f"{file} is not UTF-8. Save it as UTF-8.")
            raise typer.Exit(ENVIRONMENT) from None
        except OSError as error:
            say(f"{file} cannot be read ({error.strerror}).")
            raise typer.Exit(ENVIRONMENT) from None
        _screen_line(text, ready, language, 1)
        return
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            _screen_line(line.decode("utf-8-sig", "replace"), ready, language, number)


def _screen_line(text: str, content: Content, language: str, number: int) -> None:
    try:
        raw = json.loads(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("answers", {}), dict):
            raise ValueError("not an object with answers")
        authored = date.fromisoformat(raw["authored"]) if raw.get("authored") else today(content)
    except json.JSONDecodeError as error:
        line = number + error.lineno - 1
        say(f"Line {line} is not a response, as it is not JSON: {error.msg} at column {error.colno}.")
        raise typer.Exit(FINDINGS) from None
    except (ValueError, TypeError, RecursionError):
        say(f'Line {number} is not a response such as {{"answers": {{}}, "authored": "2026-11-23"}}.')
        raise typer.Exit(FINDINGS) from None
    answers: dict[str, Any] = dict(raw.get("answers", {}))
    if raw.get("medicines") is not None and content.medicines is not None:
        answers.setdefault(content.medicines.link_id, "none" if raw["medicines"] == [] else raw["medicines"])
    outcome = screen_answers(answers, authored, content)
    typer.echo(json.dumps(printed(outcome, content, language), ensure_ascii=False))


def printed(outcome: Outcome, content: Content, language: str = "en") -> dict[str, Any]:
    """A screening as the command line prints it: plain values with the words of `content`, in a fixed order."""
    result = outcome.result

    def shown(one: Evidence) -> dict[str, Any]:
        entry: dict[str, Any] = {"item": one.link_id, "text": content.item(one.link_id).text[language]}
        if one.given is not None:
            entry["answer"] = list(one.given) if isinstance(one.given, tuple) else one.given
        return entry

    def cited(citation: Citation) -> dict[str, Any]:
        source = content.sources[citation.cite]
        return {"cite": citation.cite, "title": source.title, "year": source.year, "where": citation.where}

    def flagged(flag: Flag) -> dict[str, Any]:
        rule = content.rules_by_id[flag.rule]
        return {
            "rule": flag.rule,
            "tier": flag.tier,
            "status": rule.status,
            "patient": rule.patient[language] if rule.patient else None,
            "clinician": rule.clinician,
            "superseded": flag.superseded,
            "evidence": [shown(one) for one in flag.evidence],
            "sources": [cited(citation) for citation in rule.sources],
        }

    return {
        "flags": [flagged(flag) for flag in result.flags],
        "to_ask": [
            {"rule": one.rule, "tier": one.tier, "about": one.about, "missing": [shown(each) for each in one.missing]}
            for one in result.to_ask
        ],
        "scores": {
            one.id: {"status": one.status, "value": one.value, "low": one.low, "high": one.high}
            for one in result.scores
        },
        "medicines": [
            {
                "text": one.text,
                "ingredients": list(one.ingredients),
                "classes": list(one.classes),
                "status": one.status,
                "use": one.use,
                "suggestions": list(one.suggestions),
                "how": one.how,
                "recent": one.recent,
                "confirmed": one.confirmed,
                "weeks": one.weeks,
            }
            for one in result.medicines
        ],
        "mme": asdict(result.mme) if result.mme else None,
        "problems": [{"item": one.link_id, "problem": one.code} for one in outcome.problems],
        "characters_dropped": dict(result.dropped),
        "content": result.content,
    }


@app.command()
def medicines(content: ContentDirectory = SHIPPED) -> None:
    """Read medicines: one line of typed text in, one JSON out. Classes are named as in the table of classes that other
    tools use."""
    ready = loaded(content)
    for line in sys.stdin.buffer:
        typed = line.decode("utf-8-sig", "replace").rstrip("\r\n")
        readings = ready.formulary.read(typed)
        current = [reading for reading in readings if reading.use in ("current", "unknown")]
        others = [reading for reading in readings if reading not in current]
        classes = dict.fromkeys(one for reading in current for one in reading.classes)
        states = {"suggested" if reading.use == "unknown" else reading.status for reading in readings}
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
