"""The body map in a real browser: mouse, keyboard, phone, list beside it, restart, forced colours, axe."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PATIENCE

ROOT = Path(__file__).parents[2]
CSP = "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:"

SCRIPT = """
import json, threading
from pathlib import Path
import streamlit as st
from screening.loading import document
from screening.ui.form.body_map import body_map, in_order, list_key

options = document.read(Path({root!r}) / "content/body-regions.yaml").data["answer_sets"]["body-regions"]
regions = [(o["code"], o["text"]["en"]) for o in options if "meaning" not in o]
names = dict(regions)
file = Path({folder!r}) / (st.query_params["who"] + ".json")
saved = json.loads(file.read_text()) if file.exists() else []
st.title("Where does it hurt?")
ss = st.session_state
def keep(codes):
    whole = file.with_suffix(f".{{threading.get_ident()}}")  # another run of this script may read at any moment
    whole.write_text(json.dumps(codes))
    whole.replace(file)
    return codes
listed = ss.get(list_key("map"))
if listed is not None and in_order(names, listed) != saved:
    saved = keep(in_order(names, listed))
new = body_map(regions, saved, key="map", label="Where does it hurt?", words=dict(
    front="Front", back="Back", chosen="Chosen: {{list}}", none_chosen="Nothing chosen yet.", left="Left", right="Right",
    left_right="Left and right mean your own left and right."))
if new != saved:
    keep(new)
key = list_key("map")
if key not in ss:
    ss[key] = new
st.multiselect("The same places as a list", list(names), format_func=names.__getitem__, key=key)
st.text("saved " + " ".join(new))
st.button("Again")
"""

ASGI = """
import streamlit as st
class Policy:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send):
        async def wrapped(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"content-security-policy", {csp!r}.encode())]
            await send(message)
        await self.app(scope, receive, wrapped if scope["type"] == "http" else send)
from starlette.middleware import Middleware
app = st.App("script.py", middleware=[Middleware(Policy)])
"""


class Server:
    """A small app of this test's own, on a free loopback port; it can be restarted on the same one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "script.py").write_text(SCRIPT.format(root=str(ROOT), folder=str(folder)), "utf-8")
        (folder / "asgi.py").write_text(ASGI.format(csp=CSP), "utf-8")
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(
            "[server]\nheadless = true\nfileWatcherType = 'none'\n[browser]\ngatherUsageStats = false\n"
            "[theme]\nbase = 'light'\nprimaryColor = '#005eb8'\ntextColor = '#0b1117'\nborderColor = '#6b7680'\n"
            "baseFontSize = 18\n",
            "utf-8",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(self.port), "--log-level", "warning"]
        environment = {**os.environ, "PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT}"}
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the app did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("map"))
    yield running
    running.stop()


Visit = Callable[..., Page]


