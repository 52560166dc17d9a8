"""CSV for intake staff: one row a response, and a codebook that explains every column.

Files are UTF-8 with every cell quoted, dates are ISO. Columns are of the content that is in use now: an answer to an item that
no longer exists stays in the last column, `other_answers`, as JSON.

Why there is no answer is a code of its own: `[not asked]` skip logic left the item out, `[skipped]` it was left blank,
`[not sure]`, `[declined]`, `[unsettled]` it was not asked because an answer above is open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from exports.cell import harmless
from screening.content import Content
from screening.medicine_list import entry_text
from screening.questionnaire import Given, Quantity
from screening.records.store import Record
from screening.response import Ground, read
from screening.rule import TIERS

BATCH = 1_000
WHY = {"not-asked": "[not asked]", "skipped": "[skipped]", "not-sure": "[not sure]", "declined": "[declined]", "unsettled": "[unsettled]"}
CODES = {
    "[not asked]": "skip logic left this question out",
    "[skipped]": "asked and left blank",
    "[not sure]": 'answered "not sure"',
    "[declined]": 'answered "prefer not to say"',
    "[unsettled]": "not asked, because the answer that would open it is missing or not sure",
}


def write(records: Iterable[Record], content: Content, directory: Path) -> tuple[Path, Path, int]:
    """Write responses.csv and codebook.csv into `directory`; both paths and the number of responses. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / "responses.csv"
    count = _table(path, columns(content), (row(record, content) for record in records))
    book = directory / "codebook.csv"
    _table(book, ["column", "meaning", "type", "codes"], iter(codebook(content)))
    return path, book, count


def _table(path: Path, header: list[str], rows: Iterator[dict[str, Any]]) -> int:
    """Write rows in batches to a neighbouring file and put it in place when it is whole."""
    import pandas as pd  # only staff commands need it

    unfinished = path.with_suffix(".part")
    count = 0
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        unfinished.chmod(0o600)
        first = True
        while (batch := list(islice(rows, BATCH))) or first:
            frame = pd.DataFrame(batch, columns=header, dtype=object).map(_cell)
            frame.columns = pd.Index([harmless(name) for name in header])
            frame.to_csv(file, index=False, header=first, quoting=1, lineterminator="\r\n")
            count += len(batch)
            first = False
    unfinished.replace(path)
    return count


def _cell(value: Any) -> Any:
    if value is None or value != value:
        return ""
    return harmless(value) if isinstance(value, str) else value


def columns(content: Content) -> list[str]:
    """Every column, in order."""
    return [str(line["column"]) for line in codebook(content)]


def codebook(content: Content) -> list[dict[str, str]]:
    """A line for every column: its name, meaning, type, and the codes that may stand in it."""
    lines: list[dict[str, str]] = []

    def add(column: str, meaning: str, kind: str, codes: str = "") -> None:
        lines.append({"column": column, "meaning": meaning, "type": kind, "codes": codes})

    add("reference", "code that the person was given", "text")
    add("received", "when the form was received (UTC)", "time")
    add("authored", "the clinic's date of the form", "date")
    add("language", "language in which it was filled in", "code", "; ".join(content.languages))
    add("status", "state of the response", "code", "completed; amended; entered-in-error")
    add("consent_version", "version of the consent text", "text")
    add("content", "hash of the content it was answered and screened under", "text")
    add("tier", "most pressing tier of all flags", "code", "; ".join(TIERS))
    for tier in TIERS:
        add(f"flags_{tier}", f"rules raised at tier {tier}", "list of rule ids")
    add("to_ask", "rules that cannot tell, and the items whose answers are missing", "list: rule (items)")
    add(
        "medicines_read",
        "medicines as recognised: what was typed = ingredients, or [not recognised]; then what the person said of its use",
        "list",
    )
    why = "; ".join(f"{code} {meaning}" for code, meaning in CODES.items())
    language = content.languages[0]
    for plan in content.program.items:
        item, text = plan.item, plan.item.text[language]
        codes = "; ".join(f"{option.code} = {option.text[language]}" for option in item.options)
        add(item.link_id, text, item.type, f"{codes}; {why}" if codes else why)
        if item.type in ("multi-choice", "body-map"):
            for option in item.options:
                meaning = f"{text} — {option.text[language]}"
                add(f"{item.link_id}.{option.code}", meaning, "0/1", "1 chosen; 0 not; empty: no answer")
        if isinstance(item, Quantity):
            add(f"{item.link_id}.{item.unit}", f"the same in {item.unit}", "number")
    for score in content.program.scores:
        name = score.definition.id
        add(f"score.{name}", f"score {name}", "number", "empty where not complete")
        add(f"score.{name}.status", f"whether score {name} is complete", "code", "complete; incomplete; not-asked")
    add("other_answers", "answers that the present content no longer asks for or accepts", "JSON")
    return lines


