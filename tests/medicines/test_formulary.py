"""What people type about medicines: read, guessed with a question, or kept as typed; and whether it is taken now.

`medicines_own.csv` holds labelled entries, written for this test. Its columns are those of the shared practice set.
"""

from __future__ import annotations

import csv
import random
import string
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from screening.medicines.formulary import LONGEST_ENTRY, UNRECOGNISED
from screening.medicines.name_tables import key_of
from screening.medicines.phrases import fold
from tests.conftest import SHIPPED, shipped

FORMULARY = shipped().formulary
ROWS = list(csv.DictReader(Path(__file__).with_name("medicines_own.csv").open(encoding="utf-8")))
LOOKALIKES = list(csv.DictReader((SHIPPED / "medicines" / "lookalikes.csv").open(encoding="utf-8")))
SAME = {"dextroamphetamine": "amphetamine"}
SHARED_NAMES = {"cyp-inducer": "cyp3a4_inducer"}

unhurried = settings(deadline=None)  # the first texts pay for warming up

typed = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from([row["text"] for row in ROWS]), min_size=1, max_size=4).map("; ".join),
    st.text(alphabet="xanoprdiletm 0123456789.,;:/()-\n'", max_size=200),
)
names = st.lists(
    st.sampled_from(["Xanax", "lisinopril", "Norco", "st johns wort", "nardil", "kratom"]),
    min_size=1,
    max_size=5,
    unique=True,
)


def current(text):
    return {
        SAME.get(one, one)
        for reading in FORMULARY.read(text)
        if reading.use in ("current", "unknown")
        for one in reading.ingredients
    }


def past(text):
    return {
        SAME.get(one, one)
        for reading in FORMULARY.read(text)
        if reading.use not in ("current", "unknown")
        for one in reading.ingredients
    }


def classes(text):
    return {one for reading in FORMULARY.read(text) if reading.use in ("current", "unknown") for one in reading.classes}


def words(text):
    """Every letter and digit: "10xanax" may be cut in two, but nothing of it may be missing."""
    return Counter(char for char in text if char.isalnum())


def split(cell):
    return {one for one in cell.split(";") if one}


# ---------------------------------------------------------------- the labelled entries


def share(found, wanted):
    return found / wanted if wanted else 1.0


@pytest.mark.parametrize("paragraphs, precision, recall", [(False, 0.98, 0.97), (True, 0.97, 0.97)])
def test_ingredients_are_found_and_no_others(paragraphs, precision, recall):
    right = extra = missed = 0
    for row in ROWS:
        if (row["category"] == "paragraph") is paragraphs:
            found, wanted = current(row["text"]), split(row["ingredients"])
            right += len(found & wanted)
            extra += len(found - wanted - split(row["ingredients_ok"]))
            missed += len(wanted - found)
    assert share(right, right + extra) >= precision
    assert share(right, right + missed) >= recall


def test_classes_are_found():
    right, missed = Counter(), Counter()
    for row in ROWS:
        found = {SHARED_NAMES.get(one, one.replace("-", "_")) for one in classes(row["text"])}
        for one in split(row["classes"]):
            (right if one in found else missed)[one] += 1
    assert share(right.total(), right.total() + missed.total()) >= 0.98
    for one in ("maoi", "theophylline", "opioid", "benzodiazepine", "naltrexone", "anticoagulant"):
        assert missed[one] <= max(1, 0.02 * right[one]), (
            one
        )  # a class has 8 to 60 entries here, so one miss may be more than 2 %


def test_what_is_not_a_medicine_gives_none_and_no_class():
    entries = [row["text"] for row in ROWS if row["category"] == "negative"]
    assert sum(not current(text) for text in entries) >= 0.99 * len(entries)
    assert [text for text in entries if classes(text)] == []


def test_a_lookalike_is_never_returned():
    assert [row["text"] for row in ROWS if current(row["text"]) & split(row["must_not"])] == []


def test_medicines_of_the_past_are_seen_and_are_not_taken_for_current():
    mentions = [(row["text"], one) for row in ROWS for one in split(row["not_current"]) - split(row["ingredients"])]
    leaked = [text for text, one in mentions if one in current(text)]
    seen = [text for text, one in mentions if one in past(text)]
    assert len(leaked) <= len(mentions) / 60
    assert len(seen) >= 57 / 60 * len(mentions)


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize("pair", LOOKALIKES, ids=lambda pair: f"{pair['one']}/{pair['other']}")
def test_both_names_of_a_pair_keep_their_own_meaning(pair):
    meaning = FORMULARY._index.concepts
    for one in pair.values():
        if one in meaning and meaning[one].ingredients and not meaning[one].weak:
            assert {reading.ingredients for reading in FORMULARY.read(one)} == {meaning[one].ingredients}


@pytest.mark.parametrize(
    "text", ["hydro", "levo 50", "clon", "met 500", "lami", "cyclo", "dex", "chlor", "bupro", "pams"]
)
def test_a_fragment_of_several_names_is_asked_back(text):
    (reading,) = FORMULARY.read(text)
    assert (reading.status, reading.ingredients) == ("suggested", ()) and len(reading.suggestions) > 1


