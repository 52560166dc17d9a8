"""The body map without a browser: shapes against content, and what a press does to the choice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.loading import document
from screening.model.site import AnswerSets
from screening.ui.form import body_map
from screening.ui.form.body_map import DRAWN, Heard, in_order, merge_presses

ROOT = Path(__file__).parents[2]
KNOWN = ["head", "neck", "left-knee", "right-knee"]


def options() -> list[Any]:
    """The options of content/body-regions.yaml, read as the app reads them."""
    data = document.read(ROOT / "content" / "body-regions.yaml").data
    return list(AnswerSets.model_validate(data).answer_sets["body-regions"])


def regions() -> list[str]:
    """The codes that are places on the body."""
    return [option.code for option in options() if option.meaning is None]


def shapes(view: str) -> list[str]:
    """The codes drawn in one view, from the parsed drawing."""
    drawing = ElementTree.parse(Path(body_map.__file__).with_name("body_map.svg"))
    group = drawing.find(f".//*[@data-view='{view}']")
    assert group is not None
    return [path.attrib["data-code"] for path in group if "data-code" in path.attrib]


def press(turn: int, *, base: list[str], on: list[str] = (), off: list[str] = (), session: str = "s") -> dict[str, Any]:  # type: ignore[assignment]
    """What the drawing sends."""
    return {"session": session, "turn": turn, "base": base, "on": list(on), "off": list(off)}


# ------------------------------------------------------------ shapes and content


def test_every_region_has_a_shape_and_every_shape_a_region() -> None:
    assert set(regions()) == DRAWN == set(shapes("front")) | set(shapes("back"))


@pytest.mark.parametrize("view", ["front", "back"])
def test_a_view_draws_a_region_once_and_both_sides_of_it(view: str) -> None:
    drawn = shapes(view)
    assert len(drawn) == len(set(drawn))
    assert {code.replace("left-", "right-") for code in drawn if code.startswith("left-")} == {
        code for code in drawn if code.startswith("right-")
    }


def test_the_persons_left_is_on_the_right_of_the_front_view_only() -> None:
    svg = Path(body_map.__file__).with_name("body_map.svg").read_text("utf-8")
    for half, left_is_right in zip(svg.split('data-view="back"'), (True, False), strict=True):
        found = re.findall(r'data-code="(left|right)-[^"]+" data-at="([\d.]+) ', half)
        assert found
        assert all((float(x) > 170) == ((side == "left") == left_is_right) for side, x in found)


def test_the_list_runs_from_head_to_foot_and_ends_with_the_ways_out() -> None:
    codes = [option.code for option in options()]
    assert codes[0] == "head"
    assert codes[-3:] == ["right-foot", "not-sure", "declined"]
    assert [option.meaning for option in options()[-2:]] == ["not-sure", "declined"]
    for language in ("en", "es"):
        names = [option.text[language] for option in options()]
        assert len(names) == len(set(names))


def test_the_drawing_asks_for_nothing_from_outside() -> None:
    for name in ("body_map.svg", "body_map.js", "body_map.css"):
        text = Path(body_map.__file__).with_name(name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|url\(|import\(|@import|eval|innerHTML|new Function|<script|style=", text), name


# ------------------------------------------------------------ what a press does


def test_a_press_adds_and_takes_away_in_the_order_of_the_list() -> None:
    heard = Heard("s")
    assert merge_presses(KNOWN, ["right-knee"], press(1, base=["right-knee"], on=["head"]), heard) == [
        "head",
        "right-knee",
    ]
    assert merge_presses(KNOWN, ["head", "right-knee"], press(2, base=["head"], off=["head"]), heard) == ["right-knee"]


def test_a_press_counts_once_so_a_later_choice_of_the_list_stands() -> None:
    heard = Heard("s")
    said = press(1, base=[], on=["head"])
    assert merge_presses(KNOWN, [], said, heard) == ["head"]
    assert merge_presses(KNOWN, ["head", "neck"], said, heard) == ["head", "neck"]
    assert merge_presses(KNOWN, [], said, heard) == []


def test_a_press_and_a_change_of_the_list_in_one_run_are_both_kept() -> None:
    assert merge_presses(KNOWN, ["neck"], press(1, base=[], on=["head"]), Heard("s")) == ["head", "neck"]


def test_after_a_restart_a_press_that_was_never_heard_counts() -> None:
    heard = Heard("new")
    assert merge_presses(KNOWN, ["neck"], press(5, base=["neck"], on=["head"], session="old"), heard) == [
        "head",
        "neck",
    ]
    assert heard.turn == 5


def test_after_a_restart_a_press_that_was_heard_before_does_not_undo_what_came_since() -> None:
    heard = Heard("new")
    assert merge_presses(KNOWN, ["neck"], press(5, base=[], on=["head"], session="old"), heard) == ["neck"]
    assert merge_presses(KNOWN, [], press(5, base=[], on=["head"], session="old"), heard) == []


def test_a_region_without_a_shape_is_left_as_it_is() -> None:
    assert merge_presses([*KNOWN, "tail"], ["tail"], press(1, base=["tail"], on=["head"]), Heard("s")) == [
        "head",
        "tail",
    ]


codes = st.one_of(st.sampled_from([*KNOWN, "unknown"]), st.none(), st.integers(), st.lists(st.integers()))
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(codes)),
    lambda inner: st.dictionaries(st.sampled_from(["turn", "base", "on", "off", "session", "x"]), inner),
)


@given(anything, st.lists(st.sampled_from([*KNOWN, "unknown"])))
def test_whatever_a_browser_sends_only_known_codes_come_out_each_once_and_in_order(
    sent: Any, chosen: list[str]
) -> None:
    heard = Heard("s")
    now = merge_presses(KNOWN, chosen, sent, heard)
    assert now == in_order(KNOWN, now)
    assert heard.turn >= 0
    assert merge_presses(KNOWN, now, sent, heard) == now