def row(record: Record, content: Content) -> dict[str, Any]:
    """One response as a row. Flags, to-ask and scores are those of its own day."""
    response, problems = read(record.answers, date.fromisoformat(record.authored), content)
    ground = Ground(response, content.program)
    result = record.result
    cells: dict[str, Any] = {
        "reference": record.reference,
        "received": record.received,
        "authored": record.authored,
        "language": record.language,
        "status": record.status,
        "consent_version": record.consent.get("version", ""),
        "content": record.content,
        "tier": record.tier or "",
        "to_ask": "; ".join(_asked(ask) for ask in result["to_ask"]),
        "medicines_read": "\n".join(_read(one) for one in result["medicines"]),
    }
    for tier in TIERS:
        cells[f"flags_{tier}"] = "; ".join(flag["rule"] for flag in result["flags"] if flag["tier"] == tier)
    for plan in content.program.items:
        given = response.answers.get(plan.item.link_id)
        status = ground.status(plan.number)
        cells[plan.item.link_id] = _answer(given) if status == "answered" else WHY[status]
        if plan.item.type in ("multi-choice", "body-map"):
            for option in plan.item.options:
                chosen = int(option.code in given) if isinstance(given, tuple) and status == "answered" else None
                cells[f"{plan.item.link_id}.{option.code}"] = chosen
        if isinstance(plan.item, Quantity) and given is not None:
            cells[f"{plan.item.link_id}.{plan.item.unit}"] = round(plan.item.number(given), 1)
    for name, score in result["scores"].items():
        cells[f"score.{name}"] = score["value"]
        cells[f"score.{name}.status"] = score["status"]
    # Answers of another version of the content: nothing that was said is left out.
    gone = {one.link_id: record.answers[one.link_id] for one in problems if one.link_id in record.answers}
    asked = {plan.item.link_id for plan in ground.asked}
    gone |= {link_id: value for link_id, value in record.answers.items() if link_id not in asked}
    cells["other_answers"] = json.dumps(gone, ensure_ascii=False) if gone else ""
    return cells


def _read(one: dict[str, Any]) -> str:
    found = ", ".join(one["ingredients"]) or "[not recognised]"
    doubt = " [confirmed]" if one.get("confirmed") else " [to be confirmed]" if one["status"] == "suggested" else ""
    how = "" if one["use"] == "current" else f" [{one['use']}]"
    if one.get("how") == "as-needed":
        how += " [as needed]"
    if one.get("recent") is not None:
        how += " [within the window]" if one["recent"] else " [longer ago]"
    return f"{one['text']} = {found}{doubt}{how}"


def _asked(ask: dict[str, Any]) -> str:
    return f"{ask['rule']} ({', '.join(one['item'] for one in ask['missing'])})"


def _answer(given: Given | None) -> Any:
    if isinstance(given, tuple):
        return "; ".join(entry_text(one) for one in given)
    if isinstance(given, dict):
        return f"{given['value']:g} {given['unit']}"
    return given
