"""The front: what is not needed answers 404, headers are strict, and an identity cannot be brought along."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import html
import itertools
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from screening.loading.load import load
from screening.records.accounts.sessions import session_id
from screening.settings import ROOT
from screening.use_cases import tickets
from screening.web import browsers, proof, sockets
from screening.web import front as front_module
from screening.web.browsers import STAFF, VISITOR, Cookies
from screening.web.files import Files
from screening.web.front import Front
from screening.web.proof import ZEROS, Proofs
from screening.web.routes import Routes
from screening.web.shell import content_security_policy, shell, streamlit_static
from screening.web.sockets import LARGEST_MESSAGE, LARGEST_VALUE, MOST_OF_ONE, MOST_WIDGETS
from tests.conftest import SHIPPED

PAGES = frozenset({"", "pain"})
COOKIES = Cookies(b"k" * 32)
PAGE = "<title>x</title><script>a()</script>"
FRESH = COOKIES.fresh()
LINK = "a" * 43
MINE = (b"cookie", f"visitor={FRESH}".encode())


class Inner:
    """Stands for Streamlit: notes what reaches it."""

    def __init__(self):
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        if scope["type"] == "http":
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"cache-control", b"public"), (b"x-frame-options", b"NO")],
                }
            )
            await send({"type": "http.response.body", "body": b"page"})


def asking(front, inner, path, method="GET", headers=(), kind="http", scheme="http", client=("127.0.0.1", 1)):
    """What the front sends for one request."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": path, "method": method, "headers": [(b"host", b"x.org"), *headers]}
    asyncio.run(front({**scope, "scheme": scheme, "client": client}, None, send))
    return inner, sent


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(front_module, "LINGER", 0)


def fronted(staff=False):
    inner = Inner()
    return Front(inner, Routes(PAGES, staff), COOKIES, PAGE, 100), inner


def ask(path, method="GET", headers=(), staff=False, **more):
    return asking(*fronted(staff), path, method, headers, **more)


def set_by(sent):
    """The value of the cookie that an answer sets."""
    return dict(sent[0]["headers"])[b"set-cookie"].split(b";")[0].partition(b"=")[2].decode()


@pytest.mark.parametrize(
    "path",
    [
        "/media/abc.csv",
        "/_stcore/upload_file/a/b",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/component/x",
        "/app/static/x",
        "/nowhere",
        "/../etc/passwd",
        "/static/../secret",
        "/take/short",
        "/" + "x" * 300,
        "/_stcore/script-health-check",
        "/auth/login",
        "/static/js/nothere.js",
        "/static//etc/passwd",
        "/static/",
    ],
)
def test_what_the_form_does_not_need_is_not_there(path):
    inner, sent = ask(path)
    assert sent[0]["status"] == 404 and not inner.scopes


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading_is_allowed(method):
    inner, sent = ask("/", method)
    assert sent[0]["status"] == 405 and not inner.scopes


def test_every_answer_carries_the_strict_headers_once():
    for path in ("/", "/pain", "/nowhere"):
        headers = ask(path)[1][0]["headers"]
        names = [name for name, _ in headers]
        assert len(names) == len(set(names))
        found = dict(headers)
        assert found[b"cache-control"] == b"no-store" and found[b"x-frame-options"] == b"DENY"
        policy = found[b"content-security-policy"].decode()
        assert "frame-ancestors 'none'" in policy and "'unsafe-eval'" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_the_policy_names_the_hash_of_every_inline_script():
    assert content_security_policy("<script>a()</script><script>b()</script>").count("'sha256-") == 2


