"""Commands for what leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exports.choices import PURPOSES
from screening.cli.terminal import FINDINGS, WRONG_USE, environment, existing, loaded, say
from screening.settings import EnvironmentProblem, Settings

if TYPE_CHECKING:
    from screening.engine.content import Content
    from screening.records.record import Record

app = typer.Typer(no_args_is_help=True, help="What leaves.")


@app.command("csv")
def export_csv(
    out: Annotated[Path, typer.Option(help="The directory to write into.")],
    since: Annotated[str | None, typer.Option(help="First day, as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, as 2026-11-30.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only responses whose most pressing tier is this.")] = None,
    purpose: Annotated[str, typer.Option(help="call-sheet, research or everything.")] = "everything",
    mark: Annotated[bool, typer.Option(help="Begin the files with a byte order mark, as spreadsheets want it.")] = True,
    cursor: Annotated[
        Path | None, typer.Option(help="A file that keeps how far the last export came: only what is new or changed.")
    ] = None,
) -> None:
    """Responses, a codebook and the rules explained as CSV. Run daily with --cursor: each export holds what is new or
    was changed since the last."""
    from exports import staff_csv
    from exports.choices import Attached, Choices
    from screening.model.rule import TIERS
    from screening.records.exported import note_export
    from screening.records.reader import Reader
    from screening.records.work import Work
    from screening.use_cases.intake import Intake

    since, until = (_day(day) if day else None for day in (since, until))
    if tier and tier not in TIERS:
        say(f"{tier} is not a tier: {', '.join(TIERS)}.")
        raise typer.Exit(WRONG_USE)
    kind = next((one for one in PURPOSES if one == purpose), None)
    if kind is None:
        say(f"{purpose} is not a purpose: {', '.join(PURPOSES)}.")
        raise typer.Exit(WRONG_USE)
    unopened: list[str] = []
    with environment():
        settings = Settings.from_environment()
        ready = loaded(settings.content)
        store = existing(settings, opens=True)
        work, intake = Work(store, ready.site.staff.statuses[0].code), Intake(ready, store)
        lines = work.lines()
        states = {line.reference: line.state for line in lines}

        def content_of(content: str) -> Content | None:
            found = intake.under(content)
            return found.content if found else None

        reached, changed = work.touched(_from(cursor), reads=False) if cursor else (0, None)
        ids = None if changed is None else [line.id for line in lines if line.reference in changed]
        taken: list[int] = []

        def records() -> Iterator[Record]:
            for record in store.records(Reader(store.actor, "export"), since, until, tier, unopened.append, ids):
                taken.append(record.id)
                yield record

        try:
            choices, attached = Choices(purpose=kind, mark=mark), Attached(work=states, content_of=content_of)
            path, book, count = staff_csv.write(records(), ready, out, choices, attached=attached)
            if cursor:
                _keep(cursor, reached)
        except OSError as error:
            raise EnvironmentProblem(f"{out} cannot be written ({error.strerror}).") from None
        by_days = f"since={since or '-'} until={until or '-'} tier={tier or '-'}"
        note_export(store, f"csv {kind}", by_days, taken, store.actor, datetime.now(UTC))
    say(f"{count} responses in {path}, explained in {book}.")
    if unopened:
        say(f"{len(unopened)} responses do not open and are left out: {', '.join(unopened)}.")
        raise typer.Exit(FINDINGS)


def _from(cursor: Path) -> int:
    """How far the last export came. Raises EnvironmentProblem for a file that is no cursor."""
    try:
        return int(cursor.read_text("utf-8"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        raise EnvironmentProblem(f"{cursor} is not a cursor that an export has kept.") from None


def _keep(cursor: Path, reached: int) -> None:
    unfinished = cursor.with_name(f"{cursor.name}.part")
    unfinished.write_text(str(reached), "utf-8")
    unfinished.replace(cursor)


def _day(text: str) -> str:
    """A day in the one form that is compared: 2026-11-01."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        say(f"{text} is not a day such as 2026-11-01.")
        raise typer.Exit(WRONG_USE) from None
