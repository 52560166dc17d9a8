"""The list that a person makes: entries are cut where each means the same alone, and what was said is strict plain JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine.facts import ResponseFacts
from screening.engine.response import read
from screening.medicines.entries import entries, entry_text, read_entry
from screening.medicines.formulary import UNRECOGNISED
from screening.model.condition import Takes
from screening.model.item import Refused
from tests.conftest import shipped
from tests.soak.medicine_strings import soak

CONTENT = shipped()
ITEM = CONTENT.item("medicines")
DAY = date(2026, 11, 23)

typed = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "xannax",
                "stopped nardil",
                "no aspirin or aleve",
                "Stopped:",
                "lisinopril 10, hydro",
                "zorblaxin",
                "",
                "my wife takes lyrica",
            ]
        ),
        max_size=6,
    ).map("\n".join),
)
said = st.fixed_dictionaries(
    {"text": st.sampled_from(["xannax", "nardil", "hydro", "oxycodone 5 mg", "zorblaxin"])},
    optional={
        "confirmed": st.sampled_from(["xanax", "none-of-these", "hydroxyzine", "no such thing"]),
        "how": st.sampled_from(["regular", "as-needed", "stopped"]),
        "last_taken": st.sampled_from(["within-14-days", "longer-ago", "not-sure"]),
        "dose": st.fixed_dictionaries(
            {}, optional={"value": st.integers(1, 50), "unit": st.just("mg"), "per_day": st.integers(1, 6)}
        ).filter(bool),
    },
)


def accepted(*raw):
    return ITEM.accept(list(raw), DAY)


def readings(entry):
    return read_entry(entry, CONTENT.formulary, ITEM, DAY)


def letters(text):
    return Counter(char for char in text if char.isalnum())


@settings(deadline=None)
@given(typed)
def test_nothing_that_is_typed_is_lost_between_box_and_list(text):
    assert letters("\n".join(map(entry_text, entries(text, CONTENT.formulary)))) == letters(text)


@settings(deadline=None)
@given(typed)
def test_each_entry_means_alone_what_it_means_in_the_whole(text):
    whole = [(one.ingredients, one.use) for one in CONTENT.formulary.read(text) if one.ingredients]
    apart = [
        (one.ingredients, one.use)
        for entry in entries(text, CONTENT.formulary)
        for one in readings(entry)
        if one.ingredients
    ]
    assert apart == whole


@given(st.lists(said, min_size=1, max_size=4))
def test_an_accepted_list_is_plain_json_and_accepting_it_again_changes_nothing(raw):
    once = accepted(*raw)
    assert ITEM.accept(json.loads(json.dumps(once)), DAY) == once


def test_an_entry_of_which_nothing_was_said_is_its_text():
    assert accepted({"text": "  xanax "}, {"text": "x", "how": None}, {"text": " "}, "") == ("xanax", "x")


@pytest.mark.parametrize(
    "raw, code",
    [
        ({"text": 3}, "wrong-type"),
        ({"name": "xanax"}, "wrong-type"),
        ({"text": "xanax", "tier": "high"}, "wrong-type"),
        ({"text": "xanax", "confirmed": 3}, "wrong-type"),
        ({"text": "xanax", "confirmed": "x" * 400}, "too-long"),
        ({"text": "xanax", "how": "often"}, "unknown-option"),
        ({"text": "xanax", "how": ["regular"]}, "unknown-option"),
        ({"text": "xanax", "last_taken": "2020"}, "unknown-option"),
        ({"text": "xanax", "dose": 5}, "wrong-type"),
        ({"text": "xanax", "dose": {}}, "wrong-type"),
        ({"text": "xanax", "dose": {"value": 5, "unit": "stone"}}, "unknown-unit"),
        ({"text": "xanax", "dose": {"value": "5", "unit": "mg"}}, "not-a-number"),
        ({"text": "xanax", "dose": {"value": True, "unit": "mg"}}, "wrong-type"),
        ({"text": "xanax", "dose": {"value": float("nan"), "unit": "mg"}}, "dose-out-of-range"),
        ({"text": "xanax", "dose": {"value": -1, "unit": "mg"}}, "dose-out-of-range"),
        ({"text": "xanax", "dose": {"value": 1, "unit": "mg", "per_day": 500}}, "dose-out-of-range"),
        (["xanax"], "wrong-type"),
        ("x" * 5_000, "too-long"),
    ],
)
def test_an_entry_of_another_shape_is_refused_with_a_word_for_it(raw, code):
    with pytest.raises(Refused) as refused:
        accepted(raw)
    assert str(refused.value) == code and f"problem-{code}" in CONTENT.words


@given(said)
def test_what_was_typed_stays_as_typed_whatever_is_said_about_it(raw):
    (entry,) = accepted(raw)
    assert entry_text(entry) == raw["text"] and [one.text for one in readings(entry)] == [raw["text"]]


@given(said)
def test_saying_it_was_stopped_never_adds_a_class_that_is_taken_now(raw):
    def now(entry):
        return {name for one in readings(entry) if one.use == "current" for name in one.classes}

    assert now({**raw, "how": "stopped"}) == set()
    assert now({**raw, "how": "stopped"}) <= now(raw)


def test_a_confirmation_settles_a_guess_and_nonsense_settles_nothing():
    (guess,) = readings("hydro")
    assert guess.status == "suggested" and not guess.confirmed
    (right,) = readings({"text": "hydro", "confirmed": "hydroxyzine"})
    assert (right.status, right.ingredients, right.confirmed) == ("matched", ("hydroxyzine",), True)
    assert readings({"text": "hydro", "confirmed": "no such thing"}) == (guess,)
    (none,) = readings({"text": "xannax", "confirmed": "none-of-these"})
    assert (none.status, none.ingredients, none.text) == ("unrecognised", (), "xannax")


def test_every_name_that_is_proposed_can_be_chosen_or_is_not_offered():
    for text in ("hydro", "levo 50", "clon", "xannax", "advil pm", "allergy relief", "tylenol sinus"):
        for reading in readings(text):
            for name in reading.suggestions:
                settled = CONTENT.formulary.confirmed_as(reading, name)
                assert settled == reading or (settled.status == "matched" and settled.ingredients)


def test_the_route_in_the_words_still_counts_after_a_confirmation():
    (cream,) = readings({"text": "ketoconazol cream", "confirmed": "ketoconazole"})
    assert "cyp3a4-inhibitor" not in cream.classes
    (tablet,) = readings({"text": "ketoconazol tablet", "confirmed": "ketoconazole"})
    assert "cyp3a4-inhibitor" in tablet.classes


# ---------------------------------------------------------------- how it is taken

HOW = {  # what was said -> what each use of `takes` makes of it: 1 taken, 0 not, 2 cannot tell
    (None, None): {"now": 1, "regular": 2, "lately": 1, "listed": 1},
    ("regular", None): {"now": 1, "regular": 1, "lately": 1, "listed": 1},
    ("as-needed", "within-14-days"): {"now": 1, "regular": 0, "lately": 1, "listed": 1},
    ("as-needed", "longer-ago"): {"now": 0, "regular": 0, "lately": 0, "listed": 1},
    ("as-needed", "not-sure"): {"now": 2, "regular": 0, "lately": 2, "listed": 1},
    ("as-needed", None): {"now": 2, "regular": 0, "lately": 2, "listed": 1},
    ("stopped", "within-14-days"): {"now": 0, "regular": 0, "lately": 1, "listed": 0},
    ("stopped", "longer-ago"): {"now": 0, "regular": 0, "lately": 0, "listed": 0},
    ("stopped", "not-sure"): {"now": 0, "regular": 0, "lately": 2, "listed": 0},
    ("stopped", None): {"now": 0, "regular": 0, "lately": 2, "listed": 0},
    ("ran-out", "within-14-days"): {"now": 2, "regular": 2, "lately": 1, "listed": 2},
    ("ran-out", "longer-ago"): {"now": 0, "regular": 0, "lately": 0, "listed": 0},
    ("ran-out", None): {"now": 2, "regular": 2, "lately": 2, "listed": 2},
    ("carried", None): {"now": 0, "regular": 0, "lately": 0, "listed": 1},
    ("not-started", None): {"now": 0, "regular": 0, "lately": 0, "listed": 0},
    ("not-mine", None): {"now": 0, "regular": 0, "lately": 0, "listed": 0},
}
ASKED = {"now": "benzodiazepine", "regular": "epinephrine", "lately": "maoi", "listed": "decongestant"}
TEXT = {"now": "lorazepam", "regular": "epinephrine", "lately": "nardil", "listed": "sudafed"}


@pytest.mark.parametrize("use", ASKED)
@pytest.mark.parametrize("how, last", HOW)
def test_how_and_when_a_medicine_is_taken_decides_what_counts(how, last, use):
    entry = {"text": TEXT[use], "how": how, "last_taken": last}
    response, problems = read({"medicines": [entry]}, DAY, CONTENT)
    assert not problems
    prepared = CONTENT.program.prepare(Takes(takes=ASKED[use], use=use))
    assert prepared.when.value(ResponseFacts(response, CONTENT.program).vector) == HOW[how, last][use]


@pytest.mark.parametrize(
    "text", ["calium 5 mg", "lanax", "ketaine troches", "anderall 20", "my inhaler", "hydro", "zzqy"]
)
def test_until_a_guess_is_confirmed_it_may_be_any_medicine(text):
    (reading,) = readings(text)
    assert reading.status != "matched"
    response, _ = read({"medicines": [text]}, DAY, CONTENT)
    facts = ResponseFacts(response, CONTENT.program)
    for one in set(CONTENT.program.use_bits["now"]) - {UNRECOGNISED}:
        assert CONTENT.program.prepare(Takes(takes=one)).when.value(facts.vector) == 2


@pytest.mark.parametrize(
    "text, kept",
    [
        ("oxycodone\n5 mg\ntwice a day\nlisinopril", ["oxycodone\n5 mg\ntwice a day", "lisinopril"]),
        ("Allergic to:\ncodeine\nmorphine", ["Allergic to:\ncodeine\nmorphine"]),
        ("oxycodone\v5 mg\ftramadol", ["oxycodone\n5 mg", "tramadol"]),
        ("xanax 0.5\nxanax 0.5", ["xanax 0.5", "xanax 0.5"]),
    ],
)
def test_line_breaks_of_any_kind_stay_and_a_dose_on_a_line_of_its_own_stays_with_its_medicine(text, kept):
    assert entries(text, CONTENT.formulary) == kept
    assert list(accepted(*kept)) == kept


LONG = [
    "Vivitrol",
    "Invega Sustenna",
    "Sublocade 300 mg",
    "naltrexone shot",
    "haloperidol decanoate",
    "Ozempic",
    "implante de buprenorfina",
]


@pytest.mark.parametrize("text", LONG)
def test_a_long_acting_product_counts_as_taken_for_its_own_weeks(text):
    def states(**more):
        (reading,) = readings({"text": text, "how": "stopped", **more})
        return reading.states

    days = 7 * (readings(text)[0].weeks or 0)
    assert states(last_taken="within-14-days") == {"working-on"}
    assert states(last_taken="longer-ago") == {"working-on", *(["long-stopped"] if days < 182 else [])}
    assert states() == states(last_taken="not-sure") == {"working-on", "long-stopped"}
    assert days > 182 or states(last_taken="over-6-months") == {"long-stopped"}
    (typed,) = readings(f"stopped {text} in 2018")
    assert typed.states == {"long-stopped"}


@pytest.mark.parametrize(
    "text",
    ["naltrexone 50 mg", "Rybelsus 7 mg", "haloperidol 2 mg", "Invega ER 6 mg", "Suboxone film", "testosterone gel"],
)
def test_other_forms_of_the_same_ingredient_do_not(text):
    (reading,) = readings({"text": text, "how": "stopped", "last_taken": "within-14-days"})
    assert reading.weeks is None and reading.states == {"just-stopped"}


def test_every_long_acting_product_can_be_typed():
    rows = [row.name for row in CONTENT.formulary.names.rows]
    for product in CONTENT.formulary.long_acting:
        for said in product.said or (product.ingredient,):
            texts = [f"{product.ingredient} {said}", *(name for name in rows if said in name.split(" "))]
            found = [one for text in texts for one in readings(text) if one.weeks == product.weeks]
            assert found and set(product.classes) <= set(found[0].classes), said


def test_every_name_in_another_language_is_read_as_its_ingredient():
    formulary = CONTENT.formulary
    for language, names in formulary.names.translations.items():
        assert language in CONTENT.questionnaire.languages
        for ingredient, name in names.items():
            for one in re.findall(r"[^()]+", name):
                (reading,) = formulary.read(one.strip())
                assert (reading.status, reading.ingredients) == ("matched", (ingredient,)), one


def test_a_short_soak_loses_nothing_and_is_never_slow():
    assert soak(1_500, seed=7)[1] == []
