"""The patient's path stays light, and the rules of the house hold in every file. Imports: `make lint` (import-linter)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

from screening.settings import ROOT
from screening.ui.audience import STAFF_PAGES
from screening.ui.staff import router

SOURCES = sorted([*(ROOT / "screening").rglob("*.py"), *(ROOT / "exports").rglob("*.py")])


CORE = [path for room in ("model", "medicines", "engine") for path in sorted((ROOT / "screening" / room).rglob("*.py"))]
PAGES = sorted((ROOT / "screening" / "ui").rglob("*.py"))


def test_the_core_never_asks_what_day_it_is():
    for path in CORE:
        text = path.read_text("utf-8")
        assert "today()" not in text and "now(" not in text, path


def test_the_patients_path_never_imports_pandas_altair_or_pyarrow():
    code = "import sys, screening.web.server, screening.ui.patient.pages, screening.use_cases.intake; print([m for m in ('pandas','altair','pyarrow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_pages_give_typed_text_only_to_elements_that_read_no_markdown():
    unsafe = {
        "markdown",
        "write",
        "caption",
        "metric",
        "table",
        "error",
        "warning",
        "success",
        "info",
        "header",
        "subheader",
        "toast",
    }
    for path in PAGES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
                assert node.attr not in unsafe, f"{path.name}:{node.lineno} st.{node.attr}"


def test_answers_use_no_callbacks_forms_or_addresses():
    for path in PAGES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword):
                assert node.arg not in ("on_change", "on_click", "unsafe_allow_html"), (
                    f"{path.name}:{node.value.lineno}"
                )
                assert node.arg != "bind", f"{path.name}:{node.value.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr != "form_submit_button", path.name
                assert node.attr != "form" or not (isinstance(node.value, ast.Name) and node.value.id == "st"), (
                    path.name
                )


def test_every_word_of_the_app_that_is_said_is_in_the_content_and_no_other(content):
    said: set[str] = set()
    for path in SOURCES:
        said |= set(re.findall(r"""(?:say|content_word)\(\s*f?["']([a-z][\w-]*)["']""", path.read_text("utf-8")))
        said |= set(re.findall(r"""words\[["']([\w-]+)["']\]""", path.read_text("utf-8")))
    known = set(content.words)
    assert said <= known, sorted(said - known)
    prefixed = {"problem", "map", "unit", "number", "date", "page", "topics"}
    listed = {"welcome", "medicines"}
    assert {word for word in known - said if word.split("-")[0] not in prefixed | listed} == set()


def test_every_word_has_the_same_braces_in_every_language(content):
    for key, text in content.words.items():
        braces = {tuple(sorted(re.findall(r"{\w+}", words))) for words in text.root.values()}
        assert len(braces) == 1, key


def test_every_kind_of_problem_has_words(content):
    code = "".join(path.read_text("utf-8") for path in CORE)
    for found in set(re.findall(r"""(?:Refused|Unreadable)\("([\w-]+)"\)""", code)):
        assert f"problem-{found}" in content.words, found


def test_the_addresses_of_the_staffs_side_are_those_of_its_pages():
    assert {page.path for page in router.PAGES} | {"staff"} == STAFF_PAGES
