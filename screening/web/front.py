"""What stands before Streamlit: closed routes, strict headers, and who the browser is.

Every browser gets an HttpOnly cookie of 256 random bits. Its hash goes to Streamlit as a trusted header, which binds
the
session to the cookie: a stolen session id alone opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Any

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE, STAFF = "visitor", "staff"
_LONGEST_PATH = 200

# Buckets: generous for a waiting room behind one address, far too small for a flood. Static files are not counted.
PAGES_OF_ONE = parse("300/minute")
SOCKETS_OF_ONE = parse("120/minute")
SOCKETS_OF_ALL = parse("3000/minute")

# Everything that Streamlit serves and the form needs. What is not here answers 404: media, uploads, metrics, agents.
_STREAMLIT = re.compile(r"/_stcore/(health|host-config|stream)\Z|/static/(?!.*\.\.)[\w./@-]+\Z|/favicon\.png\Z")
_OWN = re.compile(r"/(ready|take/[\w-]{43})\Z")
_STAFF_OWN = re.compile(r"/(sign-in(/oidc|/callback|/new/[\w-]{43})?|sign-out)\Z")
_POSTED = re.compile(r"/(sign-in(/new/[\w-]{43})?|sign-out)\Z")


def content_security_policy(index: str) -> str:
    """The policy for Streamlit's own page: its inline scripts by hash, everything else from here only."""
    scripts = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    return (
        f"default-src 'self'; script-src 'self' blob: {hashes}; style-src 'self' 'unsafe-inline'; img-src "
        f"'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action "
        "'self'; frame-ancestors 'none'"
    )


class Front:
    """ASGI middleware. `pages`: the addresses of the app's own pages, such as {"", "pain"}. `staff`: whether staff sign
    in here."""

    def __init__(self, app: ASGIApp, pages: frozenset[str], staff: bool = False) -> None:
        import streamlit

        index = Path(streamlit.__file__).parent / "static" / "index.html"
        self.app = app
        self.pages, self.staff = pages, staff
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.headers = [
            (b"content-security-policy", content_security_policy(index.read_text("utf-8")).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"no-referrer"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is known, with the browser's identity; refuse the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(b"x-app-")]
        token = cookie_of(headers, COOKIE)
        if scope["type"] == "websocket":
            if (
                not token
                or not same_origin(headers)
                or scope["path"] != "/_stcore/stream"
                or not self._room_for_socket(scope)
            ):
                await send({"type": "websocket.close", "code": 1008})
                return
            proven = [(b"x-app-visitor", visitor_of(headers).encode()), (b"x-app-draft", draft_key(token).encode())]
            if self.staff:
                proven.append((b"x-app-staff", staff_of(headers).encode()))
            await self.app({**scope, "headers": [*headers, *proven]}, receive, send)
            return
        path = scope["path"]
        page = path.strip("/") in self.pages
        ours = self.staff and bool(_STAFF_OWN.match(path))
        known = len(path) <= _LONGEST_PATH and (page or ours or _STREAMLIT.match(path) or _OWN.match(path))
        if not known or scope["method"] not in _methods(path, ours):
            await self._refuse(send, 404 if not known else 405)
            return
        if not path.startswith("/static/") and not self.limiter.hit(PAGES_OF_ONE, "page", address_of(scope)):
            await self._refuse(send, 429)
            return
        fresh = secrets.token_urlsafe(32) if (page or ours) and not token else ""
        if fresh:  # the page itself must know whom its form is for
            headers.append((b"cookie", f"{COOKIE}={fresh}".encode()))
        await self.app({**scope, "headers": headers}, receive, self._adding(send, path, fresh, scope))

    def _adding(self, send: Send, path: str, fresh: str, scope: Scope) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self.headers} | {b"cache-control"}
                found = [(name, value) for name, value in message.get("headers", []) if name.lower() not in ours]
                lasting = path.startswith("/static/") and message["status"] == 200
                kept = b"public, max-age=31536000, immutable" if lasting else b"no-store"
                found += [*self.headers, (b"cache-control", kept)]
                if self.staff and _STAFF_OWN.match(
                    path
                ):  # under no-referrer a browser hides the origin of its forms, see `same_origin`
                    found = [(name, b"same-origin" if name == b"referrer-policy" else value) for name, value in found]
                if fresh:
                    found.append((b"set-cookie", set_cookie(COOKIE, fresh, scope).encode()))
                message = {**message, "headers": found}
            await send(message)

        return sending

    async def _refuse(self, send: Send, status: int) -> None:
        headers = [*self.headers, (b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": _REFUSALS[status]})

    def _room_for_socket(self, scope: Scope) -> bool:
        return self.limiter.hit(SOCKETS_OF_ONE, "socket", address_of(scope)) and self.limiter.hit(
            SOCKETS_OF_ALL, "socket"
        )


_REFUSALS = {404: b"Not found.\n", 405: b"Not allowed.\n", 429: b"Too many requests. Please wait a minute.\n"}


def draft_key(token: str) -> str:
    """What opens the drafts of a browser, as 64 hexadecimal digits: made from its cookie, and stored nowhere."""
    return hmac.digest(token.encode(), b"draft key", "sha256").hex()


def visitor_of(headers: list[tuple[bytes, bytes]]) -> str:
    """The visitor that a request's cookie proves, as Streamlit is told it; empty without one."""
    token = cookie_of(headers, COOKIE)
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def staff_of(headers: list[tuple[bytes, bytes]]) -> str:
    """The id of the staff session that a request's cookie claims; empty without one. Whether it is good:
    `Accounts.session`."""
    token = cookie_of(headers, STAFF)
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def cookie_of(headers: list[tuple[bytes, bytes]], name: str, form: bytes = rb"[\w-]{43}") -> str:
    """The value of one of our cookies; empty if it is missing or not of its form."""
    ours = re.compile(re.escape(name).encode() + rb"=(" + form + rb")")
    for header, value in headers:
        if header.lower() == b"cookie":
            for pair in value.split(b";"):  # by hand: one odd cookie of another app must not hide ours
                if found := ours.fullmatch(pair.strip()):
                    return found.group(1).decode()
    return ""


def set_cookie(name: str, value: str, scope: Scope, more: str = "") -> str:
    """A cookie that no script can read; Secure where the browser came by https."""
    secure = "; Secure" if _https(scope) else ""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"


def _methods(path: str, ours: bool) -> tuple[str, ...]:
    # A look ahead (HEAD) must not use up a ticket.
    if path.startswith("/take/"):
        return ("GET",)
    if ours:
        return ("GET", "POST") if _POSTED.match(path) else ("GET",)
    return ("GET", "HEAD")


def same_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a websocket or a form comes from a page of this host. A missing Origin is refused: only scripts leave it
    out."""
    found: dict[bytes, Any] = {name.lower(): value for name, value in headers if name.lower() in (b"origin", b"host")}
    origin, host = found.get(b"origin", b""), found.get(b"host", b"")
    return bool(host) and origin.split(b"://")[-1] == host and origin.split(b"://")[0] in (b"http", b"https")


def _https(scope: Scope) -> bool:
    forwarded = dict(scope["headers"]).get(b"x-forwarded-proto", b"")
    return bool(scope.get("scheme") == "https" or forwarded == b"https")


def address_of(scope: Scope) -> str:
    """The address a request comes from; empty if unknown."""
    client = scope.get("client")
    return str(client[0]) if client else ""
