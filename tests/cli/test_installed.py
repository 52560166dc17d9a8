"""The wheel: everything that the program reads is in it, and it runs where there is no checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.settings import ROOT
from tests.journeys.conftest import free_port, wait_until_ready
from tests.journeys.wire import Wire, cookie

BESIDE = {"content": "screening/shipped/", ".streamlit": "screening/shipped/"}
"""Where the wheel keeps what lies beside the packages in a checkout."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(place.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed in a fresh environment that sees the libraries of this one but not its checkout."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    packages = next(place.glob("lib/python*/site-packages"))
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return place / "bin" / "intake-screening"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing leads back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCREENING_", "PYTHON"))}
    return {**kept, "XDG_DATA_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}


@pytest.fixture
def demo(program: Path, elsewhere: dict[str, str], tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [str(program), "demo", "--people", "2", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, cwd=tmp_path, env=elsewhere, stdout=log, stderr=log) as running,
    ):
        try:
            wait_until_ready(url, running, tmp_path / "log")
            yield url
        finally:
            running.terminate()


def locked(file: str) -> list[str]:
    """Every package with its version, as a lock names it."""
    return re.findall(r"^([a-z0-9.\-]+==[^ \n]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE)


def test_every_file_of_the_packages_and_the_content_is_in_the_wheel(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    for room in ("screening", "exports", "content", ".streamlit"):
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert f"{BESIDE.get(room, '')}{path.relative_to(ROOT)}" in packed
    assert "screening/shipped/app.py" in packed


def test_the_wheel_asks_for_exactly_the_versions_of_the_lock(wheel):
    archive = zipfile.ZipFile(wheel)
    metadata = archive.read(next(name for name in archive.namelist() if name.endswith("/METADATA"))).decode()
    asked = re.findall(r"^Requires-Dist: ([^;\n]+)", metadata, re.MULTILINE)
    assert sorted(asked) == sorted(locked("requirements.txt"))


def test_what_is_shipped_is_what_is_tested():
    shipped, tested = set(locked("requirements.txt")), set(locked("requirements-dev.txt"))
    assert shipped
    assert shipped <= tested


def test_commands_of_the_installed_program_find_its_own_content(program, elsewhere, tmp_path):
    done = subprocess.run([program, "check"], cwd=tmp_path, env=elsewhere, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_page_of_the_installed_demo_answers(demo):
    with Wire(demo, cookie(demo)) as page:
        assert page.has("next"), page.text()
