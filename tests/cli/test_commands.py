"""Commands say in words what they cannot do, and take files and codes as other programs and people give them."""

from __future__ import annotations

import json
import re
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from screening.__main__ import app
from screening.records.drafts import ALPHABET
from screening.records.record import as_written

RESPONSE = '{"answers": {"full-name": "José"}, "authored": "2026-11-23"}'


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREENING_DATA", str(tmp_path / "records"))
    return lambda *words, **more: CliRunner().invoke(app, [str(word) for word in words], **more)


def test_a_response_is_read_as_editors_save_it(run, tmp_path):
    plain = run("screen", "-", input=f"{RESPONSE}\n").stdout
    assert json.loads(plain)
    (tmp_path / "response.json").write_bytes(f"\ufeff{RESPONSE}\r\n\r\n".encode())
    assert run("screen", tmp_path / "response.json").stdout == plain
    lines = f"\ufeff{RESPONSE}\r\n\r\n\ufeff{RESPONSE}"
    assert run("screen", "-", input=lines).stdout == plain + plain


def test_medicines_are_read_behind_a_byte_order_mark(run):
    marked, plain = run("medicines", input="\ufefflithium\nlithium\n").stdout.splitlines()
    assert marked == plain


REFUSED = {
    "utf-16": (RESPONSE.encode("utf-16"), "Save it as UTF-8"),
    "latin": (RESPONSE.encode("latin-1"), "Save it as UTF-8"),
    "broken": (b'{"answers": {}\n, oops}', "Line 2 is not a response, as it is not JSON"),
    "list": (b'["answers"]', "not a response such as"),
    "day": (b'{"answers": {}, "authored": "yesterday"}', "not a response such as"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_no_response_is_refused_with_what_to_do_and_none_of_its_words(run, tmp_path, kind):
    raw, says = REFUSED[kind]
    (tmp_path / "response.json").write_bytes(raw)
    done = run("screen", tmp_path / "response.json")
    assert done.exit_code != 0
    assert says in done.stderr
    assert not re.search("yesterday|oops|José", done.stderr)


@given(st.text(ALPHABET, min_size=8, max_size=8), st.sampled_from(["", "-", " ", " - ", "‑", "."]), st.booleans())
def test_a_reference_is_found_as_people_say_it(letters, between, small):
    said = f" {letters[:4]}{between}{letters[4:]} "
    assert as_written(said.lower() if small else said) == f"{letters[:4]}-{letters[4:]}"


@pytest.mark.parametrize("days", [0, 36_501, 10**30])
def test_a_time_for_keeping_forms_that_no_calendar_has_is_a_finding(spoilt, run, days):
    copy = spoilt("site.yaml", "retention_days: ", f"retention_days: {days} #")
    done = run("check", copy)
    assert done.exit_code == 1
    assert "retention_days" in done.stdout


def test_purging_after_the_longest_time_counts_nothing(spoilt, run, monkeypatch, embedded):
    monkeypatch.setenv("SCREENING_CONTENT", str(spoilt("site.yaml", "retention_days: ", "retention_days: 36500 #")))
    assert "0 responses" in run("purge").stderr


def test_questions_are_listed_in_a_language_that_the_content_has(run, spoilt, content):
    listed = run("questions").stdout.splitlines()
    assert len(listed) == len(content.items)
    assert listed[0].endswith(content.items[0].text[content.languages[0]])


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_an_address_at_which_nothing_can_listen_is_said_before_anything_else(run, command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(command, "--port", taken.getsockname()[1])
    assert done.exit_code == 3
    assert "Choose another" in done.stderr
    assert run(command, "--port", 70_000).exit_code == 2


def test_a_host_that_is_not_this_machine_is_said_plainly(run):
    done = run("serve", "--host", "192.0.2.1", "--port", "8999")
    assert done.exit_code == 3
    assert "192.0.2.1" in done.stderr
