"""The clinic's keys, as files of one directory that lies apart from the records.

`<fingerprint>.public` and `<fingerprint>.private`: an X25519 pair, 32 raw bytes in base64. `current` names the pair
that new records are sealed for. `audit`: 32 bytes under which patients' processes keep their audit trail. `staff`: 32
bytes from which all that gives somebody authority is derived; only staff's processes have it, beside the private keys.
Without the private file nobody can read the records, without `staff` nobody can sign in: a lost key is lost data.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from screening.settings import EnvironmentProblem

_CURRENT, _AUDIT, _STAFF = "current", "audit", "staff"


class KeyRing:
    """The keys of one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.made = False
        """Whether this process made the first pair."""

    @classmethod
    def open(cls, directory: Path) -> KeyRing:
        """The keys of a directory; the first pair is made where there is none. Raises EnvironmentProblem."""
        ring = cls(directory)
        try:
            if not (directory / _CURRENT).exists():
                ring._make_first()
            ring.current()
            ring.audit()
        except OSError as error:
            raise EnvironmentProblem(
                f"The key directory {directory} cannot be used ({error.strerror}). Set SCREENING_KEYS to the right one."
            ) from None
        return ring

    def current(self) -> tuple[str, X25519PublicKey]:
        """(fingerprint, public key) of the pair to seal for. Raises EnvironmentProblem."""
        name = self._read(_CURRENT).decode("ascii", "replace").strip()
        public = self.public(name)
        return name, public

    def public(self, fingerprint: str) -> X25519PublicKey:
        """A public key. Raises EnvironmentProblem."""
        raw = self._key(f"{fingerprint}.public")
        if _fingerprint(raw) != fingerprint:
            raise EnvironmentProblem(
                f"The key file {fingerprint}.public in {self.directory} holds another key. Put the right one back."
            )
        return X25519PublicKey.from_public_bytes(raw)

    def private(self) -> dict[str, X25519PrivateKey]:
        """Every private key that is here, by fingerprint. Raises EnvironmentProblem."""
        found = {}
        for path in sorted(self.directory.glob("*.private")):
            key = X25519PrivateKey.from_private_bytes(self._key(path.name))
            if _fingerprint(key.public_key().public_bytes_raw()) != path.stem:
                raise EnvironmentProblem(
                    f"The key file {path.name} in {self.directory} holds another key. Put the right one back."
                )
            found[path.stem] = key
        return found

    def audit(self) -> bytes:
        """The 32 bytes of the patients' audit trail. Raises EnvironmentProblem."""
        return self._key(_AUDIT)

    @property
    def of_staff(self) -> bool:
        """Whether this is a process of the staff's side: one that has the staff's key."""
        return (self.directory / _STAFF).exists()

    def derived(self, label: str) -> bytes:
        """32 bytes that only staff's processes can make: HKDF-SHA256 of the staff's key with `label`. Kept nowhere.
        Raises EnvironmentProblem."""
        return HKDF(SHA256(), 32, None, label.encode()).derive(self._key(_STAFF))

    def common(self, label: str) -> bytes:
        """32 bytes that every process of the clinic can make, patients' too: HKDF-SHA256 of the key that all of them
        have. Kept nowhere. Raises EnvironmentProblem."""
        return HKDF(SHA256(), 32, None, label.encode()).derive(self._key(_AUDIT))

    def add_staff(self) -> None:
        """Make the staff's key, for key directories from before there was one. Raises OSError."""
        _write(self.directory / _STAFF, base64.b64encode(os.urandom(32)) + b"\n")

    def add(self) -> str:
        """A new pair, current from now on; its fingerprint. Raises OSError."""
        name = self._write_pair(self.directory)
        self._point(self.directory, name)
        return name

    def share(self, out: Path) -> None:
        """Copy what patients' processes need into `out`: public keys, and the key of their trail. Raises OSError."""
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in [*self.directory.glob("*.public"), self.directory / _AUDIT, self.directory / _CURRENT]:
            fresh = out / f"{path.name}.new"
            _write(fresh, path.read_bytes())
            fresh.replace(out / path.name)

    def retire(self, fingerprint: str) -> None:
        """Remove a private key for good. Raises OSError."""
        (self.directory / f"{fingerprint}.private").unlink()

    def _make_first(self) -> None:
        """Make the directory whole or not at all: it appears under its name when every file is in it."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.directory.with_name(f".{self.directory.name}-{secrets.token_hex(4)}")
        unfinished.mkdir(mode=0o700)
        try:
            name = self._write_pair(unfinished)
            for secret in (_AUDIT, _STAFF):
                _write(unfinished / secret, base64.b64encode(os.urandom(32)) + b"\n")
            self._point(unfinished, name)
            unfinished.rename(self.directory)
            self.made = True
        except OSError:
            if not (self.directory / _CURRENT).exists():  # else another process was faster: use its keys
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _write_pair(self, directory: Path) -> str:
        key = X25519PrivateKey.generate()
        raw = key.public_key().public_bytes_raw()
        name = _fingerprint(raw)
        _write(directory / f"{name}.private", base64.b64encode(key.private_bytes_raw()) + b"\n")
        _write(directory / f"{name}.public", base64.b64encode(raw) + b"\n")
        return name

    def _point(self, directory: Path, name: str) -> None:
        fresh = directory / f"{_CURRENT}.new"
        _write(fresh, name.encode() + b"\n")
        fresh.replace(directory / _CURRENT)

    def _key(self, name: str) -> bytes:
        try:
            raw = base64.b64decode(self._read(name), validate=False)
        except ValueError:
            raw = b""
        if len(raw) != 32:
            raise EnvironmentProblem(
                f"The key file {name} in {self.directory} is damaged. Put it back from your copy of the keys."
            )
        return raw

    def _read(self, name: str) -> bytes:
        try:
            return (self.directory / name).read_bytes()
        except OSError as error:
            raise EnvironmentProblem(
                f"The key file {name} in {self.directory} cannot be read ({error.strerror}). Put it back, "
                f"or set SCREENING_KEYS; "
                "without the right keys the records cannot be used."
            ) from None


def _fingerprint(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def _write(path: Path, raw: bytes) -> None:
    descriptor = os.open(
        path,
        os.O_WRONLY | os.O_CREAT | os.O_EXCL if path.suffix != ".new" else os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
        0o600,
    )
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
