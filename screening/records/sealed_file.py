"""A file on its way out that nobody else can read: sealed in pieces under a key that is nowhere but in this process.

What a kill or a crash leaves of it on disk is noise, and so is what a copy of the directory takes along.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 65_536
_TAG = 16


class SealedFile(RawIOBase):
    """Written once from beginning to end, then read once. size: bytes of what was written."""

    def __init__(self, path: Path) -> None:
        """Raises OSError; so does everything that writes or reads."""
        self._key, self._path, self.size = AESGCM(os.urandom(32)), path, 0
        self._waiting, self._number = bytearray(), 0
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, plain: Any) -> int:
        """Add bytes."""
        self._waiting += plain
        count = len(plain)
        self.size += count
        while len(self._waiting) > PIECE:  # the last piece is sealed as the last, so that none can be cut off
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return count

    def close(self) -> None:
        """Nothing more will be written."""
        if not self.closed:
            try:
                self._seal(bytes(self._waiting), last=True)
            finally:
                self._waiting = bytearray()
                self._file.close()
                super().close()

    def pieces(self) -> Iterator[bytes]:
        """What was written, in pieces. From the first of them on the file has no name on disk any more."""
        with self._path.open("rb") as file:
            self._path.unlink()
            for number in range(self._number):
                last = number == self._number - 1
                sealed = file.read(PIECE + _TAG)
                yield self._key.decrypt(_nonce(number), sealed, _place(last))

    def remove(self) -> None:
        """Nobody will read it."""
        self._path.unlink(missing_ok=True)

    def _seal(self, plain: bytes, last: bool) -> None:
        self._file.write(self._key.encrypt(_nonce(self._number), plain, _place(last)))
        self._number += 1


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(last: bool) -> bytes:
    return b"last" if last else b"more"
