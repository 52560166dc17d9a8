"""The command line: `python -m screening COMMAND`. Exit 0 fine, 1 findings, 2 wrong use, 3 environment."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screening import upkeep, users
from screening.content import Content
from screening.settings import Role, Settings
from screening.terminal import ENVIRONMENT, FINDINGS, SHIPPED, WRONG_USE, environment, existing, loaded, say, today

if TYPE_CHECKING:
    from screening.authoring.draft import Draft

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

upkeep.register(app)
app.add_typer(users.app, name="users")

ContentDirectory = Annotated[Path, typer.Option("--content", help="The content directory.")]


@app.command()
def check(
    directory: Annotated[Path, typer.Argument(help="The content directory.")] = SHIPPED,
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also whether the worked cases would catch mistakes, and whether everything can happen.")
    ] = False,
    witness: Annotated[str | None, typer.Option(help="Only show patients for this item, rule or named condition.")] = None,
    against: Annotated[Path | None, typer.Option(help="Only show whom the content in this directory treated otherwise.")] = None,
) -> None:
    """Every finding of the content, worked cases included."""
    from screening.authoring.check import check as examine

    if witness is not None:
        _witness(loaded(directory), witness)
        return
    if against is not None:
        _compare(loaded(against), loaded(directory))
        return
    content, findings = examine(directory, datetime.now(UTC).date())
    if content and deep:
        from screening.authoring.reach import reach
        from screening.authoring.strength import strength

        for measured in (strength(content), reach(content)):
            findings = sorted({*findings, *measured.findings})
            say(str(measured))
    errors = [finding for finding in findings if finding.level == "error"]
    warnings = [finding for finding in findings if finding.level == "warning"]
    if as_json:
        typer.echo(json.dumps([{**vars(finding), "level": finding.level} for finding in findings], ensure_ascii=False))
    else:
        for finding in errors:
            typer.echo(str(finding))
        for finding in warnings:
            typer.echo(f"warning {finding}")
    if content:
        total = sum(len(rule.cases) for rule in content.rules)
        say(f"{len(content.items)} items, {len(content.rules)} rules, {total} cases, content {content.hash[:12]}.")
    say(f"{len(errors)} errors, {len(warnings)} warnings." if findings else "No findings.")
    raise typer.Exit(FINDINGS if errors else 0)


@app.command()
def findings() -> None:
    """Every kind of finding of `check`, as the page docs/findings.md."""
    from screening.authoring.findings_page import page

    typer.echo(page(), nl=False)


@app.command()
def reading(content: ContentDirectory = SHIPPED) -> None:
    """How hard the English that patients read is: the hardest sentences with their school grade, and the median."""
    from screening.authoring import reading as work

    sentences = sorted(work.graded(written(content)), key=lambda one: -one.grade)
    for one in sentences[:40]:
        typer.echo(f"{one.grade:5.1f}  {one.passage.place}: {one.words}")
    say(str(work.reading(sentences)))


@app.command()
def translations(
    directory: Annotated[Path, typer.Argument(help="The content directory.")] = SHIPPED,
    confirm: Annotated[bool, typer.Option("--confirm", help="Note that every translation is right as it is now.")] = False,
) -> None:
    """What `check` compares to tell which translations are stale (T004), printed or, with --confirm, written."""
    from screening.authoring import lint_translation as work

    text = work.confirmed(written(directory))
    if confirm:
        (directory / work.FILE).write_text(text, "utf-8")
        say(f"{directory / work.FILE} says that every translation is right.")
    else:
        typer.echo(text, nl=False)


def _witness(content: Content, name: str) -> None:
    """Made-up patients for whom it happens, or a finding where it never can."""
    from screening.authoring.reach import witnesses

    found, findings = witnesses(content, name)
    if not found and not findings:
        say(f"There is no item, rule or named condition {name!r}.")
        raise typer.Exit(WRONG_USE)
    for one in found:
        typer.echo(one.shown(content))
    for finding in findings:
        typer.echo(str(finding))
    raise typer.Exit(FINDINGS if findings else 0)


def _compare(before: Content, now: Content) -> None:
    """Exit 0 where every patient is proven to be treated alike, else 1 with patients who are not."""
    from screening.authoring.compare import compare

    found = compare(before, now)
    for line in found.lines():
        typer.echo(line)
    say(f"Compared {found.rules} rules and {found.items} items; wording, sources and worked cases are not compared.")
    say(f"{len(found.differences)} differences." if found.differences else "Every patient is treated alike.")
    raise typer.Exit(FINDINGS if found.differences else 0)


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


def written(directory: Path) -> Draft:
    """The content as its author wrote it, or exit 3 with every finding in plain words."""
    from screening.authoring.draft import Draft
    from screening.content import manuscript

    loaded(directory)
    return Draft(manuscript(directory), datetime.now(UTC).date())


def _screen_line(text: str, content: Content, language: str, number: int) -> None:
    from screening.flag import as_json, screened
    from screening.ground import Ground
    from screening.response import read

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
    ground = Ground(response, content.program)
    result = as_json(screened(ground, content), ground, problems, content, language)
    typer.echo(json.dumps(result, ensure_ascii=False))


@app.command()
def questions(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    content: ContentDirectory = SHIPPED,
) -> None:
    """Every item in order, with its type, options, gate and section."""
    ready = loaded(content)
    listed = []
    for section in ready.sections:
        for item in section.items:
            entry = item.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
            entry["options"] = [option.model_dump(mode="json", exclude_none=True) for option in item.options]
            entry.pop("answer_option", None)
            entry |= {"link_id": item.link_id, "type": item.type, "section": section.section}
            entry["gate"] = entry.pop("enable_when", None)
            listed.append(entry)
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False))
    else:
        for entry in listed:
            typer.echo(f"{entry['section']:22} {entry['link_id']:30} {entry['type']:12} {entry['text']['en']}")


@app.command()
def medicines(content: ContentDirectory = SHIPPED) -> None:
    """Read medicines: one line of typed text in, one JSON out. Classes are named as in the table of classes that other tools use."""
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
            "status": next((state for state in ("unrecognised", "suggested", "matched") if state in states), "unrecognised"),
            "suggestions": [one for reading in readings for one in reading.suggestions],
            "not_current": [{"text": one.text, "ingredients": list(one.ingredients), "use": one.use} for one in others],
            "past": list(dict.fromkeys(one for reading in others for one in reading.ingredients)),
        }
        typer.echo(json.dumps(found, ensure_ascii=False))


@app.command()
def table(
    out: Annotated[Path, typer.Option(help="The directory to write into.")],
    content: ContentDirectory = SHIPPED,
    language: Annotated[str | None, typer.Option(help="Language of questions and options; by default the first of the content.")] = None,
) -> None:
    """Every question and rule in plain words, to read and sign: rules.html and rules.pdf."""
    from screening.authoring.compile_book import rulebook
    from screening.authoring.review_table import write

    ready = loaded(content)
    if language not in (None, *ready.languages):
        say(f"No language {language!r}; there are {', '.join(ready.languages)}.")
        raise typer.Exit(WRONG_USE)
    with environment():
        html, pdf = write(rulebook(ready, language), out)
    say(f"{len(ready.items)} questions and {len(ready.rules)} rules in {html} and {pdf}.")


@app.command()
def generate(
    count: Annotated[int, typer.Option(min=1)] = 10,
    seed: int = 1,
    content: ContentDirectory = SHIPPED,
) -> None:
    """Made-up responses that honour skip logic, one JSON a line."""
    from screening.authoring.generate import responses

    ready = loaded(content)
    for response in responses(ready, count, seed, today(ready)):
        typer.echo(json.dumps(response, ensure_ascii=False))


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    role: Annotated[Role | None, typer.Option(help="Whom to serve; wins over SCREENING_ROLE.")] = None,
) -> None:
    """The app, until stopped. Where content, records and keys are: SCREENING_CONTENT, SCREENING_DATA, SCREENING_KEYS."""
    if role is not None:
        os.environ["SCREENING_ROLE"] = role  # every part of the process reads its settings there
    with environment():
        settings = Settings.from_environment()
        say(f"Content: {settings.content}. Records: {'SCREENING_DATABASE' if settings.database else settings.data}. Keys: {settings.keys}.")
        from screening.web.server import serve as run

        run(host, port)


@app.command()
def demo(
    people: Annotated[int, typer.Option(min=1, max=1000, help="How many people.")] = 500,
    port: int = 8501,
) -> None:
    """Try the app: made-up people in a throw-away store, both sides open. Everything is deleted when it stops."""
    from screening.demo import run

    run(people, port)


def _day(text: str) -> str:
    """A day in the one form that is compared: 2026-11-01."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        say(f"{text} is not a day such as 2026-11-01.")
        raise typer.Exit(WRONG_USE) from None