def test_a_new_browser_gets_a_cookie_that_scripts_cannot_read_and_keeps_it():
    cookie = dict(ask("/")[1][0]["headers"])[b"set-cookie"].decode()
    assert (
        cookie.startswith("visitor=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    )
    assert b"set-cookie" not in dict(ask("/", headers=[MINE])[1][0]["headers"])


def test_over_https_no_other_site_program_or_port_can_set_our_cookie():
    cookie = dict(ask("/", scheme="https")[1][0]["headers"])[b"set-cookie"].decode()
    assert (
        cookie.startswith("__Host-visitor=")
        and "; Secure" in cookie
        and "; Path=/" in cookie
        and "Domain" not in cookie
    )
    tossed = ask("/", scheme="https", headers=[MINE])[1][0]["headers"]
    assert b"set-cookie" in dict(tossed), "a cookie under the plain name, which anybody may set, is none"


@pytest.mark.parametrize(
    "value",
    ["A" * 43, FRESH[:-1] + ("0" if FRESH[-1] != "0" else "1"), COOKIES.marked(STAFF, FRESH.rpartition(".")[0]), ""],
    ids=["chosen", "bent", "of another kind", "empty"],
)
def test_a_cookie_that_this_server_did_not_give_is_none(value):
    forged = [(b"cookie", f"visitor={value}".encode())]
    answer = ask("/", headers=forged)[1]
    assert set_by(answer) != value
    assert ask(**SOCKET, headers=[GOOD[0], *forged])[1][0]["type"] == "websocket.close"


def test_a_browser_with_two_of_our_cookies_is_nobody():
    other = COOKIES.fresh()
    for twice in (
        [MINE, (b"cookie", f"visitor={other}".encode())],
        [(b"cookie", f"visitor={FRESH}; visitor=x".encode())],
    ):
        assert ask("/", headers=twice)[1][0]["status"] == 400
        assert ask(**SOCKET, headers=[GOOD[0], *twice])[1][0]["type"] == "websocket.close"


def browser_with(*headers):
    return COOKIES.browser({"type": "http", "scheme": "http", "headers": [*headers], "client": ("127.0.0.1", 1)})


def test_an_odd_cookie_of_another_app_does_not_hide_ours():
    odd = browser_with((b"cookie", b'a={"x":1}; ' + MINE[1] + b"; b=@,;="))
    assert odd.visitor == browser_with(MINE).visitor != ""


def test_a_look_ahead_does_not_use_up_a_copy_ticket():
    assert ask("/take/" + LINK, "HEAD")[1][0]["status"] == 405


SOCKET = {"path": "/_stcore/stream", "method": "", "kind": "websocket"}
GOOD = [(b"origin", b"http://x.org"), MINE]


def test_the_socket_is_told_who_the_cookie_proves_and_never_what_the_browser_claims():
    inner, _ = ask(**SOCKET, headers=[*GOOD, (b"X-App-Visitor", b"someone-else"), (b"x-app-role", b"admin")])
    claimed = [value for name, value in inner.scopes[0]["headers"] if name.lower().startswith(b"x-app-")]
    me = browser_with(MINE)
    assert claimed == [me.visitor.encode(), me.draft_key.encode()]


def test_where_staff_sign_in_the_socket_is_told_which_session_the_cookie_claims_and_elsewhere_nothing():
    cookie = (b"cookie", b"staff=" + COOKIES.marked(STAFF, "s" * 43).encode())
    claims = [(b"x-app-staff", b"0" * 64), (b"X-App-Staff", b"1" * 64)]
    for headers, staff, told in (
        ([*GOOD, cookie, *claims], True, [session_id("s" * 43).encode()]),
        ([*GOOD, *claims], True, [b""]),
        ([*GOOD, (b"cookie", b"staff=" + b"s" * 43), *claims], True, [b""]),
        ([*GOOD, cookie, *claims], False, []),
    ):
        inner, _ = ask(**SOCKET, headers=headers, staff=staff)
        assert [value for name, value in inner.scopes[0]["headers"] if name.lower() == b"x-app-staff"] == told


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/sign-in/oidc", "/sign-in/callback", "/sign-in/new/" + LINK]
)
def test_the_way_in_is_there_for_staff_only(path):
    assert ask(path)[1][0]["status"] == 404
    inner, sent = ask(path, staff=True)
    assert sent[0]["status"] == 200
    assert dict(sent[0]["headers"])[b"referrer-policy"] == b"same-origin", (
        "else a browser hides where its form comes from"
    )
    made = browser_with((b"cookie", f"visitor={set_by(sent)}".encode()))
    assert inner.scopes[0]["browser"].visitor == made.visitor != "", "the first page knows the browser it is for"


@pytest.mark.parametrize(
    "headers",
    [
        GOOD[1:],
        [(b"origin", b"http://evil.org"), GOOD[1]],
        [(b"origin", b"null"), GOOD[1]],
        GOOD[:1],
        [GOOD[0], (b"cookie", b"visitor=short")],
    ],
    ids=["no origin", "foreign origin", "null origin", "no cookie", "forged cookie"],
)
def test_a_socket_without_the_right_origin_and_a_cookie_is_refused(headers):
    inner, sent = ask(**SOCKET, headers=headers)
    assert not inner.scopes and sent[0]["type"] == "websocket.close"


def test_a_ticket_works_once_for_its_own_visitor_and_not_for_another():
    token = tickets.issue("me", lambda: b"mine", tickets.SECONDS, "a.pdf", "application/pdf")
    assert tickets.use(token, "you") is None
    assert tickets.use(token, "") is None
    found = tickets.use(token, "", "me")
    assert found and found.make() == b"mine"
    assert tickets.use(token, "me") is None


def test_who_asks_for_many_tickets_loses_their_own_and_nobody_elses():
    def issue(owner):
        return tickets.issue(owner, lambda: b"mine", tickets.SECONDS, "a.pdf", "application/pdf")

    waiting = issue("exporter")
    many = [issue("greedy") for _ in range(2_100)]
    assert tickets.use(waiting, "exporter") and tickets.use(many[-1], "greedy")
    assert tickets.use(many[0], "greedy") is None


def test_a_late_ticket_is_worthless(monkeypatch):
    dropped: list[int] = []
    token = tickets.issue("me", lambda: b"mine", tickets.SECONDS, "a.pdf", "application/pdf", lambda: dropped.append(1))
    now = tickets.time.monotonic()
    monkeypatch.setattr(tickets.time, "monotonic", lambda: now + tickets.SECONDS + 1)
    assert tickets.use(token, "me") is None and dropped == [1]


def test_what_nobody_takes_is_dropped_by_itself_and_when_the_process_ends():
    late, left = threading.Event(), threading.Event()
    tickets.issue("me", lambda: b"mine", 0.01, "a.pdf", "application/pdf", late.set)
    assert late.wait(30)
    tickets.issue("me", lambda: b"mine", tickets.SECONDS, "a.pdf", "application/pdf", left.set)
    tickets.drop_all()
    assert left.is_set()


def flood(front, inner, times, kind="http", path="/pain", headers=(), client="203.0.113.5"):
    """How many of `times` requests of one browser are answered."""
    before = len(inner.scopes)
    where = [client] * times if isinstance(client, str) else client
    path = path if kind == "http" else "/_stcore/stream"
    sent = [asking(front, inner, path, headers=headers, kind=kind, client=(one, 1))[1] for one in where]
    return sum(one[0].get("status") == 200 for one in sent) if kind == "http" else len(inner.scopes) - before


def in_use(given_before=0):
    value = f"{browsers.secrets.token_urlsafe(32)}.{int(time.time()) - given_before:08x}"
    return (b"cookie", f"visitor={COOKIES.marked(VISITOR, value)}".encode())


def test_a_flood_from_one_network_is_stopped_and_everybody_else_gets_in():
    front, inner = fronted()
    assert flood(front, inner, 350) == 300
    assert flood(front, inner, 1, headers=[MINE]) == 1, "at the same address, in a browser that was here before"
    assert flood(front, inner, 1, client="203.0.113.6") == 1
    assert flood(front, inner, 0, client=[f"2001:db8::{n:x}" for n in range(350)]) == 300, "of IPv6, 64 bits are one"


def test_a_flood_of_pages_leaves_the_sign_in_open():
    front, inner = fronted(staff=True)
    flood(front, inner, 350)
    assert flood(front, inner, 1, path="/sign-in") == 1
    assert flood(front, inner, 350, path="/sign-in") < 350
    known = (b"cookie", b"known=" + COOKIES.marked("known", "a" * 22).encode())
    assert flood(front, inner, 1, path="/sign-in", headers=[known]) == 1, "a colleague's own browser"


def posting(front, inner, body, client, headers=()):
    sent, left = [], [{"type": "http.request", "body": body, "more_body": False}]

    async def send(message):
        sent.append(message)

    async def receive():
        return left.pop()

    origin = [(b"host", b"x.org"), (b"origin", b"http://x.org"), *headers]
    scope = {"type": "http", "path": "/proof", "method": "POST", "headers": origin, "scheme": "http", "client": client}
    asyncio.run(front(scope, receive, send))
    return sent


def right_answer(challenge):
    tries = (str(number) for number in itertools.count())
    digests = ((one, hashlib.sha256(f"{challenge}.{one}".encode()).digest()) for one in tries)
    return next(one for one, digest in digests if not int.from_bytes(digest[:4], "big") >> (32 - ZEROS))


def test_where_a_network_is_full_a_new_browser_shows_that_somebody_is_there_and_gets_in(content):
    refused = Counter()
    inner = Inner()
    front = Front(
        inner, Routes(PAGES, True), COOKIES, PAGE, 100, lambda kind, _: refused.update([kind]), Proofs(COOKIES, content)
    )
    here, elsewhere = ("203.0.113.5", 1), ("198.51.100.1", 1)
    flood(front, inner, 301)
    sent = asking(front, inner, "/pain", client=here)[1]
    found, page = dict(sent[0]["headers"]), sent[1]["body"].decode()
    assert sent[0]["status"] == 429 and 0 < int(found[b"retry-after"]) <= 61
    assert f'content="{int(found[b"retry-after"])}"' in page, "without scripts it opens again after the true wait"
    assert all(f'<div lang="{language}">' in page for language in content.languages)
    assert content.site.clinic.phone in page and content.site.help.line["en"] in html.unescape(page)
    script = re.search(r"<script>(.*?)</script>", page)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest())
    assert b"script-src 'sha256-" + digest + b"'" in found[b"content-security-policy"]
    challenge = re.search(r'name="challenge" value="([^"]+)"', page)[1]
    answer = right_answer(challenge)
    form = {"challenge": challenge, "answer": answer, "to": "/pain"}
    wrong = [
        ({**form, "answer": f"{answer}0"}, here),
        ({**form, "challenge": f"{challenge}x"}, here),
        ({"to": "/pain"}, here),
        (form, elsewhere),
    ]
    for fields, client in wrong:
        assert posting(front, inner, urlencode(fields).encode(), client)[0]["status"] == 403
    assert posting(front, inner, b"x" * 9_000, here)[0]["status"] == 403
    done = posting(front, inner, urlencode(form).encode(), here)
    assert done[0]["status"] == 303 and dict(done[0]["headers"])[b"location"] == b"/pain"
    cookie = (b"cookie", f"visitor={set_by(done)}".encode())
    flood(front, inner, 200, "websocket", headers=[GOOD[0], in_use()])
    assert (
        flood(front, inner, 5, headers=[cookie]) == 5
        and flood(front, inner, 1, "websocket", headers=[GOOD[0], cookie]) == 1
    )
    assert posting(front, inner, urlencode(form).encode(), here)[0]["status"] == 403, "once"
    away = {**form, "challenge": Proofs(COOKIES, content).challenge("203.0.113.5"), "to": "https://elsewhere.example/"}
    away["answer"] = right_answer(away["challenge"])
    assert dict(posting(front, inner, urlencode(away).encode(), here)[0]["headers"])[b"location"] == b"/"
    assert refused["proof"] == 6 and refused["page"] > 0


