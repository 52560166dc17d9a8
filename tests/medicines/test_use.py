"""What people say about use: each frame by its example, sentences written by somebody who had not seen the frames, and
what may never happen: a medicine that is taken, read as not taken without anything to ask."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.loading.load import load
from screening.medicines import frames
from screening.medicines.formulary import UNRECOGNISED
from tests.conftest import SHIPPED

FORMULARY = load(SHIPPED).formulary
HERE = Path(__file__).parent
THIS_YEAR = 2026
SAME = {
    "dextroamphetamine": "amphetamine",
    "botulinum toxin type a": "onabotulinumtoxina",
    "insulin nph": "insulin isophane",
    "calcium carbonate": "calcium",
}
RANK = ("taken", "ask", "recent", "not-taken")
SENTENCES, NEW_SENTENCES = (
    list(csv.DictReader((HERE / name).open(encoding="utf-8"), delimiter="\t"))
    for name in ("use_sentences.tsv", "use_sentences_new.tsv")
)


def use_of(reading):
    """taken, ask, recent (ended, and when is not known or not long ago) or not-taken."""
    if reading.use in ("current", "unknown"):
        return "taken" if reading.use == "current" and reading.status == "matched" else "ask"
    long_ago = reading.recent is False or (reading.until or THIS_YEAR) < THIS_YEAR
    return "recent" if reading.use == "stopped" and not long_ago else "not-taken"


def uses(text):
    """Ingredient -> its use; of two, the one that says more of taking."""
    found = {}
    for reading in FORMULARY.read(text):
        named = reading.ingredients or [
            one for name in reading.suggestions for part in FORMULARY.read(name) for one in part.ingredients
        ]
        for one in named:
            name, use = SAME.get(one, one), use_of(reading)
            if name not in found or RANK.index(use) < RANK.index(found[name]):
                found[name] = use
    return found


def pairs(text):
    for pair in filter(None, (part.strip() for part in text.split(";"))):
        name, use = pair.rsplit(":", 1)
        yield SAME.get(name.strip(), name.strip()), use.strip()


def judged(row):
    """(right, taken but read as not taken and nothing to ask) of one sentence."""
    text, note = row["text"].replace("\\n", "\n"), row["note"] or ""
    found, wanted = uses(text), dict(pairs(row["expected"]))
    allowed = {name: {use} for name, use in wanted.items()}
    tolerated = set()
    for kind, listed in re.findall(r"(also-ok|optional):([^;]*)", note):
        for name, use in pairs(listed.replace(",", ";")):
            allowed.setdefault(name, set()).add(use) if kind == "also-ok" else tolerated.add(name)
    for other in re.findall(r"also-ok name:([^;]*)", note):
        for name in (SAME.get(one.strip(), one.strip()) for one in other.split(",")):
            if name in found:
                found.setdefault(next(iter(wanted)), found[name])
                tolerated.add(name)
    right = all(found.get(name) in allowed[name] for name in wanted)
    extra = {name for name, use in found.items() if use != "not-taken"} - set(allowed) - tolerated
    unread = any(one.status == UNRECOGNISED for one in FORMULARY.read(text))
    lost = any(
        use == "taken" and found.get(name, "ask" if unread else None) not in ("taken", "ask")
        for name, use in wanted.items()
    )
    return right and not extra, lost


@pytest.mark.parametrize("frame", frames.FRAMES, ids=lambda frame: frame.example)
def test_each_frame_decides_its_example(frame):
    assert frame.use in {reading.use for reading in FORMULARY.read(frame.example)}


@pytest.mark.parametrize("number", range(len(frames.FRAMES)), ids=lambda n: frames.FRAMES[n].signs)
def test_no_frame_can_be_spared(number, monkeypatch):
    def read(text):
        return [(one.use, one.recent, one.until) for one in FORMULARY.read(text)]

    example = frames.FRAMES[number].example
    before = read(example)
    monkeypatch.setattr(frames, "_ROWS", frames._ROWS[:number] + frames._ROWS[number + 1 :])
    assert read(example) != before


def test_sentences_about_use_are_read_as_they_were_meant():
    assert sum(judged(row)[0] for row in SENTENCES) >= 0.95 * len(SENTENCES)
    assert sum(judged(row)[0] for row in NEW_SENTENCES) >= 0.95 * len(NEW_SENTENCES)


def test_nothing_that_is_taken_is_read_as_not_taken_without_asking():
    assert [row["text"] for row in [*SENTENCES, *NEW_SENTENCES] if judged(row)[1]] == []


@pytest.mark.parametrize(
    "text, ingredients",
    [
        ("lithium for the past 10 years", "lithium"),
        ("oxycodone 5 mg over the past year, twice a day", "oxycodone"),
        ("naltrexone to quit drinking", "naltrexone"),
        ("methadone stopped the worst of my pain", "methadone"),
        ("hydrocodone no longer works as well but I take it 4x a day", "hydrocodone"),
        ("changed from tramadol to oxycodone", "oxycodone"),
        ("oxycodone 10 mg (rash from morphine)", "oxycodone"),
        ("benadryl for the rash my patch gives me", "diphenhydramine"),
        ("Sudafed PE Sinus and Allergy", "phenylephrine"),
        ("Allegra-D allergy & congestion", "fexofenadine pseudoephedrine"),
        ("seasonal allergy: benadryl, sudafed", "diphenhydramine pseudoephedrine"),
        ("Keppra to avoid seizures", "levetiracetam"),
        ("I could not get through a day without gabapentin", "gabapentin"),
        ("my doctor recommended sertraline 50 mg daily and I take it", "sertraline"),
        ("Effexor, to get me off xanax", "venlafaxine"),
        ("gabapentin 300, never more than 3 a day", "gabapentin"),
        ("clonazepam no longer than two weeks at a time", "clonazepam"),
        ("I had to take zolpidem at bedtime again", "zolpidem"),
    ],
)
def test_a_word_about_something_else_is_not_taken_for_a_word_about_use(text, ingredients):
    found = uses(text)
    assert {found.get(one) for one in ingredients.split()} == {"taken"}


@pytest.mark.parametrize(
    "text, day_known",
    [("stopped lithium in 2020", False), ("ran out of lyrica last thursday", True), ("was on Paxil", None)],
)
def test_when_it_ended_is_read_where_the_text_says_so(text, day_known):
    (reading,) = FORMULARY.read(text)
    assert (reading.use, False if reading.until == 2020 else reading.recent) == ("stopped", day_known)


def test_an_unknown_use_may_be_any_and_what_the_person_says_decides():
    (reading,) = FORMULARY.read("have some leftover Percocet")
    assert reading.use == "unknown" and len(reading.states) > 2


@settings(deadline=None)
@given(st.sampled_from(SENTENCES), st.sampled_from(["\n", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]))
def test_every_kind_of_line_break_keeps_two_lines_apart(row, line_break):
    one, other = row["text"].replace("\\n", " "), "lisinopril 10 mg"
    assert uses(f"{one}{line_break}{other}") == uses(f"{one}\n{other}")
