"""What stands before Streamlit: closed routes, strict headers, how much is taken from whom, and who the browser is.

Every browser gets an HttpOnly cookie of 256 random bits with our mark. Its hash goes to Streamlit as a trusted header,
which binds the session to the cookie: a stolen session id alone opens nothing.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable, Mapping
from functools import partial

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from screening.records.refusals import Kind
from screening.ui.turns import turns
from screening.web.browsers import VISITOR, Browser, Cookies, embedded_elsewhere, same_origin
from screening.web.files import Files, Headers
from screening.web.proof import LARGEST, Proofs, answered
from screening.web.proof import POLICY as PROOF_POLICY
from screening.web.routes import PROOF, STREAM, Address, Routes
from screening.web.shell import content_security_policy, streamlit_static
from screening.web.sockets import Sockets

# Buckets: generous for a waiting room behind one address, far too small for a flood. Static files are not counted. Who
# has one of our cookies has a bucket of their own, so that a stranger at the same address cannot empty it.
PAGES_OF_COOKIE, PAGES_OF_NETWORK, PAGES_OF_NEW = parse("300/minute"), parse("3000/minute"), parse("300/minute")
SOCKETS_OF_COOKIE, SOCKETS_OF_NEW = parse("30/minute"), parse("120/minute")
FILES_OF_NETWORK = parse("6000/minute")  # a new browser loads about 150
PROOFS_OF_NETWORK = parse("600/minute")
LINGER, MOST_LINGERING = 2.0, 500
"""Seconds before somebody who asks too often is told so, and how many may wait for that at once."""

_REFUSALS = {
    400: "Your browser holds two cookies of one name, so nobody knows whose form this is. "
    "Please delete the cookies of this site and load the page again.\n",
    403: "Refused.\n",
    404: "Not found.\n",
    405: "Not allowed.\n",
    429: "Too many requests. Please wait a minute.\n",
}
_KINDS: Mapping[int, Kind] = {400: "cookies", 403: "embedded", 404: "address", 405: "address", 429: "page"}


class Front:
    """ASGI middleware. page: what every page is before any script runs; cookies: who a request comes from; refused: is
    told each refusal's kind and network."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Routes,
        cookies: Cookies,
        page: str,
        most_sockets: int | None = None,
        refused: Callable[[Kind, str], None] = lambda kind, network: None,
        proofs: Proofs | None = None,
    ) -> None:
        self._refused, self._proofs = refused, proofs
        self.app, self.routes, self.cookies = app, routes, cookies
        self.files = Files(streamlit_static() / "static")
        self.sockets = Sockets(most_sockets, partial(refused, "message"))
        self._limiter, self._lingering = MovingWindowRateLimiter(MemoryStorage()), 0
        self._page, self._page_compressed = page.encode(), gzip.compress(page.encode(), 9, mtime=0)
        self._headers = [
            (b"content-security-policy", content_security_policy(page).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"no-referrer"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is known, with the browser's identity; refuse the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(b"x-app-")]
        browser = self.cookies.browser(scope)
        scope = {**scope, "headers": headers, "browser": browser}
        await (self._http if scope["type"] == "http" else self._websocket)(scope, receive, send)

    # ------------------------------------------------------------ sockets

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        browser: Browser = scope["browser"]
        allowed = browser.token and scope["path"] == STREAM and same_origin(scope["headers"])
        if not allowed or not self._may_open(browser):
            self._refused("socket", browser.network)
            await self._linger()
            await send({"type": "websocket.close", "code": 1008})
            return
        with self.sockets.opened(browser.network, receive, send, partial(turns.waits, browser.visitor)) as socket:
            if socket is None:
                self._refused("socket", browser.network)
                await send({"type": "websocket.close", "code": 1013})
                return
            proven = [(b"x-app-visitor", browser.visitor.encode()), (b"x-app-draft", browser.draft_key.encode())]
            if self.routes.staff:
                proven.append((b"x-app-staff", browser.staff_session.encode()))
            await self.app({**scope, "headers": [*scope["headers"], *proven]}, socket.receive, send)

    def _may_open(self, browser: Browser) -> bool:
        own = self._hit(SOCKETS_OF_COOKIE, "socket", browser.token)
        return own and (browser.settled or self._hit(SOCKETS_OF_NEW, "socket", browser.network))

    # ------------------------------------------------------------ pages

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, browser = scope["path"], scope["browser"]
        file = path in self.files and scope["method"] in ("GET", "HEAD")
        if file and self._hit(FILES_OF_NETWORK, "file", browser.network):
            found, body = await run_in_threadpool(self.files.read, path, _accepted(scope))
            await self._answer(scope, send, 200, found, body)
            return
        address = self.routes.find(path)
        if address is PROOF and self._proofs and scope["method"] == "POST":
            await self._prove(self._proofs, scope, receive, send)
            return
        if refusal := self._refusal(address, scope, browser):
            self._refused(_KINDS[refusal], browser.network)
            if refusal == 429:
                await self._linger()
                if address and address.page and not browser.token and self._proofs:
                    await self._ask_for_proof(self._proofs, address, scope, send)
                    return
            words = [(b"content-type", b"text/plain; charset=utf-8")]
            await self._answer(scope, send, refusal, words, _REFUSALS[refusal].encode())
            return
        assert address is not None
        fresh = address.page and not browser.token
        if fresh:  # the page itself must know whom its form is for
            value = self.cookies.fresh()
            scope["browser"] = browser = self.cookies.given(browser, value)
            send = _with(send, self.cookies.set(browser, VISITOR, value))
        if address.page and address.side == "everybody":
            compress = b"gzip" in _accepted(scope)
            coding = [(b"content-encoding", b"gzip")] if compress else []
            found = [(b"content-type", b"text/html; charset=utf-8"), (b"vary", b"accept-encoding"), *coding]
            await self._answer(scope, send, 200, found, self._page_compressed if compress else self._page)
            return
        await self.app(scope, receive, self._strict(send, address))

    async def _ask_for_proof(self, proofs: Proofs, address: Address, scope: Scope, send: Send) -> None:
        browser, kind = scope["browser"], "staff" if address.side == "staff" else "page"
        reset = self._limiter.get_window_stats(PAGES_OF_NEW, kind, browser.network).reset_time
        seconds = max(1, int(reset - time.time()) + 1)
        body = proofs.page(browser.network, scope["path"], seconds).encode()
        found = [(b"content-type", b"text/html; charset=utf-8"), (b"retry-after", str(seconds).encode())]
        await self._answer(scope, send, 429, [*found, (b"content-security-policy", PROOF_POLICY.encode())], body)

    async def _prove(self, proofs: Proofs, scope: Scope, receive: Receive, send: Send) -> None:
        browser, body = scope["browser"], b""
        while len(body) <= LARGEST:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        challenge, answer, to = answered(body)
        allowed = same_origin(scope["headers"]) and self._hit(PROOFS_OF_NETWORK, "proof", browser.network)
        if not allowed or len(body) > LARGEST or not proofs.passed(challenge, answer, browser.network):
            self._refused("proof", browser.network)
            await self._answer(scope, send, 403, [(b"content-type", b"text/plain")], _REFUSALS[403].encode())
            return
        address = self.routes.find(to)
        place = to if address and address.page else "/"
        value = self.cookies.fresh(settled=True)
        found = [(b"location", place.encode()), (b"set-cookie", self.cookies.set(browser, VISITOR, value))]
        await self._answer(scope, send, 303, found, b"")

    def _refusal(self, address: Address | None, scope: Scope, browser: Browser) -> int:
        """The status of a refusal; 0 where there is none."""
        if embedded_elsewhere(scope["headers"]):
            return 403
        if not self._may_read(address, browser):
            return 429
        if address is None:
            return 404
        if scope["method"] not in address.methods:
            return 405
        return 400 if browser.twice else 0

    async def _linger(self) -> None:
        """Keep whoever asks too often for a moment: answered at once, they would ask again at once."""
        if self._lingering < MOST_LINGERING:
            self._lingering += 1
            try:
                await asyncio.sleep(LINGER)
            finally:
                self._lingering -= 1

    def _may_read(self, address: Address | None, browser: Browser) -> bool:
        kind = "staff" if address and address.side == "staff" else "page"
        if browser.known and kind == "staff":  # a colleague's browser is never shut out by strangers
            return self._hit(PAGES_OF_COOKIE, "known", browser.known)
        if browser.token:
            own = self._hit(PAGES_OF_COOKIE, kind, browser.token)
            return own and self._hit(PAGES_OF_NETWORK, kind, browser.network)
        return self._hit(PAGES_OF_NEW, kind, browser.network)

    def _hit(self, limit: RateLimitItem, *key: str) -> bool:
        return self._limiter.hit(limit, *key)

    def _strict(self, send: Send, address: Address) -> Send:
        """Our headers on what the app answers, in place of its own."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = self._headers
                if address.side == "staff":  # under no-referrer a browser hides the origin of its forms
                    ours = [(name, b"same-origin" if name == b"referrer-policy" else value) for name, value in ours]
                names = {name for name, _ in ours}
                theirs = [(name, value) for name, value in message.get("headers", []) if name.lower() not in names]
                message = {**message, "headers": [*theirs, *ours]}
            await send(message)

        return sending

    async def _answer(self, scope: Scope, send: Send, status: int, found: Headers, body: bytes) -> None:
        names = {name for name, _ in found}
        ours = [(name, value) for name, value in self._headers if name not in names]
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*found, *ours, length]})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _accepted(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name.lower() == b"accept-encoding"), b"")


def _with(send: Send, cookie: bytes) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", cookie)]}
        await send(message)

    return sending
