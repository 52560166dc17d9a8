"""Drafts: saved as answers are given, opened by this device or by the code, readable by nobody else."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from screening.engine.content import Content
from screening.model.item_types import Choice
from screening.records.database import NotSaved
from screening.records.deletion import purge
from screening.records.drafts import ALPHABET, by_code, new_code
from screening.records.reader import PROGRAM
from screening.records.refusals import of_last_day
from screening.records.schema import draft_answers, drafts
from screening.use_cases.intake import DraftGone, Intake, Secret, TooMany, new_form
from tests.conftest import CONSENT

DEVICE = Secret("a" * 64, b"d" * 32)
MARK = "canary-7731"


def test_a_draft_opens_by_its_device_and_by_its_code_however_it_is_typed(intake):
    draft, code = intake.begin(DEVICE, {"answer full-name": "Ana"})
    intake.save(draft, {"answer systolic": 120})
    for found in (
        intake.on_device(DEVICE),
        intake.resume(code, "a", None),
        intake.resume(f" {code.lower().replace('-', ' ')}", "b", None),
    ):
        assert found.values == {"answer full-name": "Ana", "answer systolic": 120, "code": code}


def test_the_right_device_name_with_the_wrong_secret_opens_nothing(intake):
    intake.begin(DEVICE, {"answer full-name": "Ana"})
    assert intake.on_device(Secret(DEVICE.lookup, b"x" * 32)) is None


def test_nothing_that_was_said_nor_which_question_was_answered_nor_the_code_is_in_the_store(intake, settings):
    _, code = intake.begin(DEVICE, {f"answer {MARK}": MARK})
    with intake.store.database.engine.connect() as connection:
        everything = b""
        for table in ("draft", "draft_key", "draft_answer"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all():
                everything += b"|".join(
                    bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
                )
    assert MARK.encode() not in everything
    assert code.encode() not in everything and code.replace("-", "").encode() not in everything


def test_two_windows_do_not_overwrite_each_other_in_silence(intake):
    first, _ = intake.begin(DEVICE, {})
    second = intake.on_device(DEVICE)
    assert intake.save(first, {"answer a": 1, "answer b": 1}).conflicts == ()
    told = intake.save(second, {"answer b": 2, "answer c": 2})
    assert dict(told.others) == {"answer a": 1} and told.conflicts == ("answer b",)
    assert intake.save(second, {"answer d": 2}).others == {}
    assert dict(intake.save(first, {"answer e": 1}).others) == {"answer b": 2, "answer c": 2, "answer d": 2}
    assert (
        intake.on_device(DEVICE).values.items()
        >= {"answer a": 1, "answer b": 2, "answer c": 2, "answer d": 2, "answer e": 1}.items()
    )


def test_after_sending_the_draft_holds_only_that_it_was_sent_and_the_code_opens_it_no_more(intake):
    draft, code = intake.begin(DEVICE, {"answer full-name": "Ana"})
    other = intake.on_device(DEVICE)
    receipt = intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT, draft)
    left = intake.on_device(DEVICE)
    assert left.sent.reference == receipt.reference and left.values == {}
    assert intake.resume(code, "a", None) is None
    with pytest.raises(DraftGone) as gone:
        intake.save(other, {"answer full-name": "Eva"})
    assert gone.value.sent.reference == receipt.reference
    assert intake.on_device(DEVICE).values == {}


def answered(chance: random.Random, content: Content) -> dict[str, Any]:
    """What somebody answered, in the order in which they did: each question of one choice, or of some."""
    values: dict[str, Any] = {}
    for item in content.items:
        codes = [option.code for option in item.options] if isinstance(item, Choice) else []
        if codes and chance.random() < 0.9:
            values[f"answer {item.link_id}"] = chance.choice(codes)
    return values


def test_neither_a_length_nor_an_order_in_the_store_says_what_was_answered(embedded, content):
    chance, lengths = random.Random(7), set()
    now = Intake(content, embedded).now()
    for _ in range(40):
        draft = embedded.drafts.begin(content.hash, {}, {"code": new_code()}, now, 14)
        given = list(answered(chance, content).items())[: chance.randint(1, 60)]
        embedded.drafts.save(draft, dict(given[:-2]), now, 14)
        for name, value in given[-2:]:
            embedded.drafts.save(draft, {name: value}, now, 14)
    with embedded.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT draft, slot, version, length(box) FROM draft_answer").all()
    lengths = {row[3] for row in rows}
    assert len(rows) == 40 and {row[1] for row in rows} == {"all"}, "one row a draft, which is written whole"
    assert len(lengths) == 1, "what was chosen shows in no length, nor how much was answered"


def test_a_draft_that_somebody_put_back_is_written_over_by_the_window_that_has_the_newest(intake):
    draft, _ = intake.begin(DEVICE, {"answer a": 1})
    with intake.store.database.reading() as connection:
        old = connection.exec_driver_sql("SELECT version FROM draft").scalar(), box_of(connection)
    intake.save(draft, {"answer a": 2, "answer b": 2})
    with intake.store.database.writing() as connection:
        connection.execute(update(draft_answers).values(version=old[0], box=old[1]))
    assert intake.on_device(DEVICE) is None, "the box does not fit the number of the last save"
    assert refused(intake) == {"draft": 1}
    with intake.store.database.writing() as connection:
        connection.execute(update(drafts).values(version=old[0]))
    intake.save(draft, {"answer c": 3})
    assert intake.on_device(DEVICE).values.items() >= {"answer a": 2, "answer b": 2, "answer c": 3}.items()


def box_of(connection) -> bytes:
    return bytes(connection.execute(select(draft_answers.c.box)).scalar())


def refused(intake) -> dict[str, int]:
    intake.store.refusals.keep(intake.store.database, intake.now())
    return {one.kind: one.count for one in of_last_day(intake.store.database, intake.now())}


def test_a_draft_whose_save_failed_is_as_it_was_and_saves_again(intake, monkeypatch):
    draft, _ = intake.begin(DEVICE, {"answer a": 1})
    with intake.store.database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE draft_answer RENAME TO aside")
    with pytest.raises(NotSaved):
        intake.save(draft, {"answer a": 2})
    assert (draft.version, draft.values["answer a"]) == (1, 1)
    with intake.store.database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE aside RENAME TO draft_answer")
    intake.save(draft, {"answer a": 2})
    assert intake.on_device(DEVICE).values["answer a"] == 2


def test_a_draft_is_gone_after_its_days_and_purge_removes_it(intake):
    draft, code = intake.begin(DEVICE, {"answer full-name": "Ana"})
    later = intake.now() + timedelta(days=intake.content.site.draft_days, hours=1)
    assert intake.store.drafts.find(by_code(code), later) is None
    assert intake.store.drafts.count_old(later) == 1
    purge(intake.store, "2000-01-01", True, later)
    assert intake.store.drafts.count_old(later) == 0
    with pytest.raises(DraftGone):
        intake.save(draft, {"answer full-name": "Eva"})


def test_leaving_a_shared_computer_shuts_it_there_and_the_code_still_opens_it(intake):
    _, code = intake.begin(DEVICE, {"answer full-name": "Ana"})
    intake.leave(DEVICE)
    assert intake.on_device(DEVICE) is None
    assert intake.resume(code, "a", DEVICE).values["answer full-name"] == "Ana"
    assert intake.on_device(DEVICE).values["answer full-name"] == "Ana", "it is open on this device again"


def test_a_draft_goes_on_under_the_content_it_was_begun_with(settings, spoilt):
    before = Intake.open(settings)
    draft, _ = before.begin(DEVICE, {"answer full-name": "Ana"})
    changed = spoilt("site.yaml", "\nminutes: 20", "\nminutes: 25")
    after = Intake.open(settings.model_copy(update={"content": changed}))
    found = after.on_device(DEVICE)
    assert after.content.hash != found.content == draft.content
    intake = after.under(found.content)
    assert intake.content.site.minutes == 20 and intake.content.hash == before.content.hash
    receipt = intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT, found)
    from screening.records.store import Store

    assert [(one.reference, one.content) for one in Store.open(settings, opens=True).records(PROGRAM)] == [
        (receipt.reference, before.content.hash)
    ]


def test_the_sixth_try_of_a_code_in_a_minute_is_refused_even_with_the_right_one(intake):
    _, code = intake.begin(None, {})
    for _ in range(5):
        assert intake.resume(new_code(), "203.0.113.5", None) is None
    with pytest.raises(TooMany):
        intake.resume(code, "203.0.113.5", None)
    assert intake.resume(code, "203.0.113.6", None), "another address is not shut out"


def test_ten_thousand_random_codes_open_nothing(intake):
    intake.begin(None, {})
    assert not any(intake.store.drafts.find(by_code(new_code()), intake.now()) for _ in range(1_000))
    assert len({new_code() for _ in range(10_000)}) == 10_000


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_code_is_a_secret_or_nothing(typed):
    secret = by_code(typed)
    letters = [char for char in typed.upper() if char.isalnum()]
    assert (secret is not None) == (len(letters) == 16 and all(char in ALPHABET for char in letters))


def test_the_wrapped_keys_differ_for_every_draft(intake):
    for _ in range(3):
        intake.begin(Secret(secrets.token_hex(32), secrets.token_bytes(32)), {})
    with intake.store.database.engine.connect() as connection:
        wrapped = connection.exec_driver_sql("SELECT wrapped FROM draft_key").scalars().all()
    assert len({bytes(one) for one in wrapped}) == 6
