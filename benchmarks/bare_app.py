"""The same pages with the same widgets and nothing else: what Streamlit itself costs."""

import functools

import streamlit as st

from screening.loading.load import load
from screening.model.item_types import Integer
from screening.settings import ROOT
from screening.ui.form.body_map import body_map

content = functools.cache(load)(ROOT / "content") if "content" not in st.session_state else st.session_state["content"]
st.session_state["content"] = content
answers = st.session_state.setdefault("answers", {})
st.set_page_config(layout="centered")


def draw(item):
    label, options = item.text["en"], [option.text["en"] for option in item.options]
    key = item.link_id
    match item.type:
        case "choice":
            return st.radio(label, options, index=None, key=key, label_visibility="collapsed")
        case "multi-choice":
            return [
                option.code for option in item.options if st.checkbox(option.text["en"], key=f"{key}.{option.code}")
            ]
        case "integer" if isinstance(item, Integer) and item.max - item.min < 11:
            return st.radio(label, list(range(11)), index=None, horizontal=True, key=key, label_visibility="collapsed")
        case "integer" | "decimal":
            return st.number_input(label, value=None, key=key)
        case "quantity":
            if item.unit == "kg":
                return st.radio("unit", ["lb", "kg"], key=f"{key}.unit"), st.number_input(
                    "n", value=None, key=f"{key}.lb"
                )
            st.radio("unit", ["ft", "cm"], key=f"{key}.unit")
            return st.number_input("feet", value=None, key=f"{key}.feet"), st.number_input(
                "inches", value=None, key=f"{key}.inches"
            )
        case "date":
            st.number_input("day", value=None, key=f"{key}.day")
            st.selectbox("month", range(1, 13), index=None, key=f"{key}.month")
            return st.number_input("year", value=None, key=f"{key}.year")
        case "body-map":
            regions = [(option.code, option.text["en"]) for option in item.options if not option.meaning]
            words = dict.fromkeys(("front", "back", "chosen", "none_chosen", "left_right"), "words")
            body_map(regions, [], key=f"{key}.map", label=label, words=words)
            return st.multiselect(label, options, key=f"{key}.map.list")
        case "text":
            return st.text_area(label, key=key)
        case "medicines":
            return st.radio(label, ["some", *options], index=None, key=key)
    return st.text_input(label, key=key)


pages = [page for one in content.sections for page in one.pages if not all(item.enable_when for item in page.items)]


def page(number):
    def run():
        st.title(pages[number].title["en"])
        for item in pages[number].items:
            if not item.enable_when:
                st.html(f"<p>{item.text['en']} {item.hint['en'] if item.hint else ''}</p>")
                answers[item.link_id] = draw(item)
        st.button("Back", key="back")
        st.button("Español", key="language", type="tertiary")
        if st.button("Continue", key="next"):
            st.switch_page(PAGES[(number + 1) % len(PAGES)])

    return run


PAGES = [st.Page(page(n), title=one.address, url_path=one.address, default=n == 0) for n, one in enumerate(pages)]
st.navigation(PAGES, position="hidden").run()
