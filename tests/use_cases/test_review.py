"""What staff can do, and what they cannot: each role by each action, work on a response, amendments, exports. On both stores."""

from __future__ import annotations

import secrets
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, get_args

import openpyxl
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from exports.choices import Choices
from screening.__main__ import app
from screening.engine.content import Content
from screening.loading.archive import packed
from screening.records.accounts.account import ROLES, Account, Role, StaffSession
from screening.records.accounts.accounts import Accounts
from screening.records.backup import backup, restore
from screening.records.deletion import erase
from screening.records.exported import exports_of
from screening.records.reader import PROGRAM
from screening.records.reconcile import adopt
from screening.records.store import Store
from screening.records.work_state import Changed
from screening.settings import Settings
from screening.use_cases.access import NotDone
from screening.use_cases.intake import Intake, new_form
from screening.use_cases.opened_response import OpenedResponse
from screening.use_cases.permissions import MAY, Action, NotAllowed, allowed
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import Wanted
from tests.conftest import CONSENT, SHIPPED

OPEN = {"full-name": "Ana López", "birth-date": "1980-01-31", "phone": "+1 555 010 0101", "pain-types": ["migraine"]}
URGENT = {
    **OPEN,
    "full-name": "Bo Chen",
    "birth-date": "1975-02-28",
    "phone": "+1 555 010 0102",
    "phq-item-9": "several-days",
}


def session(role: Role, name: str = "") -> StaffSession:
    account = Account(
        secrets.token_hex(16), name or f"{role}.one", role, "active", True, False, False, "2026-11-23T00:00:00+00:00"
    )
    return StaffSession(secrets.token_hex(32), account, "2026-11-23T00:00:00+00:00", "2026-11-23T10:00:00+00:00")


FRONT, CLINICIAN, EXPORTER, ADMIN = (session(role) for role in ROLES)


def made(content: Content, store: Store, archive: bytes) -> StaffReview:
    store.keep_content(content.hash, archive, datetime.now(UTC))
    accounts = Accounts(store.database, store.keys)
    for role in ROLES:
        accounts.add(f"{role}.one", role, "operator", datetime.now(UTC))
    return StaffReview(Intake(content, store), accounts)


@pytest.fixture(scope="module")
def archive(content: Content) -> bytes:
    return packed(SHIPPED, content.hash)


@pytest.fixture
def review(content: Content, embedded: Store, archive: bytes) -> StaffReview:
    return made(content, embedded, archive)


@pytest.fixture
def either(content: Content, store: Store, archive: bytes) -> StaffReview:
    """The same on both stores."""
    return made(content, store, archive)


def send(review: StaffReview, **answers: Any) -> str:
    return review.intake.submit(
        new_form(), {**OPEN, **{k.replace("_", "-"): v for k, v in answers.items()}}, "en", CONSENT
    ).reference


def actor_lines(review: StaffReview, actor: str) -> list[tuple[str, str, str]]:
    with review.store.database.engine.connect() as connection:
        rows = connection.execute(text("SELECT actor, action, record, outcome FROM audit ORDER BY seq")).all()
    return [(row[1], row[2], row[3]) for row in rows if row[0] == actor]


DO: dict[Action, Callable[[StaffReview, StaffSession, OpenedResponse], Any]] = {
    "list": lambda review, by, case: review.worklist.rows(by, Wanted()),
    "open": lambda review, by, case: review.responses.open(by, case.record.reference),
    "work": lambda review, by, case: review.changes.note(by, case, "Called."),
    "amend": lambda review, by, case: review.changes.amend(
        by, case, {**case.record.answers, "phone": "+1 555 010 0199"}
    ),
    "judge": lambda review, by, case: review.changes.judge(by, case, case.result.flags[0].rule, "discussed"),
    "sheet": lambda review, by, case: review.responses.sheet(by, case),
    "export": lambda review, by, case: review.exports.export(by, Wanted(), Choices(), "csv", lambda _: None),
    "export-deidentified": lambda review, by, case: review.exports.export(
        by, Wanted(), Choices(deidentified=True), "csv", lambda _: None
    ),
    "judgements": lambda review, by, case: review.figures.judgements(by),
    "pictures": lambda review, by, case: review.figures.statistics(by, hidden=False),
    "accounts": lambda review, by, case: review.members.all(by),
}
NOT_OF_ONE_CALL = {"rules", "private"}  # pages that have tests of their own