def test_a_colleague_in_a_new_browser_behind_a_full_network_gets_to_the_sign_in(content):
    inner = Inner()
    front = Front(inner, Routes(PAGES, True), COOKIES, PAGE, 100, proofs=Proofs(COOKIES, content))
    flood(front, inner, 301, path="/sign-in")
    sent = asking(front, inner, "/sign-in", client=("203.0.113.5", 1))[1]
    challenge = re.search(r'name="challenge" value="([^"]+)"', sent[1]["body"].decode())[1]
    form = {"challenge": challenge, "answer": right_answer(challenge), "to": "/sign-in"}
    done = posting(front, inner, urlencode(form).encode(), ("203.0.113.5", 1))
    assert dict(done[0]["headers"])[b"location"] == b"/sign-in"
    assert flood(front, inner, 1, path="/sign-in", headers=[(b"cookie", f"visitor={set_by(done)}".encode())]) == 1


def test_a_late_proof_is_worth_nothing(content, monkeypatch):
    proofs = Proofs(COOKIES, content)
    challenge = proofs.challenge("203.0.113.5")
    answer, now = right_answer(challenge), time.time()
    monkeypatch.setattr(proof.time, "time", lambda: now + proof.LASTS + 2)
    assert not proofs.passed(challenge, answer, "203.0.113.5")


