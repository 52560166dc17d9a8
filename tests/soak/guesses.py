"""A million random resume codes against a store with a thousand drafts, and ten thousand edits of an audit trail.

python -m tests.soak.guesses [--codes 1000000] [--edits 10000]
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import typer
from sqlalchemy import select
from tqdm import tqdm

from screening.records.drafts import by_code, new_code
from screening.records.schema import draft_keys
from screening.records.store import Store
from screening.settings import Settings
from tests.records.test_audit import spoil


def guesses(place: Path, count: int, drafts: int = 1_000) -> int:
    """How many of `count` random codes open one of `drafts` drafts, asked of the store as the form asks it."""
    store = Store.open(Settings.at(place / "guesses"))
    now = datetime.now(UTC)
    code = ""
    for _ in range(drafts):
        code = new_code()
        secret = by_code(code)
        assert secret
        store.drafts.begin("c" * 64, {"code": secret}, {"answer full-name": "x"}, now, 14)
    assert store.drafts.find(by_code(code), now), "the right code does open"
    hits = 0
    with store.database.engine.connect() as connection:
        for _ in tqdm(range(count), unit=" codes", disable=None):
            secret = by_code(new_code())
            assert secret
            hits += (
                connection.execute(select(draft_keys.c.draft).where(draft_keys.c.lookup == secret.lookup)).first()
                is not None
            )
    return hits


def edits(place: Path, count: int) -> int:
    """How many of `count` random changes of an audit trail of 40 lines are not found."""
    store = Store.open(Settings.at(place / "edits"))
    for number in range(40):
        store.note("operator", "export", str(number))
    with store.database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
    dice, missed = random.Random(11), 0
    for _ in tqdm(range(count), unit=" edits", disable=None):
        with store.database.writer.connect() as connection:
            outer = connection.begin()
            spoil(connection, dice)
            missed += not store.trail.complaints(connection)
            outer.rollback()
    return missed


def main(codes: int = 1_000_000, edits_: int = typer.Option(10_000, "--edits")) -> None:
    with tempfile.TemporaryDirectory() as place:
        hits, missed = guesses(Path(place), codes), edits(Path(place), edits_)
    print(f"{codes} random codes: {hits} opened a draft; {edits_} random edits of the audit: {missed} not found")
    sys.exit(bool(hits or missed))


if __name__ == "__main__":
    typer.run(main)
