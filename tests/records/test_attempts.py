"""The schedule of sign-in tries holds under 10,000 of them, and does not keep the real person out."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event

from screening.records.accounts.account import Origin, SignInRefused
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.attempts import ADDRESS, NAME, PAIR, network
from screening.records.accounts.passwords import Passwords
from screening.records.accounts.sessions import session_id
from screening.records.store import Store
from screening.settings import Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD = "violet anchors hum quietly"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
HOURS = 3


@pytest.fixture
def quick():
    """A store in memory, where there is such a place: what is tested here is not the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        yield Store.open(Settings.at(Path(place) / "records"))


class Counting(Passwords):
    """Notes when a password was looked at."""

    def __init__(self, hasher=CHEAP):
        super().__init__(hasher=hasher)
        self.looked = 0

    def right(self, kept, password):
        self.looked += 1
        return super().right(kept, password)


def made(store, names=("ana",)):
    passwords = Counting()
    accounts = Accounts(store.database, store.keys, passwords)
    for name in names:
        accounts.add(name, "clinician", "operator", NOW, GOOD)
    return accounts, passwords


def attack(accounts, passwords, tries, seed=1):
    """(moment in seconds, name, address) of every try that was looked at, of `tries` spread over three hours."""
    chance = random.Random(seed)
    names = ["ana", "bob", "nobody", "x" * 80]
    addresses = [f"203.0.113.{n}" for n in range(4)]
    looked = []
    for moment in sorted(chance.uniform(0, HOURS * 3600) for _ in range(tries)):
        # Half the tries come from one address at one name; the rest are spread.
        name, address = (
            ("ana", addresses[0]) if chance.random() < 0.5 else (chance.choice(names), chance.choice(addresses))
        )
        before = passwords.looked
        with pytest.raises(SignInRefused):
            accounts.sign_in(name, f"guess {moment}", "", Origin(address), NOW + timedelta(seconds=moment))
        if passwords.looked > before:
            looked.append((moment, name, address))
    return looked


def within_schedule(accounts, passwords, tries):
    """How many of so many tries, spread over three hours, were looked at; fails if any limit lets more through than its schedule."""
    looked = attack(accounts, passwords, tries)
    assert passwords.looked == len(looked)
    pairs, names, addresses = defaultdict(list), defaultdict(list), defaultdict(list)
    for moment, name, address in looked:
        pairs[name, address].append(moment)
        names[name].append(moment)
        addresses[address].append(moment)
    for moments in pairs.values():
        for count in range(PAIR.free, len(moments)):
            assert moments[count] - moments[count - 1] >= PAIR.wait(count) - 0.001, (
                "in pairs the wait doubles, up to 15 minutes"
            )
    horizon = HOURS * 3600
    # Free tries, the seven waits below a minute, one a minute from then on, and one for every failure that is forgotten.
    for limit, found in ((NAME, names), (ADDRESS, addresses)):
        most = limit.free + 7 + horizon / 60 + horizon / limit.one_forgotten
        assert all(len(moments) <= most for moments in found.values()), limit.kind
    assert len(pairs["ana", "203.0.113.0"]) <= 5 + 10 + horizon / 900
    return len(looked)


@pytest.mark.slow
def test_of_many_tries_only_those_of_the_schedule_are_looked_at(quick):
    assert 100 < within_schedule(*made(quick, ("ana", "bob")), 2_000) < 500


def test_the_person_in_their_own_browser_comes_in_at_once_however_long_others_try(quick):
    accounts, _ = made(quick)
    here = Origin("198.51.100.7")
    first = session_id(accounts.sign_in("ana", GOOD, "", here, NOW))
    known = accounts.known("", first, NOW)
    for second in range(0, 3_600, 5):
        with pytest.raises(SignInRefused):
            accounts.sign_in("ana", "guess", "", Origin(here.address), NOW + timedelta(seconds=second))
    later = NOW + timedelta(hours=1)
    with pytest.raises(SignInRefused):
        accounts.sign_in("ana", GOOD, "", here, later)
    assert accounts.sign_in("ana", GOOD, "", Origin(here.address, known), later)


