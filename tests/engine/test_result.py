"""A result is kept without sentences or answers, comes back as it was, and older results are still read."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.authoring.samples.generate import responses
from screening.cli.screen import printed
from screening.engine.result import Result
from screening.engine.screen import screen_answers
from screening.model.item import as_accepted
from screening.settings import ROOT

DAY = date(2026, 11, 23)
OLD = sorted((ROOT / "tests" / "records" / "stores").glob("*.json.gz"))


def screened(content, seed):
    return screen_answers(next(responses(content, 1, seed, DAY))["answers"], DAY, content)


def through_the_store(outcome):
    answers = json.loads(json.dumps(dict(outcome.response.answers)))
    return Result.of(
        json.loads(json.dumps(outcome.result.stored())), {link: as_accepted(one) for link, one in answers.items()}
    )


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_result_comes_back_from_the_store_as_it_was(content, seed):
    outcome = screened(content, seed)
    back = through_the_store(outcome)
    assert (back.flags, back.to_ask, back.scores, back.mme) == (
        outcome.result.flags,
        outcome.result.to_ask,
        outcome.result.scores,
        outcome.result.mme,
    )
    assert back.stored() == outcome.result.stored()
    assert back.medicines_read() == outcome.result.medicines_read()
    for language in content.languages:
        assert back.to_ask_by_question(content, language) == outcome.result.to_ask_by_question(content, language)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_is_stored_holds_no_sentence_and_no_answer_beside_the_medicines(content, seed):
    outcome = screened(content, seed)
    kept = json.dumps({**outcome.result.stored(), "medicines": [], "mme": None}, ensure_ascii=False)
    words = [text[language] for item in content.items for text in (item.text,) for language in content.languages]
    words += [rule.clinician for rule in content.rules]
    words += [str(one) for one in outcome.response.answers.values() if isinstance(one, str) and " " in one]
    assert not [one for one in words if one in kept]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_result_of_the_first_format_is_read_as_it_was_meant(content, seed):
    outcome = screened(content, seed)
    first = json.loads(json.dumps(printed(outcome, content, "es") | {"problems": []}))
    answers = {link: as_accepted(one) for link, one in json.loads(json.dumps(dict(outcome.response.answers))).items()}
    assert Result.of(first, answers).stored() == outcome.result.stored()


def named(missing):
    """The link_id of a missing answer in the first format, in today's, and in today's where it is a medicine."""
    return missing["item"] if isinstance(missing, dict) else missing if isinstance(missing, str) else missing[0]


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name)
def test_results_of_earlier_releases_are_read(path):
    for record in json.loads(gzip.decompress(path.read_bytes())):
        answers = {link_id: as_accepted(given) for link_id, given in record["answers"].items()}
        result = Result.of(record["result"], answers)
        assert [flag.rule for flag in result.flags] == [flag["rule"] for flag in record["result"]["flags"]]
        assert [[one.link_id for one in ask.missing] for ask in result.to_ask] == [
            [named(one) for one in ask["missing"]] for ask in record["result"]["to_ask"]
        ]
        assert result.tier == record["tier"] and Result.of(result.stored(), answers) == result


@pytest.mark.parametrize(
    "spoilt",
    [{"format": 3}, {"format": 2}, {"format": 2, "flags": [{}]}, {"flags": "x"}, {}],
    ids=["a later one", "nothing in it", "a flag without a rule", "not flags", "empty"],
)
def test_what_is_no_result_is_refused_in_one_way(spoilt):
    with pytest.raises(ValueError):
        Result.of(spoilt, {})


def test_each_question_is_asked_once_with_every_rule_that_waits_for_it(content):
    result = screen_answers({}, DAY, content).result
    questions = result.to_ask_by_question(content, "es")
    assert len({one.link_id for one in questions}) == len(questions)
    assert {rule for one in questions for rule in one.rules} == {ask.rule for ask in result.to_ask}
    assert all(one.text == content.item(one.link_id).text["es"] for one in questions)
