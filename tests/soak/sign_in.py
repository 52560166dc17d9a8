"""Sign-in under attack: `python -m tests.soak.sign_in`.

How many of 10,000 tries are looked at, and whether any limit lets more through than its schedule. Then how long a refused try takes
with a known and an unknown name, twice: with a hash so cheap that everything else shows, and with the real one; medians and their difference.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from screening.records.accounts.account import Origin, SignInRefused
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.passwords import Passwords
from screening.records.store import Store
from screening.settings import Settings
from tests.records.test_attempts import CHEAP, GOOD, NOW, made, within_schedule

MOST = 0.001
MEMORY = Path("/dev/shm")
"""So that what is measured is not the disk."""


def medians(accounts, count, begun=NOW, step=timedelta(days=1)):
    """Median seconds of a refused try with a known and with an unknown name, taken in turns; the clock jumps, so none has to wait."""
    taken = {"ana": [], "nobody": []}
    for number in range(count):
        for name in sorted(taken, reverse=bool(number % 2)):
            began = time.perf_counter()
            with pytest.raises(SignInRefused):
                accounts.sign_in(name, "a guess that is wrong", "", Origin("203.0.113.9"), begun + number * step)
            taken[name].append(time.perf_counter() - began)
    return statistics.median(taken["ana"]), statistics.median(taken["nobody"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--real", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        store = Store.open(Settings.at(Path(place) / "records"))
        looked = within_schedule(*made(store, ("ana", "bob")), given.tries)
    print(f"{given.tries} tries in three hours: {looked} looked at, none outside the schedule")
    worst = 0.0
    for label, hasher, count in (("cheap hash", CHEAP, given.count), ("real hash", PasswordHasher(), given.real)):
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
            store = Store.open(Settings.at(Path(place) / "records"))
            accounts = Accounts(store.database, store.keys, Passwords(hasher=hasher))
            accounts.add("ana", "clinician", "operator", NOW, GOOD)
            known, unknown = medians(accounts, count)
        print(
            f"{label}: {count} tries each, known {known * 1e3:.3f} ms, unknown {unknown * 1e3:.3f} ms, apart {abs(known - unknown) * 1e3:.3f} ms"
        )
        if hasher is CHEAP:
            worst = abs(known - unknown)
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
