"""Whoever can write to the database, and has no key, changes a row: it is refused where it is used, or named by name.

Every table, by a row more, a row less, each column changed, two rows exchanged, and an earlier row put back.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from screening.records.accounts.account import Origin
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.passwords import Passwords
from screening.records.accounts.sessions import session_id
from screening.records.database import FILE, NotSaved
from screening.records.drafts import Secret
from screening.records.exported import note_export
from screening.records.reader import PROGRAM
from screening.records.schema import metadata
from screening.records.seal import NotOpened
from screening.records.store import Store
from screening.records.work import Work
from screening.settings import Settings
from screening.use_cases.intake import Intake, new_form
from screening.use_cases.review import StaffReview
from tests.conftest import CONSENT

NOW = datetime.now(UTC)
DEVICE, OTHER = Secret("d" * 64, b"k" * 32), Secret("e" * 64, b"j" * 32)
GIVES_NOTHING = {
    "step": "numbers of nobody",
    "attempt": "counts of tries, which hold nobody's name and let nobody in",
    "refusal": "counts of what was refused, which name nobody and let nobody in",
    "staff_draft": "what somebody has begun to write, sealed for that person and response; nothing counts until saved",
}
"""Tables whose rows neither give nor show authority."""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory, content) -> Iterator[tuple[Settings, dict[str, str]]]:
    """A clinic at work: forms, notes, calls, an amendment, an export, staff who are signed in, a draft; and its past."""
    settings = Settings.at(tmp_path_factory.mktemp("clinic") / "records")
    store = Store.open(settings, opens=True)
    store.keep_content(content.hash, b"archive", NOW)
    intake = Intake(content, store)
    accounts = Accounts(store.database, store.keys, Passwords(hasher=PasswordHasher(1, 8, 1)))
    tokens = {}
    for name, role in (("ada", "admin"), ("cora", "clinician"), ("eve", "exporter")):
        accounts.add(name, role, "operator", NOW, f"quite unguessable {name} 71")
        tokens[name] = accounts.sign_in(name, f"quite unguessable {name} 71", "", Origin("192.0.2.1"), NOW)
    review = StaffReview(intake, accounts)
    cora, eve = (accounts.session(session_id(tokens[name]), NOW) for name in ("cora", "eve"))
    sent = [intake.submit(new_form(), {"full-name": name}, "en", CONSENT).reference for name in ("Ana", "Bob", "Carla")]
    draft = store.drafts.begin(content.hash, {"device": DEVICE}, {"answer full-name": "Dan"}, NOW, 14)
    store.drafts.begin(content.hash, {"device": OTHER}, {"answer full-name": "Eva"}, NOW, 14)
    for reference in sent[:2]:
        review.changes.note(cora, review.responses.open(cora, reference), f"a word about {reference}")
    review.changes.assign(cora, review.responses.open(cora, sent[0]), "cora")
    shutil.copy(settings.data / FILE, settings.data / "past")
    store.drafts.save(draft, {"answer systolic": 120}, NOW, 14)
    review.changes.amend(cora, review.responses.open(cora, sent[0]), {"full-name": "Ana Maria"})
    review.changes.assign(cora, review.responses.open(cora, sent[0]), None)
    note_export(store, "csv", "all", [1, 2], "eve", NOW)
    note_export(store, "csv", "all", [3], "eve", NOW)
    accounts.set_role("eve", "front-desk", "ada", NOW)
    accounts.end(session_id(tokens["ada"]), NOW)
    assert eve and not accounts.session(session_id(tokens["eve"]), NOW)
    store.database.engine.dispose()
    yield settings, tokens


def shown(store: Store, tokens: dict[str, str]) -> list[object]:
    """Everything that a row can show or give."""
    accounts, work = Accounts(store.database, store.keys), Work(store, "new")
    sessions = {name: accounts.session(session_id(token), NOW) for name, token in tokens.items()}
    draft = store.drafts.find(DEVICE, NOW)
    records = list(store.records(PROGRAM))
    if draft is None or sessions["cora"] is None:
        raise NotOpened("refused")
    return [
        {name: session and (session.account.name, session.account.role) for name, session in sessions.items()},
        records,
        [(work.state(record.id), work.entries(PROGRAM, record)) for record in records],
        [store.archive(record.content) for record in records],
        draft and (draft.content, draft.values),
    ]


def harmful(store: Store, tokens: dict[str, str], before: list[object]) -> bool:
    """Whether something else is shown or given than before, nobody is refused, and `audit verify` names nothing."""
    try:
        return shown(store, tokens) != before and not store.complaints()
    except (NotOpened, NotSaved, KeyError):
        return False


def attacks(file: Path, past: Path, table: str) -> Iterator[tuple[str, list[str]]]:
    """(what, statements) of every change of one table."""
    with closing(sqlite3.connect(file)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
        rows = connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid").fetchall()
        texts = {row[1] for row in connection.execute(f"PRAGMA table_info({table})") if "CHAR" in row[2].upper()}
    assert rows, f"nothing to change in {table}"
    first, last = rows[0][0], rows[-1][0]
    fresh = ", ".join(
        (f"'{'e' * 32}'" if name in texts else f"{name} + 77") if name in [*keys, "token", "form", "name"] else name
        for name in columns
    )
    fresh = fresh.replace("reference", "'AAAA-AAAA'").replace("subject", "NULL").replace("link,", "NULL,")
    yield "insert", [f"INSERT INTO {table} SELECT {fresh} FROM {table} WHERE rowid = {last}"]
    for number in {first, last}:
        yield "delete", [f"DELETE FROM {table} WHERE rowid = {number}"]
    for name in columns:
        other = f"'{'0' * 20}'" if name in texts else f"CASE typeof({name}) WHEN 'blob' THEN x'00' ELSE 9 END"
        yield f"update {name}", [f"UPDATE {table} SET {name} = {other} WHERE rowid = {last}"]
    for name in columns if len(rows) > 1 else ():
        yield (
            f"swap {name}",
            [
                f"CREATE TABLE aside AS SELECT {name} AS a FROM {table} WHERE rowid = {first}",
                f"UPDATE OR IGNORE {table} SET {name} = (SELECT {name} FROM {table} WHERE rowid = {last}) "
                f"WHERE rowid = {first}",
                f"UPDATE OR IGNORE {table} SET {name} = (SELECT a FROM aside) WHERE rowid = {last}",
                "DROP TABLE aside",
            ],
        )
    yield (
        "replay",
        [f"ATTACH '{past}' AS past", f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM past.{table}"],
    )


@pytest.mark.parametrize("table", sorted(set(metadata.tables) - set(GIVES_NOTHING)))
def test_a_row_that_somebody_changed_is_refused_or_named(clinic, tmp_path, table):
    settings, tokens = clinic
    trial = settings.model_copy(update={"data": tmp_path / "records"})
    shutil.copytree(settings.data, trial.data)
    store = Store.open(trial, opens=True)
    before, unnoticed, tried = shown(store, tokens), [], 0
    assert store.complaints() == []
    for what, statements in attacks(settings.data / FILE, settings.data / "past", table):
        store.database.engine.dispose()
        shutil.copy(settings.data / FILE, trial.data / FILE)
        with closing(sqlite3.connect(trial.data / FILE, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            try:
                for statement in statements:
                    connection.execute(statement)
            except sqlite3.IntegrityError:
                continue  # the store itself refuses it
            for _, statement in triggers:
                connection.execute(statement)
        tried += 1
        if harmful(store, tokens, before):
            unnoticed.append(what)
    assert tried > 3 and not unnoticed


def test_a_session_that_somebody_wrote_into_the_store_lets_nobody_in(clinic, tmp_path):
    settings, _ = clinic
    trial = settings.model_copy(update={"data": tmp_path / "records"})
    shutil.copytree(settings.data, trial.data)
    mine = "m" * 43
    with closing(sqlite3.connect(trial.data / FILE)) as connection, connection:
        connection.execute(
            "INSERT INTO staff_session SELECT ?, account, begun, touched, until, seq, mac FROM staff_session LIMIT 1",
            [session_id(mine)],
        )
    store = Store.open(trial, opens=True)
    assert Accounts(store.database, store.keys).session(session_id(mine), NOW) is None
    assert any("session" in one for one in store.complaints())


def test_what_patients_processes_are_given_makes_no_key_of_staff(clinic, tmp_path):
    settings, _ = clinic
    keys = Store.open(settings).keys
    keys.share(tmp_path / "public")
    names = {path.name for path in (tmp_path / "public").iterdir()}
    assert names == {"audit", "current", f"{keys.current()[0]}.public"}
    shared = Store.open(settings.model_copy(update={"keys": tmp_path / "public"}))
    with pytest.raises(Exception, match="staff"):
        Accounts(shared.database, shared.keys)
