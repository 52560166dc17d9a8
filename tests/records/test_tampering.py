"""Whoever can write to the database, and has no key, changes a row: it is refused where it is used, or named by name.

Every table, by a row more, a row less, each column changed, two rows exchanged, and an earlier row put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Column, NullPool, create_engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

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


Rows = list[dict[str, Any]]


@dataclass
class Clinic:
    """Records that somebody will change, the tokens of who is signed in, and how each table was once and is now."""

    settings: Settings
    tokens: dict[str, str]
    past: dict[str, Rows]
    now: dict[str, Rows]

    def put(self, table: str, rows: Rows) -> bool:
        """Write a table's rows as whoever owns the database can; whether the store lets it be."""
        settings = self.settings
        place = settings.database.replace("postgresql:", "postgresql+psycopg:") or f"sqlite:///{settings.data / FILE}"
        engine = create_engine(place, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                triggers = []
                if settings.database:
                    connection.exec_driver_sql("SET session_replication_role = replica")
                else:
                    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                    triggers = connection.exec_driver_sql(query).all()
                for name, _ in triggers:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
                connection.execute(delete(metadata.tables[table]))
                if rows:
                    connection.execute(insert(metadata.tables[table]), rows)
                for _, statement in triggers:
                    connection.exec_driver_sql(statement)
        except IntegrityError:
            return False
        return True


def every_row(store: Store) -> dict[str, Rows]:
    with store.database.reading() as connection:
        found = {}
        for name, table in metadata.tables.items():
            found[name] = [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
    return found


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def clinic(request, tmp_path_factory, content) -> Iterator[Clinic]:
    """A clinic at work: forms, notes, calls, an amendment, an export, staff who are signed in, a draft; and its past."""
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else ""
    settings = Settings.at(tmp_path_factory.mktemp("clinic") / "records", database=url)
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
    past = every_row(store)
    store.drafts.save(draft, {"answer systolic": 120}, NOW, 14)
    review.changes.amend(cora, review.responses.open(cora, sent[0]), {"full-name": "Ana Maria"})
    review.changes.assign(cora, review.responses.open(cora, sent[0]), None)
    note_export(store, "csv", "all", [1, 2], "eve", NOW)
    note_export(store, "csv", "all", [3], "eve", NOW)
    accounts.set_role("eve", "front-desk", "ada", NOW)
    accounts.end(session_id(tokens["ada"]), NOW)
    assert eve and not accounts.session(session_id(tokens["eve"]), NOW)
    made = Clinic(settings, tokens, past, every_row(store))
    store.database.engine.dispose()
    yield made


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


def attacks(clinic: Clinic, name: str) -> Iterator[tuple[str, Rows]]:
    """(what, rows) of every change of one table."""
    table, rows = metadata.tables[name], clinic.now[name]
    assert rows, f"nothing to change in {name}"
    first, *_, last = [rows[0], *rows]

    def other(column: Column[Any]) -> Any:
        kind = column.type.python_type
        return "e" * min(20, column.type.length or 20) if kind is str else b"\0" if kind is bytes else 77

    own = {column.name: other(column) for column in table.columns if column.primary_key or column.unique}
    yield "insert", [*rows, {**last, **own, **({"subject": None, "link": None} if name == "account" else {})}]
    for number in {0, len(rows) - 1}:
        yield "delete", rows[:number] + rows[number + 1 :]
    for column in table.columns:
        yield f"update {column.name}", [*rows[:-1], {**last, column.name: other(column)}]
    for column in table.columns if len(rows) > 1 else ():
        swapped = {**first, column.name: last[column.name]}, {**last, column.name: first[column.name]}
        yield f"swap {column.name}", [swapped[0], *rows[1:-1], swapped[1]]
    yield "replay", clinic.past[name]


@pytest.mark.parametrize("table", sorted(set(metadata.tables) - set(GIVES_NOTHING)))
def test_a_row_that_somebody_changed_is_refused_or_named(clinic, table):
    store = Store.open(clinic.settings, opens=True)
    before, unnoticed, tried = shown(store, clinic.tokens), [], 0
    assert store.complaints() == []
    for what, rows in attacks(clinic, table):
        store.database.engine.dispose()
        if rows == clinic.now[table] or not clinic.put(table, rows):
            continue  # no change, or the store itself refuses it
        tried += 1
        if harmful(store, clinic.tokens, before):
            unnoticed.append(what)
    clinic.put(table, clinic.now[table])
    assert store.complaints() == [] and shown(store, clinic.tokens) == before
    assert tried > 3 and not unnoticed


def test_a_session_that_somebody_wrote_into_the_store_lets_nobody_in(clinic):
    rows, mine = clinic.now["staff_session"], "m" * 43
    assert clinic.put("staff_session", [*rows, {**rows[0], "id": session_id(mine)}])
    store = Store.open(clinic.settings, opens=True)
    assert Accounts(store.database, store.keys).session(session_id(mine), NOW) is None
    assert any("session" in one for one in store.complaints())
    clinic.put("staff_session", rows)


def test_what_patients_processes_are_given_makes_no_key_of_staff(clinic, tmp_path):
    settings = clinic.settings
    keys = Store.open(settings).keys
    keys.share(tmp_path / "public")
    names = {path.name for path in (tmp_path / "public").iterdir()}
    assert names == {"audit", "current", f"{keys.current()[0]}.public"}
    shared = Store.open(settings.model_copy(update={"keys": tmp_path / "public"}))
    with pytest.raises(Exception, match="staff"):
        Accounts(shared.database, shared.keys)
