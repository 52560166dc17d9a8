"""Every page under AppTest, in both languages: it draws, it keeps what was answered, and it never breaks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from screening.authoring.samples.generate import responses
from screening.records.reader import PROGRAM
from screening.records.store import Store
from screening.settings import ROOT, Settings, in_use, use
from screening.ui.patient.pages import where
from screening.use_cases.intake import open_intake
from tests.conftest import shipped

CONTENT = shipped()
SECTIONS = [section.section for section in CONTENT.sections]
PAGES = [page for section in CONTENT.sections for page in section.pages]


@pytest.fixture
def app(tmp_path):
    use(Settings.at(tmp_path / "records"))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()


def session(app):
    return app.session_state["patient session"]


def form(app):
    return session(app).form


def touch(app, link_id, value, before=None, session_name=None):
    """What the browser reports when a card is touched."""
    received = app.session_state["cards received"]
    key = next(one.key for one in app.get("bidi_component") if str(one.key).startswith("answer cards "))
    report = {
        "session": session_name or received.session,
        "turn": received.turn + 1,
        "changes": {link_id: [value, before]},
    }
    app.session_state[key] = {"touched": report}
    app.run()
    assert not app.exception
    return app


def sent(app):
    """What the cards of the page were told: the data of each component."""
    return [json.loads(one.proto.json) for one in app.get("bidi_component") if str(one.key).startswith("answer cards ")]


def checked(app):
    """What the list on the check page was told."""
    return next(json.loads(one.proto.json) for one in app.get("bidi_component") if one.key == "check-list")


def values(app):
    return {link_id: value for data in sent(app) for link_id, value in data["values"].items()}


def wrong(app):
    return {link_id: words for data in sent(app) for link_id, words in data["wrong"].items()}


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


def to(app, section):
    """From the first topic on to this one."""
    title = CONTENT.sections[SECTIONS.index(section)].title[form(app).language]
    for _ in PAGES:
        if app.title[0].value == title:
            return app
        press(app, "next")
    raise AssertionError(section)


def to_the_check_page(app):
    """Over all topics from the one where they are."""
    for _ in PAGES:
        press(app, "next")
        if app.title[0].value == CONTENT.words["check-title"]["en"]:
            return
    raise AssertionError(app.title[0].value)


def texts(app):
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_welcome_page_says_what_this_is_and_where_help_is(app):
    assert not app.exception
    words = texts(app)
    assert "not medical advice" in words and "988" in words and "911" in words and "20 minutes" in words


def test_nobody_goes_on_without_consent(app):
    press(app, "next")
    press(app, "next")
    assert session(app).progress.furthest == "before-you-start" and "Please check the box" in texts(app)
    app.checkbox[0].check().run()
    press(app, "next")
    assert session(app).progress.furthest == SECTIONS[0]
    agreed = dict(session(app).progress.agreed)
    assert datetime.now(UTC) - datetime.fromisoformat(agreed.pop("at")) < timedelta(minutes=5), (
        "when they agreed is kept, too"
    )
    assert agreed == {"version": "3", "points": ["preparation", "not-live", "limits", "share"], "language": "en"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_draws_in_every_language_and_leads_to_the_next(app, language):
    begin(app, language, full_name="Ana")
    for page in PAGES:
        if all(item.enable_when for item in page.items):
            continue  # nothing is asked there yet
        assert app.title[0].value == page.title[language]
        assert session(app).progress.furthest == page.address
        press(app, "next")
    assert app.title[0].value == CONTENT.words["check-title"][language]
    press(app, "next")
    assert app.title[0].value == CONTENT.words["done-title"][language]


@pytest.mark.parametrize("seed", range(6))
def test_made_up_patients_see_every_answer_again_on_every_page(app, seed):
    typed = next(responses(CONTENT, 1, seed, date.today(), 1.0))["answers"]
    begin(app, **typed)
    to_the_check_page(app)
    assert form(app).typed == typed
    assert form(app).problems == {}
    press(app, "next")
    assert session(app).progress.receipt


@pytest.mark.parametrize("more", ["yes", "no"])
def test_a_page_is_passed_over_both_ways_while_nothing_on_it_is_asked(app, more):
    to(begin(app, full_name="Ana", pain_more=more), "pain")
    titles = [app.title[0].value]
    for way in ("next", "next", "next", "back", "back", "back"):
        titles.append(press(app, way).title[0].value)
    kind, strength, story = (page.title["en"] for page in CONTENT.sections[SECTIONS.index("pain")].pages)
    mood = CONTENT.sections[SECTIONS.index("mood")].title["en"]
    if more == "yes":
        assert titles == [kind, strength, story, mood, story, strength, kind]
    else:
        assert titles[:3] == [kind, strength, mood] and titles[4:] == [mood, strength, kind]


def test_answers_survive_going_back_and_forth(app):
    to(begin(app), "about-you")
    touch(app, "full-name", "Ana")
    touch(app, "filled-by", "self")
    press(app, "next")
    press(app, "back")
    assert values(app)["full-name"] == "Ana" and values(app)["filled-by"] == "self"


def test_answers_survive_a_change_of_language(app):
    to(begin(app), "about-you")
    touch(app, "full-name", "Ana")
    touch(app, "filled-by", "with-help")
    touch(app, "decision-maker", "not-sure")
    press(app, "language-es")
    assert app.title[0].value == CONTENT.sections[1].title["es"]
    assert values(app)["full-name"] == "Ana" and values(app)["decision-maker"] == "not-sure"
    assert "nombre completo" in json.dumps(sent(app), ensure_ascii=False)


def test_not_sure_about_a_sign_shows_the_emergency_help_and_a_way_to_send_now(app):
    begin(app)
    touch(app, "now-signs", ["not-sure"])
    app.run()
    assert {kind for one in sent(app) for kind in one["help"].values()} == {"emergency"}
    press(app, "send-now")
    assert app.title[0].value == CONTENT.words["send-now-title"]["en"] and "right away" in texts(app)
    press(app, "next")
    assert session(app).progress.receipt is None
    touch(app, "full-name", "Ana")
    press(app, "next")
    assert session(app).progress.sent and "Your form was sent." in texts(app)


def test_what_is_there_can_be_sent_and_the_rest_later_under_the_same_reference(app):
    to(begin(app), "about-you")
    touch(app, "full-name", "Ana")
    press(press(app, "send-now"), "next")
    first = session(app).progress.sent
    assert first.reference in texts(app) and CONTENT.words["sent-so-far"]["en"].format(days=14) in texts(app)
    draft = open_intake().resume(session(app).autosave.code, "192.0.2.1", None)
    assert draft.values["answer full-name"] == "Ana", "the rest can wait for another day and another device"
    session(app).adopt(draft)
    app.run()
    press(app, "go-on")
    assert app.title[0].value == CONTENT.sections[1].title["en"]
    touch(app, "phone", "+1 555 010 0123")
    to_the_check_page(app)
    press(app, "next")
    assert session(app).progress.receipt.reference == first.reference and first.reference in texts(app)
    kept = {one.reference: one.answers for one in Store.open(in_use(), opens=True).records(PROGRAM)}
    assert kept.keys() == {first.reference, f"{first.reference}-2"}
    assert "phone" not in kept[first.reference] and kept[f"{first.reference}-2"]["phone"] == "+1 555 010 0123"


@pytest.mark.parametrize(
    "furthest, drawn", [("welcome", "welcome"), ("before-you-start", "before-you-start"), (SECTIONS[0], "send-now")]
)
def test_nobody_comes_to_the_page_for_sending_now_before_the_consent(furthest, drawn):
    assert where(["welcome", "before-you-start", *SECTIONS], "send-now", furthest) == drawn


def test_the_check_page_asks_once_more_for_a_telephone_number_and_does_not_insist(app):
    to(begin(app, full_name="Ana"), "getting-home")
    press(app, "next")
    assert CONTENT.words["check-phone"]["en"] in texts(app)
    touch(app, "phone", "+1 555 010 0123")
    app.run()
    assert form(app).typed["phone"] == "+1 555 010 0123" and CONTENT.words["check-phone"]["en"] not in texts(app)
    press(app, "next")
    assert session(app).progress.receipt


def test_a_follow_up_appears_at_once_and_a_shut_gate_takes_its_answer_out(app):
    to(begin(app, full_name="Ana"), "heart")
    touch(app, "knows-blood-pressure", "yes")
    touch(app, "systolic", "190")
    touch(app, "high-reading-when", "today")
    touch(app, "high-reading-with", ["headache"])
    assert form(app).typed["systolic"] == "190"
    assert {kind for one in sent(app) for kind in one["help"].values()} == {"emergency"}
    touch(app, "knows-blood-pressure", "no", "yes")
    assert "systolic" not in {plan.item.link_id for plan in form(app).facts.asked}


def test_a_number_that_cannot_be_is_named_beside_the_field_and_kept(app):
    to(begin(app, full_name="Ana"), "heart")
    touch(app, "knows-blood-pressure", "yes")
    touch(app, "systolic", "1900")
    press(app, "next")
    words = "Please give a number from 50 to 300."
    assert words in texts(app) and wrong(app) == {"systolic": words}, "in the summary and inside the question"
    assert 'href="#q-systolic"' in texts(app), "the summary leads to it"
    assert form(app).typed["systolic"] == "1900"
    press(app, "back")
    press(app, "next")
    assert values(app)["systolic"] == "1900"


@pytest.mark.parametrize(
    "boxes, words",
    [
        ({"unit": "lb", "boxes": ["20000"]}, "Please give a number from 45 lb to 771 lb."),
        ({"unit": "kg", "boxes": ["20000"]}, "Please give a number from 20 kg to 350 kg."),
        ({"unit": "lb", "boxes": ["a lot"]}, "Please give one number in figures, such as 7 or 7.5."),
    ],
)
def test_limits_are_said_in_the_unit_that_was_chosen_and_what_was_typed_stays(app, boxes, words):
    to(begin(app, full_name="Ana"), "about-you")
    touch(app, "weight", boxes, {"unit": "lb", "boxes": []})
    press(app, "next")
    assert wrong(app)["weight"] == words and values(app)["weight"] == boxes


def test_a_decimal_comma_is_a_decimal_and_stays_as_it_was_typed(app):
    to(begin(app, language="es", full_name="Ana"), "about-you")
    touch(app, "weight", {"unit": "kg", "boxes": ["72,5"]}, {"unit": "lb", "boxes": []})
    assert form(app).facts.response.answers["weight"] == {"value": 72.5, "unit": "kg"}
    assert values(app)["weight"] == {"unit": "kg", "boxes": ["72,5"]}


def test_a_touch_from_before_the_server_restarted_counts_where_nothing_changed_since(app):
    to(begin(app, full_name="Ana"), "about-you")
    touch(app, "filled-by", "self", None, "an earlier session")
    assert form(app).typed["filled-by"] == "self"
    touch(app, "filled-by", "with-help", "someone-else", "an earlier session")
    assert form(app).typed["filled-by"] == "self"


@pytest.mark.parametrize(
    "report",
    [
        None,
        7,
        [],
        {"touched": 7},
        {"touched": {"turn": True, "changes": {}}},
        {"touched": {"turn": 10**30, "changes": []}},
        {
            "touched": {
                "turn": 5,
                "changes": {"filled-by": "self", "nothing": ["a", None], "full-name": [{"a": 1}, None]},
            }
        },
        {
            "touched": {
                "turn": 5,
                "changes": {"weight": [{"unit": ["lb"], "boxes": [[]]}, None], "birth-date": [[1, 2, 3], None]},
            }
        },
    ],
)
def test_whatever_a_browser_reports_nothing_breaks_and_nothing_strange_is_kept(app, report):
    to(begin(app, full_name="Ana"), "about-you")
    app.session_state["answer cards filled-by"] = report
    app.run()
    assert not app.exception and form(app).typed == {"full-name": "Ana"}


def test_a_slip_to_another_choice_does_not_lose_the_list_of_medicines(app):
    to(begin(app, full_name="Ana"), "medicines")
    app.radio(key="medicines").set_value("some").run()
    app.text_area(key="medicines.box").set_value("oxycodone\nzzqy").run()
    app.radio(key="medicines").set_value("none").run()
    assert form(app).typed["medicines"] == "none"
    app.radio(key="medicines").set_value("some").run()
    assert form(app).typed["medicines"] == ["oxycodone", "zzqy"]


def test_change_leads_to_the_topic_and_straight_back(app):
    begin(app, full_name="Ana")
    to_the_check_page(app)
    assert [topic["id"] for topic in checked(app)["topics"]] == SECTIONS
    press(app, "back")
    session(app).changing = "high-blood-pressure"
    press(app, "next")
    assert session(app).returned == "high-blood-pressure" and app.title[0].value == "Check your answers"
    assert [topic["id"] for topic in checked(app)["topics"] if topic["open"]] == ["heart"], "where they come from"


def test_taking_the_consent_back_leads_to_the_consent_again(app):
    begin(app)
    press(app, "back")
    app.checkbox[0].uncheck().run()
    assert session(app).progress.agreed is None and session(app).progress.furthest == "before-you-start"


def test_when_saving_fails_the_answers_stay_and_the_person_is_told(app, tmp_path):
    begin(app, full_name="Ana")
    to_the_check_page(app)
    with open_intake().store.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE screening")
        connection.commit()
    press(app, "next")
    assert "could not save your form" in texts(app) and "+1 555 010 0100" in texts(app)
    assert session(app).progress.receipt is None and form(app).typed["full-name"] == "Ana"


def test_clearing_the_screen_leaves_nothing_of_the_person(app):
    begin(app, full_name="Ana Secreta")
    to_the_check_page(app)
    press(app, "next")
    press(app, "finish")
    assert form(app).typed == {} and session(app).progress.receipt is None
    assert "full-name" not in app.session_state and "Secreta" not in str(session(app))


def test_who_answers_for_another_reads_for_whom_below_every_heading(app):
    to(begin(app, full_name="Rosa <b>"), "about-you")
    assert "answering for" not in texts(app)
    touch(app, "filled-by", "someone-else")
    app.run()
    assert "Who are you to the person" in json.dumps(sent(app)), "the question has words of its own"
    assert "You are answering for Rosa &lt;b&gt;." in texts(app)
    assert "You are answering for Rosa" in texts(press(app, "next"))