def test_a_flood_of_sockets_is_stopped_and_who_has_been_here_gets_in():
    front, inner = fronted()
    assert sum(flood(front, inner, 1, "websocket", headers=[GOOD[0], in_use()]) for _ in range(150)) == 120
    assert flood(front, inner, 1, "websocket", headers=[GOOD[0], in_use(given_before=300)]) == 1
    assert flood(front, inner, 1, "websocket", headers=[GOOD[0], in_use()], client="203.0.113.6") == 1


def test_what_another_site_embeds_of_ours_is_refused_and_not_counted():
    front, inner = fronted(staff=True)
    image = [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"no-cors"), (b"sec-fetch-dest", b"image")]
    link = [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"navigate"), (b"sec-fetch-dest", b"document")]
    for path in ("/", "/sign-in", "/ready"):
        assert flood(front, inner, 310, path=path, headers=image) == 0
        assert flood(front, inner, 1, path=path, headers=link) == 1


class Line:
    """One socket as a server sees it: what is put in is received, what is sent is kept."""

    def __init__(self):
        self.coming, self.sent = asyncio.Queue(), []

    async def send(self, message):
        self.sent.append(message)

    def put(self, message):
        self.coming.put_nowait({"type": "websocket.receive", "bytes": message})


def rerun(widgets=1, value="x"):
    message = BackMsg()
    for number in range(widgets):
        message.rerun_script.widget_states.widgets.add(id=f"$$ID-{number}", string_value=value)
    return message.SerializeToString()