export = typer.Typer(no_args_is_help=True, help="What leaves.")
app.add_typer(export, name="export")


@export.command("csv")
def export_csv(
    out: Annotated[Path, typer.Option(help="The directory to write into.")],
    since: Annotated[str | None, typer.Option(help="First day, as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, as 2026-11-30.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only responses whose most pressing tier is this.")] = None,
) -> None:
    """Responses and a codebook as CSV."""
    from exports import staff_csv
    from screening.records.store import OPERATOR
    from screening.rule import TIERS
    from screening.settings import EnvironmentProblem

    since, until = (_day(day) if day else None for day in (since, until))
    if tier and tier not in TIERS:
        say(f"{tier} is not a tier: {', '.join(TIERS)}.")
        raise typer.Exit(WRONG_USE)
    unopened: list[str] = []
    with environment():
        settings = Settings.from_environment()
        ready = loaded(settings.content)
        store = existing(settings, opens=True)
        try:
            path, book, count = staff_csv.write(store.records(since, until, tier, unopened.append), ready, out)
        except OSError as error:
            raise EnvironmentProblem(f"{out} cannot be written ({error.strerror}).") from None
        store.note(OPERATOR, "export", str(count))
    say(f"{count} responses in {path}, explained in {book}.")
    if unopened:
        say(f"{len(unopened)} responses do not open and are left out: {', '.join(unopened)}.")
        raise typer.Exit(FINDINGS)


if __name__ == "__main__":
    app()
