"""The medicines page under AppTest: what is typed stands in the list at once, is confirmed, corrected and removed, and never lost."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from screening.settings import ROOT, Settings, use
from tests.conftest import CONSENT, shipped

CONTENT = shipped()
SAY = CONTENT.words


@pytest.fixture
def app(tmp_path):
    """The form, opened at the medicines page with "I take one or more" chosen."""
    use(Settings.at(tmp_path / "records"))
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
    session = form.session_state["patient session"]
    session.form.answer("full-name", "Ana")
    session.consents, session.progress.agreed, session.progress.furthest = True, CONSENT, "done"
    title = next(section.title["en"] for section in CONTENT.sections if section.section == "medicines")
    while form.title[0].value != title:
        form.button(key="next").click().run()
    return form.radio(key="medicines").set_value("some").run()


def listed(app):
    return app.session_state["patient session"].form.typed.get("medicines")


def named(elements, name):
    """The one of these elements whose key begins so: boxes and Continue are new ones whenever the list has changed."""
    return next(one for one in elements if re.fullmatch(rf"{re.escape(name)}(~n?\d+)*", one.key or ""))


def type_in(app, text):
    named(app.text_area, "medicines.box").set_value(text).run()
    assert not app.exception
    return app


def press(app, key):
    named(app.button, key).click().run()
    assert not app.exception
    return app


def texts(app):
    return " ".join(element.proto.body for element in app.get("html"))


def pills(app, key):
    return next(one for one in app.get("button_group") if one.key == key)


def words(value):
    return re.findall(r"\w+", " ".join(value))


def test_a_pasted_list_becomes_one_card_a_medicine_and_the_box_is_empty_again(app):
    type_in(app, "xannax 0.5\nlisinopril 10 mg daily; omeprazole\nblue pill zzqy")
    assert listed(app) == ["xannax 0.5", "lisinopril 10 mg daily", "omeprazole", "blue pill zzqy"]
    assert named(app.text_area, "medicines.box").value == ""
    said = texts(app)
    assert (
        "We read this as: lisinopril" in said and "alprazolam. Is that right?" in said and "could not read this" in said
    )
    type_in(app, "metformin")
    assert listed(app)[-1] == "metformin" and len(listed(app)) == 5


def test_what_stands_in_the_type_ahead_and_was_not_picked_is_not_lost(app):
    app.text_input(key="medicines.search").set_value("kratom tea").run()
    assert listed(app) == ["kratom tea"] and named(app.text_input, "medicines.search").value == ""


def test_a_guess_is_confirmed_with_one_button(app):
    type_in(app, "xannax")
    press(app, "medicines.1.is.xanax")
    assert listed(app) == [{"text": "xannax", "confirmed": "xanax"}]
    assert "You said: alprazolam" in texts(app)
    (reading,) = app.session_state["patient session"].form.facts.response.medicines
    assert (reading.text, reading.status, reading.confirmed) == ("xannax", "matched", True)


def test_a_fragment_asks_which_one_and_takes_none_for_an_answer(app):
    type_in(app, "hydro")
    press(app, "medicines.1.is.hydroxyzine")
    assert app.session_state["patient session"].form.facts.response.medicines[0].ingredients == ("hydroxyzine",)
    app.text_input(key="medicines.1.text").set_value("levo").run()
    assert listed(app) == ["levo"], "other words ask again"
    press(app, "medicines.1.none")
    assert listed(app) == [{"text": "levo", "confirmed": "none-of-these"}]
    assert SAY["medicines-unread"]["en"] in texts(app)


def test_a_removed_medicine_is_gone_and_the_others_keep_what_was_said(app):
    type_in(app, "oxycodone\nSudafed\nlisinopril")
    pills(app, "medicines.2.how").set_value("as-needed").run()
    pills(app, "medicines.2.last_taken").set_value("longer-ago").run()
    press(app, "medicines.1.remove")
    assert listed(app) == [{"text": "Sudafed", "how": "as-needed", "last_taken": "longer-ago"}, "lisinopril"]
    press(app, "back")
    press(app, "next")
    assert listed(app) == [{"text": "Sudafed", "how": "as-needed", "last_taken": "longer-ago"}, "lisinopril"]
    assert pills(app, "medicines.2.last_taken").value == "longer-ago"


def test_when_a_medicine_was_last_taken_is_asked_only_where_it_matters(app):
    type_in(app, "nardil\nlisinopril\nvitamin c")
    keys = {one.key for one in app.get("button_group")}
    assert {"medicines.1.how", "medicines.2.how"} <= keys and "medicines.3.how" not in keys
    pills(app, "medicines.1.how").set_value("stopped").run()
    pills(app, "medicines.2.how").set_value("stopped").run()
    keys = {one.key for one in app.get("button_group")}
    assert "medicines.1.last_taken" in keys and "medicines.2.last_taken" not in keys


def test_the_dose_is_asked_for_an_opioid_only_and_can_be_given_in_part(app):
    type_in(app, "oxycodone\nibuprofen 200 mg\nmorphine 15 mg twice a day")
    boxes = {one.key for one in app.text_input}
    assert "medicines.1.dose" in boxes and not {"medicines.2.dose", "medicines.3.dose"} & boxes
    app.text_input(key="medicines.1.dose").set_value("10").run()
    assert listed(app)[0] == {"text": "oxycodone", "dose": {"value": 10}}
    pills(app, "medicines.1.unit").set_value("mg").run()
    app.text_input(key="medicines.1.times").set_value("4").run()
    assert listed(app)[0]["dose"] == {"value": 10, "unit": "mg", "per_day": 4}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed, kept", [("2,5", 2.5), ("2.5", 2.5), (" 7 ", 7), ("two", "two"), ("1,000", "1,000")])
def test_a_dose_is_the_number_that_was_typed_or_refused_in_words(app, language, typed, kept):
    if language == "es":
        press(app, "language-es")
    type_in(app, "oxycodone")
    dose = named(app.text_input, "medicines.1.dose").set_value(typed).run()
    assert listed(app) == [{"text": "oxycodone", "dose": {"value": kept}}]
    assert named(dose.text_input, "medicines.1.dose").value == typed
    refused = isinstance(kept, str)
    assert (SAY["problem-not-a-number"][language] in texts(app)) is refused
    if refused:
        page = app.title[0].value
        press(app, "next")
        assert app.title[0].value == page and listed(app)[0]["dose"] == {"value": kept}


def labels(app):
    return {one.key: one.label for one in app.get("button_group")}


def choices(app, key):
    return [option.content for option in pills(app, key).proto.options]


def test_the_choices_are_what_people_mean_and_few_medicines_are_only_carried(app):
    type_in(app, "EpiPen\nlisinopril")
    words = {one.code: one.text["en"] for one in CONTENT.item("medicines").how_option}
    assert choices(app, "medicines.1.how") == list(words.values())
    assert choices(app, "medicines.2.how") == [text for code, text in words.items() if code != "carried"]
    for code, uses in (("carried", "current"), ("not-started", "planned"), ("not-mine", "another-person")):
        pills(app, "medicines.1.how").set_value(code).run()
        assert listed(app)[0] == {"text": "EpiPen", "how": code}
        assert app.session_state["patient session"].form.facts.response.medicines[0].use == uses
    assert "medicines.1.last_taken" not in labels(app)
    pills(app, "medicines.1.how").set_value("ran-out").run()
    assert "medicines.1.last_taken" in labels(app)


def test_a_question_names_its_medicine_in_the_persons_language(app):
    type_in(app, "oxycodone 5\nbp med zzqy")
    assert "oxycodone" in labels(app)["medicines.1.how"]
    press(app, "language-es")
    assert "¿Cómo toma oxicodona?" in labels(app)["medicines.1.how~1"]
    assert SAY["medicines-as"]["es"].format(name="oxicodona") in texts(app)


def test_words_that_leave_it_open_ask_how_it_is_taken(app):
    type_in(app, "have some leftover Percocet\nmight start lyrica next week\nallergic to codeine")
    assert {"medicines.1.how", "medicines.2.how"} <= set(labels(app)) and "medicines.3.how" not in labels(app)


def test_a_page_does_not_turn_before_the_reading_was_seen(app):
    title = app.title[0].value
    on = named(app.button, "next")
    named(app.text_area, "medicines.box").set_value("xannax")
    on.click().run()
    assert app.title[0].value == title and listed(app) == ["xannax"] and "alprazolam" in texts(app)
    on = named(app.button, "next")
    app.text_input(key="medicines.1.text").set_value("valum")
    on.click().run()
    assert app.title[0].value == title and "diazepam" in texts(app)
    press(app, "next")
    assert app.title[0].value != title


def test_a_text_that_is_too_long_is_kept_and_called_so(app):
    text = "zzqy " * 2_600
    type_in(app, text)
    assert listed(app) == [text.strip()]
    assert SAY["problem-too-long-by"]["en"].format(n=len(text.strip()) - 4_000) in texts(app)
    title = app.title[0].value
    press(app, "next")
    assert app.title[0].value == title and SAY["problem-too-long"]["en"] in texts(app)


def test_an_amount_in_morphine_equivalents_is_never_shown_to_a_patient(app):
    type_in(app, "oxycodone 20 mg every 6 hours")
    intake = app.session_state["patient session"].form.intake
    pages = [texts(app)]
    while app.title[0].value != SAY["check-title"]["en"]:
        press(app, "next")
        pages.append(texts(app))
    press(app, "next")
    pages.append(texts(app))
    receipt = app.session_state["patient session"].progress.receipt
    assert receipt
    facts = app.session_state["patient session"].form.facts
    assert facts.parts[0].value == 120 and next(one for one in facts.scores if one.id == "opioid-mme").value == 120
    pages.append(" ".join(intake.topics(facts, "en")))
    for page in pages:
        assert not re.search(r"\b120\b|\bMME\b|morphine|equivalent", page), page


def test_taking_no_medicines_is_an_answer_and_a_blank_is_not(app):
    press(app, "next")
    assert SAY["problem-no-medicines"]["en"] in texts(app)
    app.radio(key="medicines").set_value("none").run()
    press(app, "next")
    assert listed(app) == "none" and app.title[0].value != "Your medicines"


def test_the_list_survives_a_change_of_language(app):
    type_in(app, "nardil\nblue pill zzqy")
    pills(app, "medicines.1.how").set_value("stopped").run()
    press(app, "language-es")
    assert listed(app) == [{"text": "nardil", "how": "stopped"}, "blue pill zzqy"]
    assert app.text_input(key="medicines.1.text~1").value == "nardil"
    assert SAY["medicines-unread"]["es"] in texts(app)


def test_a_list_that_belongs_together_is_not_torn_apart(app):
    type_in(app, "no aspirin, ibuprofen or aleve")
    assert listed(app) == ["no aspirin, ibuprofen or aleve"]
    type_in(app, "Stopped:\ntramadol\nNorco\n\nTaking:\nlisinopril 10")
    assert {one["how"] if isinstance(one, dict) else "as typed" for one in listed(app)[1:]} == {"stopped", "as typed"}
    uses = {one.ingredients[-1]: one.use for one in app.session_state["patient session"].form.facts.response.medicines}
    assert uses["lisinopril"] == "current" and uses["tramadol"] == uses["hydrocodone"] == "stopped"


def test_the_answer_is_plain_json_and_what_was_typed_is_never_in_a_label(app):
    type_in(app, "**zzqy** [x](http://example.org)\nxannax")
    press(app, "medicines.2.is.xanax")
    assert json.loads(json.dumps(listed(app))) == listed(app)
    said = [one.label for kind in (app.button, app.text_input, app.text_area, app.radio) for one in kind]
    assert not any("zzqy" in one or "xannax" in one for one in [*said, *labels(app).values()])
    assert "**zzqy**" not in " ".join(one.value for one in app.markdown)


def test_more_medicines_than_a_list_may_have_are_kept_word_for_word_in_few_cards_and_the_page_says_so(app):
    lines = [f"thing {number}" for number in range(1_100)]
    most = next(item.most for section in CONTENT.sections for item in section.items if item.type == "medicines")
    type_in(app, "\n".join(lines))
    assert len(listed(app)) <= most + 4
    assert "\n".join(text if isinstance(text, str) else text["text"] for text in listed(app)).split("\n") == lines
    press(app, "next")
    assert SAY["problem-too-many"]["en"] in texts(app)
    type_in(app, "one more")
    assert named(app.text_area, "medicines.box").value == "one more" and len(listed(app)) <= most + 4
