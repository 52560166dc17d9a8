"""Commands for whoever looks after the records: backup, restore, purge, erase, doctor, keys, audit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from screening.cli.terminal import FINDINGS, acting, environment, existing, is_there, loaded, say, today
from screening.settings import EnvironmentProblem, Settings

app = typer.Typer()
keys = typer.Typer(no_args_is_help=True, help="The clinic's keys. Without the private key nobody can read the records.")
audit = typer.Typer(no_args_is_help=True, help="The trail of who did what.")
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")

Really = Annotated[bool, typer.Option("--yes", help="Do it; without it, only count.")]


@app.command()
def backup(
    out: Annotated[
        Path | None, typer.Argument(help="The file to write; by default a dated one in the data directory.")
    ] = None,
) -> None:
    """Copy the whole store into one file while the app goes on. Keys are not in it: keep a copy of them elsewhere."""
    from screening.records import backup as work

    with environment():
        settings = Settings.from_environment()
        store = existing(settings)
        path = out or settings.data / "backups" / f"backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl.gz"
        with _bar("rows") as bar:
            made = work.backup(store, path, bar.to)
        say(f"{made.rows} rows in {path}.")
        say(f"The keys in {settings.keys} are not in it: keep a copy of them in another place.")
        if not made.noted:
            say("The audit trail could not note this copy: the records cannot be written. Is their disk full?")


@app.command()
def restore(
    file: Path,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether it could be restored, opening every response.")
    ] = False,
    erased: Annotated[
        Path | None, typer.Option(help="The list of references deleted since; by default that of the data directory.")
    ] = None,
) -> None:
    """Fill an empty store from a backup, and delete again what was deleted since."""
    from screening.records import backup as work
    from screening.records import erased as list_
    from screening.records.store import Store

    with environment():
        settings = Settings.from_environment()
        try:
            with _bar("rows") as bar:
                if check:
                    total, opened, complaints = work.examine(file, settings, bar.to)
                    if is_there(settings):
                        existing(settings).note(acting(), "restore-check", f"{opened} opened")
                else:
                    gone = list_.references(erased or settings.data / list_.FILE)
                    store = Store.open(settings, actor=acting())
                    count = work.restore(file, store, gone, bar.to)
                    complaints = store.complaints()
        except work.BadCopy as error:
            raise EnvironmentProblem(str(error)) from None
    for complaint in complaints:
        say(complaint)
    if check:
        say(
            f"{total} responses, {opened} of them opened"
            + ("" if opened else " (no private key here)")
            + f", {len(complaints)} complaints."
        )
    else:
        say(f"{count} rows restored; {len(gone)} references of the list of deletions are gone again.")
    raise typer.Exit(FINDINGS if complaints else 0)


@app.command()
def purge(really: Really = False) -> None:
    """Delete responses older than retention_days of site.yaml, and drafts past their days. Run it daily."""
    from screening.records import deletion

    with environment():
        settings = Settings.from_environment()
        ready = loaded(settings.content)
        before = today(ready) - timedelta(days=ready.site.retention_days)
        store = existing(settings)
        drafts = store.drafts.count_old(datetime.now(UTC))
        count = deletion.purge(store, before.isoformat(), really, datetime.now(UTC))
        done = "are deleted." if really else "would be deleted: add --yes."
        say(f"{count} responses from before {before} and {drafts} old drafts {done}")


@app.command()
def erase(reference: str, really: Really = False) -> None:
    """Delete one response for good, by the reference code that the person has. The audit trail keeps that it was
    deleted."""
    from screening.records import deletion
    from screening.records.record import as_written

    with environment():
        store = existing(Settings.from_environment())
        if not really:
            say(f"Response {reference} would be deleted for good: add --yes.")
            return
        found = deletion.erase(store, as_written(reference), datetime.now(UTC))
        say(
            f"Response {reference} is deleted. Backups made before still hold it, sealed, until they are deleted."
            if found
            else "No such reference."
        )
    raise typer.Exit(0 if found else FINDINGS)


@app.command()
def doctor(url: Annotated[str, typer.Option(help="Also ask the running app at this address.")] = "") -> None:
    """Look at store, keys, space, clock and audit trail, and say what to do."""
    from screening.records import doctor as work

    with environment():
        found = list(work.examine(existing(Settings.from_environment(), opens=True)))
    from screening.web.sockets import descriptors

    found.append(work.HealthCheck(*descriptors()))
    if url:
        from screening.web.probe import probe

        found += [work.HealthCheck(*one) for one in probe(url)]
    for one in found:
        typer.echo(f"{'fine ' if not one.remedy else 'LOOK '} {one.what} {one.remedy}".rstrip())
    raise typer.Exit(FINDINGS if any(one.remedy for one in found) else 0)


@app.command()
def replay(reference: Annotated[str, typer.Option("--id", help="Only the response of this reference.")] = "") -> None:
    """Screen stored responses again, each under its own content, and compare with what was kept, byte for byte. Needs
    the private key."""
    from screening.records.record import as_written
    from screening.use_cases import replay as work

    with environment():
        store = existing(Settings.from_environment(), opens=True)
        with _bar("responses") as bar:
            found = work.replay(store, as_written(reference), bar.to)
    typer.echo(f"{found.checked} checked, {found.equal} equal, {len(found.different)} different.")
    if found.different:
        say(f"Screened otherwise today than on their day: {', '.join(found.different)}.")
    for content, references in found.no_content.items():
        say(
            f"Content {content[:12]} is not in the store, or cannot be read any more: "
            f"{', '.join(references)} cannot be screened again."
        )
    if found.unopened:
        say(f"{len(found.unopened)} responses do not open: {', '.join(found.unopened)}.")
    missing = bool(reference) and not (found.checked or found.no_content or found.unopened)
    if missing:
        say("No such reference.")
    raise typer.Exit(0 if found.whole and not missing else FINDINGS)


@app.command()
def impact(proposed: Annotated[Path, typer.Option(help="The proposed content directory.")]) -> None:
    """What a proposed content would change for stored responses, against the content in use: counts first, then who and
    why."""
    from screening.use_cases import impact as work

    with environment():
        settings = Settings.from_environment()
        current, other = loaded(settings.content), loaded(proposed)
        store = existing(settings, opens=True)
        with _bar("responses") as bar:
            found = work.impact(store, current, other, bar.to)
    typer.echo(f"{found.responses} responses, {found.changed} of them change.")
    for change, count in found.counts:
        typer.echo(f"{count:6}  {change.rule}: {change.before} -> {change.after}")
    for link_id, count in sorted(found.unread.items()):
        typer.echo(f"{count:6}  answers to {link_id} that the proposed content cannot take")
    for change, _ in found.counts:
        for reference, why in found.changes[change].items():
            typer.echo(
                f"{reference}  {change.rule}: {change.before} -> {change.after} ({', '.join(why) or 'no answer'})"
            )
    if found.unopened:
        say(f"{len(found.unopened)} responses do not open and are left out: {', '.join(found.unopened)}.")
    raise typer.Exit(FINDINGS if found.unopened else 0)


@keys.command("show")
def keys_show() -> None:
    """Where the keys are and which are here."""
    with environment():
        settings = Settings.from_environment()
        store = existing(settings)
        name, _ = store.keys.current()
        say(f"Keys in {settings.keys}; new records are sealed for {name}.")
        for path in sorted(settings.keys.glob("*.private")):
            typer.echo(path.stem)


@keys.command("share")
def keys_share(out: Path) -> None:
    """Copy what a process that only serves patients needs into a directory: everything but the private keys."""
    with environment():
        settings = Settings.from_environment()
        store = existing(settings)
        store.keys.share(out)
        store.note(store.actor, "keys-share", store.keys.current()[0])
        say(f"{out} holds the public keys. A process with SCREENING_KEYS={out} can take forms in and read none.")


@keys.command("rotate")
def keys_rotate() -> None:
    """Make a new key pair and move every record over to it. May be stopped and run again."""
    from screening.records import rotate

    with environment():
        store = existing(Settings.from_environment())
        with _bar("data keys") as bar:
            name, count = rotate.rotate(store, bar.to)
        say(
            f"{count} data keys now belong to {name}. Copy the new key files to every machine that uses them, "
            "then `keys retire` the old one."
        )


@keys.command("retire")
def keys_retire(fingerprint: str) -> None:
    """Delete an old private key for good. Backups from before the rotation can then not be opened."""
    from screening.records import rotate

    with environment():
        rotate.retire(existing(Settings.from_environment()), fingerprint)
        say(f"The private key {fingerprint} is deleted.")


@audit.command("verify")
def audit_verify() -> None:
    """Whether the audit trail is whole."""
    with environment():
        complaints = existing(Settings.from_environment()).complaints()
    for complaint in complaints:
        say(complaint)
    say("The audit trail is whole." if not complaints else "The audit trail is not whole.")
    raise typer.Exit(FINDINGS if complaints else 0)


@audit.command("show")
def audit_show(last: Annotated[int, typer.Option(help="How many lines from the end.")] = 50) -> None:
    """The last lines of the trail, tab-separated: chain and number, when, who, what, record, outcome."""
    from collections import deque

    with environment():
        store = existing(Settings.from_environment())
        with store.database.reading() as connection:
            for side, line in deque(store.lines(connection), maxlen=last):
                number = f"{side} {line.seq}"
                typer.echo("\t".join((number, line.at, line.actor, line.action, line.record, line.outcome)))


@audit.command("who")
def audit_who(reference: str) -> None:
    """Who did what to one response, and with which exports it left, tab-separated: when, who, what, outcome."""
    from screening.records.exported import exports_of
    from screening.records.record import as_written

    wanted = as_written(reference)
    with environment():
        store = existing(Settings.from_environment())
        with store.database.reading() as connection:
            lines = [line for _, line in store.lines(connection) if line.record == wanted]
            found = [(line.at, line.actor, line.action, line.outcome) for line in lines]
            found += [(at, actor, "export", kind) for at, actor, kind in exports_of(connection, wanted)]
    for one in sorted(found, key=lambda one: one[0]):
        typer.echo("\t".join(one))
    say(f"{len(found)} lines." if found else "No such reference in the trail.")
    raise typer.Exit(0 if found else FINDINGS)


class _bar:
    """A progress bar that is told totals instead of steps."""

    def __init__(self, unit: str) -> None:
        self._bar = tqdm(unit=f" {unit}", disable=None)

    def __enter__(self) -> _bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def to(self, total: int) -> None:
        """Show that `total` are done."""
        self._bar.update(total - self._bar.n)
