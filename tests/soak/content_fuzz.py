"""Mutated content files: each is accepted, or every complaint has a file, a line and a message; never a traceback, never over a second.

    python -m tests.soak.content_fuzz [--count 100000]

One file is changed at a time (bytes, lines, words, indents, repeats) and read as the loader reads it: strict YAML, then the model of
that file. Every hundredth goes through the whole loader with all its cross-checks.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import typer
from tqdm import tqdm

from screening.loading.files import ContentFiles
from screening.loading.finding import ContentError
from screening.loading.load import load
from screening.model.questionnaire import Questionnaire
from screening.model.site import AnswerSets, Site, Sources, Words
from screening.settings import ROOT

SLOWEST = 1.0
NASTY = [
    "\t",
    "\0",
    "\x85",
    "\u202e",
    "\ufeff",
    "&a",
    "*a",
    "!!python/object:os.system",
    "{",
    "[" * 60,
    "}" * 3,
    "- " * 30,
    ": ",
    "? ",
    "| ",
    "> ",
    "'",
    '"',
    "#",
    "---",
    "...",
    "yes",
    "no",
    "null",
    "~",
    "1e999",
    "-.inf",
    ".nan",
    "0x1F",
    "010",
    "12:30:45",
    "99999999999999999999999",
    "{{}}",
    "%YAML 9.9",
    "<<: *a",
    "a" * 5_000,
    "\ud7ff",
    "é",
    "\r",
]


def mutated(body: bytes, dice: random.Random) -> bytes:
    """One to three random changes."""
    for _ in range(dice.randint(1, 3)):
        kind = dice.randrange(8)
        lines = body.split(b"\n")
        at = dice.randrange(len(lines))
        if kind == 0 and body:
            spot = dice.randrange(len(body))
            body = body[:spot] + bytes([dice.randrange(256)]) + body[spot + 1 :]
        elif kind == 1:
            spot = dice.randrange(len(body) + 1)
            body = body[:spot] + dice.choice(NASTY).encode("utf-8") + body[spot:]
        elif kind == 2:
            del lines[at]
            body = b"\n".join(lines)
        elif kind == 3:
            lines.insert(at, lines[dice.randrange(len(lines))])
            body = b"\n".join(lines)
        elif kind == 4:
            lines[at] = b" " * dice.randint(1, 6) + lines[at] if dice.random() < 0.5 else lines[at].lstrip()
            body = b"\n".join(lines)
        elif kind == 5:
            words = lines[at].split(b" ")
            words[dice.randrange(len(words))] = dice.choice(NASTY).encode("utf-8")
            lines[at] = b" ".join(words)
            body = b"\n".join(lines)
        elif kind == 6:
            body = body[: dice.randrange(len(body) + 1)]
        else:
            spot, other = sorted((dice.randrange(len(body) + 1), dice.randrange(len(body) + 1)))
            body = body[:spot] + body[spot : min(other, spot + 400)] * dice.randint(0, 3) + body[other:]
        if not body:
            body = b"\n"
    return body


def models() -> dict[str, type]:
    """The model of each file."""
    from screening.loading.load import MedicineClasses
    from screening.model.section import Section

    found: dict[str, type] = {
        "site.yaml": Site,
        "questionnaire.yaml": Questionnaire,
        "shared.yaml": AnswerSets,
        "body-regions.yaml": AnswerSets,
        "words.yaml": Words,
        "sources.yaml": Sources,
        "medicines/classes.yaml": MedicineClasses,
    }
    return found | {f"sections/{path.name}": Section for path in (ROOT / "content" / "sections").glob("*.yaml")}


def fuzz(count: int, seed: int = 1, whole_every: int = 100) -> Counter[str]:
    """accepted, refused, and what must not be: unclean (an exception), wordless (a finding without line or message), slow."""
    dice, tally, slowest = random.Random(seed), Counter[str](), 0.0
    kinds = models()
    names = sorted(kinds)
    originals = {name: (ROOT / "content" / name).read_bytes() for name in names}
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "content"
        shutil.copytree(ROOT / "content", copy)
        for number in tqdm(range(count), unit=" files", disable=None):
            name = dice.choice(names)
            (copy / name).write_bytes(mutated(originals[name], dice))
            begin = time.process_time()
            try:
                findings = []
                if number % whole_every == whole_every - 1:
                    try:
                        load(copy)
                    except ContentError as error:
                        findings = list(error.findings)
                else:
                    reader = ContentFiles(copy)
                    reader.model(name, kinds[name])
                    findings = reader.findings
                tally["refused" if findings else "accepted"] += 1
                tally["wordless"] += sum(1 for one in findings if not one.file or one.line < 1 or not one.what)
            except Exception as error:
                tally["unclean"] += 1
                tally[f"unclean {type(error).__name__} in {name}"] += 1
            took = time.process_time() - begin
            if number % whole_every != whole_every - 1:  # the whole content takes about half a second to load anyway
                slowest = max(slowest, took)
                tally["slow"] += took > SLOWEST
            (copy / name).write_bytes(originals[name])
    tally["slowest ms"] = int(slowest * 1_000)
    return tally


def main(count: int = 100_000, whole_every: int = 100) -> None:
    tally = fuzz(count, whole_every=whole_every)
    print(dict(tally))
    sys.exit(bool(tally["unclean"] or tally["wordless"] or tally["slow"]))


if __name__ == "__main__":
    typer.run(main)