def test_a_mark_of_a_browser_is_for_one_account_and_one_password_and_cannot_be_made_up(quick):
    accounts, _ = made(quick, ("ana", "bob"))
    known = accounts.known("", session_id(accounts.sign_in("ana", GOOD, "", Origin("h"), NOW)), NOW)
    both = accounts.known(known, session_id(accounts.sign_in("bob", GOOD, "", Origin("h"), NOW)), NOW)
    shut = NOW + timedelta(seconds=0.5)
    for name in ("ana", "bob"):
        for _ in range(12):
            with pytest.raises(SignInRefused):
                accounts.sign_in(name, "guess", "", Origin("elsewhere"), NOW)

    def comes_in(name, value):
        try:
            return bool(accounts.sign_in(name, GOOD, "", Origin("elsewhere", value), shut))
        except SignInRefused:
            return False

    browser = known.split(".")[0]
    assert comes_in("ana", known) and comes_in("ana", both) and comes_in("bob", both)
    refused = [
        ("bob", known),
        ("ana", browser),
        ("ana", f"{browser}."),
        ("ana", f"{browser}.{'0' * 32}"),
        ("ana", f"x{known[1:]}x"),
        ("ana", "\ud800.é"),
    ]
    assert [one for one in refused if comes_in(*one)] == []
    accounts.set_password("ana", "another kettle under bridges", "operator", NOW)
    accounts.set_password("ana", GOOD, "operator", NOW)
    assert not comes_in("ana", known)


def test_a_stolen_browser_mark_has_a_schedule_too(quick):
    accounts, passwords = made(quick)
    known = accounts.known("", session_id(accounts.sign_in("ana", GOOD, "", Origin("h"), NOW)), NOW)
    before = passwords.looked
    for second in range(1_000):
        with pytest.raises(SignInRefused):
            accounts.sign_in(
                "ana", "guess", "", Origin(f"203.0.113.{second % 250}", known), NOW + timedelta(seconds=second)
            )
    assert passwords.looked - before <= 5 + 10


def test_success_clears_the_persons_own_count_and_colleagues_do_not_wait_for_it(store):
    accounts, _ = made(store, ("ana", "bob"))
    for round_ in range(20):
        now = NOW + timedelta(seconds=round_)
        for _ in range(4):
            with pytest.raises(SignInRefused) as found:
                accounts.sign_in("ana", "guess", "", Origin(f"198.51.100.{round_}"), now)
            assert round_ > 1 or found.value.wait == 0
        if round_ < 2:
            assert accounts.sign_in("ana", GOOD, "", Origin(f"198.51.100.{round_}"), now)
    for _ in range(40):
        assert accounts.sign_in("bob", GOOD, "", Origin("192.0.2.1"), NOW), "forty people of one clinic in one second"


def test_tries_at_the_same_moment_do_not_slip_through(store):
    accounts, passwords = made(store)

    def guess(_):
        with pytest.raises(SignInRefused):
            accounts.sign_in("ana", "guess", "", Origin("203.0.113.9"), NOW)

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(guess, range(40)))
    assert passwords.looked == PAIR.free


def test_counts_are_forgotten_and_a_clock_set_back_keeps_nobody_out(store):
    accounts, _ = made(store)
    for _ in range(6):
        with pytest.raises(SignInRefused):
            accounts.sign_in("ana", "guess", "", Origin("203.0.113.9"), NOW)
    with pytest.raises(SignInRefused) as early:
        accounts.sign_in("ana", GOOD, "", Origin("203.0.113.9"), NOW)
    assert early.value.wait == 1
    assert accounts.sign_in("ana", GOOD, "", Origin("203.0.113.9"), NOW - timedelta(days=2))


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
    ],
)
def test_an_address_is_counted_by_what_one_customer_has(one, other, same):
    assert (network(one) == network(other)) is same


def test_a_known_and_an_unknown_name_cost_the_same_work(quick):
    """Its time is measured by `python -m tests.soak.sign_in`: here, every statement to the store and every hash is counted."""
    accounts, passwords = made(quick)
    done = []
    event.listen(quick.database.engine, "before_cursor_execute", lambda *given: done.append(given[2]))
    work = {}
    for name, address in (("ana", "203.0.113.9"), ("nobody", "203.0.113.8")):
        before = passwords.looked
        done.clear()
        with pytest.raises(SignInRefused):
            accounts.sign_in(name, "a guess that is wrong", "", Origin(address), NOW)
        work[name] = (list(done), passwords.looked - before)
    assert work["ana"] == work["nobody"]
    assert work["ana"][1] == 1 and len(work["ana"][0]) > 3
