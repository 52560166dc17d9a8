"""An export on its way out is nowhere in clear: not beside the records, not in the system's place for temporary files,
whenever the process is killed, and none of it is there after a restart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from exports.choices import Choices
from screening.records.sealed_file import PIECE, SealedFile
from screening.settings import ROOT
from screening.use_cases import tickets
from screening.use_cases.review import StaffReview
from screening.use_cases.worklist import Wanted
from tests.use_cases.test_review import EXPORTER, archive, review, send

__all__ = ["archive", "review"]

CANARY = "canary-5519"


def found(*places: Path) -> list[Path]:
    """The files that hold the canary, as it is or compressed in a way that is undone at once."""
    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    return [file for file in files if CANARY.encode() in file.read_bytes() or file.read_bytes()[:2] == b"PK"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_that_waits_is_sealed_and_comes_out_whole_once(review, kind):
    send(review, full_name=f"{CANARY} Ana")
    place = review.store.database.directory
    file, count, _ = review.exports.export(EXPORTER, Wanted(), Choices(), kind, lambda _: None)
    assert count == 1 and len(list((place / "outgoing").iterdir())) == 1 and not found(place)
    body = file.pieces()
    assert next(body)[:2] == b"PK" and not list((place / "outgoing").iterdir()), "from now on it has no name on disk"
    assert sum(map(len, body)) < file.size
    with pytest.raises(FileNotFoundError):
        next(file.pieces())


def test_an_export_that_nobody_takes_goes_after_its_time_at_the_end_and_at_the_next_start(review):
    send(review)
    outgoing = review.store.database.directory / "outgoing"
    file, _, _ = review.exports.export(EXPORTER, Wanted(), Choices(), "csv", lambda _: None)
    tickets.issue("eve", lambda: file, 0.05, "responses.zip", "application/zip", file.remove)
    for _ in range(100):
        if not list(outgoing.iterdir()):
            break
        sleep(0.05)
    assert not list(outgoing.iterdir())
    review.exports.export(EXPORTER, Wanted(), Choices(), "csv", lambda _: None)
    assert list(outgoing.iterdir())
    StaffReview(review.intake, review.accounts)
    assert not outgoing.exists()


WRITER = """
import sys
from pathlib import Path
from exports.choices import Attached, Choices
from exports.formats import FILE_FORMATS
from screening.loading.load import load
from screening.records.sealed_file import SealedFile
from screening.settings import ROOT
from tests.stored import stored

content = load(ROOT / "content")
record = stored(content, {"full-name": "canary-5519 " * 9, "pain-goal": "canary-5519 " * 200})

def forever():
    while True:
        yield record

with SealedFile(Path(sys.argv[1]) / "sealed") as file:
    FILE_FORMATS[sys.argv[2]].write(forever(), content, file, Choices(), b"k" * 32, Attached())
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_kill_in_the_middle_of_an_export_leaves_nothing_that_can_be_read(tmp_path, kind):
    places = tmp_path / "outgoing", tmp_path / "temporary"
    for place in places:
        place.mkdir()
    environment = {**os.environ, "TMPDIR": str(places[1]), "PYTHONPATH": str(ROOT)}
    writing = subprocess.Popen([sys.executable, "-c", WRITER, str(places[0]), kind], env=environment)
    sealed = places[0] / "sealed"
    for _ in range(1_200):
        if sealed.exists() and sealed.stat().st_size > 3 * PIECE:
            break
        assert writing.poll() is None
        sleep(0.05)
    writing.send_signal(signal.SIGKILL)
    writing.wait()
    assert sealed.stat().st_size > 3 * PIECE and not found(*places)


pieces = st.lists(st.integers(0, 2 * PIECE + 3).map(lambda size: b"x" * size), max_size=5)


def sealed_at(path: Path, written: list[bytes]) -> SealedFile:
    path.unlink(missing_ok=True)
    with SealedFile(path) as file:
        for one in written:
            file.write(one)
    return file


@given(pieces)
def test_what_was_written_comes_out_again_and_nothing_of_it_is_on_disk(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("sealed") / "file"
    file = sealed_at(path, written)
    assert b"xxxxxxxx" not in path.read_bytes()
    assert b"".join(file.pieces()) == b"".join(written) and file.size == sum(map(len, written))


def bent(path: Path) -> Iterator[bytes]:
    """The file cut short, with two pieces exchanged, and with one bit changed."""
    whole, step = path.read_bytes(), PIECE + 16
    yield whole[:step]
    yield whole[step : 2 * step] + whole[:step] + whole[2 * step :]
    yield bytes([whole[0] ^ 1]) + whole[1:]


@pytest.mark.parametrize("number", range(3))
def test_a_sealed_file_that_somebody_changed_is_not_handed_out_as_whole(tmp_path, number):
    file = sealed_at(tmp_path / "file", [b"x" * (2 * PIECE + 9)])
    (tmp_path / "file").write_bytes(list(bent(tmp_path / "file"))[number])
    with pytest.raises(InvalidTag):
        b"".join(file.pieces())
