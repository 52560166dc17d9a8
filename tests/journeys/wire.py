"""Streamlit's own protocol by hand: what somebody can send who does not use the pages."""

from __future__ import annotations

import json
import urllib.request
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

EARLY = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")


def cookie(url: str) -> str:
    """The cookie that a new browser is given."""
    with urllib.request.urlopen(url, timeout=300) as answer:
        return answer.headers["set-cookie"].split(";")[0]


CHECKING = "Open a topic to see your answers."
"""What the page says on which everything is looked at once more."""


class Wire:
    """One socket. elements: id of a widget -> (kind, message); html: what is written on the page."""

    def __init__(self, url: str, cookie: str, session: str = "", origin: str | None = None) -> None:
        place = urlsplit(url).netloc
        protocols = ["streamlit", "PLACEHOLDER", *([session] if session else [])]
        self.socket = connect(
            f"ws://{place}/_stcore/stream",
            origin=origin or f"http://{place}",
            subprotocols=protocols,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            max_size=None,
            proxy=None,
        )
        self.session = self.page = ""
        self.elements: dict[str, tuple[str, Any]] = {}
        self.html: list[str] = []
        self.kept: dict[str, ForwardMsg] = {}
        self.states: dict[str, WidgetState] = {}

    def __enter__(self) -> Wire:
        return self.run()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def run(self, *pressed: WidgetState) -> Wire:
        """One rerun with every value that was set, and wait until it is over."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.widgets.extend([*self.states.values(), *pressed])
        message.rerun_script.context_info.locale = "en-US"
        self.socket.send(message.SerializeToString())
        began = False
        while True:
            got = ForwardMsg.FromString(self.socket.recv(timeout=300))
            if got.WhichOneof("type") == "ref_hash":
                got = self.kept[got.ref_hash]
            elif got.hash:
                self.kept[got.hash] = got
            kind = got.WhichOneof("type")
            if kind == "new_session":
                began = True
                self.session = got.new_session.initialize.session_id or self.session
                self.page = got.new_session.page_script_hash or self.page
                self.elements, self.html = {}, []
            elif kind == "navigation":
                self.page = got.navigation.page_script_hash or self.page
            elif kind == "delta" and got.delta.WhichOneof("type") == "new_element":
                element = got.delta.new_element
                name = element.WhichOneof("type") or ""
                found = getattr(element, name, None)
                if name == "html":
                    self.html.append(found.body)
                elif getattr(found, "id", ""):
                    self.elements[found.id] = (name, found)
            elif kind == "script_finished" and began and got.script_finished != EARLY:
                return self

    def named(self, key: str) -> str:
        """The id of the widget with a key, also where it was drawn anew."""
        return next(one for one in self.elements if one.split("-", 2)[-1].split("~")[0] == key)

    def has(self, key: str) -> bool:
        """Whether the page has a widget with a key."""
        return any(one.split("-", 2)[-1].split("~")[0] == key for one in self.elements)

    def press(self, key: str) -> Wire:
        """Press a button."""
        return self.run(WidgetState(id=self.named(key), trigger_value=True))

    def send(self, key: str, **value: Any) -> Wire:
        """Send a value of any kind for a widget, whether the page allows it or not."""
        state = WidgetState(id=self.named(key))
        for name, one in value.items():
            if isinstance(one, list):
                getattr(state, name).data.extend(one)
            else:
                setattr(state, name, one)
        self.states[state.id] = state
        return self.run()

    def cards(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """link_id of every question that is a card -> the id of its component, and what that was told."""
        told = {
            one: json.loads(found.json)
            for one, (kind, found) in self.elements.items()
            if kind == "bidi_component" and '"asked"' in found.json
        }
        return {link_id: (one, each) for one, each in told.items() for link_id in each["asked"]}

    def touch(self, link_id: str, value: Any) -> Wire:
        """Answer a card as the page does."""
        component, told = self.cards()[link_id]
        changes = {link_id: [value, told["values"].get(link_id)]}
        report = {"session": told["session"], "turn": told["received"] + 1, "changes": changes}
        self.states[component] = WidgetState(id=component, json_value=json.dumps({"touched": report}))
        return self.run()

    def text(self) -> str:
        """Everything that the page says."""
        return " ".join([*self.html, *(str(message) for _, message in self.elements.values())])

    def start(self) -> Wire:
        """Past the signs that cannot wait, to the questions about the person."""
        self.press("next")
        self.send("consent", bool_value=True)
        self.press("next")
        return self.press("next")
