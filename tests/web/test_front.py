"""The front: what is not needed answers 404, headers are strict, and an identity cannot be brought along."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from screening.records.accounts.sessions import session_id
from screening.settings import ROOT
from screening.use_cases import tickets
from screening.web.front import Front, content_security_policy, draft_key, staff_of, visitor_of

PAGES = frozenset({"", "pain"})
TOKEN = "a" * 43


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


def ask(path, method="GET", headers=(), kind="http", scheme="http", staff=False):
    inner, sent = Inner(), []
    front = Front(inner, PAGES, staff)

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": path, "method": method, "headers": [(b"host", b"x.org"), *headers], "scheme": scheme}
    asyncio.run(front(scope, None, send))
    return inner, sent


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
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert (
        "Secure" in dict(ask("/", headers=[(b"x-forwarded-proto", b"https")])[1][0]["headers"])[b"set-cookie"].decode()
    )
    again = ask("/", headers=[(b"cookie", f"visitor={TOKEN}".encode())])[1][0]["headers"]
    assert b"set-cookie" not in dict(again)


def test_an_odd_cookie_of_another_app_does_not_hide_ours():
    odd = [(b"cookie", b'a={"x":1}; visitor=' + TOKEN.encode() + b"; b=@,;=")]
    assert visitor_of(odd) == visitor_of([(b"cookie", f"visitor={TOKEN}".encode())]) != ""


def test_a_look_ahead_does_not_use_up_a_copy_ticket():
    assert ask("/take/" + TOKEN, "HEAD")[1][0]["status"] == 405


SOCKET = {"path": "/_stcore/stream", "method": "", "kind": "websocket"}
GOOD = [(b"origin", b"http://x.org"), (b"cookie", f"visitor={TOKEN}".encode())]


def test_the_socket_is_told_who_the_cookie_proves_and_never_what_the_browser_claims():
    inner, _ = ask(**SOCKET, headers=[*GOOD, (b"X-App-Visitor", b"someone-else"), (b"x-app-role", b"admin")])
    claimed = [value for name, value in inner.scopes[0]["headers"] if name.lower().startswith(b"x-app-")]
    assert claimed == [visitor_of(GOOD).encode(), draft_key(TOKEN).encode()]


def test_where_staff_sign_in_the_socket_is_told_which_session_the_cookie_claims_and_elsewhere_nothing():
    cookie = (b"cookie", b"staff=" + b"s" * 43)
    claims = [(b"x-app-staff", b"0" * 64), (b"X-App-Staff", b"1" * 64)]
    for headers, staff, told in (
        ([*GOOD, cookie, *claims], True, [staff_of([cookie]).encode()]),
        ([*GOOD, *claims], True, [b""]),
        ([*GOOD, (b"cookie", b"staff=short"), *claims], True, [b""]),
        ([*GOOD, cookie, *claims], False, []),
    ):
        inner, _ = ask(**SOCKET, headers=headers, staff=staff)
        assert [value for name, value in inner.scopes[0]["headers"] if name.lower() == b"x-app-staff"] == told
    assert staff_of([cookie]) == session_id("s" * 43)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/sign-in/oidc", "/sign-in/callback", "/sign-in/new/" + TOKEN]
)
def test_the_way_in_is_there_for_staff_only(path):
    assert ask(path)[1][0]["status"] == 404
    inner, sent = ask(path, staff=True)
    assert sent[0]["status"] == 200
    assert dict(sent[0]["headers"])[b"referrer-policy"] == b"same-origin", (
        "else a browser hides where its form comes from"
    )
    made = dict(sent[0]["headers"])[b"set-cookie"].split(b";")[0]
    assert (b"cookie", made) in inner.scopes[0]["headers"], "the first page knows the browser it is for"


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


def test_a_late_ticket_is_worthless(monkeypatch):
    dropped: list[int] = []
    token = tickets.issue("me", lambda: b"mine", tickets.SECONDS, "a.pdf", "application/pdf", lambda: dropped.append(1))
    now = tickets.time.monotonic()
    monkeypatch.setattr(tickets.time, "monotonic", lambda: now + tickets.SECONDS + 1)
    assert tickets.use(token, "me") is None and dropped == [1]


def flood(kind, times, address):
    """How many of `times` requests of one address reach Streamlit through one front."""
    inner = Inner()
    front = Front(inner, PAGES)

    async def send(message):
        pass

    async def go():
        for _ in range(times):
            scope = {
                "type": kind,
                "path": "/pain" if kind == "http" else "/_stcore/stream",
                "method": "GET",
                "scheme": "http",
            }
            await front({**scope, "headers": [(b"host", b"x.org"), *GOOD], "client": (address, 1)}, None, send)

    asyncio.run(go())
    return len(inner.scopes), front


@pytest.mark.parametrize("kind, most", [("http", 300), ("websocket", 120)])
def test_a_flood_from_one_address_is_stopped_and_others_get_in(kind, most):
    reached, front = flood(kind, most + 50, "203.0.113.5")
    assert reached == most
    assert front._room_for_socket({"client": ("203.0.113.6", 1)})


def test_the_log_takes_allowed_fields_only_and_the_words_of_others_are_taken_out():
    code = (
        "import logging\n"
        "from screening.web.log import event, set_up\n"
        "set_up()\n"
        "event('done', count=3, reference='AB')\n"
        "try:\n    event('done', name='Ana Secreta')\nexcept ValueError:\n    pass\n"
        "logging.getLogger('other').error('cannot keep %s', 'Ana Secreta')\n"
        "try:\n    raise ValueError('Ana Secreta')\nexcept ValueError:\n    logging.getLogger('other').exception('Ana Secreta')\n"
        "raise KeyError('Ana Secreta')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (
        "count=3 reference=AB" in done.stderr
        and "ValueError" in done.stderr
        and "stopped by kind=KeyError" in done.stderr
    )
    assert "Secreta" not in done.stdout + done.stderr and "Traceback" not in done.stderr
