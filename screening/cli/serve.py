"""Commands that open the app: for a clinic, or to try it."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from screening.cli.terminal import SHIPPED, ContentDirectory, environment, loaded, say
from screening.settings import EnvironmentProblem, Role, Settings

app = typer.Typer()
Port = Annotated[int, typer.Option(min=0, max=65_535)]


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: Port = 8501,
    role: Annotated[Role | None, typer.Option(help="Whom to serve; wins over SCREENING_ROLE.")] = None,
) -> None:
    """The app, until stopped. Where content, records and keys are: SCREENING_CONTENT, SCREENING_DATA,
    SCREENING_KEYS."""
    with environment():
        _require_free(host, port)
        settings = Settings.from_environment(**({"role": role} if role else {}))
        say(
            f"Content: {settings.content}. Records: "
            f"{'SCREENING_DATABASE' if settings.database else settings.data}. Keys: {settings.keys}."
        )
        base = settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if settings.role != "staff":
            say(f"The form: {base}/")
        if settings.role != "patient":
            say(f"Staff: {base}/sign-in")
        from screening.web.server import serve as run

        run(settings, host, port)


@app.command("down-page")
def down(content: ContentDirectory = SHIPPED) -> None:
    """The page that a proxy shows while the app is down, as HTML: the clinic's telephone and the help line."""
    from screening.web.down_page import down_page

    typer.echo(down_page(loaded(content)), nl=False)


@app.command()
def demo(
    people: Annotated[int, typer.Option(min=1, max=1000, help="How many people.")] = 500, port: Port = 8501
) -> None:
    """Try the app: made-up people in a throw-away store, both sides open. Everything is deleted when it stops."""
    from screening.cli.demo import run

    with environment():
        _require_free("127.0.0.1", port)
    run(people, port)


def _require_free(host: str, port: int) -> None:
    """Raises EnvironmentProblem where nothing can listen: said now, and not after the content was loaded."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "not an address"
        raise EnvironmentProblem(
            f"{host}, port {port}, cannot be used: {why}. Choose another --host or --port."
        ) from None