TABLE = """
                     front-desk  clinician  exporter  admin
list                     yes        yes       yes       no
open                     yes        yes       yes       no
work                     yes        yes       yes       no
amend                    yes        yes       yes       no
judge                    no         yes       no        no
private                  no         yes       yes       no
sheet                    no         yes       yes       no
export                   no         no        yes       no
export-deidentified      no         no        yes       no
pictures                 no         yes       yes       yes
judgements               no         yes       no        yes
accounts                 no         no        no        yes
rules                    yes        yes       yes       yes
"""
"""Who may do what, written out: whoever gives out rights reads no answers, only clinicians judge."""
EXPECTED = {
    (role, line.split()[0]): word == "yes"
    for line in TABLE.strip().splitlines()[1:]
    for role, word in zip(TABLE.split()[: len(ROLES)], line.split()[1:], strict=True)
}


def test_every_action_of_every_role_is_in_the_table_and_as_the_table_says():
    assert EXPECTED == {(role, action): action in MAY[role] for role in ROLES for action in get_args(Action)}
    assert set(DO) | NOT_OF_ONE_CALL == set(get_args(Action))


def test_several_roles_may_do_what_each_of_them_may():
    for first in ROLES:
        for second in ROLES:
            both = session(f"{first}+{second}")  # type: ignore[arg-type]
            assert allowed(both.account) == MAY[first] | MAY[second]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_is_its_own_and_every_refusal_is_audited(review, role):
    case = review.responses.open(session("clinician", "opener"), send(review, phq_item_9="several-days"))
    for action, do in DO.items():
        by = session(role, f"{role}.{action}")
        if EXPECTED[role, action]:
            do(review, by, case)
            assert not [line for line in actor_lines(review, by.account.name) if line[2] == "refused"]
        else:
            with pytest.raises(NotAllowed):
                do(review, by, case)
            assert [(line[0], line[2]) for line in actor_lines(review, by.account.name)] == [(action, "refused")]
        case = review.responses.open(session("clinician", "opener"), case.record.reference, already_open=True)


# ---------------------------------------------------------------- the list


def test_who_has_to_be_called_stands_first_and_the_longest_waiting_among_equals(review):
    first, urgent, last = (
        send(review),
        review.intake.submit(new_form(), URGENT, "en", CONSENT).reference,
        send(review, full_name="Eve"),
    )
    rows, _ = review.worklist.rows(FRONT, Wanted())
    tiers = [row.summary.pressing for row in rows]
    assert tiers == sorted(tiers)
    places = [row.reference for row in rows]
    assert places[0] == urgent and places.index(first) < places.index(last)


def test_the_list_follows_what_others_do_without_opening_everything_again(either):
    references = [send(either, full_name=f"Person {n}", birth_date=f"19{60 + n}-01-01") for n in range(5)]
    either.worklist.rows(FRONT, Wanted())
    other = StaffReview(either.intake, either.accounts)
    case = other.responses.open(CLINICIAN, references[2])
    other.changes.set_status(CLINICIAN, case, "scheduled")
    erase(either.store, references[0], datetime.now(UTC))
    fresh = send(either, full_name="New One")
    seen, opened = either.worklist.rows(FRONT, Wanted(status="all"))[0], []
    assert {row.reference for row in seen} == {*references[1:], fresh}
    assert next(row for row in seen if row.reference == references[2]).state.status == "scheduled"
    work_lines = either.work.lines
    either.work.lines = lambda some=None: opened.append(some) or work_lines(some)
    either.worklist.rows(FRONT, Wanted())
    assert opened == [], "nothing has changed: nothing is read again"
    either.changes.note(FRONT, case, "x")
    either.worklist.rows(FRONT, Wanted())
    assert opened == [{references[2]}]


