"""Settings: one place reads them, one table tells of them, and a wrong one is said before anything starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from screening import settings as module
from screening.__main__ import app
from screening.settings import ROOT, EnvironmentProblem, Settings, in_use, variables

SECRET = "postgresql://clinic:hunter2@db/clinic"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def test_only_the_settings_read_the_environment_and_nobody_writes_it():
    for path in [*(ROOT / "screening").rglob("*.py"), *(ROOT / "exports").rglob("*.py"), ROOT / "app.py"]:
        if path != Path(module.__file__):
            assert not re.search(r"environ\b|getenv", path.read_text("utf-8").replace("environment", "")), path


def test_the_operations_page_tells_of_every_setting_in_the_words_of_the_code():
    told = re.findall(r"^\| `(SCREENING_\w+)` \| (.+) \|$", (ROOT / "docs/operations.md").read_text("utf-8"), re.M)
    assert told == list(variables().items())


def test_no_page_names_a_setting_that_there_is_not():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*")]:
        if path.is_file():
            assert set(re.findall(r"SCREENING_[A-Z]+(?:_[A-Z]+)*\b", path.read_text("utf-8"))) <= set(variables()), path


@pytest.mark.parametrize(
    "name, value, near",
    [("SCREENING_DATABSE", SECRET, "SCREENING_DATABASE"), ("SCREENING_ROLES", "staff", "SCREENING_ROLE")],
)
def test_a_misspelt_setting_is_refused_and_the_right_one_is_named(name, value, near, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvironmentProblem, match=f"Did you mean {near}"):
        Settings.from_environment()


@pytest.mark.parametrize("name, value", [("SCREENING_ROLE", "nurse-of-hunter2"), ("SCREENING_PROXIES", "*, hunter2")])
def test_a_wrong_value_is_said_by_its_name_and_not_repeated(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    said = CliRunner().invoke(app, ["serve"])
    assert said.exit_code == 3
    assert name in said.stderr
    assert "hunter2" not in said.stderr


def test_an_empty_setting_is_as_one_that_is_not_there(monkeypatch):
    without = Settings.from_environment()
    for name in variables():
        monkeypatch.setenv(name, "")
    assert Settings.from_environment() == without


def test_keys_lie_beside_the_records_unless_they_are_told_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREENING_DATA", str(tmp_path / "records"))
    assert Settings.from_environment().keys == tmp_path / "records-keys"
    monkeypatch.setenv("SCREENING_KEYS", "~/keys")
    assert Settings.from_environment().keys == Path.home() / "keys"


def test_what_is_given_in_the_code_asks_the_environment_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREENING_DATABASE", SECRET)
    monkeypatch.setenv("SCREENING_ROLE", "staff")
    assert (Settings.at(tmp_path).database, Settings.at(tmp_path).role) == ("", "patient")


def test_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv("SCREENING_DATABASE", SECRET)
    monkeypatch.setenv("SCREENING_OIDC_CLIENT_SECRET", "hunter2")
    assert "hunter2" not in repr(Settings.from_environment())


def test_streamlit_run_says_how_to_start_the_app(monkeypatch):
    monkeypatch.setattr(module, "_in_use", None)
    with pytest.raises(EnvironmentProblem, match="make run"):
        in_use()
    page = AppTest.from_file(str(ROOT / "app.py")).run()
    assert [element.value for element in page.text] == ["Please start this app with: make run"]
    assert not page.exception
