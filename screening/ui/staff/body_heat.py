"""The body map with every region in one of five greys: how many people hurt there. Light is few and dark is many, so it
reads on paper and without colours; the legend says each step in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from screening.use_cases.statistics import CountRow

_SVG = "http://www.w3.org/2000/svg"
_DRAWING = Path(__file__).parent.parent / "form" / "body_map.svg"
GREYS = ("#ffffff", "#d6d6d6", "#a8a8a8", "#6e6e6e", "#2b2b2b")


@dataclass(frozen=True)
class Grey:
    """One grey of the legend, and what it says."""

    grey: str
    words: str


def steps(least: int, most: int, none: str) -> list[tuple[int, Grey]]:
    """(smallest count, grey and words), lightest first: `none`, then up to four equal steps from `least` to `most`
    people."""
    found = [(0, Grey(GREYS[0], none))]
    if most < least:
        return found
    begins = sorted({least + ((most - least + 1) * n) // 4 for n in range(4)})
    for grey, first, after in zip(GREYS[len(GREYS) - len(begins) :], begins, [*begins[1:], most + 1], strict=True):
        found.append((first, Grey(grey, _people(first, after - 1))))
    return found


def _people(first: int, last: int) -> str:
    return f"{first} to {last} people" if first != last else "1 person" if first == 1 else f"{first} people"


def body_heat(rows: tuple[CountRow, ...], masked: bool) -> tuple[str, list[Grey]]:
    """The drawing as SVG text, and its legend. A region without a shape stands in the table only."""
    counts = {row.code: row.count or 0 for row in rows if row.code in _drawn()}
    shown = [count for count in counts.values() if count]
    found = steps(
        min(shown, default=1) if masked else 1, max(shown, default=0), "too few to show" if masked else "nobody"
    )
    greys = {
        code: next(step.grey for first, step in reversed(found) if count >= first) for code, count in counts.items()
    }
    return _filled(greys), [step for _, step in found]


def _filled(greys: Mapping[str, str]) -> str:
    drawing = ElementTree.fromstring(_drawing())  # our own file  # noqa: S314
    for path in drawing.iter(f"{{{_SVG}}}path"):
        if "data-code" in path.attrib:
            path.set("fill", greys.get(path.attrib["data-code"], GREYS[0]))
            path.set("stroke", "#4d4d4d")
    return ElementTree.tostring(drawing, encoding="unicode")


@cache
def _drawn() -> frozenset[str]:
    return frozenset(
        path.attrib["data-code"]
        for path in ElementTree.fromstring(_drawing()).iter()  # noqa: S314  our own file
        if "data-code" in path.attrib
    )


@cache
def _drawing() -> str:
    ElementTree.register_namespace("", _SVG)
    return _DRAWING.read_text("utf-8")
