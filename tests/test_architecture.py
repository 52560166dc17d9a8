"""Imports point one way, the patient's path stays light, and the rules of the house hold in every file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from screening.settings import ROOT

CORE = (
    "text", "document", "finding", "condition", "compiled", "questionnaire", "score", "rule", "medicine_words", "medicine_text", "medicine_names", "medicine_scan", "medication", "medicine_list", "opioid", "site", "program",
    "content_file", "content", "response", "ground", "reason", "flag", "brief",
)  # fmt: skip
LAYERS = {  # what a room may import beside itself and the core
    "core": set(),
    "answer_text": set(),
    "settings": set(),
    "authoring": {"answer_text"},
    "records": {"settings"},
    "exports": {"records", "answer_text"},
    "intake": {"records", "exports", "settings"},
    "worklist": set(),
    "pictures": {"records"},
    "small_cells": {"pictures"},
    "outgoing": {"records", "exports"},
    "review": {"outgoing", "intake", "records", "exports", "settings", "pictures", "small_cells", "worklist", "answer_text"},
    "web": {"intake", "settings", "ui", "review", "records"},  # records: sign-in stands before every page
    "rule_desk": {"review", "authoring"},
    "ui": {"intake", "review", "rule_desk", "worklist", "pictures", "web", "answer_text", "settings"},
    "terminal": {"settings", "records"},
    "replay": {"records", "intake"},
    "impact": {"records", "replay"},
    "upkeep": {"terminal", "settings", "records", "web", "replay", "impact"},
    "users": {"terminal", "settings", "records"},
    "demo": {"authoring", "intake", "review", "worklist", "records", "settings", "terminal", "web"},
    "__main__": {"authoring", "demo", "records", "exports", "intake", "web", "settings", "terminal", "upkeep", "users"},
}
SOURCES = sorted([*(ROOT / "screening").rglob("*.py"), *(ROOT / "exports").rglob("*.py")])


def room(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "exports":
        return "exports"
    name = parts[1] if len(parts) > 1 else "core"
    return "core" if name in CORE else name


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" if node.module in ("screening", "exports") else node.module for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    own = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for module in imported(path):
        if module.split(".")[0] in ("screening", "exports"):
            assert room(module) == own or room(module) == "core" or room(module) in LAYERS[own], module


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.stem in CORE and path.parent.name == "screening"], ids=lambda path: path.stem
)
def test_the_core_knows_nothing_of_pages_or_the_clock_and_looks_only_at_what_stands_before_it(path):
    modules = imported(path)
    assert not {module.split(".")[0] for module in modules} & {"streamlit", "pandas", "sqlalchemy", "starlette", "time", "random", "os"}
    assert "today()" not in path.read_text("utf-8") and "now(" not in path.read_text("utf-8")
    for module in modules:
        name = module.removeprefix("screening.").split(".")[0]
        if module.startswith("screening.") and name in CORE:
            assert CORE.index(name) < CORE.index(path.stem), f"{path.stem} imports {name}"


def test_the_patients_path_never_imports_pandas_altair_or_pyarrow():
    code = "import sys, screening.web.server, screening.ui.patient, screening.intake; print([m for m in ('pandas','altair','pyarrow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_pages_give_typed_text_only_to_elements_that_read_no_markdown():
    unsafe = {"markdown", "write", "caption", "metric", "table", "error", "warning", "success", "info", "header", "subheader", "toast"}
    for path in (ROOT / "screening" / "ui").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
                assert node.attr not in unsafe, f"{path.name}:{node.lineno} st.{node.attr}"


def test_answers_use_no_callbacks_forms_or_addresses():
    for path in (ROOT / "screening" / "ui").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword):
                assert node.arg not in ("on_change", "on_click", "bind", "unsafe_allow_html"), f"{path.name}:{node.value.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr != "form_submit_button", path.name
                assert node.attr != "form" or not (isinstance(node.value, ast.Name) and node.value.id == "st"), path.name


def test_every_word_of_the_app_that_is_said_is_in_the_content_and_no_other(content):
    said: set[str] = set()
    for path in SOURCES:
        said |= set(re.findall(r"""(?:say|content_word)\(\s*f?["']([a-z][\w-]*)["']""", path.read_text("utf-8")))
        said |= set(re.findall(r"""words\[["']([\w-]+)["']\]""", path.read_text("utf-8")))
    known = set(content.words)
    assert said <= known, sorted(said - known)
    prefixed = {"problem", "map", "unit", "number"}
    listed = {"welcome", "medicines"}
    assert {word for word in known - said if word.split("-")[0] not in prefixed | listed} == set()


def test_every_word_has_the_same_braces_in_every_language(content):
    for key, text in content.words.items():
        braces = {tuple(sorted(re.findall(r"{\w+}", words))) for words in text.root.values()}
        assert len(braces) == 1, key


def test_every_kind_of_problem_has_words(content):
    code = "".join(path.read_text("utf-8") for path in SOURCES if path.stem in CORE)
    for found in set(re.findall(r"""(?:Refused|Unreadable)\("([\w-]+)"\)""", code)):
        assert f"problem-{found}" in content.words, found
