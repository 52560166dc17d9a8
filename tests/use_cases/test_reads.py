"""Whoever reads leaves a line: every way to a response, by staff and by commands, and no way that goes round it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from exports.choices import Choices
from screening.records.accounts.account import StaffSession
from screening.records.reader import FEW, PROGRAM, Reader, of_many
from screening.records.schema import entries, responses
from screening.records.seal import Opener
from screening.settings import ROOT
from screening.use_cases.permissions import NotAllowed
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import Wanted
from tests.conftest import command
from tests.use_cases.test_review import ADMIN, CLINICIAN, EXPORTER, FRONT, archive, made, review, send

__all__ = ["archive", "review"]


class Watched(Opener):
    """An opener that notes the place of each box that it opens."""

    def __init__(self, opener: Opener) -> None:
        self.__dict__ = opener.__dict__
        self.places: list[str] = []

    def open(self, box: bytes, where: str) -> bytes:
        self.places.append(where)
        return super().open(box, where)


@pytest.fixture
def watched(review: StaffReview) -> Watched:
    for name in ("Ana Gil", "Ana Gil", "Bo Chen"):
        send(review, full_name=name)
    case = review.responses.open(CLINICIAN, references(review)[0])
    review.changes.note(CLINICIAN, case, "Asked for a call back.")
    review.changes.keep_begun(doctor(review), case, "note", "half a word")
    review.changes.amend(CLINICIAN, case, {**case.record.answers, "phone": "+1 555 010 0177"})
    watching = Watched(review.store._opener)
    review.store._opener = watching
    return watching


def doctor(review: StaffReview) -> StaffSession:
    """The clinician with a row of their own."""
    row = next(one for one in review.accounts.all() if one.name == CLINICIAN.account.name)
    return replace(CLINICIAN, account=row)


def references(review: StaffReview) -> list[str]:
    with review.store.database.reading() as connection:
        return list(connection.execute(select(responses.c.reference).order_by(responses.c.id)).scalars())


def opened(review: StaffReview, places: list[str]) -> set[str]:
    """The references of the responses whose boxes these places are."""
    with review.store.database.reading() as connection:
        form = {row.form: row.reference for row in connection.execute(select(responses))}
        number = {row.id: row.reference for row in connection.execute(select(responses))}
        token = {row.token: number[row.response] for row in connection.execute(select(entries))}
    known = {**form, **token}
    return {known[part] for place in places for part in place.split("|") if part in known}


def lines(review: StaffReview, after: int = 0) -> list[tuple[str, str, str]]:
    with review.store.database.reading() as connection:
        found = list(review.store.trail.lines(connection, after))
    return [(line.actor, line.action, line.record) for line in found]


WAYS: dict[str, Callable[[StaffReview], Any]] = {
    "list": lambda review: review.worklist.rows(FRONT, Wanted()),
    "open, with whom it may be sent twice": lambda review: review.responses.open(FRONT, references(review)[0]),
    "what is begun": lambda review: review.changes.begun(
        doctor(review), review.responses.open(CLINICIAN, references(review)[0], already_open=True), "note"
    ),
    "several at once": lambda review: review.changes.change_many(FRONT, references(review), "scheduled", None),
    "preview": lambda review: review.exports.preview(EXPORTER, Wanted(), Choices(notes=True)),
    "export": lambda review: review.exports.export(EXPORTER, Wanted(), Choices(notes=True), "csv", lambda _: None),
    "judgements": lambda review: review.figures.judgements(CLINICIAN),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_shown_a_response_leaves_a_line_at_its_reference(review, watched, way):
    review.worklist.rows(CLINICIAN, Wanted())
    watched.places.clear()
    before = len(lines(review))
    WAYS[way](review)
    said = {record for actor, _, record in lines(review) if actor != PROGRAM.actor}
    assert opened(review, watched.places) <= said
    assert len(lines(review)) > before or way in ("what is begun", "judgements")


def test_the_same_page_drawn_again_needs_no_second_line_and_another_person_does(review, watched):
    first = references(review)[0]
    review.responses.open(FRONT, first)
    before = len(lines(review))
    review.responses.open(FRONT, first, already_open=True)
    review.worklist.rows(FRONT, Wanted())
    listed = len(lines(review))
    review.worklist.rows(FRONT, Wanted())
    assert listed == before + 3 and len(lines(review)) == listed
    review.responses.open(EXPORTER, first, already_open=True)
    assert (EXPORTER.account.name, "open", first) in lines(review, listed)


def test_another_form_of_the_same_person_is_read_with_a_line_at_its_own_reference(review, watched):
    first, second, _ = references(review)
    review.responses.open(FRONT, first)
    assert (FRONT.account.name, "beside", second) in lines(review)


def test_pictures_leave_one_line_a_day_and_a_page_that_is_refused_leaves_one_too(review, watched):
    for _ in range(3):
        review.figures.statistics(ADMIN, hidden=True)
    assert lines(review).count((ADMIN.account.name, "pictures", "-")) == 1
    with pytest.raises(NotAllowed):
        review.require(ADMIN, "list")
    assert lines(review)[-1] == (ADMIN.account.name, "list", "-")


def test_many_together_leave_one_line_that_the_list_of_them_proves(review):
    for _ in range(FEW + 1):
        send(review)
    list(review.store.records(Reader("eve", "export")))
    assert lines(review)[-1] == ("eve", "export", of_many(references(review)))


@pytest.mark.parametrize(
    "words", [("doctor",), ("replay",), ("impact", "--proposed", ROOT / "content"), ("export", "csv")]
)
def test_a_command_that_opens_responses_says_whose_it_was(content, embedded, archive, tmp_path, words):
    reference = send(made(content, embedded, archive))
    more = ("--out", tmp_path / "out") if words[0] == "export" else ()
    command("--as", "maria", *words, *more, records=embedded.database.directory)
    with embedded.database.reading() as connection:
        said = [(line.actor, line.action, line.record) for line in embedded.trail.lines(connection)]
    assert ("operator maria", words[0], reference) in said


def test_a_command_without_a_name_says_the_account_on_this_machine(embedded):
    command("keys", "share", embedded.database.directory.parent / "public", records=embedded.database.directory)
    with embedded.database.reading() as connection:
        last = list(embedded.trail.lines(connection))[-1]
    assert re.fullmatch(r"operator [\w.@+-]+", last.actor) and last.action == "keys-share"


def test_boxes_are_opened_in_one_place_and_for_the_program_in_four():
    sources = {path: path.read_text("utf-8") for path in sorted((ROOT / "screening").rglob("*.py"))}
    assert [path.name for path, text in sources.items() if "_opener" in text] == ["store.py"]
    assert [path.name for path, text in sources.items() if re.search(r"\bOpener\(", text)] == ["store.py"]
    programs = [path.name for path, text in sources.items() if "PROGRAM" in text and path.name != "reader.py"]
    assert programs == ["backup.py", "work.py", "figures.py", "worklist_rows.py"], (
        "each of them has a person who is shown it, and their line"
    )


def test_nothing_is_shown_where_the_line_cannot_be_left(review):
    reference = send(review)
    with review.store.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET mac = x'00'")
    with pytest.raises(Exception, match="head of the audit trail"):
        review.store.record(Reader("eve", "open"), reference)
