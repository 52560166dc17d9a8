"""Sealing and keys: only the holder of the private key reads, a moved or changed box does not open, a lost key is said plainly."""

from __future__ import annotations

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from screening.records import rotate, seal
from screening.records.keys import KeyRing
from screening.records.reader import PROGRAM
from screening.records.seal import NotOpened, Opener, Sealer
from screening.records.store import Store
from screening.settings import ROOT, EnvironmentProblem
from screening.use_cases.intake import Intake, new_form
from tests.conftest import CONSENT, command

PRIVATE = X25519PrivateKey.generate()
WRAPPED: dict[str, tuple[str, bytes]] = {}
SEALER = Sealer(
    lambda: ("mine", PRIVATE.public_key()), lambda identity, name, box: WRAPPED.__setitem__(identity, (name, box))
)


@given(st.binary(max_size=3_000), st.text(max_size=40))
def test_what_is_sealed_opens_again_and_only_in_its_own_place(plain, where):
    box = SEALER.seal(plain, where)
    opener = Opener({"mine": PRIVATE}, WRAPPED.get)
    assert opener.open(box, where) == plain
    with pytest.raises(NotOpened):
        opener.open(box, where + "x")


@given(st.data())
def test_any_changed_byte_is_noticed(data):
    box = SEALER.seal(b"an answer", "response|box|1")
    at = data.draw(st.integers(0, len(box) - 1))
    changed = box[:at] + bytes([box[at] ^ data.draw(st.integers(1, 255))]) + box[at + 1 :]
    with pytest.raises(NotOpened):
        Opener({"mine": PRIVATE}, WRAPPED.get).open(changed, "response|box|1")


def test_a_data_key_serves_a_thousand_records_or_ten_minutes_and_no_more(monkeypatch):
    used = []
    sealer = Sealer(lambda: ("mine", PRIVATE.public_key()), lambda identity, *_: used.append(identity))
    for _ in range(seal.RECORDS + 1):
        sealer.seal(b"x", "w")
    assert len(used) == 2
    later = seal.time.monotonic() + seal.SECONDS + 1
    monkeypatch.setattr(seal.time, "monotonic", lambda: later)
    sealer.seal(b"x", "w")
    assert len(used) == 3


def test_the_patients_process_cannot_read_what_it_stored(intake, settings):
    intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)
    with pytest.raises(NotOpened, match="private key is not here"):
        list(Store.open(settings).records(PROGRAM))
    assert [record.answers for record in Store.open(settings, opens=True).records(PROGRAM)] == [{"full-name": "Ana"}]


def test_keys_are_private_files_apart_from_the_records(settings, store):
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in settings.keys.iterdir()} == {0o600}
    assert not settings.keys.is_relative_to(settings.data)


def test_many_first_starts_at_once_agree_on_one_pair(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: KeyRing.open(tmp_path / "keys"), range(16)))
    assert len({ring.current()[0] for ring in rings}) == 1 and sum(ring.made for ring in rings) == 1
    assert len(list(tmp_path.iterdir())) == 1, "nothing unfinished is left lying about"


def test_keys_of_another_clinic_are_refused_with_one_plain_sentence(intake, settings, tmp_path):
    intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)
    settings.keys.rename(tmp_path / "elsewhere")
    with pytest.raises(EnvironmentProblem, match="sealed for key"):
        Store.open(settings)


def _shorten(path: Path) -> None:
    path.write_text("AAAA")


def _replace(path: Path) -> None:
    path.write_bytes(os.urandom(32))


SPOILT = [(kind, spoil) for kind in ("*.public", "audit", "current") for spoil in (_shorten, _replace)]


# Without `current` the directory is not a key directory: the test above says what happens then.
@pytest.mark.parametrize(("kind", "spoil"), [*SPOILT, ("*.public", Path.unlink), ("audit", Path.unlink)])
def test_a_damaged_or_missing_key_file_is_one_plain_sentence_at_start(embedded, tmp_path, kind, spoil):
    spoil(next(embedded.keys.directory.glob(kind)))
    assert "key" in command("doctor", expect=3, records=tmp_path / "records").stderr


def test_rotation_moves_every_record_and_the_old_key_can_then_go(intake, settings):
    for name in ("Ana", "Eva"):
        intake.submit(new_form(), {"full-name": name}, "en", CONSENT)
    store = Store.open(settings, opens=True)
    old = store.keys.current()[0]
    with pytest.raises(EnvironmentProblem, match="in use"):
        rotate.retire(store, old)
    fresh, count = rotate.rotate(store)
    assert fresh != old and count == 1
    rotate.retire(store, old)
    again = Store.open(settings, opens=True)
    assert [record.answers["full-name"] for record in again.records(PROGRAM)] == ["Ana", "Eva"]
    assert list(again.keys.private()) == [fresh] and again.complaints() == []


def test_a_rotation_that_was_cut_off_goes_on_with_the_same_key(intake, settings, monkeypatch):
    monkeypatch.setattr(rotate, "PORTION", 1)
    for _ in range(3):
        intake.store.sealer._left = 0  # a data key for each
        intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)

    def stop(done):
        raise KeyboardInterrupt

    store = Store.open(settings, opens=True)
    with pytest.raises(KeyboardInterrupt):
        rotate.rotate(store, stop)
    name = store.keys.current()[0]
    assert rotate.waiting(store, name) == 2
    assert len(list(Store.open(settings, opens=True).records(PROGRAM))) == 3, "in the middle, everything can be read"
    assert rotate.rotate(Store.open(settings, opens=True)) == (name, 2)


def test_a_running_process_seals_for_the_new_key_after_a_rotation(intake, settings):
    intake.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)
    fresh, _ = rotate.rotate(Store.open(settings, opens=True))
    intake.store.sealer._left = 0
    intake.submit(new_form(), {"full-name": "Eva"}, "en", CONSENT)
    assert rotate.waiting(intake.store, fresh) == 0


def test_without_the_private_key_a_clinic_can_still_take_forms_in(intake, settings):
    for path in settings.keys.glob("*.private"):
        path.unlink()
    patients = Intake.open(settings.model_copy())
    assert patients.submit(new_form(), {"full-name": "Ana"}, "en", CONSENT)


def test_the_length_of_a_box_does_not_say_what_was_chosen(intake):
    draft, _ = intake.begin(None, {})
    for number, value in enumerate(["yes", "no", "prefer-not-to-say", ["back", "neck"], 7, None]):
        intake.save(draft, {f"answer item-{number}": value})
    for name in ("Ana", "Maximiliana Fernandez de la Torre"):
        intake.submit(new_form(), {"full-name": name}, "en", CONSENT)
    with intake.store.database.engine.connect() as connection:
        for table, column in (
            ("draft_answer", "box"),
            ("response", "box"),
            ("response", "brief"),
            ("screening", "box"),
        ):
            boxes = connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars()
            assert len({len(box) for box in boxes}) == 1, table


def test_every_use_of_a_key_is_in_the_list_of_them():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "screening").rglob("*.py"))
    used = {(kind, label) for kind, label in re.findall(r'\.(derived|common)\("([^"]+)"\)', sources)}
    listed = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `(audit|staff)` \| `([^`]+)` \|", listed, re.M))
    assert {({"derived": "staff", "common": "audit"}[kind], label) for kind, label in used} == rows