@pytest.mark.parametrize(
    "text, name", [("xannax", "xanax"), ("theofilline", "theophylline"), ("fluoxiteen", "fluoxetine")]
)
def test_a_guess_is_shown_as_a_suggestion(text, name):
    (reading,) = FORMULARY.read(text)
    assert reading.suggestions[0] == name and reading.ingredients


@pytest.mark.parametrize(
    "text, ingredients",
    [
        ("Tylenol", "acetaminophen"),
        ("Tylenol #3", "acetaminophen codeine"),
        ("tylenol no. 3", "acetaminophen codeine"),
        ("tylenol 3 times a day", "acetaminophen"),
        ("Tylenol PM", "acetaminophen diphenhydramine"),
        ("Sudafed", "pseudoephedrine"),
        ("Sudafed PE", "phenylephrine"),
    ],
)
def test_the_longest_name_decides(text, ingredients):
    assert current(text) == set(ingredients.split())


@pytest.mark.parametrize(
    "text, class_id, there",
    [
        ("ketoconazole tablets 200 mg", "cyp3a4-inhibitor", True),
        ("ketoconazole cream", "cyp3a4-inhibitor", False),
        ("Nizoral shampoo", "cyp3a4-inhibitor", False),
        ("phenylephrine 10 mg tablet", "decongestant", True),
        ("phenylephrine suppository", "decongestant", False),
        ("Afrin nasal spray", "decongestant", False),
        ("Afrin nasal spray", "nasal-decongestant", True),
        ("naphazoline eye drops", "nasal-decongestant", False),
        ("benadryl cream", "cns-depressant", False),
        ("fentanyl patch", "opioid", True),
        ("Diastat rectal gel", "benzodiazepine", True),
        ("timolol eye drops", "antihypertensive", False),
    ],
)
def test_the_route_decides_where_it_matters(text, class_id, there):
    assert (class_id in classes(text)) is there


@pytest.mark.parametrize(
    "text, class_id", [("blood thinners", "anticoagulant"), ("bp meds", "antihypertensive"), ("an maoi", "maoi")]
)
def test_a_class_word_gives_the_class_and_asks(text, class_id):
    (reading,) = FORMULARY.read(text)
    assert (reading.status, reading.ingredients) == ("suggested", ()) and class_id in reading.classes


@pytest.mark.parametrize(
    "text, use",
    [
        ("lyrica 75", "current"),
        ("stopped lyrica", "stopped"),
        ("lyrica, stopped in May", "stopped"),
        ("allergic to lyrica", "allergic"),
        ("lyrica gives me hives", "allergic"),
        ("no lyrica", "never"),
        ("lyrica? never", "never"),
        ("will start lyrica next week", "planned"),
        ("my wife takes lyrica", "another-person"),
        ("I take my wife's lyrica", "current"),
        ("lyrica (trying to wean off)", "current"),
        ("stopped taking lyrica", "stopped"),
        ("ya no tomo lyrica", "stopped"),
        ("soy alérgica a lyrica", "allergic"),
        ("me van a recetar lyrica", "planned"),
        ("mi esposo toma lyrica", "another-person"),
    ],
)
def test_use_is_read_from_the_clause(text, use):
    assert {reading.use for reading in FORMULARY.read(text)} == {use}


def test_a_list_head_governs_its_members_and_no_more():
    assert current("Stopped:\ntramadol\nNorco\n\nTaking:\nlisinopril 10\nLexapro") == {"lisinopril", "escitalopram"}
    assert current("tried topamax, amitriptyline and botox, none worked. Now nortriptyline 10") == {"nortriptyline"}
    assert current("had lyrica but switched to gabapentin") == {"gabapentin"}
    assert current("no aspirin, ibuprofen or aleve") == set()


def test_dose_frequency_and_route_are_kept_as_typed():
    (reading,) = FORMULARY.read("Norco 5/325 mg by mouth twice a day")
    assert (reading.dose, reading.frequency, reading.route) == ("5/325 mg", "twice a day", "oral")


def test_what_cannot_be_read_stays_as_typed():
    found = FORMULARY.read("lisinopril 10, zorblaxin 5mg, something for sleep")
    assert [(one.text, one.status) for one in found][1:] == [
        ("zorblaxin 5mg", UNRECOGNISED),
        ("something for sleep", UNRECOGNISED),
    ]


@pytest.mark.parametrize("text", ["lisinopril, zzqy", "lisinopril 10 and qrxo 5mg", "qrx; lisinopril"])
def test_a_short_name_that_nobody_knows_is_not_hidden_behind_another(text):
    assert sorted(one.status for one in FORMULARY.read(text)) == ["matched", UNRECOGNISED]


def test_saying_there_are_none_leaves_nothing_open():
    assert {reading.use for text in ("none", "no medicines", "no tomo nada") for reading in FORMULARY.read(text)} == {
        "never"
    }


