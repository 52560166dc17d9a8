"""Passwords of staff: which are accepted, and how they are kept (Argon2id, never in clear).

15 to 256 characters of any kind, after Unicode form NFKC, with no rules of composition (NIST SP 800-63B, ASVS 5.0 6.2).
What is refused is what people who guess try first: the names of the account and the clinic, common words and phrases,
keyboard rows, sequences and repetition, unless enough is left when these are taken out.
"""

from __future__ import annotations

import base64
import os
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 15, 256
_LEFT = 8
_AT_ONCE = 2
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_LOOKS = str.maketrans("@4310$57", "aaeiosst")
_hashing = threading.BoundedSemaphore(_AT_ONCE)


class WeakPassword(Exception):
    """A password that cannot be accepted. The message is one plain sentence for the person who chose it."""


class Passwords:
    """How passwords are kept. clinic: its name, which is no password. The hasher's default is 64 MiB, 3 rounds, 4
    lanes."""

    def __init__(self, clinic: str = "", hasher: PasswordHasher | None = None) -> None:
        self.clinic, self.hasher = clinic, hasher or PasswordHasher()
        # Nobody's: its digest is random, so nothing matches it, and looking takes as long as with a real one.
        settings = f"m={self.hasher.memory_cost},t={self.hasher.time_cost},p={self.hasher.parallelism}"
        self._nobodys = f"$argon2id$v=19${settings}${_random(self.hasher.salt_len)}${_random(self.hasher.hash_len)}"

    def hashed(self, password: str, name: str) -> str:
        """What is kept of a new password. Raises WeakPassword."""
        if problem := weakness(password, name, self.clinic):
            raise WeakPassword(problem)
        with _hashing:
            return self.hasher.hash(_bytes(password))

    def right(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; takes the same time where there is none to compare with."""
        with _hashing:  # each takes 64 MiB: a crowd at the door must not take the memory of the forms
            try:
                return self.hasher.verify(kept or self._nobodys, _bytes(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def fresher(self, kept: str, password: str) -> str | None:
        """The hash of a right password anew, if today's parameters are others than those it was kept with."""
        if not self.hasher.check_needs_rehash(kept):
            return None
        with _hashing:
            return self.hasher.hash(_bytes(password))


def normal(password: str) -> str:
    """The password in the one form that is compared, whatever keyboard typed it."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, name: str, clinic: str = "") -> str | None:
    """Why a password cannot be accepted, in one plain sentence; None if it can."""
    text = normal(password)
    if len(text) < SHORTEST:
        return (
            f"The password is too short: use {SHORTEST} characters or more. A few unrelated words are easy to remember."
        )
    if len(text) > LONGEST:
        return f"The password is too long: use at most {LONGEST} characters."
    if len(_what_is_left(text, name, clinic)) < _LEFT:
        return (
            "The password is too easy to guess: it is mostly common words, the name of the account or the "
            "clinic, a row of keys or "
            "something repeated. Add unrelated words."
        )
    return None


def _what_is_left(text: str, name: str, clinic: str) -> str:
    """The letters and digits that remain when everything that is guessed first is taken out and repetition is counted
    once."""
    folded = re.sub(r"[\W_]+", "", text.casefold())
    names = [part for part in re.split(r"[\W_]+", f"{name} {clinic}".casefold()) if len(part) >= 3]
    lefts = []
    for reading in (folded, folded.translate(_LOOKS)):
        left = _once(reading)
        for word in sorted({*common(), *names}, key=len, reverse=True):
            left = left.replace(word, "")
        left = re.sub(r"(.)\1+", r"\1", left)
        lefts.append(_without_runs(re.sub(r"(19|20)\d\d", "", left)))
    return min(lefts, key=len)


def _once(text: str) -> str:
    """A text that is one piece again and again, as that piece."""
    return next(
        (text[:size] for size in range(1, len(text) // 2 + 1) if (text[:size] * len(text)).startswith(text)), text
    )


def _without_runs(text: str) -> str:
    rows = [row for run in _RUNS for row in (run, run[::-1])]
    found, place = "", 0
    while place < len(text):
        size = next(
            (
                size
                for size in range(len(text) - place, 2, -1)
                if any(text[place : place + size] in row for row in rows)
            ),
            0,
        )
        found += "" if size else text[place]
        place += size or 1
    return found


@cache
def common() -> frozenset[str]:
    """Words and phrases that lists of guessed passwords begin with: `common_passwords.txt` beside this file."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _bytes(password: str) -> bytes:
    return normal(password)[: LONGEST + 1].encode("utf-8", "surrogatepass")


def _random(size: int) -> str:
    return base64.b64encode(os.urandom(size)).decode().rstrip("=")
