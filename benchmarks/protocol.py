"""One tab of one browser, over Streamlit's own protocol. Only a server on this machine is ever spoken to."""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import itertools
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

EARLY = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")
FRAGMENT = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_FRAGMENT_RUN_SUCCESSFULLY")
LISTS = ("multiselect", "button_group")
WORDS = ("text_input", "text_area", "selectbox", "radio")
ANSWERED = (*WORDS, *LISTS, "number_input", "checkbox")
_arrivals = itertools.count()


class Broken(Exception):
    """The app did something that a person would call broken."""


@dataclass
class Widget:
    """One element as it was last drawn. fragment: the part of the page that is drawn alone when it is touched."""

    kind: str
    message: Any
    run: int
    fragment: str = ""

    @property
    def id(self) -> str:
        return getattr(self.message, "id", "") or ""

    @property
    def key(self) -> str:
        """The key that the app gave it; it stands at the end of the id."""
        return self.id.split("-", 2)[-1].split("~")[0]

    @property
    def name(self) -> str:
        """What stays the same when the widget is drawn anew: its key, or the id of one without."""
        return self.id if self.key == "None" else self.key


class Session:
    """One tab of one browser."""

    def __init__(self, url: str) -> None:
        self.place = urlsplit(url)
        if not ipaddress.ip_address(self.place.hostname or "").is_loopback:
            raise ValueError("only a server on this machine is ever a target")
        number = next(_arrivals)
        self.source = (f"127.{number // 62_500 % 250 + 1}.{number // 250 % 250}.{number % 250 + 1}", 0)
        self.tree: dict[tuple[int, ...], Widget] = {}
        self.states: dict[str, WidgetState] = {}
        self.kept: dict[str, ForwardMsg] = {}
        self.page = ""
        self.run = 0
        self.fragment = ""
        self.turns: list[tuple[float, float]] = []
        """When each rerun ended, and how long it took in milliseconds."""

    async def __aenter__(self) -> Session:
        cookie = await asyncio.to_thread(self._arrive)
        self.socket = await websockets.connect(
            f"ws://{self.place.netloc}/_stcore/stream",
            origin=f"http://{self.place.netloc}",
            subprotocols=["streamlit", "PLACEHOLDER"],
            additional_headers={"Cookie": cookie},
            max_size=None,
            open_timeout=60,
            compression="deflate",
            proxy=None,
            local_addr=self.source,
        )
        await self._rerun()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    def _arrive(self) -> str:
        """What a browser asks for before the socket; its cookies."""
        cookies: dict[str, str] = {}
        for path in ("/", "/_stcore/health", "/_stcore/host-config"):
            connection = http.client.HTTPConnection(self.place.netloc, timeout=60, source_address=self.source)
            connection.request("GET", path, headers={"Cookie": _joined(cookies)})
            answer = connection.getresponse()
            answer.read()
            cookies |= dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_all("set-cookie", ()))
            connection.close()
            if answer.status >= 400:
                raise Broken(f"{path} answered {answer.status}")
        return _joined(cookies)

    def widgets(self, *kinds: str) -> list[Widget]:
        """What stands on the page, in order."""
        return [one for _, one in sorted(self.tree.items()) if one.id and one.kind in (kinds or ANSWERED)]

    def texts(self) -> list[str]:
        """Everything that the page says."""
        fields = [getattr(one.message, name, "") for one in self.tree.values() for name in ("body", "title", "label")]
        return [text for text in fields if isinstance(text, str) and text]

    async def answer(self, key: str, value: Any) -> None:
        """Give a widget a value, and wait until the page is drawn anew."""
        widget = next(one for one in self.widgets() if one.key == key)
        state = WidgetState(id=widget.id)
        if widget.kind in LISTS:
            state.string_array_value.data.extend(value)
        elif widget.kind == "checkbox":
            state.bool_value = value
        elif widget.kind == "number_input":
            state.double_value = float(value)
        else:
            state.string_value = value
        self.states[widget.id] = state
        await self._rerun()

    def cards(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """link_id of every question that is a card -> the id of its component, and what that was told."""
        told = {
            one.id: json.loads(one.message.json)
            for one in self.tree.values()
            if one.kind == "bidi_component" and '"asked"' in one.message.json
        }
        return {link_id: (one, each) for one, each in told.items() for link_id in each["asked"]}

    async def touch(self, link_id: str, value: Any) -> None:
        """Answer a card as its page does, and wait until the page is drawn anew."""
        component, told = self.cards()[link_id]
        report = {
            "session": told["session"],
            "turn": told["received"] + 1,
            "changes": {link_id: [value, told["values"].get(link_id)]},
            "known": told["name"],
        }
        self.states[component] = WidgetState(id=component, json_value=json.dumps({"touched": report}))
        await self._rerun(fragment=next(one.fragment for one in self.tree.values() if one.id == component))

    async def press(self, key: str) -> None:
        """Press a button."""
        widget = next(one for one in self.widgets("button") if one.key == key)
        await self._rerun(WidgetState(id=widget.id, trigger_value=True))

    async def _rerun(self, *pressed: WidgetState, fragment: str = "") -> None:
        message = BackMsg()
        script = message.rerun_script
        script.fragment_id = self.fragment = fragment
        script.page_script_hash = self.page
        script.widget_states.widgets.extend([*self.states.values(), *pressed])
        script.cached_message_hashes.extend(self.kept)
        script.context_info.locale = "en-US"
        script.context_info.url = f"http://{self.place.netloc}/"
        begun, run = time.perf_counter(), self.run
        await self.socket.send(message.SerializeToString())
        while True:
            received = await asyncio.wait_for(self.socket.recv(), 120)
            if self._take(ForwardMsg.FromString(received)) and self.run > run:
                break
        self.turns.append((time.time(), (time.perf_counter() - begun) * 1e3))
        if wrong := [one for one in self.tree.values() if one.kind == "exception"]:
            raise Broken(f"the page shows {wrong[0].message.type}")

    def _take(self, message: ForwardMsg) -> bool:
        """Draw what the server says; whether the script has ended."""
        if message.WhichOneof("type") == "ref_hash":
            path = message.metadata.delta_path
            message = ForwardMsg.FromString(self.kept[message.ref_hash].SerializeToString())
            message.metadata.delta_path[:] = path
        elif message.metadata.cacheable and message.hash:
            self.kept[message.hash] = message
        match message.WhichOneof("type"):
            case "new_session":
                self.run += 1
                self.page = message.new_session.page_script_hash or self.page
            case "navigation":
                self.page = message.navigation.page_script_hash or self.page
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                self._draw(tuple(message.metadata.delta_path), message.delta.new_element, message.delta.fragment_id)
            case "script_finished" if message.script_finished != EARLY:
                others = self.fragment if message.script_finished == FRAGMENT else None
                self.tree = {
                    path: one
                    for path, one in self.tree.items()
                    if one.run == self.run or (others is not None and one.fragment != others)
                }
                alive = {one.id for one in self.tree.values()}
                self.states = {name: state for name, state in self.states.items() if name in alive}
                return True
        return False

    def _draw(self, path: tuple[int, ...], element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        self.tree = {at: one for at, one in self.tree.items() if at[: len(path)] != path}
        if kind:
            self.tree[path] = Widget(kind, getattr(element, kind), self.run, fragment)


def _joined(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
