"""Migrations: a stored database of every released version opens, all its records are equal, and its copy was put aside."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from screening.records.drafts import Secret
from screening.records.migrate import newest
from screening.records.reader import PROGRAM
from screening.records.schema import draft_answers, metadata
from screening.records.store import Store
from screening.settings import EnvironmentProblem, Settings
from screening.use_cases.intake import Intake

STORES = sorted((Path(__file__).parent / "stores").glob("*.sqlite3.gz"))


def _as_it_was(old: Path, place: Path) -> Settings:
    settings = Settings.at(place / "records")
    settings.data.mkdir()
    (settings.data / "records.sqlite3").write_bytes(gzip.decompress(old.read_bytes()))
    keys = old.with_name(old.name.replace("sqlite3.gz", "keys.json"))
    if keys.exists():  # versions that seal
        settings.keys.mkdir()
        for name, text in json.loads(keys.read_text()).items():
            (settings.keys / name).write_text(text)
    return settings


@pytest.mark.parametrize("old", STORES, ids=lambda path: path.name.split(".")[0])
def test_every_record_of_an_old_store_is_there_after_the_upgrade(old, tmp_path):
    settings = _as_it_was(old, tmp_path)
    wanted = json.loads(gzip.decompress(old.with_name(old.name.replace("sqlite3", "json")).read_bytes()))
    store = Store.open(settings, opens=True)
    found = list(store.records(PROGRAM))
    assert len(found) == 3
    for record, one in zip(found, wanted, strict=True):
        assert json.loads(json.dumps({field: getattr(record, field) for field in one})) == one
    assert store.complaints() == []
    aside = list(settings.data.glob("records-before-*-version-*.sqlite3"))
    assert len(aside) == 1 and aside[0].read_bytes() == gzip.decompress(old.read_bytes())
    name = wanted[0]["answers"]["full-name"]
    assert name.encode() not in (settings.data / "records.sqlite3").read_bytes(), (
        "what was in clear is sealed and wiped"
    )
    Store.open(settings)
    assert len(list(settings.data.glob("records-before-*"))) == 1, "a second start has nothing to do"


@pytest.mark.parametrize("old", STORES, ids=lambda path: path.name.split(".")[0])
def test_the_content_of_an_old_response_can_still_be_loaded(old, tmp_path):
    settings = _as_it_was(old, tmp_path)
    intake = Intake.open(settings)
    for record in Store.open(settings, opens=True).records(PROGRAM):
        assert intake.under(record.content).content.hash == record.content


def test_a_draft_from_before_drafts_were_one_box_goes_on_and_is_one_afterwards(tmp_path):
    store = Store.open(_as_it_was(STORES[-1], tmp_path))
    then = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    draft = store.drafts.find(Secret("d" * 64, b"k" * 32), then)
    assert draft.values == {"answer full-name": "Dan Old", "answer systolic": 120, "way": {"language": "en"}}
    store.drafts.save(draft, {"answer systolic": 130}, then, 14)
    with store.database.reading() as connection:
        rows = connection.execute(select(draft_answers.c.slot).where(draft_answers.c.draft == draft.id)).scalars().all()
    assert rows == ["all"]
    again = store.drafts.find(Secret("d" * 64, b"k" * 32), then)
    assert again.values == {"answer full-name": "Dan Old", "answer systolic": 130, "way": {"language": "en"}}


def test_the_tables_after_all_migrations_are_the_tables_of_the_schema(store):
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_store_of_a_newer_program_is_refused_plainly(store, settings):
    with store.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(EnvironmentProblem, match="9999"):
        Store.open(settings)


def test_a_failed_upgrade_changes_nothing(tmp_path):
    settings = Settings.at(tmp_path / "records")
    settings.data.mkdir()
    file = settings.data / "records.sqlite3"
    file.write_bytes(gzip.decompress(STORES[0].read_bytes()))
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE screening SET result = 'not json' WHERE response = 2")
    with pytest.raises(EnvironmentProblem, match="Nothing was changed"):
        Store.open(settings)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM response").fetchone() == (3,)
        assert connection.execute("SELECT answers FROM response").fetchone()[0].startswith("{")


def test_the_newest_version_has_a_name():
    assert newest() == "0007"
