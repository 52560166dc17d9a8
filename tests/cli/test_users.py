"""`users` on the command line: a typed password is asked for twice and never shown."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from screening.__main__ import app
from screening.records.store import Store
from screening.settings import Settings

GOOD = "violet anchors hum quietly"


@pytest.fixture
def users(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREENING_DATA", str(tmp_path / "records"))

    def run(*arguments, typed=""):
        return CliRunner().invoke(app, ["users", *arguments], input=typed)

    return run


def test_a_typed_password_is_taken_when_it_was_typed_twice_and_is_good(users):
    weak = users("add", "ana", "--role", "admin", "--password", typed="password12345678\npassword12345678\n")
    assert weak.exit_code == 2 and "too easy to guess" in weak.stderr
    made = users("add", "ana", "--role", "admin", "--password", typed=f"{GOOD}\nanother\n{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0 and GOOD not in made.output and "sign-in/new" not in made.output
    assert users("list").stdout.startswith("ana\tadmin\tactive\tpassword\t")


def test_without_a_typed_password_there_is_only_a_link(users):
    assert "http://127.0.0.1:8501/sign-in/new/" in users("add", "ana", "--role", "admin").stdout
    assert "\tnone yet\t" in users("list").stdout


def test_the_trail_says_that_the_operator_did_it(users, tmp_path):
    users("add", "ana", "--role", "clinician")
    users("disable", "ana")
    store = Store.open(Settings.at(tmp_path / "records"))
    with store.database.reading() as connection:
        found = [(line.actor, line.action, line.record) for _, line in store.lines(connection)]
    who = found[0][0]
    assert who.startswith("operator ") and found == [
        (who, what, "ana") for what in ("account-add", "account-link", "account-disable")
    ]


def test_the_only_admin_cannot_be_disabled_by_mistake(users):
    users("add", "ana", "--role", "admin")
    told = users("disable", "ana")
    assert told.exit_code == 2 and "make another one first" in told.stderr


def test_a_role_that_does_not_exist_is_wrong_use():
    assert CliRunner().invoke(app, ["serve", "--role", "everybody"]).exit_code == 2
