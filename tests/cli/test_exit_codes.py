"""What other tools call: data on stdout, words on stderr, and an exit that says what kind of end it was."""

from __future__ import annotations

import subprocess
import sys

import pytest

from screening.settings import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [
        ("questions --json", "", 0),
        ("screen -", "not a response", 1),
        ("questions --no-such-option", "", 2),
        ("questions --content /nowhere", "", 3),
    ],
)
def test_the_exit_says_fine_findings_wrong_use_or_environment(words, stdin, code):
    command = [sys.executable, "-m", "screening", *words.split()]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert (done.returncode, bool(done.stdout), bool(done.stderr)) == (code, code == 0, code != 0), done.stderr
    assert "Traceback" not in done.stderr
