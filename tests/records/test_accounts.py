"""Accounts and sessions of staff, on both stores, with a clock that the test holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from screening.records.accounts.account import ROLES, AccountProblem, Origin, SignInRefused, Subject
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.passwords import Passwords, WeakPassword, weakness
from screening.records.accounts.sessions import session_id
from screening.records.schema import accounts as table
from screening.records.schema import attempts, staff_sessions

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD, OTHER = "violet anchors hum quietly", "another kettle under bridges"
HERE = Origin("203.0.113.5")
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Only for tests: what is tested here is not how slow a hash is."""


@pytest.fixture
def accounts(store):
    made = Accounts(store.database, store.keys, Passwords("Harbor Pain Clinic", CHEAP))
    made.add("ana", "clinician", "operator", NOW, GOOD)
    return made


def signed_in(accounts, name="ana", password=GOOD, code="", origin=HERE, now=NOW):
    return session_id(accounts.sign_in(name, password, code, origin, now))


def trail(store):
    with store.database.reading() as connection:
        return [(line.actor, line.action, line.record, line.outcome) for line in store.trail.lines(connection)]


def dump(store):
    with store.database.reading() as connection:
        return repr([connection.execute(select(one)).all() for one in (table, staff_sessions, attempts)])


# ---------------------------------------------------------------- sign in


def test_an_account_may_have_several_roles_and_the_last_admin_stays_one(accounts):
    def owner():
        return next(one for one in accounts.all() if one.name == "owner")

    accounts.add("owner", "admin+clinician", "operator", NOW)
    assert owner().role == "clinician+admin" and owner().roles == ("clinician", "admin")
    for role in ("clinician", "front-desk+exporter"):
        with pytest.raises(AccountProblem, match="only admin"):
            accounts.set_role("owner", role, "operator", NOW)
    accounts.set_role("owner", "exporter+clinician+front-desk+admin", "operator", NOW)
    assert owner().roles == ROLES
    accounts.add("second", "admin", "operator", NOW)
    accounts.set_role("owner", "clinician+exporter", "operator", NOW)
    with pytest.raises(AccountProblem, match="not a role"):
        accounts.set_role("owner", "clinician+doctor", "operator", NOW)


def test_a_new_store_has_no_account_at_all(store):
    assert not Accounts(store.database, store.keys).any()


def test_the_right_name_and_password_give_a_session_of_ten_hours(accounts):
    session = accounts.session(signed_in(accounts, " Ana "), NOW)
    assert session.account.name == "ana" and session.account.role == "clinician"
    assert session.begun == NOW.isoformat() and session.until == (NOW + timedelta(hours=10)).isoformat()


def test_a_password_is_the_same_on_every_keyboard(accounts):
    accounts.add("joao", "front-desk", "operator", NOW, "sa\u0303o \uff36iolet anchors")
    assert accounts.session(signed_in(accounts, "joao", "são Violet anchors"), NOW)


def refused(accounts, **with_):
    with pytest.raises(SignInRefused) as found:
        signed_in(accounts, **with_)
    return str(found.value)


def test_whatever_is_wrong_is_refused_in_the_same_words(accounts):
    accounts.add("bob", "admin", "operator", NOW)
    accounts.add("eve", "exporter", "operator", NOW, GOOD)
    accounts.disable("eve", "operator", NOW)
    accounts.add("tom", "exporter", "operator", NOW, GOOD)
    accounts.set_totp("tom", "operator", NOW)
    tries = [
        {"password": "wrong"},
        {"name": "nobody"},
        {"name": "bob"},
        {"name": "eve"},
        {"name": "tom", "code": "1"},
        {"name": ""},
        {"name": "a\ud800\0" * 99, "password": "\ud800" * 400, "code": "\ud800"},
    ]
    assert {refused(accounts, **one) for one in tries} == {"The name, the password or the code is not right."}


def test_the_trail_tells_who_came_who_was_refused_and_never_what_was_typed_for_a_name(accounts, store):
    session = signed_in(accounts)
    refused(accounts, password="wrong")
    refused(accounts, name="my secret password")
    accounts.end(session, NOW)
    accounts.end(session, NOW)
    assert trail(store)[1:] == [
        ("ana", "sign-in", "ana", "done"),
        ("ana", "sign-in", "ana", "refused"),
        ("unknown", "sign-in", "unknown", "refused"),
        ("ana", "sign-out", "ana", "done"),
    ]
    assert store.complaints() == []


