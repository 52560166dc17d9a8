"""A form that was begun under the content of an earlier day opens and can be sent, whatever changed since."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from screening.settings import ROOT, Settings, use
from screening.ui.form import reading
from screening.ui.form.answers import shown
from screening.ui.form.form import Form
from screening.use_cases.intake import Intake, open_intake
from tests.conftest import shipped

CONTENT = shipped()
AGREED = {"version": CONTENT.questionnaire.consent.version, "points": [], "language": "en", "at": "2026-11-01T10:00:00"}


def begun(intake: Intake, **answers: object) -> str:
    """A draft that came as far as the questions about the person: the code that opens it."""
    values = {f"answer {name.replace('_', '-')}": value for name, value in answers.items()}
    way = {"language": "es", "furthest": "about-you", "agreed": AGREED, "form": "f" * 32}
    return intake.begin(None, {**values, "way": way})[1]


def opened(code: str) -> AppTest:
    """The form under the content of today, with the draft open."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
    app.session_state["patient session"].adopt(open_intake().resume(code, "192.0.2.1", None))
    return app.run()


def sent(app: AppTest) -> AppTest:
    """The last page, by Continue alone."""
    for _ in range(40):
        assert not app.exception
        if app.session_state["patient session"].progress.receipt:
            return app
        app.button(key="next").click().run()
    raise AssertionError(app.title[0].value)


def test_words_that_were_not_there_yet_are_those_of_today(tmp_path, spoilt):
    earlier = spoilt()
    words = earlier / "words.yaml"
    kept = re.sub(
        r"(?m)^  (check|saved|not-saved|topic-of|code|page|done)[\w-]*:.*\n(    .*\n)*", "", words.read_text("utf-8")
    )
    assert len(kept) < 0.9 * len(words.read_text("utf-8"))
    words.write_text(kept.replace("{minutes}", "{gone}"), "utf-8")
    (earlier / "sections" / "about-you.yaml").write_text(
        (earlier / "sections" / "about-you.yaml")
        .read_text("utf-8")
        .replace("¿Cuál es su nombre completo?", "¿Su nombre?"),
        "utf-8",
    )
    code = begun(Intake.open(Settings.at(tmp_path / "records", earlier)), full_name="Ana Antes")
    use(Settings.at(tmp_path / "records"))
    app = sent(opened(code))
    form = app.session_state["patient session"].form
    assert form.intake.content.item("full-name").text["es"] == "¿Su nombre?", "asked as on the day it was begun"
    assert form.typed["full-name"] == "Ana Antes" and app.title[0].value == CONTENT.words["done-title"]["es"]


def test_a_content_that_cannot_be_read_any_more_gives_way_to_that_of_today(tmp_path):
    use(Settings.at(tmp_path / "records"))
    today = open_intake()
    gone = Intake(replace(CONTENT, hash="0" * 64), today.store)
    code = begun(gone, full_name="Ana Antes", a_question_of_before="yes", pain_types="no-such-kind")
    app = opened(code)
    form = app.session_state["patient session"].form
    assert set(form.problems) == {"pain-types"}, "an answer that is none of today's is asked for again, in words"
    form.answer("pain-types", ["not-sure"])
    assert form.typed["full-name"] == "Ana Antes" and sent(app).title[0].value == CONTENT.words["done-title"]["es"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["unit", "boxes", "value", "text"]), inner)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def any_intake(tmp_path_factory) -> Intake:
    return Intake.open(Settings.at(tmp_path_factory.mktemp("records")))


@given(item=st.sampled_from(CONTENT.items), value=ANYTHING, language=st.sampled_from(CONTENT.languages))
def test_whatever_an_earlier_draft_holds_for_a_question_it_is_shown_or_refused_in_words(
    any_intake, item, value, language
):
    form = Form(any_intake, language)
    form.take({item.link_id: value})
    form.refused = {item.link_id}
    assert isinstance(shown(form, item), str) and isinstance(form.refusal(item), str)
    reading.boxes(item, value, True)
