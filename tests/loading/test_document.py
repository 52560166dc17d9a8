"""Strict YAML: words stay words, and no file can crash the loader."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.loading.document import DEEPEST, LARGEST, DocumentError, parse, read
from screening.settings import ROOT


def test_yes_no_and_on_stay_words_and_numbers_are_numbers():
    assert parse(b"a: yes\nb: no\non: off\nc: 12\nd: 1.5\ne: '12'\nf: 2026-11-23\ng: 12:30:45\nh: 010\ni:\n").data == {
        "a": "yes",
        "b": "no",
        "on": "off",
        "c": 12,
        "d": 1.5,
        "e": "12",
        "f": "2026-11-23",
        "g": "12:30:45",
        "h": 10,
        "i": None,
    }


def test_every_value_knows_its_line():
    found = parse(b"a:\n  - b: 1\n  - c:\n      d: x\n")
    assert found.line(("a", 0, "b")) == 2
    assert found.line(("a", 1, "c", "d")) == 4
    assert found.line(("a", 1, "c", "nothing")) == 3


@pytest.mark.parametrize(
    "bad, words",
    [
        (b"a: &x 1\nb: *x\n", "anchors"),
        (b"a: !!python/object:os.system x\n", "tags"),
        (b"a: 1\na: 2\n", "twice"),
        (b"<<: {a: 1}\n", "merge"),
        (b"? [a, b]\n: 1\n", "plain word"),
        (b"a: 1\n---\nb: 2\n", "second document"),
        (b"a: [1, 2\n", "line"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[" * 50_000, "deep"),
        (b"a: " + b"{a: " * (DEEPEST + 2) + b"1" + b"}" * (DEEPEST + 2), "deep"),
        (b"- 1\n" * 70_000, "values"),
        (b"\x00", "line"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_a_remedy(bad, words):
    with pytest.raises(DocumentError) as error:
        parse(bad)
    assert error.value.line >= 1
    assert error.value.remedy
    assert words in str(error.value) or words == "line"


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: " + b"x" * LARGEST)
    with pytest.raises(DocumentError, match="larger"):
        read(path)


@given(st.binary(max_size=400))
def test_any_bytes_end_cleanly(raw):
    try:
        parse(raw)
    except DocumentError as error:
        assert error.line >= 1


def test_thousands_of_mutants_of_the_real_files_end_cleanly_and_quickly():
    chance = random.Random(20261123)
    sources = [path.read_bytes()[:6_000] for path in sorted((ROOT / "content").rglob("*.yaml"))]
    pieces = [
        b"[",
        b"{",
        b"&a ",
        b"*a",
        b"!!x ",
        b": ",
        b"- ",
        b"\n",
        b"\t",
        b'"',
        b"'",
        b"|",
        b">",
        b"%",
        b"\x00",
        b"\xc3",
        b"<<: ",
        b"---\n",
    ]
    slowest = 0.0
    for _ in range(3_000):
        raw = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.choice((0, 1, 3, 40))] = chance.choice(pieces) * chance.choice((1, 1, 1, 60))
        begun = time.process_time()
        try:
            parse(bytes(raw))
        except DocumentError:
            pass
        slowest = max(slowest, time.process_time() - begun)
    assert slowest < 1