def test_search_finds_names_without_accents_birth_dates_and_references_even_of_closed_ones(review):
    reference = send(review)
    case = review.responses.open(FRONT, reference)
    review.changes.set_status(FRONT, case, "closed")
    send(review, full_name="Somebody Else", birth_date="1990-05-05")
    assert [row.reference for row in review.worklist.rows(FRONT, Wanted())[0]] != [reference]
    for words in ("lopez", "ANA l", "1980-01-31", reference.lower(), reference.replace("-", ""), "lop 1980-01-31"):
        assert [row.reference for row in review.worklist.rows(FRONT, Wanted(text=words))[0]] == [reference], words
    assert review.worklist.rows(FRONT, Wanted(text="1981"))[0] == []


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 2),
        (Wanted(status="all"), 3),
        (Wanted(status="closed"), 1),
        (Wanted(assigned="-"), 1),
        (Wanted(tier="urgent"), 1),
        (Wanted(assigned="clinician.one", status="all"), 1),
        (Wanted(since="2999-01-01"), 0),
        (Wanted(until="2000-01-01"), 0),
        (Wanted(twice=True, status="all"), 0),
        (Wanted(rule="mh-suicide-current", status="all"), 1),
        (Wanted(status="no-such"), 0),
    ],
)
def test_each_filter_shows_what_it_names(review, wanted, count):
    urgent = review.intake.submit(new_form(), URGENT, "en", CONSENT).reference
    one, other = send(review), send(review, full_name="Eve", birth_date="1991-01-01", phone="+1 555 010 0177")
    review.changes.assign(FRONT, review.responses.open(FRONT, one), "clinician.one")
    review.changes.set_status(FRONT, review.responses.open(FRONT, other), "closed")
    assert urgent
    assert len(review.worklist.rows(FRONT, wanted)[0]) == count


def test_forms_that_one_person_may_have_sent_twice_are_named_and_never_merged(review):
    first = send(review)
    again = send(review, full_name="lopez  ANA", phone="555 010 0155")
    by_phone = send(review, full_name="Ana-López", birth_date="1981-01-31", phone="(555) 010-0101")
    send(review, full_name="Ana Lopes", birth_date="1970-01-01", phone="+1 555 010 0999")
    twins = {row.reference for row in review.worklist.rows(FRONT, Wanted(twice=True))[0]}
    assert twins == {first, again, by_phone}
    assert {one.reference for one in review.responses.open(FRONT, first).perhaps} == {again, by_phone}
    assert review.store.count() == 4


def test_a_response_from_before_there_were_briefs_is_listed_like_any_other(review):
    reference = send(review)
    wanted = review.worklist.rows(FRONT, Wanted())[0][0].summary
    with review.store.database.writing(audited=True) as connection:
        connection.execute(text("UPDATE response SET brief = NULL"))
        adopt(connection, review.store.trail, 1, reference, "2026-11-23")
    row = StaffReview(review.intake, review.accounts).worklist.rows(FRONT, Wanted())[0][0]
    assert row.reference == reference and row.summary == wanted


def test_a_damaged_record_is_shown_as_damaged_and_not_as_empty(review):
    reference, whole = send(review), send(review, full_name="Eve")
    with review.store.database.writer.begin() as connection:
        connection.execute(
            text("UPDATE response SET brief = NULL, box = :box WHERE reference = :one"),
            {"box": b"\x01" * 80, "one": reference},
        )
    rows = {row.reference: row for row in StaffReview(review.intake, review.accounts).worklist.rows(FRONT, Wanted())[0]}
    assert not rows[reference].opens and rows[whole].opens


# ---------------------------------------------------------------- work


def test_what_staff_do_is_kept_in_order_with_time_and_name(either):
    reference = send(either)
    either.changes.set_status(FRONT, either.responses.open(FRONT, reference), "in-review")
    either.changes.assign(FRONT, either.responses.open(FRONT, reference), "clinician.one")
    either.changes.note(FRONT, either.responses.open(FRONT, reference), "  Prefers mornings. ")
    either.changes.called(CLINICIAN, either.responses.open(CLINICIAN, reference), "reached")
    case = either.responses.open(FRONT, reference)
    assert [(entry.actor, entry.kind) for entry in case.entries] == [
        ("front-desk.one", "status"),
        ("front-desk.one", "assigned"),
        ("front-desk.one", "note"),
        ("clinician.one", "call"),
    ]
    assert case.entries[2].said == {"text": "Prefers mornings."}
    assert case.state.status == "contacted" and case.state.contacted and case.state.assigned == "clinician.one"
    assert either.store.complaints() == []


