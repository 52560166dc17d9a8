"""Every benchmark runs, in small: what it prints is no figure, but it prints one for everything that it compares."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from screening.settings import ROOT

BENCHMARKS = ROOT / "benchmarks"
SMALL = {
    "evaluate": (["--rounds", "1", "--responses", "2"], ["zen-engine", r"CEL \(C", r"CEL \(Rust", "rule-engine"]),
    "export": (["--rows", "4", "--ways", "ours, from records", "pandas, from answers"], ["the same bytes: True"]),
    "first_load": (["--bits", "0", "--latency", "0"], [r"first page [\d.]+ s, first question [\d.]+ s, 0\.\d+ MB"]),
    "medicines": (["{small}"], ["ours", "rapidfuzz", "symspellpy"]),
    "pages": (
        [
            "--times",
            "2",
            "--rounds",
            "1",
            "--sessions",
            "2",
            "--seconds",
            "2",
            "--think",
            "0.2",
            "--slow",
            "1",
            "--fast",
            "2",
        ],
        ["CPU a click over all topics", "memory", "(?s)refused nobody.*refused nobody", "people held"],
    ),
    "records": (
        ["--records", "12", "--seconds", "0.2", "--different", "3", "--kills", "1"],
        ["PostgreSQL", "restore", r"audit complaints: \[\]"],
    ),
    "sessions": (["--seconds", "0.1"], ["answers 64", "forms 64"]),
    "worklist": (["--records", "10"], ["the list for the first time", "how the rules do"]),
}
PARTS = {"load", "protocol", "bare_app"}
"""What the benchmarks themselves use."""


def test_every_benchmark_is_tried():
    assert {path.stem for path in BENCHMARKS.glob("*.py")} == SMALL.keys() | PARTS


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_in_small(name, tmp_path):
    arguments, printed = SMALL[name]
    lines = (ROOT / "tests" / "medicines" / "medicines_own.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "small.csv").write_text("".join(lines[:4]), "utf-8")
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), *arguments]
    command = [one.replace("{small}", str(tmp_path / "small.csv")) for one in command]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    for pattern in printed:
        assert re.search(pattern, done.stdout), (pattern, done.stdout)
    assert "could not be used" not in done.stdout