@pytest.fixture
def visit(server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open the page as a new person; at the end there must have been no error and no request to elsewhere."""
    contexts, wrong = [], []

    def open_page(start: list[str] | None = None, **options: Any) -> Page:
        who = "".join(filter(str.isalnum, request.node.name))
        if start is not None:
            (server.folder / f"{who}.json").write_text(json.dumps(start))
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if breaks_policy(said.text) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda r: None if "//127.0.0.1:" in r.url or r.url[:5] in ("blob:", "data:") else wrong.append(r.url),
        )
        page.goto(f"http://127.0.0.1:{server.port}/?who={who}")
        page.get_by_role("checkbox").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def breaks_policy(said: str) -> bool:
    # Streamlit's own page has one inline script; the app's front allows it by its hash, this small server does not.
    return "Content Security Policy" in said and "inline script" not in said


def region(page: Page, name: str, view: str = "Front") -> Any:
    return page.get_by_role("group", name=view, exact=True).get_by_role("checkbox", name=name, exact=True)


def saved(page: Page, *codes: str) -> None:
    expect(page.get_by_text("saved", exact=False).last).to_have_text(" ".join(["saved", *codes]).strip())
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def checked(page: Page) -> set[str]:
    return set(page.locator("[role=checkbox][aria-checked=true]").evaluate_all("all => all.map(r => r.dataset.code)"))


def choose_in_list(page: Page, name: str) -> None:
    box = page.get_by_role("combobox")
    box.click()
    box.press_sequentially(name)
    page.get_by_role("option", name=name, exact=True).wait_for()
    box.press("Enter")
    box.press("Escape")


FOCUSED = """() => { let a = document.activeElement
  while (a?.shadowRoot?.activeElement) a = a.shadowRoot.activeElement
  return a?.dataset?.code ?? null }"""


def test_a_click_chooses_and_the_list_follows(visit: Visit) -> None:
    page = visit()
    expect(page.locator("output")).to_have_text("Nothing chosen yet.")
    region(page, "Left knee").click()
    saved(page, "left-knee")
    expect(region(page, "Left knee")).to_be_checked()
    expect(region(page, "Left knee", "Back")).to_be_checked()
    expect(page.locator("[data-testid=stMultiSelect]")).to_contain_text("Left knee")
    region(page, "Lower back", "Back").click()
    saved(page, "lower-back", "left-knee")
    expect(page.locator("output")).to_have_text("Chosen: Lower back; Left knee")
    region(page, "Left knee", "Back").click()
    saved(page, "lower-back")
    assert checked(page) == {"lower-back"}


def test_the_map_follows_the_list(visit: Visit) -> None:
    page = visit()
    region(page, "Head").click()
    saved(page, "head")
    choose_in_list(page, "Chest")
    saved(page, "head", "chest")
    expect(region(page, "Chest")).to_be_checked()
    page.get_by_role("combobox").press("Backspace")  # takes the last one away
    saved(page, "head")
    assert checked(page) == {"head"}
    page.get_by_role("combobox").press("Backspace")
    saved(page)
    assert checked(page) == set()
    page.get_by_role("button", name="Again").click()
    saved(page)
    assert checked(page) == set()
    region(page, "Head").click()
    saved(page, "head")


def test_quick_presses_are_all_kept(visit: Visit) -> None:
    page = visit()
    names = ["Head", "Neck", "Chest", "Left hip", "Right hip", "Left knee", "Right knee"]
    for name in names:
        region(page, name).dispatch_event("click")
    saved(page, "head", "neck", "chest", "left-hip", "right-hip", "left-knee", "right-knee")
    for name in names:  # the drawing comes after what is kept, on a busy machine
        expect(region(page, name)).to_be_checked()
    assert len(checked(page)) == 7


def test_it_comes_back_after_a_rerun_and_a_reload(visit: Visit) -> None:
    page = visit(start=["neck", "left-hand"])
    assert checked(page) == {"neck", "left-hand"}
    page.get_by_role("button", name="Again").click()
    saved(page, "neck", "left-hand")
    region(page, "Right foot or ankle").click()
    saved(page, "neck", "left-hand", "right-foot")
    page.reload()
    saved(page, "neck", "left-hand", "right-foot")
    expect(region(page, "Neck")).to_be_checked()
    assert checked(page) == {"neck", "left-hand", "right-foot"}


def test_keyboard_alone(visit: Visit) -> None:
    page = visit()
    page.get_by_role("heading").first.wait_for()
    stops = []
    for _ in range(12):  # not once round the page
        page.keyboard.press("Tab")
        if code := page.evaluate(FOCUSED):
            stops.append(code)
    assert stops == ["head", "head"]  # one stop a figure

    region(page, "Head").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "face"
    page.keyboard.press("Space")
    saved(page, "face")
    assert page.evaluate(FOCUSED) == "face"  # focus outlives the rerun
    expect(page.locator(".ring")).to_have_count(1)
    page.keyboard.press("Enter")
    saved(page)
    page.keyboard.press("End")
    assert page.evaluate(FOCUSED) == "right-foot"
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == "head"


@pytest.mark.parametrize("view", ["Front", "Back"])
def test_arrows_reach_every_region(visit: Visit, view: str) -> None:
    page = visit()
    figure = page.get_by_role("group", name=view, exact=True)
    all_codes = set(figure.get_by_role("checkbox").evaluate_all("all => all.map(r => r.dataset.code)"))
    seen, todo = {"head"}, ["head"]
    while todo:
        code = todo.pop()
        for arrow in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
            figure.locator(f"[data-code={code}]").focus()
            page.keyboard.press(arrow)
            if (reached := page.evaluate(FOCUSED)) not in seen:
                seen.add(reached)
                todo.append(reached)
    assert seen == all_codes


def test_a_phone_has_large_targets_and_no_sideways_scroll(visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, device_scale_factor=2)
    wide = "() => [document.documentElement, document.querySelector('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(wide) == [0, 0]
    # The largest square that fits inside each shape, in pixels of the screen, by trying points on a grid.
    sizes = []
    for view, other in (("Front", "Back"), ("Back", "Front")):
        page.get_by_role("tab", name=view, exact=True).tap()
        expect(page.get_by_role("group", name=other, exact=True)).to_be_hidden()
        sizes += page.get_by_role("group", name=view, exact=True).get_by_role("checkbox").evaluate_all(SQUARES)
    assert min(sizes, key=lambda size: size[1])[1] >= 24, sorted(sizes, key=lambda size: size[1])[:8]
    region(page, "Right hand or wrist", "Back").tap()
    saved(page, "right-hand")
    page.get_by_role("tab", name="Front", exact=True).tap()
    region(page, "Left knee").tap()
    saved(page, "right-hand", "left-knee")


SQUARES = """all => all.map(shape => {
  const scale = shape.getScreenCTM().a, box = shape.getBBox(), point = shape.ownerSVGElement.createSVGPoint()
  const inside = (x, y) => { point.x = x; point.y = y; return shape.isPointInFill(point) }
  const fits = (x, y, r) => { for (let t = 0; t < 24; t++)
      if (!inside(x + r * Math.cos(t * Math.PI / 12), y + r * Math.sin(t * Math.PI / 12))) return false
    return true }
  let best = 0
  for (let x = box.x; x < box.x + box.width; x += 1.5) for (let y = box.y; y < box.y + box.height; y += 1.5)
    while (fits(x, y, best + 0.5)) best += 0.5
  return [shape.dataset.code, 2 * best * scale] })"""


def test_a_computer_shows_both_figures_side_by_side(visit: Visit) -> None:
    page = visit()
    front, back = (page.get_by_role("group", name=view, exact=True).bounding_box() for view in ("Front", "Back"))
    assert front and back and front["y"] == back["y"] and back["x"] >= front["x"] + front["width"]


@pytest.mark.parametrize(
    "look", [{}, {"viewport": {"width": 360, "height": 740}}, {"forced_colors": "active"}, {"color_scheme": "dark"}]
)
def test_axe_finds_nothing(visit: Visit, look: dict[str, Any]) -> None:
    import axe_playwright_python

    page = visit(start=["chest", "left-knee"], **look)
    region(page, "Head").focus()
    page.keyboard.press("ArrowDown")
    # evaluate, not a script tag: the page's own policy stays in force
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert not [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_chosen_is_more_than_colour(visit: Visit) -> None:
    page = visit(start=["chest"], forced_colors="active")
    expect(page.locator(".tick")).to_have_count(1)
    expect(page.locator(".edge")).to_have_count(1)


def test_a_press_as_the_server_dies_is_not_lost_and_an_old_one_not_repeated(visit: Visit, server: Server) -> None:
    page = visit()
    region(page, "Head").click()
    saved(page, "head")
    choose_in_list(page, "Chest")
    saved(page, "head", "chest")
    server.stop()
    page.get_by_role("dialog").wait_for()
    region(page, "Neck").dispatch_event("click")  # nobody hears it
    server.start()
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Again").click()
    saved(page, "head", "neck", "chest")
    region(page, "Face").click()
    saved(page, "head", "face", "neck", "chest")
    page.get_by_role("button", name="Again").click()
    saved(page, "head", "face", "neck", "chest")
    assert checked(page) == {"head", "face", "neck", "chest"}
    expect(page.locator("output")).to_have_text("Chosen: Head; Face; Neck; Chest")
