"""Every page under AppTest, in both languages: it draws, it keeps what was answered, and it never breaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from screening.authoring.samples.generate import responses
from screening.settings import ROOT, Settings, use
from screening.use_cases.intake import open_intake
from tests.conftest import shipped

CONTENT = shipped()
SECTIONS = [section.section for section in CONTENT.sections]


@pytest.fixture
def app(tmp_path):
    use(Settings.at(tmp_path / "records"))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()


def session(app):
    return app.session_state["patient session"]


def form(app):
    return session(app).form


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def begin(app, language="en", **answers):
    """To the first topic; answers that are given here were typed earlier."""
    form(app).language = language
    for name, value in answers.items():
        form(app).answer(name.replace("_", "-"), value)
    app.run()
    press(app, "next")
    for box in app.checkbox:
        box.check()
    app.run()
    return press(app, "next")


def texts(app):
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_welcome_page_says_what_this_is_and_where_help_is(app):
    assert not app.exception
    words = texts(app)
    assert "not medical advice" in words and "988" in words and "911" in words and "15 minutes" in words


def test_nobody_goes_on_without_consent(app):
    press(app, "next")
    press(app, "next")
    assert session(app).progress.furthest == "before-you-start" and "Please tick the line" in texts(app)
    app.checkbox[0].check().run()
    press(app, "next")
    assert session(app).progress.furthest == SECTIONS[0]
    agreed = dict(session(app).progress.agreed)
    assert datetime.now(UTC) - datetime.fromisoformat(agreed.pop("at")) < timedelta(minutes=5), (
        "when they agreed is kept, too"
    )
    assert agreed == {"version": "2", "points": ["preparation", "not-live", "share"], "language": "en"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_draws_in_every_language_and_leads_to_the_next(app, language):
    begin(app, language, full_name="Ana")
    for section in CONTENT.sections:
        assert app.title[0].value == section.title[language]
        assert session(app).progress.furthest == section.section
        press(app, "next")
    assert app.title[0].value == CONTENT.words["check-title"][language]
    press(app, "next")
    assert app.title[0].value == CONTENT.words["done-title"][language]


@pytest.mark.parametrize("seed", range(6))
def test_made_up_patients_see_every_answer_again_on_every_page(app, seed):
    typed = next(responses(CONTENT, 1, seed, date.today(), 1.0))["answers"]
    begin(app, **typed)
    for _ in SECTIONS:
        assert not app.exception
        press(app, "next")
    assert form(app).typed == typed
    assert form(app).problems == {}
    press(app, "next")
    assert session(app).progress.receipt


def test_answers_survive_going_back_and_forth(app):
    begin(app)
    app.text_input(key="full-name").input("Ana").run()
    app.radio(key="filled-by").set_value("self").run()
    press(app, "next")
    press(app, "back")
    assert app.text_input(key="full-name").value == "Ana"
    assert app.radio(key="filled-by").value == "self"


def test_answers_survive_a_change_of_language(app):
    begin(app)
    app.text_input(key="full-name").input("Ana").run()
    app.radio(key="decision-maker").set_value("not-sure").run()
    press(app, "language-es")
    assert app.title[0].value == CONTENT.sections[0].title["es"]
    assert app.text_input(key="full-name~1").value == "Ana"
    assert app.radio(key="decision-maker~1").value == "not-sure"


def test_none_of_these_clears_the_others_and_the_others_clear_it(app):
    begin(app, full_name="Ana")
    press(app, "next")
    press(app, "next")
    assert app.title[0].value == "Heart and blood pressure"
    app.checkbox(key="heart-conditions.heart-attack").check().run()
    app.checkbox(key="heart-conditions.none").check().run()
    assert (
        form(app).typed["heart-conditions"] == ["none"] and not app.checkbox(key="heart-conditions.heart-attack").value
    )
    app.checkbox(key="heart-conditions.heart-failure").check().run()
    assert (
        form(app).typed["heart-conditions"] == ["heart-failure"] and not app.checkbox(key="heart-conditions.none").value
    )


def test_a_follow_up_appears_at_once_and_a_shut_gate_takes_its_answer_out(app):
    begin(app, full_name="Ana")
    press(app, "next")
    press(app, "next")
    app.radio(key="knows-blood-pressure").set_value("yes").run()
    app.number_input(key="systolic").set_value(190).run()
    assert "190" in str(form(app).typed["systolic"]) and "911" in texts(app)
    app.radio(key="knows-blood-pressure").set_value("no").run()
    assert "systolic" not in {plan.item.link_id for plan in form(app).facts.asked}


def test_a_number_that_cannot_be_is_named_beside_the_field_and_kept(app):
    begin(app, full_name="Ana")
    press(app, "next")
    press(app, "next")
    app.radio(key="knows-blood-pressure").set_value("yes").run()
    app.number_input(key="systolic").set_value(1_900).run()
    press(app, "next")
    assert texts(app).count("Please give a number from 50 to 300.") == 2, "in the summary and beside the field"
    assert form(app).typed["systolic"] == 1_900
    press(app, "back")
    press(app, "next")
    assert app.number_input(key="systolic").value == 1_900


def test_choosing_another_unit_keeps_the_weight(app):
    begin(app, full_name="Ana")
    app.number_input(key="weight.lb").set_value(150.0).run()
    app.radio(key="weight.unit").set_value("kg").run()
    assert form(app).typed["weight"] == {"value": 68.0, "unit": "kg"}
    app.radio(key="weight.unit").set_value("lb").run()
    assert form(app).typed["weight"]["unit"] == "lb" and round(form(app).typed["weight"]["value"]) == 150


def test_a_slip_to_another_choice_does_not_lose_the_list_of_medicines(app):
    begin(app, full_name="Ana")
    for _ in SECTIONS[: SECTIONS.index("medicines")]:
        press(app, "next")
    app.radio(key="medicines").set_value("some").run()
    app.text_area(key="medicines.box").set_value("oxycodone\nzzqy").run()
    app.radio(key="medicines").set_value("none").run()
    assert form(app).typed["medicines"] == "none"
    app.radio(key="medicines").set_value("some").run()
    assert form(app).typed["medicines"] == ["oxycodone", "zzqy"]


def test_change_leads_to_the_topic_and_straight_back(app):
    begin(app, full_name="Ana")
    for _ in SECTIONS:
        press(app, "next")
    press(app, "change-heart")
    assert app.title[0].value == "Heart and blood pressure"
    press(app, "next")
    assert app.title[0].value == "Check your answers"


def test_taking_the_consent_back_leads_to_the_consent_again(app):
    begin(app)
    press(app, "back")
    app.checkbox[0].uncheck().run()
    assert session(app).progress.agreed is None and session(app).progress.furthest == "before-you-start"


def test_when_saving_fails_the_answers_stay_and_the_person_is_told(app, tmp_path):
    begin(app, full_name="Ana")
    for _ in SECTIONS:
        press(app, "next")
    with open_intake().store.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE screening")
        connection.commit()
    press(app, "next")
    assert "could not save your form" in texts(app) and "+1 555 010 0100" in texts(app)
    assert session(app).progress.receipt is None and form(app).typed["full-name"] == "Ana"


def test_clearing_the_screen_leaves_nothing_of_the_person(app):
    begin(app, full_name="Ana Secreta")
    for _ in SECTIONS:
        press(app, "next")
    press(app, "next")
    press(app, "finish")
    assert form(app).typed == {} and session(app).progress.receipt is None
    assert "full-name" not in app.session_state and "Secreta" not in str(session(app))
