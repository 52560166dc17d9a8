"""A new key pair: data keys are wrapped again for it, the sealed records stay as they are."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select, update

from screening.records.schema import data_keys
from screening.records.seal import unwrap, wrap
from screening.records.store import Store
from screening.settings import EnvironmentProblem

PORTION = 200


def rotate(store: Store, progress: Callable[[int], None] = lambda _: None) -> tuple[str, int]:
    """Make a new pair, unless an earlier rotation was cut off, and wrap every data key for it; (fingerprint, data
    keys).

    May be stopped at any moment and run again: each data key is wrapped for a pair that is there.
    Raises EnvironmentProblem where a private key is missing, NotSaved, OSError.
    """
    name = store.keys.current()[0]
    if not waiting(store, name):
        name = store.keys.add()
        store.note(store.actor, "rotate", name, "begun")
    public = store.keys.public(name)
    private = store.keys.private()
    done = 0
    while True:
        with store.database.writing() as connection:
            rows = connection.execute(select(data_keys).where(data_keys.c.key != name).limit(PORTION)).all()
            for row in rows:
                if row.key not in private:
                    raise EnvironmentProblem(
                        f"The private key {row.key} is not in {store.keys.directory}: put it there to rotate."
                    )
                again = wrap(unwrap(bytes(row.wrapped), row.id, private[row.key]), row.id, public)
                connection.execute(update(data_keys).where(data_keys.c.id == row.id).values(key=name, wrapped=again))
        if not rows:
            with store.database.writing(audited=True) as connection:
                for trail in (store.trail, store.patients):
                    trail.wrap_again(connection)
            store.note(store.actor, "rotate", name)
            return name, done
        done += len(rows)
        progress(done)


def waiting(store: Store, name: str) -> int:
    """How many data keys are wrapped for another pair than `name`."""
    with store.database.engine.connect() as connection:
        return int(
            connection.execute(select(func.count()).select_from(data_keys).where(data_keys.c.key != name)).scalar_one()
        )


def retire(store: Store, fingerprint: str) -> None:
    """Delete an old private key. Older backups then cannot be opened. Raises EnvironmentProblem or OSError."""
    current = store.keys.current()[0]
    with store.database.engine.connect() as connection:
        used = connection.execute(
            select(func.count()).select_from(data_keys).where(data_keys.c.key == fingerprint)
        ).scalar_one()
    if fingerprint == current or used:
        raise EnvironmentProblem(f"Key {fingerprint} is in use ({used} data keys): rotate first.")
    if fingerprint not in store.keys.private():
        raise EnvironmentProblem(f"There is no private key {fingerprint} in {store.keys.directory}.")
    store.keys.retire(fingerprint)
    store.note(store.actor, "retire-key", fingerprint)