# ---------------------------------------------------------------- properties


@unhurried
@given(typed)
def test_any_text_is_returned_whole(text):
    readings = FORMULARY.read(text)
    assert words("\n".join(reading.text for reading in readings)) == words(text)
    assert bool(readings) == bool(text.strip())


@unhurried
@given(names, st.randoms(use_true_random=False))
def test_order_and_spacing_do_not_matter(chosen, rng):
    shuffled = [one.replace(" ", "  ").upper() for one in chosen]
    rng.shuffle(shuffled)
    assert current("  ,\t".join(shuffled)) == current(", ".join(chosen)) and classes("\n".join(shuffled)) == classes(
        ";".join(chosen)
    )


@unhurried
@given(typed)
def test_spacing_alone_changes_nothing(text):
    plain = " ".join(text.split())
    assert [one.ingredients for one in FORMULARY.read(plain)] == [
        one.ingredients for one in FORMULARY.read(f"  {plain.replace(' ', '   ')} ")
    ]


@given(
    st.sampled_from([row["text"] for row in ROWS]),
    st.sampled_from(["stopped ", "stopped: ", "I stopped taking ", "allergic to "]),
)
def test_adding_stopped_never_adds_a_class(text, lead):
    assert classes(lead + text) <= classes(text)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(
        [
            "a",
            "(",
            "1",
            "1.",
            "every ",
            "xanax ",
            "no ",
            "q",
            "5/",
            "'",
            "\n",
            "ü",
            "st johns ",
            "stopped, ",
            "zz",
            "oxycodn ",
        ]
    )
)
def test_no_text_is_slow(piece):
    text = (piece * LONGEST_ENTRY)[:LONGEST_ENTRY]
    assert words("\n".join(one.text for one in FORMULARY.read(text + "x"))) == words(text + "x")


def test_random_text_neither_crashes_nor_takes_long():
    rng = random.Random(7)
    letters = string.ascii_lowercase + "  ,.;:-/0123456789'\néñ"
    slowest = 0.0
    for _ in range(5_000):
        text = "".join(rng.choices(letters, k=rng.randrange(60)))
        begin = time.process_time()
        FORMULARY.read(text)
        slowest = max(slowest, time.process_time() - begin)
    assert slowest < 0.05


# ---------------------------------------------------------------- type-ahead


def test_type_ahead_puts_names_that_begin_so_first_and_similar_ones_after():
    assert FORMULARY.complete("xan")[0] == "xanax"
    assert all(fold(one).startswith("gabap") for one in FORMULARY.complete("gabap", 2))
    assert "lisinopril" in FORMULARY.complete("lisinip")
    assert FORMULARY.complete("") == [] and len(FORMULARY.complete("a")) == 8


SOME_WORDS = st.text("abcdefghijklmnoprstuvxyz", min_size=5, max_size=20)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_names_that_are_few_edits_away_are_never_sifted_out(content, data):
    index = content.formulary._index
    names = index.spelling._spelt
    word = list(data.draw(st.one_of(st.sampled_from(names), SOME_WORDS)))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(word) - 1))
        letter = data.draw(st.sampled_from("aeinorst"))
        how = data.draw(st.sampled_from(["other", "more", "less", "swapped"]))
        word[place : place + 2] = {
            "other": [letter, *word[place + 1 : place + 2]],
            "more": [letter, *word[place : place + 2]],
            "less": word[place + 1 : place + 2] or [letter],
            "swapped": word[place : place + 2][::-1],
        }[how]
    text = "".join(word)
    for edits in (1, 2, 3):
        sifted = {name for group in index.spelling._sharing(text, edits) for name in group}
        assert sifted >= {name for name in names if OSA.distance(text, name, score_cutoff=edits) <= edits}


WELL_KNOWN = "xanax valium soma ritalin paxil lyrica cymbalta nardil lithium ketamine tramadol methadone".split()


@given(st.sampled_from(WELL_KNOWN), st.data())
@settings(deadline=None, max_examples=300)
def test_one_slip_is_never_certain_of_a_medicine_of_another_class(name, data):
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slip = data.draw(
        st.sampled_from(
            [
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
            ]
        )
    )
    meant = classes(name)
    for reading in FORMULARY.read(f"{slip} 10 mg"):
        assert reading.status != "matched" or not reading.ingredients or set(reading.classes) == meant


def test_no_name_typed_as_on_the_package_gains_a_foreign_ingredient():
    own = {}
    for row in FORMULARY.names.rows:
        own.setdefault(key_of(row.name), set()).update(row.ingredients)
    gained = {}
    for row in FORMULARY.names.rows:
        if row.kind == "brand" and row.products and not row.local:
            read = {part for reading in FORMULARY.read(row.name) for part in reading.ingredients}
            gained |= {row.name: read - own[key_of(row.name)]} if read - own[key_of(row.name)] else {}
    assert gained == {}
