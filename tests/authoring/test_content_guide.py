"""The guide is right: its example is planted, checked, screened, signed and taken back as it stands there; the list of keys is current."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date

import pytest
from pydantic import BaseModel

from screening.authoring.book.reference import FILES, meanings, reference
from screening.authoring.check import check
from screening.engine.screen import screen_answers
from screening.loading.load import load
from screening.settings import ROOT
from tests.conftest import SHIPPED

DAY = date(2026, 12, 1)  # after every day that the content names as past

GUIDE = (ROOT / "docs" / "content-guide.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def blocks(language: str, about: str) -> list[str]:
    return [body for kind, said, body in BLOCKS if kind == language and said.split(" ")[0] == about]


def plant(directory) -> None:
    """Put the guide's questions and rule where it says."""
    for language, said, body in BLOCKS:
        if language == "yaml" and said.split(" ")[0] in ("items", "rules"):
            where, file = said.split(" ")
            path = directory / file.removeprefix("my-content/")
            head, tail = re.split(rf"(?<=\n){where}:\n", path.read_text("utf-8"))
            inside, *rest = re.split(r"(?m)^(?=[a-z]+:)", tail, maxsplit=1)
            path.write_text("".join([head, f"{where}:\n", inside.rstrip("\n"), "\n\n", body, "\n", *rest]), "utf-8")


@pytest.fixture
def planted(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "my-content")
    plant(tmp_path / "my-content")
    return tmp_path / "my-content"


@pytest.mark.slow
def test_every_command_of_the_example_prints_what_the_guide_says(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "content")
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    environment = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    ran = []
    for n, (language, said, body) in enumerate(BLOCKS):
        if (language, said) != ("sh", "run"):
            continue
        done = subprocess.run(
            ["sh", "-ec", body.replace("screening check", f"screening check --on {DAY}")],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        if "cp -r" in body:
            plant(tmp_path / "my-content")
        wanted = BLOCKS[n + 1][2] if n + 1 < len(BLOCKS) and BLOCKS[n + 1][1] == "output" else ""
        for line in wanted.splitlines():
            assert line in done.stdout + done.stderr, line
        ran.append(body.split(" ")[0])
    assert ran == ["cp", "python", "echo", "python"] and (tmp_path / "review" / "rules.pdf").exists()
    assert "eye-contact-lenses" in (tmp_path / "review" / "rules.html").read_text("utf-8")


def test_a_misspelt_name_is_found_in_the_words_of_the_guide(planted):
    path = planted / "sections" / "brain-eyes.yaml"
    ((said, expected),) = [
        (said.split(" ")[1], body.strip()) for kind, said, body in BLOCKS if said.startswith("misspelt")
    ]
    path.write_text(
        path.read_text("utf-8").replace(
            "when: {item: contact-lenses, is: yes}\n    patient", f"when: {{item: {said}, is: yes}}\n    patient"
        ),
        "utf-8",
    )
    _, findings = check(planted, DAY)
    assert [f"{one.what} {one.remedy}" for one in findings] == [expected]


def test_a_signed_rule_is_used_where_drafts_are_not_and_a_retired_one_nowhere(planted):
    path, site = planted / "sections" / "brain-eyes.yaml", planted / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("screen_with_drafts: true", "screen_with_drafts: false"), "utf-8")
    draft = path.read_text("utf-8")
    answers = {"contact-lenses": "yes", "contact-lenses-alone": "no"}

    def raised() -> list[str]:
        content = load(planted)
        return [flag.rule for flag in screen_answers(answers, DAY, content).result.flags]

    assert raised() == []
    (signed,) = blocks("yaml", "signed")
    head, rule = draft.split("  - id: eye-contact-lenses\n")
    path.write_text(
        head + "  - id: eye-contact-lenses\n" + rule.replace("    status: draft\n    reviewed: pending\n", signed),
        "utf-8",
    )
    assert raised() == ["eye-contact-lenses"] and check(planted, DAY)[1] == []
    path.write_text(path.read_text("utf-8").replace("status: active", "status: retired"), "utf-8")
    assert raised() == [] and check(planted, DAY)[1] == []


def test_every_command_in_the_guide_exists():
    from typer.main import get_command

    from screening.__main__ import app

    known = set(get_command(app).commands)
    named = set(
        re.findall(r"python -m screening ([a-z]+)", GUIDE + (ROOT / "content" / "README.md").read_text("utf-8"))
    )
    assert {"check", "screen", "table", "replay"} <= named <= known


def test_the_reference_of_keys_is_current():
    assert (ROOT / "docs" / "content-keys.md").read_text("utf-8") == reference(), (
        "python -m screening.authoring.book.reference docs/content-keys.md"
    )


def test_every_key_that_the_content_uses_is_in_the_reference():
    page = reference()
    used = {
        match
        for path in SHIPPED.rglob("*.yaml")
        for match in re.findall(r"(?m)^(?:- |  (?:- )?|    (?:- )?)?([a-z_]+):(?= |$)", path.read_text("utf-8"))
    }
    keys = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    schema = {
        key
        for _, model in FILES
        for key in re.findall(r'"properties": \{"(\w+)"', json.dumps(model.model_json_schema()))
    }
    assert (
        schema <= keys
        and {"link_id", "enable_when", "tier_when", "supersedes", "any_of", "at_least", "is", "takes", "use", "weight"}
        <= keys
    )
    assert {
        "items",
        "rules",
        "section",
        "title",
        "clinic",
        "thresholds",
        "answer_sets",
        "classes",
        "factors",
    } <= used & keys


def test_every_key_of_every_model_says_what_it_means():
    def models(model: type[BaseModel]):
        yield model
        for one in model.__subclasses__():
            yield from models(one)

    from screening.model.condition import _Node
    from screening.model.content_model import ContentModel

    for base in (ContentModel, _Node):
        for model in models(base):
            if model.__module__.startswith("screening.") and "__annotations__" in vars(model):
                keys = {key for key in vars(model)["__annotations__"] if key in model.model_fields}
                assert keys <= set(meanings(model)), f"{model.__name__}: {sorted(keys - set(meanings(model)))}"


@pytest.mark.parametrize("page", ["docs/content-guide.md", "docs/content-keys.md", "content/README.md"])
def test_every_link_arrives(page):
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        path = (ROOT / page).parent / file if file else ROOT / page
        assert path.exists(), target
        assert not anchor or f'<a id="{anchor}"></a>' in path.read_text("utf-8"), target
