"""How long a refused sign-in takes with a known and an unknown name: `python -m tests.soak.sign_in`.

Twice: with a hash so cheap that everything else shows, and with the real one. Prints medians and their difference.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from argon2 import PasswordHasher

from screening.records.accounts import Accounts
from screening.records.passwords import Passwords
from screening.records.store import Store
from screening.settings import Settings
from tests.test_attempts import CHEAP, GOOD, NOW, medians

MOST = 0.001
MEMORY = Path("/dev/shm")
"""So that what is measured is not the disk."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--real", type=int, default=200)
    given = parser.parse_args()
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
