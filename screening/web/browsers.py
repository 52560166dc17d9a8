"""Who a request comes from: the cookies that this server gave to a browser, and the network that it calls from.

A cookie counts only with our mark, an HMAC of the server, so that nobody can put one of their own choice into somebody
else's browser. Over https its name begins with `__Host-`: no other site, program or port can set it at all. A request
that holds two of the same name is nobody's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from starlette.types import Scope

from screening.records.accounts.attempts import network

VISITOR, STAFF, KNOWN, LEFT = "visitor", "staff", "known", "left"
"""Of a browser; of a sign-in; of the accounts that signed in there before; of a way to the identity service."""

SETTLED = 120
"""Seconds after which a cookie says that somebody is really here."""

_MARKED = re.compile(r"([\w.-]{22,2000})\.([\w-]{32})")
_VISITOR = re.compile(r"([\w-]{43})\.([0-9a-f]{8})")

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Browser:
    """Who a request comes from; empty words where its cookies say nothing.

    network: the address, of IPv6 the first 64 bits. token, staff: 256 random bits each. since: when the token was
    given, in seconds since 1970. twice: whether it holds two cookies of one name, and so is nobody.
    """

    network: str
    https: bool
    token: str = field(default="", repr=False)
    since: int = 0
    staff: str = field(default="", repr=False)
    known: str = field(default="", repr=False)
    left: str = field(default="", repr=False)
    twice: bool = False

    @property
    def visitor(self) -> str:
        """The visitor as Streamlit and tickets are told them; empty without a cookie."""
        return hashlib.sha256(self.token.encode()).hexdigest() if self.token else ""

    @property
    def staff_session(self) -> str:
        """The id of the staff session that the cookie claims; whether it is good: `Accounts.session`."""
        return hashlib.sha256(self.staff.encode()).hexdigest() if self.staff else ""

    @property
    def draft_key(self) -> str:
        """What opens the drafts of this browser, as 64 hexadecimal digits: made from its cookie, stored nowhere."""
        return hmac.digest(self.token.encode(), b"draft key", "sha256").hex()

    @property
    def settled(self) -> bool:
        """Whether it was given its cookie some time ago."""
        return bool(self.token) and time.time() - self.since > SETTLED


class Cookies:
    """Makes and reads the cookies. key: 32 bytes, the same in every process of a clinic."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def browser(self, scope: Scope) -> Browser:
        """Who a request comes from."""
        https = scope.get("scheme") in ("https", "wss")
        client = scope.get("client")
        found: dict[str, list[str]] = {name: [] for name in (VISITOR, STAFF, KNOWN, LEFT)}
        pairs = [
            pair.strip().partition("=")  # by hand: one odd cookie of another app must not hide ours
            for header, value in scope["headers"]
            if header.lower() == b"cookie"
            for pair in value.decode("latin-1").split(";")
        ]
        for name, values in found.items():
            values += [text for full, _, text in pairs if full == _prefix(https) + name]
        where = network(str(client[0]) if client else "")
        if any(len(values) > 1 for values in found.values()):
            return Browser(where, https, twice=True)
        one = {name: self._unmarked(name, values[0]) if values else "" for name, values in found.items()}
        given = _VISITOR.fullmatch(one[VISITOR])
        token, since = (given[1], int(given[2], 16)) if given else ("", 0)
        return Browser(where, https, token, since, one[STAFF], one[KNOWN], one[LEFT])

    def given(self, browser: Browser, value: str) -> Browser:
        """The browser as it is once it has been given a value of `fresh`."""
        token, since = value.split(".")[:2]
        return replace(browser, token=token, since=int(since, 16))

    def fresh(self, settled: bool = False) -> str:
        """A new visitor, as the cookie's value. settled: somebody who has shown that they are really here."""
        since = int(time.time()) - (SETTLED + 1 if settled else 0)
        return self.marked(VISITOR, f"{secrets.token_urlsafe(32)}.{since:08x}")

    def marked(self, name: str, value: str) -> str:
        """A value with our mark."""
        return f"{value}.{self._mark(name, value)}"

    def set(self, browser: Browser, name: str, value: str, more: str = "") -> bytes:
        """A `Set-Cookie` that no script can read, with our mark; without a value, one that takes the cookie away."""
        kept = value if name == VISITOR or not value else self.marked(name, value)
        secure, gone = "; Secure" if browser.https else "", "" if value else "; Max-Age=0"
        return f"{_prefix(browser.https)}{name}={kept}; Path=/; HttpOnly; SameSite=Lax{secure}{gone}{more}".encode()

    def _unmarked(self, name: str, kept: str) -> str:
        form = _MARKED.fullmatch(kept)
        return form[1] if form and hmac.compare_digest(form[2], self._mark(name, form[1])) else ""

    def _mark(self, name: str, value: str) -> str:
        return hmac.digest(self._key, f"{name}|{value}".encode(), "sha256").hex()[:32]


def _prefix(https: bool) -> str:
    return "__Host-" if https else ""


def same_origin(headers: Headers) -> bool:
    """Whether a socket or a form comes from a page of this host. A missing Origin is refused: only scripts leave it
    out."""
    found = {name.lower(): value for name, value in headers if name.lower() in (b"origin", b"host")}
    scheme, _, place = found.get(b"origin", b"").partition(b"://")
    return bool(place) and place == found.get(b"host") and scheme in (b"http", b"https")


def embedded_elsewhere(headers: Headers) -> bool:
    """Whether another site's page asks for something of ours, such as an image, instead of somebody who follows a
    link."""
    found = {name.lower(): value for name, value in headers if name.lower().startswith(b"sec-fetch-")}
    ours = found.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin")
    return not ours and (found.get(b"sec-fetch-mode"), found.get(b"sec-fetch-dest")) != (b"navigate", b"document")
