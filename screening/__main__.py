"""The command line: `python -m screening COMMAND`. Exit 0 fine, 1 findings, 2 wrong use, 3 environment."""

from __future__ import annotations

from typing import Annotated

import typer

from screening.cli import accounts, content, export, records, screen, serve
from screening.cli.terminal import act_as

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

for commands in (content.app, screen.app, serve.app, records.app):
    app.add_typer(commands)
app.add_typer(export.app, name="export")
app.add_typer(accounts.app, name="users")


@app.callback()
def main(
    who: Annotated[str, typer.Option("--as", help="Who this is, for the audit trail; by default your account.")] = "",
) -> None:
    """Before every command."""
    act_as(who)


if __name__ == "__main__":
    app()
