"""What the pages of the repository say of commands, targets and files is so."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from screening.__main__ import app
from screening.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "content/*.md", ".github/**/*.md", "requirements*.in")
    for path in ROOT.glob(pattern)
)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def commands() -> set[str]:
    """Every command of the program, with those of its groups as `group command`."""

    tree = typer.main.get_command(app)
    names = set()
    for name, command in tree.commands.items():
        names |= {name, *(f"{name} {one}" for one in getattr(command, "commands", {}))}
    return names


def test_make_help_lists_every_target_with_its_own_comment():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    listed = dict(re.findall(r"^make ([a-z-]+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert set(listed) == targets()


def test_every_target_that_makes_no_file_is_phony_and_no_other_name_is():
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.split()) == targets()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_names_only_targets_commands_and_files_that_there_are(page):
    text = page.read_text("utf-8")
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)])
    assert set(re.findall(r"\bmake ([a-z][a-z-]+)", code)) <= targets()
    for words in re.findall(r"(?:-m screening|intake-screening) ([a-z][a-z-]+(?: [a-z][a-z-]+)?)", code):
        assert words in commands() or words.split()[0] in commands(), words
    for _, target in re.findall(r"\[([^\]]+)\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target
    for path in re.findall(r"(?<![\w/-])((?:docs|content|tests|benchmarks|deploy|screening|exports)/[\w./-]*\w)", text):
        assert (ROOT / path).exists(), path


def test_the_architecture_page_has_every_room_and_the_floors_that_lint_holds():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {path.parent.relative_to(ROOT) for path in (ROOT / "screening").rglob("*.py")} - {Path("screening")}
    for room in rooms:
        inner = room.parts[1] in ("ui", "authoring") and len(room.parts) == 2
        assert inner or "migrations" in room.parts or f"`{room}/`" in page, room
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(one["layers"] for one in contracts if one["type"] == "layers")
    assert "```\n" + "\n".join(floors) + "\n```" in page


def test_the_glossary_is_in_order_and_no_word_stands_twice():
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = re.findall(r"^\| ([^|]+?) \|", page, re.MULTILINE)[2:]
    assert words == sorted(set(words), key=str.lower)


def test_the_citation_names_the_version_of_the_program():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])


def test_the_workflow_calls_the_two_commands_on_every_python_that_is_supported():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yaml").read_text("utf-8"))["jobs"]["test"]
    assert [step["run"] for step in workflow["steps"] if "run" in step] == ["make lint", "make test"]
    assert workflow["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def test_hooks_before_a_commit_run_what_lint_runs():
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    recipe = re.sub(r"\$\(VENV\)/bin/|\$\(PY\)", "", MAKEFILE[MAKEFILE.index("\nlint:") :]).split("\n\n")[0]
    for hook in local["hooks"]:
        assert hook["entry"].removeprefix(".venv/bin/").removeprefix("python ") in recipe, hook