def test_the_store_holds_no_password_token_link_code_or_address_in_clear(accounts, store):
    token = accounts.sign_in("ana", GOOD, "", HERE, NOW)
    refused(accounts, password="wrong")
    address = accounts.set_totp("ana", "operator", NOW)
    link = accounts.link("ana", "operator", NOW)
    kept = dump(store)
    assert not [
        secret
        for secret in (GOOD, token, link, HERE.address, parse_qs(urlsplit(address).query)["secret"][0])
        if secret in kept
    ]


def test_passwords_move_to_new_parameters_at_the_next_sign_in(accounts, store):
    before = dump(store)
    later = Accounts(
        store.database, store.keys, Passwords(hasher=PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    )
    signed_in(later)
    assert "m=64,t=1" in before and "m=128,t=2" in dump(store)
    assert later.session(signed_in(later), NOW)


# ---------------------------------------------------------------- sessions


def test_a_session_ends_after_fifteen_minutes_without_a_sign_of_life(accounts):
    session = signed_in(accounts)
    assert accounts.session(session, NOW + timedelta(minutes=14))
    assert accounts.session(session, NOW + timedelta(minutes=28))
    assert accounts.session(session, NOW + timedelta(minutes=43)) is None
    assert accounts.session(session, NOW + timedelta(minutes=29)), (
        "looking at a session that is over does not change it"
    )


def test_a_session_ends_after_ten_hours_however_busy(accounts):
    session, now = signed_in(accounts), NOW
    while now < NOW + timedelta(hours=10):
        assert accounts.session(session, now)
        now += timedelta(minutes=10)
    assert accounts.session(session, now) is None


def test_a_sign_of_life_is_noted_at_most_once_a_minute(accounts, store):
    session = signed_in(accounts)
    before = dump(store)
    accounts.session(session, NOW + timedelta(seconds=59))
    assert dump(store) == before
    accounts.session(session, NOW + timedelta(seconds=60))
    assert dump(store) != before


ENDINGS = {
    "sign-out": lambda accounts, name, session: accounts.end(session, NOW),
    "role": lambda accounts, name, _: accounts.set_role(name, "exporter", "operator", NOW),
    "disable": lambda accounts, name, _: accounts.disable(name, "operator", NOW),
    "password": lambda accounts, name, _: accounts.set_password(name, OTHER, "operator", NOW),
    "link": lambda accounts, name, _: accounts.link(name, "operator", NOW),
    "used link": lambda accounts, name, _: accounts.use_link(accounts.link(name, "operator", NOW), OTHER, NOW),
    "code": lambda accounts, name, _: accounts.set_totp(name, "operator", NOW),
    "no code": lambda accounts, name, _: accounts.clear_totp(name, "operator", NOW),
    "unbind": lambda accounts, name, _: accounts.unbind(name, "operator", NOW),
}


def test_every_session_of_an_account_ends_with_sign_out_and_whatever_changes_how_it_signs_in(accounts):
    other = signed_in(accounts)
    for number, ending in enumerate(ENDINGS):
        name = f"bob{number}"
        accounts.add(name, "clinician", "operator", NOW, GOOD)
        sessions = [signed_in(accounts, name) for _ in range(2)]
        ENDINGS[ending](accounts, name, sessions[0])
        over = sessions[:1] if ending == "sign-out" else sessions
        assert [accounts.session(one, NOW) for one in over] == [None] * len(over), ending
        accounts.enable(name, "operator", NOW)
        assert accounts.session(sessions[0], NOW) is None, "and stays ended"
    assert accounts.session(other, NOW), "others go on"


def test_a_new_sign_in_ends_the_session_that_the_browser_had(accounts):
    first = signed_in(accounts)
    second = signed_in(accounts, origin=Origin(HERE.address, session=first))
    assert accounts.session(first, NOW) is None and accounts.session(second, NOW)
    assert first != second


def test_nothing_is_no_session(accounts):
    assert [accounts.session(one, NOW) for one in ("", "0" * 64, "ana", "\ud800")] == [None] * 4


# ---------------------------------------------------------------- look after accounts


def test_a_name_that_could_be_misread_is_refused(accounts):
    for name in ("ab", "a" * 65, "a b", "a\nb", "<ana>", "añа", ""):
        with pytest.raises(AccountProblem):
            accounts.add(name, "admin", "operator", NOW)


def test_an_address_that_the_identity_service_may_send_is_a_name(accounts):
    for name in ("sean.o'brien@clinic.example", "a!#$%&*/=?^`{|}~+b@x.example", "Front.Desk@Clinic.Example"):
        assert accounts.add(name, "front-desk", "operator", NOW).name == name.lower()


def test_a_name_is_given_once_and_a_role_is_one_of_four(accounts):
    with pytest.raises(AccountProblem, match="already"):
        accounts.add("ana", "admin", "operator", NOW)
    with pytest.raises(AccountProblem, match=", ".join(ROLES)):
        accounts.add("bob", "root", "operator", NOW)
    with pytest.raises(AccountProblem):
        accounts.set_role("nobody", "admin", "operator", NOW)


def test_the_only_admin_stays_one(accounts):
    accounts.add("boss", "admin", "operator", NOW)
    for change in (
        lambda: accounts.disable("boss", "boss", NOW),
        lambda: accounts.set_role("boss", "exporter", "boss", NOW),
    ):
        with pytest.raises(AccountProblem, match="only admin"):
            change()
    accounts.add("second", "admin", "boss", NOW)
    accounts.disable("boss", "second", NOW)
    assert [(one.name, one.state) for one in accounts.all()] == [
        ("ana", "active"),
        ("boss", "disabled"),
        ("second", "active"),
    ]


def test_every_change_is_in_the_trail_with_who_made_it(accounts, store):
    accounts.set_role("ana", "exporter", "boss", NOW)
    accounts.disable("ana", "boss", NOW)
    accounts.enable("ana", "boss", NOW)
    accounts.use_link(accounts.link("ana", "boss", NOW), GOOD, NOW)
    assert trail(store) == [
        ("operator", "account-add", "ana", "clinician"),
        ("boss", "account-role", "ana", "exporter"),
        ("boss", "account-disable", "ana", "done"),
        ("boss", "account-enable", "ana", "done"),
        ("boss", "account-link", "ana", "done"),
        ("ana", "account-password", "ana", "by link"),
    ]


def test_a_link_sets_a_password_once_and_within_a_day(accounts):
    accounts.add("bob", "admin", "operator", NOW)
    late = accounts.link("bob", "operator", NOW)
    assert accounts.use_link(late, GOOD, NOW + timedelta(hours=24)) is None
    link = accounts.link("bob", "operator", NOW)
    assert accounts.use_link(late, GOOD, NOW) is None, "a new link ends the one before"
    with pytest.raises(WeakPassword):
        accounts.use_link(link, "short", NOW)
    assert accounts.use_link(link, GOOD, NOW).name == "bob"
    assert accounts.use_link(link, OTHER, NOW) is None
    assert accounts.session(signed_in(accounts, "bob"), NOW)


def test_a_link_ends_the_password_so_far_and_disabling_ends_the_link(accounts):
    link = accounts.link("ana", "operator", NOW)
    refused(accounts)
    accounts.disable("ana", "operator", NOW)
    accounts.enable("ana", "operator", NOW)
    assert accounts.of_link(link, NOW) is None


def test_what_a_person_chose_is_there_next_time(accounts):
    ana = accounts.all()[0]
    assert accounts.choices(ana.id) == {}
    accounts.remember(ana.id, {"columns": ["tier"]})
    assert accounts.choices(ana.id) == {"columns": ["tier"]}


# ---------------------------------------------------------------- second step


def enrolled(accounts):
    return pyotp.TOTP(parse_qs(urlsplit(accounts.set_totp("ana", "operator", NOW)).query)["secret"][0])


def test_with_a_second_step_the_password_alone_opens_nothing(accounts):
    totp = enrolled(accounts)
    refused(accounts)
    assert accounts.session(signed_in(accounts, code=totp.at(NOW)), NOW)


def test_a_code_may_be_one_step_early_or_late(accounts):
    for seconds, good in ((-61, False), (-30, True), (0, True), (30, True), (61, False)):
        code = enrolled(accounts).at(NOW + timedelta(seconds=seconds))
        if good:
            signed_in(accounts, code=f" {code[:3]} {code[3:]} ")
        else:
            refused(accounts, code=code)


def test_a_code_is_good_once_and_none_before_it_is_good_again(accounts):
    totp = enrolled(accounts)
    signed_in(accounts, code=totp.at(NOW))
    refused(accounts, code=totp.at(NOW))
    refused(accounts, code=totp.at(NOW - timedelta(seconds=30)))
    signed_in(accounts, code=totp.at(NOW + timedelta(seconds=30)))


def test_a_wrong_password_does_not_use_up_a_code(accounts):
    code = enrolled(accounts).at(NOW)
    refused(accounts, password="wrong", code=code)
    signed_in(accounts, code=code)


# ---------------------------------------------------------------- the clinic's identity service

ISSUER = "https://id.example"


def test_somebody_the_service_names_gets_the_account_of_their_verified_address_and_keeps_it(accounts, store):
    accounts.add("eva@clinic.example", "exporter", "operator", NOW)
    eva = Subject(ISSUER, "eva-1", "Eva@Clinic.example")
    session = accounts.session(session_id(accounts.sign_in_as(eva, HERE, NOW)), NOW)
    assert session.account.name == "eva@clinic.example" and session.account.has_subject
    later = Subject(ISSUER, "eva-1", "new-name@clinic.example")
    assert accounts.session(session_id(accounts.sign_in_as(later, HERE, NOW)), NOW).account.name == "eva@clinic.example"
    assert [what for _, what, *_ in trail(store)] == [
        "account-add",
        "account-add",
        "account-bind",
        "sign-in",
        "sign-in",
    ]


def test_nobody_else_the_service_names_gets_in(accounts):
    accounts.add("eva@clinic.example", "exporter", "operator", NOW)
    accounts.add("off@clinic.example", "exporter", "operator", NOW)
    accounts.disable("off@clinic.example", "operator", NOW)
    accounts.sign_in_as(Subject(ISSUER, "eva-1", "eva@clinic.example"), HERE, NOW)
    strangers = {
        "an address given to somebody else": Subject(ISSUER, "eva-2", "eva@clinic.example"),
        "the same name at another service": Subject("https://other.example", "eva-1", "eva@clinic.example"),
        "no verified address": Subject(ISSUER, "new"),
        "no account": Subject(ISSUER, "new", "new@clinic.example"),
        "a disabled account": Subject(ISSUER, "off", "off@clinic.example"),
        "an odd address": Subject(ISSUER, "odd", "\ud800\0"),
    }
    for which, stranger in strangers.items():
        with pytest.raises(SignInRefused):
            accounts.sign_in_as(stranger, HERE, NOW)
            pytest.fail(which)
    accounts.unbind("eva@clinic.example", "operator", NOW)
    accounts.sign_in_as(strangers["an address given to somebody else"], HERE, NOW)


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    "password",
    [
        "fourteen chars",
        "x" * 257,
        "passwordpassword",
        "Password1234567!",
        "P@ssw0rdP@ssw0rd",
        "aaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopqrst",
        "123456789012345678",
        "qwertyuiopasdfghjkl",
        "poiuytrewqlkjhgfdsa",
        "abcabcabcabcabcabc",
        "harborpainclinic2026",
        "ana-ana-ana-ana-ana",
        "correct horse battery staple",
        "To be, or not to be!",
        "Summer2026Summer2026",
        "letmein letmein 1!",
        "               ",
        "1qaz2wsx3edc4rfv",
    ],
)
def test_what_is_guessed_first_is_refused(password):
    assert weakness(password, "ana", "Harbor Pain Clinic")


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "kettle under orange bridge",
        "ñandú café пять слов",
        "7!mR#kq0-Zt^vX2b",
        "w" + "ab c" * 3 + "plum tree roof",
    ],
)
def test_there_are_no_rules_of_composition(password):
    assert weakness(password, "ana", "Harbor Pain Clinic") is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_is_judged_and_a_reason_is_a_sentence(password):
    reason = weakness(password, "ana", "Harbor")
    assert reason is None or reason.endswith(".")