def read(*messages, times=1):
    """What the app reads of these messages on one socket."""

    async def go():
        line = Line()
        with sockets.Sockets(10).opened("here", line.coming.get, line.send) as socket:
            for message in messages:
                line.put(message)
            return [await socket.receive() for _ in range(times)], line.sent

    return asyncio.run(go())


def test_a_message_as_large_as_the_largest_page_is_read():
    full = rerun(60, "x" * 4_000)
    assert read(full)[0] == [{"type": "websocket.receive", "bytes": full}]
    assert read(rerun(1, "\U0001f600" * 12_000))[0][0]["type"] == "websocket.receive"


@pytest.mark.parametrize(
    "message",
    [rerun(1, "x" * (LARGEST_VALUE + 2_000)), rerun(MOST_WIDGETS + 1), b"\xff" * 50, b"\x00" * (LARGEST_MESSAGE + 1)],
    ids=["a value", "values", "no message", "a message"],
)
def test_what_no_page_can_send_closes_the_socket(message):
    got, sent = read(message)
    assert got[0]["type"] == "websocket.disconnect" and sent == [{"type": "websocket.close", "code": 1013}]


@pytest.mark.parametrize("kind", ["clear_cache", "load_git_info", "debug_shutdown_runtime", "set_run_on_save"])
def test_orders_that_no_page_of_ours_gives_are_not_passed_on(kind):
    order = BackMsg()
    setattr(order, kind, True)
    assert read(order.SerializeToString(), rerun())[0] == [{"type": "websocket.receive", "bytes": rerun()}]