def test_of_eight_who_change_one_response_at_once_one_wins_and_seven_are_told_what_it_is_now(either):
    case = either.responses.open(FRONT, send(either))
    statuses = [one.code for one in either.staff.statuses[1:] if one.code != either.staff.contacted]
    told: list[Any] = []
    start = threading.Barrier(8)

    def change(n: int) -> None:
        start.wait()
        try:
            either.changes.set_status(FRONT, case, statuses[n % len(statuses)])
            told.append(None)
        except Changed as changed:
            told.append(changed.state)

    threads = [threading.Thread(target=change, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = either.responses.open(FRONT, case.record.reference)
    assert told.count(None) == 1 and all(state == now.state for state in told if state)
    assert len(now.entries) == 1


@pytest.mark.parametrize(
    "do",
    [
        lambda review, case: review.changes.set_status(FRONT, case, "cured"),
        lambda review, case: review.changes.assign(FRONT, case, "adam"),
        lambda review, case: review.changes.note(FRONT, case, "   "),
        lambda review, case: review.changes.note(FRONT, case, "x" * 4001),
        lambda review, case: review.changes.judge(CLINICIAN, case, "no-such-rule", "discussed"),
        lambda review, case: review.changes.judge(CLINICIAN, case, case.result.flags[0].rule, "not-relevant", " "),
        lambda review, case: review.changes.judge(CLINICIAN, case, case.result.flags[0].rule, "cleared"),
        lambda review, case: review.changes.amend(FRONT, case, dict(case.record.answers)),
        lambda review, case: review.changes.amend(FRONT, case, {**case.record.answers, "birth-date": "2999-01-01"}),
        lambda review, case: review.changes.amend(
            FRONT, case, {k: v for k, v in case.record.answers.items() if k != "full-name"}
        ),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words_and_changes_nothing(review, do):
    reference = review.intake.submit(new_form(), URGENT, "en", CONSENT).reference
    case = review.responses.open(FRONT, reference)
    with pytest.raises(NotDone) as refused:
        do(review, case)
    assert str(refused.value).endswith(".") and "Bo Chen" not in str(refused.value)
    after = review.responses.open(FRONT, reference)
    assert after.entries == () and after.record == case.record and after.state == case.state


def test_clinicians_words_are_counted_by_rule_with_the_last_word_of_each(review):
    references = [review.intake.submit(new_form(), URGENT, "en", CONSENT).reference for _ in range(3)]
    rule = "mh-suicide-current"
    for reference in references:
        review.changes.judge(
            CLINICIAN, review.responses.open(CLINICIAN, reference), rule, "not-relevant", "The answer was a mistake"
        )
    review.changes.judge(CLINICIAN, review.responses.open(CLINICIAN, references[0]), rule, "discussed")
    found = next(one for one in review.figures.judgements(CLINICIAN) if one.rule == rule)
    assert (found.raised, found.discussed, found.not_relevant, found.follow_up) == (3, 1, 2, 0)
    assert found.reasons == (("The answer was a mistake", 2),)


# ---------------------------------------------------------------- amendments


def test_answers_that_staff_asked_for_stand_beside_what_was_sent_and_are_screened_as_on_that_day(either):
    reference = send(either)
    case = either.responses.open(FRONT, reference)
    before = {ask.rule for ask in case.result.to_ask}
    assert "cv-htn-uncontrolled" in before
    either.changes.amend(FRONT, case, {**case.record.answers, "high-blood-pressure": "no"})
    after = either.responses.open(FRONT, reference)
    assert after.record.status == "amended" and after.record.amendments == 1
    assert after.record.answers == {**case.record.answers, "high-blood-pressure": "no"}
    assert after.original == case.record.answers
    assert {ask.rule for ask in after.result.to_ask} < before
    assert after.record.content == case.record.content == after.result.content
    assert after.entries[-1].said["changed"] == ["high-blood-pressure"]
    line, earlier = either.worklist.rows(FRONT, Wanted())[0][0].summary, case
    assert line.ask < len({one.link_id for ask in earlier.result.to_ask for one in ask.missing})
    assert [record.answers["high-blood-pressure"] for record in either.store.records(PROGRAM)] == ["no"], (
        "exports take the newest"
    )


def test_two_who_amend_at_once_are_told_and_nothing_is_lost(either):
    case = either.responses.open(FRONT, send(either))
    either.changes.amend(FRONT, case, {**case.record.answers, "high-blood-pressure": "no"})
    with pytest.raises(Changed):
        either.changes.amend(CLINICIAN, case, {**case.record.answers, "high-blood-pressure": "yes"})
    now = either.responses.open(FRONT, case.record.reference)
    assert now.record.answers["high-blood-pressure"] == "no"
    either.changes.amend(CLINICIAN, now, {**now.record.answers, "high-blood-pressure": "yes"})
    again = either.responses.open(FRONT, case.record.reference)
    assert again.record.amendments == 2 and again.original == case.record.answers


def test_a_call_and_its_answers_are_kept_both_or_neither(either):
    case = either.responses.open(FRONT, send(either))
    reference = case.record.reference
    for wrong in ({**case.record.answers, "peg-1": 99}, dict(case.record.answers)):
        with pytest.raises(NotDone):
            either.changes.amend(FRONT, case, wrong, "reached")
    either.changes.amend(CLINICIAN, case, {**case.record.answers, "high-blood-pressure": "no"})
    with pytest.raises(Changed):
        either.changes.amend(FRONT, case, {**case.record.answers, "high-blood-pressure": "yes"}, "reached")
    now = either.responses.open(FRONT, reference)
    assert now.state.contacted is None and [entry.kind for entry in now.entries] == ["amended"]
    either.changes.called(CLINICIAN, now, "voicemail")
    with pytest.raises(Changed):
        either.changes.amend(FRONT, now, {**now.record.answers, "high-blood-pressure": "yes"}, "reached")
    now = either.responses.open(FRONT, reference)
    assert now.record.amendments == 1
    either.changes.amend(FRONT, now, {**now.record.answers, "high-blood-pressure": "yes"}, "reached")
    after = either.responses.open(FRONT, reference)
    assert [entry.kind for entry in after.entries] == ["amended", "call", "call", "amended"]
    assert after.state.outcome == "reached" and after.state.contacted
    assert either.store.complaints() == []


def test_erasing_a_response_leaves_nothing_of_what_staff_did_to_it(either):
    reference = send(either)
    case = either.responses.open(FRONT, reference)
    either.changes.note(FRONT, case, "Prefers mornings")
    either.changes.amend(FRONT, case, {**case.record.answers, "high-blood-pressure": "no"})
    erase(either.store, reference, datetime.now(UTC))
    with either.store.database.engine.connect() as connection:
        for table in ("response", "screening", "amendment", "entry", "work"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
    with pytest.raises(NotDone):
        either.responses.open(FRONT, reference)


def test_a_copy_brings_back_what_staff_did(review, tmp_path):
    case = review.responses.open(FRONT, send(review))
    review.changes.note(FRONT, case, "Prefers mornings")
    review.changes.amend(FRONT, case, {**case.record.answers, "high-blood-pressure": "no"})
    wanted = review.responses.open(FRONT, case.record.reference)
    backup(review.store, tmp_path / "copy.gz")
    fresh = Store.open(Settings(data=tmp_path / "fresh", keys=review.store.keys.directory), opens=True)
    restore(tmp_path / "copy.gz", fresh, [])
    found = StaffReview(Intake(review.content, fresh), Accounts(fresh.database, fresh.keys)).responses.open(
        FRONT, case.record.reference
    )
    assert (found.record, found.entries, found.original, found.state) == (
        wanted.record,
        wanted.entries,
        wanted.original,
        wanted.state,
    )


# ---------------------------------------------------------------- taking away


def test_opening_is_audited_by_record_once_for_each_time_it_is_opened(review):
    reference = send(review)
    review.responses.open(FRONT, reference)
    review.responses.open(FRONT, reference, already_open=True)
    review.responses.open(CLINICIAN, reference)
    opened = [line for name in ("front-desk.one", "clinician.one") for line in actor_lines(review, name)]
    assert opened == [("open", reference, "done")] * 2


def test_an_export_holds_what_the_list_shows_and_is_audited_by_record(either):
    inside = [
        send(either, full_name=f"Person {n}", birth_date=f"19{60 + n}-01-01", phone=f"555 010 020{n}") for n in range(3)
    ]
    outside = send(either, full_name="Closed One", birth_date="1950-01-01", phone="555 010 0300")
    either.changes.set_status(FRONT, either.responses.open(FRONT, outside), "closed")
    either.changes.note(FRONT, either.responses.open(FRONT, inside[0]), "=1+1")
    seen: list[float] = []
    file, count, unopened = either.exports.export(
        EXPORTER, Wanted(), Choices(history=True, notes=True), "csv", seen.append
    )
    assert (count, unopened) == (3, 0)
    with zipfile.ZipFile(BytesIO(b"".join(file.pieces()))) as archive:
        assert sorted(archive.namelist()) == ["codebook.csv", "responses.csv", "rules.csv"]
        table = archive.read("responses.csv").decode()
    assert (
        all(reference in table for reference in inside) and outside not in table and "front-desk.one note =1+1" in table
    )
    action, name, outcome = actor_lines(either, "exporter.one")[-1]
    assert (action, outcome) == ("export", "3 csv identified") and len(name) == 16
    with either.store.database.reading() as connection:
        assert {one for one in (*inside, outside) if exports_of(connection, one)} == set(inside)
        assert [line[1:] for line in exports_of(connection, inside[0])] == [("exporter.one", "csv identified")]


def test_a_workbook_reads_back_as_text_and_a_damaged_record_is_counted_out(review):
    send(review, full_name="=HYPERLINK(1)")
    damaged = send(review, full_name="Eve", birth_date="1950-01-01", phone="+1 555 010 0177")
    with review.store.database.writer.begin() as connection:
        connection.execute(
            text("UPDATE response SET box = :box WHERE reference = :one"), {"box": b"\x01" * 80, "one": damaged}
        )
    file, count, unopened = review.exports.export(EXPORTER, Wanted(), Choices(), "xlsx", lambda _: None)
    assert (count, unopened) == (1, 1)
    sheet = openpyxl.load_workbook(BytesIO(b"".join(file.pieces())))["responses"]
    head = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, head.index("full_name") + 1)
    assert cell.value == "=HYPERLINK(1)" and cell.data_type == "s"


def test_choices_that_cannot_be_leave_no_file_behind(review):
    send(review)
    with pytest.raises(NotDone, match="no such column"):
        review.exports.export(EXPORTER, Wanted(), Choices(columns=frozenset({"nothing"})), "csv", lambda _: None)
    assert list((review.store.database.directory / "outgoing").iterdir()) == []


def test_what_was_chosen_for_an_export_is_remembered_for_each_person(review):
    by = replace(EXPORTER, account=next(one for one in review.accounts.all() if one.name == "exporter.one"))
    review.exports.remember(by, "csv", Choices(columns=frozenset({"reference", "tier"}), answers="labels"))
    kept = review.exports.choices(by)
    assert kept["kind"] == "csv" and kept["answers"] == "labels" and kept["columns"] == ["reference", "tier"]


def test_a_prep_sheet_of_an_amended_response_has_the_answers_that_were_asked_for(review):
    reference = send(review)
    case = review.responses.open(CLINICIAN, reference)
    review.changes.amend(CLINICIAN, case, {**case.record.answers, "pain-goal": "Walk the dog again"})
    body = review.responses.sheet(CLINICIAN, review.responses.open(CLINICIAN, reference))
    from pypdf import PdfReader

    assert "Walk the dog again" in "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)


def test_the_operator_can_tell_who_read_and_who_took_one_response(review, monkeypatch):
    reference = send(review)
    review.responses.open(FRONT, reference)
    review.exports.export(EXPORTER, Wanted(), Choices(deidentified=True), "csv", lambda _: None)
    monkeypatch.setenv("SCREENING_DATA", str(review.store.database.directory))
    told = CliRunner().invoke(app, ["audit", "who", reference.lower().replace("-", " ")])
    lines = [line.split("\t")[1:] for line in told.stdout.splitlines() if "\t" in line]
    assert lines == [
        ["patient", "submit", "done"],
        ["front-desk.one", "open", "done"],
        ["exporter.one", "export", "done"],
        ["exporter.one", "export", "csv de-identified"],
    ]
    assert CliRunner().invoke(app, ["audit", "who", "NONE-SUCH"]).exit_code == 1
    assert CliRunner().invoke(app, ["erase", reference.replace("-", "").lower(), "--yes"]).exit_code == 0
    assert review.store.count() == 0
