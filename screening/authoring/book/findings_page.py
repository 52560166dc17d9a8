"""The page docs/findings.md: what `check` can find, made from the catalogue in screening/loading/finding.py."""

from __future__ import annotations

from screening.loading.codes import CODES

_GROUPS = {
    "D": "Reading files",
    "M": "Keys and values",
    "S": "The shape of the questionnaire",
    "R": "Conditions and rules",
    "C": "Worked cases",
    "U": "Strength of worked cases (`check --deep`)",
    "W": "What patients read",
    "T": "Translations",
    "P": "Privacy",
    "H": "Help and the clinic's numbers",
    "B": "The clinic's face",
    "V": "Rules' words",
    "E": "Evidence",
    "F": "Medicines",
    "K": "A clinic's attention (`check --cohort`)",
    "X": "What can happen (`check --deep`)",
    "A": "Accepted findings",
}

_HEAD = """# Findings

Made by `python -m screening findings > docs/findings.md`; do not edit. `python -m screening check` prints each finding
with its file and line. An **error** makes `check` exit with 1. A **warning** is listed and does not: mend it, or write
in `content/accepted.yaml` where it stays and why.
A code keeps its meaning for ever. Every code has a planted mistake in `tests/authoring/planted.py`.
"""


def page() -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for letter in dict.fromkeys(code[0] for code in CODES):
        lines += [f"## {_GROUPS[letter]}", "| code | level | what | how to mend it |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {code} | {one.level} | {one.what} | {one.remedy} |" for code, one in CODES.items() if code[0] == letter
        ]
        lines.append("")
    return "\n".join(lines)
