"""Random and mangled texts through the recogniser and the list: none may crash, lose a word, or take 50 ms of CPU.

python -m tests.soak.medicine_strings --count 100000
"""

from __future__ import annotations

import argparse
import csv
import random
import string
import sys
import time
from collections import Counter
from pathlib import Path

from screening.loading.load import load
from screening.medicines.entries import entries, entry_text
from tests.conftest import SHIPPED

LONGEST = 0.050
ROWS = Path(__file__).parent.parent / "medicines" / "medicines_own.csv"
LETTERS = string.ascii_lowercase + "  ,.;:-/0123456789'()\n\u00e9\u00f1\u00fc\u4e2d\U0001f48a"


def mangled(rng: random.Random, known: list[str]) -> str:
    """A text: of letters alone, or of labelled entries with slips of the finger in them."""
    if rng.random() < 0.4:
        return "".join(rng.choices(LETTERS, k=rng.randrange(80)))
    text = rng.choice(("; ", "\n", ", ", " and ", " ")).join(rng.sample(known, rng.randint(1, 3)))
    for _ in range(rng.randrange(5)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(("", rng.choice(LETTERS), text[at : at + 3])) + text[at + rng.randrange(3) :]
    return text


def letters(text: str) -> Counter[str]:
    """Every letter and digit: "10xanax" may be cut in two, but nothing of it may be missing."""
    return Counter(char for char in text if char.isalnum())


def soak(count: int, seed: int) -> tuple[float, list[str]]:
    """Seconds of CPU of the slowest text, and what went wrong."""
    formulary = load(SHIPPED).formulary
    with ROWS.open(encoding="utf-8") as file:
        known = [row["text"] for row in csv.DictReader(file)]
    rng = random.Random(seed)
    slowest, wrong = 0.0, []
    for number in range(count):
        text = mangled(rng, known)
        begin = time.process_time()
        readings = formulary.read(text)
        slowest = max(slowest, time.process_time() - begin)
        if letters("\n".join(one.text for one in readings)) != letters(text):
            wrong.append(f"{number}: letters of {text!r} are lost in reading")
        if letters("\n".join(entry_text(one) for one in entries(text, formulary))) != letters(text):
            wrong.append(f"{number}: letters of {text!r} are lost in the list")
    if slowest > LONGEST:
        wrong.append(f"the slowest text took {slowest * 1000:.1f} ms")
    return slowest, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    slowest, wrong = soak(given.count, given.seed)
    for line in wrong[:20]:
        print(line)
    print(f"{given.count} texts, {len(wrong)} wrong, slowest {slowest * 1000:.1f} ms CPU")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
