"""Commands that open the app: for a clinic, or to try it."""

from __future__ import annotations

from typing import Annotated

import typer

from screening.cli.terminal import environment, say
from screening.settings import Role, Settings

app = typer.Typer()


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    role: Annotated[Role | None, typer.Option(help="Whom to serve; wins over SCREENING_ROLE.")] = None,
) -> None:
    """The app, until stopped. Where content, records and keys are: SCREENING_CONTENT, SCREENING_DATA,
    SCREENING_KEYS."""
    with environment():
        settings = Settings.from_environment(**({"role": role} if role else {}))
        say(
            f"Content: {settings.content}. Records: "
            f"{'SCREENING_DATABASE' if settings.database else settings.data}. Keys: {settings.keys}."
        )
        from screening.web.server import serve as run

        run(settings, host, port)


@app.command()
def demo(
    people: Annotated[int, typer.Option(min=1, max=1000, help="How many people.")] = 500, port: int = 8501
) -> None:
    """Try the app: made-up people in a throw-away store, both sides open. Everything is deleted when it stops."""
    from screening.cli.demo import run

    run(people, port)
