"""Commands for accounts of staff: `users add NAME --role admin` makes the first one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from screening.cli.terminal import WRONG_USE, acting, environment, loaded, say
from screening.settings import Settings

if TYPE_CHECKING:  # only loaded by the commands that use it
    from screening.records.accounts.accounts import Accounts

app = typer.Typer(no_args_is_help=True, help="Accounts of staff. There is none until one is added here.")

Name = Annotated[str, typer.Argument(help="3 to 64 characters, small letters; for OpenID Connect, the e-mail address.")]
_ROLES = "front-desk, clinician, exporter or admin; several joined by +."
Role = Annotated[str, typer.Option("--role", help=_ROLES)]
Roles = Annotated[str, typer.Argument(help=_ROLES)]


@app.command()
def add(
    name: Name,
    role: Role,
    password: Annotated[
        bool, typer.Option("--password", help="Type a password now, instead of a one-time link.")
    ] = False,
) -> None:
    """Make an account. Without --password: print a link by which the person sets a password, once, within 24 hours."""
    with _accounts(judging=password) as accounts:
        typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True) if password else None
        made = accounts.add(name, role, acting(), _now(), typed)
        say(f"{made.name} is a new {made.role}.")
        if typed is None:
            _show_link(accounts.link(made.name, acting(), _now()))


@app.command("list")
def list_() -> None:
    """Every account, tab-separated: name, role, state, ways to sign in, when made."""
    with _accounts() as accounts:
        for one in accounts.all():
            ways = {"password": one.has_password, "code": one.has_totp, "openid": one.has_subject}
            found = "+".join(way for way, has in ways.items() if has) or "none yet"
            typer.echo("\t".join((one.name, one.role, one.state, found, one.made)))


@app.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(help="front-desk, clinician, exporter or admin; several joined by +.")],
) -> None:
    """Give another role. Ends the person's sessions."""
    with _accounts() as accounts:
        accounts.set_role(name, role, acting(), _now())
        say(f"{name} has the role {role} now.")


@app.command()
def disable(name: Name) -> None:
    """Let nobody in with this account any more. Ends its sessions at once."""
    with _accounts() as accounts:
        accounts.disable(name, acting(), _now())
        say(f"{name} is disabled.")


@app.command()
def enable(name: Name) -> None:
    """Let the account in again."""
    with _accounts() as accounts:
        accounts.enable(name, acting(), _now())
        say(f"{name} is enabled.")


@app.command()
def link(name: Name) -> None:
    """A new one-time link, where a password was forgotten or may be known. The password so far ends at once."""
    with _accounts() as accounts:
        _show_link(accounts.link(name, acting(), _now()))


@app.command()
def totp(name: Name, off: Annotated[bool, typer.Option("--off", help="Ask for no code any more.")] = False) -> None:
    """Ask for a code of the person's telephone at each sign-in; prints the address for their authenticator app,
    once."""
    with _accounts() as accounts:
        if off:
            accounts.clear_totp(name, acting(), _now())
            say(f"{name} signs in without a code.")
            return
        address = accounts.set_totp(name, acting(), _now())
        say(
            "Let the person add this to an authenticator app, here and now; it is shown once and is as "
            "secret as a password:"
        )
        typer.echo(address)


@app.command()
def unbind(name: Name) -> None:
    """Forget who at the clinic's identity service the account belongs to, where the service was changed."""
    with _accounts() as accounts:
        accounts.unbind(name, acting(), _now())
        say(f"{name} is bound again at the next sign-in by OpenID Connect.")


@contextmanager
def _accounts(judging: bool = False) -> Iterator[Accounts]:
    """The accounts of this clinic; what cannot be done is said in a sentence, with exit 2.

    judging: a password will be judged, for which the clinic's name has to be read from the content, which takes a
    while.
    """
    from screening.records.accounts.account import AccountProblem
    from screening.records.accounts.accounts import Accounts
    from screening.records.accounts.passwords import Passwords, WeakPassword
    from screening.records.store import Store

    with environment():
        settings = Settings.from_environment()
        clinic = loaded(settings.content).site.clinic.name.root.values() if judging else ()
        store = Store.open(settings)  # not only an existing one: the first account may be made before the first start
        try:
            yield Accounts(store.database, store.keys, Passwords(" ".join(clinic)))
        except (AccountProblem, WeakPassword) as problem:
            say(str(problem))
            raise typer.Exit(WRONG_USE) from None


def _show_link(token: str) -> None:
    base = Settings.from_environment().public_url
    say("Give this link to the person, by a way that only they read. It works once, for 24 hours:")
    typer.echo(f"{base or 'http://127.0.0.1:8501'}/sign-in/new/{token}")
    if not base:
        say("Set SCREENING_PUBLIC_URL to the address that staff use, and the link begins with it.")


def _now() -> datetime:
    return datetime.now(UTC)
