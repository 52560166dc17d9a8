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


def type_in(app, text):
    app.text_area(key="medicines.box").set_value(text).run()
    assert not app.exception
    return app


def press(app, key):
    app.button(key=key).click().run()
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
    assert app.text_area(key="medicines.box").value == ""
    said = texts(app)
    assert (
        "We read this as: lisinopril" in said and "alprazolam. Is that right?" in said and "could not read this" in said
    )
    type_in(app, "metformin")
    assert listed(app)[-1] == "metformin" and len(listed(app)) == 5


def test_what_stands_in_the_type_ahead_and_was_not_picked_is_not_lost(app):
    app.text_input(key="medicines.search").set_value("kratom tea").run()
    assert listed(app) == ["kratom tea"] and app.text_input(key="medicines.search").value == ""


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
    numbers = {one.key for one in app.number_input}
    assert "medicines.1.dose" in numbers and not {"medicines.2.dose", "medicines.3.dose"} & numbers
    app.number_input(key="medicines.1.dose").set_value(10.0).run()
    assert listed(app)[0] == {"text": "oxycodone", "dose": {"value": 10.0}}
    pills(app, "medicines.1.unit").set_value("mg").run()
    app.number_input(key="medicines.1.times").set_value(4.0).run()
    assert listed(app)[0]["dose"] == {"value": 10.0, "unit": "mg", "per_day": 4.0}


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
    labels = [
        one.label for kind in (app.button, app.text_input, app.text_area, app.radio, app.number_input) for one in kind
    ]
    assert not any("zzqy" in one or "xannax" in one for one in labels)
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
    assert app.text_area(key="medicines.box").value == "one more" and len(listed(app)) <= most + 4
