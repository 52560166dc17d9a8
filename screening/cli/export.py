"""Commands for what leaves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from screening.cli.terminal import FINDINGS, WRONG_USE, environment, existing, loaded, say
from screening.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What leaves.")


@app.command("csv")
def export_csv(
    out: Annotated[Path, typer.Option(help="The directory to write into.")],
    since: Annotated[str | None, typer.Option(help="First day, as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, as 2026-11-30.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only responses whose most pressing tier is this.")] = None,
) -> None:
    """Responses and a codebook as CSV."""
    from exports import staff_csv
    from screening.model.rule import TIERS
    from screening.records.store import OPERATOR
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


def _day(text: str) -> str:
    """A day in the one form that is compared: 2026-11-01."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        say(f"{text} is not a day such as 2026-11-01.")
        raise typer.Exit(WRONG_USE) from None