def test_who_sends_faster_than_a_person_is_read_later_and_others_at_once():
    pace = sockets._Pace()
    waits = [pace.wait(0.1, now=0.0) for _ in range(100)]
    assert max(waits[:40]) < 0.001 and waits[-1] == pytest.approx(6.0) and sockets._Pace().wait(0.1, now=0.0) == 0.0
    assert pace.wait(0.1, now=60.0) == 0.0, "and after a rest at once again"


def test_a_network_may_hold_so_many_sockets_and_where_there_is_no_room_the_fullest_gives_way():
    async def go():
        held, lines = sockets.Sockets(MOST_OF_ONE + 10), []
        with ExitStack() as stack:

            def come(network):
                lines.append(Line())
                return stack.enter_context(held.opened(network, lines[-1].coming.get, lines[-1].send))

            greedy = [come("greedy") for _ in range(MOST_OF_ONE)]
            assert None not in greedy and come("greedy") is None
            others = [come(f"person {number}") for number in range(50)]
            assert None not in others
            assert [(await one.receive())["type"] for one in greedy[:40]] == ["websocket.disconnect"] * 40
            assert not any(one._closing for one in [*greedy[40:], *others])

    asyncio.run(go())


def test_a_socket_that_nobody_uses_is_closed(monkeypatch):
    monkeypatch.setattr(sockets, "IDLE", 0.01)
    got, sent = read()
    assert got[0]["type"] == "websocket.disconnect" and sent[0]["type"] == "websocket.close"


def test_what_the_sockets_of_one_network_sent_last_is_bounded(monkeypatch):
    monkeypatch.setattr(sockets, "_HELD_OF_ONE", 100_000)
    assert read(rerun(60, "x" * 4_000))[0][0]["type"] == "websocket.disconnect"


def test_files_are_those_that_are_there_compressed_once_and_lasting_only_with_a_hash_in_their_name():
    directory = streamlit_static() / "static"
    script = next(path for path in sorted(directory.rglob("index.*.js")))
    path = f"/static/{script.relative_to(directory).as_posix()}"
    headers, body = Files(directory).read(path, b"gzip, br")
    assert gzip.decompress(body) == script.read_bytes() and b"immutable" in dict(headers)[b"cache-control"]
    plain, body = Files(directory).read(path, b"")
    assert body == script.read_bytes() and b"content-encoding" not in dict(plain)
    assert b"no-store" in dict(ask("/static/js/nothere.js")[1][0]["headers"])[b"cache-control"]


def test_the_first_answer_holds_the_telephone_and_the_help_line_for_a_page_that_never_comes():
    content = load(SHIPPED)
    page = shell((streamlit_static() / "index.html").read_text("utf-8"), content)
    for language in content.languages:
        assert content.site.help.line[language] in page and f'<div lang="{language}">' in page
    assert page.count(content.site.clinic.phone) == len(content.languages)
    assert '<div id="root"></div>' in page and "noscript" not in page and "agent" not in page.split("<body>")[1]
    assert f"<title>{content.site.clinic.name['en']}</title>" in page
    assert content_security_policy(page).count("'sha256-") == page.count("<script>")


def test_the_log_takes_allowed_fields_only_and_the_words_of_others_are_taken_out():
    code = (
        "import logging\n"
        "from screening.web.log import event, set_up\n"
        "set_up()\n"
        "event('done', count=3, reference='AB')\n"
        "try:\n    event('done', name='Ana Secreta')\nexcept ValueError:\n    pass\n"
        "def flood():\n    for _ in range(1000): logging.getLogger('other').error('flood')\n"
        "flood()\n"
        "logging.getLogger('other').error('cannot keep %s', 'Ana Secreta')\n"
        "try:\n    raise ValueError('Ana Secreta')\nexcept ValueError:\n    logging.getLogger('other').exception('Ana Secreta')\n"
        "raise KeyError('Ana Secreta')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert (
        "count=3 reference=AB" in done.stderr
        and "ValueError" in done.stderr
        and "stopped by kind=KeyError" in done.stderr
    )
    assert max(Counter(re.findall(r"other <string>:\d+", done.stderr)).values()) == 1, "the same line is written once"
    assert "Secreta" not in done.stdout + done.stderr and "Traceback" not in done.stderr
