"""The audit trail: every edit, removal, swap and cut is found; lines are only added; no value is in it."""

from __future__ import annotations

import random
import shutil

import pytest
from sqlalchemy.exc import SQLAlchemyError

from screening.records import heads
from screening.records.audit import STAFF, Trail
from screening.records.schema import audit_heads, audits
from screening.records.store import Store
from screening.settings import Settings

EDITS = 400


@pytest.fixture
def trail(store):
    for number in range(40):
        store.note("operator", "export", str(number))
    with store.database.writer.begin() as connection:  # whoever edits the file does not mind triggers
        if store.database.file:
            connection.exec_driver_sql("DROP TRIGGER audit_no_update")
            connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_only_added ON audit")
    return store


def spoil(connection, dice):
    """One random change, as somebody with the database but without the key could make it."""
    n = dice.randint(1, 40)
    kind = dice.choice(["field", "delete", "swap", "cut", "mac", "insert"])
    if kind == "field":
        field, value = dice.choice(
            [("actor", "nobody"), ("action", "read"), ("record", "x"), ("outcome", "refused"), ("at", "2020-01-01")]
        )
        connection.exec_driver_sql(f"UPDATE audit SET {field} = '{value}' WHERE seq = {n}")
    elif kind == "delete":
        connection.exec_driver_sql(f"DELETE FROM audit WHERE seq = {n}")
        if dice.random() < 0.5:
            connection.exec_driver_sql(f"UPDATE audit SET seq = -seq WHERE seq > {n}")
            connection.exec_driver_sql("UPDATE audit SET seq = -seq - 1 WHERE seq < 0")
    elif kind == "swap":
        other = n % 40 + 1
        connection.exec_driver_sql(f"UPDATE audit SET seq = -1 WHERE seq = {n}")
        connection.exec_driver_sql(f"UPDATE audit SET seq = {n} WHERE seq = {other}")
        connection.exec_driver_sql(f"UPDATE audit SET seq = {other} WHERE seq = -1")
    elif kind == "cut":
        connection.exec_driver_sql(f"DELETE FROM audit WHERE seq >= {n}")
        if dice.random() < 0.5:
            connection.exec_driver_sql(f"UPDATE audit_head SET seq = {n - 1}")
    elif kind == "mac":
        other = n % 40 + 1
        connection.exec_driver_sql(
            f"UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = {other}) WHERE seq = {n}"
        )
    else:
        others = ", ".join(column.name for column in audits.columns if column.name != "seq")
        connection.exec_driver_sql(f"INSERT INTO audit (seq, {others}) SELECT 41, {others} FROM audit WHERE seq = {n}")
    return kind


def test_every_random_edit_is_found(trail, request):
    dice = random.Random(7)
    kinds = set()
    for _ in range(EDITS if trail.database.file else EDITS // 4):
        with trail.database.writer.connect() as connection:
            outer = connection.begin()
            kinds.add(kind := spoil(connection, dice))
            assert trail.trail.complaints(connection), kind
            outer.rollback()
    assert len(kinds) == 6
    assert [one for one in trail.complaints() if "trigger" not in one] == []


def test_an_end_that_is_cut_together_with_its_head_is_found_by_the_daily_file(embedded):
    embedded.note("operator", "export", "1")
    embedded.database.engine.dispose()
    old = embedded.database.file.read_bytes()
    (embedded.database.directory / heads.FILE).unlink()
    embedded.note("operator", "export", "2")
    embedded.database.engine.dispose()
    embedded.database.file.write_bytes(old)  # the whole file of yesterday, put back
    assert any("noted elsewhere" in one for one in embedded.complaints())


def test_a_whole_directory_put_back_is_found_by_the_second_place(tmp_path):
    settings = Settings.at(tmp_path / "records").model_copy(update={"witness": tmp_path / "elsewhere"})
    (tmp_path / "elsewhere").mkdir()
    store = Store.open(settings)
    store.note("operator", "export", "1")
    store.database.engine.dispose()
    shutil.copytree(settings.data, tmp_path / "yesterday")
    for place in (settings.data, tmp_path / "elsewhere"):
        (place / heads.FILE).unlink(missing_ok=True)  # as after a quarter of an hour, they are noted anew
    store.note("operator", "export", "2")
    store.database.engine.dispose()
    shutil.rmtree(settings.data)
    shutil.copytree(tmp_path / "yesterday", settings.data)
    assert any("noted elsewhere" in one for one in Store.open(settings).complaints())
    (tmp_path / "elsewhere" / heads.FILE).unlink()
    assert Store.open(settings).complaints() == [], "without the second place nobody could tell"


@pytest.mark.parametrize("statement", ["UPDATE audit SET record = 'x'", "DELETE FROM audit"])
def test_the_store_itself_refuses_to_change_a_line(store, statement):
    store.note("operator", "export", "1")
    with pytest.raises(SQLAlchemyError), store.database.writer.begin() as connection:
        connection.exec_driver_sql(statement)


def test_another_audit_key_does_not_verify(store):
    store.note("operator", "export", "1")
    with store.database.engine.connect() as connection:
        other = Trail(STAFF, audits, audit_heads, b"x" * 32, store.keys)
        assert other.complaints(connection)


def test_lines_from_many_threads_are_one_chain(store, settings):
    from concurrent.futures import ThreadPoolExecutor

    stores = [Store.open(settings) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: stores[n % 4].note("operator", "export", str(n)), range(40)))
    assert store.complaints() == []
    with store.database.engine.connect() as connection:
        assert [line.seq for line in store.trail.lines(connection)] == list(range(1, 41))
