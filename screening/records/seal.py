"""Sealing: what says something about a person is encrypted before it reaches the store, the same on every store.

A process that serves patients holds only a public key: HPKE (RFC 9180; X25519, HKDF-SHA256, AES-256-GCM) wraps a data
key, and records are sealed with AES-256-GCM under that data key. A data key serves at most 10 minutes or 1,000 records:
so long can this process read what it sealed itself. `where` (table, column and row) is authenticated with each box, so
a box that is moved to another row does not open.
"""

from __future__ import annotations

import json
import os
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SECONDS = 600
RECORDS = 1_000
MOST_OPEN = 4_096
LEAST = 1_024
"""Bytes of the shortest box, before it is sealed."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_FORMAT = b"\x01"
_ID, _NONCE = 16, 12


class NotOpened(Exception):
    """A box that does not open: no key for it, or not what was sealed. The message is one plain sentence without
    content."""


def lock(key: bytes, plain: bytes, where: str) -> bytes:
    """Seal `plain` under a 32-byte key: nonce, ciphertext, tag."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, where.encode())


def unlock(key: bytes, box: bytes, where: str) -> bytes:
    """Open what `lock` sealed. Raises NotOpened."""
    try:
        return AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], where.encode())
    except (InvalidTag, ValueError):
        raise NotOpened(f"{where} is damaged or was sealed with another key.") from None


def canonical(value: Any) -> bytes:
    """The one way to write what is kept as bytes: JSON in UTF-8, keys in their own order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def padded(plain: bytes, least: int, filler: bytes) -> bytes:
    """What is to be sealed, filled up to the next power of two, so that its length says little about it."""
    return plain.ljust(max(least, 1 << (len(plain) - 1).bit_length()), filler)


def wrap(data_key: bytes, identity: str, public: X25519PublicKey) -> bytes:
    """A data key as only the holder of the private key can read it: 80 bytes."""
    return bytes(_SUITE.encrypt(data_key, public, info=f"data_key|wrapped|{identity}".encode()))


def unwrap(wrapped: bytes, identity: str, private: X25519PrivateKey) -> bytes:
    """The data key. Raises NotOpened."""
    try:
        return bytes(_SUITE.decrypt(wrapped, private, info=f"data_key|wrapped|{identity}".encode()))
    except Exception:  # the library raises several kinds for what is one thing to us
        raise NotOpened(f"Data key {identity} is damaged or belongs to another key pair.") from None


class Sealer:
    """Seals for the holder of the private key.

    current: the fingerprint and public key to wrap for, asked again for each data key, so that a rotation is seen.
    save: (data key id, fingerprint, wrapped) is kept before the first box is made with it; may raise NotSaved.
    """

    def __init__(
        self, current: Callable[[], tuple[str, X25519PublicKey]], save: Callable[[str, str, bytes], None]
    ) -> None:
        self._current, self._save = current, save
        self._lock = threading.Lock()
        self._key, self._identity, self._left, self._until = b"", "", 0, 0.0

    def seal(self, plain: bytes, where: str) -> bytes:
        """A box: format, data key id, nonce, ciphertext of the compressed and padded text. Not to be called inside a
        transaction."""
        with self._lock:
            if not self._left or time.monotonic() >= self._until:
                key, identity = os.urandom(32), os.urandom(_ID).hex()
                fingerprint, public = self._current()
                self._save(identity, fingerprint, wrap(key, identity, public))
                self._key, self._identity, self._left, self._until = key, identity, RECORDS, time.monotonic() + SECONDS
            self._left -= 1
            key, identity = self._key, self._identity
        return _FORMAT + bytes.fromhex(identity) + lock(key, padded(zlib.compress(plain, 1), LEAST, b"\0"), where)


class Opener:
    """Opens boxes with private keys, by fingerprint. `load`: data key id -> (fingerprint, wrapped), or None."""

    def __init__(
        self, private: Mapping[str, X25519PrivateKey], load: Callable[[str], tuple[str, bytes] | None]
    ) -> None:
        self._private, self._load = private, load
        self._keys: dict[str, bytes] = {}

    def open(self, box: bytes, where: str) -> bytes:
        """The text of a box. Raises NotOpened."""
        if box[:1] != _FORMAT:
            raise NotOpened(f"{where} is not in a form that this program knows.")
        identity = box[1 : 1 + _ID].hex()
        try:
            return zlib.decompress(unlock(self._data_key(identity), box[1 + _ID :], where))
        except zlib.error:
            raise NotOpened(f"{where} is damaged.") from None

    def _data_key(self, identity: str) -> bytes:
        key = self._keys.get(identity)
        if key is None:
            found = self._load(identity)
            if found is None:
                raise NotOpened(f"Data key {identity} is not in the store.")
            fingerprint, wrapped = found
            if fingerprint not in self._private:
                raise NotOpened(f"This record was sealed for key {fingerprint}, whose private key is not here.")
            key = unwrap(wrapped, identity, self._private[fingerprint])
            while len(self._keys) >= MOST_OPEN:
                del self._keys[next(iter(self._keys))]
            self._keys[identity] = key
        return key
